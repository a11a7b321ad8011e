"""What cannot be done is refused in words, never with a failure of the server."""

import pytest

VOICE = "e07c00bc-4134-4eae-9ea4-1a55fb45746b"
WAV = {"container": "wav", "encoding": "pcm_s16le", "sample_rate": 44100}
MP3 = {"container": "mp3", "bit_rate": 64000, "sample_rate": 44100}


def assert_refused(response, status, code=None, words=""):
    assert response.status_code == status, response.text
    error = response.json()
    assert error["error_code"] == code
    assert error["title"]
    assert words in error["message"]


@pytest.mark.parametrize(
    "transcript", ["", "   ", "...", "?!", "\n", '<break time="1s"/>', "🙂", "\u200d", 5, None, ["a"]]
)
def test_nothing_to_speak(api, transcript):
    assert_refused(api.speak(transcript), 400)


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_script_that_the_engine_cannot_read(api, language):
    assert_refused(api.speak("漢字だけ", language=language), 400, words="nothing in it that can be spoken")


@pytest.mark.parametrize(
    ("fields", "code", "words"),
    [
        ({"model_id": "sonic-99"}, "model_not_found", "sonic-99"),
        ({"model_id": None}, None, "model_id"),
        ({"model_id": 3}, None, "model_id"),
        ({"voice": None}, None, "voice"),
        ({"voice": {"mode": "id"}}, None, "voice.id"),
        ({"voice": {"mode": "embedding", "embedding": [0.0] * 192}}, None, "embedding"),
        ({"voice": {"mode": [], "id": VOICE}}, None, "voice.mode"),
        ({"language": "ja"}, "language_not_supported", "It speaks en, de, es, fr, it"),
        ({"language": "tlh"}, "language_not_supported", "does not speak"),
        ({"language": "English"}, "language_not_supported", "language code"),
        ({"language": "ta", "model_id": "sonic-2"}, "language_not_supported", "sonic-2 does not speak"),
        ({"language": 7}, None, "language"),
        ({"language": "en", "locale": "en-GB"}, None, "not both"),
        ({"normalization": 1}, None, "normalization"),
        ({"normalization": "yes please"}, None, "normalization"),
        ({"speed": "warp"}, None, "slow, normal, fast"),
        ({"save": "yes"}, None, "save"),
        ({"output_format": None}, None, "output_format"),
        ({"output_format": "wav"}, None, "output_format"),
        ({"output_format": WAV | {"container": "ogg"}}, None, "raw, wav, mp3"),
        ({"output_format": WAV | {"sample_rate": 11025}}, None, "8000, 16000"),
        ({"output_format": WAV | {"sample_rate": "44100"}}, None, "sample_rate"),
        ({"output_format": WAV | {"encoding": "pcm_s24le"}}, None, "pcm_f32le"),
        ({"output_format": {"container": "wav", "sample_rate": 8000}}, None, "encoding"),
        ({"output_format": MP3 | {"bit_rate": 63999}}, None, "bit_rate"),
        ({"output_format": MP3 | {"bit_rate": True}}, None, "bit_rate"),
        ({"generation_config": {"speed": 0.59}}, None, "0.6 to 1.5"),
        ({"generation_config": {"speed": 1.51}}, None, "0.6 to 1.5"),
        ({"generation_config": {"speed": "fast"}}, None, "speed"),
        ({"generation_config": {"speed": True}}, None, "speed"),
        ({"generation_config": {"volume": 2.1}}, None, "0.5 to 2.0"),
        ({"generation_config": {"volume": 10**400}}, None, "volume"),
        ({"generation_config": {"emotion": "hangry"}}, None, "emotion"),
        ({"generation_config": []}, None, "generation_config"),
        ({"transcript": '<break time="9999s"/>Hi'}, None, "120 seconds"),
        ({"transcript": "a" * 20_001}, None, "20000 characters"),
    ],
)
def test_wrong_values_are_named(api, fields, code, words):
    assert_refused(api.speak(**({"transcript": "Hello."} | fields)), 400, code, words)


def test_what_is_not_there(api):
    assert_refused(api.speak("Hello.", voice="nobody"), 404, "voice_not_found", "nobody")
    assert_refused(api.speak("Hello.", voice={"mode": "id", "id": "nobody"}), 404, "voice_not_found")
    assert_refused(api.speak("Hello.", pronunciation_dict_id="pdict_1"), 404, words="pdict_1")


def test_older_versions_know_less(api):
    assert api.speak("Hello.", voice=VOICE, version="2025-11-04").status_code == 400
    assert api.speak("Hello.", voice={"id": VOICE}, version="2025-11-04").status_code == 400
    assert api.speak("Hello.", language="en-US", version="2025-11-04").status_code == 400
    assert api.speak("Hello.", locale="xx", normalization=0, version="2025-11-04").status_code == 200
    assert api.speak("Hello.", no_such_field={}).status_code == 200


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ("{", "application/json", 400),
        ("", "application/json", 400),
        ("[]", "application/json", 400),
        ("null", "application/json", 400),
        ('{"transcript": NaN}', "application/json", 400),
        (b'{"transcript": "\xff"}', "application/json", 400),
        ('{"a":' * 100_000, "application/json", 400),
        ("[" * 100_000 + "]" * 100_000, "application/json", 400),
        ('{"a": ' + "9" * 100_000 + "}", "application/json", 400),
        ("{}", "text/plain", 415),
        ("{}", "", 415),
        ("transcript=Hello", "application/x-www-form-urlencoded", 415),
        ('{"transcript": "' + "a" * 2**21 + '"}', "application/json", 413),
    ],
)
def test_broken_bodies(api, body, content_type, status):
    response = api.post("/tts/bytes", data=body, headers={"Content-Type": content_type})
    assert_refused(response, status)


def test_half_a_surrogate_pair_is_no_text(api):
    for fields in ({"model_id": "\ud800"}, {"transcript": "Hello \ud800."}):
        assert_refused(api.speak(**({"transcript": "Hello."} | fields)), 400, words="not valid JSON")


def test_text_that_engines_stumble_over_is_spoken_all_the_same(api):
    for text in ("1" * 60, "x" * 200, "¹²³ ½ ①", "a-" * 40, "<<h &amp; l>> <unknown/>", "\0a\x01"):
        for language in ("en", "de"):
            response = api.speak(text, language=language)
            assert response.status_code == 200, (text, language, response.text)


def test_what_2024_had_and_the_sandbox_does_not_is_said(api):
    controls = {"mode": "id", "id": VOICE, "__experimental_controls": {"speed": "fast"}}
    refused = api.speak("Hi.", version="2024-11-13", model_id="sonic-2", voice=controls)
    assert (refused.status_code, "experimental controls" in refused.text) == (400, True)
    refused = api.get("/voices", version="2024-11-13", params={"expand[]": "embedding"})
    assert (refused.status_code, "no embeddings" in refused.text) == (400, True)
