"""Text to speech: what is sent, what is refused before, and what comes back."""

import hashlib
import warnings

import numpy as np
import pytest
from scripted import Server, reply, reset, wav
from secret import KEY

from cartesia_nb import Client
from cartesia_nb.speech.codecs import encode
from cartesia_nb.wire import errors
from cartesia_nb.wire.catalog import DEFAULTS, UnknownIdWarning

ID = "694f9389-aac1-45b6-b726-9d9369183238"
PLAIN = {"mode": "id", "id": DEFAULTS["voice"]}
WAV = {"container": "wav", "encoding": "pcm_s16le", "sample_rate": 44100}


def ask(*arguments, script=None, version=None, **options):
    """Call tts.bytes on a scripted server; return the speech and what the server was asked."""
    with Server([script or reply(wav())]) as server:
        speech = Client(KEY, base_url=server.url, version=version).tts.bytes(*arguments, **options)
    assert len(server.asked) == 1
    return speech, server.asked[0]


def test_what_is_sent_by_default():
    _, asked = ask("Hello, “world”! 🎈")
    assert (asked.verb, asked.path) == ("POST", "/tts/bytes")
    assert asked.headers["cartesia-version"] == "2026-08-14"
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["accept-encoding"] == "identity"
    assert asked.json() == {
        "model_id": "sonic-3.5", "transcript": "Hello, “world”! 🎈", "voice": PLAIN, "output_format": WAV,
    }  # fmt: skip


def test_the_example_of_the_reference():
    tone = np.sin(np.arange(8000) / 20).astype(np.float32)
    _, asked = ask(
        model_id="sonic-2",
        transcript="Hello, world!",
        voice={"mode": "id", "id": ID},
        language="en",
        output_format={"container": "mp3", "sample_rate": 44100, "bit_rate": 128000},
        script=reply(encode(tone, 44100, ".mp3")),
    )
    assert asked.json() == {
        "model_id": "sonic-2", "transcript": "Hello, world!", "voice": {"mode": "id", "id": ID}, "language": "en",
        "output_format": {"container": "mp3", "sample_rate": 44100, "bit_rate": 128000},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("argument", "version"),
    [
        ({"pronunciation_dict_ids": ["pdict_1"], "model_id": "sonic-2"}, "2025-04-16"),
        ({"duration": 5}, "2025-04-16"),
        ({"pronunciation_dict_id": "pdict_1"}, "2026-08-14"),
        ({"generation_config": {"speed": 1.2, "emotion": "calm"}}, "2026-08-14"),
        ({"locale": "en-GB", "normalization": "off"}, "2026-08-14"),
        ({"speed": "fast"}, "2026-08-14"),
        ({"save": True}, "2026-08-14"),
        ({"language": None}, "2026-08-14"),
    ],
)
def test_each_argument_goes_out_under_its_name_with_the_version_that_knows_it(argument, version):
    speech, asked = ask("hello", **argument)
    assert asked.headers["cartesia-version"] == speech.provenance["version"] == version
    assert argument.items() <= asked.json().items()


def test_a_pinned_version():
    _, asked = ask("hello", version="2025-11-04", generation_config={"volume": 2})
    assert asked.headers["cartesia-version"] == "2025-11-04"
    with pytest.raises(errors.InputError, match="2025-04-16"):
        Client(KEY, version="2025-04-16").tts.bytes("hello", locale="en-GB")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"transcript": ""}, "nothing to say"),
        ({"transcript": " \n\t"}, "nothing to say"),
        ({"transcript": "... !? —"}, "nothing to say"),
        ({"transcript": None}, "not NoneType"),
        ({"transcript": b"hello"}, "not bytes"),
        ({"transcript": f"my key is {KEY}"}, "contains the API key"),
        ({"transcript": f"partly {KEY[-8:]}"}, "contains the API key"),
        ({"output_format": "ogg"}, "wav, mp3, raw"),
        (
            {"output_format": {"container": "mp3", "encoding": "pcm_s16le", "sample_rate": 8000}},
            "no encoding",
        ),
        ({"language": "en", "locale": "en-GB"}, "do not go together"),
        ({"speed": 1.2}, "generation_config"),
        ({"speed": "quick"}, "slow, normal, fast"),
        ({"generation_config": {"speed": 3}}, "0.6 to 1.5"),
        ({"generation_config": {"volume": "loud"}}, "0.5 to 2.0"),
        ({"voice": 7}, "not int"),
        ({"voice": ""}, "the voice is empty"),
        ({"voice": {"mode": "embedding", "embedding": [0.1]}}, "cannot be given by 'embedding'"),
        ({"transcript": "half \ud83d"}, "half of a character"),
        ({"model_id": None}, "model_id is a text"),
        ({"language": 5}, "language is a text"),
        ({"generation_config": "fast"}, "generation_config is a mapping"),
        ({"generation_config": {"emotion": ["happy"]}}, "emotion is a text"),
        ({"generation_config": {"speed": True}}, "0.6 to 1.5"),
        ({"duration": float("nan")}, "duration is a number"),
        ({"duration": -1}, "duration is a number"),
        ({"save": "yes"}, "save is True or False"),
        ({"pronunciation_dict_ids": "pdict_1"}, "a list of texts"),
        ({"output_format": {1: 2, "a": 3}}, "output_format has no"),
        ({"duration": 3, "locale": "en-GB"}, "no Cartesia-Version knows all"),
    ],
)
def test_bad_input_is_refused_before_anything_is_sent(arguments, said):
    with Server([reply(wav())]) as server, pytest.raises(errors.InputError) as caught:
        Client(KEY, base_url=server.url).tts.bytes(**{"transcript": "hello", **arguments})
    assert said in str(caught.value)
    assert server.asked == []
    assert KEY[-8:] not in str(caught.value)


