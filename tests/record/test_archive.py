"""A folder as one file: the same there and back, and nothing from strangers but answers."""

import json
import stat
import zipfile

import pytest
from scripted import Server, reply, wav

from cartesia_nb.wire.errors import CartesiaError, InputError

FORMAT = "raw:pcm_s16le@8000"
NAME = f"tts.bytes/{'0' * 64}.json"
ABOUT = json.dumps({"layout": 1, "newest_version": "2026-08-14", "defaults": {}})


@pytest.fixture
def client(client_of, notebook):
    notebook("Übung 実験")
    with Server([reply(bytes(8000)), reply(wav(0.1)), reply({"text": "Hi"}), reply({"id": "a"})]) as server:
        client = client_of(server)
        client.tts.bytes("Hello", output_format=FORMAT)
        client.tts.bytes("Hello")
        client.stt.transcribe(wav(1.0))
        client.voices.get("a")
        yield client


def contents(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_there_and_back(client, client_of, folder, tmp_path, offline):
    first = client.record.export(tmp_path / "first.zip")
    other = client_of(mode="replay", record_folder=tmp_path / "other")
    assert other.record.import_(first) == len(contents(folder))
    assert contents(tmp_path / "other") == contents(folder)
    assert other.record.export(tmp_path / "second.zip").read_bytes() == first.read_bytes()
    offline()
    assert other.tts.bytes("Hello").provenance["stored"]
    assert other.voices.get("a").id == "a"


def test_what_is_there_stays(client, folder, tmp_path):
    archive = client.record.export(tmp_path / "a.zip")
    before = contents(folder)
    assert client.record.import_(archive) == 0
    assert contents(folder) == before


def test_calls_are_added(client, client_of, folder, tmp_path):
    archive = client.record.export(tmp_path / "a.zip")
    with Server([reply(bytes(8000))]) as server:
        other = client_of(server, record_folder=tmp_path / "other")
        other.tts.bytes("Goodbye", output_format=FORMAT)
    own = (tmp_path / "other" / "calls.jsonl").read_bytes()
    for _ in range(2):
        other.record.import_(archive)
        assert (tmp_path / "other" / "calls.jsonl").read_bytes() == own + (
            folder / "calls.jsonl"
        ).read_bytes()


def test_answers_that_were_begun_with_other_defaults_do_not_come_together(
    client, client_of, folder, tmp_path
):
    archive = client.record.export(tmp_path / "a.zip")
    about = folder / "store.json"
    about.write_text(about.read_text().replace("sonic-3.5", "sonic-2"))
    before = contents(folder)
    with pytest.raises(InputError, match="begun with other defaults .* a folder of its own"):
        client_of().record.import_(archive)
    assert contents(folder) == before


def test_what_cannot_be_imported_is_not_exported(client, folder, tmp_path):
    (folder / "store.json").unlink()
    with pytest.raises(InputError, match=r"nothing in .* to export: it has no store\.json"):
        client.record.export(tmp_path / "a.zip")
    with pytest.raises(InputError, match=r"there is no file '.*nowhere\.zip'"):
        client.record.import_(tmp_path / "nowhere.zip")


def test_leftovers_and_links_are_left_out(client, folder, tmp_path):
    (tmp_path / "private").write_text("nobody's business")
    (folder / "tts.bytes" / f"{'0' * 64}.raw").symlink_to(tmp_path / "private")
    (folder / "tts.bytes" / ".0123456789abcdef").write_text("half")
    (folder / "notes.txt").write_text("mine")
    with zipfile.ZipFile(client.record.export(tmp_path / "a.zip")) as archive:
        assert not {f"tts.bytes/{'0' * 64}.raw", "notes.txt"} & set(archive.namelist())
        assert not any(".0123" in name for name in archive.namelist())
        assert len(archive.namelist()) == 8


def test_an_empty_folder_cannot_be_exported(client_of, tmp_path):
    with pytest.raises(InputError, match="nothing in"):
        client_of(mode="replay").record.export(tmp_path / "a.zip")


def zipped(path, *files, about=ABOUT, how=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", how) as archive:
        if about is not None:
            archive.writestr("store.json", about)
        for name, content in files:
            archive.writestr(name, content)


def link(path):
    info = zipfile.ZipInfo(NAME)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    zipped(path, (info, "../../../etc/passwd"))


def wrong_crc(path):
    zipped(path, (NAME, "{}" * 50), how=zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"{}" * 50, b"[]" * 50))


def broken_deflate(path):
    zipped(path, (NAME, bytes(range(256)) * 40))
    content = bytearray(path.read_bytes())
    at = content.index(NAME.encode()) + len(NAME) + 40
    content[at : at + 60] = b"\xff" * 60
    path.write_bytes(content)


def twice(path):
    with pytest.warns(UserWarning, match="Duplicate"):
        zipped(path, (NAME, "{}"), (NAME, "[]"))


STRANGERS = {
    "up": lambda path: zipped(path, ("../evil.json", "{}")),
    "up from within": lambda path: zipped(path, (f"tts.bytes/../../{'0' * 64}.json", "{}")),
    "absolute": lambda path: zipped(path, ("/tmp/evil.json", "{}")),
    "a drive": lambda path: zipped(path, (f"C:/{NAME}", "{}")),
    "backslashes": lambda path: zipped(path, (f"tts.bytes\\{'0' * 64}.json", "{}")),
    "another kind": lambda path: zipped(path, (f"{NAME}.exe", "MZ")),
    "a script": lambda path: zipped(path, (f"tts.bytes/{'0' * 64}.py", "1")),
    "hidden": lambda path: zipped(path, (".bashrc", "evil")),
    "a new line": lambda path: zipped(path, (f"{NAME}\n", "{}")),
    "a link": link,
    "twice": twice,
    "a bomb": lambda path: zipped(path, (NAME, bytes(100 * 1024**2))),
    "wrong CRC": wrong_crc,
    "broken": broken_deflate,
    "no store.json": lambda path: zipped(path, (NAME, "{}"), about=None),
    "a bad store.json": lambda path: zipped(path, (NAME, "{}"), about="[]"),
    "a later store.json": lambda path: zipped(path, (NAME, "{}"), about='{"layout": 7}'),
    "empty": lambda path: path.write_bytes(b""),
    "no zip": lambda path: path.write_bytes(b"RIFF" * 100),
    "cut off": lambda path: (zipped(path, (NAME, "{}" * 999)), path.write_bytes(path.read_bytes()[:-40])),
    "a folder": lambda path: path.mkdir(),
    "not there": lambda _path: None,
}


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("begun", [False, True])
def test_a_strangers_file_is_refused_whole(stranger, begun, client_of, folder, tmp_path):
    path = tmp_path / "stranger.zip"
    STRANGERS[stranger](path)
    if begun:
        folder.mkdir()
        (folder / "store.json").write_text(ABOUT)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(InputError, match=r"stranger\.zip|later release"):
        client_of(mode="cache").record.import_(path)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_forged_answer_is_taken_in_and_never_given(client, client_of, tmp_path, folder):
    (entry,) = [p for p in folder.glob("tts.bytes/*.json") if b"8000" in p.read_bytes()]
    forged = json.loads(entry.read_text()) | {"file": "../../private"}
    zipped(tmp_path / "a.zip", (f"tts.bytes/{entry.name}", json.dumps(forged)))
    (tmp_path / "private").write_bytes(b"x")
    other = client_of(mode="replay", record_folder=tmp_path / "other")
    assert other.record.import_(tmp_path / "a.zip") == 2
    with pytest.raises(CartesiaError, match="cannot be read"):
        other.tts.bytes("Hello", output_format=FORMAT)
    assert other.record.verify().state.to_list() == ["whole", "damaged"]


def test_a_dangling_link_in_the_folder_is_not_followed(client, client_of, tmp_path, folder):
    archive = client.record.export(tmp_path / "a.zip")
    other = tmp_path / "other"
    (other / "tts.bytes").mkdir(parents=True)
    entry = next(folder.glob("tts.bytes/*.json"))
    (other / "tts.bytes" / entry.name).symlink_to(tmp_path / "outside")
    client_of(mode="replay", record_folder=other).record.import_(archive)
    assert not (tmp_path / "outside").exists()
