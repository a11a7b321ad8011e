"""The field for a recording: everything that a recording can be given as, and what is said of it."""

import threading

import numpy as np
import pytest
from filling import message, settle
from scripted import wav

from cartesia_nb import Speech
from cartesia_nb.widgets import chooser
from cartesia_nb.widgets.clip_field import ClipField
from cartesia_nb.widgets.recorder import Recorder
from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.formats import OutputFormat


def field(given=None):
    return settle(ClipField(given, lambda clip: f"{clip.name}: {clip.seconds:.1f} s"))


@pytest.fixture
def speech():
    return Speech(wav(0.5), OutputFormat("wav"))


@pytest.fixture
def page(monkeypatch):
    """What choosers send to their page."""
    sent = []
    monkeypatch.setattr(chooser.Chooser, "send", lambda _, content: sent.append(content))
    return sent


def test_a_path(tmp_path):
    (tmp_path / "talk.wav").write_bytes(wav(0.5))
    shown = field("talk.wav")
    assert shown.note.text == "talk.wav: 0.5 s"
    assert shown.clip().speech.duration == pytest.approx(0.5)
    assert shown.code == "talk.wav"


def test_files_of_the_folder_are_offered(tmp_path):
    for name in ("b.mp3", "a.WAV", "notes.txt"):
        (tmp_path / name).touch()
    assert list(field().control.options) == ["a.WAV", "b.mp3"]


def test_of_many_files_some_are_offered(tmp_path):
    for number in range(60):
        (tmp_path / f"{number:02}.wav").touch()
    assert list(field().control.options) == [f"{number:02}.wav" for number in range(50)]


