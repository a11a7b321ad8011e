"""Voices: list them, read, change or delete one."""

import json
from collections.abc import Collection
from operator import attrgetter
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cartesia_nb.sandbox import body
from cartesia_nb.sandbox.accents import choose_accent
from cartesia_nb.sandbox.catalogue import all_voices, find_own_voice, find_voice
from cartesia_nb.sandbox.errors import invalid
from cartesia_nb.sandbox.own_voices import change_voice
from cartesia_nb.sandbox.paging import cut_page, page_json
from cartesia_nb.sandbox.previews import preview_url
from cartesia_nb.sandbox.versions import ACCENTS, LOCALES
from cartesia_nb.sandbox.voice import GENDERS, Voice, voice_json


async def list_voices(request: Request) -> Response:
    """List the voices, newest API fields and filters by version."""
    query, version = request.query_params, request.state.version
    expand = _read_expand(query, version)
    is_owner = _read_flag(query, "is_owner")
    is_starred = _read_flag(query, "is_starred") if version < LOCALES else None
    language = query.get("language", "").replace("_", "-") if version == LOCALES else ""
    words = query.get("q", "").casefold() if version >= LOCALES else ""
    gender = query.get("gender")
    if gender and gender not in GENDERS:
        raise invalid(f"gender must be one of {', '.join(GENDERS)}.")

    def keep(voice: Voice) -> bool:
        return (
            is_owner in (None, voice.is_owner)
            and is_starred in (None, voice.is_starred)
            and (not gender or voice.gender == gender)
            and (not language or _speaks(voice, language))
            and words in f"{voice.full_name}\n{voice.description}\n{voice.id}".casefold()
        )

    page = cut_page(all_voices(request.app.state.rows), query, keep, attrgetter("id"))
    return JSONResponse(page_json(page, lambda voice: _expanded(request, voice, expand)))


async def get(request: Request) -> Response:
    """Return one voice."""
    expand = _read_expand(request.query_params, request.state.version)
    voice = find_voice(request.app.state.rows, request.path_params["voice_id"])
    return JSONResponse(_expanded(request, voice, expand))


async def update(request: Request) -> Response:
    """Change a voice that was made here."""
    fields, version = await body.read_json(request), request.state.version
    voice = find_own_voice(request.app.state.rows, request.path_params["voice_id"])
    changed = change_voice(request.app.state.rows, voice, _read_changes(fields, version, voice))
    return JSONResponse(voice_json(changed, version))


async def delete(request: Request) -> Response:
    """Delete a voice that was made here."""
    voice = find_own_voice(request.app.state.rows, request.path_params["voice_id"])
    request.app.state.rows.delete("voice", voice.id)
    return Response(status_code=204)


def _expanded(request: Request, voice: Voice, expand: Collection[str]) -> dict[str, Any]:
    """Return a voice with the fields that ``expand`` adds."""
    body = voice_json(voice, request.state.version)
    if "is_starred" in expand:
        body["is_starred"] = voice.is_starred
    if "preview_file_url" in expand:
        body["preview_file_url"] = preview_url(request, voice)
    return body


def _read_changes(fields: dict[str, Any], version: str, voice: Voice) -> dict[str, Any]:
    """Read what to change; older versions demand name and description, and null resets gender and accent."""
    changes: dict[str, Any] = {}
    if "name" in fields or version < LOCALES:
        changes["name"] = body.text("name", fields.get("name"))
    if "description" in fields or version < LOCALES:
        changes["description"] = body.prose("description", fields.get("description"))
    if "gender" in fields:
        gender = fields["gender"]
        changes["gender"] = None if gender is None else body.choice("gender", gender, GENDERS)
    if "accent" in fields and version >= ACCENTS:
        changes["accent"] = _read_accent(fields["accent"], voice)
    return changes


def _read_accent(given: object, voice: Voice) -> str | None:
    return None if given is None else choose_accent(voice.language, body.text("accent", given)).id


def _speaks(voice: Voice, language: str) -> bool:
    locales = [locale["locale"].casefold() for locale in voice.locales]
    return language.casefold() in (*locales, voice.language)


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
        none = " The sandbox has no embeddings." if "embedding" in wanted else ""
        raise invalid(f"expand[] can name {', '.join(known)} in version {version}.{none}")
    return known if wanted else ()


routes = [
    Route("/voices", list_voices),
    Route("/voices/{voice_id}", get),
    Route("/voices/{voice_id}", update, methods=["PATCH"]),
    Route("/voices/{voice_id}", delete, methods=["DELETE"]),
]
