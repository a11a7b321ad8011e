"""The form that clones, filled in as a person would."""

import threading
from inspect import isfunction

import pytest
from filling import click, message, settle, visible, works, wrong
from ipywidgets import VBox
from scripted import Server, reply, wav
from secret import KEY

import cartesia_nb
from cartesia_nb import Speech, Speeches, clone_form
from cartesia_nb.client import client as shared
from cartesia_nb.client.defaults import set_defaults
from cartesia_nb.widgets.form import Form
from cartesia_nb.widgets.work import State
from cartesia_nb.wire.formats import OutputFormat

TALK = "This is how I speak, whenever I am asked to say something."


@pytest.fixture
def talk(connected):
    return connected.tts.bytes(TALK)


@pytest.fixture
def form(talk):
    form = settle(clone_form(talk))
    yield form
    form.close()


def test_a_voice_is_cloned_and_heard(form, connected):
    form.name.value = "Mine"
    form.description.value = "My own."
    form.language.value = "de"
    assert not visible(form.trial)
    click(form, form.clone_button)
    voice = connected.voices.get(form.result.id)
    assert (voice.name, voice.description, voice.language) == ("Mine", "My own.", "de")
    assert visible(form.trial)

    form.trial.sentence.value = "Guten Tag."
    assert form.trial.sentence.note.text == "Costs about 10 credits."
    click(form, form.trial.button)
    assert isinstance(form.result, Speeches)
    original, spoken = form.result
    assert original.transcript == TALK
    assert spoken.provenance["request"]["voice"]["id"] == voice.id
    assert spoken.provenance["request"]["language"] == "de"

    shown = form.shelf._repr_html_()
    assert shown.count("<audio") == 2
    assert shown.index("The recording") < shown.index("Mine")
    assert list(form.results.action) == ["Cloned: Mine", "“Guten Tag.”"]
    assert form.results.arguments[0]["name"] == "Mine"
    assert form.results.time.is_monotonic_increasing


def test_what_is_heard_is_what_was_cloned_whatever_the_fields_say_now(form):
    form.name.value, form.language.value = "Mine", "de"
    click(form, form.clone_button)
    form.name.value, form.language.value = "Another", "fr"
    click(form, form.trial.button)
    assert form.result[1].provenance["request"]["language"] == "de"
    assert ">Mine<" in form.shelf._repr_html_()


def test_the_clip_is_judged(form):
    assert form.clip.note.text.endswith("Good for a clone.")
    form.clip.keep("hum.wav", wav(2.0))
    assert settle(form).clip.note.text.startswith("2.0 s · ")
    assert "It is short" in form.clip.note.text


def test_a_long_recording_is_not_even_decoded(form):
    form.clip.keep("long.wav", wav(21.0, 8000))
    assert settle(form).clip.note.text.startswith("21.0 s. It is too long: 3 to 10 seconds")
    form.name.value = "Mine"
    click(form, form.clone_button)
    assert "a clone is made of 3 to 10 s" in wrong(form)["clip"]
    assert form.result is None


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [("name", " ", "Name of the new voice is empty"), ("clip", "", "Recording is empty")],
)
def test_what_is_missing_is_said_at_its_field(form, field, value, words):
    form.name.value = "Mine"
    getattr(form, field).value = value
    click(form, form.clone_button)
    assert wrong(form)[field].startswith(words)
    assert list(wrong(form)) == [field]
    assert form.result is None


def test_nothing_to_say_is_said_at_the_sentence(form):
    form.name.value = "Mine"
    click(form, form.clone_button)
    form.trial.sentence.value = "..."
    click(form, form.trial.button)
    assert "nothing to say" in form.trial.sentence.note.wrong


def test_the_line_of_python_does_the_same(form, talk, connected, monkeypatch):
    form.name.value, form.language.value, form.enhance.value = "Mine", "fr", True
    form.base.value = "Bruno"
    line = form.code.code
    assert line.startswith('cartesia_nb.connect().voices.clone(clip, name="Mine", language="fr", base_voice')
    made = eval(line, {"cartesia_nb": cartesia_nb, "clip": talk})
    assert (made.name, made.language) == ("Mine", "fr")


def test_a_failure_of_the_service_can_be_tried_again(talk, monkeypatch):
    answers = [reply({"error_code": "oops", "message": "the machine is on fire"}, status=500)]

    def answer(asked):
        if asked.path.startswith("/voices/clone"):
            return answers.pop() if answers else reply({"id": "v1"})
        return reply({"data": [], "has_more": False})

    with Server(answer=answer) as server:
        monkeypatch.setattr(shared, "_shared", shared.Client(KEY, base_url=server.url))
        form = settle(clone_form(talk))
        form.name.value = "Mine"
        click(form, form.clone_button)
        assert "the machine is on fire" in form.line.note.wrong
        assert (form.name.value, form.result) == ("Mine", None)
        click(form, form.line.retry)
        assert form.line.note.wrong == ""
        assert form.result.id == "v1"
        assert "Cloned: Mine" in form.shelf._repr_html_()


