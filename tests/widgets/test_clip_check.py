"""What is said of recordings that are good, and of those that are not."""

import numpy as np
import pytest

from cartesia_nb.widgets.clip_check import advice, described, measure

RATE = 24000


def spoken(seconds=6.0, level=0.2, noise=0.0005):
    """Something like speech: syllables of a tone with pauses between them, over noise."""
    at = np.arange(int(seconds * RATE)) / RATE
    syllables = (np.sin(2 * np.pi * 1.5 * at) > -0.3) * np.sin(2 * np.pi * 180 * at)
    hiss = noise * np.random.default_rng(1).standard_normal(len(at))
    return (level * syllables + hiss).astype(np.float32)


def said(samples):
    return " ".join(advice(measure(samples, RATE)))


def test_a_good_recording_needs_no_advice():
    assert said(spoken()) == ""


@pytest.mark.parametrize(
    ("samples", "words"),
    [
        (spoken(2.0), "It is short"),
        (spoken(14.0), "It is long"),
        (spoken(25.0), "It is too long"),
        (np.clip(spoken(level=1.6), -1, 1), "It is clipped"),
        (spoken(level=0.005, noise=0.00003), "It is very quiet"),
        (spoken(noise=0.012), "There is some noise"),
        (spoken(noise=0.06), "It is noisy"),
        (spoken(level=0.0, noise=0.0001), "There is nothing to hear"),
        (np.zeros(6 * RATE, np.float32), "There is nothing to hear"),
    ],
)
def test_what_is_wrong_is_said(samples, words):
    assert said(samples).startswith(words)


def test_peaks_are_not_clipping():
    samples = spoken()
    samples[::2000] = 1.0
    assert measure(samples, RATE).clipped == 0


def test_the_share_that_is_clipped():
    samples = np.zeros(1000, np.float32)
    samples[100:110], samples[500:502], samples[-5:] = 1.0, 1.0, -1.0
    assert measure(samples, RATE).clipped == pytest.approx(0.015)


def test_noise_is_measured_in_pauses():
    found = measure(spoken(noise=0.01), RATE)
    assert found.noise == pytest.approx(-40, abs=1)
    assert found.speech == pytest.approx(20 * np.log10(0.2 / np.sqrt(2)), abs=1)


def test_stereo_and_very_short_recordings_can_be_measured():
    both = np.stack([spoken(), spoken()], axis=1)
    assert measure(both, RATE) == pytest.approx(measure(spoken(), RATE), abs=0.1)
    assert measure(np.zeros(3, np.float32), RATE).seconds == pytest.approx(3 / RATE)
    assert measure(np.zeros(0, np.float32), RATE).seconds == 0


def test_it_is_described_in_a_line():
    assert described(measure(spoken(), RATE)).startswith("6.0 s · loudest -14 dB · nothing clipped · noise ")
    assert "clipped" in described(measure(np.clip(spoken(level=1.6), -1, 1), RATE))
