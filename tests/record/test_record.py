"""What becomes of a call in each mode: what is asked, what is kept, what is used again."""

import base64
import json
import shutil

import pytest
from scripted import Server, reply, wav
from secret import KEY

from cartesia_nb import Client
from cartesia_nb.wire.errors import BadAnswer, BadRequest, IncompleteBody, InputError, NotStored

FORMAT = "raw:pcm_s16le@8000"
CLIP = wav(4.0, 16000)


def take(number):
    """Return the number-th answer, of any kind."""
    return bytes([number]) * 8000


class Takes(Server):
    """Answers each request with another sound, text or voice: the number of the request."""

    def __init__(self):
        def answer(asked):
            number = len(self.asked)
            if asked.path.startswith("/stt"):
                return reply({"text": str(number), "duration": 1.0})
            if asked.path.startswith("/voices"):
                return reply({"id": "a", "name": str(number)})
            return sse(number) if asked.path.endswith("/sse") else reply(take(number))

        super().__init__(answer=answer)


def sse(number):
    messages = [{"type": "chunk", "data": base64.b64encode(take(number)).decode()}, {"type": "done"}]
    body = b"".join(b"data: " + json.dumps(message).encode() + b"\n\n" for message in messages)
    return reply(body, Content_Type="text/event-stream")


COSTLY = {
    "tts.bytes": lambda client, **how: client.tts.bytes("Hello", output_format=FORMAT, **how).data,
    "tts.sse": lambda client, **how: client.tts.sse("Hello", output_format=FORMAT, **how).collect().data,
    "infill.bytes": lambda client, **how: (
        client.infill.bytes("Hello", left_audio=CLIP, output_format=FORMAT, **how).data
    ),
    "voice_changer.bytes": lambda client, **how: (
        client.voice_changer.bytes(CLIP, output_format=FORMAT, **how).data
    ),
    "voice_changer.sse": lambda client, **how: (
        client.voice_changer.sse(CLIP, output_format=FORMAT, **how).collect().data
    ),
    "stt.transcribe": lambda client, **how: client.stt.transcribe(CLIP, **how).text,
}


@pytest.fixture
def server():
    with Takes() as server:
        yield server


@pytest.mark.parametrize("method", COSTLY)
def test_what_costs_is_asked_once(method, client_of, server):
    call = COSTLY[method]
    first = call(client_of(server))
    assert call(client_of(server)) == first
    assert len(server.asked) == 1


@pytest.mark.parametrize("method", COSTLY)
def test_fresh_makes_another_take_and_takes_are_replayed_in_order(method, client_of, server):
    call = COSTLY[method]
    client = client_of(server)
    made = [call(client), call(client, fresh=True), call(client, fresh=True), call(client)]
    assert len(set(made)) == 3
    assert made[3] == made[0]
    again = client_of(mode="replay")
    assert [call(again), call(again, fresh=True), call(again, fresh=True), call(again)] == made
    assert len(server.asked) == 3


@pytest.mark.parametrize("method", COSTLY)
def test_refresh_asks_once_in_a_session(method, client_of, server):
    call = COSTLY[method]
    first = call(client_of(server))
    client = client_of(server, "refresh")
    second = call(client)
    assert second != first
    assert call(client) == second
    assert call(client_of(server)) == second
    assert len(server.asked) == 2


@pytest.mark.parametrize("method", COSTLY)
def test_off_leaves_no_trace_and_uses_none(method, client_of, server, folder, files):
    call = COSTLY[method]
    call(client_of(server, "off"))
    assert not folder.exists()
    first = call(client_of(server))
    before = files()
    assert call(client_of(server, "off")) != first
    assert files() == before


def test_a_take_that_was_paid_for_stays_until_another_comes_in_its_place(client_of, server):
    call = COSTLY["tts.bytes"]
    client = client_of(server)
    _, second, third = (call(client, fresh=True) for _ in range(3))
    latest = call(client_of(server), fresh=True)
    again = client_of(mode="replay")
    assert [call(again, fresh=True) for _ in range(4)] == [latest, second, third, third]


def test_reads_are_asked_each_time_and_replayed_in_order(client_of, server):
    client = client_of(server)
    names = [client.voices.get("a").name for _ in range(3)]
    assert names == ["1", "2", "3"]
    again = client_of(mode="replay")
    assert [again.voices.get("a").name for _ in range(4)] == ["1", "2", "3", "3"]


