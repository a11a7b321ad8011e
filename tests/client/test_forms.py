"""The methods that send forms: what goes out, version by version, and what is made of the answer."""

import io

import numpy as np
import pandas as pd
import pytest
import soundfile
from scripted import Server, reply, wav
from secret import KEY

from cartesia_nb import Client, Speech, Transcript
from cartesia_nb.speech.codecs import encode
from cartesia_nb.wire import errors
from cartesia_nb.wire.catalog import UnknownIdWarning

ID = "694f9389-aac1-45b6-b726-9d9369183238"
NEWEST, MIDDLE, SEED = "2026-08-14", "2025-11-04", "2025-04-16"
MP3 = {"container": "mp3", "sample_rate": 44100, "bit_rate": 128000}
MP3_PARTS = [
    ("output_format[container]", "mp3"),
    ("output_format[sample_rate]", "44100"),
    ("output_format[bit_rate]", "128000"),
]
WAV_PARTS = [
    ("output_format[container]", "wav"),
    ("output_format[encoding]", "pcm_s16le"),
    ("output_format[sample_rate]", "44100"),
]
TONE = np.sin(np.arange(8000) / 20).astype(np.float32)
HEARD = {"text": "Hello there.", "language": "en", "duration": 1.2, "type": "transcript", "request_id": "r", "words": [{"word": "Hello", "start": 0.1, "end": 0.5}, {"word": "there.", "start": 0.5, "end": 1.0}]}  # fmt: skip
CREATED = {"id": ID, "user_id": "user_1", "name": "n", "description": "d", "created_at": "2026-01-01T00:00:00Z", "language": "en"}  # fmt: skip


def ask(method, *arguments, answer, version=None, **options):
    """Call a method on a scripted server; return what it gave and what the server was asked."""
    section, name = method.split(".")
    with Server([answer]) as server:
        client = Client(KEY, base_url=server.url, version=version)
        found = getattr(getattr(client, section), name)(*arguments, **options)
    (asked,) = server.asked
    return found, asked


def files(asked):
    return {name: (file, kind, content) for name, file, kind, content in asked.form() if file is not None}


# -- infill -------------------------------------------------------------------------------------------


def test_the_infill_of_the_reference(tmp_path):
    (tmp_path / "file").write_bytes(wav())
    speech, asked = ask(
        "infill.bytes",
        left_audio="file", right_audio="file", model_id="sonic-2", language="en",
        transcript="middle segment", voice_id=ID, output_format=MP3,
        answer=reply(encode(TONE, 44100, ".mp3")),
    )  # fmt: skip
    assert (asked.verb, asked.path, asked.headers["cartesia-version"]) == ("POST", "/infill/bytes", NEWEST)
    fields = {"model_id": "sonic-2", "language": "en", "transcript": "middle segment", "voice_id": ID}
    assert asked.texts() == [*fields.items(), *MP3_PARTS]
    assert files(asked) == dict.fromkeys(("left_audio", "right_audio"), ("file", "audio/wav", wav()))
    assert isinstance(speech, Speech)
    assert (speech.transcript, speech.mimetype) == ("middle segment", "audio/mpeg")
    made = speech.provenance
    assert (made["method"], made["credits"], made["voice_id"]) == ("infill.bytes", 314, ID)
    assert set(made["request"]) == {*fields, "output_format", "left_audio", "right_audio"}


@pytest.mark.parametrize("version", [None, MIDDLE, SEED])
@pytest.mark.parametrize("side", ["left_audio", "right_audio"])
def test_one_side_is_enough(side, version):
    _, asked = ask("infill.bytes", "so", **{side: wav()}, version=version, answer=reply(wav()))
    assert list(files(asked)) == [side]
    assert asked.headers["cartesia-version"] == (version or NEWEST)
    assert dict(asked.texts())["model_id"] == "sonic-3"


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({}, "left_audio, right_audio, or both"),
        ({"left_audio": b""}, "left_audio is empty"),
        ({"left_audio": wav(), "right_audio": "missing.wav"}, "right_audio cannot be 'missing.wav'"),
        ({"left_audio": wav(), "transcript": "..."}, "nothing to say"),
        ({"left_audio": wav(), "transcript": f"my key is {KEY}"}, "API key"),
        ({"left_audio": wav(), "output_format": "ogg"}, "container"),
        ({"left_audio": wav(), "language": ""}, "language is a text"),
    ],
)
def test_an_infill_that_cannot_be(options, why):
    with Server([reply(wav())]) as server:
        with pytest.raises(errors.InputError, match=why):
            Client(KEY, base_url=server.url).infill.bytes(**{"transcript": "so", **options})
    assert not server.asked


