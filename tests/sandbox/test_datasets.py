"""Datasets and their files."""

import io

import numpy as np
import pytest
import soundfile

from cartesia_nb.sandbox.state import State

TEXT = "The lighthouse keeper counts the ships, and the ships count on him."


def create(api, name="D", description="about it", **options):
    return api.post("/datasets/", json={"name": name, "description": description}, **options).json()


@pytest.fixture(scope="module")
def clip(api):
    return api.speak(TEXT).content


@pytest.fixture
def dataset(api):
    made = create(api)["id"]
    yield made
    api.delete(f"/datasets/{made}")


def files(api, dataset):
    return api.get(f"/datasets/{dataset}/files", params={"limit": 100}).json()["data"]


def encoded(samples, **kind):
    target = io.BytesIO()
    soundfile.write(target, samples, 24000, **kind)
    return target.getvalue()


def test_create_read_change_delete(api):
    made = create(api, "Mine", "")
    assert set(made) == {"id", "name", "description", "created_at"}
    assert made["id"].startswith("dataset_")
    path = f"/datasets/{made['id']}"
    assert api.get(path).json() == made
    changed = api.patch(path, json={"name": "Ours", "description": "both"})
    assert (changed.status_code, changed.content) == (204, b"")
    assert api.get(path).json() == made | {"name": "Ours", "description": "both"}
    gone = api.delete(path)
    assert (gone.status_code, gone.content) == (204, b"")
    for answer in (api.get(path), api.delete(path), api.patch(path, json={"name": "x", "description": ""})):
        assert answer.status_code == 404
        assert made["id"] in answer.json()["message"]


def test_lists_are_newest_first_and_come_in_pages(start_api):
    api = start_api(None)
    made = [create(api, f"number {number}")["id"] for number in range(25)][::-1]
    assert api.get("/datasets").json() == api.get("/datasets/").json()
    first = api.get("/datasets").json()
    assert [row["id"] for row in first["data"]] == made[:10]
    assert (first["has_more"], first["next_page"]) == (True, made[9])
    rest = api.get("/datasets", params={"limit": 100, "starting_after": made[9]}).json()
    assert [row["id"] for row in rest["data"]] == made[10:]
    assert (rest["has_more"], "next_page" in rest) == (False, False)
    back = api.get("/datasets", params={"limit": 3, "ending_before": made[10]}).json()
    assert [row["id"] for row in back["data"]] == made[7:10]
    assert back["has_more"] is True
    assert api.get("/datasets", params={"starting_after": made[-1]}).json()["data"] == []
    assert api.get("/datasets", params={"limit": 101}).status_code == 400


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"name": "x"},
        {"description": "x"},
        {"name": "", "description": "x"},
        {"name": None, "description": "x"},
        {"name": "x", "description": None},
        {"name": 5, "description": "x"},
    ],
)
def test_name_and_description_are_required(api, dataset, fields):
    for answer in (api.post("/datasets", json=fields), api.patch(f"/datasets/{dataset}", json=fields)):
        assert answer.status_code == 400
        assert "name" in answer.json()["message"] or "description" in answer.json()["message"]
    assert api.get(f"/datasets/{dataset}").json()["name"] == "D"


def test_upload_list_and_delete_files(api, dataset, clip):
    for name in ("one.wav", "two.wav", "three.wav"):
        answer = api.upload(f"/datasets/{dataset}/files/", {"file": (name, clip)}, purpose="fine_tune")
        assert (answer.status_code, answer.content) == (204, b"")
    listed = files(api, dataset)
    assert [file["filename"] for file in listed] == ["three.wav", "two.wav", "one.wav"]
    assert all(set(file) == {"id", "filename", "size", "created_at"} for file in listed)
    assert all(file["id"].startswith("file_") and file["size"] == len(clip) for file in listed)
    path = f"/datasets/{dataset}/files/{listed[1]['id']}"
    assert api.delete(path).status_code == 204
    assert api.delete(path).status_code == 404
    assert [file["filename"] for file in files(api, dataset)] == ["three.wav", "one.wav"]
    page = api.get(f"/datasets/{dataset}/files", params={"limit": 1}).json()
    assert (page["data"], page["has_more"], page["next_page"]) == (listed[:1], True, listed[0]["id"])


