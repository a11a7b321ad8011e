"""A replay gives what the recording got, without a server and without a key: all of it, to the byte."""

import base64
import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from scripted import Server, reply, wav
from secret import KEY, given_away

import cartesia_nb
from cartesia_nb import Client, Speech, Transcript
from cartesia_nb.magics.command import Typed
from cartesia_nb.magics.session import sandbox as sandbox_word
from cartesia_nb.record import modes
from cartesia_nb.wire.catalog import UnknownIdWarning
from cartesia_nb.wire.errors import APIError, CartesiaError, NotFound, NotStored, UnknownVoice

HELLO = "raw:pcm_s16le@8000"
TONE = wav(4.0, 16000)


def outcome(call):
    """Return what a call gives, or how it fails."""
    try:
        return call()
    except CartesiaError as error:
        return type(error), str(error), vars(error).get("status"), vars(error).get("code")


def calls(client):
    """One or more of each kind of call, by what they are."""
    yield "wav", lambda: client.tts.bytes("Hello!")
    yield "mp3", lambda: client.tts.bytes("Hello!", output_format="mp3")
    yield "voice by name", lambda: client.tts.bytes("Hello!", voice="Ada", output_format=HELLO)
    yield "the beginning of a name", lambda: client.tts.bytes("Hello!", voice="bru", output_format=HELLO)
    yield "events", lambda: list(client.tts.sse("One, two.", add_timestamps=True, output_format=HELLO))
    yield "stream", lambda: client.tts.sse("One, two.", add_timestamps=True, output_format=HELLO).collect()
    yield "infill", lambda: client.infill.bytes("at ten", left_audio=TONE, output_format=HELLO)
    yield "changed", lambda: client.voice_changer.bytes(TONE, output_format=HELLO)
    yield "changed stream", lambda: client.voice_changer.sse(TONE, output_format=HELLO).collect()
    yield "heard", lambda: client.stt.transcribe(TONE)
    yield "heard list", lambda: client.stt.transcribe([TONE, wav(1.0, 16000)])
    yield "pages", lambda: client.voices.list(page_size=2)
    yield "voice", lambda: client.voices.get("e07c00bc-4134-4eae-9ea4-1a55fb45746b")
    yield "preview", lambda: client.voices.preview("e07c00bc-4134-4eae-9ea4-1a55fb45746b")
    yield "clone", lambda: client.voices.clone(TONE, name="Mine", language="en")
    yield "listed again", client.voices.list
    yield (
        "dictionary",
        lambda: client.pronunciation_dicts.create(name="Names", items=[{"text": "Ng", "alias": "ing"}]),
    )
    yield "dictionaries", client.pronunciation_dicts.list
    yield "agents", client.agents.list
    yield "status", client.api_status.get
    yield "no such voice", lambda: client.voices.get("no-such-voice")
    yield "no such name", lambda: client.tts.bytes("Hello!", voice="Nobody at all")
    yield "no such model", lambda: client.tts.bytes("Hello!", model_id="sonic-of-nobody", output_format=HELLO)


def same(before, after, but=()):
    """Check that a replay gives the same, `but` for what the order of calls decides."""
    assert type(before) is type(after)
    if isinstance(before, pd.DataFrame):
        pd.testing.assert_frame_equal(before, after)
    elif isinstance(before, Speech):
        assert bytes(before.data) == bytes(after.data)
        pd.testing.assert_frame_equal(before.words, after.words)
        assert after.provenance["stored"]
        told = {name: before.provenance[name] for name in before.provenance if name not in ("stored", *but)}
        assert told == {name: after.provenance[name] for name in told}
    elif isinstance(before, Transcript):
        assert (before.text, before.timed_words) == (after.text, after.timed_words)
    else:
        assert before == after


@pytest.fixture(params=["sandbox", "api"])
def recorded(request, sandbox, client_of):
    """Record every kind of call, with the sandbox as what it is, and in the place of the API."""
    if request.param == "api":
        request.getfixturevalue("as_api")
    client = client_of(sandbox)
    with pytest.warns(UnknownIdWarning):
        found = {name: outcome(call) for name, call in calls(client)}
    assert found["no such voice"][0] is NotFound
    assert found["no such name"][0] is UnknownVoice
    assert issubclass(found["no such model"][0], APIError)
    return found


