"""An answer that comes bit by bit: a stream of JSON messages."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any, Protocol

from urllib3.exceptions import HTTPError, ReadTimeoutError

from cartesia_nb.wire.call import BLOCK, Begun, masked_headers
from cartesia_nb.wire.connection import READ_TIMEOUT
from cartesia_nb.wire.errors import CartesiaError, DeadlineExceeded, IncompleteBody
from cartesia_nb.wire.events import EventReader
from cartesia_nb.wire.exchange import now
from cartesia_nb.wire.failures import NOT_AGAIN, too_late

#: Seconds that the end of a body may take, after its last message.
LAST_BYTES = 0.2


class Tap(Protocol):
    """Who hears of a stream what comes, as it comes."""

    def block(self, seconds: float, data: bytes) -> None:
        """Hear of a block, and when it came: seconds since the request was sent first."""

    def end(self, stream: Stream) -> None:
        """Hear that all has come."""


class Stream:
    """The messages of an answer, as they arrive.

    Attributes
    ----------
    headers : mapping
        Of the response; no key in their values.
    attempts : int
        How many times the request was sent.
    hide : callable
        Masks the key in a text.
    made_at : str
        When it began: an ISO 8601 time in UTC.
    seconds : float
        When the last block came: how long after the request was sent first.
    """

    stored = False

    def __init__(
        self, begun: Begun, hide: Callable[[str], str], resources: ExitStack, tap: Tap | None = None
    ) -> None:
        self._resources, self._tap = resources, tap
        self._response, self._call = begun
        self.hide = hide
        self._resources.callback(self._response.close)
        self.headers: Mapping[str, str] = masked_headers(self._response, hide)
        self.attempts, self.made_at = self._call.attempts, now()
        self.seconds = 0.0

    def messages(self) -> Iterator[dict[str, Any]]:
        """Yield the messages, to the end of the body.

        Raises
        ------
        IncompleteBody
            The connection broke, or the body ended inside a message.
        DeadlineExceeded
            The call's time was up, or the server was silent for a minute.
        BadAnswer
            Something is not a message.
        """
        reader = EventReader()
        try:
            for block in self._blocks():
                yield from reader.feed(block)
            if reader.inside:
                raise IncompleteBody(f"the stream ended inside a message.{NOT_AGAIN}")
        except CartesiaError as error:
            error.hide(self.hide)
            raise
        finally:
            self.close()

    def _blocks(self) -> Iterator[bytes]:
        while True:
            try:
                block = self._response.raw.read1(BLOCK, decode_content=True)
            except (HTTPError, OSError, ValueError) as error:
                broken: Exception = error
                break
            if not block:
                self._call.deadline.watch(None)
                if self._call.deadline.passed:
                    raise self._too_late()
                return
            self.seconds = round(time.monotonic() - self._call.started, 4)
            if self._tap:
                self._tap.block(self.seconds, block)
            yield block
        if self._call.deadline.passed:
            raise self._too_late()
        if isinstance(broken, ReadTimeoutError):
            raise DeadlineExceeded(f"{self._call.host} was silent for {READ_TIMEOUT:g} s.{NOT_AGAIN}")
        raise IncompleteBody(f"the stream of {self._call.host} broke off.{NOT_AGAIN}")

    def _too_late(self) -> CartesiaError:
        return too_late(self._call.host, self._call.options.timeout, changes=self._call.request.changes)

    def finish(self) -> None:
        """Take the end of the body, which follows at once, so that the connection serves the next call.

        To be called when the last message has come.
        """
        if self._tap:
            self._tap.end(self)
        self._call.deadline.shorten(LAST_BYTES)
        try:
            while self._response.raw.read1(BLOCK, decode_content=True):
                pass
            self._call.deadline.watch(None)
        except (HTTPError, OSError, ValueError):  # then the next call makes a connection of its own
            self.close()

    def hang_up(self) -> None:
        """Let a thread that waits for the next message go on: for it, the stream has broken off."""
        self._call.deadline.hang_up()

    def close(self) -> None:
        """Give the connection up; more than once does no harm, but no other thread may be reading."""
        self._resources.close()

    def __del__(self) -> None:
        self.close()
