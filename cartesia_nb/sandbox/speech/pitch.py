"""How high a voice is: its fundamental frequency over time."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import soxr

from cartesia_nb.sandbox.speech.samples import RATE, Samples

LOWEST_HZ, HIGHEST_HZ = 50, 650
HOP_SECONDS = 0.01

ANALYSIS_RATE = 8000
# Three periods of the lowest pitch, and a transform long enough to hold them twice.
FRAME = 400
TRANSFORM = 1024
FRAMES_AT_ONCE = 1000
# Quieter frames than this share of the loud ones, and less periodic ones, are not voiced.
AUDIBLE_SHARE = 0.1
VOICED = 0.55
# What a period twice as long must be better by: every multiple of a period looks like a period.
OCTAVE_COST = 0.04

Track = npt.NDArray[np.float64]


def median_f0(samples: Samples, rate: int = RATE) -> float | None:
    """Return the median fundamental frequency of speech in Hz, None if nothing in it is voiced."""
    voiced = f0_track(samples, rate)
    voiced = voiced[voiced > 0]
    return float(np.median(voiced)) if len(voiced) else None


def f0_track(samples: Samples, rate: int = RATE) -> Track:
    """Return the fundamental frequency in Hz every 10 ms, 0 where nothing is voiced.

    Value ``k`` belongs to the time ``k * HOP_SECONDS``; there are as many as fit into the samples. It is
    found as the best period of each frame's autocorrelation, first in the whole range from 50 to 650 Hz,
    then within an octave around the speaker's median: this leaves no leaps by an octave.
    """
    first = _track(samples, rate, LOWEST_HZ, HIGHEST_HZ)
    voiced = first[first > 0]
    if not len(voiced):
        return first
    median = float(np.median(voiced))
    return _track(samples, rate, max(LOWEST_HZ, 0.6 * median), min(HIGHEST_HZ, 1.8 * median))


def _track(samples: Samples, rate: int, lowest: float, highest: float) -> Track:
    audio = soxr.resample(np.asarray(samples, np.float32), rate, ANALYSIS_RATE)
    hop = round(HOP_SECONDS * ANALYSIS_RATE)
    # Half a frame before and after, so that frames are centred on their times.
    padded = np.pad(audio, FRAME // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::hop][: len(audio) // hop]
    if not len(frames):
        return np.zeros(0)
    loudness = np.concatenate([np.sqrt(np.mean(block**2, axis=1)) for block in _blocks(frames)])
    found = np.concatenate([_best_f0(block, lowest, highest) for block in _blocks(frames)])
    found[loudness <= AUDIBLE_SHARE * np.percentile(loudness, 95)] = 0
    return found


def _blocks(frames: npt.NDArray[Any]) -> Iterator[npt.NDArray[Any]]:
    for start in range(0, len(frames), FRAMES_AT_ONCE):
        yield frames[start : start + FRAMES_AT_ONCE]


def _best_f0(frames: npt.NDArray[Any], lowest: float, highest: float) -> Track:
    """Return the pitch of each frame, 0 where it is not periodic enough."""
    shortest, longest = int(ANALYSIS_RATE / highest), int(np.ceil(ANALYSIS_RATE / lowest))
    likeness = _autocorrelation(frames)[:, : longest + 2]
    lags = np.arange(likeness.shape[1])
    inside = likeness[:, 1:-1]
    is_peak = (inside >= likeness[:, :-2]) & (inside > likeness[:, 2:]) & (lags[1:-1] >= shortest)
    cost = OCTAVE_COST * np.log2(np.maximum(lags[1:-1], shortest) / shortest)
    score = np.where(is_peak, inside - cost, -1)
    lag = 1 + np.argmax(score, axis=1)
    row = np.arange(len(frames))
    before, at, after = (likeness[row, lag + step] for step in (-1, 0, 1))
    # The top of a parabola through the three values around the peak.
    curvature = np.minimum(before - 2 * at + after, -1e-9)
    top = lag + np.clip(0.5 * (before - after) / curvature, -0.5, 0.5)
    voiced = (score.max(axis=1) > -1) & (at > VOICED)
    return np.where(voiced, ANALYSIS_RATE / top, 0.0)


def _autocorrelation(frames: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return each frame's autocorrelation, 1 at lag 0, freed of the window's own."""
    window = np.hanning(FRAME + 2)[1:-1]
    pieces = (frames - frames.mean(axis=1, keepdims=True)) * window
    own = np.fft.irfft(np.abs(np.fft.rfft(window, TRANSFORM)) ** 2)[: FRAME // 2]
    products = np.fft.irfft(np.abs(np.fft.rfft(pieces, TRANSFORM)) ** 2)[:, : FRAME // 2]
    likeness: npt.NDArray[Any] = products / np.maximum(products[:, :1], 1e-12) / (own / own[0])
    return likeness
