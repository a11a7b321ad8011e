"""No silent truncation: every way in which an answer can go wrong raises, and nothing is charged twice.

One table: what is called, what the network or the server does, what is raised, what is kept of the answer,
and how many requests it took. Reads are sent again twice; whatever may have been charged is not.
"""

import base64
import json
import socket
import time

import numpy as np
import pytest
from scripted import Server, dripping, reply, reset, wav
from secret import KEY

from cartesia_nb import Client
from cartesia_nb.speech.codecs import encode
from cartesia_nb.wire import errors

SOUND = wav(0.5, 24000)
PCM = SOUND[44:]
TONE = np.sin(np.arange(24000) / 20).astype(np.float32)
MP3 = encode(TONE, 24000, ".mp3")
RAW = "raw:pcm_s16le@24000"
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNK = {
    "type": "chunk",
    "data": base64.b64encode(PCM).decode(),
    "done": False,
    "status_code": 206,
    "step_time": 1,
}
DONE = {"type": "done", "done": True, "status_code": 200}
VOICES = {"data": [{"id": "a", "name": "A"}], "has_more": False}

CALLS = {
    "bytes": lambda client: client.tts.bytes("Hello", output_format="wav:pcm_s16le@24000"),
    "mp3": lambda client: client.tts.bytes("Hello", output_format="mp3@24000"),
    "raw": lambda client: client.tts.bytes("Hello", output_format=RAW),
    "sse": lambda client: client.tts.sse("Hello", output_format=RAW).collect(),
    "changer sse": lambda client: client.voice_changer.sse(SOUND, output_format=RAW).collect(),
    "changer": lambda client: client.voice_changer.bytes(SOUND, output_format="wav:pcm_s16le@24000"),
    "infill": lambda client: client.infill.bytes("so", left_audio=SOUND, output_format="wav:pcm_s16le@24000"),
    "upload": lambda client: client.datasets.upload_file("d", SOUND),
    "clone": lambda client: client.voices.clone(wav(4.0), name="n", language="en"),
    "stt": lambda client: client.stt.transcribe(SOUND),
    "create": lambda client: client.datasets.create(name="n", description="d"),
    "list": lambda client: client.voices.list(),
    "get": lambda client: client.voices.get("a"),
    "audio": lambda client: client.agents.download_call_audio("a"),
}


def chunked(body, *, last=True):
    return b"%x\r\n" % len(body) + body + b"\r\n" + (b"0\r\n\r\n" if last else b"")


def events(*messages, rest=b"", last=True):
    body = b"".join(b"data: " + json.dumps(message).encode() + b"\n\n" for message in messages) + rest
    return STREAM + chunked(body, last=last)


def with_chunks(body, *, last=True, kind=b"audio/wav"):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: " + kind + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + chunked(body, last=last)


def unframed(body, kind=b"audio/wav"):
    return b"HTTP/1.1 200 OK\r\nContent-Type: " + kind + b"\r\n\r\n" + body


def length_promised(body, promised):
    return reply(body, length=promised).replace(b"keep-alive", b"close")


def stalled(head):
    def script(sock: socket.socket) -> None:
        sock.sendall(head)
        time.sleep(3)

    return script


