"""What the sandbox is told to remember outlives it, however it ends."""

import os
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
import requests

from cartesia_nb.sandbox import launch
from cartesia_nb.sandbox.state import State, StateError


def names(api, path="/datasets"):
    found, cursor = [], None
    while True:
        page = api.get(path, params={"limit": 100, "starting_after": cursor}).json()
        found += [row["name"] for row in page["data"]]
        if not page["has_more"]:
            return found
        cursor = page["next_page"]


def create_dataset(api, name):
    return api.post("/datasets", json={"name": name, "description": ""})


def test_everything_survives_a_restart(start_api):
    first = start_api()
    dataset = create_dataset(first, "Kept").json()["id"]
    clip = first.speak("The lighthouse keeper counts the ships, and they count on him.").content
    assert first.upload(f"/datasets/{dataset}/files", {"file": clip}).status_code == 204
    tuned = {"name": "T", "description": "", "language": "en", "model_id": "sonic-2", "dataset": dataset}
    paths = [f"/datasets/{dataset}", f"/datasets/{dataset}/files"]
    for path, fields in {
        "/fine-tunes": tuned,
        "/pronunciation-dicts": {"name": "P", "items": [{"text": "a", "alias": "b"}]},
        "/voices/localize": {"voice_id": first.voices()[0]["id"], "name": "L", "accent": "italian"},
    }.items():
        made = first.post(path, json=fields).json()["id"]
        paths.append(f"/{path.split('/')[1]}/{made}")
    token = first.post("/access-token", json={"grants": {"stt": True}, "expires_in": 3600}).json()["token"]
    first.advance(86_400 * 30)
    remembered = [first.get(path).json() for path in paths]
    first.sandbox.stop()
    second = start_api()
    assert [second.get(path).json() for path in paths] == remembered
    assert remembered[2]["status"] == "completed"
    assert second.get("/sandbox/clock").json()["now"] >= first_of_next_month(remembered[0]["created_at"])
    expired = requests.get(
        second.sandbox.url + "/stt", headers={"Authorization": f"Bearer {token}"}, timeout=9
    )
    assert "expired" in expired.json()["message"]


def first_of_next_month(stamp):
    return f"{stamp[:5]}{int(stamp[5:7]) + 1:02}" if stamp[5:7] != "12" else f"{int(stamp[:4]) + 1}"


def test_deleted_voices_stay_deleted(start_api):
    first = start_api()
    sarah = first.get("/voices", params={"is_owner": "true"}).json()["data"][0]["id"]
    assert first.delete(f"/voices/{sarah}").status_code == 204
    first.sandbox.stop()
    assert start_api().get(f"/voices/{sarah}").status_code == 404


def test_what_was_answered_survives_being_killed(start_api):
    first = start_api()
    answered, enough = [], Event()

    def create(number):
        try:
            if create_dataset(first, f"dataset {number}").status_code == 200:
                answered.append(f"dataset {number}")
        except requests.RequestException:
            return
        if len(answered) > 150:
            enough.set()

    with ThreadPoolExecutor(8) as pool:
        done = pool.map(create, range(1000))
        assert enough.wait(60)
        os.kill(first.sandbox._process.pid, signal.SIGKILL)
        list(done)
    assert 150 < len(answered) < 1000
    remembered = names(start_api())
    assert len(remembered) == len(set(remembered))
    assert set(answered) <= set(remembered)


def test_without_a_folder_nothing_is_remembered(start_api, tmp_path):
    first = start_api(None)
    create_dataset(first, "Forgotten")
    assert names(first) == ["Forgotten"]
    assert names(start_api(None)) == []
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_made_and_found_where_the_notebook_is(start_api, tmp_path):
    api = start_api("deep/inside")
    create_dataset(api, "Kept")
    assert (tmp_path / "deep" / "inside").is_dir()
    api.sandbox.stop()
    assert names(start_api(tmp_path / "deep" / "inside")) == ["Kept"]


def test_a_folder_serves_one_sandbox_at_a_time(start_api, tmp_path):
    first = start_api()
    with pytest.raises(launch.SandboxError, match="another sandbox uses it"):
        start_api()
    assert create_dataset(first, "Unharmed").status_code == 200
    first.sandbox.stop()
    assert names(start_api()) == ["Unharmed"]


def test_a_folder_that_cannot_be_used_is_named_in_one_line(tmp_path):
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "sandbox.sqlite3").write_text("no database " * 100)
    for folder, reason in {
        "file": "File exists",
        "file/below": "Not a directory",
        "odd": "not a database",
    }.items():
        path = str(tmp_path / folder)
        done = subprocess.run(
            [sys.executable, "-m", "cartesia_nb.sandbox", "--data", path],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.count("\n") == 1
        assert path in done.stderr
        assert reason in done.stderr


def test_a_database_that_cannot_be_written_is_noticed_at_once(tmp_path, monkeypatch):
    State(tmp_path)._rows.close()
    connect = sqlite3.connect

    def read_only(path, **options):
        return connect(f"file:{path}?mode=ro", uri=True, **options)

    monkeypatch.setattr(sqlite3, "connect", read_only)
    with pytest.raises(StateError, match="cannot keep its data"):
        State(tmp_path)


def test_changes_together_all_last_or_none():
    state = State()

    def half_way():
        with state.together():
            state.put("kind", {"id": "one"})
            raise KeyError

    with pytest.raises(KeyError):
        half_way()
    assert state.all("kind") == []
    with state.together():
        state.put("kind", {"id": "one"})
        state.put("kind", {"id": "two"})
    assert [row["id"] for row in state.all("kind")] == ["two", "one"]
