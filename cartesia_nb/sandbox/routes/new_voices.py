"""Voices made from a clip, or from another voice in another language."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cartesia_nb.sandbox import body
from cartesia_nb.sandbox.accents import Accent, choose_accent, default_accent, dialect_accent, find_accent
from cartesia_nb.sandbox.catalogue import find_voice
from cartesia_nb.sandbox.clip import clip_pitch
from cartesia_nb.sandbox.errors import invalid
from cartesia_nb.sandbox.form import read_form
from cartesia_nb.sandbox.own_voices import make_voice
from cartesia_nb.sandbox.pitch_match import TAGLINE, match_pitch
from cartesia_nb.sandbox.state import State
from cartesia_nb.sandbox.versions import ACCENTS, LOCALES, VERSIONS
from cartesia_nb.sandbox.voice import Voice, voice_metadata_json
from cartesia_nb.sandbox.workers import run

MAX_TAGLINE = 32
FLAGS = ("true", "false")
SPEAKER_GENDERS = ("male", "female")


async def clone(request: Request) -> Response:
    """Make a voice with the pitch of a clip."""
    form, version = await read_form(request), request.state.version
    clip = form.upload("clip")
    fields = _read_clone(request.app.state.rows, dict(form.texts), version)
    speaker, pitch = match_pitch(await run(clip_pitch, clip))
    voice = make_voice(request.app.state.rows, **fields, tagline=TAGLINE, speaker=speaker, pitch=pitch)
    return JSONResponse(voice_metadata_json(voice, version))


def _read_clone(rows: State, texts: dict[str, Any], version: str) -> dict[str, Any]:
    name = body.text("name", texts.get("name"))
    language = body.text("language", texts.get("language"))
    accent = choose_accent(language, texts.get("accent") if version >= ACCENTS else None)
    if version == VERSIONS[0]:
        if texts.get("mode") == "stability":
            raise invalid('The sandbox makes no stability clones: mode must be "similarity".')
        body.choice("mode", texts.get("mode"), ("similarity",))
    if version < LOCALES:
        # Checked only: there is nothing to enhance in a pitch.
        body.choice("enhance", texts.get("enhance") or "false", FLAGS)
    base = texts.get("base_voice_id")
    return {
        "name": name,
        "description": texts.get("description") or f"A pitch match of {name}'s clip by the offline sandbox.",
        "accent": accent.id,
        "gender": find_voice(rows, base).gender if base else None,
    }


async def localize(request: Request) -> Response:
    """Make a voice with the speaker and pitch of another one, and an accent of another language."""
    fields, version = await body.read_json(request), request.state.version
    rows: State = request.app.state.rows
    accent = _read_accent(fields) if version >= ACCENTS else _read_dialect(fields)
    source = find_voice(rows, body.text("voice_id", fields.get("voice_id")))
    voice = make_voice(
        rows,
        **_read_localized_texts(fields, version, source, accent),
        accent=accent.id,
        gender=source.gender,
        speaker=source.speaker,
        pitch=source.pitch,
    )
    return JSONResponse(voice_metadata_json(voice, version))


def _read_accent(fields: dict[str, Any]) -> Accent:
    """Return the accent, which decides alone; a language beside it must be its own."""
    accent = find_accent(body.text("accent", fields.get("accent")))
    if fields.get("original_speaker_gender") is not None:
        body.choice("original_speaker_gender", fields["original_speaker_gender"], SPEAKER_GENDERS)
    return choose_accent(body.text("language", body.given(fields, "language", accent.language)), accent.id)


def _read_dialect(fields: dict[str, Any]) -> Accent:
    """Return the accent that language and dialect mean."""
    language = body.text("language", fields.get("language"))
    body.choice("original_speaker_gender", fields.get("original_speaker_gender"), SPEAKER_GENDERS)
    dialect = fields.get("dialect")
    if dialect is None:
        return default_accent(language)
    return dialect_accent(language, body.text("dialect", dialect))


def _read_localized_texts(
    fields: dict[str, Any], version: str, source: Voice, accent: Accent
) -> dict[str, str]:
    texts = {"name": body.text("name", fields.get("name"))}
    if version < ACCENTS:
        texts["description"] = body.prose("description", fields.get("description"))
        tagline = None
    else:
        description = body.given(fields, "description", f"{source.name} with the accent {accent.name}.")
        texts["description"] = body.prose("description", description)
        tagline = fields.get("tagline")
    # A pitch match stays one.
    own_tagline = source.tagline if source.is_owner else ""
    texts["tagline"] = own_tagline if tagline is None else _tagline(tagline)
    return texts


def _tagline(value: object) -> str:
    tagline = body.prose("tagline", value)
    if len(tagline) > MAX_TAGLINE:
        raise invalid(f"tagline must have at most {MAX_TAGLINE} characters.")
    return tagline


routes = [
    Route("/voices/clone", clone, methods=["POST"]),
    Route("/voices/localize", localize, methods=["POST"]),
]
