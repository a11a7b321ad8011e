"""Faults on request and the limits of plans: what exactly arrives, byte by byte."""

import io
import json
import re
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
import requests
import soundfile

from cartesia_nb.sandbox import faults, launch
from cartesia_nb.sandbox.faults.table import FAULTS

VOICE = "e07c00bc-4134-4eae-9ea4-1a55fb45746b"
SPEECH = {
    "model_id": "sonic-3.5",
    "transcript": "Good morning to all of you.",
    "voice": {"mode": "id", "id": VOICE},
    "output_format": {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 8000},
}
WAV = SPEECH | {"output_format": SPEECH["output_format"] | {"container": "wav"}}
SOME = "/voices?limit=3"


@dataclass
class Arrived:
    """What came over a connection until it ended, and how it ended: closed or reset."""

    head: bytes
    body: bytes
    ending: str

    @property
    def status(self):
        return int(self.head.split(b" ")[1])

    @property
    def headers(self):
        lines = (line.partition(b": ") for line in self.head.split(b"\r\n")[1:])
        return {name.decode().lower(): value.decode() for name, _, value in lines}


def connect(sandbox, fault=None, path=SOME, body=None, version="2026-08-14", **headers):
    """Send a request and return the socket. The server is to close it after its answer."""
    url = urlsplit(sandbox.url)
    data = b"" if body is None else json.dumps(body).encode()
    method = "GET" if body is None else "POST"
    lines = [f"{method} {path} HTTP/1.1", f"Host: {url.netloc}", "X-API-Key: any", "Connection: close"]
    lines += [f"Cartesia-Version: {version}", *(f"{name}: {value}" for name, value in headers.items())]
    if fault is not None:
        lines.append(f"Sandbox-Fault: {fault}")
    if data:
        lines += ["Content-Type: application/json", f"Content-Length: {len(data)}"]
    connection = socket.create_connection((url.hostname, url.port), timeout=20)
    connection.sendall("\r\n".join([*lines, "", ""]).encode() + data)
    return connection


def receive(connection):
    received = b""
    while True:
        try:
            data = connection.recv(65536)
        except ConnectionResetError:
            ending = "reset"
            break
        if not data:
            ending = "closed"
            break
        received += data
    connection.close()
    head, _, body = received.partition(b"\r\n\r\n")
    return Arrived(head, body, ending)


def ask(sandbox, *args, **headers):
    return receive(connect(sandbox, *args, **headers))


def unchunk(body):
    """Return the data of chunks, and whether the last chunk came."""
    data = b""
    while body:
        size, _, rest = body.partition(b"\r\n")
        if size == b"0":
            return data, True
        data, body = data + rest[: int(size, 16)], rest[int(size, 16) + 2 :]
    return data, False


def metric_names(sandbox):
    answer = requests.get(
        f"{sandbox.url}/agents/metrics", params={"limit": 100}, headers={"X-API-Key": "any"}, timeout=20
    )
    return {metric["name"] for metric in answer.json()["data"]}


