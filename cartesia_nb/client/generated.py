"""What came back, with all that is needed to make it again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from cartesia_nb._version import __version__
from cartesia_nb.wire.exchange import REQUEST_ID, Answer, backend_of
from cartesia_nb.wire.formats import OutputFormat

if TYPE_CHECKING:
    from cartesia_nb.speech.speech import Speech


class Received(Protocol):
    """An answer, or a stream that has ended."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Of the response; names in any case."""
        ...

    @property
    def attempts(self) -> int:
        """How many times the request was sent."""
        ...

    @property
    def made_at(self) -> str:
        """When it came: an ISO 8601 time in UTC."""
        ...

    @property
    def stored(self) -> bool:
        """Whether it was kept before, and nothing was sent."""
        ...

    @property
    def seconds(self) -> float:
        """From the first sending to the last byte."""
        ...


class Asked(NamedTuple):
    """A request as it is remembered: what was called, in which version, with what."""

    method: str
    version: str
    request: Mapping[str, Any]


def provenance_of(asked: Asked, received: Received, **facts: Any) -> dict[str, Any]:
    """Return how something was made; `facts` are what else is known of it."""
    return {
        **asked._asdict(),
        **facts,
        "backend": backend_of(received.headers),
        "made_at": received.made_at,
        "made_with": f"cartesia_nb {__version__}",
        "request_id": received.headers.get(REQUEST_ID),
        "attempts": received.attempts,
        "seconds": round(received.seconds, 3),
        "stored": received.stored,
    }


def whole_audio(written: OutputFormat) -> Callable[[Answer], None]:
    """Return a check that an answer is audio of a format, whole: what is not is no answer to keep."""

    def check(answer: Answer) -> None:
        from cartesia_nb.speech.codecs import check_whole  # imports soundfile

        check_whole(answer.body, written)

    return check


def speech_of(data: bytes, written: OutputFormat, made: Mapping[str, Any], **said: Any) -> Speech:
    """Return audio that came as a Speech; `said` is its transcript and timing.

    Raises
    ------
    BadAnswer
        If it is cut off, empty, or no such audio.
    """
    from cartesia_nb.speech.codecs import check_whole  # imports soundfile
    from cartesia_nb.speech.speech import Speech

    check_whole(data, written)
    provenance = {**made, "audio_sha256": hashlib.sha256(data).hexdigest()}
    return Speech(data, written, provenance=provenance, **said)
