"""All rows of a list endpoint, page after page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cartesia_nb.client.progress import Progress
from cartesia_nb.client.transport import Transport, arguments_of
from cartesia_nb.wire.errors import BadAnswer, InputError
from cartesia_nb.wire.exchange import Request
from cartesia_nb.wire.options import is_whole

LARGEST_PAGE = 100


class Listing(NamedTuple):
    """All rows of a list, and the version that they were asked for in."""

    rows: list[dict[str, Any]]
    version: str


def all_rows(
    transport: Transport,
    method: str,
    path: str,
    query: Mapping[str, Any] | None = None,
    *,
    limit: int | None = None,
    page_size: int = LARGEST_PAGE,
) -> Listing:
    """Follow the cursors of a list endpoint to its end.

    Parameters
    ----------
    transport : Transport
        What to ask through.
    method : str
        Such as ``"voices.list"``.
    path : str
        Of the endpoint.
    query : mapping, optional
        Filters.
    limit : int, optional
        At most so many rows in all; every row by default.
    page_size : int
        Rows asked for at once, 1 to 100.

    Raises
    ------
    BadAnswer
        If the server sends no list, or the same page again and again.
    """
    _check(limit, page_size)
    version = transport.version_for(method, arguments_of(query or {}, {}))
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    cursor: str | None = None
    with Progress(path.strip("/"), "rows") as progress:
        while limit is None or len(rows) < limit:
            wanted = page_size if limit is None else min(page_size, limit - len(rows))
            asked = {**(query or {}), "limit": str(wanted)} | ({"starting_after": cursor} if cursor else {})
            page = transport.send(Request(method, "GET", path, version, query=asked)).json_object()
            rows += (data := _rows(page, path))
            cursor = _following(page, data, path)
            if cursor is None:
                break
            if cursor in seen:
                raise BadAnswer(f"{path} sends the same page again and again.")
            seen.add(cursor)
            progress.show(len(rows))
    return Listing(rows[:limit], version)


def unpaged_rows(transport: Transport, method: str, path: str, within: str = "") -> list[dict[str, Any]]:
    """Return the rows of a list that comes whole: bare, or `within` an object.

    Raises
    ------
    BadAnswer
        If the server sends no list.
    """
    answer = transport.call(method, "GET", path)
    return _rows(answer.json_object() if within else {"": answer.json()}, path, within)


def _rows(page: Mapping[str, Any], path: str, within: str = "data") -> list[dict[str, Any]]:
    data = page.get(within)
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise BadAnswer(f"{path} answered without a list of rows.")
    return data


def _following(page: Mapping[str, Any], data: list[dict[str, Any]], path: str) -> str | None:
    """Return the cursor of the next page, None after the last."""
    if not data or not (page.get("next_page") or page.get("has_more")):
        return None
    cursor = page.get("next_page") or data[-1].get("id")
    if not isinstance(cursor, str):
        raise BadAnswer(f"{path} says that there is more, but not after what.")
    return cursor


def _check(limit: int | None, page_size: int) -> None:
    if limit is not None and (not is_whole(limit) or limit < 0):
        raise InputError(f"limit is a number of rows, or None for all, not {limit!r}.")
    if not is_whole(page_size) or not 1 <= page_size <= LARGEST_PAGE:
        raise InputError(f"page_size is from 1 to {LARGEST_PAGE}, not {page_size!r}.")
