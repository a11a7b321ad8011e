"""Lists that come in pages, with the id of the last (or first) row as the cursor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from starlette.datastructures import QueryParams

from cartesia_nb.sandbox.errors import invalid

DEFAULT_LIMIT = 10
MAX_LIMIT = 100


AnyRow = TypeVar("AnyRow")


@dataclass(frozen=True)
class Page(Generic[AnyRow]):
    """Some rows of a list; ``next_page`` is the ``starting_after`` of the page behind it, if there is one."""

    rows: Sequence[AnyRow]
    has_more: bool
    next_page: str | None


def _every(_row: object) -> bool:
    return True


def _id(row: Any) -> str:
    return str(row["id"])


def _as_it_is(row: Any) -> dict[str, Any]:
    return dict(row)


def cut_page(
    rows: Sequence[AnyRow],
    query: QueryParams,
    keep: Callable[[AnyRow], bool] = _every,
    id_of: Callable[[AnyRow], str] = _id,
) -> Page[AnyRow]:
    """Return the page that ``limit``, ``starting_after`` and ``ending_before`` ask for.

    Rows that ``keep`` refuses count neither as rows nor for the limit, but can be cursors.
    """
    limit = _read_limit(query)
    after, before = query.get("starting_after"), query.get("ending_before")
    if after and before:
        raise invalid("Give starting_after or ending_before, not both.")
    ids = [id_of(row) for row in rows]
    if before:
        wanted = [row for row in rows[: _position(ids, before)] if keep(row)]
        return Page(wanted[-limit:], has_more=len(wanted) > limit, next_page=None)
    start = _position(ids, after) + 1 if after else 0
    wanted = [row for row in rows[start:] if keep(row)]
    page, has_more = wanted[:limit], len(wanted) > limit
    return Page(page, has_more, id_of(page[-1]) if has_more else None)


def _read_limit(query: QueryParams) -> int:
    given = query.get("limit") or str(DEFAULT_LIMIT)
    if not (given.isascii() and given.isdigit() and len(given) <= len(str(MAX_LIMIT))):
        raise invalid(f"limit must be a whole number from 1 to {MAX_LIMIT}.")
    limit = int(given)
    if not 1 <= limit <= MAX_LIMIT:
        raise invalid(f"limit must be a whole number from 1 to {MAX_LIMIT}.")
    return limit


def _position(ids: Sequence[str], cursor: str) -> int:
    if cursor not in ids:
        raise invalid(f"There is no row {cursor!r} to page from.")
    return ids.index(cursor)


def page_json(page: Page[AnyRow], write: Callable[[AnyRow], dict[str, Any]] = _as_it_is) -> dict[str, Any]:
    """Return a page as the API writes it, each row by ``write``, with ``next_page`` if there is one."""
    body: dict[str, Any] = {"data": [write(row) for row in page.rows], "has_more": page.has_more}
    return body if page.next_page is None else {**body, "next_page": page.next_page}
