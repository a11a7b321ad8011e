"""The form that localizes, filled in as a person would."""

import pytest
from filling import click, settle, visible, wrong
from scripted import Server, reply
from secret import KEY, given_away

import cartesia_nb
from cartesia_nb import Speeches, localize_form
from cartesia_nb.client import client as shared


@pytest.fixture
def form(connected):
    form = settle(localize_form("Ada"))
    yield form
    form.close()


def test_to_another_language_and_heard_before_and_after(form, connected):
    assert form.gender.value == "female"
    form.language.value = "de"
    click(form, form.localize_button)
    voice = connected.voices.get(form.result.id)
    assert (voice.language, voice.name) == ("de", "Ada (German)")
    form.trial.sentence.value = "Guten Tag."
    assert form.trial.sentence.note.text == "Costs about 20 credits."
    click(form, form.trial.button)
    assert isinstance(form.result, Speeches)
    assert [speech.provenance["voice_name"] for speech in form.result] == ["Ada", "Ada (German)"]
    assert {speech.provenance["request"]["language"] for speech in form.result} == {"de"}


def test_nothing_is_spoken_unless_it_is_asked_for(form):
    click(form, form.localize_button)
    assert "<audio" not in form.shelf._repr_html_()
    assert form.trial.sentence.value.startswith("Buenos días")


def test_a_sentence_that_a_person_wrote_stays(form):
    click(form, form.localize_button)
    form.language.value = "de"
    click(form, form.localize_button)
    assert form.trial.sentence.value.startswith("Guten Morgen")
    form.trial.sentence.value = "Meine Worte."
    click(form, form.localize_button)
    assert form.trial.sentence.value == "Meine Worte."


def test_the_beginning_of_a_name_stands_for_it(form, connected):
    form.voice.value = "bru"
    assert form.name.control.placeholder == "Bruno (Spanish)"
    click(form, form.localize_button)
    assert form.result.name == "Bruno (Spanish)"
    connected.voices.delete(form.result.id)


def test_a_key_in_the_field_of_the_voice_does_not_show_elsewhere(form):
    form.voice.value = KEY
    assert not given_away(form.name.control.placeholder + form.code.code)


def test_a_dialect(form, connected):
    assert [code for _, code in form.dialect.control.options] == ["", "mx", "pe"]
    assert form.dialect.control.label == "any"
    form.dialect.value = "pe"
    assert 'dialect="pe"' in form.code.code
    click(form, form.localize_button)
    assert form.results.arguments[0]["dialect"] == "pe"
    form.language.value = "de"
    assert not visible(form.dialect)
    assert "dialect" not in form.code.code


def test_to_another_accent(form):
    form.way.value = "another accent"
    settle(form)
    assert not any(map(visible, (form.language, form.gender, form.dialect)))
    name = next(name for name, row in form.accent.rows.items() if row["id"] == "castilian")
    form.accent.value = name
    click(form, form.localize_button)
    assert form.result.language == "es"
    assert form.results.arguments[0]["accent"] == "castilian"


def test_accents_that_no_voice_can_be_given_are_not_offered(monkeypatch):
    accents = [
        {"id": "us", "name": "American", "is_localizable": True},
        {"id": "in", "name": "Indian", "is_localizable": False},
        {"id": "uk", "name": "British"},
    ]
    with Server([reply({"accents": accents, "data": [], "has_more": False})]) as server:
        monkeypatch.setattr(shared, "_shared", shared.Client(KEY, base_url=server.url))
        form = localize_form("us")
        form.way.value = "another accent"
        assert list(settle(form).accent.control.options) == ["American", "British"]
        form.close()


def test_what_is_missing_is_said_at_its_field(form):
    form.way.value = "another accent"
    click(form, form.localize_button)
    assert wrong(form) == {"accent": "Accent is empty. Type part of the name of an accent."}
    form.way.value = "another language"
    form.gender.value = ""
    click(form, form.localize_button)
    assert "gender" in wrong(form)


def test_a_voice_that_is_not_there_is_said_at_its_field(form):
    form.voice.value = "Nobody"
    form.gender.value = "male"
    click(form, form.localize_button)
    assert wrong(form)["voice"].startswith("No voice is called 'Nobody'.")
    assert form.line.note.wrong == ""


def test_the_gender_follows_the_voice(form):
    form.voice.value = "bru"
    assert form.gender.value == "male"
    form.voice.value = "someone else"
    assert form.gender.value == ""


def test_the_line_of_python_does_the_same(form):
    form.name.value = "Ada in Rome"
    form.language.value = "it"
    assert 'voice_id="Ada", name="Ada in Rome", language="it"' in form.code.code
    made = eval(form.code.code, {"cartesia_nb": cartesia_nb})
    assert (made.name, made.language) == ("Ada in Rome", "it")


@pytest.mark.parametrize(
    ("version", "offered"),
    [("2026-08-14", ["another accent"]), ("2025-04-16", ["another language"])],
)
def test_a_pinned_version_says_what_is_offered(connected, monkeypatch, version, offered):
    monkeypatch.setattr(shared, "_shared", connected.with_options(version=version))
    form = settle(localize_form())
    assert list(form.way.control.options) == offered
    if "another accent" in offered:
        form.accent.value = "castilian"
    click(form, form.localize_button)
    assert form.result.language == "es"


def test_the_default_voice_shows_by_its_name(connected):
    form = settle(localize_form())
    assert form.voice.value == "Ada"
    assert form.voice.id() == "e07c00bc-4134-4eae-9ea4-1a55fb45746b"
