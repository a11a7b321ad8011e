"""The pitch of a voice is found within a few per cent, or said not to be there."""

import numpy as np
import pytest
import soxr

from cartesia_nb.sandbox.speech.pitch import HOP_SECONDS, f0_track, median_f0
from cartesia_nb.sandbox.speech.speakers import DEEP_MALE, FEMALE
from cartesia_nb.sandbox.speech.synthesis import Utterance, synthesize

RATE = 24000
TEXT = "The judge asked the young boy to speak up clearly, and a heron waited beside the river."


def buzz(f0, seconds=1.0, rate=RATE, seed=0):
    """Eight harmonics of a pitch, one for all samples or one for each, and a little noise."""
    phase = 2 * np.pi * np.cumsum(np.broadcast_to(f0, round(seconds * rate))) / rate
    harmonics = sum(np.sin(number * phase) / number for number in range(1, 9))
    noise = np.random.default_rng(seed).normal(0, 0.1, len(phase))
    return (0.2 * (harmonics + noise)).astype(np.float32)


@pytest.mark.parametrize("f0", [60, 75, 110, 180, 260, 380, 500])
@pytest.mark.parametrize("rate", [8000, 24000, 44100])
def test_steady_pitches(f0, rate):
    assert median_f0(buzz(f0, rate=rate), rate) == pytest.approx(f0, rel=0.01)


def test_loudness_does_not_matter():
    for gain in (0.001, 1.0, 5.0):
        assert median_f0(np.float32(gain) * buzz(150)) == pytest.approx(150, rel=0.01)


def test_a_pitch_that_moves_is_followed_and_silence_has_none():
    glide = np.linspace(120, 240, 2 * RATE)
    track = f0_track(np.concatenate([buzz(glide, 2), np.zeros(RATE, np.float32)]))
    times = np.arange(len(track)) * HOP_SECONDS
    middle = (times > 0.1) & (times < 1.9)
    assert np.abs(track[middle] / np.interp(times[middle], [0, 2], [120, 240]) - 1).max() < 0.03
    assert not track[times > 2.05].any()


@pytest.mark.parametrize("speaker", [DEEP_MALE, FEMALE])
@pytest.mark.parametrize("pitch", [0.8, 1.25])
def test_speech_is_as_much_higher_as_it_was_asked_for(speaker, pitch):
    usual, changed = (
        median_f0(synthesize(Utterance(TEXT, "en", speaker, pitch=factor)).samples) for factor in (1, pitch)
    )
    assert changed / usual == pytest.approx(pitch, rel=0.03)


def test_a_recording_in_another_quality_has_the_same_pitch():
    speech = synthesize(Utterance(TEXT, "en", FEMALE)).samples
    telephone = soxr.resample(speech, RATE, 8000)
    noise = np.random.default_rng(1).normal(0, 0.01, len(telephone)).astype(np.float32)
    assert median_f0(telephone + noise, 8000) == pytest.approx(median_f0(speech), rel=0.03)


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(0, np.float32),
        np.zeros(50, np.float32),
        np.zeros(RATE, np.float32),
        np.random.default_rng(0).normal(0, 0.1, 2 * RATE).astype(np.float32),
    ],
    ids=["nothing", "hardly anything", "silence", "noise"],
)
def test_what_has_no_pitch(samples):
    assert median_f0(samples) is None
