"""Hearing voices: their previews, and what they say, each paid for once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cartesia_nb.client.client import connect
from cartesia_nb.client.defaults import default
from cartesia_nb.frames import TIME, Schema, frame
from cartesia_nb.speech.playable import Playable
from cartesia_nb.speech.speech import Speech
from cartesia_nb.widgets.code_line import Code, call_line, written
from cartesia_nb.widgets.explorer.voice_table import Voice
from cartesia_nb.wire.catalog import DEFAULTS
from cartesia_nb.wire.errors import CartesiaError, InputError

HEARD: Schema = {"time": TIME, "voice": "string", "name": "string", "text": "string", "speech": "object"}

#: What `tts.bytes` calls a setting, and what it is where nothing is said.
ARGUMENTS = {
    "model_id": ("model", DEFAULTS["tts_model"]),
    "output_format": ("format", DEFAULTS["output_format"]),
}


class NoPreview(CartesiaError):
    """The API has no recording of a voice."""


class Listening:
    """What was heard in this session, from the API or once more.

    A sentence that a voice has said already is not made, and paid for, again.
    """

    def __init__(self) -> None:
        self._rows: list[dict[str, Any]] = []
        self._known: dict[str, Speech] = {}

    def known(self, voice: Voice, text: str | None) -> Speech | None:
        """Return what was heard before: the preview of a voice (`text` is None), or a sentence."""
        return self._known.get(code(voice, text))

    def hear(self, voice: Voice, text: str | None) -> Speech:
        """Return the preview of a voice, or what it says, which costs what `tts.bytes` does.

        Raises
        ------
        NoPreview
            If the API has none.
        CartesiaError
            As `voices.preview` and `tts.bytes` do.
        """
        known = self.known(voice, text)
        if known is not None:
            return known
        made = _preview(voice) if text is None else connect().tts.bytes(text, voice=voice, **_how(voice))
        self._known[code(voice, text)] = made
        now = datetime.now(UTC).isoformat()
        about = {"voice": voice["id"], "name": voice["name"], "text": text}
        self._rows.append({"time": now, **about, "speech": made})
        return made

    def frame(self) -> Playable:
        """Return a row for each speech, in the order in which they came."""
        return Playable(frame(self._rows, HEARD))


def check_sentence(text: Any) -> None:
    """Refuse what cannot be said, blaming the sentence.

    Raises
    ------
    InputError
        Its `field` is ``"text"``.
    """
    try:
        connect().check_transcript(text)
    except InputError as error:
        vars(error)["field"] = "text"
        raise


def code(voice: Voice, text: str | None) -> str:
    """Return the line of Python that does the same as `Listening.hear`."""
    if text is None:
        return call_line("voices.preview", voice["id"])
    how = _how(voice)
    for name, (_, usual) in ARGUMENTS.items():
        if how[name] == usual:
            del how[name]
    return call_line("tts.bytes", text, voice=voice["id"], **how)


def comparison_code(voices: list[Voice], text: str) -> str:
    """Return the line of Python that compares voices."""
    lines = written([Code(code(voice, text)) for voice in voices])
    return f"cartesia_nb.Speeches({lines}, side_by_side=True)"


def _preview(voice: Voice) -> Speech:
    made = connect().voices.preview(voice["id"])
    if made is None:
        raise NoPreview(f"the API has no preview of {voice['name']}.")
    return made


def _how(voice: Voice) -> dict[str, Any]:
    """Return how a voice speaks: as the defaults say, and in its own language unless they name one."""
    how: dict[str, Any] = {name: default(setting) for name, (setting, _) in ARGUMENTS.items()}
    language = default("language") or voice.get("language")
    return how | ({"language": language} if language else {})