# -- voice changer ------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [None, MIDDLE, SEED])
def test_the_voice_changer_of_the_reference(version):
    speech, asked = ask(
        "voice_changer.bytes",
        clip=wav(2.0), voice_id=ID, output_format=MP3, version=version, answer=reply(encode(TONE, 44100, ".mp3")),
    )  # fmt: skip
    assert (asked.path, asked.headers["cartesia-version"]) == ("/voice-changer/bytes", version or NEWEST)
    assert asked.texts() == [("voice[id]", ID), *MP3_PARTS]
    assert files(asked) == {"clip": ("audio.wav", "audio/wav", wav(2.0))}
    assert speech.provenance["credits"] == 30
    assert speech.provenance["request"]["clip"]["bytes"] == len(wav(2.0))


def test_a_clip_whose_length_cannot_be_read_has_no_price():
    speech, _ = ask("voice_changer.bytes", b"\x1aE\xdf\xa3 webm", answer=reply(wav()))
    assert "credits" not in speech.provenance


def test_a_voice_by_its_name():
    voices = reply({"data": [{"id": ID, "name": "Bert"}], "has_more": False})
    with Server([voices, reply(wav())]) as server:
        Client(KEY, base_url=server.url).voice_changer.bytes(wav(), voice_id="bert")
    assert server.asked[1].texts() == [("voice[id]", ID), *WAV_PARTS]


def test_audio_that_is_half_there_is_refused():
    for method, options in (
        ("voice_changer.bytes", {"clip": wav()}),
        ("infill.bytes", {"transcript": "a", "left_audio": wav()}),
    ):
        with pytest.raises(errors.IncompleteBody) as caught:
            ask(method, **options, answer=reply(wav()[:20_000]))
        assert caught.value.partial == wav()[:20_000]


# -- transcription ------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [None, MIDDLE, SEED])
def test_the_transcription_of_the_reference(tmp_path, version):
    (tmp_path / "file").write_bytes(wav())
    heard, asked = ask(
        "stt.transcribe",
        file="file",
        model="ink-whisper",
        language="en",
        version=version,
        answer=reply(HEARD),
    )
    assert (asked.verb, asked.path, asked.headers["cartesia-version"]) == ("POST", "/stt", version or NEWEST)
    assert asked.texts() == [
        ("model", "ink-whisper"), ("language", "en"), ("timestamp_granularities[]", "word"),
    ]  # fmt: skip
    assert isinstance(heard, Transcript)
    assert (str(heard), heard.language, heard.duration) == ("Hello there.", "en", 1.2)
    assert heard.words.to_dict("list") == {
        "word": ["Hello", "there."],
        "start": [0.1, 0.5],
        "end": [0.5, 1.0],
    }
    assert heard.provenance["credits"] == 1
    assert heard.provenance["request"]["file"]["name"] == "file"


def test_words_are_asked_for_unless_they_are_not_wanted():
    heard, asked = ask(
        "stt.transcribe", wav(), timestamp_granularities=None, answer=reply({"text": "a", "words": None})
    )
    assert asked.texts() == [("model", "ink-whisper")]
    assert heard.words.empty
    assert list(heard.words.columns) == ["word", "start", "end"]
    assert heard.duration == 0.5  # the API does not say; the file does


