"""The official Python SDK, all of it, and how it takes the sandbox's errors."""

import asyncio
import re
import time
from pathlib import Path
from uuid import UUID, uuid4

import cartesia
import pytest
from peers.inventory import SDK, find_methods
from peers.sound import RAW, SENTENCE, VOICE, WAV

SPEECH = {"model_id": "sonic-3.5", "transcript": SENTENCE, "voice": VOICE, "output_format": WAV}

# Not covered yet.
SOCKETS = {
    "stt.auto_finalize.websocket",
    "stt.manual_finalize.websocket",
    "tts.websocket",
    "tts.websocket_connect",
}


def fault(text):
    return {"extra_headers": {"Sandbox-Fault": text}}


def once():
    return f"once={uuid4()}"


def test_every_method_is_called_by_a_test():
    calls, sockets = find_methods()
    marks = "".join(
        mark
        for file in Path(__file__).parent.glob("test_python_*.py")
        for mark in re.findall(r"@pytest\.mark\.calls\((.*?)\)\n", file.read_text("utf-8"), re.DOTALL)
    )
    assert set(re.findall(r'"([a-z_.]+)"', marks)) == set(calls)
    assert sockets == SOCKETS
    assert cartesia.__version__ in SDK


@pytest.mark.calls("get_status")
def test_status_needs_no_key(connect):
    with connect(api_key=None) as stranger:
        answer = stranger.get_status(extra_headers={"Authorization": cartesia.omit})
    assert answer.ok
    assert answer.version == "2026-08-14"


