"""Comparing voices that say the same: with their names, or blind."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cartesia_nb.frames import TIME, Schema
from cartesia_nb.wire.errors import InputError

#: How many voices are compared at most.
MOST = 4

CHOICE: Schema = {"time": TIME, "sentence": "string", "voices": "object", "chosen": "string"}


@dataclass(frozen=True)
class Take:
    """What one of the voices said; `name` is what a page asks for to hear it."""

    label: str
    voice: str
    name: str


@dataclass(frozen=True)
class Comparison:
    """Voices that say the same.

    Attributes
    ----------
    text : str
        What they say.
    takes : sequence of Take
        In the order in which they are shown.
    blind : bool
        Whether their names are hidden until one is chosen.
    chosen : Take or None
        The best one, where somebody chose.
    """

    text: str
    takes: Sequence[Take]
    blind: bool
    chosen: Take | None = None

    @property
    def told(self) -> bool:
        """Whether the names may be known."""
        return not self.blind or self.chosen is not None

    def choose(self, label: str) -> Comparison:
        """Return the comparison with a choice made, which cannot be changed then.

        Raises
        ------
        InputError
            If there is nothing (any more) to choose.
        """
        found = [take for take in self.takes if take.label == label]
        if self.told or not found:
            raise InputError(f"{label!r} cannot be chosen.", advice="Compare blind once more.")
        return Comparison(self.text, self.takes, self.blind, found[0])

    def as_choice(self) -> dict[str, Any]:
        """Return the choice as a row of `CHOICE`."""
        return {
            "time": datetime.now(UTC).isoformat(),
            "sentence": self.text,
            "voices": [take.voice for take in self.takes],
            "chosen": None if self.chosen is None else self.chosen.voice,
        }

    def for_page(self) -> dict[str, Any]:
        """Return what a page may know: not which voice is which, before the choice."""
        return {
            "text": self.text,
            "blind": self.blind,
            "chosen": self.chosen.label if self.chosen else None,
            "takes": [
                {"label": take.label, "voice": take.voice if self.told else None, "take": take.name}
                for take in self.takes
            ],
        }


def in_order(voices: Sequence[str], *, blind: bool) -> list[str]:
    """Return voices in the order in which they are heard: blind, in one that nobody knows.

    Raises
    ------
    InputError
        If there are fewer than two, or too many.
    """
    if not 2 <= len(voices) <= MOST:
        raise InputError(f"two to {MOST} voices can be compared, not {len(voices)}.")
    return random.SystemRandom().sample(voices, len(voices)) if blind else list(voices)
