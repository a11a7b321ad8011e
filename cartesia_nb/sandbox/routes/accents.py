"""Accents: list them, add them to a voice or take them away."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cartesia_nb.sandbox import body
from cartesia_nb.sandbox.accents import ACCENTS, ATTACHABLE, Accent, find_accent
from cartesia_nb.sandbox.catalogue import find_own_voice
from cartesia_nb.sandbox.eras import only
from cartesia_nb.sandbox.errors import ApiError, invalid
from cartesia_nb.sandbox.own_voices import change_voice
from cartesia_nb.sandbox.versions import ACCENTS as SINCE
from cartesia_nb.sandbox.voice import Voice, voice_json

MAX_ACCENTS = 10


async def list_accents(_request: Request) -> Response:
    """List all accents, also those of languages that the sandbox has no engine for."""
    return JSONResponse({"accents": [_write(accent) for accent in ACCENTS.values()]})


def _write(accent: Accent) -> dict[str, Any]:
    return {
        "id": accent.id,
        "name": accent.name,
        "language": accent.language,
        "locale": accent.locale,
        "is_localizable": accent.is_spoken,
        "is_locale_default": accent.is_locale_default,
    }


async def add(request: Request) -> Response:
    """Add accents to a voice that was made here; those that it has already change nothing."""
    fields = await body.read_json(request)
    voice = find_own_voice(request.app.state.rows, request.path_params["voice_id"])
    given = fields.get("accents")
    if not isinstance(given, list) or not given:
        raise invalid("accents must be a list of ids, with something in it.")
    wanted = dict.fromkeys([voice.accent, *voice.added_accents, *map(_attachable, given)])
    if len(wanted) > MAX_ACCENTS:
        raise invalid(f"A voice has at most {MAX_ACCENTS} accents, its native one included.")
    return _change(request, voice, tuple(wanted)[1:])


def _attachable(given: object) -> str:
    accent = find_accent(body.text("accents", given))
    if accent.id not in ATTACHABLE:
        spoken = sorted(name for name in ATTACHABLE if ACCENTS[name].is_spoken)
        raise invalid(f"{accent.id} cannot be added to a voice. These can: {', '.join(spoken)}.")
    return accent.id


async def remove(request: Request) -> Response:
    """Take an added accent away from a voice."""
    voice = find_own_voice(request.app.state.rows, request.path_params["voice_id"])
    unwanted = request.path_params["accent_id"]
    if unwanted == voice.accent:
        raise invalid(f"{unwanted} is the voice's native accent, which stays.")
    if unwanted not in voice.added_accents:
        raise ApiError(404, "Not found", f"The voice has no accent {unwanted!r}.")
    return _change(request, voice, tuple(accent for accent in voice.added_accents if accent != unwanted))


def _change(request: Request, voice: Voice, accents: tuple[str, ...]) -> Response:
    changed = change_voice(request.app.state.rows, voice, {"added_accents": accents})
    return JSONResponse(voice_json(changed, request.state.version))


routes = [
    Route("/accents", only(list_accents, since=SINCE)),
    Route("/voices/{voice_id}/accents", only(add, since=SINCE), methods=["PATCH"]),
    Route("/voices/{voice_id}/accents/{accent_id}", only(remove, since=SINCE), methods=["DELETE"]),
]
