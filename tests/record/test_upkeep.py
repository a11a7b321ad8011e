"""The upkeep of a folder: what is in it, whether it is whole, and what nobody uses."""

import json

import pytest
from scripted import Server, reply, wav

from cartesia_nb.record import upkeep
from cartesia_nb.wire.errors import CartesiaError, InputError

FORMAT = "raw:pcm_s16le@8000"
CLIP = wav(1.0, 8000)


class Numbered(Server):
    """Answers each request with another sound, text or voice: the number of the request."""

    def __init__(self):
        def answer(asked):
            number = len(self.asked)
            if asked.path.startswith("/tts"):
                return reply(bytes([number]) * 800)
            return reply({"text": str(number), "id": "a", "name": str(number)})

        super().__init__(answer=answer)


@pytest.fixture
def server():
    with Numbered() as server:
        yield server


def say(client, text, **how):
    return client.tts.bytes(text, output_format=FORMAT, **how)


def saved(path, *speeches, nested=False):
    """Save a notebook whose outputs play these."""
    told = [{"audio_sha256": speech.provenance["audio_sha256"]} for speech in speeches]
    outputs = [{"data": {"text/html": json.dumps(json.dumps(told))}}] if nested else told
    path.write_text(json.dumps({"cells": [{"outputs": outputs}], "nbformat": 4}))
    return path


def test_what_is_in_a_folder(client_of, server, notebook):
    notebook("one")
    client = client_of(server)
    empty = client.record.entries()
    say(client, "Hello", voice="a0000000-0000-0000-0000-00000000000b")
    say(client, "Hello", fresh=True)
    client.stt.transcribe(CLIP)
    client.voices.get("a")
    found = client.record.entries()
    assert list(found.columns) == list(empty.columns) == list(upkeep.ENTRY)
    assert found.dtypes.astype(str).to_dict() == dict(upkeep.ENTRY)
    speech, take = found[found.method == "tts.bytes"].sort_values("take").to_dict("records")
    assert (speech["about"], speech["model_id"], speech["voice_id"][-1]) == ("Hello", "sonic-3.5", "b")
    assert (speech["backend"], speech["version"], speech["bytes"]) == ("api", "2026-08-14", 800)
    assert (speech["notebook"], speech["take"], take["notebook"], take["take"]) == ("", 1, "one", 2)
    heard = found[found.method == "stt.transcribe"].iloc[0]
    assert (heard["about"], heard["model_id"]) == ("/stt", "ink-whisper")
    assert all((client.record.store.folder / file).exists() for file in found.file)


def test_every_file_is_checked(client_of, server, folder):
    client = client_of(server)
    assert list(client.record.verify().columns) == ["file", "state", "why"]
    say(client, "Hello")
    say(client, "Goodbye")
    client.voices.get("a")
    assert client.record.verify().state.to_list() == ["whole"] * 6
    next(folder.glob("tts.bytes/*.raw")).write_bytes(b"else")
    (folder / "tts.bytes" / ".0123456789abcdef").write_bytes(b"half")
    (folder / ".0123456789abcdef").write_bytes(b"half")
    checked = client.record.verify()
    assert checked.state.value_counts().to_dict() == {"whole": 4, "unused": 2, "damaged": 2}
    assert checked.why[checked.state == "damaged"].str.contains("is not what was written|is damaged").all()


def test_what_begins_the_folder_is_checked_too(client_of, server, folder):
    client = client_of(server)
    assert client.record.verify().empty
    say(client, "Hello")
    about = folder / "store.json"
    for broken in (about.read_bytes() + b"<<<<<<< HEAD", b""):
        about.write_bytes(broken)
        wrong = client.record.verify().set_index("file").loc["store.json"]
        assert (wrong.state, "cannot be read" in wrong.why) == ("damaged", True)
    about.unlink()
    wrong = client.record.verify().set_index("file").loc["store.json"]
    assert (wrong.state, "is missing" in wrong.why) == ("damaged", True)


def test_where_something_is_damaged_nothing_is_removed(client_of, server, notebook, tmp_path, files):
    notebook("one")
    client = client_of(server)
    say(client, "Hello")
    (entry,) = tmp_path.glob("answers/tts.bytes/*.json")
    whole = entry.read_text()
    entry.write_text(whole + "<<<<<<< HEAD")
    before = files()
    assert set(client.record.verify().set_index("file").filter(like="tts.bytes", axis=0).state) == {"damaged"}
    with pytest.raises(InputError, match=r"tts\.bytes/.*json is damaged.* Nothing was removed"):
        client.record.prune([saved(tmp_path / "one.ipynb")])
    assert files() == before
    entry.write_text(whole)
    assert client.record.prune([saved(tmp_path / "one.ipynb")]) == 0


