"""Cutting where it is quiet, and splicing without a jump."""

import numpy as np
import pytest

from cartesia_nb import OutputFormat, Speech
from cartesia_nb.speech.codecs import encode
from cartesia_nb.speech.cut_points import NEAR, Cut, cut_points, quietest
from cartesia_nb.speech.splice import heard, sides, splice
from cartesia_nb.speech.word_spans import around, meant, stretch
from cartesia_nb.wire.errors import InputError

RATE = 24000


def speech_of(samples, words=(), rate=RATE, transcript=""):
    return Speech(
        encode(np.asarray(samples, np.float32), rate, ".wav"),
        OutputFormat("wav", sample_rate=rate),
        words=words,
        transcript=transcript,
        provenance={"method": "test", "backend": "sandbox"},
    )


def tone(seconds, frequency=200.0, level=0.5, rate=RATE):
    return level * np.sin(2 * np.pi * frequency * np.arange(round(seconds * rate)) / rate)


def with_gap(at, length=0.03, seconds=2.0):
    """A tone that is silent for a moment, around a time."""
    sound = tone(seconds)
    sound[round((at - length / 2) * RATE) : round((at + length / 2) * RATE)] = 0
    return sound


@pytest.mark.parametrize("gap", [0.93, 0.96, 1.0, 1.05, 1.07])
def test_a_cut_lies_in_the_pause_nearby(gap):
    cut = cut_points(speech_of(with_gap(gap)), 1.0, 2.0)
    assert abs(cut.start - gap) <= 0.0085
    cut = cut_points(speech_of(with_gap(gap)), 0.0, 1.0)
    assert abs(cut.end - gap) <= 0.0085


def test_a_pause_farther_away_is_left_alone():
    cut = cut_points(speech_of(with_gap(1.2)), 1.0, 2.0)
    assert abs(cut.start - 1.0) <= NEAR


def test_in_a_long_silence_it_lies_where_somebody_pointed():
    sound = tone(2.0)
    sound[round(0.9 * RATE) : round(1.1 * RATE)] = 2e-5
    # Nobody hears that it is quieter still.
    sound[round(0.92 * RATE) : round(0.95 * RATE)] = 0
    assert cut_points(speech_of(sound), 1.0, 2.0).start == 1.0


def test_a_moment_that_is_a_little_quieter_is_not_worth_the_way():
    sound = tone(2.0)
    sound[round(1.05 * RATE) : round(1.08 * RATE)] *= 0.7  # 3 dB
    assert abs(cut_points(speech_of(sound), 1.0, 2.0).start - 1.0) < 0.01


def test_it_does_not_pass_the_middle_of_the_next_word():
    words = [("One", 0.2, 0.96), ("two.", 1.0, 1.04), ("Three.", 1.1, 1.8)]
    cut = cut_points(speech_of(with_gap(1.06), words), 0.0, 0.99)
    assert cut.end <= 1.02
    free = cut_points(speech_of(with_gap(1.06)), 0.0, 0.99)
    assert abs(free.end - 1.06) < 0.01


def test_it_does_not_pass_the_middle_of_the_word_before():
    words = [("One", 0.2, 0.9), ("two.", 0.94, 1.0), ("Three.", 1.02, 1.8)]
    cut = cut_points(speech_of(with_gap(0.94), words), 1.01, 2.0)
    assert cut.start >= 0.97
    free = cut_points(speech_of(with_gap(0.94)), 1.01, 2.0)
    assert abs(free.start - 0.94) < 0.01


def test_a_cut_never_ends_before_it_begins():
    cut = cut_points(speech_of(with_gap(1.06)), 1.0, 1.02)
    assert cut.start <= 1.01 <= cut.end


def test_the_beginning_and_the_end_stay_what_they_are():
    speech = speech_of(with_gap(0.05))
    assert cut_points(speech, 0.0, 1.0).start == 0.0
    assert cut_points(speech, 1.0, speech.duration).end == speech.duration
    assert sides(speech, Cut(0.0, 1.0))[0] is None
    assert sides(speech, Cut(1.0, speech.duration))[1] is None


def test_where_nothing_lies_between_it_is_cut_where_it_was_wanted():
    assert quietest(np.zeros(100, np.float32), 100, 0.5004, 0.5003, 0.5005) == 0.5004


