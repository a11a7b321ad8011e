"""Words under a waveform: at their times, and none on top of another."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cartesia_nb.speech.timing import Timed
from cartesia_nb.speech.word_places import DRIFT, WIDTH, places


def timed(*words):
    return [Timed(text, start, start + 0.1) for text, start in words]


def test_where_there_is_room_words_stand_at_their_times():
    assert places(timed(("a", 0.0), ("b", 1.0), ("c", 3.0)), 4.0) == [0.0, 0.25, 0.75]


def test_the_last_word_ends_with_the_waveform():
    (left,) = places(timed(("immeasurably", 0.99)), 1.0)
    assert 0.8 < left < 0.9


def test_neighbours_give_way_to_both_sides():
    early, late = places(timed(("neighbour", 2.0), ("neighbour", 2.1)), 4.0)
    assert early < 0.5
    assert 0.5 - early == pytest.approx(late - 0.525)


@pytest.mark.parametrize(
    ("words", "duration"),
    [
        ([], 1.0),
        ([("a", 0.0)], 0.0),
        ([("word", 0.01 * n) for n in range(10)], 5.0),
        ([("word", n) for n in range(100)], 100.0),
    ],
    ids=["none", "no time", "too close", "too many"],
)
def test_what_does_not_fit(words, duration):
    assert places(timed(*words), duration) == []


def test_chinese_needs_more_room():
    def apart(text):
        early, late = places(timed((text, 2.0), (text, 2.1)), 4.0)
        return late - early

    assert apart("今天天气") > 1.3 * apart("word")


@given(some.lists(some.tuples(some.text("abmw", min_size=1, max_size=8), some.floats(0, 9)), max_size=20))
def test_none_covers_another(words):
    words = timed(*sorted(words, key=lambda word: word[1]))
    lefts = [WIDTH * left for left in places(words, 9.0)]
    for (word, left), (_, after) in pairwise(zip(words, lefts, strict=False)):
        assert after - left > 0.5 * len(word.text)
    for word, left in zip(words, lefts, strict=False):
        assert 0 <= left <= WIDTH
        assert left - WIDTH * word.start / 9 <= DRIFT + 1e-6
