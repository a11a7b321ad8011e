"""Results of metrics: list them, export them as CSV."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from typing import Any, TypeAlias

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cartesia_nb.sandbox.call_centre.metrics import results
from cartesia_nb.sandbox.call_centre.staff import all_agents
from cartesia_nb.sandbox.errors import ApiError, invalid
from cartesia_nb.sandbox.paging import DEFAULT_LIMIT, cut_page, page_json
from cartesia_nb.sandbox.versions import LOCALES

Filter: TypeAlias = Callable[[dict[str, Any]], bool]

MAX_EXPORT = 100_000
FILTERS = {
    "agent_id": "agentId",
    "deployment_id": "deploymentId",
    "metric_id": "metricId",
    "call_id": "callId",
}
COLUMNS = (
    "id",
    "metricId",
    "metricName",
    "agentId",
    "deploymentId",
    "callId",
    "runId",
    "status",
    "result",
    "value",
    "jsonResult",
    "summary",
    "transcript",
    "createdAt",
)


async def list_results(request: Request) -> Response:
    """List the results that the filters let through, the newest first."""
    return JSONResponse(page_json(cut_page(results(), request.query_params, _filter(request))))


async def export(request: Request) -> Response:
    """Answer with results as CSV: up to 2025-04-16 a page, later all of them.

    The columns are the fields of the list. A transcript is written as lines like ``user: Hello.``, other
    values that are not text as JSON.
    """
    keep = _filter(request)
    if request.state.version < LOCALES:
        return _export_page(request.query_params, keep)
    found = [row for row in results() if keep(row)]
    if not found:
        raise ApiError(404, "Not found", "No metric results match these filters.")
    if len(found) > MAX_EXPORT:
        raise invalid(f"More than {MAX_EXPORT} metric results match: narrow down the filters.")
    return _csv(found)


def _export_page(query: QueryParams, keep: Filter) -> Response:
    page = cut_page(results(), query, keep)
    response = _csv(page.rows)
    response.headers["x-has-more"] = str(page.has_more).lower()
    response.headers["x-limit"] = query.get("limit") or str(DEFAULT_LIMIT)
    response.headers["x-next-page"] = page.next_page or ""
    return response


def _filter(request: Request) -> Filter:
    """Return what lets the results of a request through, if their agent still exists."""
    query = request.query_params
    wanted = [(field, query[name]) for name, field in FILTERS.items() if query.get(name)]
    first, last = _period(query) if request.state.version >= LOCALES else (None, None)
    agents = {agent["id"] for agent in all_agents(request.app.state.rows)}

    def keep(row: dict[str, Any]) -> bool:
        created = datetime.fromisoformat(row["createdAt"])
        return (
            row["agentId"] in agents
            and all(row[field] == value for field, value in wanted)
            and (first is None or first <= created)
            and (last is None or created <= last)
        )

    return keep


def _period(query: QueryParams) -> tuple[datetime | None, datetime | None]:
    return _read_date(query, "start_date", time.min), _read_date(query, "end_date", time.max)


def _read_date(query: QueryParams, name: str, time_of_day: time) -> datetime | None:
    """Read a date or a time; a date means ``time_of_day``, a time without a zone is in UTC."""
    text = query.get(name)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"{name} must be a date or time in ISO 8601, like 2026-07-01 or 2026-07-01T12:00:00Z."
        raise invalid(message) from error
    if len(text) <= len("2026-07-01"):
        moment = datetime.combine(moment, time_of_day)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _csv(found: Sequence[dict[str, Any]]) -> Response:
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(COLUMNS)
    table.writerows([_cell(name, row[name]) for name in COLUMNS] for row in found)
    return Response(text.getvalue(), media_type="text/csv")


def _cell(name: str, value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if name == "transcript":
        return "\n".join(f"{turn['role']}: {turn['text']}" for turn in value if turn["text"])
    return json.dumps(value)


routes = [
    Route("/agents/metrics/results", list_results),
    Route("/agents/metrics/results/export", export),
]
