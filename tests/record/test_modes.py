"""Which mode and which folder: what the session says, then the environment, then the usual."""

from pathlib import Path

import pytest
from scripted import Server, reply

from cartesia_nb import Client, set_recording
from cartesia_nb.record import modes
from cartesia_nb.wire.errors import InputError

FORMAT = "raw:pcm_s16le@8000"


def test_the_usual_is_to_keep_answers_beside_the_notebook(monkeypatch):
    monkeypatch.delenv("CARTESIA_NB_RECORD")
    assert modes.in_force() == ("cache", Path.cwd() / "cartesia_record")


def test_the_environment_says_it(monkeypatch):
    monkeypatch.setenv("CARTESIA_NB_RECORD", "replay")
    monkeypatch.setenv("CARTESIA_NB_RECORD_FOLDER", "~/answers")
    assert modes.in_force() == ("replay", Path.home() / "answers")


def test_the_session_goes_first_and_can_be_forgotten(monkeypatch, tmp_path):
    monkeypatch.setenv("CARTESIA_NB_RECORD", "replay")
    set_recording("refresh", tmp_path)
    set_recording(folder=tmp_path / "other")
    assert modes.in_force() == ("refresh", tmp_path / "other")
    modes.reset()
    assert modes.in_force().mode == "replay"


@pytest.mark.parametrize("mode", ["bad", 5, [], ""])
def test_a_mode_that_there_is_not_changes_nothing(mode, tmp_path):
    set_recording("replay", tmp_path)
    with pytest.raises(InputError, match="It can be cache, replay, refresh, off"):
        set_recording(mode, tmp_path / "other")
    assert modes.in_force() == ("replay", tmp_path)


def test_a_folder_that_is_a_file_changes_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    set_recording("replay", tmp_path)
    with pytest.raises(InputError, match="it is a file"):
        set_recording("off", tmp_path / "file")
    assert modes.in_force() == ("replay", tmp_path)


def test_a_client_follows_the_session_unless_it_was_told(tmp_path):
    with Server([reply(bytes(800))]) as server:
        client, own = Client("k", base_url=server.url), Client("k", base_url=server.url, record="off")
        set_recording("cache", tmp_path / "answers")
        for _ in range(2):
            client.tts.bytes("Hello", output_format=FORMAT)
        assert len(server.asked) == 1
        own.tts.bytes("Hello", output_format=FORMAT)
        assert len(server.asked) == 2
    assert (client.record.mode, own.record.mode) == ("cache", "off")


def test_a_change_of_the_working_directory_leaves_the_folder(tmp_path, monkeypatch):
    set_recording("cache", "answers")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert modes.in_force().folder == tmp_path / "answers"


def test_the_usual_folder_is_where_the_first_call_was_made(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first = modes.in_force().folder
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path / "data")
    assert modes.in_force().folder == first == tmp_path / "cartesia_record"


def test_an_empty_path_is_no_folder():
    with pytest.raises(InputError, match="path is empty"):
        Client(record_folder="")


def test_making_a_client_makes_no_folder(tmp_path):
    set_recording("cache", tmp_path / "answers")
    Client("k")
    assert not (tmp_path / "answers").exists()