# call, what happens, what is raised, what its text says, what is kept, requests
FAULTS = {
    "audio: shorter than its length": ("bytes", length_promised(SOUND[:9000], len(SOUND)), errors.IncompleteBody, "ended early", SOUND[:9000], 1),
    "audio: no last chunk": ("bytes", with_chunks(SOUND[:9000], last=False), errors.IncompleteBody, "ended early", SOUND[:9000], 1),
    "audio: neither length nor chunks": ("bytes", unframed(SOUND), errors.IncompleteBody, "neither a length nor chunks", SOUND, 1),
    "audio: half a WAV, well framed": ("bytes", reply(SOUND[:9000]), errors.IncompleteBody, "half a WAV", SOUND[:9000], 1),
    "audio: half a WAV header": ("bytes", reply(SOUND[:30]), errors.IncompleteBody, "before its samples", SOUND[:30], 1),
    "audio: a WAV without sound": ("bytes", reply(wav(0)), errors.BadAnswer, "no audio", b"", 1),
    "audio: half an MP3": ("mp3", reply(MP3[: len(MP3) // 2 + 7], Content_Type="audio/mpeg"), errors.IncompleteBody, "MP3", MP3[: len(MP3) // 2 + 7], 1),
    "audio: half of a sample": ("raw", reply(PCM[:9001], Content_Type="audio/pcm"), errors.IncompleteBody, "inside a sample", PCM[:9001], 1),
    "audio: a WAV instead of samples": ("raw", reply(SOUND), errors.BadAnswer, "WAV", b"", 1),
    "audio: nothing": ("bytes", reply(b""), errors.BadAnswer, "not a WAV", b"", 1),
    "audio: a web page with 200": ("bytes", reply("<html>Sign in</html>", Content_Type="text/html"), errors.BadAnswer, "a web page", b"", 1),
    "audio: a web page that claims to be audio": ("bytes", reply(b"<html>Sign in</html>"), errors.BadAnswer, "a web page", b"", 1),
    "audio: JSON with 200": ("bytes", reply({"error": "later"}), errors.BadAnswer, "JSON", b"", 1),
    "audio: a redirect": ("bytes", reply("", 302, Location="/login"), errors.BadAnswer, "redirect", b"", 1),
    "audio: only a part (206)": ("bytes", reply(SOUND, 206), errors.IncompleteBody, "only a part", SOUND, 1),
    "audio: a drip": ("bytes", dripping(b"HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\nContent-Length: 99999\r\n\r\n" + SOUND[:100]), errors.DeadlineExceeded, "1 s", ..., 1),
    "audio: silence in the middle": ("bytes", stalled(length_promised(SOUND[:9000], len(SOUND))), errors.DeadlineExceeded, "1 s", SOUND[:9000], 1),
    "audio: silence from the start": ("bytes", stalled(b""), errors.DeadlineExceeded, "1 s", b"", 1),
    "audio: a reset before the answer": ("bytes", reset, errors.ConnectionFailed, "may have been charged", b"", 1),
    "audio: 500": ("bytes", reply("Oops", 500), errors.ServerError, "Oops", b"", 1),
    "audio: 503 without a word": ("bytes", reply("Oops", 503), errors.ServerError, "Oops", b"", 1),
    "audio: 429 for ever": ("bytes", reply("Busy", 429), errors.RateLimited, "Busy", b"", 3),
    "audio: 503 with Retry-After for ever": ("bytes", reply("Busy", 503, Retry_After="1"), errors.ServerError, "Busy", b"", 3),
    "infill: half a WAV": ("infill", reply(SOUND[:9000]), errors.IncompleteBody, "half a WAV", SOUND[:9000], 1),
    "voice changer: cut short": ("changer", length_promised(SOUND[:9000], len(SOUND)), errors.IncompleteBody, "ended early", SOUND[:9000], 1),
    "call audio: cut short": ("audio", length_promised(SOUND[:9000], len(SOUND)), errors.IncompleteBody, "ended early", SOUND[:9000], 3),
    "stream: no done": ("sse", events(CHUNK), errors.IncompleteBody, "without saying that it is done", PCM, 1),
    "stream: no last chunk": ("sse", events(CHUNK, last=False), errors.IncompleteBody, "broke off", PCM, 1),
    "stream: ends inside an event": ("sse", events(CHUNK, rest=b'data: {"type": "ch'), errors.IncompleteBody, "inside a message", PCM, 1),
    "stream: ends with an error": ("sse", events(CHUNK, {"type": "error", "status_code": 500, "message": "Oops", "title": "Oops", "error_code": None}), errors.ServerError, "Oops", PCM, 1),
    "stream: broken base64": ("sse", events(CHUNK, {**CHUNK, "data": "%%%"}, DONE), errors.BadAnswer, "decoded", PCM, 1),
    "stream: broken JSON": ("sse", events(CHUNK, rest=b"data: {broken}\n\n"), errors.BadAnswer, "JSON", PCM, 1),
    "stream: a web page": ("sse", reply("<html>Sign in</html>\n", Content_Type="text/html"), errors.BadAnswer, "a web page", b"", 1),
    "stream: silence in the middle": ("sse", stalled(events(CHUNK, last=False)), errors.DeadlineExceeded, "1 s", PCM, 1),
    "stream: a drip": ("sse", dripping(STREAM + b"ffff\r\n"), errors.DeadlineExceeded, "1 s", b"", 1),
    "stream: 500": ("sse", reply("Oops", 500), errors.ServerError, "Oops", b"", 1),
    "changed stream: no done": ("changer sse", events({"data": CHUNK["data"], "done": False}), errors.IncompleteBody, "without saying", PCM, 1),
    "upload: a reset": ("upload", reset, errors.ConnectionFailed, "may have been charged", b"", 1),
    "upload: 500": ("upload", reply("Oops", 500), errors.ServerError, "Oops", b"", 1),
    "upload: 413": ("upload", reply("Too large", 413), errors.APIError, "Too large", b"", 1),
    "clone: half of the JSON": ("clone", reply('{"id": "a"', Content_Type="application/json"), errors.BadAnswer, "JSON", b"", 1),
    "clone: a list": ("clone", reply([1]), errors.BadAnswer, "JSON object", b"", 1),
    "transcription: cut short": ("stt", length_promised(b'{"text": "He', 100), errors.IncompleteBody, "ended early", b'{"text": "He', 1),
    "transcription: no text": ("stt", reply({"words": []}), errors.BadAnswer, "without a text", b"", 1),
    "creation: cut short": ("create", length_promised(b'{"id": "d', 100), errors.IncompleteBody, "may have been charged", b'{"id": "d', 1),
    "creation: a reset": ("create", reset, errors.ConnectionFailed, "may have been charged", b"", 1),
    "list: half of the JSON": ("list", reply('{"data": [{"id": "a"', Content_Type="application/json"), errors.BadAnswer, "JSON", b"", 1),
    "list: no rows": ("list", reply({"voices": []}), errors.BadAnswer, "without a list", b"", 1),
    "list: rows that are no objects": ("list", reply({"data": [1], "has_more": False}), errors.BadAnswer, "without a list", b"", 1),
    "list: cut short": ("list", length_promised(b'{"data": [', 100), errors.IncompleteBody, "ended early", b'{"data": [', 3),
    "list: the same page for ever": ("list", reply({**VOICES, "has_more": True, "next_page": "a"}), errors.BadAnswer, "again and again", b"", 2),
    "list: more, but not after what": ("list", reply({"data": [{"name": "A"}], "has_more": True}), errors.BadAnswer, "not after what", b"", 1),
    "list: a web page": ("list", reply("<html>Sign in</html>", Content_Type="text/html"), errors.BadAnswer, "a web page", b"", 1),
    "list: a reset": ("list", reset, errors.ConnectionFailed, "broke", b"", 3),
    "list: 500": ("list", reply("Oops", 500), errors.ServerError, "Oops", b"", 3),
    "list: a drip": ("list", dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"), errors.DeadlineExceeded, "1 s", ..., 1),
    "one: a list": ("get", reply([1]), errors.BadAnswer, "JSON object", b"", 1),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault(name, monkeypatch):
    call, script, kind, text, kept, requests = FAULTS[name]
    monkeypatch.setattr("cartesia_nb.wire.call.wait_before", lambda *_: 0.0)
    began = time.monotonic()
    with Server([script]) as server:
        patience = 1.0 if kind is errors.DeadlineExceeded else 20.0
        with pytest.raises(kind, match=text) as caught:
            CALLS[call](Client(KEY, base_url=server.url, timeout=patience))
    assert time.monotonic() - began < patience + 4
    assert len(server.asked) == requests
    if kept is not ...:
        assert caught.value.partial == kept
    assert "\n" not in str(caught.value)


def test_there_are_enough_faults_of_every_sort():
    calls = [fault[0] for fault in FAULTS.values()]
    assert len(FAULTS) >= 50
    assert set(CALLS) == set(calls)
