"""How a transcript shows itself."""

from cartesia_nb import Transcript

WORDS = [("Tom", 0.0, 0.5), ("<b>&", 0.5, 1.0)]
MADE = {"model_id": "ink-whisper", "credits": 1, "backend": "api"}


def test_a_transcript_is_its_text():
    heard = Transcript("Tom <b>&", language="en", duration=1.25, words=WORDS, provenance=MADE)
    assert str(heard) == "Tom <b>&"
    assert repr(heard) == "Transcript('Tom <b>&', 1.25 s, en, ink-whisper, about 1 credit)"
    assert heard.words.word.to_list() == ["Tom", "<b>&"]


def test_html_has_every_word_with_its_time_and_escapes_it():
    shown = Transcript("Tom <b>&", words=WORDS, provenance=MADE)._repr_html_()
    assert '<span title="0.00 to 0.50 s">Tom</span>' in shown
    assert "&lt;b&gt;&amp;" in shown
    assert "<b>" not in shown
    assert "about 1 credit" in shown


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