def test_a_read_that_says_the_same_is_kept_once(client_of, folder):
    names = ["A", "A", "A", "B", "B", "A"]
    with Server([reply({"id": "a", "name": name}) for name in names]) as server:
        client = client_of(server)
        assert [client.voices.get("a").name for _ in names] == names
    again = client_of(mode="replay")
    assert [again.voices.get("a").name for _ in names] == names
    assert len(list(folder.glob("voices.get/*.json"))) == 3


def test_a_folder_that_was_removed_is_begun_anew(client_of, folder):
    with Server([reply({"id": "a", "name": "A"})]) as server:
        client = client_of(server)
        client.voices.get("a")
        shutil.rmtree(folder)
        client.voices.get("a")
    assert client_of(mode="replay").voices.get("a").name == "A"


def test_another_session_begins_its_reads_anew(client_of, server):
    first = client_of(server)
    for _ in range(3):
        first.voices.get("a")
    client_of(server).voices.get("a")
    again = client_of(mode="replay")
    assert [again.voices.get("a").name for _ in range(2)] == ["4", "4"]


def test_notebooks_share_what_costs_and_have_reads_of_their_own(client_of, server, notebook):
    call = COSTLY["tts.bytes"]
    found = {}
    for name in ("one", "two", "2", "local"):
        notebook(name)
        client = client_of(server)
        found[name] = (call(client), client.voices.get("a").name, call(client, fresh=True))
    assert len({shared for shared, _, _ in found.values()}) == 1
    assert len({own for _, own, _ in found.values()}) == 4
    for name, before in found.items():
        notebook(name)
        again = client_of(mode="replay")
        assert (call(again), again.voices.get("a").name, call(again, fresh=True)) == before
    notebook("three")  # which has none of its own
    assert client_of(mode="replay").voices.get("a").name in {own for _, own, _ in found.values()}


@pytest.mark.parametrize("first", ["sandbox", "api"])
def test_the_sandbox_and_the_api_are_never_taken_for_each_other(first, client_of, server, monkeypatch):
    def place(name):
        for module in ("client", "transport"):
            monkeypatch.setattr(f"cartesia_nb.client.{module}.is_loopback", lambda _url: name == "sandbox")
        return client_of(server)

    second = {"sandbox": "api", "api": "sandbox"}[first]
    call = COSTLY["tts.bytes"]
    made = {name: call(place(name)) for name in (first, second)}
    assert made[first] != made[second]
    assert {name: call(place(name)) for name in made} == made
    assert len(server.asked) == 2


def test_an_error_is_kept_for_a_replay_and_asked_again(client_of, offline):
    refused = reply(
        {"message": "no such model", "error_code": "model_not_found", "title": "Bad", "request_id": "r1"}, 400
    )
    with Server([refused, refused, reply(take(1))]) as server:
        client = client_of(server)
        for _ in range(2):
            with pytest.raises(BadRequest) as before:
                COSTLY["tts.bytes"](client)
        with pytest.raises(BadRequest) as after:
            COSTLY["tts.bytes"](client_of(mode="replay"))
        assert str(after.value) == str(before.value)
        assert vars(after.value) == vars(before.value)
        assert COSTLY["tts.bytes"](client) == take(1)
    assert COSTLY["tts.bytes"](client_of(mode="replay")) == take(1)


def test_an_error_does_not_take_the_place_of_what_was_paid_for(client_of):
    with Server([reply(take(1)), reply({"message": "no"}, 400)]) as server:
        COSTLY["tts.bytes"](client_of(server))
        with pytest.raises(BadRequest):
            COSTLY["tts.bytes"](client_of(server, "refresh"))
        assert COSTLY["tts.bytes"](client_of(server)) == take(1)


@pytest.mark.parametrize("status", [401, 402, 429, 500, 503])
def test_errors_of_the_hour_are_not_kept(status, client_of, files):
    with Server([reply({"message": "no"}, status)]) as server:
        client = client_of(server, retries=0)
        for call in (COSTLY["tts.bytes"], lambda client: client.voices.get("a")):
            with pytest.raises(Exception, match=str(status)):
                call(client)
    assert not [name for name in files() if not name.endswith(".jsonl")]


