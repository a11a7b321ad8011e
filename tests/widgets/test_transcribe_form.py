"""The form that transcribes."""

import pytest
from filling import click, settle, wrong
from scripted import Server, reply
from secret import KEY

import cartesia_nb
from cartesia_nb import Transcript, transcribe_form
from cartesia_nb.client import client as shared

TEXT = "The weather is fine today."


@pytest.fixture
def talk(connected):
    return connected.tts.bytes(TEXT)


@pytest.fixture
def form(talk):
    return settle(transcribe_form(talk))


def test_what_is_heard_and_when(form):
    assert form.clip.note.text.endswith(" s. Costs about 2 credits.")
    click(form, form.transcribe_button)
    assert isinstance(form.result, Transcript)
    assert form.result.text == TEXT
    assert form.result.words.word.tolist() == TEXT.split()
    assert form.results.result[0] is form.result
    shown = form.shelf._repr_html_()
    assert shown.count("<audio") == 1
    assert shown.count("data-start=") == 5


def test_of_what_is_too_long_to_be_heard_there_is_the_text(form, monkeypatch):
    monkeypatch.setattr("cartesia_nb.widgets.clip.LONGEST_HEARD", 0.1)
    click(form, form.transcribe_button)
    shown = form.shelf._repr_html_()
    assert "<audio" not in shown
    assert "weather" in shown


def test_language_and_model_are_sent(form, monkeypatch):
    form.language.value, form.model.value = "de", "ink-whisper-2025-06-04"
    assert form.code.code.endswith('(clip, language="de", model="ink-whisper-2025-06-04")')
    with Server([reply({"text": "Gut."})]) as server:
        monkeypatch.setattr(shared, "_shared", shared.Client(KEY, base_url=server.url))
        click(form, form.transcribe_button)
        assert dict(server.asked[0].texts())["language"] == "de"
        assert dict(server.asked[0].texts())["model"] == "ink-whisper-2025-06-04"
    assert form.result.text == "Gut."


def test_no_recording_is_said_at_its_field(form):
    form.clip.value = "nowhere.wav"
    click(form, form.transcribe_button)
    assert "no such file" in wrong(form)["clip"]
    assert form.result is None


def test_the_line_of_python_does_the_same(form, talk):
    assert eval(form.code.code, {"cartesia_nb": cartesia_nb, "clip": talk}).text == TEXT
