"""The player's kernel side: what it sends, what it keeps, and how it shows in a notebook."""

import io
import json

import nbformat
import numpy as np
import pytest
import soundfile
from nbclient import NotebookClient
from scripted import wav
from traitlets import TraitError

from cartesia_nb import OutputFormat, Speech, player
from cartesia_nb.widgets.player import LARGEST, Player
from cartesia_nb.wire.errors import BadAnswer, InputError

MEGABYTE = 1_000_000


def speech(seconds=2.0, written="wav", **said):
    data = wav(seconds) if written == "wav" else wav(seconds)[44:]
    return Speech(data, OutputFormat(written), transcript="Hello, Ada!", **said)


@pytest.fixture
def sent(monkeypatch):
    """Messages that players send, as (content, buffers)."""
    messages = []
    monkeypatch.setattr(Player, "send", lambda _, content, buffers: messages.append((content, buffers)))
    return messages


def ask(shown, **message):
    """What a page does."""
    shown._handle_msg({"content": {"data": {"method": "custom", "content": message}}, "buffers": []})


def answer(shown, sent, name):
    sent.clear()
    ask(shown, send=name, id="7")
    assert {(content["id"], content["parts"]) for content, _ in sent} == {("7", len(sent))}
    return b"".join(buffer for _, [buffer] in sent)


def about(shown, sent):
    return json.loads(answer(shown, sent, "about"))


def test_a_page_gets_the_sound_as_received(sent):
    shown = player(speech(words=[("Hello,", 0.1, 0.4)]))
    assert answer(shown, sent, "sound") == wav(2.0)
    known = about(shown, sent)
    assert (known["duration"], known["mimetype"], known["soundIsFile"]) == (2.0, "audio/wav", True)
    assert known["fileName"] == "hello-ada.wav"
    assert "Hello,</span>" in known["words"]


def test_no_message_is_larger_than_a_megabyte(sent):
    shown = player(speech(80))
    assert answer(shown, sent, "sound") == wav(80)
    assert max(len(buffer) for _, [buffer] in sent) < MEGABYTE
    assert len(sent) > 5


def test_raw_samples_get_a_header_and_nothing_else(sent):
    shown = player(speech(written="raw"))
    sound, rate = soundfile.read(io.BytesIO(answer(shown, sent, "sound")), dtype="int16")
    assert (sound.tobytes(), rate) == (wav(2.0)[44:], 44100)
    assert about(shown, sent)["fileName"] == "hello-ada.wav"


def test_an_mp3_is_sent_as_it_is(sent):
    data = speech().as_file(".mp3")
    shown = player(Speech(data, OutputFormat("mp3")))
    assert answer(shown, sent, "sound") == data
    known = about(shown, sent)
    assert (known["mimetype"], known["fileName"]) == ("audio/mpeg", "speech.mp3")


def test_what_is_large_plays_as_a_copy_and_downloads_as_received(sent):
    loud = speech(100)
    shown = player(loud)
    assert len(loud.data) > LARGEST
    assert answer(shown, sent, "sound") == loud.display_copy
    assert answer(shown, sent, "file") == loud.data
    known = about(shown, sent)
    assert (known["mimetype"], known["soundIsFile"]) == ("audio/mpeg", False)
    assert known["fileName"].endswith(".wav")


def test_other_messages_are_left_alone(sent):
    shown = player(speech())
    ask(shown, send="nothing of this name", id="1")
    ask(shown, kind="of somebody else")
    assert sent == []


def test_what_is_synced_is_small_and_has_no_sound():
    shown = player(speech(10))
    state = shown.get_state()
    ours = {name: value for name, value in state.items() if name not in ("_esm", "_css")}
    assert len(json.dumps(ours)) < 1000
    assert len(json.dumps(state)) < 40_000
    assert not any(isinstance(value, bytes | memoryview) for value in state.values())


def test_the_page_says_where_it_stands():
    shown = player(speech())
    shown.set_state({"position": 1.25, "selection": [0.5, 2.0]})
    assert (shown.position, shown.selection) == (1.25, (0.5, 2.0))
    shown.set_state({"selection": None})
    assert shown.selection is None
    with pytest.raises(TraitError, match="read-only"):
        shown.position = 1.0


@pytest.mark.parametrize("wrong", [(1.5, 1.0), (1.0, 1.0), (-1.0, 1.0), (0.0, 2.1), (float("nan"), 1.0)])
def test_a_selection_lies_in_the_speech(wrong):
    shown = player(speech())
    with pytest.raises(InputError, match="lasts 2 seconds"):
        shown.selection = wrong
    assert shown.selection is None


def test_what_is_no_sound_opens_nothing(monkeypatch):
    opened = []
    monkeypatch.setattr(Player, "open", opened.append)
    with pytest.raises(BadAnswer):
        player(Speech(b"RIFF and no more", OutputFormat("wav")))
    assert opened == []


@pytest.mark.parametrize("wrong", [None, b"RIFF", np.zeros(9), "hello"])
def test_only_speech_is_played(wrong):
    with pytest.raises(InputError, match="plays a Speech, not"):
        player(wrong)


def test_a_name_of_a_file_is_short_and_plain(sent):
    for said, name in [("a/b\\c: ..", "a-b-c"), ("", "speech"), ("…", "speech"), ("word " * 99, "word-word")]:
        known = about(player(Speech(wav(), OutputFormat("wav"), transcript=said)), sent)
        assert known["fileName"].startswith(name)
        assert len(known["fileName"]) < 50
        assert "/" not in known["fileName"]


CELLS = (
    """
from cartesia_nb import OutputFormat, Speech, player
speech = Speech(b"\\0\\0" * 9000, OutputFormat("raw"), transcript="Hello")
p = player(speech)
p
""",
    "p.close()\np",
)


def test_it_shows_as_a_widget_and_as_a_copy_that_needs_none(tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}).execute()
    (widget, copy), (closed,) = [[output.data for output in cell.outputs] for cell in notebook.cells]
    assert "application/vnd.jupyter.widget-view+json" in widget
    assert widget["text/plain"].startswith("Player(Speech('Hello', 0.20 s")
    assert copy["text/plain"].startswith("Speech('Hello', 0.20 s")
    assert "data-copy-of=" in copy["text/html"]
    assert "data-copy-of=" not in closed["text/html"]
    assert copy["text/html"].count("<audio") == closed["text/html"].count("<audio") == 1
    assert "widget-view" not in str(copy) + str(closed)