def test_words_in_parallel_lists():
    answer = {"text": "a b", "words": [{"words": ["a", "b"], "start": [0, 1], "end": [1, 2]}]}
    assert ask("stt.transcribe", wav(), answer=reply(answer))[0].timed_words == (
        ("a", 0.0, 1.0),
        ("b", 1.0, 2.0),
    )


def test_samples_without_a_header():
    _, asked = ask(
        "stt.transcribe", bytes(3200), encoding="pcm_s16le", sample_rate=16000, answer=reply(HEARD)
    )
    assert asked.path == "/stt?encoding=pcm_s16le&sample_rate=16000"


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"encoding": "pcm_s16le"}, "Give both"),
        ({"sample_rate": 16000}, "Give both"),
        ({"encoding": "opus", "sample_rate": 16000}, "pcm_f16le"),
        ({"encoding": "pcm_s16le", "sample_rate": -1}, "Hz"),
        ({"encoding": "pcm_s16le", "sample_rate": "16000"}, "Hz"),
        ({"model": None}, "model is a text"),
        ({"language": 5}, "language is a text"),
        ({"timestamp_granularities": "word"}, "is a list"),
        ({"file": "missing.wav"}, "no such file"),
        ({"file": [wav(), "missing.wav"]}, "file 1 cannot be 'missing.wav'"),
    ],
)
def test_a_transcription_that_cannot_be(options, why):
    with Server([reply(HEARD)]) as server:
        with pytest.raises(errors.InputError, match=why):
            Client(KEY, base_url=server.url).stt.transcribe(**{"file": wav(), **options})
    assert not server.asked


@pytest.mark.parametrize(
    "answer",
    [{"words": []}, {"text": 5}, {"text": "a", "words": [{"word": "a"}]}, {"text": "a", "words": [5]}],
)
def test_an_answer_that_is_no_transcript(answer):
    with pytest.raises(errors.BadAnswer):
        ask("stt.transcribe", wav(), answer=reply(answer))


def test_ids_that_are_not_known_warn_and_go_out():
    with pytest.warns(UnknownIdWarning, match="ink-9"):
        _, asked = ask("stt.transcribe", wav(), model="ink-9", answer=reply(HEARD))
    assert ("model", "ink-9") in asked.texts()


def test_a_list_of_recordings(tmp_path):
    (tmp_path / "a.wav").write_bytes(wav())
    answers = [reply(HEARD), reply("Bad: no audio", 400), reply({**HEARD, "text": "Bye."})]
    with Server(answers) as server:
        with pytest.warns(UserWarning, match="1 of 3 recordings were not transcribed"):
            table = Client(KEY, base_url=server.url).stt.transcribe([tmp_path / "a.wav", wav(), (TONE, 8000)])
    assert len(server.asked) == 3
    assert isinstance(table, pd.DataFrame)
    assert list(table.columns) == ["file", "text", "language", "duration", "words", "credits", "error"]
    assert table.file.to_list() == ["a.wav", "audio.wav", "audio.wav"]
    assert table.text.fillna("-").to_list() == ["Hello there.", "-", "Bye."]
    assert table.error.isna().to_list() == [True, False, True]
    assert "no audio" in table.error[1]
    assert table.words[0][0] == {"text": "Hello", "start": 0.1, "end": 0.5}
    assert table.credits.sum() == 2


def test_no_recordings():
    with Server([reply(HEARD)]) as server:
        table = Client(KEY, base_url=server.url).stt.transcribe([])
    assert not server.asked
    assert table.empty
    assert table.duration.dtype == "float64"


def test_progress_shows_when_it_takes_long(monkeypatch, capfd):
    monkeypatch.setattr("cartesia_nb.client.progress.PATIENCE", -1)
    with Server([reply(HEARD)]) as server:
        Client(KEY, base_url=server.url).stt.transcribe([wav(), wav()])
    assert "/2 [" in capfd.readouterr().err


# -- cloning ------------------------------------------------------------------------------------------


