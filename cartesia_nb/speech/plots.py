"""Speech as a picture: waveform, words and spectrogram."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cartesia_nb.speech.codecs import Samples, mono
from cartesia_nb.speech.timing import Timed
from cartesia_nb.wire.errors import InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE_INCHES = (9, 4)
#: Seconds in which the spectrum is taken, and the range of levels shown, in dB below the loudest.
WINDOW_SECONDS = 0.025
DYNAMIC_RANGE = 80
#: In so many colours, and without colours between them, the picture takes half of the room in a notebook.
COLOURS = 12


def plot(samples: Samples, sample_rate: int, words: Sequence[Timed]) -> Figure:
    """Draw samples, and the words that are said in them (see `Speech.plot`)."""
    try:
        from matplotlib import pyplot as plt
    except ImportError:
        raise InputError("plots need matplotlib.", advice='pip install "cartesia_nb[plot]"') from None
    figure, (waveform, spectrogram) = plt.subplots(
        2, sharex=True, figsize=SIZE_INCHES, layout="constrained", height_ratios=(1, 1.4)
    )
    # Out of pyplot's hands, or a notebook would show it twice: as what is open, and as the result.
    plt.close(figure)
    whole = mono(samples)
    _draw_waveform(waveform, whole, sample_rate)
    _draw_words(waveform, words)
    _draw_spectrogram(spectrogram, whole, sample_rate)
    spectrogram.set_xlabel("seconds")
    spectrogram.set_xlim(0, len(whole) / sample_rate)
    return figure


def _draw_waveform(axes: Axes, samples: Samples, sample_rate: int) -> None:
    axes.plot(np.arange(len(samples)) / sample_rate, samples, linewidth=0.5)
    axes.set_ylabel("amplitude")


def _draw_words(axes: Axes, words: Sequence[Timed]) -> None:
    for number, word in enumerate(words):
        axes.axvspan(word.start, word.end, alpha=0.12 if number % 2 else 0.25, linewidth=0)
        axes.text(
            (word.start + word.end) / 2,
            1.03,
            word.text,
            transform=axes.get_xaxis_transform(),
            ha="center",
            va="bottom",
            fontsize="small",
            rotation=45,
            parse_math=False,
        )


def _draw_spectrogram(axes: Axes, samples: Samples, sample_rate: int) -> None:
    window = round(WINDOW_SECONDS * sample_rate)
    # A spectrogram has two windows at least.
    samples = np.pad(samples, (0, max(0, 2 * window - len(samples))))
    # Digital silence has no level; this is below what 16 bits can hold.
    quiet = np.float32(1e-6) * np.random.default_rng(0).standard_normal(len(samples), np.float32)
    _, _, _, image = axes.specgram(samples + quiet, NFFT=window, noverlap=window // 2, Fs=sample_rate)
    image.set_cmap(image.get_cmap().resampled(COLOURS))
    image.set_interpolation("nearest")
    loudest = float(image.get_clim()[1])
    image.set_clim(loudest - DYNAMIC_RANGE, loudest)
    axes.set_ylabel("Hz")
