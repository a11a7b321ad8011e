"""What was said in a call, as rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Our name of a turn's field -> the API's.
TURN_FIELDS = {
    "role": "role",
    "text": "text",
    "start": "start_timestamp",
    "end": "end_timestamp",
    "time_to_first_byte": "tts_ttfb",
    "tool_calls": "tool_calls",
    "end_reason": "end_reason",
}


def turns_of(call: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a row for each turn of a call; none if there is no transcript of it."""
    return [
        {name: turn.get(wire) for name, wire in TURN_FIELDS.items()} for turn in call.get("transcript") or []
    ]
