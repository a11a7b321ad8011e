"""Pronunciation dictionaries: list, create, read, change, delete, pin."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cartesia_nb.sandbox import body
from cartesia_nb.sandbox.clock import stamp
from cartesia_nb.sandbox.dictionaries import KIND, NAME, read_items
from cartesia_nb.sandbox.eras import only
from cartesia_nb.sandbox.owner import OWNER
from cartesia_nb.sandbox.paging import cut_page, page_json
from cartesia_nb.sandbox.state import Row, State, new_id
from cartesia_nb.sandbox.versions import LOCALES


async def list_dictionaries(request: Request) -> Response:
    """List the dictionaries, the newest first."""
    return JSONResponse(page_json(cut_page(request.app.state.rows.all(KIND), request.query_params)))


async def create(request: Request) -> Response:
    """Keep a new dictionary."""
    fields = await body.read_json(request)
    rows: State = request.app.state.rows
    row = {
        "id": new_id("pdict"),
        "name": body.text("name", fields.get("name")),
        "owner_id": OWNER,
        "pinned": False,
        "items": read_items(body.given(fields, "items", [])),
        "created_at": stamp(rows),
    }
    rows.put(KIND, row)
    return JSONResponse(row)


async def get(request: Request) -> Response:
    """Return one dictionary."""
    return JSONResponse(_find(request))


async def update(request: Request) -> Response:
    """Change the name or replace all items; what is left out or null stays as it is."""
    fields = await body.read_json(request)
    row = _find(request)
    row["name"] = body.text("name", body.given(fields, "name", row["name"]))
    row["items"] = read_items(body.given(fields, "items", row["items"]))
    request.app.state.rows.put(KIND, row)
    return JSONResponse(row)


async def delete(request: Request) -> Response:
    """Delete a dictionary."""
    request.app.state.rows.delete(KIND, _find(request)["id"])
    return Response(status_code=204)


async def pin(request: Request) -> Response:
    """Pin a dictionary."""
    return _set_pinned(request, pinned=True)


async def unpin(request: Request) -> Response:
    """Unpin a dictionary."""
    return _set_pinned(request, pinned=False)


def _set_pinned(request: Request, *, pinned: bool) -> Response:
    request.app.state.rows.put(KIND, _find(request) | {"pinned": pinned})
    return Response(status_code=204)


def _find(request: Request) -> Row:
    rows: State = request.app.state.rows
    return rows.find(KIND, request.path_params["id"], NAME)


routes = [
    Route("/pronunciation-dicts", list_dictionaries),
    Route("/pronunciation-dicts", create, methods=["POST"]),
    Route("/pronunciation-dicts/{id}", get),
    Route("/pronunciation-dicts/{id}", update, methods=["PATCH"]),
    Route("/pronunciation-dicts/{id}", delete, methods=["DELETE"]),
    Route("/pronunciation-dicts/{id}/pin", only(pin, before=LOCALES), methods=["POST"]),
    Route("/pronunciation-dicts/{id}/unpin", only(unpin, before=LOCALES), methods=["POST"]),
]
