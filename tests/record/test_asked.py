"""The names of answers: they are the same from release to release, or what was paid for is not found."""

import json
from pathlib import Path

import numpy as np
import pytest
from scripted import Server, reply, wav

from cartesia_nb.record.asked import flat, hash_of, what_is_asked
from cartesia_nb.speech.codecs import encode
from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.exchange import Request

MP3 = encode(np.zeros(4410, np.float32), 44100, ".mp3")
CLIP = b"RIFF" + bytes(range(256)) * 400
VOICE = "a0000000-0000-0000-0000-00000000000b"
FORMAT = "raw:pcm_s16le@8000"
BODY = {"model_id": "sonic-3.5", "transcript": "Höre!", "voice": {"mode": "id", "id": VOICE}}

#: What each call was named when there was a first release. A change here makes every folder useless.
GOLDEN = {
    "tts.bytes": (
        lambda client: client.tts.bytes("Höre!", voice=VOICE, model_id="sonic-3.5", output_format=FORMAT),
        "3a2ae4075753fdb4cb211d5d132fca141975f90540ec2fef07a135b7b49d667f",
    ),
    "tts.sse": (
        lambda client: client.tts.sse(
            "Hello",
            voice=VOICE,
            model_id="sonic-3",
            output_format=FORMAT,
            add_timestamps=True,
            context_id="x",
        ),
        "d550a724a484dfe31e6428f2315fe54779fe4d93557270f90ab3108a68f279e3",
    ),
    "infill.bytes": (
        lambda client: client.infill.bytes(
            "Hello", left_audio=CLIP, voice_id=VOICE, model_id="sonic-3", output_format="mp3"
        ),
        "75fcc7b98412fbea50668d036510d014daea109fbd67a14e6c56f080daa0024f",
    ),
    "voice_changer.bytes": (
        lambda client: client.voice_changer.bytes(CLIP, voice_id=VOICE, output_format=FORMAT),
        "a2f5297f429c75c51729d49b0979c5c53b52829a26d3eddb36c22d019ff3b512",
    ),
    "voice_changer.sse": (
        lambda client: client.voice_changer.sse(CLIP, voice_id=VOICE, output_format=FORMAT),
        "1f8efe0993433bfeca4e6053b28923fa71bed86ac79068b879dd3b7966ec12e7",
    ),
    "stt.transcribe": (
        lambda client: client.stt.transcribe(CLIP, model="ink-whisper", language="en"),
        "bdf94b1833ffaf79cafa619a6280a8e6a599bd24953f8ef96d2c884fec818326",
    ),
    "voices.list": (
        lambda client: client.voices.list(limit=5),
        "2d67ad016d843e6b75690d59d95a66839dacd2f5c7917636820bf8be4a29f61b",
    ),
    "voices.get": (
        lambda client: client.voices.get(VOICE),
        "85a4a399666865042d583183d45245b29ad4c1b62150e26bbc60a8a422d44c30",
    ),
    "voices.clone": (
        lambda client: client.voices.clone(CLIP, name="Mine", language="en"),
        "341105e9491edd1120cb2893234a9262c99e8cd74608b93406f3e0b20194d87b",
    ),
    "voices.update": (
        lambda client: client.voices.update(VOICE, name="New"),
        "a4db1183ac8a8b6506ec2ddc81c2b476fafbcc11587966e0a1c79217e5d4109f",
    ),
    "voices.delete": (
        lambda client: client.voices.delete(VOICE),
        "51588db6f2b52ea208b842327563a2713a182e5a0cbf898f922ae0a2f246cb41",
    ),
    "voices.by_name": (
        lambda client: client.tts.bytes("Hello", voice="Ada", output_format=FORMAT),
        "6665dfcfa0f11c24516f4c2c5500792c442a1a00b016cf1fdd6193e1ce16da48",
    ),
    "pronunciation_dicts.create": (
        lambda client: client.pronunciation_dicts.create(
            name="Names", items=[{"text": "Ng", "alias": "ing"}]
        ),
        "c0309615147d294457cdb13343776d23cfb9b30d8ff456557debca4f3437a368",
    ),
    "api_status.get": (
        lambda client: client.api_status.get(),
        "94e648f53f7ccfec81d7e7c68526e504b890db4c164dde3bbedf8ee5611b243e",
    ),
}


