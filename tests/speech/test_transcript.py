"""How a transcript shows itself."""

import re
from html.parser import HTMLParser

import pytest

from cartesia_nb import Transcript
from cartesia_nb.speech.transcript import TIMES_SHOWN

WORDS = [("Tom", 0.0, 0.5), ("<b>&", 0.5, 1.0)]
MADE = {"model_id": "ink-whisper", "credits": 1, "backend": "api"}


def test_a_transcript_is_its_text():
    heard = Transcript("Tom <b>&", language="en", duration=1.25, words=WORDS, provenance=MADE)
    assert str(heard) == "Tom <b>&"
    assert repr(heard) == "Transcript('Tom <b>&', 1.25 s, en, ink-whisper, about 1 credit)"
    assert heard.words.word.to_list() == ["Tom", "<b>&"]


class Read(HTMLParser):
    """What is read of HTML: its text, the times above its words, and what each tag says of itself."""

    def __init__(self, shown):
        super().__init__()
        self.texts, self.times, self.open, self.tags = [], [], [], []
        self.feed(shown)

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "rt" in self.open:
            self.times.append(data)
        elif "rp" not in self.open:
            self.texts.append(data)

    @property
    def text(self):
        return "".join(self.texts)


def spoken(words, seconds=0.4):
    return [(word, at * seconds, (at + 1) * seconds) for at, word in enumerate(words)]


def test_each_word_stands_under_the_time_when_it_begins():
    read = Read(Transcript("Tom <b>&", words=WORDS, provenance=MADE)._repr_html_())
    assert read.times == ["0.00", "0.50"]
    assert read.text.split("\n")[1:3] == ["Tom <b>&", "ink-whisper · about 1 credit"]
    assert [said["title"] for tag, said in read.tags if tag == "ruby"] == ["0.00 to 0.50 s", "0.50 to 1.00 s"]
    assert "b" not in dict(read.tags)


def test_times_are_neither_copied_nor_read_aloud_nor_run_into_words():
    shown = Transcript("Tom <b>&", words=WORDS)._repr_html_()
    for tag, said in Read(shown).tags:
        if tag == "rt":
            assert said["aria-hidden"] == "true"
            assert ";user-select:none" in said["style"]
    assert Read(shown).times
    # what is left where ruby is not known, or taken away
    assert "Tom (0.00) &lt;b&gt;&amp; (0.50)" in re.sub(r"</?(ruby|rp|rt)\b[^>]*>", "", shown)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Well, yes: no -- \u201cyes\u201d.\nNo?", ["Well", "yes", "no", "yes", "No"]),
        ("Well, yes.", ["Well,", " yes."]),
        ("\u4f60\u597d\u3002\u4e16\u754c", ["\u4f60\u597d", "\u4e16\u754c"]),
        ("no no no", ["no", "no", "no"]),
        ("and more text", ["and"]),
    ],
)
def test_the_text_stays_as_it_was_heard(text, words):
    read = Read(Transcript(text, words=spoken(words))._repr_html_())
    assert text in read.text
    assert len(read.times) == len(words)


@pytest.mark.parametrize("text", ["It is ten.", "It is", "", "10 is it", "It was this 10."])
def test_words_that_are_not_those_of_the_text_take_its_place(text):
    read = Read(Transcript(text, words=spoken(["It", "is", "10"]))._repr_html_())
    assert read.text.split() == ["It", "is", "10"]
    assert read.times == ["0.00", "0.40", "0.80"]


def test_an_hour_shows_all_its_text_the_first_times_and_how_many_have_none():
    words = "the quick brown <fox> jumps over an extraordinarily lazy dog, it's said.".split()
    words = (words * 750)[:9000]
    heard = Transcript(" ".join(words), words=spoken(words), language="en", duration=3600)
    read = Read(heard._repr_html_())
    assert len(heard._repr_html_().encode()) < 200_000
    assert read.times == [f"{at * 0.4:.2f}" for at in range(TIMES_SHOWN)]
    assert "The rest, without times: 8,700 of 9,000 words" in read.text
    assert [word for word in read.text.split() if word in set(words)] == words
    assert "3600.00 s · en" in read.text


@pytest.mark.parametrize(("more", "hidden"), [(0, False), (1, True)])
def test_nothing_is_put_away_before_there_is_too_much(more, hidden):
    words = ["word"] * (TIMES_SHOWN + more)
    shown = Transcript(" ".join(words), words=spoken(words))._repr_html_()
    assert ("<details" in shown) == hidden
    assert Read(shown).text.split().count("word") == len(words)


def test_the_text_says_its_language():
    shown = Read(Transcript("Hei", language='n"b')._repr_html_())
    assert ("div", 'n"b') in [(tag, said.get("lang")) for tag, said in shown.tags]


def test_no_blank_stands_at_the_beginning():
    assert ">Hello<" in Transcript(" Hello ")._repr_html_()
    assert "><ruby" in Transcript("Hello", words=spoken(["Hi", "there"]))._repr_html_()


def test_html_without_words_has_the_text():
    assert "A &lt; B" in Transcript("A < B")._repr_html_()
    assert "no words were heard" in Transcript("")._repr_html_()


def test_the_sandbox_is_named():
    assert "made by the sandbox, not by Cartesia" in repr(
        Transcript("a", provenance={**MADE, "backend": "sandbox"})
    )


def test_provenance_cannot_be_changed():
    heard = Transcript("a", provenance={"request": {"model": "m"}})
    heard.provenance["request"]["model"] = "other"
    assert heard.provenance["request"]["model"] == "m"