def test_everything_is_as_it_was_without_a_server_or_a_key(recorded, client_of, offline):
    offline()
    client = client_of(mode="replay")
    with pytest.warns(UserWarning, match="sonic-of-nobody"):
        replayed = {name: outcome(call) for name, call in calls(client)}
    assert list(recorded) == list(replayed)
    for name, before in recorded.items():
        same(before, replayed[name])


def test_calls_may_be_replayed_one_by_one_and_in_another_order(recorded, client_of, offline):
    offline()
    client = client_of(mode="replay")
    for name, call in reversed(list(calls(client))[:14]):
        same(recorded[name], call(), but=["voice_name"])  # which no call before has told


def test_the_sandbox_is_not_started(sandbox, client_of, offline, folder, monkeypatch):
    client_of(sandbox).tts.bytes("Hello!")
    offline()
    modes.set_recording("replay", folder)
    try:
        sandbox_word(Typed({}, []))
        assert cartesia_nb.connect().tts.bytes("Hello!").provenance["stored"]
        assert cartesia_nb.connect(sandbox=True).tts.bytes("Hello!").provenance["stored"]
        monkeypatch.setenv("CARTESIA_NB_SANDBOX", "1")
        assert Client().tts.bytes("Hello!").provenance["backend"] == "sandbox"
    finally:
        cartesia_nb.client.client.disconnect()
        monkeypatch.setattr("cartesia_nb.client.client._shared", None)
        monkeypatch.setattr("cartesia_nb.client.client._instead_of", None)


def test_a_stream_comes_as_it_came_and_no_earlier(client_of, as_api):
    def message(**fields):
        return b"data: " + json.dumps(fields).encode() + b"\n\n"

    sound = base64.b64encode(wav(0.1, 8000)[44:]).decode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"

    def script(sock: socket.socket) -> None:
        sock.sendall(head)
        for body in (
            message(type="chunk", data=sound),
            message(type="chunk", data=sound),
            message(type="done"),
        ):
            sock.sendall(b"%x\r\n" % len(body) + body + b"\r\n")
            time.sleep(0.15)
        sock.sendall(b"0\r\n\r\n")

    with Server([script]) as server:
        before = client_of(server).tts.sse("Hello!", output_format=HELLO)
        events = list(before)
    assert before.received.seconds >= 0.15
    after = client_of(mode="replay").tts.sse("Hello!", output_format=HELLO)
    begun = time.monotonic()
    assert list(after) == events
    assert time.monotonic() - begun >= before.received.seconds - 0.001
    assert after.seconds_to_first_chunk == before.seconds_to_first_chunk
    assert after.received.seconds == before.received.seconds
    assert after.collect().provenance["audio_sha256"] == before.collect().provenance["audio_sha256"]


def test_a_stream_that_was_left_is_not_stored(sandbox, client_of):
    with client_of(sandbox).tts.sse("One, two, three.", output_format=HELLO) as stream:
        next(stream)
    with pytest.raises(NotStored):
        client_of(mode="replay").tts.sse("One, two, three.", output_format=HELLO)


def test_a_stored_stream_can_be_closed(sandbox, client_of):
    list(client_of(sandbox).tts.sse("One, two, three.", output_format=HELLO))
    with client_of(sandbox).tts.sse("One, two, three.", output_format=HELLO) as stream:
        next(stream)
    with pytest.raises(CartesiaError, match="closed before its end"):
        stream.collect()


def test_uploads_are_known_by_their_bytes(sandbox, client_of, offline, tmp_path):
    first = tmp_path / "first.wav"
    first.write_bytes(TONE)
    heard = client_of(sandbox).stt.transcribe(first)
    offline()
    second = tmp_path / "second.wav"
    second.write_bytes(TONE)
    client = client_of(mode="replay")
    assert client.stt.transcribe(second).text == heard.text
    with second.open("rb") as file:
        assert client.stt.transcribe(file).text == heard.text
    with pytest.raises(NotStored, match="file changed from"):
        client.stt.transcribe(wav(4.1, 16000))


