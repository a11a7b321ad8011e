"""Previews of voices: recordings that the API has ready, each at an address that its voice tells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cartesia_nb.client.generated import Asked, provenance_of, speech_of
from cartesia_nb.client.transport import Transport
from cartesia_nb.wire.errors import BadAnswer
from cartesia_nb.wire.exchange import Request
from cartesia_nb.wire.formats import OutputFormat

if TYPE_CHECKING:
    from cartesia_nb.speech.speech import Speech

METHOD = "voices.preview"
#: The field of a voice that tells the address; it has to be asked for.
ADDRESS = "preview_file_url"

#: Cartesia keeps its files on another host than its API: the key for one is the key for both.
CARTESIA = re.compile(r"https://([a-z0-9-]+\.)*cartesia\.ai")
OWN_PORTS = {"https": ":443", "http": ":80"}
LONGEST_SHOWN = 100


def preview_of(transport: Transport, voice: Mapping[str, Any], version: str) -> Speech | None:
    """Fetch the preview of a voice, as the API told of it; None if it has none.

    Raises
    ------
    BadAnswer
        If it lies where the API key must not go: nothing is sent there.
    """
    address = voice.get(ADDRESS)
    if address is None:
        return None
    if transport.record.replays:  # nothing is sent, and no server is where the address leads
        there, path = transport, ""
    else:
        origin, path = _place(transport, address)
        there = transport.with_options(base_url=origin)
    known_by = {"id": voice.get("id")}
    answer = there.send(Request(METHOD, "GET", path, version, audio=True, known_by=known_by))
    about = {"voice_id": voice.get("id"), "voice_name": voice.get("name")}
    made = provenance_of(Asked(METHOD, version, {"id": voice.get("id")}), answer, **about)
    # The API does not say what kind of file it is.
    container = "wav" if answer.body.startswith(b"RIFF") else "mp3"
    return speech_of(answer.body, OutputFormat(container), made)


def _place(transport: Transport, address: Any) -> tuple[str, str]:
    """Return the origin and the path of an address from an answer, if the key may go there."""
    here = _origin(transport.options.base_url)
    try:
        there, parts = _origin(address), urlsplit(address)
    except (ValueError, TypeError, AttributeError):
        raise BadAnswer("the voice has an address of its preview that cannot be read.") from None
    if there != here and not (CARTESIA.fullmatch(here) and CARTESIA.fullmatch(there)):
        raise _elsewhere(transport, f"{parts.scheme}://{parts.netloc}")
    return there, parts.path + (f"?{parts.query}" if parts.query else "")


def _origin(address: str) -> str:
    """Return all that stands before the path: two texts that are the same lead to the same place.

    A user's name is a part of it, so that no address with one is like another.
    """
    parts = urlsplit(address)
    if not parts.netloc:
        raise ValueError(address)
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(OWN_PORTS.get(parts.scheme, ''))}"


def _elsewhere(transport: Transport, place: str) -> BadAnswer:
    """Return the error for a place, in the letters that it came in: a mask finds a key in no others."""
    error = BadAnswer(
        f"the preview lies at {place[:LONGEST_SHOWN]!r}, where the key for {transport.options.base_url} "
        "must not go.",
        advice="Nothing was sent there.",
    )
    key = transport.key()
    if key is not None:
        error.hide(key.hide_in)
    return error
