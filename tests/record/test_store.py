"""A folder is whole whatever happens: kills, other processes, full disks, strangers."""

import errno
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from disks import mounted
from scripted import Server, reply, wav
from secret import KEY

from cartesia_nb import usage
from cartesia_nb.record import ledger
from cartesia_nb.record.asked import hash_of
from cartesia_nb.record.entry import Label
from cartesia_nb.record.store import Store
from cartesia_nb.wire.errors import CartesiaError, InputError, NotStored

FORMAT = "raw:pcm_s16le@8000"
SPEAK = """
import sys
from cartesia_nb import Client
client = Client({key!r}, base_url={url!r}, record="cache", record_folder={folder!r})
for number in range({count}):
    client.tts.bytes(f"Number {{number % {different}}}", output_format="raw:pcm_s16le@8000")
    print(number, flush=True)
"""


def sound_of(asked):
    """Return a sound for each text, the same each time."""
    is_json = asked.headers["content-type"] == "application/json"
    text = json.loads(asked.body)["transcript"] if is_json else dict(asked.texts())["transcript"]
    return reply(hashlib.sha256(text.encode()).digest() * 500)


def speaking(server, folder, count, different):
    """Start a kernel that speaks so many texts, so many of them different."""
    code = SPEAK.format(key=KEY, url=server.url, folder=str(folder), count=count, different=different)
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)


def one_entry(folder):
    (path,) = folder.glob("tts.bytes/*.json")
    return path


def test_what_a_killed_kernel_leaves_is_whole(client_of, folder):
    with Server(answer=sound_of) as server:
        for moment in range(12):
            with speaking(server, folder, 100_000, 100_000) as kernel:
                while int(kernel.stdout.readline()) < moment:
                    continue  # it has what earlier ones left
                time.sleep(moment / 1000)
                kernel.send_signal(signal.SIGKILL)
        client = client_of(server)
        states = client.record.verify().state
        assert set(states) <= {"whole", "unused"}
        kept = len(client.record.entries())
        assert kept >= 12
        asked = len(server.asked)
        for number in range(kept + 5):
            client.tts.bytes(f"Number {number}", output_format=FORMAT)
        assert len(server.asked) - asked == 5  # what a kill has lost is asked again, and nothing else
        called = len(server.asked)
    rows = ledger.written(folder / ledger.FILE)
    live = [row for row in rows if row["source"] == "live"]
    assert called - 12 <= len(live) <= called  # each kill may cost the line of the call that it hit
    lines = [line for line in (folder / ledger.FILE).read_bytes().splitlines() if line]
    assert len(lines) - len(rows) <= 12
    assert not [line for line in lines if line.count(b'"time"') > 1]  # nothing is glued to what was cut off
    again = client_of(mode="replay")
    assert again.tts.bytes("Number 0", output_format=FORMAT).provenance["stored"]


@pytest.mark.parametrize("step", range(1, 9))
def test_whatever_write_is_the_last_one_leaves_nothing_half_written(step, client_of, folder, monkeypatch):
    """A kill at each step of writing: from there on, nothing more reaches the disk."""
    steps = iter(range(1, 100))
    real_open, real_replace = Path.open, Path.replace

    class Killed(BaseException):
        pass

    def at_step(action):
        def checked(self, *args, **options):
            if folder in self.parents and next(steps) == step:
                raise Killed
            return action(self, *args, **options)

        return checked

    with Server(answer=sound_of) as server:
        with monkeypatch.context() as patch:
            patch.setattr(Path, "open", at_step(real_open))
            patch.setattr(Path, "replace", at_step(real_replace))
            patch.setattr(Path, "unlink", lambda *_, **__: None)
            client = client_of(server)
            with suppress(Killed):
                client.tts.bytes("Number 1", output_format=FORMAT)
        client = client_of(server)
        assert "damaged" not in set(client.record.verify().state)
        client.tts.bytes("Number 1", output_format=FORMAT)
    assert client_of(mode="replay").tts.bytes("Number 1", output_format=FORMAT)
    checked = client.record.verify()
    unused = set(checked.file[checked.state == "unused"])
    notebook = folder.parent / "a.ipynb"
    notebook.write_text(
        json.dumps(
            {"audio_sha256": hashlib.sha256(sound_of(server.asked[0]).partition(b"\r\n\r\n")[2]).hexdigest()}
        )
    )
    assert client.record.prune([notebook]) == len(unused)
    assert set(client.record.verify().state) == {"whole"}


