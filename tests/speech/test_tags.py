"""What is embedded in a sound file: it comes back as it was, and the sound stays as it was received."""

import hashlib
import io
import struct
import warnings
import wave
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from recogniser import word_error_rate
from scripted import wav

from cartesia_nb import Client, OutputFormat, Speech
from cartesia_nb.speech import tags as module
from cartesia_nb.speech.mp3 import after_tag
from cartesia_nb.speech.wav import chunk, read_wav
from cartesia_nb.wire.errors import BadAnswer, InputError

KINDS = ("wav", "mp3", "flac", "ogg")
WORDS = [("Größe", 0.1, 0.2), ("🎈", 0.2, 1 / 3)]
PHONEMES = [("ɡ", 0.1, 0.15)]
PROVENANCE = {
    "method": "tts.bytes",
    "request": {"transcript": "Größe 🎈", "speed": 1.25, "stored": [True, None]},
    "voice_name": "Zoë",
    "credits": 5,
    "backend": "api",
}


def speech(data=None, container="wav", **changes):
    about = {"transcript": "Größe 🎈", "words": WORDS, "phonemes": PHONEMES, "provenance": PROVENANCE}
    return Speech(data or wav(0.5), OutputFormat(container), **{**about, **changes})


def told(one):
    return one.transcript, one.timed_words, one.timed_phonemes, dict(one.provenance)


def mp3(before=b"", after=b""):
    return speech(before + speech().as_file(".mp3") + after, "mp3")


def saved_and_loaded(one, name="x.wav"):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return Speech.load(one.save(name))


# -- there and back -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_saved_is_loaded(kind):
    path = speech().save(f"x.{kind}")
    loaded = Speech.load(path)
    assert told(loaded) == told(speech())
    sound, rate = soundfile.read(path, dtype="float32")
    assert (loaded.sample_rate, loaded.samples.tolist()) == (rate, sound.tolist())
    if kind in ("wav", "flac"):
        assert np.array_equal(loaded.samples, speech().samples)
    again = saved_and_loaded(loaded, f"again.{kind}")
    assert told(again) == told(speech())
    if kind != "ogg":
        assert np.array_equal(again.samples, loaded.samples)


@pytest.mark.parametrize("kind", KINDS)
def test_sums_and_cuts_keep_what_they_are_made_of(kind):
    whole = (speech()[:0.3] + speech(transcript="and more")[0.1:])[0.05:0.6]
    loaded = saved_and_loaded(whole, f"x.{kind}")
    assert told(loaded) == told(whole)
    (joined,) = loaded.provenance["parts"]
    assert [part["method"] for part in joined["parts"]] == ["cut", "cut"]
    assert (loaded + loaded).provenance["voice_name"] == "Zoë"


@pytest.mark.parametrize(
    "written", ["wav", "wav:pcm_f32le@24000", "wav:pcm_mulaw@8000", "mp3", "mp3:64000@22050"]
)
def test_the_hash_in_the_provenance_is_that_of_the_loaded_bytes(sandbox, written):
    made = Client(sandbox.key, base_url=sandbox.url).tts.bytes("Hello!", output_format=written)
    loaded = saved_and_loaded(made, f"x.{made.output_format.container}")
    assert loaded.provenance["audio_sha256"] == hashlib.sha256(loaded.data).hexdigest()
    assert (loaded.data, loaded.output_format) == (made.data, made.output_format)
    assert {**loaded.provenance, "stored": False} == made.provenance


# Each ogg file is another one: its encoder numbers it by chance.
@pytest.mark.parametrize("kind", ["wav", "mp3", "flac"])
def test_a_file_is_the_same_whether_its_speech_was_stored_by_then(kind):
    """Sent for transcription, it is the same upload: nobody pays for it again."""

    def saved(*, stored):
        part = speech(provenance={**PROVENANCE, "stored": stored})
        return [each.as_tagged_file(f".{kind}") for each in (part, part[:0.2] + part)]

    assert saved(stored=True) == saved(stored=False)


def test_a_raw_file_is_samples_alone():
    assert speech().save("x.raw").read_bytes() == wav(0.5)[44:]


@pytest.mark.parametrize("kind", [*KINDS, "raw"])
def test_a_file_without_anything_embedded_can_be_had(kind):
    assert b"cartesia" not in speech().as_file(f".{kind}")
    assert (b"cartesia" in speech().as_tagged_file(f".{kind}")) == (kind != "raw")