@pytest.fixture(scope="module")
def sandbox():
    """A sandbox of this module's own, whose standard error must stay empty."""
    with subprocess.Popen(
        [sys.executable, "-m", "cartesia_nb.sandbox", "--until-eof"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield launch.Sandbox(json.loads(process.stdout.readline())["url"], "any", process)
        process.terminate()
        assert process.communicate(timeout=10)[1] == ""


@pytest.fixture(autouse=True)
def serves_afterwards(sandbox):
    """After every test: a request without the header is answered as ever."""
    yield
    assert len(json.loads(ask(sandbox).body)["data"]) == 3


@pytest.fixture(scope="module")
def whole(sandbox):
    """The voices, as they arrive without a fault."""
    return ask(sandbox).body


def test_without_the_header_the_answer_is_the_same(sandbox, whole):
    plain = ask(sandbox)
    assert (plain.status, plain.body) == (200, whole)
    assert plain.headers["content-length"] == str(len(whole))
    assert "sandbox" not in plain.head.decode().replace("cartesia_nb-sandbox", "")


@pytest.mark.parametrize(
    ("fault", "status", "code", "retry_after"),
    [
        ("rate-limit", 429, "concurrency_limited", "1"),
        ("rate-limit; seconds=0.25", 429, "concurrency_limited", "0.25"),
        ("server-error", 500, None, None),
        ("unavailable", 503, None, "1"),
        ("unavailable;seconds=30", 503, None, "30"),
        ("sunset", 400, "model_sunsetted", None),
    ],
)
def test_refusals(sandbox, fault, status, code, retry_after):
    name = f"refused-{re.sub('[^a-z0-9]', '', fault)}"
    answer = ask(sandbox, fault, "/agents/metrics", {"name": name, "prompt": "P"})
    error = json.loads(answer.body)
    assert (answer.status, error["error_code"]) == (status, code)
    assert error["request_id"] == answer.headers["x-request-id"]
    assert answer.headers.get("retry-after") == retry_after
    assert answer.headers["server"].startswith("cartesia_nb-sandbox/")
    assert name not in metric_names(sandbox)
    old = ask(sandbox, fault, version="2025-04-16")
    assert old.headers["content-type"].startswith("text/plain")


def test_a_web_page_in_place_of_the_answer(sandbox):
    answer = ask(sandbox, "html", "/agents/metrics", {"name": "html", "prompt": "P"})
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.body.startswith(b"<!DOCTYPE html>")
    assert "html" not in metric_names(sandbox)


def test_reset_at_once(sandbox):
    answer = ask(sandbox, "reset-at-once", "/agents/metrics", {"name": "gone", "prompt": "P"})
    assert (answer.head, answer.body, answer.ending) == (b"", b"", "reset")
    assert "gone" not in metric_names(sandbox)
    with pytest.raises(requests.ConnectionError):
        requests.get(sandbox.url + "/", headers={"Sandbox-Fault": "reset-at-once"}, timeout=20)


def test_a_large_request_that_is_refused_is_read_to_its_end(sandbox):
    answer = ask(sandbox, "server-error", "/tts/bytes", SPEECH | {"more": "x" * 3_000_000})
    assert (answer.status, answer.ending) == (500, "closed")


def test_slow_first_byte(sandbox, whole):
    connection = connect(sandbox, "slow-first-byte; seconds=0.5")
    connection.settimeout(0.4)
    with pytest.raises(TimeoutError):
        connection.recv(1)
    connection.settimeout(20)
    assert receive(connection).body == whole


def test_stall(sandbox, whole):
    connection = connect(sandbox, "stall; seconds=0.6; after=10")
    connection.settimeout(0.4)
    received = b""
    with pytest.raises(TimeoutError):
        while True:
            received += connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    assert f"content-length: {len(whole)}".encode() in head.lower()
    assert body == whole[:10]
    connection.settimeout(20)
    assert receive(connection).head == whole[10:]


def test_stall_is_for_a_long_time_and_at_half_unless_told(sandbox, whole):
    with connect(sandbox, "stall") as connection:
        connection.settimeout(1)
        received = b""
        with pytest.raises(TimeoutError):
            while True:
                received += connection.recv(65536)
    assert received.partition(b"\r\n\r\n")[2] == whole[: len(whole) // 2]


def test_drip(sandbox):
    began = time.monotonic()
    connection = connect(sandbox, "drip", "/")
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    connection.close()
    body = b"".join(parts).partition(b"\r\n\r\n")[2]
    assert json.loads(body)["ok"] is True
    assert 0.05 * len(body) < time.monotonic() - began < 0.2 * len(body)
    assert all(len(part) == 1 for part in parts[-len(body) // 2 :])


@pytest.mark.parametrize(("fault", "kept"), [("cut", None), ("cut; after=7", 7), ("cut; after=0", 0)])
def test_cut_before_the_length_that_was_told(sandbox, whole, fault, kept):
    answer = ask(sandbox, fault)
    assert (answer.status, answer.ending) == (200, "closed")
    assert answer.headers["content-length"] == str(len(whole))
    assert answer.body == whole[: len(whole) // 2 if kept is None else kept]


def test_cut_before_the_last_chunk(sandbox, whole):
    answer = ask(sandbox, "cut; framing=chunked; after=20")
    assert answer.headers["transfer-encoding"] == "chunked"
    assert "content-length" not in answer.headers
    assert unchunk(answer.body) == (whole[:20], False)
    assert answer.ending == "closed"
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        headers = {"Sandbox-Fault": "cut; framing=chunked", "X-API-Key": "any"}
        requests.get(sandbox.url + SOME, headers=headers, timeout=20)


def test_a_stream_is_cut_before_its_last_chunk_too(sandbox):
    answer = ask(sandbox, "cut; after=100", "/tts/sse", SPEECH)
    assert answer.headers["transfer-encoding"] == "chunked"
    data, is_whole = unchunk(answer.body)
    assert (len(data), is_whole) == (100, False)
    told = ask(sandbox, "cut; after=100; framing=length", "/tts/sse", SPEECH)
    assert int(told.headers["content-length"]) > 1000
    assert len(told.body) == 100


def test_cut_quietly(sandbox, whole):
    answer = ask(sandbox, "cut-quietly")
    assert (answer.status, answer.ending, answer.body) == (200, "closed", whole[: len(whole) // 2])
    assert "content-length" not in answer.headers
    assert "transfer-encoding" not in answer.headers
    assert answer.headers["connection"] == "close"
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["server"].startswith("cartesia_nb-sandbox/")
    assert answer.headers["x-request-id"]


def test_reset_in_the_middle(sandbox, whole):
    answer = ask(sandbox, "reset; after=30")
    assert (answer.status, answer.ending, answer.body) == (200, "reset", whole[:30])


@pytest.mark.parametrize("fault", ["cut", "cut; framing=chunked", "cut-quietly", "reset", "broken-json"])
def test_behind_a_broken_body_the_work_is_done(sandbox, fault):
    name = f"done-{re.sub('[^a-z0-9]', '', fault)}"
    answer = ask(sandbox, fault, "/agents/metrics", {"name": name, "prompt": "P"})
    assert answer.status == 200
    assert name in metric_names(sandbox)


def test_broken_json(sandbox, whole):
    answer = ask(sandbox, "broken-json")
    assert answer.body == whole[: len(whole) // 2]
    assert answer.headers["content-length"] == str(len(answer.body))
    with pytest.raises(ValueError, match="delimiter|Unterminated|Expecting"):
        json.loads(answer.body)


def test_half_of_the_audio(sandbox):
    full, half = (ask(sandbox, fault, "/tts/bytes", WAV) for fault in (None, "half-audio"))
    assert half.headers["content-type"] == "audio/wav"
    assert half.headers["content-length"] == str(len(half.body))
    assert half.body == full.body[: len(full.body) // 2]
    assert len(soundfile.read(io.BytesIO(full.body))[0]) > 8000


def events(sandbox, fault, version="2026-08-14"):
    """Return the events of a stream that is well framed, the last one as it is."""
    answer = ask(sandbox, fault, "/tts/sse", SPEECH, version=version)
    assert answer.headers["content-type"].startswith("text/event-stream")
    data, is_whole = unchunk(answer.body)
    assert is_whole
    return data.decode().split("\n\n")


def read_event(text):
    return json.loads(text.partition("data: ")[2])


def test_never_done(sandbox):
    full, broken = events(sandbox, None), events(sandbox, "never-done")
    assert read_event(full[-2])["type"] == "done"
    assert len(broken) == len(full) - 1
    assert {read_event(text)["type"] for text in broken[:-1]} == {"chunk"}
    assert broken[-1] == ""


def test_half_an_event(sandbox):
    full, broken = events(sandbox, None), events(sandbox, "half-event")
    half = (len(full) - 1) // 2
    assert len(broken) == half + 1
    assert broken[-1].startswith("data: {")
    with pytest.raises(ValueError, match="delimiter|Unterminated|Expecting"):
        read_event(broken[-1])


def test_an_error_in_the_middle_of_a_stream(sandbox):
    *sound, last, end = events(sandbox, "error-event")
    assert sound
    assert {read_event(text)["type"] for text in sound} == {"chunk"}
    assert last.startswith("event: error\n")
    assert end == ""
    error = read_event(last)
    assert error.pop("request_id")
    assert error == {
        "type": "error",
        "done": True,
        "status_code": 500,
        "title": "Internal server error",
        "message": "The header Sandbox-Fault asked for this.",
        "error_code": None,
    }
    old = read_event(events(sandbox, "error-event", "2025-04-16")[-2])
    assert old["error"] == "Internal server error: The header Sandbox-Fault asked for this."


@pytest.mark.parametrize(
    ("fault", "path", "body", "words"),
    [
        ("never-done", "/tts/bytes", SPEECH, "text/event-stream, but this one is audio/pcm"),
        ("half-audio", SOME, None, "audio/, but this one is application/json"),
        ("broken-json", "/agents/agent_demo/metrics/am_abc123", {}, "this one is empty"),
    ],
)
def test_a_fault_that_does_not_fit_the_answer(sandbox, fault, path, body, words):
    answer = ask(sandbox, fault, path, body)
    assert answer.status == 400
    assert words in json.loads(answer.body)["message"]


@pytest.mark.parametrize("fault", ["half-audio", "never-done", "broken-json"])
def test_an_error_passes_as_it_is(sandbox, fault):
    answer = ask(sandbox, fault, "/tts/sse", SPEECH | {"model_id": "sonic-99"})
    assert answer.status == 400
    assert json.loads(answer.body)["error_code"] == "model_not_found"


def test_once(sandbox):
    statuses = [ask(sandbox, f"server-error; once={token}").status for token in ("a", "a", "b", "a", "b")]
    assert statuses == [500, 200, 500, 200, 200]
    assert [ask(sandbox, "unavailable").status for _ in range(3)] == [503, 503, 503]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("earthquake", "rate-limit, server-error, unavailable, sunset, html, reset-at-once"),
        ("", "There is no fault ''"),
        ("Cut", "There is no fault 'Cut'"),
        ("cut; speed=2", "cut has no parameter 'speed'. It takes framing, after, once"),
        ("server-error; seconds=2", "It takes once"),
        ("cut; after", "no parameter like seconds=2"),
        ("cut; after=", "no parameter like seconds=2"),
        ("cut; =5", "no parameter like seconds=2"),
        ("cut;", "no parameter like seconds=2"),
        ("cut; after=-1", "whole number"),
        ("cut; after=1.5", "whole number"),
        ("cut; after=" + "9" * 5000, "whole number"),
        ("cut; framing=loose", "length, chunked"),
        ("stall; seconds=soon", "0 to 3600"),
        ("stall; seconds=nan", "0 to 3600"),
        ("stall; seconds=inf", "0 to 3600"),
        ("stall; seconds=3601", "0 to 3600"),
        ("cut; once=" + "x" * 101, "100 characters"),
    ],
)
def test_wrong_headers_are_explained(sandbox, fault, words):
    answer = ask(sandbox, fault)
    assert answer.status == 400
    assert words in json.loads(answer.body)["message"]


def test_faults_are_for_those_with_a_key(sandbox):
    url = urlsplit(sandbox.url)
    connection = HTTPConnection(url.hostname, url.port, timeout=20)
    connection.request("GET", "/voices", headers={"Sandbox-Fault": "server-error"})
    assert connection.getresponse().status == 401
    connection.close()


def test_the_list_of_faults_is_the_one_in_the_docs(sandbox):
    listed = json.loads(ask(sandbox, None, "/sandbox/faults").body)["faults"]
    assert [fault["name"] for fault in listed] == list(FAULTS)
    rows = re.findall(r"^([a-z-]+) +(yes|no) +\S", faults.__doc__, re.MULTILINE)
    assert [(fault["name"], "yes" if fault["work_done"] else "no") for fault in listed] == rows
    stalling = next(fault for fault in listed if fault["name"] == "stall")
    assert stalling["parameters"] == {"seconds": 600, "after": None}


def test_a_connection_outlives_a_well_framed_fault(sandbox):
    url = urlsplit(sandbox.url)
    connection = HTTPConnection(url.hostname, url.port, timeout=20)
    sockets = []
    for fault in ("server-error", "html", "broken-json", "slow-first-byte; seconds=0", "stall; seconds=0"):
        connection.request("GET", SOME, headers={"X-API-Key": "any", "Sandbox-Fault": fault})
        connection.getresponse().read()
        sockets.append(connection.sock)
    assert len(set(sockets)) == 1
    assert sockets[0] is not None
    connection.close()


def test_many_faults_at_a_time(sandbox):
    kinds = ["cut", "cut-quietly", "reset", "reset-at-once", "server-error", "html", "stall; seconds=0.1"]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda fault: ask(sandbox, fault), kinds * 12))
    assert len(answers) == 84
    assert [answer.ending for answer in answers[:4]] == ["closed", "closed", "reset", "reset"]


SLOW = "slow-first-byte; seconds=1.5"


def in_parallel(sandbox, count, path="/tts/bytes", body=SPEECH, **headers):
    """Ask several times at once; return the statuses, sorted."""
    with ThreadPoolExecutor(count) as pool:
        asked = [pool.submit(ask, sandbox, SLOW, path, body, **headers) for _ in range(count)]
    return sorted(answer.result().status for answer in asked)


@pytest.mark.parametrize(("plan", "limit"), [("free", 2), ("pro", 3), ("startup", 5), ("scale", 15)])
def test_a_plan_limits_the_speech_at_a_time(sandbox, plan, limit):
    statuses = in_parallel(sandbox, limit + 2, **{"Sandbox-Plan": plan})
    assert statuses == [200] * limit + [429] * 2
    assert ask(sandbox, None, "/tts/bytes", SPEECH, **{"Sandbox-Plan": plan}).status == 200


def test_without_a_plan_there_is_no_limit(sandbox):
    assert in_parallel(sandbox, 6) == [200] * 6


def test_transcription_is_counted_apart(sandbox):
    # What is sent is no form, so each is a 415 when its turn has come.
    assert in_parallel(sandbox, 9, "/stt", {}, **{"Sandbox-Plan": "free"}) == [415] * 8 + [429]
    holding = [connect(sandbox, SLOW, "/stt", {}, **{"Sandbox-Plan": "free"}) for _ in range(8)]
    assert ask(sandbox, None, "/tts/bytes", SPEECH, **{"Sandbox-Plan": "free"}).status == 200
    assert [receive(connection).status for connection in holding] == [415] * 8


def test_what_counts_as_speech(sandbox):
    held = [
        connect(sandbox, SLOW, path, SPEECH, **{"Sandbox-Plan": "pro"})
        for path in ("/infill/bytes", "/voice-changer/bytes", "/tts/sse")
    ]
    time.sleep(0.3)
    limited = ask(sandbox, None, "/tts/bytes/", SPEECH, **{"Sandbox-Plan": "pro"})
    assert limited.status == 429
    error = json.loads(limited.body)
    assert error["error_code"] == "concurrency_limited"
    assert error["message"] == "Too many concurrent requests: the pro plan has 3 at a time."
    assert ask(sandbox, None, SOME, **{"Sandbox-Plan": "pro"}).status == 200
    assert ask(sandbox, None, "/tts/bytes", SPEECH, **{"Sandbox-Plan": "free"}).status == 200
    for connection in held:
        receive(connection)


def test_each_key_has_a_plan_of_its_own(sandbox):
    held = [connect(sandbox, SLOW, "/tts/bytes", SPEECH, **{"Sandbox-Plan": "free"}) for _ in range(2)]
    time.sleep(0.3)
    statuses = [
        ask(
            sandbox, None, "/tts/bytes", SPEECH, **{"Sandbox-Plan": "free", "Authorization": f"Bearer {key}"}
        ).status
        for key in ("one", "two")
    ]
    assert statuses == [200, 200]
    assert ask(sandbox, None, "/tts/bytes", SPEECH, **{"Sandbox-Plan": "free"}).status == 429
    for connection in held:
        receive(connection)


@pytest.mark.parametrize("fault", ["stall", "slow-first-byte; seconds=600", "drip; seconds=60"])
def test_who_goes_away_frees_the_place(sandbox, fault):
    plan = {"Sandbox-Plan": "free"}
    held = [connect(sandbox, fault, "/tts/bytes", SPEECH, **plan) for _ in range(2)]
    time.sleep(0.5)
    assert ask(sandbox, None, "/tts/bytes", SPEECH, **plan).status == 429
    for connection in held:
        connection.close()
    time.sleep(0.5)
    assert ask(sandbox, None, "/tts/bytes", SPEECH, **plan).status == 200


def test_a_broken_answer_frees_the_place_too(sandbox):
    for fault in ("cut", "cut-quietly", "reset", "reset-at-once", "server-error"):
        for _ in range(3):
            answer = ask(sandbox, fault, "/tts/bytes", SPEECH, **{"Sandbox-Plan": "free"})
            assert not answer.head or answer.status != 429


def test_an_unknown_plan(sandbox):
    answer = ask(sandbox, None, SOME, **{"Sandbox-Plan": "gold"})
    assert answer.status == 400
    assert "free, pro, startup, scale" in json.loads(answer.body)["message"]
