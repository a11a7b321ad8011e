"""Streamed speech: events as they arrive, the whole at the end, and every way in which it breaks."""

import base64
import json
import threading
import time

import numpy as np
import pytest
from scripted import Server, dripping, reply, reset
from secret import KEY, given_away

from cartesia_nb import Client, Resource, Speech
from cartesia_nb.wire import errors

PCM = (8000 * np.sin(np.arange(8000) / 20)).astype("<i2").tobytes()
FORMAT = "raw:pcm_s16le@16000"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
DONE = {"type": "done", "done": True, "status_code": 200}


def chunk(data, **fields):
    return {
        "type": "chunk", "data": base64.b64encode(data).decode(), "done": False, "status_code": 206, "step_time": 3.5,
    } | fields  # fmt: skip


def times(kind, *items):
    texts, starts, ends = zip(*items, strict=True)
    name = {"words": "word_timestamps", "phonemes": "phoneme_timestamps"}[kind]
    return {
        "type": name.replace("word_", ""), name: {kind: texts, "start": starts, "end": ends}, "done": False,
    }  # fmt: skip


# A chunk ends inside of a sample, and so of a number.
SPOKEN = [
    chunk(PCM[:4001]),
    times("words", ("Hello", 0.0, 0.25)),
    chunk(PCM[4001:]),
    times("words", ("world", 0.25, 0.5)),
    times("phonemes", ("h", 0.0, 0.1)),
    DONE,
]


def events(*messages):
    return b"".join(b"data: " + json.dumps(message).encode() + b"\n\n" for message in messages)


def lines(*messages):
    return b"".join(json.dumps(message).encode() + b"\n" for message in messages)


def chunked(body, *, last=True):
    return HEAD + b"%x\r\n" % len(body) + body + b"\r\n" + (b"0\r\n\r\n" if last else b"")


def tts(script, timeout=20.0, **options):
    """Stream "Hello world" from a scripted server, as a whole."""
    with Server([script]) as server:
        client = Client(KEY, base_url=server.url, timeout=timeout)
        return client.tts.sse("Hello world", output_format=FORMAT, **options).collect(), server


@pytest.mark.parametrize("framing", [events, lines])
def test_the_whole(framing):
    speech, server = tts(chunked(framing(*SPOKEN)), add_timestamps=True)
    assert isinstance(speech, Speech)
    assert bytes(speech.data) == PCM
    assert (speech.sample_rate, speech.duration) == (16000, 0.5)
    assert speech.transcript == "Hello world"
    assert speech.words.to_dict("list") == {
        "word": ["Hello", "world"],
        "start": [0.0, 0.25],
        "end": [0.25, 0.5],
    }
    assert speech.phonemes.phoneme.to_list() == ["h"]
    made = speech.provenance
    assert (made["method"], made["version"], made["credits"]) == ("tts.sse", "2026-08-14", 11)
    assert 0 < made["seconds_to_first_chunk"] <= made["seconds"]
    (asked,) = server.asked
    assert (asked.verb, asked.path, asked.headers["accept-encoding"]) == ("POST", "/tts/sse", "identity")
    assert asked.json()["add_timestamps"] is True
    assert asked.json()["output_format"] == {
        "container": "raw",
        "encoding": "pcm_s16le",
        "sample_rate": 16000,
    }


def test_events_arrive_while_the_rest_is_still_being_made():
    go_on = threading.Event()

    def script(sock):
        sock.sendall(HEAD + chunked(events(SPOKEN[0]), last=False)[len(HEAD) :])
        assert go_on.wait(10)
        sock.sendall(chunked(events(*SPOKEN[1:]))[len(HEAD) :])

    with Server([script]) as server:
        stream = Client(KEY, base_url=server.url).tts.sse("Hello world", output_format=FORMAT)
        first = next(stream)
        assert (first.type, first.data, first.step_time) == ("chunk", PCM[:4001], 3.5)
        go_on.set()
        rest = list(stream)
    assert [event.type for event in rest] == [
        "timestamps",
        "chunk",
        "timestamps",
        "phoneme_timestamps",
        "done",
    ]
    assert rest[0].words == [("Hello", 0.0, 0.25)]
    assert rest[3].phonemes == [("h", 0.0, 0.1)]
    assert bytes(stream.collect().data) == PCM
    assert stream.collect() is stream.collect()


def test_some_events_first_and_then_the_whole():
    with Server([chunked(events(*SPOKEN))]) as server:
        stream = Client(KEY, base_url=server.url).tts.sse("Hello world", output_format=FORMAT)
        for event in stream:
            if event.type == "timestamps":
                break
        assert bytes(stream.collect().data) == PCM


def test_a_message_that_nobody_knows_is_passed_on():
    with Server([chunked(events({"type": "flush_done", "flush_id": 1}, *SPOKEN))]) as server:
        stream = Client(KEY, base_url=server.url).tts.sse("Hello world", output_format=FORMAT)
        first = next(stream)
        assert isinstance(first, Resource)
        assert (first.type, first.flush_id) == ("flush_done", 1)
        assert bytes(stream.collect().data) == PCM


NEW_CHANGER = [
    {"status_code": 206, "done": False, "data": base64.b64encode(PCM).decode(), "sample_rate": 16000}
]
NEW_CHANGER += [{"status_code": 200, "done": True}]


@pytest.mark.parametrize("body", [events(*NEW_CHANGER), lines(chunk(PCM), DONE), lines(*NEW_CHANGER)])
def test_the_voice_changer_with_types_and_without(body):
    with Server([chunked(body)]) as server:
        changed = Client(KEY, base_url=server.url).voice_changer.sse(
            (np.zeros(16000), 16000), output_format=FORMAT
        )
        speech = changed.collect()
    assert bytes(speech.data) == PCM
    assert speech.provenance["credits"] == 15
    assert server.asked[0].path == "/voice-changer/sse"