def test_a_name_is_the_voice_that_it_was(client_of, as_api, offline):
    ids = iter(["a", "b"])

    def answer(asked):
        if asked.path.startswith("/voices"):
            return reply({"data": [{"id": next(ids), "name": "Ada"}], "has_more": False})
        return reply(wav(0.1))

    with Server(answer=answer) as server:
        assert client_of(server).tts.bytes("Hi", voice="Ada").provenance["voice_id"] == "a"
        assert client_of(server).tts.bytes("Hi", voice="Ada").provenance["voice_id"] == "b"
    offline()
    speech = client_of(mode="replay").tts.bytes("Hi", voice="Ada")
    assert (speech.provenance["voice_id"], speech.provenance["voice_name"]) == ("b", "Ada")


def test_nothing_is_written_in_a_replay(sandbox, client_of, files):
    client_of(sandbox).tts.bytes("Hello!")
    before = files()
    client_of(mode="replay").tts.bytes("Hello!")
    with pytest.raises(NotStored):
        client_of(mode="replay").voices.list()
    assert files() == before


def test_threads_may_replay_at_once(sandbox, client_of, offline):
    before = client_of(sandbox).tts.bytes("Hello!")
    offline()
    client = client_of(mode="replay")
    with ThreadPoolExecutor(8) as pool:
        after = list(pool.map(client.tts.bytes, ["Hello!"] * 16))
    assert {bytes(speech.data) for speech in after} == {bytes(before.data)}


@pytest.mark.parametrize("place", ["argument", "header", "error", "body"])
def test_no_part_of_a_key_is_kept(place, client_of, as_api, files, recwarn):
    echo = {
        "argument": reply({"id": "a", "name": "A"}),
        "header": reply({"id": "a", "name": "A"}, X_Request_Id=f"req {KEY}", Server=KEY),
        "error": reply({"message": f"the key {KEY} may not do that", "error_code": KEY}, 403),
        "body": reply({"id": "a", "name": f"{KEY[:14]} is who asks"}),
    }[place]
    with Server([echo]) as server:
        client = client_of(server)
        outcome(lambda: client.voices.get("a"))
        outcome(lambda: client.tts.bytes("Hello!", voice="a"))
    assert np.all([not given_away(text.decode("latin-1") + name) for name, text in files().items()])
    if place == "body":
        assert "has the API key in it" in str(recwarn[0].message)
        assert not any(name.startswith("voices.get") for name in files())


def test_an_answer_with_the_key_is_no_take(client_of, notebook):
    notebook("mine")
    with Server(
        [reply({"id": "a", "name": name}) for name in ("old 1", "old 2", "old 3", KEY, "new")]
    ) as server:
        client = client_of(server)
        for _ in range(3):
            client.voices.get("a")
        client = client_of(server)
        with pytest.warns(UserWarning, match="has the API key in it"):
            client.voices.get("a")
        client.voices.get("a")
    again = client_of(mode="replay", base_url=server.url)
    assert [again.voices.get("a").name for _ in range(3)] == ["new"] * 3


def test_no_later_take_has_the_key_in_it_either(client_of, files):
    with Server([reply({"id": "a", "name": "A"}), reply({"id": "a", "name": KEY})]) as server:
        client = client_of(server)
        client.voices.get("a")
        with pytest.warns(UserWarning, match="has the API key in it"):
            client.voices.get("a")
    assert not any(given_away(text.decode("latin-1")) for text in files().values())


def test_what_could_not_be_kept_is_asked_again_in_a_refresh(client_of):
    clip = (np.zeros(8000, np.float32), 16000)
    texts = ("last week", f"has {KEY}", "asked again")
    with Server([reply({"text": text, "language": "en", "duration": 0.5}) for text in texts]) as server:
        client_of(server).stt.transcribe(clip)
        client = client_of(server, mode="refresh")
        with pytest.warns(UserWarning, match="has the API key in it"):
            client.stt.transcribe(clip)
        assert client.stt.transcribe(clip).text == "asked again"
