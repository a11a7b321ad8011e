"""Transcripts say what was said, and when each word was heard."""

import io
import re
from difflib import SequenceMatcher
from itertools import pairwise

import numpy as np
import pytest
import soundfile
import soxr
from recogniser import word_error_rate

from cartesia_nb.sandbox.errors import ApiError
from cartesia_nb.sandbox.routes import stt
from cartesia_nb.sandbox.speech import recogniser
from cartesia_nb.sandbox.speech.listening import MAX_PASSAGE_SECONDS, passages
from cartesia_nb.sandbox.speech.samples import RATE
from cartesia_nb.sandbox.speech.speakers import BRIGHT_FEMALE, CHILD, DEEP_MALE, FEMALE, MALE
from cartesia_nb.sandbox.speech.synthesis import Utterance, synthesize

SENTENCES = [
    "She packed her yellow jacket before the long voyage.",
    "The judge asked the young boy to speak up clearly.",
    'A pinch of ginger gives the soup <break time="900ms"/> a sharp flavor.',
    "Nine children chased a red kite through the park. He thought the rough cloth would scratch his neck.",
    "My uncle usually enjoys oysters with vinegar, and we bought cheap shoes at the shop beside the garage.",
]
WORDS = {"timestamp_granularities[]": "word"}


def speak(text=SENTENCES[0], speaker=FEMALE, **options):
    return synthesize(Utterance(text, "en", speaker, **options))


def wav(samples, rate=RATE, **kind):
    file = io.BytesIO()
    soundfile.write(file, samples, rate, **({"format": "WAV"} | kind))
    return file.getvalue()


def post(api, data, *, version="2026-08-14", params=None, **texts):
    fields = {"model": "ink-whisper"} | texts
    return api.post("/stt", version=version, files={"file": ("a.wav", data)}, data=fields, params=params)


def transcript(api, data, **options):
    response = post(api, data, **options)
    assert response.status_code == 200, response.text
    return response.json()


def refusal(response, status=400):
    assert response.status_code == status, response.text
    return response.json()["message"]


def plain(word):
    return re.sub(r"\W", "", word.lower())


def differences(said, heard):
    """Return the greater difference of starts and ends for each word that both have, in seconds."""
    columns = [[plain(word.text) for word in said], [plain(word["word"]) for word in heard]]
    blocks = SequenceMatcher(None, *columns, autojunk=False).get_matching_blocks()
    pairs = [(said[a + k], heard[b + k]) for a, b, size in blocks for k in range(size)]
    return [max(abs(one.start - two["start"]), abs(one.end - two["end"])) for one, two in pairs]


@pytest.mark.parametrize("speaker", [FEMALE, MALE, DEEP_MALE, BRIGHT_FEMALE, CHILD], ids=lambda who: who.name)
def test_words_and_their_times(api, speaker):
    found, length, wrong = [], 0, 0
    for number, text in enumerate(SENTENCES):
        spoken = speak(text, speaker, speed=(1.0, 0.8, 1.3)[number % 3])
        heard = transcript(api, wav(spoken.samples), **WORDS)
        bare = re.sub("<.*?>", "", text)
        wrong += word_error_rate(bare, heard["text"]) * len(spoken.words)
        assert [word["word"] for word in heard["words"]] == heard["text"].split()
        found += differences(spoken.words, heard["words"])
        length += len(spoken.words)
    assert wrong / length < 0.1
    assert len(found) > 0.9 * length
    assert max(found) < 0.1
    assert np.median(found) < 0.02


def test_times_in_a_recording_that_is_not_our_own(api):
    """A telephone, with noise: words are still found."""
    spoken = speak(SENTENCES[3], MALE)
    telephone = soxr.resample(spoken.samples, RATE, 8000)
    noisy = telephone + np.random.default_rng(0).normal(0, 0.003, len(telephone))
    heard = transcript(api, wav(noisy, 8000, subtype="ULAW"), **WORDS)
    found = differences(spoken.words, heard["words"])
    assert len(found) > 0.8 * len(spoken.words)
    assert max(found) < 0.15


def test_shapes_by_version(api):
    data = wav(speak().samples)
    old = transcript(api, data, version="2025-04-16")
    assert set(old) == {"text", "language", "duration"}
    assert old["language"] == "en"
    assert old["duration"] == pytest.approx(len(speak().samples) / RATE, abs=0.002)
    assert set(transcript(api, data, version="2025-04-16", **WORDS)) == {*old, "words"}
    new = transcript(api, data, language="en", model="ink-whisper-2025-06-04")
    assert set(new) == {*old, "type", "request_id"}
    assert new["type"] == "transcript"
    assert new["text"] == old["text"]


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(2 * RATE),
        np.random.default_rng(0).normal(0, 0.02, 2 * RATE),
        np.zeros(3),
        np.full(RATE, 1e-6),
    ],
    ids=["silence", "noise", "next to nothing", "a hum that nobody hears"],
)
def test_where_nobody_speaks_nothing_is_heard(api, samples):
    heard = transcript(api, wav(samples), **WORDS)
    assert (heard["text"], heard["words"]) == ("", [])
    assert heard["duration"] == pytest.approx(len(samples) / RATE, abs=0.001)