def test_four_kernels_write_the_same_and_other_entries_at_once(client_of, folder):
    with Server(answer=sound_of) as server:
        kernels = [speaking(server, folder, 60, 30) for _ in range(4)]
        for kernel in kernels:
            kernel.communicate(timeout=60)
        assert [kernel.returncode for kernel in kernels] == [0] * 4
        checked = client_of(server).record.verify()
        assert set(checked.state) == {"whole"}
        assert len(checked) == 60 + 1  # an entry and a sound for each text, and store.json
        live = len(server.asked)
    lines = [json.loads(line) for line in (folder / ledger.FILE).read_bytes().splitlines() if line]
    assert len(lines) == 4 * 60
    total = usage("notebook", folder=folder)
    assert total.calls.to_list() == [240]
    assert total.stored.to_list() == [240 - live]
    assert total.credits.to_list() == [sum(line["characters"] for line in lines if line["source"] == "live")]


def test_threads_write_the_same_entry_at_once(client_of, folder):
    with Server(answer=sound_of) as server, ThreadPoolExecutor(8) as pool:
        client = client_of(server)
        said = list(pool.map(lambda _: client.tts.bytes("Hello", output_format=FORMAT), range(16)))
    assert len({bytes(speech.data) for speech in said}) == 1
    assert set(client.record.verify().state) == {"whole"}
    assert len((folder / ledger.FILE).read_bytes().splitlines()) == 16


def test_a_forked_process_writes_too(client_of, folder):
    with Server(answer=sound_of) as server:
        client = client_of(server)
        client.tts.bytes("Number 1", output_format=FORMAT)
        child = os.fork()
        if child == 0:
            client.tts.bytes("Number 2", output_format=FORMAT)
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        client.tts.bytes("Number 2", output_format=FORMAT)
        assert len(server.asked) == 2
    assert set(client.record.verify().state) == {"whole"}


