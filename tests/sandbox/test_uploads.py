"""Forms and bodies of every broken kind are refused in words, and the sandbox serves on."""

import http.client
import json
from urllib.parse import urlsplit

import psutil
import pytest
import requests

OLD, NEW = "2025-04-16", "2026-08-14"
MEGABYTE = 1024 * 1024
HEAD = 'Content-Disposition: form-data; name="{name}"'
FILE_HEAD = HEAD + '; filename="{filename}"\r\nContent-Type: audio/wav'


@pytest.fixture(scope="module")
def clip(api):
    return api.speak("A heron waited beside the wide river until dawn, and then it flew away.").content


@pytest.fixture(scope="module")
def files(api):
    """The address of a dataset's files."""
    return f"/datasets/{api.post('/datasets', json={'name': 'D', 'description': ''}).json()['id']}/files"


def part(name, content, filename=None):
    head = HEAD.format(name=name) if filename is None else FILE_HEAD.format(name=name, filename=filename)
    return b"--X\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n"


def form(*parts):
    return b"".join(parts) + b"--X--\r\n"


def send(api, path, body, content_type="multipart/form-data; boundary=X", version=NEW):
    return api.post(path, data=body, headers={"Content-Type": content_type}, version=version)


def refused(response, status=400):
    assert response.status_code == status, response.text
    error = response.json()
    assert set(error) == {"error_code", "title", "message", "request_id"}
    assert error["request_id"] == response.headers["x-request-id"]
    assert "not part of the sandbox" not in error["message"]
    return error["message"]


def last_file(api, files):
    return api.get(files).json()["data"][0]


BROKEN = {
    "nothing": (b"", "multipart/form-data; boundary=X"),
    "no form": (b"hello", "multipart/form-data; boundary=X"),
    "no boundary": (form(part("name", b"x")), "multipart/form-data"),
    "an empty boundary": (form(part("name", b"x")), "multipart/form-data; boundary="),
    "a boundary that is too long": (form(part("name", b"x")), f"multipart/form-data; boundary={'y' * 5000}"),
    "another boundary": (form(part("name", b"x")), "multipart/form-data; boundary=Y"),
    "cut in the head": (part("name", b"x")[:20], "multipart/form-data; boundary=X"),
    "cut in a text": (part("name", b"x")[:-3], "multipart/form-data; boundary=X"),
    "cut in a file": (part("clip", b"RIFF" * 999, "a.wav")[:-9], "multipart/form-data; boundary=X"),
    "cut before the end": (part("name", b"x"), "multipart/form-data; boundary=X"),
    "a part without a name": (b"--X\r\n\r\nx\r\n--X--\r\n", "multipart/form-data; boundary=X"),
    "a head without an end": (b"--X\r\nContent-Disposition" * 999, "multipart/form-data; boundary=X"),
    "bytes in the head": (b"--X\r\n\xff\xfe: \0\r\n\r\nx\r\n--X--\r\n", "multipart/form-data; boundary=X"),
    "too many parts": (
        form(*[part(f"n{number}", b"x") for number in range(101)]),
        "multipart/form-data; boundary=X",
    ),
    "too many files": (
        form(*[part(f"n{n}", b"x", "a") for n in range(101)]),
        "multipart/form-data; boundary=X",
    ),
    "a long text": (form(part("name", b"x" * 70_000)), "multipart/form-data; boundary=X"),
    "no file": (form(part("name", b"x"), part("language", b"en")), "multipart/form-data; boundary=X"),
    "a text for a file": (form(part("clip", b"x")), "multipart/form-data; boundary=X"),
    "an empty file": (form(part("clip", b"", "a.wav")), "multipart/form-data; boundary=X"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_forms(api, files, kind):
    body, content_type = BROKEN[kind]
    for path in ("/voices/clone", files):
        message = refused(send(api, path, body, content_type))
        assert message
        assert kind != "an empty file" or "clip is an empty file" in message
        older = send(api, path, body, content_type, OLD)
        assert (older.status_code, older.text.partition(":")[0]) == (400, "Invalid request")


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "application/json",
        "text/plain",
        "audio/wav",
        "multipart/mixed; boundary=X",
        "multipart",
        "x" * 4000,
        "é",
    ],
)
def test_lying_content_types(api, content_type, clip):
    body = form(part("clip", clip, "a.wav"), part("name", b"x"), part("language", b"en"))
    message = refused(send(api, "/voices/clone", body, content_type.encode()), 415)
    assert "multipart/form-data" in message


def test_the_type_of_a_part_does_not_matter(api, clip):
    lies = {
        "clip": ("a.txt", clip, "text/html; charset=utf-9"),
        "name": (None, "N"),
        "language": (None, "en"),
    }
    made = api.post("/voices/clone", files=lies)
    assert made.status_code == 200
    api.delete(f"/voices/{made.json()['id']}")


@pytest.mark.parametrize("charset", ["utf-16", "base64", "none-such", "idna", "undefined", "latin-1", '"'])
def test_character_sets(api, clip, charset):
    body = form(part("clip", clip, "a.wav"), part("name", "Zoë".encode()), part("language", b"en"))
    answer = send(api, "/voices/clone", body, f"multipart/form-data; boundary=X; charset={charset}")
    assert answer.status_code in (200, 400), answer.text
    assert answer.status_code == 200 or refused(answer)


