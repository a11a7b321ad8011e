"""Cutting speech by seconds, joining it, and its words."""

import io
import pickle

import numpy as np
import pytest
import soundfile
from scripted import wav

from cartesia_nb import OutputFormat, Speech
from cartesia_nb.speech.codecs import encode
from cartesia_nb.wire.errors import InputError

WORDS = [("one", 0.0, 0.4), ("two", 0.4, 0.9), ("three", 1.0, 1.5)]
PHONEMES = [("w", 0.0, 0.1), ("t", 0.4, 0.5), ("th", 1.0, 1.2)]
MADE = {
    "method": "tts.bytes",
    "backend": "api",
    "voice_id": "v",
    "voice_name": "Ada",
    "model_id": "sonic-3.5",
    "credits": 13,
}


def speech(data=None, written=None, **changes):
    return Speech(
        data or wav(2.0, 24000),
        written or OutputFormat("wav", "pcm_s16le", 24000),
        transcript="one two three",
        words=WORDS,
        phonemes=PHONEMES,
        provenance={**MADE, **changes},
    )


def rows(frame):
    return [(row[0], round(row[1], 6), round(row[2], 6)) for row in frame.itertuples(index=False)]


def test_words_are_a_table():
    words = speech().words
    assert rows(words) == WORDS
    assert [str(kind) for kind in words.dtypes] == ["string", "float64", "float64"]
    assert rows(speech().phonemes) == PHONEMES
    empty = Speech(wav(), OutputFormat()).words
    assert (list(empty.columns), len(empty)) == (["word", "start", "end"], 0)


def test_words_survive_pickling():
    assert rows(pickle.loads(pickle.dumps(speech())).words) == WORDS


@pytest.mark.parametrize(
    ("part", "start", "end"),
    [
        (slice(0.5, 1.5), 0.5, 1.5),
        (slice(None, 0.5), 0, 0.5),
        (slice(1.5, None), 1.5, 2),
        (slice(-0.5, None), 1.5, 2),
        (slice(None, -0.5), 0, 1.5),
        (slice(0.5, 99), 0.5, 2),
        (slice(-99, 1), 0, 1),
        (slice(1, np.float32(2)), 1, 2),
        (slice(None, None), 0, 2),
    ],
)
def test_cutting_by_seconds(part, start, end):
    whole = speech()
    cut = whole[part]
    assert isinstance(cut, Speech)
    assert np.array_equal(cut.samples, whole.samples[int(start * 24000) : int(end * 24000)])
    assert cut.sample_rate == 24000
    assert (cut.provenance["start"], cut.provenance["end"]) == (start, end)


@pytest.mark.parametrize(
    "part",
    [
        1.5,
        3,
        slice(1, 1),
        slice(1.5, 0.5),
        slice(0, 1, 2),
        slice("a", None),
        slice(None, np.nan),
        slice(5, 6),
        slice(True, None),
    ],
)
def test_what_cannot_be_cut(part):
    with pytest.raises(InputError):
        speech()[part]


def test_speech_is_no_sequence():
    with pytest.raises(TypeError, match="not iterable"):
        list(speech())


def test_a_cut_knows_its_words_and_where_it_comes_from():
    cut = speech()[0.5:1.25]
    assert rows(cut.words) == [("two", 0.0, 0.4), ("three", 0.5, 0.75)]
    assert rows(cut.phonemes) == [("th", 0.5, 0.7)]
    assert cut.transcript == "two three"
    assert cut.provenance["parts"] == [MADE]
    assert (cut.provenance["method"], cut.provenance["voice_name"], cut.backend) == ("cut", "Ada", "api")
    assert "credits" not in cut.provenance
    assert "voice Ada" in repr(cut)


def test_a_cut_without_word_times_does_not_guess_its_text():
    assert Speech(wav(2.0, 24000), OutputFormat(), transcript="one two")[:1].transcript == ""