STEPS = {
    "mkdir": (Path, "mkdir"),
    "open": (Path, "open"),
    "replace": (Path, "replace"),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_a_folder_that_cannot_be_written_to_costs_no_speech(step, code, request, monkeypatch):
    client_of, folder, files = (request.getfixturevalue(name) for name in ("client_of", "folder", "files"))

    def refuse(real):
        def checked(self, *args, **options):
            reads = name == "open" and not set("xa+") & set(args[0] if args else "r")
            if (folder == self or folder in self.parents) and not reads:
                raise OSError(code, os.strerror(code), str(self))
            return real(self, *args, **options)

        return checked

    kind, name = STEPS[step]
    with Server(answer=sound_of) as server:
        client = client_of(server)
        with monkeypatch.context() as patch:
            patch.setattr(kind, name, refuse(getattr(kind, name)))
            with warnings.catch_warnings(record=True, action="always") as warned:
                speech = client.tts.bytes("Hello", output_format=FORMAT)
        assert speech.duration > 0
        told = [str(warning.message) for warning in warned]
        assert f"tts.bytes 'Hello' is not stored in {folder}: {os.strerror(code)}." in told
        assert not [name for name in files() if name != ledger.FILE]
        client.tts.bytes("Hello", output_format=FORMAT)
        assert client.tts.bytes("Hello", output_format=FORMAT).provenance["stored"]
    assert set(client.record.verify().state) == {"whole"}


@pytest.fixture
def small_disk(tmp_path):
    """Give a disk of 64 kB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    with mounted(disk):
        yield disk


@pytest.mark.small_disk
def test_a_full_disk_costs_no_speech(client_of, small_disk):
    with Server([reply(bytes(48_000))]) as server:
        client = client_of(server, record_folder=small_disk / "answers")
        client.tts.bytes("First", output_format=FORMAT)
        with pytest.warns(UserWarning, match="No space left"):
            assert len(client.tts.bytes("Second", output_format=FORMAT).data) == 48_000
        assert set(client.record.verify().state) == {"whole"}
        assert not list((small_disk / "answers").rglob(".*"))
        assert client.tts.bytes("First", output_format=FORMAT).provenance["stored"]


DAMAGES = {
    "cut": lambda entry: entry.write_bytes(entry.read_bytes()[:200]),
    "empty": lambda entry: entry.write_bytes(b""),
    "no text": lambda entry: entry.write_bytes(b"\xff\xfe\x00"),
    "a list": lambda entry: entry.write_text("[]"),
    "deep": lambda entry: entry.write_text('{"asked":' * 100_000),
    "less deep": lambda entry: changed(entry, asked=nested(400)),
    "a folder": lambda entry: (entry.unlink(), entry.mkdir()),
    "body changed": lambda entry: body_of(entry).write_bytes(b"\0" * 100),
    "body missing": lambda entry: body_of(entry).unlink(),
    "body is a folder": lambda entry: (body_of(entry).unlink(), body_of(entry).mkdir()),
    "file elsewhere": lambda entry: changed(entry, file="../../secret"),
    "absolute file": lambda entry: changed(entry, file="/etc/hostname"),
    "file and no text": lambda entry: changed(entry, file=None),
    "file is a number": lambda entry: changed(entry, file=5),
    "other request": lambda entry: changed(entry, asked={"method": "tts.bytes", "path": "/x"}),
    "method elsewhere": lambda entry: forged(entry, method="../../.."),
    "method is a list": lambda entry: forged(entry, method=["tts.bytes"]),
    "status is a text": lambda entry: changed(entry, status="200"),
    "headers are a list": lambda entry: changed(entry, headers=["server"]),
    "header is a number": lambda entry: changed(entry, headers={"server": 1}),
    "no attempts": lambda entry: changed(entry, attempts=None),
    "seconds are a text": lambda entry: changed(entry, seconds="1"),
    "label is a list": lambda entry: changed(entry, label=[1]),
    "take is a text": lambda entry: labelled(entry, take="2"),
    "notebook elsewhere": lambda entry: labelled(entry, notebook="../../../x"),
    "place of another": lambda entry: labelled(entry, local=False),
    "unknown field": lambda entry: changed(entry, surprise=1),
    "blocks for ever": lambda entry: changed(entry, blocks=[[1e300, 16000]]),
    "blocks of another size": lambda entry: changed(entry, blocks=[[0.1, 5]]),
    "blocks are texts": lambda entry: changed(entry, blocks=["ab"]),
    "fields are no pairs": lambda entry: forged(entry, fields=[["a"]]),
}  # fmt: skip


def nested(depth):
    return {"inner": nested(depth - 1)} if depth else {}


def body_of(entry):
    return entry.with_name(json.loads(entry.read_text())["file"])


def changed(entry, **fields):
    entry.write_text(json.dumps(json.loads(entry.read_text()) | fields))


def forged(entry, **asked):
    """Change what was asked, and the hash with it, as a stranger would."""
    found = json.loads(entry.read_text())
    found["asked"] |= asked
    labelled_as = found["label"] | {"sha256": hash_of(found["asked"])}
    changed(entry, asked=found["asked"], label=labelled_as)


def labelled(entry, **label):
    changed(entry, label=json.loads(entry.read_text())["label"] | label)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_entry_is_asked_again_and_no_replay(damage, client_of, folder, tmp_path):
    (tmp_path / "secret").write_bytes(b"nobody's business")
    with Server(answer=sound_of) as server:
        client = client_of(server)
        before = client.tts.bytes("Hello", output_format=FORMAT)
        DAMAGES[damage](one_entry(folder))
        with pytest.raises(
            CartesiaError, match="replay: .*(cannot be read|missing|not what was written)"
        ) as told:
            client_of(mode="replay").tts.bytes("Hello", output_format=FORMAT, model_id="sonic-3.5")
        assert not isinstance(told.value, NotStored)
        with pytest.raises(NotStored):  # looking for what is near is no trouble either
            client_of(mode="replay").tts.bytes("Goodbye", output_format=FORMAT)
        assert "damaged" in set(client.record.verify().state)
        client.record.entries()
        if damage in ("a folder", "body is a folder"):
            return
        with pytest.warns(UserWarning, match="it is asked again"):
            after = client_of(server).tts.bytes("Hello", output_format=FORMAT)
        assert (bytes(after.data), after.provenance["stored"]) == (bytes(before.data), False)
        assert len(server.asked) == 2
        assert client_of(server).tts.bytes("Hello", output_format=FORMAT).provenance["stored"]
    assert (tmp_path / "secret").read_bytes() == b"nobody's business"
    assert "damaged" not in set(client.record.verify().state)


def test_an_answer_in_the_place_of_another_is_none(client_of, folder):
    with Server([reply({"id": "a"}), reply({"id": "b"})]) as server:
        client = client_of(server)
        client.voices.get("a")
        (first,) = folder.glob("voices.get/*.json")
        client.voices.get("b")
        (second,) = {*folder.glob("voices.get/*.json")} - {first}
    second.write_bytes(first.read_bytes())
    with pytest.raises(CartesiaError, match="cannot be read"):
        client_of(mode="replay").voices.get("b")
    assert client.record.verify().state.value_counts().to_dict() == {"whole": 2, "damaged": 1}


def test_links_lead_nowhere(client_of, folder, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "own").write_text("mine")
    with Server(answer=sound_of) as server:
        client = client_of(server)
        client.tts.bytes("Hello", output_format=FORMAT)
        for path in (one_entry(folder), body_of(one_entry(folder))):
            path.unlink(missing_ok=True)
            path.symlink_to(outside / "own")
            with pytest.warns(UserWarning, match="asked again"):
                client.tts.bytes("Hello", output_format=FORMAT)
            assert not path.is_symlink()
        (folder / ledger.FILE).unlink()
        (folder / ledger.FILE).symlink_to(outside / "own")
        with pytest.warns(UserWarning, match="leads elsewhere"):
            client.tts.bytes("Hello", output_format=FORMAT)
        (folder / "infill.bytes").symlink_to(outside)
        with pytest.warns(UserWarning, match="elsewhere"):
            client.infill.bytes("Hello", left_audio=wav(1.0), output_format=FORMAT)
    assert [path.name for path in outside.iterdir()] == ["own"]
    assert (outside / "own").read_text() == "mine"


ABOUT = {"layout": 1, "newest_version": "2025-11-04", "defaults": {}}


def test_a_folder_goes_on_with_what_it_was_begun_with(client_of, folder):
    folder.mkdir()
    defaults = {
        "tts_model": "sonic-3",
        "infill_model": "sonic-2",
        "voice": "8f7d3c2e-1a2b-3c4d-5e6f-7a8b9c0d1e2f",
        "output_format": "raw:pcm_s16le@8000",
        "stream_format": "raw:pcm_s16le@16000",
        "stt_model": "ink-whisper",
    }
    (folder / "store.json").write_text(json.dumps(ABOUT | {"defaults": defaults}))
    with Server([reply(bytes(8000))]) as server:
        client = client_of(server)
        client.tts.bytes("Hello")
        client.tts.bytes("Hello", model_id="sonic-3.5", voice="a0000000-0000-0000-0000-00000000000b")
        client.infill.bytes("Hello", left_audio=wav(1.0))
        client_of(server, "off").tts.bytes("Hello", output_format=FORMAT)
    old, explicit, infill, off = server.asked
    assert old.headers["cartesia-version"] == "2025-11-04"
    assert (old.json()["model_id"], old.json()["voice"]["id"]) == ("sonic-3", defaults["voice"])
    assert old.json()["output_format"] == {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 8000}
    assert (explicit.json()["model_id"], explicit.json()["voice"]["id"][-1]) == ("sonic-3.5", "b")
    assert dict(infill.texts())["model_id"] == "sonic-2"
    assert off.json()["model_id"] == "sonic-3.5"
    assert off.headers["cartesia-version"] == "2026-08-14"
    assert json.loads((folder / "store.json").read_text())["defaults"] == defaults
    assert client_of(mode="replay").tts.bytes("Hello").provenance["model_id"] == "sonic-3"


def test_two_defaults_that_say_the_same_stay_apart(client_of, folder, monkeypatch):
    from cartesia_nb.wire.catalog import DEFAULTS, BuiltIn

    folder.mkdir()
    pinned = {"tts_model": "sonic-2", "infill_model": "sonic-3"}
    (folder / "store.json").write_text(json.dumps(ABOUT | {"defaults": pinned}))
    record = client_of().record
    later = BuiltIn("sonic-3.5")
    monkeypatch.setitem(DEFAULTS, "infill_model", later)
    assert record.settled(later) == "sonic-3"
    assert record.settled(DEFAULTS["tts_model"]) == "sonic-2"


BROKEN = {
    "empty": "",
    "no JSON": "{",
    "a list": "[]",
    "no defaults": json.dumps({"layout": 1, "newest_version": "2025-11-04"}),
    "a default of numbers": json.dumps(ABOUT | {"defaults": {"voice": 5}}),
    "defaults are a list": json.dumps(ABOUT | {"defaults": ["voice"]}),
    "version is a number": json.dumps(ABOUT | {"newest_version": 5}),
    "deep": "[" * 100_000,
    "no number": json.dumps(ABOUT | {"layout": None}),
    "endless": '{"layout": 1e999}',
}


@pytest.mark.parametrize("mode", ["cache", "replay", "refresh"])
@pytest.mark.parametrize("about", BROKEN)
def test_a_folder_that_cannot_be_understood_is_an_error(about, mode, client_of, folder):
    folder.mkdir()
    (folder / "store.json").write_text(BROKEN[about])
    with Server([reply(bytes(8000))]) as server:
        with pytest.raises(InputError, match=r"store\.json cannot be read\. Take it back"):
            client_of(server, mode).tts.bytes("Hello")
        assert not server.asked


def test_a_folder_of_a_later_release_is_an_error(client_of, folder):
    folder.mkdir()
    (folder / "store.json").write_text('{"layout": 2, "made_with": "cartesia_nb 9.0", "new": {}}')
    with pytest.raises(InputError, match=r"later release, cartesia_nb 9\.0\. Update"):
        client_of(mode="replay").tts.bytes("Hello")


def test_a_folder_that_is_a_file_is_an_error(client_of, folder):
    folder.write_text("")
    with pytest.raises(InputError, match="it is a file"):
        client_of()


def test_what_is_of_somebodys_own_is_left_alone(client_of, folder, tmp_path):
    """A folder of answers may be a whole project."""
    own = [
        "data/table.csv", "data/table.json", "tts.bytes/notes.json", "tts.bytes/notes.txt", ".env", "notes.json",
        "config/" + "0" * 64 + ".json", "data/.0123456789abcdef",
    ]  # fmt: skip
    for name in own:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{}")
    with Server(answer=sound_of) as server:
        client = client_of(server)
        client.tts.bytes("Hello", output_format=FORMAT)
    assert len(client.record.verify()) == 3
    (tmp_path / "a.ipynb").write_text(json.dumps({"audio_sha256": "0" * 64}))
    with pytest.raises(InputError):
        client.record.prune([tmp_path / "a.ipynb"])
    assert Store(folder).paths() == [one_entry_of(folder)]
    client.record.export(tmp_path / "a.zip")
    assert all((folder / name).exists() for name in own)


def one_entry_of(folder):
    (path,) = [path for path in folder.glob("tts.bytes/*.json") if path.name != "notes.json"]
    return path


def test_of_the_answers_that_do_the_fittest_is_taken():
    """By place, then by notebook, then the last take before the one that is wanted."""
    best_first = [
        Label("0" * 64, local, notebook, take)
        for local, notebook, take in [
            (True, "mine", 2), (True, "mine", 1), (True, "mine", 4), (True, "mine", 5),
            (True, "", 1), (True, "other", 3), (False, "mine", 3), (False, "other", 3),
        ]
    ]  # fmt: skip
    wanted = Label("0" * 64, True, "mine", 3)
    shuffled = best_first[3:] + best_first[:3]
    assert sorted(shuffled, key=lambda label: label.fitness(wanted), reverse=True) == best_first