def test_silence_around_speech_moves_its_times(api):
    spoken = speak()
    padded = np.pad(spoken.samples, (30 * RATE, 10 * RATE))
    heard = transcript(api, wav(padded), **WORDS)
    moved = [word.moved(30) for word in spoken.words]
    assert max(differences(moved, heard["words"])) < 0.1
    assert len(heard["words"]) == len(moved)


def test_minutes_of_speech(api):
    text = " ".join(re.sub("<.*?>", "", sentence) for sentence in SENTENCES * 5)
    spoken = speak(text)
    assert len(spoken.samples) / RATE > 100
    heard = transcript(api, wav(spoken.samples, format="FLAC"), **WORDS)
    assert word_error_rate(text, heard["text"]) < 0.05
    found = differences(spoken.words, heard["words"])
    assert len(found) > 0.95 * len(spoken.words)
    assert max(found) < 0.1


def test_long_recordings_are_cut_in_pauses_and_nothing_is_lost():
    spoken = speak(" ".join(SENTENCES[:2] * 8)).samples
    blocks = np.array_split(np.tile(spoken, 8), 37)
    cut = list(passages(iter(blocks)))
    assert np.array_equal(np.concatenate(cut), np.concatenate(blocks))
    assert max(map(len, cut)) <= MAX_PASSAGE_SECONDS * RATE
    assert min(map(len, cut[:-1])) >= MAX_PASSAGE_SECONDS / 2 * RATE
    for before, after in pairwise(cut):
        edge = np.concatenate([before[-1200:], after[:1200]])
        assert np.sqrt(np.mean(edge**2)) < 0.002


PCM = {
    "pcm_s16le": ("<i2", 32767),
    "pcm_s32le": ("<i4", 2**31 - 1),
    "pcm_f16le": ("<f2", 1),
    "pcm_f32le": ("<f4", 1),
}


@pytest.mark.parametrize("encoding", [*PCM, "pcm_mulaw", "pcm_alaw"])
def test_headerless_recordings(api, encoding):
    samples = soxr.resample(speak().samples, RATE, 16000)
    if encoding in PCM:
        kind, scale = PCM[encoding]
        data = (samples.astype(np.float64) * scale).astype(kind).tobytes()
    else:
        data = wav(samples, 16000, format="RAW", subtype={"pcm_mulaw": "ULAW", "pcm_alaw": "ALAW"}[encoding])
    heard = transcript(api, data, params={"encoding": encoding, "sample_rate": "16000"})
    assert word_error_rate(SENTENCES[0], heard["text"]) == 0
    assert heard["duration"] == pytest.approx(len(samples) / 16000, abs=0.002)


@pytest.mark.parametrize(
    ("texts", "params", "words"),
    [
        ({"model": "ink-99"}, {}, "ink-whisper"),
        ({"model": ""}, {}, "model"),
        ({"language": "de"}, {}, "It hears en"),
        ({"timestamp_granularities[]": "letter"}, {}, "word"),
        ({}, {"encoding": "pcm_s24le", "sample_rate": "16000"}, "pcm_f16le"),
        ({}, {"encoding": "pcm_s16le"}, "sample_rate"),
        ({}, {"encoding": "pcm_s16le", "sample_rate": "16k"}, "sample_rate"),
        ({}, {"encoding": "pcm_s16le", "sample_rate": "5"}, "4000 to 192000"),
        ({}, {"encoding": "pcm_s32le", "sample_rate": "16000"}, "whole samples"),
    ],
)
def test_wrong_requests(api, texts, params, words):
    assert words in refusal(post(api, b"RIFF.", params=params, **texts))


def test_wrong_files(api):
    assert "not audio" in refusal(post(api, b"Good morning, this is text."))
    assert "cut short" in refusal(post(api, wav(speak().samples)[:-5000]))
    assert "file" in refusal(api.upload("/stt", {"clip": b"x"}, model="ink-whisper"))
    assert refusal(post(api, b""))
    codes = [post(api, b"x", **texts).json()["error_code"] for texts in ({"model": "a"}, {"language": "xx"})]
    assert codes == ["model_not_found", "language_not_supported"]


def test_a_python_without_the_recogniser_is_told_why(monkeypatch):
    monkeypatch.setattr(recogniser, "find_spec", lambda _name: None)
    with pytest.raises(ApiError, match="Python 3.14"):
        stt._check_language({})
