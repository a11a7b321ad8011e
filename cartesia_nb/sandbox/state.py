"""What the sandbox remembers: rows of JSON in SQLite, in memory or in a folder."""

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeAlias

Row: TypeAlias = dict[str, Any]

FILE_NAME = "sandbox.sqlite3"


class State:
    """Rows of several kinds, each with an ``id``.

    Every change is a transaction of its own and on the way to the disk when the method returns, so that
    the rows outlive the process, however it ends. All calls come from the server's one thread.

    Parameters
    ----------
    folder
        Where to keep them; without one they end with the process.
    """

    def __init__(self, folder: Path | None = None) -> None:
        # Without an isolation level, each statement is a transaction of its own.
        self._rows = sqlite3.connect(
            ":memory:" if folder is None else folder / FILE_NAME,
            isolation_level=None,
            check_same_thread=False,
        )
        self._rows.execute("PRAGMA journal_mode = WAL")
        self._rows.execute(
            "CREATE TABLE IF NOT EXISTS rows (number INTEGER PRIMARY KEY AUTOINCREMENT, "
            "kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (kind, id))"
        )

    def all(self, kind: str) -> list[Row]:
        """Return the rows of a kind, the newest first."""
        found = self._rows.execute("SELECT body FROM rows WHERE kind = ? ORDER BY number DESC", (kind,))
        return [json.loads(body) for (body,) in found]

    def get(self, kind: str, id: str) -> Row | None:
        """Return a row, None if there is none."""
        found = self._rows.execute("SELECT body FROM rows WHERE kind = ? AND id = ?", (kind, id)).fetchone()
        return None if found is None else dict(json.loads(found[0]))

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

    def seed(self, kind: str, rows: Iterable[Row]) -> None:
        """Add the rows, oldest first, that a new sandbox has; later calls for the kind do nothing.

        So what was deleted stays deleted when the sandbox starts again.
        """
        if self.get("seeded", kind) is None:
            self._rows.execute("BEGIN")
            with self._rows:
                for row in rows:
                    self.put(kind, row)
                self.put("seeded", {"id": kind})
