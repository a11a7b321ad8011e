"""Transcripts reach the engines in pieces they can take, cut where a reader would breathe."""

import pytest

from cartesia_nb.sandbox.speech.errors import SpeechError
from cartesia_nb.sandbox.speech.pronunciation import Pronunciation
from cartesia_nb.sandbox.speech.transcript import Pause, Text, parse

SENTENCE = "The lighthouse keeper counts the ships, and the ships count on him."


def spoken(transcript, *pronunciations):
    """Return the texts to read."""
    return [item.spoken for item in parse(transcript, pronunciations) if isinstance(item, Text)]


def words(transcript, *pronunciations):
    """Return each word as it is written, and what is read for it."""
    return [
        (word.written, word.spoken.strip())
        for item in parse(transcript, pronunciations)
        if isinstance(item, Text)
        for word in item.words
    ]


@pytest.mark.parametrize("text", [SENTENCE, "seven brown horses " * 2, "one, two, "])
def test_long_texts_are_cut_between_words_and_nothing_is_lost(text):
    long = (text + " ") * 100
    pieces = spoken(long)
    assert max(map(len, pieces)) <= 250
    assert min(map(len, pieces[:-1])) > 100
    assert " ".join(pieces).split() == long.split()


def test_cuts_are_at_ends_of_sentences_if_there_are_any():
    assert [piece.strip() for piece in spoken(f"{SENTENCE} " * 6)] == [
        f"{SENTENCE} {SENTENCE} {SENTENCE}"
    ] * 2


def test_cuts_are_after_a_comma_rather_than_anywhere():
    pieces = spoken("a brown horse and a red one, " * 20)
    assert all(piece.endswith(", ") for piece in pieces[:-1])


def test_text_without_spaces_is_cut_all_the_same():
    pieces = spoken("a" * 10_000)
    assert max(map(len, pieces)) <= 250
    assert sum(piece.count("a") for piece in pieces) == 10_000


def test_breaks_are_pauses_in_their_places_and_tags_without_effect_go():
    marked_up = (
        'One.<break time=\'250ms\'/><BREAK time="2s" /> <emotion value="sad"/>Two<emotion/>three </spell>'
    )
    first, short, long, rest = parse(marked_up)
    assert (first.spoken, rest.spoken) == ("One. ", "Two three ")
    assert (short, long) == (Pause(0.25), Pause(2.0))


def test_paces_count_until_the_next_of_their_kind():
    marked_up = "a<speed ratio='0.7'/>b<volume ratio=\"2\"/>c<break time='1s'/><SPEED ratio='1.0'/>d"
    paces = [(item.pace.speed, item.pace.volume) for item in parse(marked_up)]
    assert paces == [(1, 1), (0.7, 1), (0.7, 2), (0.7, 2), (1, 2)]
    old = parse("a<speed ratio='0.7'/>b<speed ratio='nonsense'>c", is_controllable=False)
    assert [(item.spoken, item.pace.speed) for item in old] == [("a ", 1), ("b ", 1), ("c", 1)]


def test_words_know_how_they_are_written():
    assert words("Call <spell>b-52</spell>, dial 1²3 — or <<h|ə>>!") == [
        ("Call", "Call"),
        ("b-52,", "B, 5, 2,"),
        ("dial", "dial"),
        ("1²3", "123"),
        ("—", "—"),
        ("or", "or"),
        ("<<h|ə>>!", "<<h|ə>>!"),
    ]


def test_what_has_nothing_to_read_leaves_no_trace_in_the_next_word():
    assert words("<spell>-</spell> a b") == [("a", "a"), ("b", "b")]


def test_shifts_in_programs_are_no_phones():
    assert words("x << 2 >> y") == [(word, word) for word in ("x", "<<", "2", ">>", "y")]


@pytest.mark.parametrize(
    ("entry", "text", "found"),
    [
        (Pronunciation("nginx", "engine x"), "nginx Nginx NGINX nginxes anginx", "11100"),
        (Pronunciation("SQL", "sequel"), "SQL sql Sql SQLite", "1000"),
        (Pronunciation("Ähre", "x"), "Ähre ähre", "10"),
        (Pronunciation("ähre", "x"), "ähre Ähre", "10"),
        (Pronunciation("SQL", "sequel", case_sensitive=False), "SQL sql Sql", "111"),
        (Pronunciation("nginx", "engine x", case_sensitive=True), "nginx Nginx NGINX", "110"),
        (Pronunciation("C++", "see plus"), "C++ C++. XC++", "110"),
    ],
)
def test_entries_are_found_as_whole_words(entry, text, found):
    assert ["1" if entry.alias in reading else "0" for _, reading in words(text, entry)][
        : len(found)
    ] == list(found)


def test_the_longer_entry_counts_and_the_first_of_two():
    city, state = Pronunciation("new york city", "the big apple"), Pronunciation("new york", "the state")
    assert words("In New York City, in New York.", state, city) == [
        ("In", "In"),
        ("New York City,", "the big apple,"),
        ("in", "in"),
        ("New York.", "the state."),
    ]
    assert words("a", Pronunciation("a", "first"), Pronunciation("a", "second")) == [("a", "first")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?!",
        '<break time="1s"/>',
        'a<break time="121s"/>',
        f'a<break time="{"9" * 400}s"/>',
        'a<break time="soon"/>',
        "a<break>",
        "a<speed/>b",
        'a<speed ratio="1.51"/>',
        'a<volume ratio="0.49"/>',
        f"<spell>{'a' * 81}</spell>",
        f"<<{'a|' * 60}>>",
    ],
)
def test_what_cannot_be_spoken(text):
    with pytest.raises(SpeechError):
        parse(text)
