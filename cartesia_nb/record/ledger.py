"""The ledger: every call of this session, and the totals of each notebook; the budget that they must keep.

A call is a line in memory, and in ``calls.jsonl`` beside the stored answers, where later kernels find it.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from cartesia_nb.record import modes
from cartesia_nb.record.notebook import notebook_name
from cartesia_nb.wire.catalog import warn
from cartesia_nb.wire.errors import APIError, CartesiaError, InputError, OverBudget
from cartesia_nb.wire.exchange import REQUEST_ID, Cost, Request, backend_of, now
from cartesia_nb.wire.options import is_whole

if TYPE_CHECKING:
    import pandas as pd

FILE = "calls.jsonl"

#: The columns of a `Cost`; credits are estimates.
COST: Mapping[str, str] = {
    "model_id": "string",
    "voice_id": "string",
    "characters": "Int64",
    "seconds": "Float64",
    "credits": "Int64",
}
#: A row of the ledger. What was stored costs nothing.
CALL: Mapping[str, str] = {
    "time": "datetime64[ns, UTC]",
    "notebook": "string",
    "method": "string",
    **COST,
    "source": "category",
    "backend": "category",
    "latency": "Float64",
    "request_id": "string",
    "version": "string",
    "error": "string",
}
LIVE, STORED, SANDBOX = "live", "stored", "sandbox"

_rows: list[dict[str, Any]] = []
#: Credits of the calls that are under way: to the API, and to this machine.
_pending: Counter[bool] = Counter()
_budget: int | None = None
_lock = threading.RLock()


class Received(Protocol):
    """What is known of an answer, whole or just begun."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Of the response."""
        ...


class Stored(Received, Protocol):
    """What is known of an answer that was kept."""

    @property
    def made_at(self) -> str:
        """When it came: an ISO 8601 time in UTC."""
        ...