@pytest.mark.parametrize("kind", KINDS)
def test_players_show_what_is_said(kind):
    with soundfile.SoundFile(speech().save(f"x.{kind}")) as sound:
        assert sound.title == "Größe 🎈"
    stand_in = speech(provenance={"backend": "sandbox"}).as_tagged_file(f".{kind}")
    assert b"cartesia_nb 0.1.0 (sandbox)" in stand_in
    assert speech(transcript="").save(f"x.{kind}").exists()


@pytest.mark.parametrize("kind", KINDS)
def test_a_saved_file_can_be_sent_and_is_heard(sandbox, kind):
    client = Client(sandbox.key, base_url=sandbox.url)
    said = "The train to Berlin leaves at nine in the morning."
    path = client.tts.bytes(said).save(f"x.{kind}")
    heard = client.stt.transcribe(path)
    assert word_error_rate(said, str(heard)) <= 0.12
    assert heard.duration == pytest.approx(soundfile.info(path).duration, abs=0.1)


# -- WAV ----------------------------------------------------------------------------------------------


@st.composite
def received_wavs(draw):
    """WAV files as servers and programs write them: more chunks, odd lengths, lengths not known."""
    samples = draw(st.binary(min_size=2, max_size=60))
    samples = samples[: len(samples) // 2 * 2]
    layout = chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 16000, 32000, 2, 16))
    others = st.tuples(st.sampled_from([b"LIST", b"JUNK", b"fact", b"id3 "]), st.binary(max_size=9))
    infos = st.just((b"LIST", b"INFO" + chunk(b"ISFT", b"Lavf\0") + chunk(b"ICMT", b"a comment\0")))
    before = b"".join(chunk(*other) for other in draw(st.lists(others | infos, max_size=3)))
    after = b"".join(chunk(*other) for other in draw(st.lists(others | infos, max_size=2)))
    unknown = draw(st.sampled_from([None, 0, 0x7FFFFFFF, 0xFFFFFFFF]))
    if unknown is None:
        body = b"WAVE" + layout + before + chunk(b"data", samples) + after
        return b"RIFF" + struct.pack("<I", len(body)) + body, samples
    head = b"WAVE" + layout + before + b"data" + struct.pack("<I", unknown)
    return b"RIFF" + struct.pack("<I", unknown) + head + samples, samples


@given(received_wavs())
def test_any_wav_keeps_its_samples_and_comes_back_as_it_was(received):
    data, samples = received
    one = speech(data)
    tagged = one.as_tagged_file(".wav")
    assert one.data == data
    assert read_wav(tagged).samples == read_wav(data).samples == samples
    assert len(tagged) % 2 == len(data) % 2
    length, before = (struct.unpack_from("<I", file, 4)[0] for file in (tagged, data))
    assert length == (before if before in (0, 0x7FFFFFFF, 0xFFFFFFFF) else len(tagged) - 8)
    loaded = saved_and_loaded(one)
    assert (loaded.data, told(loaded)) == (data, told(one))


def test_other_programs_read_a_tagged_wav():
    path = speech(transcript="word " * 20000).save("x.wav")
    with wave.open(str(path)) as sound:
        assert sound.readframes(sound.getnframes()) == wav(0.5)[44:]
    sound, _ = soundfile.read(path, dtype="int16")
    assert sound.tobytes() == wav(0.5)[44:]


def test_a_wav_is_not_tagged_twice():
    once = speech().as_tagged_file(".wav")
    assert speech(once).as_tagged_file(".wav") == once
    other = speech(once, transcript="other").as_tagged_file(".wav")
    assert other.count(b'cartesia_nb":1') == 1
    assert b'"transcript":"other"' in other


def test_what_another_program_wrote_into_a_wav_stays():
    theirs = chunk(b"LIST", b"INFO" + chunk(b"IART", b"Ada\0"))
    data = wav(0.5)[:36] + theirs + wav(0.5)[36:]
    assert theirs in speech(data).as_tagged_file(".wav")


def test_no_wav_becomes_too_large(monkeypatch):
    monkeypatch.setattr("cartesia_nb.speech.wav.LARGEST", len(wav(0.5)))
    with pytest.raises(InputError, match="4 GB"):
        speech().save("x.wav")


def test_what_is_no_wav_is_not_saved_as_one():
    with pytest.raises(BadAnswer, match="no samples|not a WAV"):
        speech(b"RIFF\4\0\0\0WAVE").save("x.wav")
    with pytest.raises(BadAnswer, match="not a WAV"):
        speech(b"what").save("x.wav")


# -- MP3 ----------------------------------------------------------------------------------------------