@pytest.mark.parametrize("text", ["2", "é", "नमस्ते", "你好", "2 + 2", "🎈", "a"])
def test_short_texts_that_can_be_said(text):
    assert ask(text)[1].json()["transcript"] == text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"model_id": "sonic-9"}, "model 'sonic-9' is not known"),
        ({"language": "tlh"}, "language 'tlh' is not known"),
        ({"language": "ta", "model_id": "sonic-2"}, "language 'ta' is not known"),
        ({"generation_config": {"emotion": "hangry"}}, "emotion 'hangry' is not known.*angry"),
        ({"generation_config": {"speeed": 1.2}}, "generation_config 'speeed' is not known.*speed"),
    ],
)
def test_an_unknown_id_warns_and_is_sent(arguments, said):
    with pytest.warns(UnknownIdWarning, match=said) as caught:
        _, asked = ask("hello", **arguments)
    assert arguments.items() <= asked.json().items()
    assert caught[0].filename == __file__


def test_a_model_that_ignores_generation_config_is_named():
    with pytest.warns(UserWarning, match="sonic-2 ignores generation_config"):
        ask("hello", model_id="sonic-2", generation_config={"speed": 1.2})


def test_known_ids_do_not_warn():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ask("hello", language="ta", generation_config={"emotion": "calm", "speed": 1})


def test_what_comes_back():
    body = wav(0.25)
    speech, asked = ask(
        "hello", voice=ID, save=True, script=reply(body, Cartesia_File_ID="file-1", x_request_id="r-1")
    )
    assert speech.data == body
    assert speech.duration == 0.25
    made = dict(speech.provenance)
    assert made["request"] == asked.json()
    assert made["audio_sha256"] == hashlib.sha256(body).hexdigest()
    assert (made["method"], made["backend"], made["voice_id"], made["credits"]) == ("tts.bytes", "api", ID, 5)
    assert (made["attempts"], made["stored"], made["file_id"], made["request_id"]) == (
        1,
        False,
        "file-1",
        "r-1",
    )
    assert made["made_at"].endswith("+00:00")


def test_the_voice_goes_out_by_id_and_is_shown_by_name():
    found = {"data": [{"id": ID, "name": "Ada"}], "has_more": False}
    with Server([reply(found), reply(wav())]) as server:
        speech = Client(KEY, base_url=server.url).tts.bytes("hello", voice="ada")
    assert server.asked[1].json()["voice"] == {"mode": "id", "id": ID}
    assert "voice Ada" in repr(speech)


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (reply(wav()[:5000]), errors.IncompleteBody),
        (reply(wav(), length=99999, Connection="close"), errors.IncompleteBody),
        (reply("<html>welcome</html>", Content_Type="text/html"), errors.BadAnswer),
        (reply(b""), errors.BadAnswer),
        (reply({"error": "odd"}), errors.BadAnswer),
        (reply("no credits", 402), errors.PaymentRequired),
        (reply("bad key", 401), errors.AuthenticationError),
        (reply("oops", 500), errors.ServerError),
        (reset, errors.ConnectionFailed),
    ],
)
def test_what_is_not_whole_is_never_a_speech_and_is_asked_for_once(script, kind):
    with Server([script]) as server, pytest.raises(kind):
        Client(KEY, base_url=server.url).tts.bytes("hello")
    assert len(server.asked) == 1


def test_a_retry_is_counted():
    with Server([reply("", 429), reply(wav())]) as server:
        assert Client(KEY, base_url=server.url).tts.bytes("hello").provenance["attempts"] == 2


@pytest.mark.parametrize("written", ["wav", "mp3", "raw:pcm_f32le@24000", "wav:pcm_mulaw@8000"])
def test_the_sandbox_speaks(sandbox, written):
    speech = Client(sandbox.key, base_url=sandbox.url).tts.bytes("Hello, world!", output_format=written)
    assert speech.backend == "sandbox"
    assert 0.4 < speech.duration < 3
    assert speech.sample_rate == speech.output_format.sample_rate
    assert "sandbox" in repr(speech)
    assert "sandbox" in speech._repr_html_()


def test_numbers_of_numpy_are_numbers():
    config = {"speed": np.float32(1), "volume": np.int64(2)}
    _, asked = ask("hello", generation_config=config)
    assert asked.json()["generation_config"] == {"speed": 1.0, "volume": 2}


def test_what_the_caller_changes_later_does_not_change_what_is_remembered():
    config = {"speed": 0.8}
    speech, _ = ask("hello", generation_config=config)
    config["speed"] = 1.2
    assert speech.provenance["request"]["generation_config"] == {"speed": 0.8}