class Call:
    """A call that is under way."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.row = row
        self._begun = time.monotonic()

    def answered(self, received: Received) -> None:
        """Write down what is known of the answer."""
        self.row |= {
            "latency": round(time.monotonic() - self._begun, 3),
            "backend": backend_of(received.headers),
            "request_id": received.headers.get(REQUEST_ID),
        }

    def failed(self, error: BaseException) -> None:
        """Write down why there is no answer; what was refused, or never sent, costs nothing."""
        self.row |= {"latency": round(time.monotonic() - self._begun, 3), "error": type(error).__name__}
        if isinstance(error, APIError):
            self.row |= {"credits": 0, "request_id": error.request_id}
        elif isinstance(error, CartesiaError) and not error.sent:
            self.row["credits"] = 0


@contextmanager
def charged(request: Request, calls: Path | None, entry: str | None, *, local: bool) -> Iterator[Call]:
    """Write down a call that is sent, with the `entry` that will have its answer.

    What is `local`, sent to this machine, is counted apart: nobody pays for the sandbox.

    Raises
    ------
    OverBudget
        Before it is sent, if it would cost more than the budget has left.
    """
    cost = request.cost or Cost(0)
    with _lock:
        _check_budget(request, cost, calls, local=local)
        _pending[local] += cost.credits or 0
    call = Call(_row(request, LIVE, cost.credits, entry) | {"local": local})
    try:
        yield call
    except BaseException as error:
        call.failed(error)
        raise
    finally:
        with _lock:
            _pending[local] -= cost.credits or 0
            _note(call.row, calls)


def note_stored(request: Request, stored: Stored, calls: Path | None, entry: str | None) -> None:
    """Write down a call that an `entry` of the store has answered, with when that was made."""
    headers = stored.headers
    told = {
        "backend": backend_of(headers),
        "request_id": headers.get(REQUEST_ID),
        "latency": 0.0,
        "made_at": stored.made_at,
    }
    with _lock:
        _note(_row(request, STORED, 0, entry) | told, calls)


def _row(request: Request, source: str, price: int | None, entry: str | None) -> dict[str, Any]:
    cost = (request.cost or Cost(0))._asdict() | {"credits": price}
    told = {"time": now(), "notebook": notebook_name(), "method": request.method, "version": request.version}
    # By its id, a call that is in memory and in the file is counted once, in forked processes, too.
    return {**told, **cost, "source": source, "entry": entry, "id": secrets.token_hex(8)}


def _note(row: dict[str, Any], calls: Path | None) -> None:
    _rows.append(row)
    if calls is None or not _is_written(row):
        return
    line = json.dumps(row, ensure_ascii=False) + "\n"
    try:
        calls.parent.mkdir(parents=True, exist_ok=True)
        _append(calls, line.encode())
    except OSError as error:
        warn(f"the call is not written into {calls}: {error.strerror}.")


def _is_written(row: Mapping[str, Any]) -> bool:
    """Tell whether a call cost, or was stored: the file is not for reads, nor for what was refused."""
    refused = row.get("error") and row["credits"] == 0
    return bool(row.get("model_id") or row.get("voice_id")) and not refused


def _append(path: Path, line: bytes) -> None:
    """Add a line in one piece, as two kernels may do at once; one that a kill has cut off is ended.

    What looks cut off may be a line that is just being written: then an empty line follows it.
    """
    if path.is_symlink():
        raise OSError(errno.ELOOP, "it is a link that leads elsewhere")
    with path.open("ab+") as file:
        if file.seek(0, os.SEEK_END):
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                line = b"\n" + line
        file.write(line)


def usage(by: str = "call", *, folder: str | os.PathLike[str] | None = None) -> pd.DataFrame:
    """Return what was called and what it cost, as estimated.

    Costs nothing. Estimates are those of the published prices; a professional voice clone costs half as much
    again.

    Parameters
    ----------
    by : {"call", "notebook"}
        A row for each call of this session; or for each notebook, over all kernels that kept answers in
        the folder.
    folder : path, optional
        Where the totals are read from; the folder in force if left out.

    Returns
    -------
    DataFrame
        By call: ``time``, ``notebook``, ``method``, ``model_id``, ``voice_id``, ``characters``, ``seconds``
        (of audio that was sent), ``credits``, ``source`` (``live``, or ``stored``, which costs nothing),
        ``backend``, ``latency`` (seconds), ``request_id``, ``version``, ``error``. By notebook:
        ``notebook``, ``calls``, ``stored`` (how many of them), ``characters``, ``credits``, ``first``,
        ``last``, ``sandbox`` (how many of the credits are the sandbox's, which charges nothing); calls that
        cost nothing by their kind are not in it.

    Raises
    ------
    InputError
        If `by` is something else.

    Examples
    --------
    >>> import cartesia_nb
    >>> speech = cartesia_nb.connect().tts.bytes("Hello!")
    >>> int(cartesia_nb.usage().credits.iloc[-1])
    6
    """
    from cartesia_nb.frames import frame  # imports pandas

    if by == "call":
        with _lock:
            return frame([dict(row) for row in _rows], CALL)[list(CALL)]
    if by != "notebook":
        raise InputError(f"by cannot be {by!r}.", advice="It can be call or notebook.")
    place = modes.in_force().folder if folder is None else modes.check_folder(folder)
    rows = frame(written(place / FILE), CALL)
    rows["stored"] = rows["source"] == STORED
    rows["sandbox"] = rows["credits"].where(rows["backend"] == SANDBOX, 0)
    totals = rows.groupby("notebook", dropna=False, observed=True).agg(
        calls=("method", "size"),
        stored=("stored", "sum"),
        characters=("characters", "sum"),
        credits=("credits", "sum"),
        first=("time", "min"),
        last=("time", "max"),
        sandbox=("sandbox", "sum"),
    )
    return totals.reset_index()


def written(path: Path) -> list[dict[str, Any]]:
    """Return the calls that are written in a file; a line that was cut off is none.

    Raises
    ------
    CartesiaError
        If there is such a file, but it cannot be read.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise CartesiaError(f"{path} cannot be read: {error.strerror}.") from None
    return [row for row in map(_read_row, lines) if row is not None]


def _read_row(line: bytes) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    sound = (
        isinstance(row, dict)
        and all(isinstance(row.get(name), str) for name in ("time", "method", "notebook"))
        and all(row.get(name) is None or is_whole(row[name]) for name in ("credits", "characters"))
    )
    return row if sound else None


def of_this_notebook(folder: Path) -> list[dict[str, Any]]:
    """Return the calls that cost, or were stored in their place: of this session, and of earlier kernels.

    Those of earlier kernels are found where it is known which notebook runs.
    """
    with _lock:
        here = [dict(row) for row in _rows if _is_written(row)]
    return [*_of_other_kernels(folder), *here]


def budget() -> int | None:
    """Return how many credits may be spent; None if no budget is set."""
    return _budget


def set_budget(credits: int | None) -> None:
    """Set how many credits this notebook may spend, over all of its kernels; None lifts it.

    Where it is not known which notebook runs, it is what this session may spend. What a call costs is
    estimated before it is sent. Stored answers cost nothing, and what the sandbox says is counted apart.

    Parameters
    ----------
    credits : int or None
        What was spent before counts, too.

    Raises
    ------
    InputError
        If it is no number of credits.

    Examples
    --------
    >>> set_budget(5000)
    >>> budget()
    5000
    >>> set_budget(None)
    """
    global _budget  # noqa: PLW0603
    if credits is not None and (not is_whole(credits) or credits < 0):
        raise InputError(f"a budget is a whole number of credits, or None for no limit, not {credits!r}.")
    _budget = None if credits is None else int(credits)


def spent(folder: Path | None = None, *, local: bool = False) -> int:
    """Return how many credits the budget has to count: of this session, and of this notebook's other kernels.

    Those of other kernels are read from the `folder`; by default, the one in force. They are those of the
    API, or of what was `local`.
    """
    with _lock:
        rows = [*_of_other_kernels(folder or modes.in_force().folder), *_rows]
    return sum(row.get("credits") or 0 for row in rows if bool(row.get("local")) == local)


def _of_other_kernels(folder: Path) -> list[dict[str, Any]]:
    name = notebook_name()
    rows = written(folder / FILE) if name else []
    here = {row["id"] for row in _rows}
    return [row for row in rows if row["notebook"] == name and row.get("id") not in here]


def _check_budget(request: Request, cost: Cost, calls: Path | None, *, local: bool) -> None:
    if _budget is None or cost.credits == 0:
        return
    if cost.credits is None:
        raise OverBudget(
            f"what {request.method} would cost is not known, and a budget of {_budget} credits is set.",
            advice="Lift it for this call: %cartesia budget off, or cartesia_nb.set_budget(None).",
        )
    used = spent(calls.parent if calls else None, local=local) + _pending[local]
    if used + cost.credits > _budget:
        raise OverBudget(
            f"{request.method} would cost about {cost.credits} credits, but of the budget of {_budget} "
            f"{used} are spent.",
            advice=f"Nothing was sent. Raise it: %cartesia budget {used + cost.credits}.",
        )