ERROR_NEW = {"type": "error", "done": True, "status_code": 429, "title": "Busy", "message": "Too many", "error_code": "concurrency_limited", "request_id": "r-1"}  # fmt: skip
ERROR_OLD = {"type": "error", "done": True, "status_code": 400, "error": "Bad: no such thing"}

BREAKS = {
    "no done": (chunked(events(*SPOKEN[:3])), errors.IncompleteBody, "without saying that it is done", PCM),
    "inside an event": (
        chunked(events(*SPOKEN[:3]) + b'data: {"type": "do'), errors.IncompleteBody, "inside a message", PCM,
    ),
    "no last chunk": (chunked(events(*SPOKEN[:3]), last=False), errors.IncompleteBody, "broke off", PCM),
    "an error event": (
        chunked(b"event: error\n" + events(ERROR_NEW)), errors.RateLimited, "Too many.*r-1", b"",
    ),
    "an error event after audio": (
        chunked(events(SPOKEN[0], ERROR_NEW)), errors.RateLimited, "Too many", PCM[:4001],
    ),
    "an error of the earlier kind": (
        chunked(lines(SPOKEN[0], ERROR_OLD)), errors.BadRequest, "no such thing", PCM[:4001],
    ),
    "broken base64": (
        chunked(events(SPOKEN[0], {**SPOKEN[2], "data": "A?="})), errors.BadAnswer, "decoded", PCM[:4001],
    ),
    "no base64": (chunked(events({**SPOKEN[0], "data": 7})), errors.BadAnswer, "decoded", b""),
    "broken JSON": (chunked(events(SPOKEN[0]) + b"data: {broken\n\n"), errors.BadAnswer, "JSON", PCM[:4001]),
    "half of a sample": (chunked(events(SPOKEN[0], DONE)), errors.IncompleteBody, "inside a sample", PCM[:4001]),
    "no audio": (chunked(events(DONE)), errors.BadAnswer, "no audio", b""),
    "nothing": (chunked(b""), errors.IncompleteBody, "without saying", b""),
    "times that do not fit": (
        chunked(events({"type": "timestamps", "word_timestamps": {"words": ["a"], "start": [0.0], "end": []}})),
        errors.BadAnswer, "word_timestamps", b"",
    ),
    "a web page": (reply("<html>busy</html>\n"), errors.BadAnswer, "a web page", b""),
    "created": (reply(events(*SPOKEN), 201), errors.BadAnswer, "201", b""),
    "refused": (reply({"message": "no", "title": "No", "error_code": None, "request_id": "r"}, 400), errors.BadRequest, "no", b""),
    "a redirect": (reply("", 302, Location="/elsewhere"), errors.BadAnswer, "redirect", b""),
    "reset at once": (reset, errors.ConnectionFailed, "may have been charged", b""),
}  # fmt: skip


@pytest.mark.parametrize("name", BREAKS)
def test_a_stream_that_breaks_raises_and_keeps_what_came(name):
    script, kind, text, partial = BREAKS[name]
    with Server([script]) as server:
        with pytest.raises(kind, match=text) as caught:
            Client(KEY, base_url=server.url).tts.sse("Hello world", output_format=FORMAT).collect()
    assert caught.value.partial == partial
    assert len(server.asked) == 1


def test_a_dripping_stream_ends_with_the_deadline():
    began = time.monotonic()
    with pytest.raises(errors.DeadlineExceeded, match="1 s") as caught:
        tts(dripping(HEAD + b"fffff\r\n" + events(SPOKEN[0])), timeout=1)
    assert time.monotonic() - began < 5
    assert caught.value.partial == PCM[:4001]


def test_a_silent_stream_ends(monkeypatch):
    monkeypatch.setattr("cartesia_nb.wire.call.READ_TIMEOUT", 0.5)
    with pytest.raises(errors.DeadlineExceeded, match="silent") as caught:
        tts(lambda sock: (sock.sendall(chunked(events(SPOKEN[0]), last=False)), time.sleep(3)))
    assert caught.value.partial == PCM[:4001]


def test_a_busy_server_is_asked_again(monkeypatch):
    monkeypatch.setattr("cartesia_nb.wire.call.time.sleep", lambda _: None)
    with Server([reply("busy", 429), chunked(events(*SPOKEN))]) as server:
        speech = Client(KEY, base_url=server.url).tts.sse("Hello world", output_format=FORMAT).collect()
    assert (len(server.asked), speech.provenance["attempts"]) == (2, 2)


def test_what_was_not_taken_is_given_up():
    with Server([chunked(events(*SPOKEN))]) as server:
        with Client(KEY, base_url=server.url).tts.sse("Hello world", output_format=FORMAT) as stream:
            next(stream)
        with pytest.raises(errors.CartesiaError, match="before its end"):
            stream.collect()


@pytest.mark.parametrize("container", ["wav", "mp3"])
def test_raw_alone_can_be_streamed_from_text(container):
    with Server([chunked(events(*SPOKEN))]) as server:
        with pytest.raises(errors.InputError, match="raw"):
            Client(KEY, base_url=server.url).tts.sse("Hello", output_format=container)
    assert not server.asked


def test_an_error_does_not_give_the_key_away():
    script = chunked(events({**ERROR_OLD, "error": f"{KEY} is wrong"}))
    with pytest.raises(errors.BadRequest) as caught:
        tts(script)
    assert not given_away(str(caught.value) + repr(caught.value) + caught.value.message)
