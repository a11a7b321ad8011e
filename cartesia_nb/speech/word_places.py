"""Where words stand under a waveform: at their times, as far as there is room for all."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from cartesia_nb.speech.timing import Timed

#: In em: how wide a waveform is; about how wide a letter, a wide one, and the blank after a word are.
WIDTH, LETTER, WIDE_LETTER, BLANK = 56, 0.57, 1.0, 0.7
#: How far from its time a word may stand, in em.
DRIFT = 4


def places(timed: Sequence[Timed], duration: float) -> list[float]:
    """Return where words begin under the waveform, as parts of its width; [] if they do not fit there."""
    if not timed or not duration:
        return []
    sizes = [_em(word.text) + BLANK for word in timed]
    wanted = [
        min(WIDTH * word.start / duration, WIDTH - size) for word, size in zip(timed, sizes, strict=True)
    ]
    lefts = _side_by_side(wanted, sizes)
    near = all(abs(left - want) <= DRIFT for left, want in zip(lefts, wanted, strict=True))
    inside = lefts[0] >= 0 and lefts[-1] + sizes[-1] <= WIDTH
    return [left / WIDTH for left in lefts] if near and inside else []


def _side_by_side(wanted: Sequence[float], sizes: Sequence[float]) -> list[float]:
    """Return places near those that are wanted, where none covers another."""
    later, free = [], -float("inf")
    for want, size in zip(wanted, sizes, strict=True):
        later.append(max(want, free))
        free = later[-1] + size
    earlier, end = [], float("inf")
    for want, size in zip(reversed(wanted), reversed(sizes), strict=True):
        earlier.append(min(want, end - size))
        end = earlier[-1]
    # In both none covers another, so in their mean, too; it is half as far from what is wanted.
    return [(one + other) / 2 for one, other in zip(later, reversed(earlier), strict=True)]


def _em(text: str) -> float:
    """Return about how wide a text is, in em; those of Chinese and its neighbours are wide letters, too."""
    wide = sum(letter in "mwMW" or unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return LETTER * (len(text) - wide) + WIDE_LETTER * wide
