"""Speak faster or slower without changing the pitch."""

from typing import Any

import numpy as np

from cartesia_nb.sandbox.speech.samples import Samples

FRAME_SECONDS = 0.03
# Frames may move by this much to line up their periods: together both ways, one period of 70 Hz.
SEEK_SECONDS = 0.008


def stretch(samples: Samples, speed: float, sample_rate: int) -> Samples:
    """Change the pace of speech by waveform-similarity overlap-add (WSOLA).

    Parameters
    ----------
    samples
        Mono samples, shape (n,).
    speed
        Above 1 is faster. The result has ``round(n / speed)`` samples.
    sample_rate
        In Hz.
    """
    if speed == 1:
        return samples
    hop = round(FRAME_SECONDS * sample_rate / 2)
    frame, seek = 2 * hop, round(SEEK_SECONDS * sample_rate)
    window = np.hanning(frame + 1)[:-1].astype(np.float32)
    length = round(len(samples) / speed)
    padding = frame + seek
    source = np.pad(samples, (padding, 2 * padding))
    result = np.zeros(length + 2 * frame, np.float32)
    at = padding - hop
    for start in range(0, length + hop, hop):
        # `start` counts from one hop before the result, so that its first sample is under two windows.
        wanted = padding + round((start - hop) * speed)
        if start:
            at = _best_match(source, wanted, at + hop, hop, seek)
        result[start : start + frame] += window * source[at : at + frame]
    return result[hop : hop + length]


def _best_match(source: np.ndarray[Any, Any], wanted: int, following: int, hop: int, seek: int) -> int:
    """Return the position near ``wanted`` that sounds most like what followed the last frame."""
    first = max(0, wanted - seek)
    region = source[first : wanted + seek + hop]
    likeness = np.correlate(region, source[following : following + hop], "valid")
    energy = np.convolve(region**2, np.ones(hop, np.float32), "valid")
    return first + int(np.argmax(likeness / np.sqrt(energy + 1e-6)))