def test_the_clone_of_the_reference():
    made, asked = ask(
        "voices.clone",
        clip=wav(4.0), name="A high-similarity cloned voice", description="Copied from Cartesia docs",
        language="en", answer=reply({**CREATED, "access": "private", "visibility": "owner", "tagline": ""}),
    )  # fmt: skip
    assert (asked.verb, asked.path, asked.headers["cartesia-version"]) == ("POST", "/voices/clone", NEWEST)
    assert asked.texts() == [
        ("name", "A high-similarity cloned voice"), ("language", "en"), ("description", "Copied from Cartesia docs"),
    ]  # fmt: skip
    assert files(asked)["clip"] == ("audio.wav", "audio/wav", wav(4.0))
    assert (made.id, made.access) == (ID, "private")


@pytest.mark.parametrize(
    ("options", "part", "version"),
    [
        ({"enhance": True}, ("enhance", "true"), SEED),
        ({"enhance": False}, ("enhance", "false"), SEED),
        ({"accent": "parisian"}, ("accent", "parisian"), NEWEST),
        ({"base_voice_id": ID}, ("base_voice_id", ID), NEWEST),
        ({"base_voice_id": None}, ("name", "n"), NEWEST),
    ],
)
def test_what_a_clone_can_say(options, part, version):
    _, asked = ask("voices.clone", wav(4.0), name="n", language="en", **options, answer=reply(CREATED))
    assert asked.headers["cartesia-version"] == version
    assert part in asked.texts()
    assert "None" not in dict(asked.texts()).values()


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"clip": wav(25.0)}, r"25.0 s.*3 to 10 s"),
        ({"name": " "}, "name is a text"),
        ({"language": None}, "language is a text"),
        ({"enhance": "yes"}, "True or False"),
        ({"enhance": True, "accent": "parisian"}, "no Cartesia-Version knows all of this together"),
        ({"clip": "missing.wav"}, "no such file"),
    ],
)
def test_a_clone_that_cannot_be(options, why):
    with Server([reply(CREATED)]) as server:
        with pytest.raises(errors.InputError, match=why):
            Client(KEY, base_url=server.url).voices.clone(
                **{"clip": wav(4.0), "name": "n", "language": "en", **options}
            )
    assert not server.asked


@pytest.mark.parametrize("seconds", [1.0, 15.0])
def test_a_clip_that_is_not_the_best_warns(seconds):
    with pytest.warns(UserWarning, match="3 to 10 s"):
        ask("voices.clone", wav(seconds), name="n", language="en", answer=reply(CREATED))


def test_a_clone_can_speak_by_its_name_at_once():
    with Server(
        [reply({"data": [], "has_more": False}), reply({**CREATED, "name": "Mine"}), reply(wav())]
    ) as server:
        client = Client(KEY, base_url=server.url)
        client.voices.list()
        client.voices.clone(wav(4.0), name="Mine", language="en")
        assert client.tts.bytes("hi", voice="Mine").provenance["voice_name"] == "Mine"
    assert len(server.asked) == 3


# -- localizing ---------------------------------------------------------------------------------------

LOCALIZE = {
    "voice_id": ID, "name": "Sarah Peninsular Spanish", "description": "Sarah Voice in Peninsular Spanish",
    "language": "es", "original_speaker_gender": "female",
}  # fmt: skip


@pytest.mark.parametrize(
    ("options", "version"),
    [
        ({**LOCALIZE, "dialect": "pe"}, SEED),
        ({**LOCALIZE, "dialect": None}, SEED),
        (LOCALIZE, MIDDLE),
        ({"voice_id": ID, "name": "n", "accent": "castilian"}, NEWEST),
        ({"voice_id": ID, "name": "n", "accent": "castilian", "tagline": "t"}, NEWEST),
        ({**LOCALIZE, "accent": "castilian", "dialect": "pe"}, NEWEST),
    ],
)
def test_localizing_goes_out_in_the_version_that_knows_it(options, version):
    made, asked = ask("voices.localize", **options, answer=reply(CREATED))
    assert (asked.path, asked.headers["cartesia-version"]) == ("/voices/localize", version)
    assert asked.json() == options
    assert made.id == ID


