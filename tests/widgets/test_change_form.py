"""The form that changes the voice of a recording."""

import pytest
from filling import click, settle, wrong
from scripted import wav

import cartesia_nb
from cartesia_nb import change_form
from cartesia_nb.client.defaults import set_defaults


@pytest.fixture
def talk(connected):
    return connected.tts.bytes("Hello!", voice="Ada")


@pytest.fixture
def form(talk):
    return settle(change_form(talk))


def test_the_voice_changes(form, talk):
    cost = f"{talk.duration:.1f} s. Costs about {-(-talk.duration * 15 // 1):.0f} credits."
    assert form.clip.note.text == cost
    form.voice.value = "Bruno"
    click(form, form.change_button)
    assert form.result.provenance["voice_name"] == "Bruno"
    assert form.results.arguments[0] == {"clip": "the recording", "voice": "Bruno"}
    shown = form.shelf._repr_html_()
    assert shown.count("<audio") == 2
    assert shown.index("The recording") < shown.index(">Bruno<")


def test_a_voice_that_is_not_there_is_said_at_its_field(form):
    form.voice.value = "Nobody"
    click(form, form.change_button)
    assert wrong(form)["voice"].startswith("No voice is called 'Nobody'.")
    assert form.result is None


def test_the_beginning_of_a_name_stands_for_it(form):
    form.voice.value = "bru"
    click(form, form.change_button)
    assert ">Bruno<" in form.shelf._repr_html_()
    assert form.results.arguments[0]["voice"] == "Bruno"


def test_no_recording_is_said_at_its_field(form):
    form.clip.value = ""
    click(form, form.change_button)
    assert wrong(form)["clip"].startswith("Recording is empty.")


def test_the_line_of_python_does_the_same(form, talk):
    form.voice.value = "Bruno"
    assert form.code.code == 'cartesia_nb.connect().voice_changer.bytes(clip, voice_id="Bruno")'
    made = eval(form.code.code, {"cartesia_nb": cartesia_nb, "clip": talk})
    assert made.provenance["voice_name"] == "Bruno"


def test_the_format_that_is_set_is_the_one_that_is_asked_for(connected, talk):
    set_defaults(format="mp3")
    form = settle(change_form(talk))
    form.voice.value = "Bruno"
    assert form.code.code.endswith('voice_id="Bruno", output_format="mp3")')
    click(form, form.change_button)
    assert form.result.mimetype == "audio/mpeg"


def test_what_cannot_be_heard_here_is_only_shown_changed(form, monkeypatch):
    monkeypatch.setattr("cartesia_nb.widgets.clip.LONGEST_HEARD", 0.1)
    form.voice.value = "Bruno"
    form.clip.keep("long.wav", wav(1.0))
    click(form, form.change_button)
    assert form.shelf._repr_html_().count("<audio") == 1
    assert ">Bruno<" in form.shelf._repr_html_()
