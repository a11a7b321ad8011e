"""Give the English engine's output another pitch and another throat.

The network yields, for each frame, a spectrum of the harmonics (log magnitude and phase), one of noise,
one with phases of its own, and the fundamental frequency: so pitch and spectrum can change apart.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

BIN_HZ = 20
UNVOICED_HZ = 40
SILENCE = -20.0

Array = npt.NDArray[np.float32]


class Frames(NamedTuple):
    """The network's output: arrays of shape (bins, frames), and ``f0`` in Hz, shape (frames,)."""

    harmonic: Array
    harmonic_phase: Array
    noise: Array
    residual: Array
    residual_phase: Array
    f0: Array


def revoice(frames: Frames, pitch: float, formant: float) -> Frames:
    """Scale the fundamental frequency by ``pitch`` and the frequency axis by ``formant``."""
    if pitch == formant == 1:
        return frames
    bins = len(frames.harmonic)
    source = np.arange(bins) / formant
    beyond = source > bins - 1
    nearest = np.minimum(np.rint(source).astype(int), bins - 1)
    # Only at the old harmonics does the harmonic spectrum mean anything: take it there, interpolate between.
    spacing = np.maximum(frames.f0, UNVOICED_HZ) / BIN_HZ
    harmonic_number = np.maximum(source[:, None] / spacing, 1)
    below = np.floor(harmonic_number)
    share = (harmonic_number - below).astype(np.float32)
    low, high = (np.minimum(np.rint(n * spacing).astype(int), bins - 1) for n in (below, below + 1))

    def between_harmonics(spectrum: Array) -> Array:
        return (1 - share) * np.take_along_axis(spectrum, low, 0) + share * np.take_along_axis(
            spectrum, high, 0
        )

    harmonic, noise, residual = (
        between_harmonics(frames.harmonic),
        frames.noise[nearest],
        frames.residual[nearest],
    )
    for spectrum in (harmonic, noise, residual):
        spectrum[beyond] = SILENCE
    return Frames(
        harmonic,
        between_harmonics(frames.harmonic_phase),
        noise,
        residual,
        frames.residual_phase[nearest],
        frames.f0 * np.float32(pitch),
    )