def test_half_a_surrogate_pair_is_no_text(api, clip):
    content_type = "multipart/form-data; boundary=X; charset=utf-7"
    parts = [part("clip", clip, "a.wav"), part("language", b"en")]
    assert "not a valid form" in refused(
        send(api, "/voices/clone", form(*parts, part("name", b"+2AA-")), content_type)
    )
    made = send(api, "/voices/clone", form(*parts, part("name", b"Zo+AOs-")), content_type)
    assert made.json()["name"] == "Zoë"
    api.delete(f"/voices/{made.json()['id']}")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.wav", "passwd.wav"),
        ("/abs/olute.wav", "olute.wav"),
        (r"C:\\music\\song.wav", "song.wav"),
        (r"music\\song.wav", "song.wav"),
        ("a\0b.wav", "ab.wav"),
        ("Grüße – 漢字 🙂.wav", "Grüße – 漢字 🙂.wav"),
        (r"say \"hi\".wav", 'say "hi".wav'),
        ("it's <b>;&.wav", "it's <b>;&.wav"),
        ("tab\tand\x1bbell\x07.wav", "tabandbell.wav"),
        ("a" * 1000 + ".wav", "a" * 1000 + ".wav"),
    ],
)
def test_names_of_files(api, files, clip, sent, kept):
    answer = send(api, files, form(part("file", clip, sent)))
    assert answer.status_code == 204, answer.text
    assert last_file(api, files)["filename"] == kept


@pytest.mark.parametrize("sent", ["", "..", "../..", "/", "\0", "folder/"])
def test_files_without_a_name_have_that_of_their_part(api, files, clip, sent):
    assert send(api, files, form(part("file", clip, sent))).status_code == 204
    assert last_file(api, files)["filename"] == "file"


def test_a_file_that_came_twice_is_refused_and_of_texts_the_first_counts(api, clip):
    twice = form(
        part("clip", clip, "a.wav"), part("clip", clip, "b.wav"), part("name", b"x"), part("language", b"en")
    )
    assert "twice" in refused(send(api, "/voices/clone", twice))
    texts = form(part("clip", clip, "a.wav"), part("name", b"1"), part("name", b"2"), part("language", b"en"))
    made = send(api, "/voices/clone", texts).json()
    assert made["name"] == "1"
    api.delete(f"/voices/{made['id']}")


def chunks(megabytes, head=b""):
    yield head
    for _ in range(megabytes):
        yield b"\0" * MEGABYTE


def test_too_large_is_answered_also_without_a_length(api):
    process = psutil.Process(api.sandbox._process.pid)
    before = process.memory_info().rss
    head = part("clip", b"", "a.wav")[:-2]
    for version in (OLD, NEW):
        answer = send(api, "/voices/clone", chunks(130, head), version=version)
        assert answer.status_code == 413
        assert "104857600 bytes" in answer.text
    whole = requests.post(
        f"{api.sandbox.url}/voices/clone",
        data=head + b"\0" * (101 * MEGABYTE),
        headers={"X-API-Key": "any", "Content-Type": "multipart/form-data; boundary=X"},
        timeout=60,
    )
    assert refused(whole, 413)
    assert process.memory_info().rss - before < 40 * MEGABYTE


def test_datasets_take_larger_files(api, files):
    head = part("file", b"", "a.wav")[:-2]
    answer = send(api, files, chunks(130, head))
    assert "cut short" in refused(answer)


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data"])
def test_a_client_that_still_sends_sees_the_answer(api, content_type):
    for path in ("/voices/clone", "/tts/bytes", "/nowhere", "/datasets"):
        answer = send(api, path, chunks(30), content_type)
        assert answer.status_code in (400, 404, 413, 415), answer.text
    unknown = requests.post(f"{api.sandbox.url}/voices/clone", data=chunks(30), auth=lambda r: r, timeout=60)
    assert unknown.status_code == 401


def test_a_client_that_closes_after_its_request_can_send_all_of_it(api):
    body = part("clip", b"", "a.wav")[:-2] + b"\0" * (130 * MEGABYTE)
    headers = {"X-API-Key": "any", "Content-Type": "multipart/form-data; boundary=X", "Connection": "close"}
    connection = http.client.HTTPConnection(urlsplit(api.sandbox.url).netloc, timeout=60)
    connection.request("POST", "/voices/clone", body, headers)
    assert connection.getresponse().status == 413
    connection.close()


def test_ten_megabytes_of_json_and_deep_json(api):
    for path in ("/datasets", "/voices/localize", "/pronunciation-dicts", "/fine-tunes", "/access-token"):
        large = api.post(path, json={"name": "x" * 10 * MEGABYTE})
        assert refused(large, 413)
        for deep in ('{"name":' * 50_000, "[" * 50_000 + "]" * 50_000, '{"a":[' * 400 + "]}" * 400):
            answer = api.post(path, data=deep, headers={"Content-Type": "application/json"})
            assert answer.status_code == 400 or path == "/access-token"
            assert answer.status_code < 500


@pytest.mark.parametrize("charset", ["utf-16", "utf-32", "latin-1", "utf-7", "none-such"])
def test_json_in_other_character_sets(api, charset):
    text = json.dumps({"name": "Zoë", "description": ""}, ensure_ascii=False)
    body = text.encode("utf-8" if charset == "none-such" else charset)
    answer = api.post(
        "/datasets", data=body, headers={"Content-Type": f"application/json; charset={charset}"}
    )
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        made = answer.json()
        assert charset == "utf-7" or made["name"] == "Zoë"
        api.delete(f"/datasets/{made['id']}")


def test_ids_of_every_kind_in_paths(api):
    for odd in ("%00", "%FF", "..%2F..", "a%20b", "%F0%9F%99%82", "'", "x" * 5000, "%ED%A0%80", "--"):
        for path in ("datasets", "fine-tunes", "pronunciation-dicts", "voices"):
            assert refused(api.get(f"/{path}/{odd}"), 404) if "%2F" not in odd else True
            assert api.delete(f"/{path}/{odd}").status_code == 404
            bad_page = api.get(f"/{path}?starting_after={odd}")
            assert refused(bad_page)