def test_it_looks_only_at_what_is_near():
    samples = np.zeros((600 * 48000, 1), np.float32)[:, 0]
    near = samples.view()
    near.flags.writeable = False
    assert quietest(near, 48000, 300.0, 299.92, 300.08) == 300.0


def test_real_speech_is_cut_between_its_words(sandbox):
    from cartesia_nb import Client

    client = Client(sandbox.key, base_url=sandbox.url)
    speech = client.tts.sse("We meet on Tuesday, at ten in the morning.", add_timestamps=True).collect()
    words = {word.text: word for word in speech.timed_words}
    cut = cut_points(speech, words["on"].start, words["on"].end)
    power = np.convolve(speech.samples**2, np.ones(441) / 441, "same")
    for at in cut:
        around_it = power[round((at - NEAR) * 44100) : round((at + NEAR) * 44100)]
        # Where it is cut, it is far softer than what is nearby.
        assert power[round(at * 44100)] < around_it.max() / 30
    assert words["meet"].start + words["meet"].end < 2 * cut.start
    assert words["Tuesday,"].start + words["Tuesday,"].end > 2 * cut.end


WORDS = [("We", 0.1, 0.3), ("meet", 0.4, 0.8), ("on", 0.9, 1.0), ("Tuesday.", 1.1, 1.8)]


def steps(samples):
    return np.abs(np.diff(samples))


def test_a_splice_makes_no_jump():
    # Pieces that meet where one is at its top and the other at its bottom.
    left = speech_of(tone(1.0)[: round(0.90125 * RATE)].tolist() + tone(1.1).tolist())
    piece = speech_of(-tone(0.5))
    done = splice(left, Cut(0.90125, 1.40125), piece)
    whole = done.speech.samples
    raw = np.concatenate([left.samples[: round(0.90125 * RATE)], piece.samples])
    usual = steps(tone(1.0)).max()
    assert steps(raw).max() > 5 * usual
    assert steps(whole).max() < 2 * usual


def test_words_keep_their_times_and_later_ones_are_moved():
    speech = speech_of(tone(2.0), WORDS, transcript="We meet on Tuesday.")
    silence = np.zeros(round(0.1 * RATE))
    piece = speech_of(np.concatenate([silence, tone(0.8), silence]), transcript="some time in")
    done = splice(speech, Cut(0.85, 1.05), piece)
    spoken = done.speech.timed_words
    assert [word.text for word in spoken] == ["We", "meet", "some time in", "Tuesday."]
    assert spoken[:2] == speech.timed_words[:2]
    # Each of the two cross-fades takes 10 ms.
    assert (done.start, done.end) == (pytest.approx(0.84), pytest.approx(1.83))
    assert spoken[2].start == pytest.approx(0.94, abs=0.011)
    assert spoken[2].end == pytest.approx(1.74, abs=0.011)
    moved = done.end - 1.05
    assert spoken[3].start == pytest.approx(1.1 + moved)
    assert spoken[3].end == pytest.approx(1.8 + moved)
    # The sound is where the words say it is.
    at = round((1.5 + moved) * RATE)
    assert np.allclose(
        done.speech.samples[at : at + 1000], speech.samples[round(1.5 * RATE) :][:1000], atol=1e-4
    )
    assert done.speech.transcript == "We meet some time in Tuesday."


def test_new_words_that_are_timed_keep_their_times():
    speech = speech_of(tone(2.0), WORDS)
    piece = speech_of(tone(1.0), [("by", 0.1, 0.3), ("noon", 0.4, 0.9)])
    spoken = splice(speech, Cut(0.85, 1.05), piece).speech.timed_words
    assert [(word.text, round(word.start, 2)) for word in spoken[2:4]] == [("by", 0.94), ("noon", 1.24)]


def test_without_words_nothing_is_said_to_be_known():
    speech = speech_of(tone(2.0), transcript="We meet on Tuesday.")
    done = splice(speech, Cut(0.85, 1.05), speech_of(tone(0.5), transcript="by"))
    assert done.speech.transcript == ""
    assert done.speech.timed_words == ()


