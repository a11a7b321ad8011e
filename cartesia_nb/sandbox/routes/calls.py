"""Agents' calls: list them, read one, hear one."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cartesia_nb.sandbox.call_centre.calls import Call, calls
from cartesia_nb.sandbox.call_centre.staff import is_there, need_agent
from cartesia_nb.sandbox.errors import ApiError, invalid
from cartesia_nb.sandbox.paging import cut_page, page_json
from cartesia_nb.sandbox.workers import run


async def list_calls(request: Request) -> Response:
    """List an agent's calls, the newest first; with ``expand=transcript``, also what was said."""
    query = request.query_params
    if not query.get("agent_id"):
        raise invalid("agent_id is required: calls are listed by agent.")
    agent = need_agent(request.app.state.rows, query["agent_id"])
    if query.get("expand") not in (None, "", "transcript"):
        raise invalid("expand can only be transcript.")
    own = [call for call in calls() if call.agent.id == agent["id"]]
    page = page_json(cut_page(own, query, id_of=lambda call: call.id), lambda call: call.row)
    if not query.get("expand"):
        page["data"] = [_without_transcript(row) for row in page["data"]]
    # The one list of the API that does not say whether there is more.
    del page["has_more"]
    return JSONResponse(page)


def _without_transcript(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "transcript"}


async def get(request: Request) -> Response:
    """Return one call with its transcript."""
    return JSONResponse(_call(request).row)


async def download_audio(request: Request) -> Response:
    """Answer with the recording of a call."""
    call = _call(request)
    if not call.turns:
        raise ApiError(404, "Not found", f"There is no recording of call {call.id!r}: nothing was said.")
    from cartesia_nb.sandbox.call_centre.recording import record_call

    return Response(await run(record_call, call), media_type="audio/wav")


def _call(request: Request) -> Call:
    wanted, rows = request.path_params["call_id"], request.app.state.rows
    for call in calls():
        if call.id == wanted and is_there(rows, call.agent.id):
            return call
    raise ApiError(404, "Not found", f"There is no call {wanted!r}.")


routes = [
    Route("/agents/calls", list_calls),
    Route("/agents/calls/{call_id}", get),
    Route("/agents/calls/{call_id}/audio", download_audio),
]