WRONG = {
    "an empty transcript": (cartesia.BadRequestError, {"transcript": ""}, "transcript"),
    "an unknown model": (cartesia.BadRequestError, {"model_id": "sonic-99"}, "sonic-99"),
    "an unknown voice": (cartesia.NotFoundError, {"voice": str(uuid4())}, "voice"),
    "an unknown encoding": (
        cartesia.BadRequestError,
        {"output_format": WAV | {"encoding": "pcm_s8"}},
        "pcm_mulaw",
    ),
    "language and locale": (cartesia.BadRequestError, {"language": "en", "locale": "en-GB"}, "locale"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_requests(client, case):
    kind, fields, word = WRONG[case]
    with pytest.raises(kind) as caught:
        client.tts.generate(**SPEECH | fields)
    assert word in caught.value.body["message"]
    assert caught.value.body["title"]
    assert "error_code" in caught.value.body
    UUID(caught.value.body["request_id"])


def test_codes_of_errors(client):
    with pytest.raises(cartesia.BadRequestError) as model:
        client.tts.generate(**SPEECH | {"model_id": "sonic-99"})
    with pytest.raises(cartesia.NotFoundError) as voice:
        client.voices.get(str(uuid4()))
    codes = [caught.value.body["error_code"] for caught in (model, voice)]
    assert codes == ["model_not_found", "voice_not_found"]


def test_a_key_is_needed(client):
    with pytest.raises(cartesia.AuthenticationError, match="API key"):
        client.voices.list(extra_headers={"Authorization": cartesia.omit})


def test_a_forged_token_is_refused(connect):
    with connect(api_key="eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl") as forger:
        with pytest.raises(cartesia.AuthenticationError):
            forger.tts.generate(**SPEECH)


def test_voices_of_others_stay_as_they_are(client):
    with pytest.raises(cartesia.PermissionDeniedError):
        client.voices.update(VOICE, name="Mine")
    with pytest.raises(cartesia.PermissionDeniedError):
        client.voices.delete(VOICE)


UNKNOWN = {
    "agents.retrieve": {},
    "agents.update": {"name": "x"},
    "agents.delete": {},
    "agents.list_phone_numbers": {},
    "agents.calls.retrieve": {},
    "agents.calls.download_audio": {},
    "agents.deployments.list": {},
    "agents.deployments.retrieve": {},
    "agents.metrics.retrieve": {},
    "datasets.retrieve": {},
    "datasets.update": {"name": "x", "description": "x"},
    "datasets.delete": {},
    "datasets.files.list": {},
    "fine_tunes.retrieve": {},
    "fine_tunes.delete": {},
    "fine_tunes.list_voices": {},
    "pronunciation_dicts.retrieve": {},
    "pronunciation_dicts.update": {"name": "x"},
    "pronunciation_dicts.delete": {},
    "voices.get": {},
    "voices.update": {"name": "x"},
    "voices.delete": {},
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_is_not_there_is_not_found(client, name):
    method = client
    for part in name.split("."):
        method = getattr(method, part)
    with pytest.raises(cartesia.NotFoundError, match="nowhere_1"):
        method("nowhere_1", **UNKNOWN[name])


@pytest.mark.parametrize(
    ("text", "kind", "status"),
    [
        ("rate-limit", cartesia.RateLimitError, 429),
        ("server-error", cartesia.InternalServerError, 500),
        ("unavailable", cartesia.InternalServerError, 503),
        ("sunset", cartesia.BadRequestError, 400),
    ],
)
def test_faults_of_the_server(client, text, kind, status):
    with pytest.raises(kind) as caught:
        client.tts.generate(**SPEECH, **fault(text))
    assert caught.value.status_code == status
    assert caught.value.body["title"]


@pytest.mark.parametrize("text", ["reset-at-once", "cut", "cut; framing=chunked", "reset"])
def test_faults_of_the_network(client, text):
    with pytest.raises(cartesia.APIConnectionError):
        client.voices.list(**fault(text))


def test_a_web_page_is_no_answer(client):
    with pytest.raises(cartesia.APIResponseValidationError):
        client.voices.list(**fault("html"))


def test_an_answer_that_comes_too_late(connect):
    with connect(timeout=0.2) as impatient, pytest.raises(cartesia.APITimeoutError):
        impatient.voices.list(**fault("slow-first-byte; seconds=3"))


@pytest.mark.parametrize("text", ["rate-limit; seconds=0.2", "server-error", "reset-at-once", "cut"])
def test_a_retry_recovers(connect, clips, text):
    with connect(max_retries=1) as patient:
        answer = patient.tts.generate(**SPEECH, **fault(f"{text}; {once()}"))
        assert answer.read() == clips.woman


@pytest.mark.parametrize("name", ["rate-limit", "unavailable"])
def test_the_wait_before_a_retry_is_the_servers(connect, name):
    with connect(max_retries=1) as patient:
        began = time.monotonic()
        patient.voices.list(**fault(f"{name}; seconds=2; {once()}"))
        assert 2 < time.monotonic() - began < 5


def test_a_stream_that_ends_in_an_error(client):
    events = list(client.tts.generate_sse(**SPEECH | {"output_format": RAW}, **fault("error-event")))
    assert [event.type for event in events[:1]] == ["chunk"]
    last = events[-1]
    assert (last.type, last.done, last.status_code) == ("error", True, 500)
    assert "Sandbox-Fault" in last.error
    UUID(last.request_id)


def test_plans_limit_requests_at_a_time(connect):
    long = SPEECH | {"transcript": f"{SENTENCE} " * 40, "output_format": RAW}
    with connect(default_headers={"Sandbox-Plan": "free"}, api_key="sk_car_one_free_account") as free:
        with free.tts.generate_sse(**long) as first, free.tts.generate_sse(**long) as second:
            assert next(first).type == next(second).type == "chunk"
            with pytest.raises(cartesia.RateLimitError, match="2 at a time"):
                free.tts.generate_sse(**long)


def test_the_asynchronous_client(sandbox, clips):
    async def call():
        async with cartesia.AsyncCartesia(
            api_key=sandbox.key, base_url=sandbox.url, _strict_response_validation=True
        ) as client:
            names = [voice.name async for voice in client.voices.list(limit=9)]
            answer = await client.tts.generate(**SPEECH)
            speech = await answer.read()
            stream = await client.tts.generate_sse(**SPEECH | {"output_format": RAW})
            return names, speech, [event.type async for event in stream]

    names, speech, events = asyncio.run(call())
    assert len(names) == len(set(names)) > 30
    assert speech == clips.woman
    assert events[0] == "chunk"
    assert events[-1] == "done"
