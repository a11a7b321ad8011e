"""Streams: written down while they come, and played back as they came."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from cartesia_nb.record.store import Kept
from cartesia_nb.wire.events import EventReader
from cartesia_nb.wire.exchange import Answer
from cartesia_nb.wire.masks import hide_keys

if TYPE_CHECKING:
    from cartesia_nb.wire.streams import Stream

Blocks = list[tuple[float, int]]


class Writing:
    """Hears of a stream what comes, and hands it on when all has come.

    Parameters
    ----------
    keep : callable
        Takes the answer, and its blocks: when each came, in seconds, and how many bytes it had.
    """

    def __init__(self, keep: Callable[[Answer, Blocks], None]) -> None:
        self._keep = keep
        self._data: list[bytes] = []
        self._blocks: Blocks = []

    def block(self, seconds: float, data: bytes) -> None:
        """Hear of a block."""
        self._data.append(data)
        self._blocks.append((seconds, len(data)))

    def end(self, stream: Stream) -> None:
        """Hear that all has come."""
        body, seconds = b"".join(self._data), stream.seconds
        answer = Answer(200, stream.headers, body, stream.attempts, seconds, made_at=stream.made_at)
        self._keep(answer, self._blocks)


class StoredStream:
    """A stream that was kept: its messages come as they came, no earlier.

    It is what `wire.streams.Stream` is, for whoever takes messages from it.
    """

    stored = True

    def __init__(self, kept: Kept) -> None:
        entry = kept.entry
        self.headers: Mapping[str, str] = entry.headers
        self.attempts, self.made_at = entry.attempts, entry.made_at
        self.hide = hide_keys
        self.seconds = 0.0
        self._blocks, self._body = entry.blocks or [(entry.seconds, len(kept.body))], kept.body
        self._closed = threading.Event()

    def messages(self) -> Iterator[dict[str, Any]]:
        """Yield the messages."""
        reader, begun, at = EventReader(), time.monotonic(), 0
        for seconds, size in self._blocks:
            if self._closed.wait(max(0.0, begun + seconds - time.monotonic())):
                return
            self.seconds = seconds
            yield from reader.feed(self._body[at : at + size])
            at += size

    def finish(self) -> None:
        """Take the end: there is none left."""

    def hang_up(self) -> None:
        """Let no more come, also while another thread waits for it."""
        self._closed.set()

    def close(self) -> None:
        """Let no more come."""
        self._closed.set()