@pytest.mark.parametrize(
    ("coding", "exact"),
    [("pcm_s16le", True), ("pcm_f32le", True), ("pcm_mulaw", True), ("pcm_alaw", True), ("mp3", False)],
)
def test_every_format_can_be_cut_without_loss(coding, exact):
    tone = (0.5 * np.sin(np.arange(48000) / 9)).astype(np.float32)
    if coding == "mp3":
        whole = Speech(encode(tone, 24000, ".mp3"), OutputFormat("mp3", sample_rate=24000))
    else:
        subtype = {"pcm_s16le": "PCM_16", "pcm_f32le": "FLOAT", "pcm_mulaw": "ULAW", "pcm_alaw": "ALAW"}[
            coding
        ]
        file = io.BytesIO()
        soundfile.write(file, tone, 24000, format="RAW", subtype=subtype)
        whole = Speech(file.getvalue(), OutputFormat("raw", coding, 24000))
    cut = whole[0.5:1.0]
    expected = whole.samples[12000:24000]
    assert np.array_equal(cut.samples, expected) if exact else np.abs(cut.samples - expected).max() < 2**-15
    assert (cut.mimetype, cut.sample_rate) == ("audio/wav", 24000)


def test_two_channels_are_cut_and_joined():
    file = io.BytesIO()
    soundfile.write(
        file, np.stack([np.ones(8000), -np.ones(8000)], axis=1) / 2, 8000, format="WAV", subtype="PCM_16"
    )
    call = Speech(file.getvalue(), OutputFormat())
    assert (call[:0.5] + call[0.5:]).samples.shape == (8000 - 80, 2)
    assert np.allclose((call[:0.5] + call[0.5:]).samples, [0.5, -0.5], atol=1e-4)


def test_joining_fades_from_one_into_the_other():
    first, second = speech(), speech()
    joined = first + second
    assert len(joined.samples) == 2 * len(first.samples) - 240  # 10 ms
    assert np.array_equal(joined.samples[: 48000 - 240], first.samples[:-240])
    assert np.array_equal(joined.samples[48000:], second.samples[240:])
    fade = joined.samples[48000 - 240 : 48000]
    low = np.minimum(first.samples[-240:], second.samples[:240]) - 1e-4
    high = np.maximum(first.samples[-240:], second.samples[:240]) + 1e-4
    assert ((low <= fade) & (fade <= high)).all()


def test_joining_leaves_no_step():
    up, down = (np.full(24000, level, np.float32) for level in (0.5, -0.5))
    parts = [
        Speech(encode(part, 24000, ".wav"), OutputFormat("wav", sample_rate=24000)) for part in (up, down)
    ]
    joined = parts[0] + parts[1]
    assert np.abs(np.diff(joined.samples)).max() < 0.005


def test_joined_words_and_provenance():
    joined = speech() + speech(voice_id="w", voice_name="Bert", backend="sandbox")
    assert rows(joined.words)[3] == ("one", 1.99, 2.39)
    assert joined.transcript == "one two three one two three"
    made = joined.provenance
    assert [part["voice_name"] for part in made["parts"]] == ["Ada", "Bert"]
    assert "voice_name" not in made
    assert made["model_id"] == "sonic-3.5"
    assert joined.backend == "sandbox"
    assert "made by the sandbox" in repr(joined)
    assert len((joined + speech()).provenance["parts"]) == 3


def test_very_short_pieces_can_be_joined():
    tiny = speech()[0 : 1 / 24000]
    assert len((tiny + tiny).samples) == 2


def test_what_cannot_be_joined():
    with pytest.raises(InputError, match="24000 Hz with 1 channel and 44100 Hz"):
        speech() + Speech(wav(), OutputFormat())
    with pytest.raises(TypeError):
        speech() + 1


def test_a_cut_shows_itself_and_is_saved(tmp_path):
    cut = speech()[0.5:1.0]
    assert "<audio" in cut._repr_html_()
    assert soundfile.info(cut.save(tmp_path / "cut.wav")).duration == 0.5
