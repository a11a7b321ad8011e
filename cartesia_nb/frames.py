"""JSON rows -> typed DataFrames.

The columns of a schema come first and in its order, even when there is no row; fields that it does not
know follow as they came. A value that does not fit its column's type makes the column `object`: no row
is ever lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from cartesia_nb.wire.versions import NEWEST, V2025_04, V2025_11

Schema = Mapping[str, str]

TIME = "datetime64[ns, UTC]"

_VOICE_BEGINS = {"id": "string", "name": "string"}
_VOICE_ENDS = {
    "description": "string",
    "language": "category",
    "gender": "category",
    "is_owner": "boolean",
    "created_at": TIME,
}

#: The columns of a voice, by the version that was asked for.
VOICE: Mapping[str, Schema] = {
    V2025_04: {**_VOICE_BEGINS, **_VOICE_ENDS, "is_public": "boolean"},
    V2025_11: {
        **_VOICE_BEGINS,
        **_VOICE_ENDS,
        "is_public": "boolean",
        "country": "category",
        "locales": "object",
    },
    NEWEST: {
        **_VOICE_BEGINS,
        "tagline": "string",
        **_VOICE_ENDS,
        "access": "category",
        "visibility": "category",
        "accent": "category",
        "country": "category",
        "locales": "object",
    },
}

DATASET: Schema = {"id": "string", "name": "string", "description": "string", "created_at": TIME}
DATASET_FILE: Schema = {"id": "string", "filename": "string", "size": "Int64", "created_at": TIME}
FINE_TUNE: Schema = {
    "id": "string",
    "name": "string",
    "description": "string",
    "language": "category",
    "model_id": "category",
    "dataset": "string",
    "status": "category",
}
PRONUNCIATION_DICT: Schema = {
    "id": "string",
    "name": "string",
    "owner_id": "string",
    "pinned": "boolean",
    "items": "object",
    "created_at": TIME,
}


def frame(rows: Sequence[Mapping[str, Any]], schema: Schema) -> pd.DataFrame:
    """Make a DataFrame of JSON rows.

    Parameters
    ----------
    rows : sequence of mappings
        As the API sent them; any field may be missing or null.
    schema : mapping
        Column name -> type: ``"string"``, ``"boolean"``, ``"category"``, ``"Int64"``, ``"Float64"``,
        ``"datetime64[ns, UTC]"`` or ``"object"``.

    Returns
    -------
    DataFrame
        A row for each row, in the same order.
    """
    extra = dict.fromkeys(name for row in rows for name in row if name not in schema)
    columns = {name: _column([row.get(name) for row in rows], kind) for name, kind in schema.items()}
    columns |= {name: pd.Series([row.get(name) for row in rows], dtype=object) for name in extra}
    return pd.DataFrame(columns)


def _column(values: list[Any], kind: str) -> pd.Series[Any]:
    raw = pd.Series(values, dtype=object)
    try:
        if kind == TIME:
            return pd.to_datetime(raw, utc=True, format="ISO8601").dt.as_unit("ns")
        if kind in ("string", "category") and not all(
            value is None or isinstance(value, str) for value in values
        ):
            return raw
        return raw.astype(kind)  # type: ignore[call-overload, no-any-return]
    except (TypeError, ValueError):
        return raw
