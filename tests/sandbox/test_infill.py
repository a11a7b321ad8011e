"""Infill fits between its sides: the same loudness, no click at the joins, and the words that were asked for."""

import io

import numpy as np
import pytest
import soundfile
import soxr
from recogniser import transcribe, word_error_rate

from cartesia_nb.sandbox.speech.infill import voiced_level

LEFT, MIDDLE, RIGHT = "She packed her yellow jacket", "and a warm red hat", "before the long voyage."
VOICES = {
    "Ada": "e07c00bc-4134-4eae-9ea4-1a55fb45746b",
    "Bruno": "694f9389-aac1-45b6-b726-9d9369183238",
}
WAV = {"container": "wav", "encoding": "pcm_s16le", "sample_rate": 44100}


def wav(samples, rate=44100, subtype="PCM_16"):
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="WAV", subtype=subtype)
    return file.getvalue()


def infill(api, left=None, right=None, *, other=None, output=WAV, version="2026-08-14", **fields):
    texts = {"model_id": "sonic-3", "language": "en", "transcript": MIDDLE, "voice_id": VOICES["Ada"]}
    texts |= {f"output_format[{name}]": str(value) for name, value in output.items()}
    sides = {"left_audio": left, "right_audio": right, "other": other}
    files = {name: file for name, file in sides.items() if file}
    return api.upload("/infill/bytes", files, version=version, **(texts | fields))


def sides(api, voice, gain=1.0, cut=0):
    """Return two recordings at 44.1 kHz; with ``cut``, in the middle of a sound, so many seconds early."""
    output = {"container": "wav", "encoding": "pcm_f32le", "sample_rate": 44100}
    for text, early in ((LEFT, True), (RIGHT, False)):
        samples, _ = soundfile.read(io.BytesIO(api.speak(text, voice=voice, output_format=output).content))
        if cut:
            samples = samples[: -round(cut * 44100)] if early else samples[round(cut * 44100) :]
        yield gain * samples


def decoded(response, rate=44100):
    assert response.status_code == 200, response.text
    samples, got = soundfile.read(io.BytesIO(response.content), dtype="float32")
    assert got == rate
    return samples


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("gain", [0.3, 1.0])
@pytest.mark.parametrize("cut", [0, 0.55, 0.6, 0.65, 0.7])
def test_joins_and_loudness(api, voice, gain, cut):
    left, right = sides(api, VOICES[voice], gain, cut)
    middle = decoded(infill(api, wav(left), wav(right), voice_id=VOICES[voice]))
    left, right = (soundfile.read(io.BytesIO(wav(side)))[0] for side in (left, right))
    whole = np.concatenate([left, middle, right])
    steps = np.abs(np.diff(whole))
    for join in (len(left) - 1, len(left) + len(middle) - 1):
        around = steps[join - 4410 : join + 4410]
        assert steps[join] <= max(np.percentile(around, 99), 1 / 32768)
    levels = [voiced_level(side.astype(np.float32), 44100) for side in (left, middle, right)]
    for side in (levels[0], levels[2]):
        assert abs(20 * np.log10(levels[1] / side)) < 3


@pytest.mark.parametrize("voice", VOICES)
def test_the_whole_sentence_is_heard(api, voice):
    left, right = sides(api, VOICES[voice])
    middle = decoded(infill(api, wav(left), wav(right), voice_id=VOICES[voice]))
    loud = np.flatnonzero(np.abs(middle) > 0.02)
    assert max(loud[0], len(middle) - loud[-1]) < 0.2 * 44100
    heard = transcribe(np.concatenate([left, middle, right]), 44100)
    assert word_error_rate(f"{LEFT} {MIDDLE} {RIGHT}", heard) <= 0.15
    assert transcribe(np.pad(middle, 9000), 44100).lower().strip(".") == MIDDLE


@pytest.mark.parametrize("rate", [8000, 24000, 48000])
def test_sides_in_another_format(api, rate):
    left, right = sides(api, VOICES["Ada"], cut=0.6)
    files = [wav(soxr.resample(side, 44100, 22050), 22050, "FLOAT") for side in (left, right)]
    output = WAV | {"sample_rate": rate, "encoding": "pcm_f32le"}
    middle = decoded(infill(api, *files, output=output), rate)
    before, after = (soxr.resample(side, 44100, rate) for side in (left, right))
    assert middle[0] == pytest.approx(before[-1], abs=0.02)
    assert middle[-1] == pytest.approx(after[0], abs=0.02)


def test_one_side_is_enough(api):
    left, right = map(wav, sides(api, VOICES["Ada"], gain=0.4))
    lengths = {len(decoded(infill(api, *files))) for files in ((left, None), (None, right), (left, right))}
    assert len(lengths) == 1
    answer = infill(api, other=left)
    assert answer.status_code == 400
    assert "left_audio or right_audio" in answer.json()["message"]


def test_silent_sides_and_other_containers(api):
    silence = wav(np.zeros(44100))
    assert len(decoded(infill(api, silence, silence))) > 30000
    mp3 = infill(api, silence, output={"container": "mp3", "sample_rate": 44100, "bit_rate": 128000})
    assert mp3.headers["Content-Type"] == "audio/mpeg"
    assert len(decoded(mp3)) > 30000


@pytest.mark.parametrize("model", ["sonic-2", "sonic-turbo", "sonic-3-2025-10-27", "sonic-3.5"])
def test_models_that_can(api, model):
    assert infill(api, wav(np.zeros(4410)), model_id=model).status_code == 200


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"model_id": "sonic"}, 400, "sonic-3"),
        ({"model_id": "sonic-2024-10-19"}, 400, "cannot infill"),
        ({"model_id": "sonic-99"}, 400, "no model"),
        ({"transcript": ""}, 400, "transcript"),
        ({"transcript": "?!"}, 400, "nothing in it"),
        ({"transcript": "a" * 20_001}, 400, "20000"),
        ({"language": "ja"}, 400, "It speaks en"),
        ({"voice_id": "nobody"}, 404, "nobody"),
        ({"output_format[container]": "ogg"}, 400, "raw, wav, mp3"),
        ({"left_audio": b"This is no recording, only text."}, 400, "not audio"),
        ({"left_audio": wav(np.zeros(4410))[:-100]}, 400, "cut short"),
    ],
)
def test_wrong_requests(api, fields, status, words):
    left = fields.pop("left_audio", wav(np.zeros(4410)))
    response = infill(api, left, **fields)
    assert response.status_code == status
    assert words in response.json()["message"]
