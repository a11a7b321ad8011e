"""What the sandbox remembers: rows of JSON in SQLite, in memory or in a folder."""

import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from cartesia_nb.sandbox.errors import ApiError

Row: TypeAlias = dict[str, Any]

FILE_NAME = "sandbox.sqlite3"


class StateError(RuntimeError):
    """The folder cannot be used; the message says why."""


class State:
    """Rows of several kinds, each with an ``id``.

    Every change is a transaction of its own and in the system's hands when the method returns, so that
    the rows outlive the process, however it ends. All calls come from the server's one thread, and no
    other process can open the folder meanwhile.

    Parameters
    ----------
    folder
        Where to keep them; without one they end with the process.

    Raises
    ------
    StateError
        If the folder cannot be made or written, or another sandbox uses it.
    """

    def __init__(self, folder: Path | None = None) -> None:
        try:
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
            self._rows = _open(":memory:" if folder is None else folder / FILE_NAME)
        except (OSError, sqlite3.Error) as error:
            raise StateError(f"The sandbox cannot keep its data in {folder}: {_reason(error)}.") from error

    def all(self, kind: str) -> list[Row]:
        """Return the rows of a kind, the newest first."""
        found = self._rows.execute("SELECT body FROM rows WHERE kind = ? ORDER BY number DESC", (kind,))
        return [json.loads(body) for (body,) in found]

    def get(self, kind: str, id: str) -> Row | None:
        """Return a row, None if there is none."""
        found = self._rows.execute("SELECT body FROM rows WHERE kind = ? AND id = ?", (kind, id)).fetchone()
        return None if found is None else dict(json.loads(found[0]))

    def find(self, kind: str, id: str, name: str) -> Row:
        """Return a row, or refuse the request: ``name`` says what it asked for."""
        row = self.get(kind, id)
        if row is None:
            raise ApiError(404, "Not found", f"There is no {name} {id!r}.")
        return row

    def put(self, kind: str, row: Row) -> None:
        """Add a row, or change the one with its id, which keeps its place."""
        self._rows.execute(
            "INSERT INTO rows (kind, id, body) VALUES (?, ?, ?) "
            "ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
            (kind, row["id"], json.dumps(row)),
        )

    def delete(self, kind: str, id: str) -> bool:
        """Delete a row; False if there was none."""
        return self._rows.execute("DELETE FROM rows WHERE kind = ? AND id = ?", (kind, id)).rowcount > 0

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make several changes one: all of them last, or none."""
        self._rows.execute("BEGIN")
        with self._rows:
            yield

    def seed(self, kind: str, rows: Iterable[Row]) -> None:
        """Add the rows, oldest first, that a new sandbox has; later calls for the kind do nothing.

        So what was deleted stays deleted when the sandbox starts again.
        """
        if self.get("seeded", kind) is None:
            with self.together():
                for row in rows:
                    self.put(kind, row)
                self.put("seeded", {"id": kind})


def new_id(prefix: str) -> str:
    """Return an id that nothing else has, like ``dataset_5c01...``."""
    return f"{prefix}_{secrets.token_hex(11)}"


def _open(path: Path | str) -> sqlite3.Connection:
    # Without an isolation level, each statement is a transaction of its own.
    rows = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    # The lock is the system's: it ends with the process, also with one that is killed.
    rows.execute("PRAGMA locking_mode = EXCLUSIVE")
    rows.execute("PRAGMA journal_mode = WAL")
    # What is committed is then the system's to write: safe from our own end, if not from a power cut.
    rows.execute("PRAGMA synchronous = NORMAL")
    rows.execute(
        "CREATE TABLE IF NOT EXISTS rows (number INTEGER PRIMARY KEY AUTOINCREMENT, "
        "kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (kind, id))"
    )
    return rows


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return "another sandbox uses it" if "locked" in str(error) else str(error)
