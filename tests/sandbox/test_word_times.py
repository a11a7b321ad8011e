"""Words and phonemes are heard when the sandbox says so."""

from itertools import pairwise

import numpy as np
import pytest
from recogniser import transcribe

from cartesia_nb.sandbox.speech.pronunciation import Pronunciation
from cartesia_nb.sandbox.speech.samples import RATE
from cartesia_nb.sandbox.speech.speakers import CHILD, DEEP_MALE, FEMALE
from cartesia_nb.sandbox.speech.synthesis import Utterance, speak_stream, synthesize

TEXT = "Seven brown horses crossed the frozen lake, and nobody saw them leave."
LONG = "The lighthouse keeper counts the ships, and the ships count on him. " * 12


def speak(text, language="en", speaker=FEMALE, **options):
    return synthesize(Utterance(text, language, speaker, **options))


def times(rows):
    return np.array([(row.start, row.end) for row in rows])


def assert_in_order(rows, seconds):
    flat = times(rows).ravel()
    assert (np.diff(flat) >= -1e-6).all()
    assert flat[0] >= 0
    assert flat[-1] <= seconds


def loudness(samples, start, end):
    return float(np.sqrt(np.mean(samples[round(start * RATE) : round(end * RATE)] ** 2)))


@pytest.mark.parametrize("speaker", [FEMALE, DEEP_MALE, CHILD])
def test_every_word_is_where_it_is_heard(speaker):
    """Cut out from the start of one word to the end of another, they and nothing else are heard."""
    spoken = speak(TEXT, speaker=speaker)
    assert [word.text for word in spoken.words] == TEXT.split()
    assert_in_order(spoken.words, len(spoken.samples) / RATE)
    for first, last in ((0, 2), (5, 6), (8, 11)):
        start, end = spoken.words[first].start, spoken.words[last].end
        part = spoken.samples[round((start - 0.03) * RATE) : round((end + 0.03) * RATE)]
        heard = transcribe(np.pad(part, RATE // 4), RATE).lower().strip(".,")
        assert heard == " ".join(TEXT.lower().split()[first : last + 1]).strip(".,")


def test_pauses_belong_to_no_word():
    spoken = speak('One horse.<break time="1.5s"/> Two horses, and then three.')
    for before, after in pairwise(spoken.words):
        gap = after.start - before.end
        if gap > 0.25:
            middle = before.end + gap / 2
            assert loudness(spoken.samples, middle - 0.05, middle + 0.05) < 0.003
            assert loudness(spoken.samples, after.start - 0.06, after.start) < 0.003
    assert spoken.words[2].start - spoken.words[1].end > 1.5
    for word in spoken.words:
        assert loudness(spoken.samples, word.start, word.start + 0.04) > 0.003
        assert loudness(spoken.samples, word.end - 0.04, word.end) > 0.003


@pytest.mark.parametrize("speed", [0.6, 1.5])
def test_times_follow_the_pace(speed):
    usual, changed = speak(TEXT), speak(TEXT, speed=speed)
    assert times(changed.words) == pytest.approx(times(usual.words) / speed, abs=0.001)
    tagged = speak(f'{TEXT}<speed ratio="{speed}"/>{TEXT}')
    half = len(usual.samples) / RATE
    assert times(tagged.words[:12]) == pytest.approx(times(usual.words), abs=0.001)
    second = times(tagged.words[12:]) - half
    # The second sentence has noise of its own, and with it edges of its own.
    assert second == pytest.approx(times(usual.words) / speed, abs=0.05)


def test_words_are_written_as_in_the_transcript():
    text = 'Dr. Smith paid $5.30 at 3:30 pm for <spell>XJ4</spell> — "nginx", <emotion value="sad"/>2 + 2!'
    spoken = speak(text, pronunciations=(Pronunciation("nginx", "engine x"),))
    expected = 'Dr.|Smith|paid|$5.30|at|3:30|pm|for|XJ4|"nginx",|2|+|2!'
    assert [word.text for word in spoken.words] == expected.split("|")
    assert_in_order(spoken.words, len(spoken.samples) / RATE)
    lengths = {word.text: word.end - word.start for word in spoken.words}
    assert lengths["$5.30"] > 1
    assert lengths["XJ4"] > 0.6
    assert lengths['"nginx",'] > 0.4


def test_pieces_are_the_whole():
    utterance = Utterance(LONG, "en", FEMALE)
    whole = synthesize(utterance)
    pieces = list(speak_stream(utterance))
    assert len(pieces) > 3
    assert np.array_equal(np.concatenate([piece.samples for piece in pieces]), whole.samples)
    assert [word.text for word in whole.words] == LONG.split()
    assert_in_order(whole.words, len(whole.samples) / RATE)
    length = 0
    for piece in pieces:
        assert length / RATE <= piece.words[0].start
        length += len(piece.samples)
        assert piece.words[-1].end <= length / RATE


def test_phonemes_spell_the_words():
    spoken = speak("Hello, my friend.")
    assert "".join(row.text for row in spoken.phonemes) == "həlˈoʊmaɪfɹˈɛnd"
    assert_in_order(spoken.phonemes, len(spoken.samples) / RATE)
    for word, phones in zip(spoken.words, (4, 2, 5), strict=True):
        inside = [
            row for row in spoken.phonemes if row.start >= word.start - 0.06 and row.end <= word.end + 0.3
        ]
        assert len(inside) >= phones


def test_speech_that_is_cut_off_has_no_words_behind_its_end():
    whole, cut = speak(TEXT), speak(TEXT, longest=1.5)
    assert len(cut.samples) == 1.5 * RATE
    assert np.array_equal(cut.samples, whole.samples[: len(cut.samples)])
    assert [word.text for word in cut.words] == [word.text for word in whole.words if word.start < 1.5]
    assert cut.words[-1].end <= 1.5


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Guten Morgen, die Sonne scheint heute über den grünen Bergen."),
        ("fr", "Bonjour, le soleil brille aujourd'hui sur les montagnes vertes."),
    ],
)
def test_other_languages_spread_their_words(language, text):
    spoken = speak(text, language)
    assert [word.text for word in spoken.words] == text.split()
    assert_in_order(spoken.words, len(spoken.samples) / RATE)
    lengths = {word.text: word.end - word.start for word in spoken.words}
    assert lengths[max(lengths, key=len)] > 1.5 * lengths[min(lengths, key=len)]
    assert not spoken.phonemes
    assert loudness(spoken.samples, 0, spoken.words[0].start) < 0.005
    assert loudness(spoken.samples, spoken.words[-1].end, len(spoken.samples) / RATE) < 0.005
    faster = speak(text, language, speed=1.25)
    assert times(faster.words) == pytest.approx(times(spoken.words) / 1.25, abs=0.001)
