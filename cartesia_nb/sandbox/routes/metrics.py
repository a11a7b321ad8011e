"""Metrics of agents: make and read them, and let them judge agents."""

import re

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cartesia_nb.sandbox import body
from cartesia_nb.sandbox.call_centre.staff import all_metrics, judge_by, judge_no_longer_by, need_metric
from cartesia_nb.sandbox.clock import stamp
from cartesia_nb.sandbox.errors import invalid
from cartesia_nb.sandbox.paging import cut_page, page_json
from cartesia_nb.sandbox.state import new_id

NAME = re.compile(r"[a-z0-9_.-]+")


async def list_metrics(request: Request) -> Response:
    """List the metrics, the newest first. These pages have no way back."""
    query = QueryParams(
        [(name, value) for name, value in request.query_params.items() if name != "ending_before"]
    )
    return JSONResponse(page_json(cut_page(all_metrics(request.app.state.rows), query)))


async def get(request: Request) -> Response:
    """Return one metric."""
    return JSONResponse(need_metric(request.app.state.rows, request.path_params["metric_id"]))


async def create(request: Request) -> Response:
    """Make a metric."""
    fields, rows = await body.read_json(request), request.app.state.rows
    name = body.text("name", fields.get("name"))
    if not NAME.fullmatch(name):
        raise invalid(f"name has lowercase letters, digits, _, - and . only, which {name!r} has not.")
    if name in {metric["name"] for metric in all_metrics(rows)}:
        raise invalid(f"There is a metric {name!r} already: names are unique.")
    display_name = fields.get("display_name")
    metric = {
        "id": new_id("am"),
        "name": name,
        "display_name": None if display_name is None else body.text("display_name", display_name),
        "prompt": body.text("prompt", fields.get("prompt")),
        "created_at": stamp(rows),
    }
    rows.put("metric", metric)
    return JSONResponse(metric)


async def add_to_agent(request: Request) -> Response:
    """Let a metric judge the later calls of an agent; once more does no harm."""
    judge_by(request.app.state.rows, **request.path_params)
    return Response(status_code=204)


async def remove_from_agent(request: Request) -> Response:
    """Let a metric no longer judge an agent, if it did; the results that there are stay."""
    judge_no_longer_by(request.app.state.rows, **request.path_params)
    return Response(status_code=204)


routes = [
    Route("/agents/metrics", list_metrics),
    Route("/agents/metrics", create, methods=["POST"]),
    Route("/agents/metrics/{metric_id}", get),
    Route("/agents/{agent_id}/metrics/{metric_id}", add_to_agent, methods=["POST"]),
    Route("/agents/{agent_id}/metrics/{metric_id}", remove_from_agent, methods=["DELETE"]),
]
