"""Give recorded speech another pitch and another throat, by pitch-synchronous overlap-add (TD-PSOLA)."""

from typing import NamedTuple

import numpy as np
import soxr

from cartesia_nb.sandbox.speech.pitch import HOP_SECONDS, Track, f0_track
from cartesia_nb.sandbox.speech.samples import RATE, Samples

# The length of a period where there is none.
UNVOICED_PERIOD = 120
# A period may differ from what the pitch says by this share of it.
TOLERANCE = 0.2
# Marks are set on the waveform without what is far above the first formants.
SMOOTHING = 24


class Mark(NamedTuple):
    """The middle of a period, and its length, in samples."""

    at: int
    period: int
    is_voiced: bool


def change_voice(samples: Samples, pitch: float, formant: float) -> Samples:
    """Return speech of the same length and loudness with another pitch and other formants.

    Parameters
    ----------
    samples
        At 24 kHz.
    pitch, formant
        Factors for the fundamental frequency and for the frequencies of the formants.
    """
    # Played at another rate, speech has other formants, but also another pitch and length: both are undone.
    moved: Samples = soxr.resample(samples, RATE * formant, RATE)
    marks = _marks(moved, f0_track(moved))
    result = _overlap_add(moved, marks, pitch / formant, len(samples))
    loudness = np.sqrt(np.mean(samples**2) / max(1e-12, float(np.mean(result**2))))
    changed: Samples = result * np.float32(loudness)
    return changed


def _marks(samples: Samples, track: Track) -> list[Mark]:
    """Mark every period: where voiced at its highest peak, elsewhere at equal distances."""
    smooth = np.convolve(samples, np.hanning(SMOOTHING + 2)[1:-1], "same")
    # The sharper side of the waveform has the clearer peaks.
    if -smooth.min(initial=0) > smooth.max(initial=0):
        smooth = -smooth
    marks: list[Mark] = []
    expected = 0
    while expected < len(samples):
        f0 = track[min(int(expected / RATE / HOP_SECONDS), len(track) - 1)] if len(track) else 0
        period = round(RATE / f0) if f0 else UNVOICED_PERIOD
        at = expected
        if f0:
            is_first = not (marks and marks[-1].is_voiced)
            slack = round(TOLERANCE * period)
            first = max(0, expected if is_first else expected - slack)
            region = smooth[first : expected + (period if is_first else slack + 1)]
            at = first + int(np.argmax(region))
        marks.append(Mark(at, period, bool(f0)))
        expected = at + period
    return marks


def _overlap_add(samples: Samples, marks: list[Mark], pitch: float, length: int) -> Samples:
    """Put periods together again, at distances divided by ``pitch``, to the length asked for."""
    longest = max((mark.period for mark in marks), default=0)
    source = np.pad(samples, longest)
    result = np.zeros(length + 2 * longest, np.float32)
    weight = np.zeros_like(result)
    scale = len(samples) / max(1, length)
    positions = np.array([mark.at for mark in marks])
    at = 0.0
    while at < length and marks:
        nearest = marks[_nearest(positions, at * scale)]
        size = 2 * nearest.period
        window = np.hanning(size + 1)[:-1].astype(np.float32)
        start = round(at) + longest - nearest.period
        first = nearest.at + longest - nearest.period
        result[start : start + size] += window * source[first : first + size]
        weight[start : start + size] += window
        at += nearest.period / pitch if nearest.is_voiced else nearest.period
    result /= np.maximum(weight, 1)
    return result[longest : longest + length]


def _nearest(positions: "np.ndarray[tuple[int], np.dtype[np.int64]]", place: float) -> int:
    after = int(np.searchsorted(positions, place))
    if after == 0:
        return 0
    if after == len(positions):
        return after - 1
    return after if positions[after] - place < place - positions[after - 1] else after - 1
