"""When each word is heard."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from cartesia_nb.sandbox.speech.samples import RATE, Samples

HOP_SECONDS = 0.005
# Quieter than this share of the loud parts is silence.
AUDIBLE_SHARE = 0.03

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Timed:
    """A word or a phoneme with its start and end, in seconds."""

    text: str
    start: float
    end: float

    def moved(self, seconds: float, scale: float = 1.0) -> "Timed":
        """Return it with its times multiplied by ``scale``, then later by some seconds."""
        return replace(self, start=self.start * scale + seconds, end=self.end * scale + seconds)


def audible(samples: Samples, rate: int = RATE) -> Mask:
    """Tell for every 5 ms whether something is heard."""
    hop = round(HOP_SECONDS * rate)
    frames = np.pad(samples, (0, -len(samples) % hop)).reshape(-1, hop)
    levels = np.sqrt(np.mean(frames**2, axis=1))
    return levels > AUDIBLE_SHARE * np.percentile(levels, 95) if len(levels) else np.zeros(0, np.bool_)


def trimmed(word: Timed, heard: Mask) -> Timed:
    """Return a word without the silence at its ends, or as it is if nothing of it is heard."""
    first, last = int(word.start / HOP_SECONDS), int(np.ceil(word.end / HOP_SECONDS))
    steps = first + np.flatnonzero(heard[first:last])
    if not len(steps):
        return word
    start, end = float(steps[0]) * HOP_SECONDS, float(steps[-1] + 1) * HOP_SECONDS
    return replace(word, start=max(word.start, start), end=min(word.end, end))


def spread(words: Sequence[str], samples: Samples, rate: int = RATE) -> tuple[Timed, ...]:
    """Share out the audible part of some speech among its words, by their numbers of characters.

    That is a guess for engines that do not tell: 40 ms off typically, 200 ms at times.
    """
    whole = trimmed(Timed("", 0, len(samples) / rate), audible(samples, rate))
    lengths = np.cumsum([0, *map(len, words)])
    edges = whole.start + lengths / max(1, lengths[-1]) * (whole.end - whole.start)
    return tuple(
        Timed(word, start, end) for word, (start, end) in zip(words, pairwise(edges.tolist()), strict=True)
    )
