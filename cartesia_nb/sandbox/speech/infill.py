"""Speech that fits between two recordings."""

import numpy as np

from cartesia_nb.sandbox.speech.pitch import HOP_SECONDS, f0_track
from cartesia_nb.sandbox.speech.samples import Samples
from cartesia_nb.sandbox.speech.timing import HOP_SECONDS as AUDIBLE_SECONDS
from cartesia_nb.sandbox.speech.timing import audible

# The silence that stays before and after the words.
MARGIN_SECONDS = 0.08
# How much of the sides is listened to.
NEAR_SECONDS = 10
# How long it takes from the last value of a side to the speech's own.
RAMP_SECONDS = 0.01


def fit_between(middle: Samples, left: Samples | None, right: Samples | None, rate: int) -> Samples:
    """Return speech as loud as its sides, beginning and ending with their values at the joins.

    So the three can be put one after the other as they are. All have ``rate`` samples per second.
    """
    fitted = _without_silence(middle, rate)
    near = round(NEAR_SECONDS * rate)
    sides = ([] if left is None else [left[-near:]]) + ([] if right is None else [right[:near]])
    levels = [level for side in sides if (level := voiced_level(side, rate))]
    own = voiced_level(fitted, rate)
    if levels and own:
        fitted = fitted * np.float32(np.exp(np.mean(np.log(levels))) / own)
    ramp = _ramp(min(len(fitted), round(RAMP_SECONDS * rate)))
    if left is not None:
        fitted[: len(ramp)] += (left[-1] - fitted[0]) * ramp
    if right is not None:
        fitted[len(fitted) - len(ramp) :] += (right[0] - fitted[-1]) * ramp[::-1]
    return fitted


def voiced_level(samples: Samples, rate: int) -> float | None:
    """Return the root mean square of the voiced parts, None if there are none."""
    hop = round(HOP_SECONDS * rate)
    voiced = f0_track(samples, rate) > 0
    frames = samples[: len(voiced) * hop]
    frames = np.pad(frames, (0, len(voiced) * hop - len(frames))).reshape(-1, hop)[voiced]
    return float(np.sqrt(np.mean(frames**2))) if len(frames) else None


def _without_silence(samples: Samples, rate: int) -> Samples:
    heard = np.flatnonzero(audible(samples, rate)) * AUDIBLE_SECONDS
    if not len(heard):
        return samples.copy()
    first = max(0, round((heard[0] - MARGIN_SECONDS) * rate))
    return samples[first : round((heard[-1] + AUDIBLE_SECONDS + MARGIN_SECONDS) * rate)].copy()


def _ramp(length: int) -> Samples:
    """Return a smooth way from 1 to 0."""
    ramp: Samples = (0.5 + 0.5 * np.cos(np.pi * np.arange(length) / max(1, length - 1))).astype(np.float32)
    return ramp
