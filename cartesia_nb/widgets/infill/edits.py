"""What was edited in a recording, step by step: to go back and forth, and to compare with the original."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cartesia_nb.speech.cut_points import Cut
from cartesia_nb.speech.speech import Speech
from cartesia_nb.speech.splice import Spliced
from cartesia_nb.wire.errors import InputError

#: A time in the original, and the time of the same place in a later version, in seconds.
Anchor = tuple[float, float]


@dataclass
class Version:
    """A recording after some edits.

    Attributes
    ----------
    speech : Speech
    anchors : sequence of (float, float)
        Which times in the original and in this version are the same place; in between, time runs evenly.
    edits : sequence of dict
        What was done to the original.
    selection : (float, float) or None
        What is selected in it, in seconds.
    """

    speech: Speech
    anchors: Sequence[Anchor]
    edits: Sequence[dict[str, Any]] = ()
    selection: tuple[float, float] | None = None


@dataclass
class Edits:
    """The versions of a recording, of which one is the current one.

    Examples
    --------
    >>> import cartesia_nb
    >>> edits = Edits.of(cartesia_nb.connect().tts.bytes("Hello!"))
    >>> edits.current is edits.original
    True
    """

    versions: list[Version]
    at: int = field(default=0)

    @classmethod
    def of(cls, speech: Speech) -> Edits:
        """Return those of a recording to which nothing was done yet."""
        return cls([Version(speech, [(0.0, 0.0), (speech.duration, speech.duration)])])

    @property
    def original(self) -> Version:
        """The recording as it was."""
        return self.versions[0]

    @property
    def current(self) -> Version:
        """The recording as it is."""
        return self.versions[self.at]

    def add(self, done: Spliced, cut: Cut, edit: dict[str, Any]) -> None:
        """Make a new version the current one; what was undone before is forgotten."""
        now = self.current
        anchors = moved(now.anchors, cut, done.end)
        self.versions = [
            *self.versions[: self.at + 1],
            Version(done.speech, anchors, [*now.edits, edit], (done.start, done.end)),
        ]
        self.at += 1

    def undo(self) -> None:
        """Go back to the version before.

        Raises
        ------
        InputError
            If this is the original.
        """
        if self.at == 0:
            raise InputError("there is nothing to undo.")
        self.at -= 1

    def redo(self) -> None:
        """Go on to the version after.

        Raises
        ------
        InputError
            If this is the last one.
        """
        if self.at == len(self.versions) - 1:
            raise InputError("there is nothing to redo.")
        self.at += 1


def moved(anchors: Sequence[Anchor], cut: Cut, end: float) -> list[Anchor]:
    """Return the anchors of a version where something that ends at `end` took the place of what was cut out.

    Examples
    --------
    >>> moved([(0.0, 0.0), (4.0, 4.0)], Cut(1.0, 2.0), 2.5)
    [(0.0, 0.0), (1.0, 1.0), (2.0, 2.5), (4.0, 4.5)]
    """
    originals, times = zip(*anchors, strict=True)
    first, last = (float(time) for time in np.interp(cut, times, originals))
    before = [anchor for anchor in anchors if anchor[1] < cut.start]
    after = [(original, time + end - cut.end) for original, time in anchors if time > cut.end]
    return [*before, (first, cut.start), (last, end), *after]
