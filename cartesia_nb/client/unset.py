"""`UNSET`: an argument that was left out, where None would say something to the API."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, Literal


class _Unset(Enum):
    UNSET = "left out"

    def __repr__(self) -> str:
        return "UNSET"


Unset = Literal[_Unset.UNSET]
UNSET: Final = _Unset.UNSET


def given(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments that were not left out."""
    return {name: value for name, value in arguments.items() if value is not UNSET}