@pytest.mark.parametrize("cut", [Cut(0.0, 1.05), Cut(1.05, 2.0)])
def test_at_an_end_there_is_only_one_joint(cut):
    speech, piece = speech_of(tone(2.0), WORDS), speech_of(tone(0.5), transcript="Now")
    done = splice(speech, cut, piece)
    assert done.speech.duration == pytest.approx(2.0 - (cut.end - cut.start) + 0.5 - 0.01, abs=1e-3)
    assert len(done.speech.timed_words) == (2 if cut.start == 0 else 4)


def test_both_channels_get_the_new_part():
    both = np.stack([tone(2.0), tone(2.0, 300.0)], axis=1)
    done = splice(speech_of(both), Cut(0.5, 1.5), speech_of(tone(1.0, 500.0)))
    middle = done.speech.samples[RATE - 100 : RATE + 100]
    assert middle.shape == (200, 2)
    assert np.allclose(middle[:, 0], middle[:, 1], atol=1e-4)


def test_other_sample_rates_are_refused():
    with pytest.raises(InputError, match="cannot be joined"):
        splice(speech_of(tone(2.0)), Cut(0.5, 1.5), speech_of(tone(1.0, rate=8000), rate=8000))


def test_what_is_heard_leaves_the_silence_out():
    sound = np.concatenate([np.zeros(2400), tone(0.5), np.full(2400, 1e-4)])
    start, end = heard(sound.astype(np.float32), RATE)
    assert (start, end) == (pytest.approx(0.1, abs=0.011), pytest.approx(0.6, abs=0.011))
    assert heard(np.zeros(2400, np.float32), RATE) == (0.0, 0.1)
    # What leads over from its neighbours is none of its words.
    sound[:200], sound[-200:] = 0.1, 0.1
    assert heard(sound.astype(np.float32), RATE) == (start, end)


TIMED = speech_of(tone(2.0), WORDS).timed_words


@pytest.mark.parametrize(
    ("start", "end", "chosen"),
    [
        (0.0, 2.0, (0, 3)),
        (0.4, 0.8, (1, 1)),
        (0.65, 1.05, (2, 2)),  # less than half of "meet"
        (0.55, 1.05, (1, 2)),
        (0.5, 0.52, (1, 1)),  # in the midst of a word
        (0.81, 0.89, None),
        (1.85, 2.0, None),
    ],
)
def test_a_stretch_means_the_words_that_are_mostly_in_it(start, end, chosen):
    assert meant(TIMED, start, end) == chosen


@pytest.mark.parametrize("chosen", [(0, 0), (0, 2), (1, 1), (1, 2), (2, 3), (3, 3), (0, 3)])
def test_a_stretch_of_words_means_just_these(chosen):
    assert meant(TIMED, *stretch(TIMED, chosen, 2.0)) == chosen


def test_the_silence_at_the_ends_belongs_to_the_words_there():
    assert stretch(TIMED, (0, 1), 2.0) == (0.0, 0.8)
    assert stretch(TIMED, (3, 3), 2.0) == (1.1, 2.0)
    # Recognisers hear words that end after the recording.
    assert stretch(TIMED, (1, 1), 0.7) == (0.4, 0.7)


def test_a_word_that_lasts_no_time_can_be_pointed_at():
    words = speech_of(tone(2.0), [("a", 0.1, 0.5), ("b", 0.6, 0.6), ("c", 0.7, 1.0)]).timed_words
    start, end = stretch(words, (1, 1), 2.0)
    assert (start, end) == (pytest.approx(0.59), pytest.approx(0.61))
    assert meant(words, start, end) == (1, 1)
    # One that begins after the end does no harm.
    late = speech_of(tone(2.0), [("a", 0.1, 0.5), ("b", 2.1, 2.2), ("c", 2.3, 2.4)]).timed_words
    start, end = stretch(late, (1, 1), 2.0)
    assert 0 < start < end <= 2.0


def test_a_word_that_is_cut_stays_where_most_of_it_is():
    before, after = around(TIMED, 0.7, 1.2)
    assert [(word.text, word.end) for word in before] == [("We", 0.3), ("meet", 0.7)]
    assert [(word.text, word.start) for word in after] == [("Tuesday.", 1.2)]
