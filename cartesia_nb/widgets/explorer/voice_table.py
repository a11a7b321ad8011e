"""The voices on their way to a page: all of them at once, and small."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from cartesia_nb.wire import catalog
from cartesia_nb.wire.errors import InputError

#: The columns that a page shows, and what its words for them are.
SHOWN = ("id", "name", "tagline", "description", "language", "gender", "country", "accent")
OWNERS = {True: "you", False: "others"}

Voice = Mapping[str, Any]


def checked(voices: Any) -> pd.DataFrame:
    """Return a DataFrame of voices, each once.

    Raises
    ------
    InputError
        If it is something else.
    """
    if not isinstance(voices, pd.DataFrame) or not {"id", "name"} <= set(voices.columns):
        got = "this DataFrame" if isinstance(voices, pd.DataFrame) else type(voices).__name__
        raise InputError(
            f"voices are a DataFrame with the columns id and name, not {got}.",
            advice="Give what voices.list() returns, or a part of it; without it, all voices are shown.",
        )
    return voices.dropna(subset="id").drop_duplicates("id").reset_index(drop=True)


def by_id(voices: pd.DataFrame) -> dict[str, Voice]:
    """Return what is to be known of a voice that speaks: its id, name and language."""
    texts = {name: _texts(voices[name]) for name in ("id", "name", "language") if name in voices}
    rows = [dict(zip(texts, row, strict=True)) for row in zip(*texts.values(), strict=True)]
    return {row["id"]: {**row, "name": row["name"] or row["id"]} for row in rows}


def packed(voices: pd.DataFrame) -> bytes:
    """Return voices as compressed JSON, column by column, with what speaking costs.

    Columns that are missing, or have nothing in them, are left out.
    """
    columns = {name: _texts(voices[name]) for name in SHOWN if name in voices}
    if "is_owner" in voices:
        columns["owner"] = [OWNERS.get(value) for value in _plain(voices["is_owner"])]
    if "created_at" in voices:
        columns["created"] = [
            None if value is None else str(value)[:19] for value in _plain(voices["created_at"])
        ]
    kept = {name: column for name, column in columns.items() if name in ("id", "name") or any(column)}
    price = {"character": catalog.CREDITS_PER_CHARACTER, "tag": catalog.TAG.pattern}
    return gzip.compress(json.dumps({"columns": kept, "price": price}).encode(), compresslevel=3)


def _texts(column: pd.Series[Any]) -> list[str | None]:
    return [None if value is None else str(value) for value in _plain(column)]


def _plain(column: pd.Series[Any]) -> list[Any]:
    """Return values as Python's own, with None where there is none."""
    values = column.astype(object)
    return values.where(values.notna(), None).tolist()
