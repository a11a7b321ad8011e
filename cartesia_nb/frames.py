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

AGENT: Schema = {
    "id": "string",
    "name": "string",
    "description": "string",
    "tts_voice": "string",
    "tts_language": "category",
    "deployment_count": "Int64",
    "has_text_to_agent_run": "boolean",
    "phone_numbers": "object",
    "webhook_id": "string",
    "git_repository": "object",
    "git_deploy_branch": "string",
    "created_at": TIME,
    "updated_at": TIME,
    "deleted_at": TIME,
}
AGENT_TEMPLATE: Schema = {
    "id": "string",
    "name": "string",
    "description": "string",
    "repo_url": "string",
    "root_dir": "string",
    "required_env_vars": "object",
    "dependencies": "object",
    "owner_id": "string",
    "created_at": TIME,
    "updated_at": TIME,
}
PHONE_NUMBER: Schema = {
    "number": "string",
    "agent_id": "string",
    "is_cartesia_managed": "boolean",
    "created_at": TIME,
    "updated_at": TIME,
}
DEPLOYMENT: Schema = {
    "id": "string",
    "agent_id": "string",
    "status": "category",
    "is_live": "boolean",
    "is_pinned": "boolean",
    "git_commit_hash": "string",
    "source_code_file_id": "string",
    "env_var_collection_id": "string",
    "created_at": TIME,
    "updated_at": TIME,
    "build_started_at": TIME,
    "build_completed_at": TIME,
    "build_logs": "string",
    "build_error": "string",
    "deployment_started_at": TIME,
    "deployment_completed_at": TIME,
    "deployment_error": "string",
}
CALL: Schema = {
    "id": "string",
    "agent_id": "string",
    "deployment_id": "string",
    "status": "category",
    "start_time": TIME,
    "end_time": TIME,
    "summary": "string",
    "transcript": "object",
    "telephony_params": "object",
    "error_message": "string",
}
METRIC: Schema = {
    "id": "string",
    "name": "string",
    "display_name": "string",
    "prompt": "string",
    "created_at": TIME,
}
METRIC_RESULT: Schema = {
    "id": "string",
    "metric_id": "string",
    "metric_name": "category",
    "agent_id": "string",
    "deployment_id": "string",
    "call_id": "string",
    "status": "category",
    "result": "string",
    "value": "object",
    "summary": "string",
    "transcript": "object",
    "run_id": "string",
    "created_at": TIME,
}
TURN: Schema = {
    "role": "category",
    "text": "string",
    "start": "Float64",
    "end": "Float64",
    "time_to_first_byte": "Float64",
    "tool_calls": "object",
    "end_reason": "category",
}
WORD: Schema = {"word": "string", "start": "float64", "end": "float64"}
PHONEME: Schema = {"phoneme": "string", "start": "float64", "end": "float64"}
TRANSCRIPT: Schema = {
    "file": "string",
    "text": "string",
    "language": "category",
    "duration": "float64",
    "words": "object",
    "credits": "Int64",
    "error": "string",
}
ACCENT: Schema = {
    "id": "string",
    "name": "string",
    "language": "category",
    "locale": "category",
    "is_localizable": "boolean",
    "is_locale_default": "boolean",
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


# What JSON values a column of each type may hold without being changed.
FITTING: Mapping[str, set[type]] = {
    "string": {str},
    "category": {str},
    TIME: {str},
    "boolean": {bool},
    "Int64": {int},
    "Float64": {int, float},
    "float64": {int, float},
}


def frame(rows: Sequence[Mapping[str, Any]], schema: Schema) -> pd.DataFrame:
    """Make a DataFrame of JSON rows.

    Parameters
    ----------
    rows : sequence of mappings
        As the API sent them; any field may be missing or null.
    schema : mapping
        Column name -> type: ``"string"``, ``"boolean"``, ``"category"``, ``"Int64"``, ``"Float64"``,
        ``"float64"``, ``"datetime64[ns, UTC]"`` or ``"object"``.

    Returns
    -------
    DataFrame
        A row for each row, in the same order.
    """
    unknown = set().union(*rows) - schema.keys()
    extra = dict.fromkeys(name for row in (rows if unknown else ()) for name in row if name in unknown)
    columns = {name: _column([row.get(name) for row in rows], kind) for name, kind in schema.items()}
    columns |= {name: pd.Series([row.get(name) for row in rows], dtype=object) for name in extra}
    return pd.DataFrame(columns, copy=False)


def _column(values: list[Any], kind: str) -> pd.Series[Any]:
    raw = pd.Series(values, dtype=object)
    if kind == "object" or not set(map(type, values)) <= FITTING[kind] | {type(None)}:
        return raw
    try:
        if kind == TIME:
            return pd.to_datetime(raw, utc=True, format="ISO8601").dt.as_unit("ns")
        return raw.astype(kind)  # type: ignore[call-overload, no-any-return]
    except (ValueError, OverflowError):  # no such time; a number that is too large
        return raw
