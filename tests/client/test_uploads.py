"""Uploads: what may be given, and what goes out for it."""

import contextlib
import hashlib
import io
import os
import socket
import threading
import tracemalloc
import wave

import numpy as np
import pytest
import soundfile
from IPython.display import Audio
from scripted import Server, reply, reset, wav
from secret import KEY

from cartesia_nb import Client, OutputFormat, Speech
from cartesia_nb.client.uploads import opened
from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.exchange import Request
from cartesia_nb.wire.keys import Key
from cartesia_nb.wire.multipart import File, Multipart
from cartesia_nb.wire.options import Options
from cartesia_nb.wire.session import Session
from cartesia_nb.wire.versions import NEWEST

TONE = (0.3 * np.sin(np.arange(24000) / 20)).astype(np.float32)


def sent(file, **headers):
    """Upload to a dataset, and return the file part that arrived."""
    with Server([reply(b"", 204)]) as server:
        Client(KEY, base_url=server.url).datasets.upload_file("d", file)
    (asked,) = server.asked
    assert (asked.verb, asked.path, asked.texts()) == (
        "POST",
        "/datasets/d/files",
        [("purpose", "fine_tune")],
    )
    assert int(asked.headers["content-length"]) == len(asked.body)
    ((name, file_name, kind, content),) = [part for part in asked.form() if part[1] is not None]
    assert name == "file"
    return file_name, kind, content


def test_a_path(tmp_path):
    path = tmp_path / "my take.wav"
    path.write_bytes(wav())
    assert sent(path) == ("my take.wav", "audio/wav", wav())
    assert sent(str(path)) == ("my take.wav", "audio/wav", wav())


def test_a_path_in_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a.wav").write_bytes(wav())
    assert sent("~/a.wav")[2] == wav()


@pytest.mark.parametrize("name", ["naïve “take”.wav", 'a"b;c.wav', "音声.wav"])
def test_odd_file_names_arrive(tmp_path, name):
    (tmp_path / name).write_bytes(wav())
    assert sent(tmp_path / name)[0].replace("%22", '"') == name


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (wav(), "audio.wav", "audio/wav"),
        (b"ID3\x04" + bytes(50), "audio.mp3", "audio/mpeg"),
        (b"\xff\xfb\x90" + bytes(50), "audio.mp3", "audio/mpeg"),
        (b"fLaC" + bytes(50), "audio.flac", "audio/flac"),
        (b"OggS" + bytes(50), "audio.ogg", "audio/ogg"),
        (b"\x1aE\xdf\xa3" + bytes(50), "audio.webm", "audio/webm"),
        (b"\0\0\0\x20ftypM4A " + bytes(50), "audio.m4a", "audio/mp4"),
        (b"what is this", "audio", "application/octet-stream"),
    ],
)
def test_bytes_get_a_name_and_a_type_by_what_they_are(content, name, kind):
    for given in (content, bytearray(content), memoryview(content)):
        assert sent(given) == (name, kind, content)


def test_the_content_goes_before_the_extension(tmp_path):
    (tmp_path / "mislabelled.mp3").write_bytes(wav())
    (tmp_path / "raw.aac").write_bytes(b"\1\2\3\4")
    assert sent(tmp_path / "mislabelled.mp3")[:2] == ("mislabelled.mp3", "audio/wav")
    assert sent(tmp_path / "raw.aac")[:2] == ("raw.aac", "audio/aac")


def test_a_file_object_goes_from_where_it_stands_and_stays_open(tmp_path):
    path = tmp_path / "take.wav"
    path.write_bytes(b"skip" + wav())
    with path.open("rb") as file:
        file.seek(4)
        assert sent(file) == ("take.wav", "audio/wav", wav())
        assert not file.closed
    memory = io.BytesIO(b"skip" + wav())
    memory.seek(4)
    assert sent(memory) == ("audio.wav", "audio/wav", wav())


def test_a_pipe_can_be_sent_too():
    reader, writer = os.pipe()
    threading.Thread(target=lambda: (os.write(writer, wav(0.1)), os.close(writer))).start()
    with os.fdopen(reader, "rb") as file:
        assert sent(file)[1:] == ("audio/wav", wav(0.1))


def test_speech_and_other_audio():
    speech = Speech(wav(), OutputFormat())
    assert sent(speech) == ("audio.wav", "audio/wav", wav())
    assert sent(Audio(data=wav())) == ("audio.wav", "audio/wav", wav())
    raw = Speech(bytes(4800), OutputFormat("raw", "pcm_s16le", 24000))
    name, kind, content = sent(raw)
    assert (name, kind) == ("audio.wav", "audio/wav")
    assert soundfile.info(io.BytesIO(content)).samplerate == 24000


