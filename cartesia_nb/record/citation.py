"""Citing: which models, voices and versions a notebook used, and when."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from cartesia_nb._version import __version__
from cartesia_nb.record import ledger, modes
from cartesia_nb.record.store import LOOK_UP, Store

OPENING = "Speech was made and transcribed with Cartesia's API (https://cartesia.ai):"


def cite() -> str:
    """Return what this notebook used, as a paragraph for a paper.

    It tells of the calls of this session, and of those that other kernels of the same notebook have written
    down; of stored answers, too.

    Returns
    -------
    str
        Markdown.

    Examples
    --------
    >>> import cartesia_nb
    >>> speech = cartesia_nb.connect().tts.bytes("Hello!")
    >>> "sonic-3.5" in cartesia_nb.cite()
    True
    """
    store = Store(modes.in_force().folder)
    rows = [row for row in ledger.of_this_notebook(store.folder) if not row.get("error")]
    if not rows:
        return "Nothing was made or heard with Cartesia's API yet."
    # What was stored is as old as its answer, whenever it is heard.
    days = sorted({str(row.get("made_at") or row["time"])[:10] for row in rows})
    told = {
        "Methods": _values(rows, "method"),
        "Models": _values(rows, "model_id"),
        "Voices": [_voice(voice, _names(store)) for voice in _values(rows, "voice_id")],
        "API versions": _values(rows, "version"),
        "Dates": days if len(days) == 1 else [f"{days[0]} to {days[-1]}"],
        "Software": [f"cartesia_nb {__version__}"],
    }
    lines = [f"- {name}: {', '.join(values)}" for name, values in told.items() if values]
    return "\n".join([OPENING, "", *lines, *_sandbox(rows)])


def _values(rows: Sequence[Mapping[str, Any]], name: str) -> list[str]:
    return sorted({str(row[name]) for row in rows if row.get(name)})


def _voice(voice_id: str, names: Mapping[str, str]) -> str:
    return f"{names[voice_id]} ({voice_id})" if voice_id in names else voice_id


def _names(store: Store) -> dict[str, str]:
    """Return the names by which voices were looked up, as far as that is kept."""
    names = {}
    for entry in store.entries(LOOK_UP):
        try:
            voice = json.loads(entry.text or "{}")
            names[str(voice["id"])] = str(voice["name"] or voice["id"])
        except (ValueError, TypeError, LookupError, RecursionError):  # no voice of that name, or damaged
            continue
    return names


def _sandbox(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    made = {row.get("backend") for row in rows}
    if "sandbox" not in made:
        return []
    what = "All" if made == {"sandbox"} else "Some"
    return ["", f"{what} of it was made by the offline sandbox of cartesia_nb, not by Cartesia."]
