"""Words and stretches of time: which words a stretch means, and how long words last."""

from __future__ import annotations

from collections.abc import Sequence

from cartesia_nb.speech.cut_points import middle
from cartesia_nb.speech.timing import Timed

#: From the first to the last of some words, counted from 0.
Range = tuple[int, int]

#: How long a stretch is at least, in seconds.
SHORTEST = 0.02


def meant(words: Sequence[Timed], start: float, end: float) -> Range | None:
    """Return which words somebody means who points at a stretch of time; None for a pause.

    A word is meant if half of it lies in the stretch, or half of the stretch in it.

    Examples
    --------
    >>> words = [Timed("We", 0.1, 0.3), Timed("meet", 0.4, 0.8), Timed("now.", 0.9, 1.2)]
    >>> meant(words, 0.05, 0.7), meant(words, 0.5, 0.55), meant(words, 0.81, 0.89)
    ((0, 1), (1, 1), None)
    """
    found = [
        number
        for number, word in enumerate(words)
        if 2 * (min(word.end, end) - max(word.start, start)) >= min(word.end - word.start, end - start)
        and word.start < end
        and word.end > start
    ]
    return (found[0], found[-1]) if found else None


def stretch(words: Sequence[Timed], chosen: Range, duration: float) -> tuple[float, float]:
    """Return from when to when words are said; the silence before the first and after the last is theirs.

    Examples
    --------
    >>> words = [Timed("We", 0.1, 0.3), Timed("meet", 0.4, 0.8), Timed("now.", 0.9, 1.2)]
    >>> stretch(words, (1, 1), 1.5), stretch(words, (1, 2), 1.5)
    ((0.4, 0.8), (0.4, 1.5))
    """
    first, last = chosen
    start = 0.0 if first == 0 else min(words[first].start, duration - SHORTEST)
    end = duration if last == len(words) - 1 else min(words[last].end, duration)
    # Recognisers hear words that last no time at all.
    missing = max(0.0, SHORTEST - (end - start)) / 2
    return max(0.0, start - missing), min(end + missing, duration)


def around(words: Sequence[Timed], start: float, end: float) -> tuple[list[Timed], list[Timed]]:
    """Return the words that stay before and after a part that is cut out; a word is where its middle is.

    They do not reach into the part.
    """
    before = [Timed(word.text, word.start, min(word.end, start)) for word in words if middle(word) <= start]
    after = [Timed(word.text, max(word.start, end), word.end) for word in words if middle(word) >= end]
    return before, after
