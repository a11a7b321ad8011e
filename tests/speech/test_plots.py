"""Speech as a picture."""

import builtins

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure

from cartesia_nb import OutputFormat, Speech
from cartesia_nb.speech.codecs import encode
from cartesia_nb.wire.errors import InputError

mpl.use("agg")

RATE = 24000
TONE = (0.5 * np.sin(2 * np.pi * 3000 * np.arange(2 * RATE) / RATE)).astype(np.float32)
TONE[:RATE] = 0


def plotted(samples=TONE, words=()):
    return Speech(encode(samples, RATE, ".wav"), OutputFormat("wav", sample_rate=RATE), words=words).plot()


def test_waveform_and_spectrogram():
    figure = plotted()
    assert isinstance(figure, Figure)
    waveform, spectrogram = figure.axes
    (line,) = waveform.lines
    assert np.allclose(line.get_xdata()[[0, -1]], [0, 2], atol=0.001)
    assert np.abs(line.get_ydata()).max() == pytest.approx(0.5, abs=0.001)
    assert waveform.get_xlim() == spectrogram.get_xlim() == (0, 2)
    levels = spectrogram.images[0].get_array()
    frequencies = np.linspace(RATE / 2, 0, len(levels))  # the highest first
    loudest = np.unravel_index(levels.argmax(), levels.shape)
    assert frequencies[loudest[0]] == pytest.approx(3000, abs=60)
    assert loudest[1] > levels.shape[1] / 2


def test_the_words_stand_where_they_are_said():
    figure = plotted(words=[("silence", 0.0, 1.0), ("tone", 1.0, 2.0)])
    texts = figure.axes[0].texts
    assert [(text.get_text(), text.get_position()[0]) for text in texts] == [("silence", 0.5), ("tone", 1.5)]


@pytest.mark.parametrize("samples", [TONE[:20], np.zeros(RATE, np.float32), np.stack([TONE, TONE], axis=1)])
def test_odd_sounds_can_be_drawn(samples, tmp_path):
    plotted(samples).savefig(tmp_path / "plot.png")
    assert (tmp_path / "plot.png").stat().st_size > 1000


def test_a_notebook_shows_it_once():
    from matplotlib import pyplot as plt

    plotted()
    assert not plt.get_fignums()


def test_without_matplotlib_the_error_says_what_to_install(monkeypatch):
    found = builtins.__import__

    def without(name, *rest):
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return found(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match=r'pip install "cartesia_nb\[plot\]"'):
        plotted()
