"""Metric results as tidy rows: from JSON, and from the CSV of an export."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cartesia_nb.client.paging import LARGEST_PAGE
from cartesia_nb.client.texts import as_moment
from cartesia_nb.client.transport import Transport
from cartesia_nb.client.unset import given
from cartesia_nb.wire.errors import BadAnswer, NotFound, looks_like
from cartesia_nb.wire.exchange import Answer
from cartesia_nb.wire.versions import V2025_04

CAPITAL = re.compile(r"(?<=[a-z0-9])([A-Z])")


def tidy(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rename the fields of metric results, and unfold their JSON.

    ``metricId`` becomes ``metric_id``. A field of ``jsonResult`` becomes a column ``json_result.field``;
    a JSON result that is no object stays whole in ``json_result``.

    Examples
    --------
    >>> tidy([{"metricId": "am_1", "jsonResult": {"score": {"tone": 3}}}])
    [{'metric_id': 'am_1', 'json_result.score.tone': 3}]
    """
    return [_tidy_row(row) for row in rows]


def _tidy_row(row: Mapping[str, Any]) -> dict[str, Any]:
    tidied: dict[str, Any] = {}
    for name, value in row.items():
        column = CAPITAL.sub(r"_\1", name).lower()
        tidied |= _unfolded(column, value) if column == "json_result" else {column: value}
    return tidied


def _unfolded(column: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping) or not value:
        return {column: value}
    unfolded: dict[str, Any] = {}
    for name, inner in value.items():
        unfolded |= _unfolded(f"{column}.{name}", inner)
    return unfolded


def read_csv(text: str) -> list[dict[str, Any]]:
    """Read exported metric results; an empty cell is None, and a JSON result is read as JSON."""
    # A transcript may be longer than the reader's own limit for a cell.
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return tidy({name: _cell(name, value) for name, value in row.items() if name} for row in rows)


def _cell(name: str, value: str | None) -> Any:
    if not value:
        return None
    if name.replace("_", "").lower() == "jsonresult":
        try:
            return json.loads(value)
        except (ValueError, RecursionError):  # kept as the text that it is
            return value
    return value


def read_filters(*values: Any) -> dict[str, str]:
    """Return the query for filters given in this order: agent, deployment, metric, call, start and end date.

    Raises
    ------
    InputError
        If a date is none.
    """
    names = ("agent_id", "deployment_id", "metric_id", "call_id", "start_date", "end_date")
    filters = given(dict(zip(names, values, strict=True)))
    return {
        name: as_moment(value, name, end=name == "end_date") if name.endswith("_date") else str(value)
        for name, value in filters.items()
    }


def exported(transport: Transport, filters: Mapping[str, str]) -> Iterator[str]:
    """Yield the export of metric results page by page; newer versions send a single one."""
    method, path = "agents.export_metric_results", "/agents/metrics/results/export"
    paged = transport.version_for(method, filters) == V2025_04
    query = {**filters, **({"limit": str(LARGEST_PAGE)} if paged else {})}
    while True:
        try:
            answer = transport.call(method, "GET", path, query=query)
        except NotFound:  # how the API says that there are no results
            return
        yield _csv(answer, path)
        following = answer.headers.get("x-next-page")
        if answer.headers.get("x-has-more", "").lower() != "true" or not following:
            return
        if following == query.get("starting_after"):
            raise BadAnswer(f"{path} sends the same page again and again.")
        query["starting_after"] = following


def _csv(answer: Answer, path: str) -> str:
    try:
        text = answer.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "<"
    if text.lstrip().startswith("<"):
        raise BadAnswer(f"{path} answered with {looks_like(answer.body)} instead of CSV.")
    return text


def join_pages(pages: Iterable[str]) -> str:
    """Join pages of CSV into one, with the names of the columns once."""
    joined = ""
    for page in pages:
        rest = page.partition("\n")[2] if joined else page
        joined += rest if not rest or rest.endswith("\n") else rest + "\n"
    return joined
