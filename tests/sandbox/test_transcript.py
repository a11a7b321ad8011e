"""Transcripts reach the engines in pieces they can take, cut where a reader would breathe."""

import pytest

from cartesia_nb.sandbox.speech.errors import SpeechError
from cartesia_nb.sandbox.speech.transcript import parse

SENTENCE = "The lighthouse keeper counts the ships, and the ships count on him."


@pytest.mark.parametrize("text", [SENTENCE, "seven brown horses " * 2, "one, two, "])
def test_long_texts_are_cut_between_words_and_nothing_is_lost(text):
    long = (text + " ") * 100
    pieces = parse(long)
    assert max(map(len, pieces)) <= 250
    assert min(map(len, pieces[:-1])) > 100
    assert " ".join(pieces).split() == long.split()


def test_cuts_are_at_ends_of_sentences_if_there_are_any():
    assert [piece.strip() for piece in parse(f"{SENTENCE} " * 6)] == [f"{SENTENCE} {SENTENCE} {SENTENCE}"] * 2


def test_text_without_spaces_is_cut_all_the_same():
    pieces = parse("a" * 10_000)
    assert max(map(len, pieces)) <= 250
    assert sum(piece.count("a") for piece in pieces) == 10_000


def test_breaks_are_pauses_in_their_places_and_other_tags_go():
    marked_up = 'One.<break time=\'250ms\'/><BREAK time="2s" /> <speed ratio="0.9"/>Two <spell>three</spell>'
    assert parse(marked_up) == ["One.", 0.25, 2.0, "Two  three"]


@pytest.mark.parametrize(
    "text", ["", "?!", '<break time="1s"/>', 'a<break time="121s"/>', f'a<break time="{"9" * 400}s"/>']
)
def test_what_cannot_be_spoken(text):
    with pytest.raises(SpeechError):
        parse(text)