@pytest.mark.parametrize("version", [SEED, MIDDLE])
def test_a_pinned_version_knows_dialects(version):
    _, asked = ask("voices.localize", **LOCALIZE, dialect="mx", version=version, answer=reply(CREATED))
    assert asked.headers["cartesia-version"] == version


@pytest.mark.parametrize(
    ("options", "why", "version"),
    [
        ({**LOCALIZE, "dialect": "uk"}, "'es' has no dialect 'uk'.*mx, pe", None),
        ({**LOCALIZE, "language": "de", "dialect": "au"}, "'de' has no dialects", None),
        ({**LOCALIZE, "original_speaker_gender": "feminine"}, "male or female", None),
        ({"voice_id": ID, "name": "n"}, "description, language, original_speaker_gender", None),
        ({"voice_id": ID, "name": "", "accent": "castilian"}, "name is a text", None),
        ({"voice_id": ID, "name": "n", "accent": "castilian", "tagline": "x" * 33}, "32 characters", None),
        ({**LOCALIZE}, "localizes by accent", NEWEST),
        ({**LOCALIZE, "accent": "castilian"}, "accent.* does not exist in", SEED),
        ({**LOCALIZE, "tagline": "t"}, "no Cartesia-Version", None),
    ],
)
def test_a_localization_that_cannot_be(options, why, version):
    with Server([reply(CREATED)]) as server:
        with pytest.raises(errors.InputError, match=why):
            Client(KEY, base_url=server.url, version=version).voices.localize(**options)
    assert not server.asked


# -- accents ------------------------------------------------------------------------------------------

ACCENT = {"id": "castilian", "name": "Castilian", "language": "es", "locale": "es-ES", "is_localizable": True, "is_locale_default": True}  # fmt: skip


def test_accents_as_a_table():
    table, asked = ask("voices.list_accents", answer=reply({"accents": [ACCENT]}))
    assert (asked.verb, asked.path, asked.headers["cartesia-version"]) == ("GET", "/accents", NEWEST)
    assert table.iloc[0].to_dict() == ACCENT
    assert table.is_localizable.dtype == "boolean"


def test_accents_of_a_voice():
    _, asked = ask("voices.add_accents", ID, accents=["castilian"], answer=reply(CREATED))
    assert (asked.verb, asked.path, asked.json()) == (
        "PATCH",
        f"/voices/{ID}/accents",
        {"accents": ["castilian"]},
    )
    _, asked = ask("voices.delete_accent", ID, "castilian", answer=reply(CREATED))
    assert (asked.verb, asked.path) == ("DELETE", f"/voices/{ID}/accents/castilian")


@pytest.mark.parametrize("accents", [[], "castilian", None, 5])
def test_accents_are_a_list(accents):
    with pytest.raises(errors.InputError, match=r'\["castilian"\]'):
        Client(KEY).voices.add_accents(ID, accents=accents)


@pytest.mark.parametrize("version", [SEED, MIDDLE])
def test_accents_belong_to_the_newest_version(version):
    client = Client(KEY, version=version)
    for call in (
        client.voices.list_accents,
        lambda: client.voices.add_accents(ID, accents=["x"]),
        lambda: client.voices.delete_accent(ID, "x"),
    ):
        with pytest.raises(
            errors.InputError, match=f"does not exist in Cartesia-Version {version}.*{NEWEST}"
        ):
            call()


# -- call audio ---------------------------------------------------------------------------------------


def test_the_audio_of_a_call():
    samples = np.stack([TONE, -TONE], axis=1) / 2
    file = io.BytesIO()
    soundfile.write(file, samples, 8000, format="WAV", subtype="PCM_16")
    speech, asked = ask("agents.download_call_audio", "ac_1", answer=reply(file.getvalue()))
    assert (asked.path, asked.headers["accept-encoding"]) == ("/agents/calls/ac_1/audio", "identity")
    assert (speech.sample_rate, speech.samples.shape) == (8000, (8000, 2))
    assert speech.provenance["request"] == {"call_id": "ac_1"}
    assert "credits" not in speech.provenance
