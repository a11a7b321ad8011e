"""The voice changer keeps the words and their pace, and changes the voice."""

import base64
import io
import json

import numpy as np
import pytest
import soundfile
from recogniser import transcribe, word_error_rate

from cartesia_nb.sandbox.speech.pitch import f0_track, median_f0

SENTENCES = [
    "She packed her yellow jacket before the long voyage.",
    "The judge asked the young boy to speak up clearly.",
    "He thought the rough cloth would scratch his neck.",
    "The choir sang louder as the rain beat on the roof.",
]
WAV = {"container": "wav", "encoding": "pcm_f32le", "sample_rate": "24000"}
ADA, BRUNO = "e07c00bc-4134-4eae-9ea4-1a55fb45746b", "694f9389-aac1-45b6-b726-9d9369183238"
WAYS = [("Ada", "Bruno"), ("Bruno", "Ada"), ("Dorian", "Cleo"), ("Gus", "Dorian")]


@pytest.fixture(scope="module")
def ids(api):
    return {voice["name"]: voice["id"] for voice in api.voices()}


def form(voice, output=WAV):
    return {"voice[id]": voice} | {f"output_format[{name}]": value for name, value in output.items()}


def change(api, clip, voice, output=WAV, *, path="/voice-changer/bytes", version="2026-08-14"):
    return api.upload(path, {"clip": clip}, version=version, **form(voice, output))


def decoded(data):
    samples, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    assert rate == 24000
    return samples


@pytest.fixture(scope="module")
def clip(api):
    return api.speak(SENTENCES[0], voice=BRUNO).content


@pytest.mark.parametrize(("source", "target"), WAYS)
def test_pitch_pace_and_words(api, ids, source, target):
    wanted = median_f0(api.hear(" ".join(SENTENCES), voice=ids[target]))
    wrong = length = 0
    for sentence in SENTENCES:
        original = api.speak(sentence, voice=ids[source]).content
        changed = decoded(change(api, original, ids[target]).content)
        assert median_f0(changed) == pytest.approx(wanted, rel=0.05)
        assert len(changed) == pytest.approx(len(decoded(original)), rel=0.03)
        words = len(sentence.split())
        wrong += word_error_rate(sentence, transcribe(changed, 24000)) * words
        length += words
    assert wrong / length <= 0.15


def envelope(samples):
    """Return the mean spectrum in decibels without its harmonics, on 400 steps from 500 to 5000 Hz."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, 1024)[::256] * np.hanning(1024)
    power = (np.abs(np.fft.rfft(frames, axis=1)) ** 2).mean(axis=0)
    smooth = np.convolve(power, np.hanning(25), "same")
    hertz = np.fft.rfftfreq(1024, 1 / 24000)
    return 10 * np.log10(np.interp(np.geomspace(500, 5000, 400), hertz, smooth))


def formant_factor(before, after):
    """Return by how much the spectrum of a recording lies higher than that of another."""
    one, other = (each - each.mean() for each in (envelope(before), envelope(after)))

    def likeness(shift):
        part, moved = one[100:300], other[100 + shift : 300 + shift]
        return np.corrcoef(part, moved)[0, 1]

    best = max(range(-80, 81), key=likeness)
    return 10 ** (best / 400)


@pytest.mark.parametrize(
    ("voice", "factor"), [("Dorian", 0.82 / 0.86), ("Ada", 1 / 0.86), ("Gus", 1.18 / 0.86)]
)
def test_formants_move_towards_the_voice(api, ids, voice, factor):
    clip = api.speak(" ".join(SENTENCES), voice=BRUNO).content
    changed = change(api, clip, ids[voice]).content
    assert formant_factor(decoded(clip), decoded(changed)) == pytest.approx(factor, rel=0.07)


def test_the_melody_is_kept(api, clip):
    before, after = (f0_track(decoded(data)) for data in (clip, change(api, clip, ADA).content))
    voiced = (before > 0) & (after > 0)
    assert np.count_nonzero(voiced) > 0.8 * np.count_nonzero(before)
    assert np.corrcoef(before[voiced], after[voiced])[0, 1] > 0.9


def test_loudness_is_kept(api, clip):
    before, after = (decoded(data) for data in (clip, change(api, clip, ADA).content))
    assert np.sqrt(np.mean(after**2)) == pytest.approx(np.sqrt(np.mean(before**2)), rel=0.05)


@pytest.mark.parametrize(
    ("output", "media_type"),
    [
        ({"container": "wav", "encoding": "pcm_s16le", "sample_rate": "44100"}, "audio/wav"),
        ({"container": "mp3", "bit_rate": "128000", "sample_rate": "44100"}, "audio/mpeg"),
        ({"container": "raw", "encoding": "pcm_mulaw", "sample_rate": "8000"}, "audio/pcm"),
    ],
)
def test_containers_and_streams(api, clip, output, media_type):
    whole = change(api, clip, ADA, output)
    assert whole.headers["Content-Type"] == media_type
    streamed = change(api, clip, ADA, output, path="/voice-changer/sse")
    *chunks, done = [json.loads(line.removeprefix("data: ")) for line in streamed.text[:-2].split("\n\n")]
    assert b"".join(base64.b64decode(chunk["data"]) for chunk in chunks) == whole.content
    for chunk in chunks:
        assert set(chunk) == {"status_code", "done", "data", "sample_rate", "step_time"}
        assert (chunk["status_code"], chunk["done"]) == (206, False)
        assert str(chunk["sample_rate"]) == output["sample_rate"]
    assert done == {"status_code": 200, "done": True}


def test_streams_of_old_versions_are_lines_with_a_type(api, clip):
    response = change(api, clip, ADA, path="/voice-changer/sse", version="2025-04-16")
    *chunks, done = [json.loads(line) for line in response.text.splitlines()]
    assert {chunk["type"] for chunk in chunks} == {"chunk"}
    assert (done["type"], done["done"]) == ("done", True)
    data = b"".join(base64.b64decode(chunk["data"]) for chunk in chunks)
    assert data == change(api, clip, ADA).content


def test_other_recordings(api, clip):
    stereo = io.BytesIO()
    soundfile.write(stereo, np.stack([decoded(clip)] * 2, axis=1), 24000, format="FLAC")
    assert len(decoded(change(api, stereo.getvalue(), ADA).content)) == len(decoded(clip))
    for samples in (np.zeros(24000), np.random.default_rng(0).normal(0, 0.05, 24000), np.zeros(7)):
        file = io.BytesIO()
        soundfile.write(file, samples, 24000, format="WAV")
        assert len(decoded(change(api, file.getvalue(), ADA).content)) == len(samples)


@pytest.mark.parametrize("path", ["/voice-changer/bytes", "/voice-changer/sse"])
def test_wrong_requests(api, clip, path):
    def refusal(clip=clip, voice=ADA, output=WAV, status=400):
        response = change(api, clip, voice, output, path=path)
        assert response.status_code == status, response.text
        return response.json()["message"]

    assert "not audio" in refusal(b"Good morning, this is text.")
    assert "cut short" in refusal(clip[: len(clip) // 2])
    assert "voice[id]" in refusal(voice="")
    assert "nobody" in refusal(voice="nobody", status=404)
    assert "output_format.encoding" in refusal(output={"container": "wav", "sample_rate": "8000"})
    assert "output_format.sample_rate" in refusal(output=WAV | {"sample_rate": "fast"})
    missing = api.post(path, files={"other": ("a.wav", clip)}, data=form(ADA))
    assert (missing.status_code, "clip" in missing.text) == (400, True)
    assert api.post(path, json={}).status_code == 415
