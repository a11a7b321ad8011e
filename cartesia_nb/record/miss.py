"""What a replay says about a request that has no stored answer."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from cartesia_nb.record.asked import flat
from cartesia_nb.record.entry import Entry
from cartesia_nb.record.store import NEVER_KEPT, Store
from cartesia_nb.wire.errors import NotStored

WAY_OUT = "Run the cell once with a key: %cartesia record cache, or CARTESIA_NB_RECORD=cache."
LONGEST_VALUE, MOST_DIFFERENCES = 40, 4
#: What says best what a request is about, where it has it.
TELLING = ("body.transcript", "fields.transcript", "query.q", "known_by.name", "path")


def not_stored(store: Store, asked: Mapping[str, Any], *, fresh: bool) -> NotStored:
    """Return the error: what was asked, the stored request that is most like it, and what differs."""
    what = f"replay: there is no stored answer to {told(asked)} in {store.folder}."
    if asked["method"] in NEVER_KEPT:
        return NotStored(f"{what} Tokens are never kept.", advice="Leave the cell out of a replay.")
    near = nearest(asked, store)
    if near is None:
        return NotStored(f"{what} Nothing of {asked['method']} is stored.", advice=WAY_OUT)
    found = differences(near.asked, asked)
    if not found:
        missing = "Another take of it (fresh) was never made." if fresh else "It is stored for another place."
        return NotStored(f"{what} {missing}", advice=WAY_OUT)
    more = f", and {len(found) - MOST_DIFFERENCES} more" if len(found) > MOST_DIFFERENCES else ""
    changes = "; ".join(found[:MOST_DIFFERENCES]) + more
    return NotStored(f"{what} The nearest, of {near.made_at}, differs: {changes}.", advice=WAY_OUT)


def told(asked: Mapping[str, Any]) -> str:
    """Return a request in a few words.

    Examples
    --------
    >>> told({"method": "tts.bytes", "path": "/tts/bytes", "body": {"transcript": "Hello!"}})
    "tts.bytes 'Hello!'"
    """
    return f"{asked['method']} {_short(subject(flat(asked)))}"


def nearest(asked: Mapping[str, Any], store: Store) -> Entry | None:
    """Return the entry of the same method that differs in the fewest fields, and there the least."""
    fields = flat(asked)
    return max(
        store.entries(asked["method"]), key=lambda entry: _likeness(flat(entry.asked), fields), default=None
    )


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return what is another in each of two requests, field by field.

    Examples
    --------
    >>> differences({"body": {"voice": {"id": "a"}}}, {"body": {"voice": {"id": "b"}}})
    ["voice.id changed from 'a' to 'b'"]
    """
    old, new = flat(before), flat(now)
    found = []
    for name in dict.fromkeys([*old, *new]):
        shown = name.partition(".")[2] or name
        if name not in new:
            found.append(f"{shown} {_short(old[name])} is gone")
        elif name not in old:
            found.append(f"{shown} {_short(new[name])} is new")
        elif old[name] != new[name]:
            found.append(f"{shown} changed from {_short(old[name])} to {_short(new[name])}")
    return found


def _likeness(fields: Mapping[str, Any], wanted: Mapping[str, Any]) -> tuple[int, float]:
    same = sum(fields.get(name) == value for name, value in wanted.items())
    extra = sum(name not in wanted for name in fields)
    return same - extra, difflib.SequenceMatcher(None, subject(fields), subject(wanted)).quick_ratio()


def subject(fields: Mapping[str, Any]) -> str:
    """Return what says best what a request is about: its text, or else what it looks for."""
    return str(next((fields[name] for name in TELLING if name in fields), ""))


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 2]}…{text[-1]}"