def test_a_notebook_that_was_renamed_keeps_what_it_called_before(client_of, server, notebook, tmp_path):
    notebook("Untitled")
    client = client_of(server)
    shown = say(client, "Shown")
    say(client, "Not shown")
    client.stt.transcribe(CLIP)
    client.voices.get("a")
    assert client.record.prune([saved(tmp_path / "paper.ipynb", shown)]) == 0


def test_what_no_notebook_uses_is_removed_and_nothing_else(client_of, server, notebook, tmp_path, folder):
    notebook("kept")
    client = client_of(server)
    called = say(client, "Called")
    take = say(client, "Called", fresh=True)
    heard, voice = client.stt.transcribe(CLIP), client.voices.get("a")
    notebook("shown")
    client = client_of(server)
    shown, listed = say(client, "Shown"), say(client, "Shown in a page")
    client.voices.get("a")
    notebook("gone")
    client = client_of(server)
    say(client, "Nobody's")
    say(client, "Called", fresh=True)
    client.voices.get("a")
    say(client, "Called")
    (folder / "tts.bytes" / ".0123456789abcdef").write_bytes(b"half")
    calls = (folder / "calls.jsonl").read_text().splitlines(keepends=True)
    (folder / "calls.jsonl").write_text("".join(line for line in calls if '"shown"' not in line))
    notebooks = [saved(tmp_path / "kept.ipynb"), saved(tmp_path / "other.ipynb", shown)]
    notebooks.append(saved(tmp_path / "page.ipynb", listed, nested=True))
    # the entry and the sound of one, and of a take; a read of each notebook that is not named; a leftover
    assert client.record.prune(notebooks) == 2 + 2 + 1 + 1 + 1
    assert set(client.record.verify().state) == {"whole"}
    notebook("kept")
    again = client_of(mode="replay")
    assert bytes(say(again, "Called").data) == bytes(called.data)
    assert bytes(say(again, "Called", fresh=True).data) == bytes(take.data)
    assert again.stt.transcribe(CLIP).text == heard.text
    assert again.voices.get("a").name == voice.name
    assert bytes(say(again, "Shown").data) == bytes(shown.data)
    assert client.record.prune(notebooks) == 0


def test_a_notebook_that_nothing_is_known_of_is_refused(client_of, server, notebook, tmp_path, files):
    notebook("one")
    client = client_of(server)
    say(client, "Hello")
    before = files()
    with pytest.raises(InputError, match=r"nothing is known of two\.ipynb"):
        client.record.prune([saved(tmp_path / "two.ipynb")])
    with pytest.raises(InputError, match=r"there is no file '.*nowhere\.ipynb'"):
        client.record.prune([tmp_path / "nowhere.ipynb"])
    (tmp_path / "bad.ipynb").write_text("[" * 100_000)
    with pytest.raises(InputError, match="no notebook that can be read"):
        client.record.prune([tmp_path / "bad.ipynb"])
    with pytest.raises(InputError, match="wants the notebooks"):
        client.record.prune([])
    assert files() == before


def test_what_nobody_can_be_asked_about_stays(client_of, server, tmp_path):
    client = client_of(server)  # where it is not known which notebook runs
    say(client, "Hello")
    client.voices.get("a")
    assert client.record.prune([saved(tmp_path / "one.ipynb", say(client, "Shown"))]) == 0


def test_the_home_is_found(client_of, server, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    client = client_of(server)
    saved(tmp_path / "one.ipynb", say(client, "Hello"))
    assert client.record.prune(["~/one.ipynb"]) == 0


def test_a_file_that_cannot_be_removed_is_named(client_of, server, folder, tmp_path, monkeypatch):
    client = client_of(server)
    notebook = saved(tmp_path / "one.ipynb", say(client, "Hello"))
    (folder / "tts.bytes" / ".0123456789abcdef").write_bytes(b"half")

    def refuse(self):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr("pathlib.Path.unlink", refuse)
    with pytest.raises(CartesiaError, match="cannot be removed: Permission denied. 0 files"):
        client.record.prune([notebook])