@pytest.mark.parametrize(
    ("method", "bad", "good"),
    [
        ("tts.bytes", reply(b""), reply(take(1))),
        ("infill.bytes", reply(b""), reply(take(1))),
        ("voice_changer.bytes", reply(b""), reply(take(1))),
        ("stt.transcribe", reply({"txt": "?"}), reply({"text": "Yes"})),
        ("stt.transcribe", reply({"text": "Yes", "words": [5]}), reply({"text": "Yes"})),
    ],
)
def test_an_answer_that_cannot_be_used_is_not_kept(method, bad, good, client_of):
    with Server([bad, good]) as server:
        with pytest.raises(BadAnswer):
            COSTLY[method](client_of(server))
        assert COSTLY[method](client_of(server))


def test_audio_that_was_cut_off_is_not_kept(client_of):
    with Server([reply(wav(1.0, promised=10**6)), reply(wav(1.0))]) as server:
        with pytest.raises(IncompleteBody):
            client_of(server).tts.bytes("Hello")
        assert client_of(server).tts.bytes("Hello").duration == 1.0


@pytest.mark.parametrize("method", ["tts.sse", "voice_changer.sse"])
def test_a_stream_without_audio_is_not_kept(method, client_of):
    nothing = reply(b'data: {"type": "done"}\n\n', Content_Type="text/event-stream")
    with Server([nothing, sse(1)]) as server:
        with pytest.raises(BadAnswer):
            COSTLY[method](client_of(server))
        assert COSTLY[method](client_of(server)) == take(1)


def test_tokens_are_never_kept(client_of, files):
    with Server([reply({"token": "eyJhbGciOi"})]) as server:
        assert client_of(server).auth.access_token(grants={"tts": True}).token == "eyJhbGciOi"
    assert not any(b"eyJ" in content for content in files().values())
    with pytest.raises(NotStored, match=r"auth\.access_token .* Tokens are never kept"):
        client_of(mode="replay").auth.access_token(grants={"tts": True})


@pytest.mark.parametrize("mode", ["cache", "off", "replay", "refresh"])
def test_what_cannot_be_sent_is_refused_as_ever(mode, client_of, server):
    with pytest.raises(InputError, match="cannot be sent as JSON"), pytest.warns(UserWarning, match="known"):
        client_of(server, mode).tts.bytes("Hello", generation_config={"odd": object()})
    assert not server.asked


def test_options_do_not_leave_the_folder(client_of, server):
    client = client_of(server)
    first = COSTLY["tts.bytes"](client)
    copy = client.with_options(timeout=5)
    assert COSTLY["tts.bytes"](copy) == first
    assert copy.record.store.folder == client.record.store.folder
    pinned = client.with_options(version="2025-11-04")
    assert COSTLY["tts.bytes"](pinned) != first


def test_a_context_is_another_one_each_time_and_still_the_same_request(client_of, server):
    client = client_of(server)
    said = [
        client.tts.sse("Hello", output_format=FORMAT, context_id=name).collect().data for name in ("a", "b")
    ]
    assert said[0] == said[1]
    assert len(server.asked) == 1


@pytest.mark.parametrize("mode", ["bad", "", 5, [], "CACHE"])
def test_a_mode_that_there_is_not_is_an_error(mode):
    with pytest.raises(InputError, match=r"record cannot be .* cache, replay, refresh, off"):
        Client(KEY, record=mode)


@pytest.mark.parametrize("folder", ["a\0b", 5, []])
def test_a_folder_that_cannot_be_is_an_error(folder):
    with pytest.raises(InputError, match=r"no path of a folder|a NUL character"):
        Client(KEY, record_folder=folder)


def test_the_environment_is_asked_last(client_of, server, folder, monkeypatch):
    monkeypatch.setenv("CARTESIA_NB_RECORD", "bad")
    with pytest.raises(InputError, match="CARTESIA_NB_RECORD cannot be 'bad'"):
        Client(KEY, base_url=server.url).tts.bytes("Hello", output_format=FORMAT)
    assert not server.asked
    monkeypatch.setenv("CARTESIA_NB_RECORD", "cache")
    monkeypatch.setenv("CARTESIA_NB_RECORD_FOLDER", str(folder))
    client = Client(KEY, base_url=server.url)
    COSTLY["tts.bytes"](client)
    assert (client.record.mode, client.record.store.folder) == ("cache", folder)
    assert COSTLY["tts.bytes"](Client(record="replay")) == take(1)
