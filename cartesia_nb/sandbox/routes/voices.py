"""Voices: list them, read one."""

import json
from operator import attrgetter

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cartesia_nb.sandbox.catalogue import VOICES, find_voice
from cartesia_nb.sandbox.errors import invalid
from cartesia_nb.sandbox.paging import cut_page, page_json
from cartesia_nb.sandbox.versions import LOCALES
from cartesia_nb.sandbox.voice import GENDERS, Voice, voice_json


async def list_voices(request: Request) -> Response:
    """List the voices, newest API fields and filters by version."""
    query, version = request.query_params, request.state.version
    expand = _read_expand(query, version)
    is_owner = _read_flag(query, "is_owner")
    is_starred = _read_flag(query, "is_starred") if version < LOCALES else None
    language = query.get("language") if version == LOCALES else None
    words = query.get("q", "").casefold() if version >= LOCALES else ""
    gender = query.get("gender")
    if gender and gender not in GENDERS:
        raise invalid(f"gender must be one of {', '.join(GENDERS)}.")

    def keep(voice: Voice) -> bool:
        return (
            is_owner in (None, voice.is_owner)
            and is_starred in (None, voice.is_starred)
            and (not gender or voice.gender == gender)
            and (not language or voice.language == language)
            and words in f"{voice.full_name}\n{voice.description}\n{voice.id}".casefold()
        )

    page = cut_page(VOICES, query, keep, attrgetter("id"))
    return JSONResponse(page_json(page, lambda voice: voice_json(voice, version, expand)))


async def get(request: Request) -> Response:
    """Return one voice."""
    expand = _read_expand(request.query_params, request.state.version)
    voice = find_voice(request.path_params["voice_id"])
    return JSONResponse(voice_json(voice, request.state.version, expand))


def _read_flag(query: QueryParams, name: str) -> bool | None:
    value = query.get(name)
    if not value:
        return None
    if value not in ("true", "false"):
        raise invalid(f"{name} must be true or false.")
    return value == "true"


def _read_expand(query: QueryParams, version: str) -> tuple[str, ...]:
    """Read ``expand[]``: repeated, or once with a JSON list in it, as older clients write it."""
    known = ("is_starred",) if version < LOCALES else ("preview_file_url",)
    wanted: list[object] = []
    for value in query.getlist("expand[]"):
        if not value.startswith("["):
            wanted.append(value)
            continue
        try:
            wanted += json.loads(value)
        except (ValueError, RecursionError) as error:
            raise invalid("expand[] holds a broken JSON list.") from error
    if any(field not in known for field in wanted):
        raise invalid(f"expand[] can name {', '.join(known)} in version {version}.")
    return known if wanted else ()


routes = [
    Route("/voices", list_voices),
    Route("/voices/{voice_id}", get),
]
