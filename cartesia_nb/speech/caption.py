"""What is said of a sound in a few words: how long, who, from where, at what price."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LONGEST_QUOTE = 60


def facts(seconds: float, made: Mapping[str, Any]) -> list[str]:
    """Return what is worth knowing about a sound of this length and provenance, in short phrases."""
    who = voice_label(made)
    known = [
        f"{seconds:.2f} s",
        f"voice {who}" if who else "",
        str(made.get("model_id") or ""),
        origin(made),
    ]
    return [fact for fact in [*known, "stored" if made.get("stored") else ""] if fact]


def origin(made: Mapping[str, Any]) -> str:
    """Return what a provenance says about the cost, and whether the sandbox stood in for the API."""
    price = made.get("credits")
    cost = "" if price is None else f"about {price} credit{'' if price == 1 else 's'}"
    if made.get("backend") == "sandbox":
        return "made by the sandbox, not by Cartesia" + (f" (there {cost})" if cost else "")
    return cost


def voice_label(made: Mapping[str, Any]) -> str:
    """Return the voice of a provenance by its name, or by the beginning of its id; "" if there is none."""
    voice = str(made.get("voice_id") or "")
    return str(made.get("voice_name") or (f"{voice[:8]}…" if voice else ""))


def short(text: str) -> str:
    """Return the beginning of a text, on one line."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"
