"""Several speeches as one result."""

import os
import pickle
import re
from pathlib import Path

import pytest
from scripted import wav

from cartesia_nb import OutputFormat, Speech, Speeches
from cartesia_nb.speech.speeches import MOST_SHOWN
from cartesia_nb.wire.errors import InputError

ADA = {"voice_name": "Ada", "voice_id": "id-1", "model_id": "sonic-3.5", "credits": 5, "backend": "api"}


def speech(text="hello", seconds=0.5, **made):
    return Speech(
        wav(seconds, 8000), OutputFormat("wav", None, 8000), transcript=text, provenance={**ADA, **made}
    )


@pytest.fixture
def dialog():
    return Speeches([speech("Ready?"), speech("Not <quite>.", 0.25, voice_name="Bo & Co", credits=7)])


def test_it_is_a_sequence(dialog):
    assert [one.transcript for one in dialog] == ["Ready?", "Not <quite>."]
    assert (len(dialog), dialog[-1].transcript, dialog[0] in dialog) == (2, "Not <quite>.", True)
    assert not Speeches([])
    with pytest.raises(IndexError):
        dialog[2]


def test_a_slice_is_shown_as_the_whole_is(dialog):
    assert [one.transcript for one in dialog[::-1]] == ["Not <quite>.", "Ready?"]
    assert repr(dialog[1:]) == "Speeches(1 speech, 0.25 s, about 7 credits)"
    assert not dialog[1:].side_by_side
    assert Speeches(dialog, side_by_side=True)[1:].side_by_side


def test_it_cannot_be_changed(dialog):
    with pytest.raises(TypeError):
        dialog[0] = dialog[1]
    with pytest.raises(AttributeError):
        dialog.side_by_side = True
    made = list(dialog)
    kept = Speeches(made)
    made.clear()
    assert len(kept) == 2


@pytest.mark.parametrize("others", [[b"sound"], [speech(), None], speech(), "hello", None, 7])
def test_what_is_no_speech(others):
    with pytest.raises(InputError, match="made of .*Speech, not of"):
        Speeches(others)


def test_all_together(dialog):
    assert repr(dialog) == "Speeches(2 speeches, 0.75 s, about 12 credits)"
    assert (dialog.duration, dialog.credits) == (0.75, 12)
    assert repr(Speeches([])) == "Speeches(0 speeches, 0.00 s, about 0 credits)"


def test_half_of_the_cost_does_not_pass_for_all_of_it():
    partly = Speeches([speech(), speech(credits=None)])
    assert partly.credits is None
    assert "credit" not in repr(partly)


def test_one_from_the_sandbox_is_enough_to_say_so(dialog):
    assert "sandbox" not in repr(dialog)
    assert "made by the sandbox, not by Cartesia" in repr(Speeches([*dialog, speech(backend="sandbox")]))


def test_sum_joins(dialog):
    assert sum(dialog).transcript == "Ready? Not <quite>."
    assert sum(dialog).duration == pytest.approx(0.75, abs=0.011)


def test_it_survives_pickling(dialog):
    dialog._repr_html_()
    copy = pickle.loads(pickle.dumps(Speeches(dialog, side_by_side=True)))
    assert [one.data for one in copy] == [one.data for one in dialog]
    assert (repr(copy), copy.side_by_side) == (repr(dialog), True)


# -- shown --------------------------------------------------------------------------------------------


def test_each_shows_as_it_does_alone_and_in_order(dialog):
    html = dialog._repr_html_()
    first, second = (html.index(one._repr_html_()) for one in dialog)
    assert first < second
    assert "2 speeches · 0.75 s · about 12 credits" in html
    assert "<figcaption" not in html
    assert "grid" not in html


def test_side_by_side_each_stands_under_its_voice():
    nameless = speech(voice_name=None, voice_id="e07c00bc-4134-4eae-9ea4-1a55fb45746b")
    joined = speech() + speech(voice_name="Bo", voice_id="id-2")
    html = Speeches(
        [speech(), speech(voice_name="<Bo> & Co"), nameless, joined], side_by_side=True
    )._repr_html_()
    headings = re.findall(r"<figcaption[^>]*>(.*?)</figcaption>\s*<div class=\"cartesia-speech\"", html)
    assert headings == ["Ada", "&lt;Bo&gt; &amp; Co", "e07c00bc…", "no single voice"]
    assert html.count("<audio") == 4
    assert "display:grid" in html