def id3(version, flags, content):
    return b"ID3" + bytes([version, 0, flags, 0, 0, 0, len(content)]) + content


TAGS = {
    "none": b"",
    "2.4": id3(4, 0, b"TSSE\0\0\0\x06\0\0\x03Lavf\0"),
    "2.3": id3(3, 0, b"TIT2\0\0\0\x05\0\0\0Song"),
    "2.2, unsynchronised": id3(2, 0x80, b"TT2\0\0\x05\0Song"),
    "padded": id3(4, 0, bytes(100)),
}


@pytest.mark.parametrize("after", [b"", b"TAG" + bytes(125)], ids=["", "ID3v1"])
@pytest.mark.parametrize("before", TAGS.values(), ids=TAGS)
def test_any_mp3_keeps_its_frames_and_comes_back_as_it_was(before, after):
    one = mp3(before, after)
    frames = one.data.removeprefix(before)
    tagged = one.as_tagged_file(".mp3")
    assert tagged[after_tag(tagged) :] == frames
    assert tagged[:5] == b"ID3\4\0"
    sound, _ = soundfile.read(io.BytesIO(tagged))
    assert len(sound) == len(one.samples)
    loaded = saved_and_loaded(one, "x.mp3")
    assert (loaded.data, told(loaded)) == (one.data, told(one))


def test_an_mp3_is_not_tagged_twice():
    once = mp3(TAGS["2.3"]).as_tagged_file(".mp3")
    assert speech(once, "mp3").as_tagged_file(".mp3") == once


def test_nothing_but_a_tag_is_put_before_the_frames():
    tagged = mp3(TAGS["2.3"]).as_tagged_file(".mp3")
    Path("x.mp3").write_bytes(tagged.replace(TAGS["2.3"], b"EVIL" + TAGS["2.3"][4:]))
    assert Speech.load("x.mp3").data == mp3().data


# -- what is too long, too deep, or no JSON -----------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_hours_of_words(kind):
    words = [("word", n / 3, (n + 1) / 3) for n in range(20_000)]
    long = speech(transcript="Wörter " * 100_000, words=words)
    assert told(saved_and_loaded(long, f"x.{kind}")) == told(long)


@pytest.mark.parametrize("kind", KINDS)
def test_as_much_as_is_embedded_fits_into_each_kind(kind):
    bare = speech(transcript="")
    about = module.Told("", bare.timed_words, bare.timed_phonemes, bare.provenance)
    room = module.LARGEST - len(module.tags_of(about).comment)
    full = speech(transcript="x" * room)
    assert told(saved_and_loaded(full, f"x.{kind}")) == told(full)


@pytest.mark.parametrize("kind", KINDS)
def test_where_there_is_no_room_the_times_are_left_out_first(kind, monkeypatch):
    monkeypatch.setattr(module, "LARGEST", 1000)
    with pytest.warns(UserWarning, match=r"saved without its words\."):
        path = speech(words=WORDS * 100).save(f"x.{kind}")
    loaded = Speech.load(path)
    assert (loaded.transcript, loaded.timed_words, loaded.provenance) == ("Größe 🎈", (), PROVENANCE)
    with pytest.warns(UserWarning, match="saved without its words, transcript and"):
        path = speech(transcript="x" * 1000).save(f"y.{kind}")
    loaded = Speech.load(path)
    assert (loaded.transcript, loaded.provenance["method"]) == ("", "load")


def test_what_json_has_no_word_for_is_text():
    odd = {
        "at": date(2026, 1, 2),
        3: np.int64(4),
        "rate": np.float32(0.5),
        "half": "\ud800",
        "no": float("nan"),
    }
    loaded = saved_and_loaded(speech(provenance={**odd, "tuple": (1, 2), "large": 1 << 70}))
    assert loaded.provenance == {
        "at": "2026-01-02",
        "3": 4,
        "rate": 0.5,
        "half": "?",
        "no": "nan",
        "tuple": [1, 2],
        "large": str(1 << 70),
    }


def test_what_lies_too_deep_is_left_out():
    deep = {"method": "cut", "parts": []}
    for _ in range(80):
        deep = {"method": "cut", "parts": [deep]}
    loaded = saved_and_loaded(speech(provenance=deep))
    found, depth = loaded.provenance, 0
    while found.get("parts"):
        (found,), depth = found["parts"], depth + 1
    assert 40 <= depth < 80
    round_and_round = {"method": "cut"}
    round_and_round["again"] = round_and_round
    assert saved_and_loaded(speech(provenance=round_and_round)).provenance["again"]["method"] == "cut"
