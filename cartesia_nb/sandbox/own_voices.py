"""The voices that were made here: cloned, localized or fine-tuned."""

from dataclasses import asdict, replace
from typing import Any
from uuid import uuid4

from cartesia_nb.sandbox.clock import stamp
from cartesia_nb.sandbox.pitch_match import SPEAKERS
from cartesia_nb.sandbox.speech.speakers import LOW_FEMALE
from cartesia_nb.sandbox.state import Row, State
from cartesia_nb.sandbox.voice import Voice

# The one that an example of Cartesia's documentation changes.
SARAH = Voice(
    id="8f7d3c2e-1a2b-3c4d-5e6f-7g8h9i0j1k2l",
    name="Sarah",
    tagline="Yours to change",
    description="A voice of your own that the offline sandbox begins with.",
    gender="feminine",
    accent="general-american",
    created_at="2026-08-02T12:00:00Z",
    speaker=LOW_FEMALE,
    pitch=1.05,
    is_owner=True,
)


def seed_voices(rows: State) -> None:
    """Give a new sandbox the voices that it begins with."""
    rows.seed("voice", [_row(SARAH, None)])


def own_voices(rows: State, fine_tune: str | None = None) -> list[Voice]:
    """Return the voices that were made here, or by one fine-tune, the newest first.

    A voice whose creation lies ahead is still in training, and not among them.
    """
    now = stamp(rows)
    ready = [
        _voice(row["fields"])
        for row in rows.all("voice")
        if row["fields"]["created_at"] <= now and fine_tune in (None, row["fine_tune"])
    ]
    return sorted(ready, key=lambda voice: voice.created_at, reverse=True)


def make_voice(rows: State, *, fine_tune: str | None = None, **fields: Any) -> Voice:
    """Keep a new voice with these fields; ``created_at`` can lie ahead."""
    own: Row = {"id": str(uuid4()), "created_at": stamp(rows), "is_owner": True}
    voice = Voice(**own | fields)
    rows.put("voice", _row(voice, fine_tune))
    return voice


def change_voice(rows: State, voice: Voice, changes: dict[str, Any]) -> Voice:
    """Change fields of a voice; a field that becomes None is what it was at first."""
    row = rows.find("voice", voice.id, "voice")
    first = {name: row["first"][name] for name, value in changes.items() if value is None}
    changed = replace(voice, **changes | first)
    rows.put("voice", row | {"fields": _fields(changed)})
    return changed


def forget_voices(rows: State, fine_tune: str) -> None:
    """Delete what a fine-tune has made, or would have made."""
    for row in rows.all("voice"):
        if row["fine_tune"] == fine_tune:
            rows.delete("voice", row["id"])


def _row(voice: Voice, fine_tune: str | None) -> Row:
    fields = _fields(voice)
    return {"id": voice.id, "fields": fields, "first": fields, "fine_tune": fine_tune}


def _fields(voice: Voice) -> Row:
    return asdict(voice) | {"speaker": voice.speaker.name}


def _voice(fields: Row) -> Voice:
    speaker = next(speaker for speaker in SPEAKERS if speaker.name == fields["speaker"])
    return Voice(**fields | {"speaker": speaker, "added_accents": tuple(fields["added_accents"])})