def answer(asked):
    if asked.path.startswith("/voices?"):
        return reply({"data": [{"id": VOICE, "name": "Ada"}], "has_more": False})
    if asked.path.startswith(("/voices", "/stt", "/pronunciation")) or asked.path == "/":
        return reply({"id": VOICE, "name": "Ada", "text": "Hello"})
    if asked.path.endswith("/sse"):
        return reply(b'data: {"type": "chunk", "data": "AAAAAAAA"}\n\ndata: {"type": "done"}\n\n')
    return reply(bytes(8000)) if b"mp3" not in asked.body else reply(MP3)


@pytest.mark.parametrize("method", GOLDEN)
def test_a_request_is_named_as_it_ever_was(method, client_of, folder):
    call, name = GOLDEN[method]
    with Server(answer=answer) as server:
        made = call(client_of(server))
        if method.endswith(".sse"):
            list(made)
    (path,) = (folder / method).glob("*.json")
    assert path.name == f"{name}.local.json"


def test_the_order_of_fields_says_nothing():
    first = Request("tts.bytes", "POST", "/tts/bytes", "2026-08-14", body=BODY)
    second = Request("tts.bytes", "POST", "/tts/bytes", "2026-08-14", body=dict(reversed(BODY.items())))
    assert hash_of(what_is_asked(first)) == hash_of(what_is_asked(second))


@pytest.mark.parametrize(
    "change",
    [
        {"version": "2025-11-04"},
        {"path": "/tts/other"},
        {"method": "tts.other"},
        {"body": BODY | {"transcript": "Hore!"}},
        {"body": BODY | {"language": None}},
        {"query": {"a": "b"}},
        {"known_by": {"a": "b"}},
    ],
)
def test_whatever_changes_the_answer_changes_the_name(change):
    whole = {
        "method": "tts.bytes",
        "verb": "POST",
        "path": "/tts/bytes",
        "version": "2026-08-14",
        "body": BODY,
    }
    assert hash_of(what_is_asked(Request(**whole))) != hash_of(what_is_asked(Request(**whole | change)))


def test_what_is_stored_is_what_is_asked():
    request = Request("tts.bytes", "POST", "/", "2026-08-14", body={"a": (1, 2), 5: "b"}, query={"c": ["d"]})
    asked = what_is_asked(request)
    assert json.loads(json.dumps(asked)) == asked


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes"])
def test_what_is_no_json_is_refused(value):
    with pytest.raises(InputError, match="cannot be sent as JSON"):
        what_is_asked(Request("tts.bytes", "POST", "/", "2026-08-14", body={"a": value}))


def test_fields_are_flat():
    asked = {"fields": [["a", "1"], ["b[]", "2"], ["b[]", "3"]], "body": {"fields": {"c": 4}, "d": {"e": 5}}}
    assert flat(asked) == {"fields.a": "1", "fields.b[]": "2, 3", "body.fields.c": 4, "body.d.e": 5}


def test_a_folder_of_the_first_release_still_replays(client_of, offline, tmp_path):
    """The folder in golden/ was made once, and is never made again."""
    offline()
    client = client_of(mode="replay", record_folder=Path(__file__).parent / "golden")
    assert set(client.record.verify().state) == {"whole"}
    speech = client.tts.bytes("Hello!", voice="Ada")
    assert (speech.provenance["model_id"], speech.output_format.sample_rate) == ("sonic-3", 8000)
    assert (
        speech.provenance["audio_sha256"]
        == "e7a221fea13d60fa294baf40c15fdbaebdbf3c40e32d947625214f35eedac2fb"
    )
    (word,) = client.tts.sse("Hello!").collect().timed_words
    assert tuple(word) == ("Hello!", 0.0, 0.1)
    assert client.stt.transcribe(wav(0.1, 8000)).text == "Hello!"
    assert client.voices.list().name.to_list() == ["Ada", "Bruno"]
