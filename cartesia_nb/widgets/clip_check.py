"""Is a recording good enough to clone a voice from? What can be measured, and advice in plain words."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from cartesia_nb.client.making_voices import LONGEST_CLIP, LONGEST_GOOD_CLIP, SHORTEST_CLIP
from cartesia_nb.speech.codecs import Samples, finite, mono

#: Seconds of a frame: shorter than a syllable, longer than a period of the lowest voice.
FRAME = 0.03
#: The level of silence, in dB below full scale: what 16 bits cannot show.
SILENCE = -96.0

#: At and above it, a sample may have been cut off by whatever recorded it.
FULL_SCALE = 0.99
#: A single sample at full scale is a peak; this many in a row are the flat top of a clipped wave.
FLAT = 3
#: The share of clipped samples that can be heard: one in ten thousand is a few crackles in a second.
CLIPPED = 1e-4

# Speech that is recorded well lies around -20 dB. Below -40 dB, the noise of a microphone's own amplifier,
# usually around -60 dB, is only 20 dB away from it.
QUIET, NOTHING_HEARD = -40.0, -65.0

# Between speech and what is heard in its pauses. A quiet room gives 40 dB and more; from 25 dB down, noise
# is easily heard, and from 15 dB down the clone learns it.
SOME_NOISE, NOISY = 25.0, 15.0

BEST = f"{SHORTEST_CLIP:g} to {LONGEST_GOOD_CLIP:g} seconds make the best clone"
TOO_LONG = f"It is too long: {BEST}, and {LONGEST_CLIP:g} are the most."


class Measured(NamedTuple):
    """What was measured in a recording; levels are in dB below full scale."""

    seconds: float
    peak: float
    speech: float
    noise: float
    clipped: float

    @property
    def distance(self) -> float:
        """How far the noise lies below the speech, in dB."""
        return self.speech - self.noise


def measure(samples: Samples, sample_rate: int) -> Measured:
    """Measure a recording of speech.

    Parameters
    ----------
    samples : ndarray of float, shape (n,) or (n, channels)
    sample_rate : int
        In Hz.

    Returns
    -------
    Measured
        The loudest tenth of its frames counts as speech, the softest tenth as noise: nobody speaks
        without pauses.

    Examples
    --------
    >>> at = np.arange(48000) / 48000
    >>> tone = np.where(at < 0.8, 0.1 * np.sin(2 * np.pi * 200 * at), 0.001)
    >>> found = measure(tone.astype(np.float32), 48000)
    >>> round(found.speech), round(found.noise), found.clipped
    (-23, -60, 0.0)
    """
    # Where there is no sample, there is silence to measure.
    whole = finite(mono(samples)).astype(np.float64) if len(samples) else np.zeros(1)
    size = max(1, round(FRAME * sample_rate))
    frames = whole[: len(whole) // size * size].reshape(-1, size) if len(whole) >= size else whole[None]
    levels = _decibels(np.sqrt(np.mean(frames**2, axis=1)))
    soft, loud = np.percentile(levels, [10, 90])
    return Measured(
        seconds=len(samples) / sample_rate,
        peak=float(_decibels(np.abs(whole).max())),
        speech=float(loud),
        noise=float(soft),
        clipped=_clipped(samples),
    )


def advice(found: Measured) -> list[str]:
    """Return what should be better, the worst first; nothing if the recording is good."""
    if found.speech < NOTHING_HEARD:
        return ["There is nothing to hear in it."]
    said = [_length(found.seconds)]
    if found.clipped > CLIPPED:
        said.append("It is clipped: speak more softly, or farther from the microphone.")
    if found.speech < QUIET:
        said.append("It is very quiet: come closer to the microphone.")
    if found.distance < NOISY:
        said.append("It is noisy: record in a quieter place, or let it be enhanced.")
    elif found.distance < SOME_NOISE:
        said.append("There is some noise in it: enhancing may help.")
    return [text for text in said if text]


def described(found: Measured) -> str:
    """Return what was measured, in a line."""
    noise = "no noise" if found.noise <= SILENCE else f"noise {found.distance:.0f} dB below the voice"
    clipped = f"{found.clipped:.2%} clipped" if found.clipped else "nothing clipped"
    return f"{found.seconds:.1f} s · loudest {found.peak:.0f} dB · {clipped} · {noise}"


def _length(seconds: float) -> str:
    if seconds > LONGEST_CLIP:
        return TOO_LONG
    if seconds < SHORTEST_CLIP:
        return f"It is short: {BEST}."
    return f"It is long: {BEST}." if seconds > LONGEST_GOOD_CLIP else ""


def _clipped(samples: Samples) -> float:
    """Return the share of samples that stand in a row of at least `FLAT` at full scale."""
    if not len(samples):
        return 0.0
    at_top = np.abs(samples.reshape(len(samples), -1)).max(axis=1) >= FULL_SCALE
    edges = np.flatnonzero(np.diff(np.concatenate(([False], at_top, [False]))))
    rows = edges[1::2] - edges[::2]
    return float(rows[rows >= FLAT].sum() / len(at_top))


def _decibels(level: Any) -> Any:
    return 20 * np.log10(np.maximum(level, 10 ** (SILENCE / 20)))