def test_what_needs_neither_kernel_nor_other_ids(dialog):
    html = Speeches([*dialog, dialog[0]])._repr_html_()
    ids = re.findall(r'\bid="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    assert "<script" not in html
    assert "http" not in html


def test_a_great_many_do_not_all_become_part_of_the_notebook():
    many = Speeches([speech("hello", 0.05) for _ in range(MOST_SHOWN + 1)], side_by_side=True)
    assert many._repr_html_().count("<audio") == MOST_SHOWN
    assert f"only the first {MOST_SHOWN} are shown" in many._repr_html_()
    assert "are shown" not in many[1:]._repr_html_()
    _, metadata = many._repr_mimebundle_()
    assert len(metadata["cartesia_nb"]["speeches"]) == MOST_SHOWN


def test_none_at_all_can_be_shown():
    assert "0 speeches" in Speeches([])._repr_html_()


# -- saved --------------------------------------------------------------------------------------------


def test_each_gets_a_file_of_its_own(dialog, tmp_path):
    paths = dialog.save("dialog.wav")
    assert paths == [Path("dialog-1.wav"), Path("dialog-2.wav")]
    assert sorted(os.listdir(tmp_path)) == ["dialog-1.wav", "dialog-2.wav"]
    loaded = [Speech.load(path) for path in paths]
    assert [(one.data, one.transcript) for one in loaded] == [(one.data, one.transcript) for one in dialog]
    assert [path.name for path in dialog.save(str(tmp_path / "v1.2.MP3"))] == ["v1.2-1.MP3", "v1.2-2.MP3"]


def test_names_of_ten_sort():
    names = [path.name for path in Speeches([speech("a", 0.05)] * 10).save("x.wav")]
    assert names == sorted(names)
    assert (names[0], names[9]) == ("x-01.wav", "x-10.wav")


@pytest.mark.parametrize("path", ["nowhere/x.wav", "x.doc", "x", None, "folder.wav"])
def test_a_wrong_path_writes_nothing(dialog, tmp_path, path):
    (tmp_path / "folder-2.wav").mkdir()  # in the way of the second
    with pytest.raises(InputError):
        dialog.save(path)
    assert os.listdir(tmp_path) == ["folder-2.wav"]


def test_what_cannot_be_saved_is_found_before_anything_is_written(dialog, tmp_path):
    silent = Speech(b"", OutputFormat("raw"))
    with pytest.raises(InputError, match="no sound"):
        Speeches([*dialog, silent]).save("x.mp3")
    assert os.listdir(tmp_path) == []


def test_none_at_all_saves_nothing(tmp_path):
    assert Speeches([]).save("x.wav") == []
    assert os.listdir(tmp_path) == []


# -- as a table ---------------------------------------------------------------------------------------


def test_the_frame_has_a_row_for_each(dialog):
    rows = Speeches([*dialog, speech("a", voice_name=None, model_id=None, credits=None)]).frame()
    assert rows.columns.to_list() == ["text", "voice", "model", "duration", "credits", "speech"]
    assert rows.text.to_list() == ["Ready?", "Not <quite>.", "a"]
    assert rows.voice.to_list() == ["Ada", "Bo & Co", "id-1"]
    assert rows.duration.to_list() == [0.5, 0.25, 0.5]
    assert rows.credits.sum() == 12
    assert rows.credits.isna().to_list() == [False, False, True]
    assert rows.speech[0] is dialog[0]


def test_the_frame_can_be_heard(dialog):
    assert dialog.frame()._repr_html_().count("<audio") == 2


def test_the_frame_of_none_has_the_same_columns(dialog):
    none = Speeches([]).frame()
    assert len(none) == 0
    assert none.columns.to_list() == dialog.frame().columns.to_list()