@pytest.mark.parametrize(
    "samples",
    [
        TONE,
        TONE.astype(np.float64),
        (TONE * 32767).astype(np.int16),
        (TONE * 2147483647).astype(np.int32),
        (TONE * 127 + 128).astype(np.uint8),
        list(map(float, TONE)),
    ],
)
def test_samples_go_as_wav(samples):
    _, kind, content = sent((samples, 24000))
    found, rate = soundfile.read(io.BytesIO(content))
    assert (kind, rate) == ("audio/wav", 24000)
    assert np.abs(found - TONE).max() < 0.02


def test_two_channels_stay_two():
    content = sent((np.stack([TONE, -TONE], axis=1), 48000))[2]
    with wave.open(io.BytesIO(content)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (2, 48000, len(TONE))


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("missing.wav", "there is no such file"),
        (".", "it is a folder"),
        ("a\0b", "there is no such file"),
        (b"", "is empty"),
        (io.BytesIO(), "is empty"),
        (io.StringIO("text"), "Open it with 'rb'"),
        (12, "Give a path, bytes"),
        (None, "Give a path, bytes"),
        ((24000, TONE), "sample rate"),
        ((TONE, 0), "sample rate"),
        ((TONE, 24000.0), "sample rate"),
        ((TONE, True), "sample rate"),
        ((np.array([]), 24000), "numbers of shape"),
        ((np.array(["a"]), 24000), "numbers of shape"),
        ((np.zeros((2, 24000)), 24000), "(n, channels)"),
        ((np.array([0.0, np.nan]), 24000), "not numbers"),
        ((TONE * 10, 24000), "Divide them"),
        ((TONE, 24000, 3), "Give a path"),
    ],
)
def test_what_cannot_be_sent_is_refused_before(given, why):
    with Server([reply({})]) as server:
        with pytest.raises(InputError, match=why.replace("(", r"\(").replace(")", r"\)")) as caught:
            Client(KEY, base_url=server.url).datasets.upload_file("d", given)
    assert not server.asked
    assert "file" in str(caught.value)


def test_a_file_that_must_not_be_read(tmp_path, monkeypatch):
    (tmp_path / "a.wav").write_bytes(wav())
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may read everything
    with pytest.raises(InputError, match="must not be read"), opened("a.wav", "clip"):
        pass


def test_a_refused_upload_is_sent_again_as_a_whole(tmp_path, monkeypatch):
    monkeypatch.setattr("cartesia_nb.wire.call.time.sleep", lambda _: None)
    (tmp_path / "a.wav").write_bytes(wav())
    with Server([reply("busy", 429), reply(b"", 204)]) as server:
        Client(KEY, base_url=server.url).datasets.upload_file("d", "a.wav")
    first, second = server.asked
    assert first.body == second.body
    assert wav() in second.body


def test_an_upload_that_broke_is_not_sent_again(tmp_path):
    (tmp_path / "a.wav").write_bytes(wav())
    with Server([reset]) as server:
        with pytest.raises(ConnectionError, match="not sent again"):
            Client(KEY, base_url=server.url).datasets.upload_file("d", "a.wav")
    assert len(server.asked) == 1


def test_a_file_that_shrinks_meanwhile_is_an_error():
    form = Multipart([], [("file", File("a.wav", "audio/wav", io.BytesIO(b"short"), 100, ""))])
    with Server([reply({})]) as server:
        with pytest.raises(InputError, match="shorter"):
            Session().send(
                Request("stt.transcribe", "POST", "/stt", NEWEST, form=form), Options(server.url, Key(KEY))
            )


def swallow(listener, size, received):
    """Read one request of which `size` bytes are a file, keep none of it, and say 204."""
    sock, _ = listener.accept()
    buffer, count = bytearray(1 << 20), 0
    with sock:
        while count < size:
            count += sock.recv_into(buffer)
        received.append(count)
        sock.settimeout(0.2)  # the rest of the form is short
        with contextlib.suppress(TimeoutError):
            while sock.recv_into(buffer):
                pass
        sock.sendall(reply(b"", 204))


def test_a_gigabyte_does_not_sit_in_memory(tmp_path):
    size = 1 << 30
    with (tmp_path / "large.wav").open("wb") as file:
        file.truncate(size)
    received = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=swallow, args=(listener, size, received), daemon=True).start()
        client = Client(KEY, base_url=f"http://127.0.0.1:{listener.getsockname()[1]}")
        tracemalloc.start()
        client.datasets.upload_file("d", tmp_path / "large.wav")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert received[0] >= size
    assert peak < 32 << 20, f"{peak >> 20} MB"


@pytest.mark.parametrize("kind", ["wav", "mp3"])
def test_a_saved_file_is_sent_without_what_is_embedded_in_it(tmp_path, kind):
    from cartesia_nb import Speech

    data = Speech(wav(), OutputFormat("wav")).as_file(f".{kind}")
    for made_at in ("2026", "2027"):
        speech = Speech(data, OutputFormat(kind), provenance={"made_at": made_at})
        with opened(speech.save(tmp_path / f"x.{kind}"), "clip") as upload:
            assert upload.file.content.read() == data
            assert upload.provenance["sha256"] == hashlib.sha256(data).hexdigest()
