"""Dry runs: what would be sent, and what it would cost, without sending it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from cartesia_nb.record.ledger import COST
from cartesia_nb.wire.exchange import Request

PLANNED: Mapping[str, str] = {"method": "string", **COST, "stored": "boolean"}


class NotSent(Exception):
    """A dry run came to a call that costs: nothing was sent."""


#: The runs that are under way, the innermost last. They hold in every thread: a pool must not send either.
_runs: list[list[dict[str, Any]]] = []


@contextmanager
def dry_run() -> Iterator[list[dict[str, Any]]]:
    """Let nothing be sent that costs; what would have been is written down.

    The first call that costs ends the block; what costs nothing is sent, such as the look-up of a voice.

    Yields
    ------
    list of dict
        A call each: ``method``, ``credits`` (0 where the answer is stored, None where it is not known),
        ``stored``, ``model_id``, ``voice_id``, ``characters``, ``seconds``.

    Examples
    --------
    >>> import cartesia_nb
    >>> with cartesia_nb.dry_run() as planned:
    ...     cartesia_nb.connect().tts.bytes("Hello!")
    >>> planned[0]["credits"]
    6
    """
    planned: list[dict[str, Any]] = []
    _runs.append(planned)
    try:
        yield planned
    except NotSent:
        return
    finally:
        _runs[:] = [run for run in _runs if run is not planned]


def stop_if_dry(request: Request, *, stored: bool) -> None:
    """Write down a call that costs, and end it, if this is a dry run.

    Raises
    ------
    NotSent
        If it is.
    """
    if not _runs or request.cost is None:
        return
    told = {"method": request.method, **request.cost._asdict(), "stored": stored}
    _runs[-1].append({**told, "credits": 0} if stored else told)
    raise NotSent(f"dry run: {request.method} was not sent.")
