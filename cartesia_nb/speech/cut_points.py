"""Where speech is cut: at the quietest point nearby, and never through a neighbouring word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartesia_nb.speech.codecs import Samples, finite, mono
from cartesia_nb.speech.timing import Timed

if TYPE_CHECKING:
    from cartesia_nb.speech.speech import Speech

#: How far from where somebody pointed a cut may lie, in seconds: about half of a syllable.
NEAR = 0.08
#: What counts as one moment, in seconds: longer than a period of the lowest voice.
MOMENT = 0.015
#: Cuts lie on whole milliseconds, so that they can be written down in a line of code.
STEP = 0.001
#: The power of what nobody hears, 90 dB below full scale: below it, one moment is as quiet as another.
UNHEARD = 1e-9
#: How much quieter a moment has to be than one nearer by, in dB for a second.
SLOPE = 250.0


class Cut(NamedTuple):
    """A part that is taken out of a speech: from `start` to `end`, in seconds."""

    start: float
    end: float


def cut_points(speech: Speech, start: float, end: float) -> Cut:
    """Return where to cut a speech to take out what lies between two times.

    Parameters
    ----------
    speech : Speech
    start, end : float
        In seconds.

    Returns
    -------
    Cut
        Each of its ends is the quietest point within 80 ms, but no farther than the middle of the next
        word. What begins at 0 or reaches the end does so in the cut, too.

    Examples
    --------
    >>> import cartesia_nb
    >>> speech = cartesia_nb.connect().tts.bytes("We meet on Tuesday at ten.")
    >>> cut = cut_points(speech, 0.0, 0.5)
    >>> cut.start, abs(cut.end - 0.5) <= NEAR
    (0.0, True)
    """
    middle = (start + end) / 2
    first = 0.0 if start <= 0 else _cut_at(speech, start, -np.inf, middle)
    last = speech.duration if end >= speech.duration else _cut_at(speech, end, middle, np.inf)
    return Cut(first, last)


def _cut_at(speech: Speech, wanted: float, low: float, high: float) -> float:
    before, after = _middles_around(speech.timed_words, wanted)
    low = max(low, wanted - NEAR, before, 0.0)
    high = min(high, wanted + NEAR, after, speech.duration)
    return quietest(speech.samples, speech.sample_rate, wanted, low, high)


def _middles_around(words: Sequence[Timed], wanted: float) -> tuple[float, float]:
    middles = [middle(word) for word in words]
    before = max((at for at in middles if at <= wanted), default=-np.inf)
    after = min((at for at in middles if at > wanted), default=np.inf)
    return before, after


def middle(word: Timed) -> float:
    """Return when half of a word is said, in seconds: whoever cuts before it, cuts the word off."""
    return (word.start + word.end) / 2


def quietest(samples: Samples, sample_rate: int, wanted: float, low: float, high: float) -> float:
    """Return the quietest moment between two times, where each 4 ms from `wanted` count as much as a dB.

    So of silences the nearest is taken, and a consonant in the next word is not preferred to its beginning.

    Parameters
    ----------
    samples : ndarray of float32, shape (n,) or (n, channels)
    sample_rate : int
        In Hz.
    wanted, low, high : float
        In seconds, ``low <= wanted <= high``.

    Returns
    -------
    float
        In seconds, in whole milliseconds.

    Examples
    --------
    >>> sound = np.ones(1000, dtype=np.float32)
    >>> sound[400:450] = 0
    >>> quietest(sound, 1000, 0.39, 0.3, 0.5)
    0.407
    """
    times = np.arange(np.ceil(low / STEP), np.floor(high / STEP) + 1) * STEP
    if not len(times):
        return wanted
    # Only what lies near is looked at: a recording may be long.
    first = max(0, round((low - MOMENT) * sample_rate))
    near = finite(mono(samples[first : round((high + MOMENT) * sample_rate)])).astype(np.float64)
    sums = np.concatenate(([0.0], np.cumsum(near**2)))
    begins, ends = (
        np.clip(np.round((times + side) * sample_rate) - first, 0, len(near)).astype(int)
        for side in (-MOMENT / 2, MOMENT / 2)
    )
    power = (sums[ends] - sums[begins]) / np.maximum(ends - begins, 1)
    level = 10 * np.log10(np.maximum(power, UNHEARD))
    return round(float(times[np.argmin(level + SLOPE * np.abs(times - wanted))]), 3)