def test_names_of_voices_that_did_not_come_can_be_asked_for_again(talk, monkeypatch):
    answers = [reply("down", status=500)]
    voices = [{"id": "v7", "name": "Bruno"}, {"id": "v8", "name": None}, {"id": "v9"}]

    def answer(_):
        return answers.pop() if answers else reply({"data": voices, "has_more": False})

    with Server(answer=answer) as server:
        monkeypatch.setattr(shared, "_shared", shared.Client(KEY, base_url=server.url, retries=0))
        form = settle(clone_form(talk))
        assert form.base.note.text.startswith("The API answered 500: down.")
        assert visible(form.base.again)
        click(form, form.base.again)
        assert not visible(form.base.again)
        assert form.base.note.text == form.base.hint
        assert list(form.base.control.options) == ["Bruno", "v8", "v9"]
        form.close()


def test_without_a_key_the_form_opens_and_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(shared, "_shared", None)
    form = settle(clone_form(Speech(wav(4.0), OutputFormat("wav"))))
    form.name.value = "Mine"
    click(form, form.clone_button)
    assert form.line.note.wrong.startswith("No API key is known.")
    assert "No API key is known" in form.base.note.text


def test_enhance_is_offered_where_the_version_knows_it(connected, monkeypatch):
    assert visible(clone_form().enhance)
    monkeypatch.setattr(shared, "_shared", connected.with_options(version="2026-08-14"))
    assert not visible(clone_form().enhance)


def test_a_file_that_only_the_api_can_read(form):
    form.clip.keep("talk.webm", b"\x1aE\xdf\xa3 video")
    assert "cannot be judged here" in settle(form).clip.note.text


def test_a_default_language_that_no_menu_has_is_offered(connected):
    with pytest.warns(UserWarning, match="is not known to this release"):
        set_defaults(language="en-GB")
    assert clone_form().language.value == "en-GB"


def test_closing_ends_what_goes_on_and_keeps_the_results(form):
    form.name.value = "Mine"
    click(form, form.clone_button)
    form.close()
    assert (form.comm, form.name.control.comm, form.trial.button.comm) == (None, None, None)
    assert len(form.results) == 1


@pytest.fixture
def asked_in_vain(monkeypatch):
    """Let a server never answer; what this gives is set as soon as it is asked."""
    asked, end = threading.Event(), threading.Event()

    def silent(_sock):
        asked.set()
        end.wait(30)

    with Server([silent]) as server:
        monkeypatch.setattr(shared, "_shared", shared.Client(KEY, base_url=server.url))
        yield asked
        end.set()


def test_closing_hangs_up_what_a_button_began(form, asked_in_vain):
    form.name.value = "Mine"
    form.clone_button.click()
    assert asked_in_vain.wait(10)
    form.close()
    form.line.work.join(10)
    assert not form.line.work._thread.is_alive()
    assert (form.line.work.state, form.result) == (State.CANCELLED, None)


def test_what_goes_wrong_while_a_field_is_filled_in_is_seen(form, monkeypatch):
    monkeypatch.setattr(form, "_python", lambda: 1 / 0)
    form.name.value = "Mine"
    assert form.line.note.wrong == "This should not have happened: ZeroDivisionError: division by zero"


def test_in_another_widget_what_it_makes_shows_in_the_form(form):
    VBox([form])
    message(form.code, {"page": "p1"})
    form.name.value = "Mine"
    click(form, form.clone_button)
    assert "Cloned: Mine" in form.shelf.live.value


def test_closing_hangs_up_whatever_is_asked(talk, asked_in_vain):
    form = clone_form(talk)
    assert asked_in_vain.wait(10)
    form.close()
    for work in works(form):
        work.join(10)
        assert not (work._thread and work._thread.is_alive())


def test_forms_do_not_take_names_that_ipywidgets_uses():
    import ipywidgets

    from cartesia_nb.widgets import change_form, dictionary_editor, localize_form, transcribe_form

    kinds = [change_form.ChangeForm, dictionary_editor.DictionaryEditor, localize_form.LocalizeForm]
    for kind in (Form, transcribe_form.TranscribeForm, type(clone_form()), *kinds):
        own = {name for name, value in vars(kind).items() if isfunction(value) and name[:2] != "__"}
        assert own & set(dir(ipywidgets.VBox)) <= {"close"}, kind