def test_files_belong_to_one_dataset_and_go_with_it(api, dataset, clip):
    other = create(api)["id"]
    api.upload(f"/datasets/{dataset}/files", {"file": clip})
    file = files(api, dataset)[0]["id"]
    assert files(api, other) == []
    assert api.delete(f"/datasets/{other}/files/{file}").status_code == 404
    assert len(files(api, dataset)) == 1
    assert api.delete(f"/datasets/{other}").status_code == 204
    assert api.get(f"/datasets/{other}/files").status_code == 404
    assert api.upload(f"/datasets/{other}/files", {"file": clip}).status_code == 404


def test_a_deleted_dataset_leaves_nothing_behind(start_api, clip, tmp_path):
    api = start_api()
    kept, gone = create(api)["id"], create(api)["id"]
    for dataset in (kept, gone):
        api.upload(f"/datasets/{dataset}/files", {"file": clip})
    api.delete(f"/datasets/{gone}")
    api.sandbox.stop()
    assert [file["dataset"] for file in State(tmp_path / "data").all("dataset_file")] == [kept]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.flac", {"format": "FLAC"}),
        ("a.OGG", {"format": "OGG"}),
        ("a.opus", {"format": "OGG", "subtype": "OPUS"}),
        ("a.mp3", {"format": "MP3"}),
        ("a.wav", {"format": "WAV", "subtype": "PCM_24"}),
        ("without an ending", {"format": "FLAC"}),
    ],
)
def test_formats(api, dataset, clip, name, kind):
    samples, _ = soundfile.read(io.BytesIO(clip))
    content = encoded(np.stack([samples, samples], axis=1), **kind)
    assert api.upload(f"/datasets/{dataset}/files", {"file": (name, content)}).status_code == 204
    assert [file["filename"] for file in files(api, dataset)] == [name]


@pytest.mark.parametrize("name", ["notes.txt", "song.mid", "x.wav.exe", "x.7z", "wave.WAVE"])
def test_other_file_types_are_refused(api, dataset, clip, name):
    answer = api.upload(f"/datasets/{dataset}/files", {"file": (name, clip)})
    assert answer.status_code == 400
    assert "wav, mp3, flac" in answer.json()["message"]
    assert files(api, dataset) == []


@pytest.mark.parametrize(
    "content",
    [
        b"this is text",
        b"RIFF",
        b"RIFF\0\0\0\0WAVEfmt ",
        b"ID3" + b"\0" * 200,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 500,
        b"\0",
    ],
)
def test_what_is_not_audio_is_refused(api, dataset, content):
    answer = api.upload(f"/datasets/{dataset}/files", {"file": ("lie.wav", content)})
    assert answer.status_code == 400
    assert files(api, dataset) == []


def test_a_cut_file_is_refused(api, dataset, clip):
    answer = api.upload(f"/datasets/{dataset}/files", {"file": ("cut.wav", clip[: len(clip) // 2])})
    assert answer.status_code == 400
    assert "cut short" in answer.json()["message"]


def test_silence_is_audio(api, dataset):
    silence = encoded(np.zeros(24000), format="WAV")
    assert api.upload(f"/datasets/{dataset}/files", {"file": ("silence.wav", silence)}).status_code == 204


def test_the_file_is_required(api, dataset):
    for answer in (
        api.post(f"/datasets/{dataset}/files", files={"other": ("a.wav", b"x")}),
        api.post(f"/datasets/{dataset}/files", files={"file": (None, "text")}),
        api.post(f"/datasets/{dataset}/files", json={"file": "a.wav"}),
    ):
        assert answer.status_code in (400, 415)
        assert answer.json()["message"]
