"""When each word, or phoneme, is said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Timed(NamedTuple):
    """A word or a phoneme, with its beginning and end in seconds."""

    text: str
    start: float
    end: float


def within(spoken: Iterable[Timed], start: float, end: float) -> tuple[Timed, ...]:
    """Return what is said between two times, counted from `start`; what is cut at an end counts as said.

    Examples
    --------
    >>> within([Timed("a", 0, 1), Timed("b", 1, 2), Timed("c", 2, 3)], 1.5, 2.5)
    (Timed(text='b', start=0.0, end=0.5), Timed(text='c', start=0.5, end=1.0))
    """
    return tuple(
        Timed(word.text, max(word.start, start) - start, min(word.end, end) - start)
        for word in spoken
        if word.start < end and word.end > start
    )


def later(spoken: Iterable[Timed], seconds: float) -> tuple[Timed, ...]:
    """Return the same, so many seconds later."""
    return tuple(Timed(word.text, word.start + seconds, word.end + seconds) for word in spoken)
