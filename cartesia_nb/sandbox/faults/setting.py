"""The header ``Sandbox-Fault``, read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cartesia_nb.sandbox.errors import invalid

MAX_SECONDS = 3600
MAX_TOKEN = 100
FRAMINGS = ("length", "chunked")


@dataclass(frozen=True)
class Setting:
    """The parameters of a fault; a fault that does not take one leaves it alone.

    ``after`` counts bytes of the body; without it, it is half of them. ``framing`` is as the answer has it,
    unless told.
    """

    seconds: float = 0
    after: int | None = None
    framing: str | None = None


def split_header(text: str) -> tuple[str, dict[str, str]]:
    """Return the name of a fault, and its parameters as they were written."""
    name, *parts = (part.strip() for part in text.split(";"))
    parameters = {}
    for part in parts:
        key, sign, value = (piece.strip() for piece in part.partition("="))
        if not key or not sign or not value:
            raise invalid(f"Sandbox-Fault: {part!r} is no parameter like seconds=2.")
        parameters[key] = value
    return name, parameters


def read_setting(name: str, parameters: dict[str, str], defaults: dict[str, Any]) -> Setting:
    """Return the setting of a fault that takes the parameters in ``defaults``."""
    for key in parameters:
        if key not in defaults:
            takes = ", ".join([*defaults, "once"])
            raise invalid(f"Sandbox-Fault: {name} has no parameter {key!r}. It takes {takes}.")
    return Setting(**defaults | {key: READERS[key](value) for key, value in parameters.items()})


def read_token(text: str) -> str:
    """Return the token of ``once``."""
    if len(text) > MAX_TOKEN:
        raise invalid(f"Sandbox-Fault: once has at most {MAX_TOKEN} characters.")
    return text


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= MAX_SECONDS:
        raise invalid(f"Sandbox-Fault: seconds must be a number from 0 to {MAX_SECONDS}.")
    return seconds


def _after(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise invalid("Sandbox-Fault: after must be a whole number of bytes.")
    return int(text)


def _framing(text: str) -> str:
    if text not in FRAMINGS:
        raise invalid(f"Sandbox-Fault: framing must be one of {', '.join(FRAMINGS)}.")
    return text


READERS: dict[str, Callable[[str], Any]] = {"seconds": _seconds, "after": _after, "framing": _framing}
