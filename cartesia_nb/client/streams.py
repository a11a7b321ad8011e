"""Speech that arrives bit by bit."""

from __future__ import annotations

import base64
import binascii
import json
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Self

from cartesia_nb.client.resource import Resource
from cartesia_nb.wire.errors import BadAnswer, CartesiaError, IncompleteBody, api_error
from cartesia_nb.wire.failures import NOT_AGAIN

if TYPE_CHECKING:
    from cartesia_nb.record.kept_stream import StoredStream
    from cartesia_nb.speech.speech import Speech
    from cartesia_nb.wire.streams import Stream

Times = list[tuple[str, float, float]]


@dataclass(frozen=True)
class Chunk:
    """The next piece of the audio: bytes, in the format that was asked for.

    A piece may end inside a sample. `step_time` is the server's time for it, in ms.
    """

    data: bytes = field(repr=False)
    step_time: float | None = None
    type: ClassVar[str] = "chunk"


@dataclass(frozen=True)
class Timestamps:
    """When words are said: (word, start, end), in seconds from the beginning of the speech."""

    words: Times
    type: ClassVar[str] = "timestamps"


@dataclass(frozen=True)
class PhonemeTimestamps:
    """When phonemes are said: (phoneme, start, end), in seconds from the beginning of the speech."""

    phonemes: Times
    type: ClassVar[str] = "phoneme_timestamps"


@dataclass(frozen=True)
class Done:
    """The end of the stream: all has come."""

    type: ClassVar[str] = "done"


#: A Resource is a message that this release does not know.
Event = Chunk | Timestamps | PhonemeTimestamps | Done | Resource


class SpeechStream:
    """The events of a stream, as they arrive; or all of them at once, as a `Speech`.

    Going through it yields `Chunk`, `Timestamps`, `PhonemeTimestamps` and, at the end, `Done`. `collect`
    returns the whole as a `Speech`, also after some or all of the events were taken. As a context
    manager, it gives the connection up at the end.

    Attributes
    ----------
    seconds_to_first_chunk : float or None
        From sending the request first to taking the first audio; None before that. It is the server's
        latency for whoever takes the events at once.
    """

    def __init__(self, stream: Stream | StoredStream, finish: Callable[[SpeechStream], Speech]) -> None:
        self._stream, self._finish = stream, finish
        self._chunks: list[bytes] = []
        self.timed_words: Times = []
        self.timed_phonemes: Times = []
        self.seconds_to_first_chunk: float | None = None
        self._events = self._read()
        self._done = False
        self._failure: CartesiaError | None = None
        # Threads may share a stream: one takes events while another closes it.
        self._lock = threading.RLock()
        self._speech: Speech | None = None

    def __iter__(self) -> Iterator[Event]:
        return self

    def __next__(self) -> Event:
        with self._lock:
            return next(self._events)

    def collect(self) -> Speech:
        """Wait for the rest, and return all of it.

        Raises
        ------
        APIError
            If the stream ended with an error.
        IncompleteBody, DeadlineExceeded, BadAnswer
            If it broke off. What had come is the error's ``partial``.
        """
        with self._lock:
            if self._speech is None:
                for _ in self._events:
                    pass
                # Without an error, too: an interrupt may have ended the events.
                if not self._done:
                    raise self._failure or self._unfinished()
                self._speech = self._finish(self)
            return self._speech

    @property
    def data(self) -> bytes:
        """The audio that has come so far."""
        return b"".join(self._chunks)

    @property
    def timing(self) -> dict[str, Times]:
        """The words and phonemes that have come so far."""
        return {"words": self.timed_words, "phonemes": self.timed_phonemes}

    @property
    def received(self) -> Stream | StoredStream:
        """The answer below: its headers, tries and time."""
        return self._stream

    def close(self) -> None:
        """Give the connection up, also while another thread waits for it; what was not taken is lost."""
        self._stream.hang_up()
        with self._lock:
            self._events.close()
            self._stream.close()

    def _unfinished(self) -> IncompleteBody:
        return IncompleteBody("the stream was closed before its end.", partial=self.data)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self) -> Generator[Event, None, None]:
        try:
            for message in self._stream.messages():
                event = read_event(message)
                self._keep(event)
                # Without any audio it is no answer to keep.
                if self._done and self._chunks:
                    self._stream.finish()
                yield event
                if self._done:
                    return
            raise IncompleteBody(f"the stream ended without saying that it is done.{NOT_AGAIN}")
        except CartesiaError as error:
            error.hide(self._stream.hide)
            error.partial = self.data
            self._failure = error
            raise
        finally:
            self._stream.close()

    def _keep(self, event: Event) -> None:
        if isinstance(event, Chunk):
            if self.seconds_to_first_chunk is None:
                self.seconds_to_first_chunk = round(self._stream.seconds, 3)
            self._chunks.append(event.data)
        elif isinstance(event, Timestamps):
            self.timed_words += event.words
        elif isinstance(event, PhonemeTimestamps):
            self.timed_phonemes += event.phonemes
        elif isinstance(event, Done):
            self._done = True


def read_event(message: Mapping[str, Any]) -> Event:
    """Read one message of a stream.

    Raises
    ------
    APIError
        If it is an error.
    BadAnswer
        If it cannot be read.
    """
    match _kind(message):
        case "chunk":
            return Chunk(_audio(message.get("data")), message.get("step_time"))
        case "timestamps":
            return Timestamps(_times(message, "word_timestamps", "words"))
        case "phoneme_timestamps":
            return PhonemeTimestamps(_times(message, "phoneme_timestamps", "phonemes"))
        case "done":
            return Done()
        case "error":
            status = message.get("status_code")
            raise api_error(status if isinstance(status, int) else 500, json.dumps(message))
    return Resource("Event", message)


def _kind(message: Mapping[str, Any]) -> str:
    """Return the type of a message; those of the voice changer do not always say."""
    if isinstance(message.get("type"), str):
        return str(message["type"])
    if message.get("error") or message.get("error_code"):
        return "error"
    if "data" in message:
        return "chunk"
    return "done" if message.get("done") is True else "unknown"


def _audio(data: Any) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise BadAnswer("the stream has a piece of audio that cannot be decoded.") from None


def _times(message: Mapping[str, Any], name: str, kind: str) -> Times:
    times = message.get(name)
    try:
        columns = [times[column] for column in (kind, "start", "end")]  # type: ignore[index]
        return [(str(text), float(start), float(end)) for text, start, end in zip(*columns, strict=True)]
    except (TypeError, ValueError, KeyError):
        raise BadAnswer(f"the stream has {name} that cannot be read.") from None
