"""Hearing a sentence in two ways: nothing is paid for twice."""

import pytest
from filling import click, settle
from scripted import Server, reply, wav
from secret import KEY

from cartesia_nb import Speech, clone_form, dictionary_editor
from cartesia_nb.client import client as shared
from cartesia_nb.wire.formats import OutputFormat


@pytest.fixture
def server(monkeypatch):
    """A server that speaks, but fails at the second request for speech."""

    def answer(asked):
        if asked.path == "/voices/clone":
            return reply({"id": "v1"})
        if asked.path != "/tts/bytes":
            return reply({"data": [], "has_more": False})
        spoken = [one for one in server.asked if one.path == "/tts/bytes"]
        return reply({"message": "busy"}, status=500) if len(spoken) == 2 else reply(wav(0.2))

    with Server(answer=answer) as server:
        monkeypatch.setattr(shared, "_shared", shared.Client(KEY, base_url=server.url))
        yield server


def test_what_was_spoken_before_a_failure_is_not_spoken_again(server):
    editor = settle(dictionary_editor())
    editor._saved = "d1", []
    editor.trial.sentence.value = "Hello."
    click(editor, editor.trial.button)
    assert "busy" in editor.line.note.wrong
    click(editor, editor.line.retry)
    asked = [one.json().get("pronunciation_dict_id") for one in server.asked if one.path == "/tts/bytes"]
    assert asked == [None, "d1", "d1"]
    assert len(editor.result) == 2


def test_after_a_failure_the_recording_that_is_heard_is_that_of_the_new_clone(server):
    first, other = (Speech(sound, OutputFormat("wav")) for sound in (wav(4.0), wav(4.0)[:44] + bytes(352800)))
    assert repr(first) == repr(other)
    form = settle(clone_form(first))
    form.name.value = "Mine"
    for button in (form.clone_button, form.trial.button, form.trial.button):
        click(form, button)
    assert "busy" in form.line.note.wrong
    form.clip.keep("other", other)
    for button in (form.clone_button, form.trial.button):
        click(form, button)
    assert form.result[0] is other


def test_another_press_speaks_anew(server):
    editor = settle(dictionary_editor())
    editor._saved = "d1", []
    editor.trial.sentence.value = "Hello."
    for button in (editor.trial.button, editor.line.retry, editor.trial.button):
        click(editor, button)
    assert len([one for one in server.asked if one.path == "/tts/bytes"]) == 5
    assert len(editor.results) == 2
