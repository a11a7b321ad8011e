"""The sandbox's time: the real time, and how far a test has moved it ahead."""

from datetime import UTC, datetime, timedelta

from cartesia_nb.sandbox.errors import invalid
from cartesia_nb.sandbox.state import State

MAX_AHEAD = timedelta(days=36525)


def now(rows: State) -> datetime:
    """Return the sandbox's time."""
    return datetime.now(UTC) + _ahead(rows)


def stamp(rows: State, later: float = 0) -> str:
    """Return the time in ``later`` seconds from now as the API writes it; as text, times are in order."""
    return (now(rows) + timedelta(seconds=later)).strftime("%Y-%m-%dT%H:%M:%SZ")


def advance(rows: State, seconds: float) -> None:
    """Move the time ahead, for good."""
    ahead = _ahead(rows) + timedelta(seconds=seconds)
    if ahead > MAX_AHEAD:
        raise invalid("The sandbox's clock can be at most a century ahead.")
    rows.put("clock", {"id": "ahead", "seconds": ahead.total_seconds()})


def _ahead(rows: State) -> timedelta:
    row = rows.get("clock", "ahead")
    return timedelta(seconds=row["seconds"] if row else 0)