def test_a_folder_that_is_gone_offers_nothing(tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert list(field().control.options) == []


def test_a_file_that_is_not_there(tmp_path):
    shown = field("nowhere.wav")
    assert "there is no such file" in shown.note.wrong
    with pytest.raises(InputError, match="no such file"):
        shown.clip()


def test_a_file_that_is_no_sound(tmp_path):
    (tmp_path / "talk.webm").write_bytes(b"\x1aE\xdf\xa3 video")
    clip = ClipField("talk.webm", lambda clip: str(clip.measured)).clip()
    assert (clip.speech, clip.measured, clip.seconds) == (None, None, None)


def test_a_variable_of_the_notebook(shell, speech):
    shell.user_ns.update(memo=speech, number=1, _hidden=speech)
    shown = field(speech)
    assert shown.value == "memo"
    assert list(shown.control.options) == ["memo"]
    assert shown.clip().given is speech
    assert shown.code == "memo"
    assert shown.note.text == "memo: 0.5 s"


def test_samples_and_bytes():
    assert field((np.zeros(12000, np.float32), 24000)).note.text == "the recording: 0.5 s"
    assert field(wav(0.5)).note.text == "the recording: 0.5 s"


def test_a_recorder_fills_it_when_something_is_recorded(shell, speech):
    recorder = shell.user_ns["rec"] = Recorder()
    shown = field(recorder)
    assert shown.value == ""
    recorder.set_trait("speech", speech)
    settle(shown)
    assert (shown.value, shown.note.text) == ("rec", "rec: 0.5 s")
    assert shown.clip().given is speech
    assert shown.code == "rec.speech"
    again = Speech(wav(1.0), OutputFormat("wav"))
    recorder.set_trait("speech", again)
    assert settle(shown).note.text == "rec: 1.0 s"
    assert shown.clip().given is again


def test_a_recorder_by_its_name_before_anything_is_recorded(shell):
    shell.user_ns["rec"] = Recorder()
    shown = field()
    shown.value = "rec"
    assert settle(shown).note.wrong == "Nothing is recorded yet. Record something first."


def test_nothing_is_chosen():
    with pytest.raises(InputError, match="Recording is empty"):
        field().clip()


def test_a_file_from_the_page_comes_in_parts(page):
    shown, content = field(), wav(0.5)
    half = len(content) // 2
    about = {"id": "x", "name": "my talk.wav", "size": len(content)}
    message(shown.children[1], {**about, "start": 0}, content[:half])
    assert page == [{"id": "x", "come": half}]
    assert shown.value == ""
    message(shown.children[1], {**about, "start": half}, content[half:])
    assert settle(shown).note.text == "my talk.wav: 0.5 s"
    assert shown.clip().given == content
    assert shown.code == "my talk.wav"


def test_a_second_file_does_not_begin_with_half_of_the_first(page):
    shown, content = field(), wav(0.5)
    about = {"id": "x", "name": "talk.wav", "size": len(content)}
    message(shown.children[1], {**about, "start": 0}, content[:100])
    message(shown.children[1], {**about, "start": 0}, content)
    assert shown.clip().given == content
    settle(shown)


def test_of_two_files_at_once_the_later_one_comes_whole(page):
    shown, content = field(), wav(0.5)
    first = {"id": "x", "name": "first.wav", "size": 2000}
    second = {"id": "y", "name": "second.wav", "size": len(content)}
    message(shown.children[1], {**first, "start": 0}, b"x" * 1000)
    message(shown.children[1], {**second, "start": 0}, content[:500])
    message(shown.children[1], {**first, "start": 1000}, b"x" * 1000)
    message(shown.children[1], {**second, "start": 500}, content[500:])
    assert settle(shown).clip().given == content
    assert page[2] == {"id": "x", "come": 2000}  # its page waits for nothing any more


def test_what_the_page_cannot_read_is_said_at_the_field(page):
    shown = field()
    message(shown.children[1], {"wrong": "music cannot be read: it is a folder."})
    assert shown.note.wrong == "music cannot be read: it is a folder."
    assert shown.value == ""


@pytest.mark.parametrize("name", [" talk.wav ", "a'\"\\ü 你好.wav", "<b>x</b>.wav"])
def test_files_of_any_name(name):
    shown = field()
    shown.keep(name, wav(0.5))
    assert settle(shown).note.text == f"{name.strip()}: 0.5 s"


def test_a_recording_that_is_replaced_is_not_waited_for():
    gate, ended, waited = threading.Event(), threading.Event(), []

    def describe(clip):
        if clip.name == "first.wav":
            waited.append(gate.wait(10))
            ended.set()
        return clip.name

    shown = ClipField(None, describe)
    shown.keep("first.wav", wav(0.5))
    shown.keep("second.wav", wav(0.5))
    assert settle(shown).note.text == "second.wav"
    gate.set()
    assert ended.wait(10)
    assert waited == [True]
    assert shown.note.text == "second.wav"


def test_a_recording_that_is_replaced_while_it_is_described(monkeypatch):
    shown, gate, begun = field(), threading.Event(), threading.Event()
    say, join = shown._say, shown.look.join

    def slowly(text):
        begun.set()
        gate.wait(10)
        say(text)

    def wait():
        gate.set()
        join()

    shown._say = slowly
    shown.keep("first.wav", wav(0.5))
    assert begun.wait(10)
    monkeypatch.setattr(shown.look, "join", wait)
    shown.keep("second.wav", wav(1.0))
    monkeypatch.undo()
    assert settle(shown).note.text == "second.wav: 1.0 s"


def test_a_field_that_is_closed_follows_no_recorder(speech):
    recorder = Recorder()
    shown = field(recorder)
    shown.close()
    shown.close()
    recorder.set_trait("speech", speech)
    assert shown.value == ""


def test_a_file_that_is_too_large_is_refused(page):
    shown = field()
    about = {"id": "x", "name": "talk.wav", "size": chooser.LARGEST + 1, "start": 0}
    message(shown.children[1], about, b"RIFF")
    assert shown.note.wrong == "The file is over 200 MB: give its path."
    assert page == []


def test_what_is_typed_over_an_earlier_choice_counts(speech):
    shown = field(speech)
    shown.value = "nowhere.wav"
    assert "no such file" in settle(shown).note.wrong
