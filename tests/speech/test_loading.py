"""Files of anybody: what they are is found out or refused, and what they tell is not trusted."""

import hashlib
import io
import json
import warnings
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from scripted import wav

from cartesia_nb import OutputFormat, Speech, Speeches
from cartesia_nb.speech import codecs
from cartesia_nb.speech.id3 import with_tag
from cartesia_nb.speech.riff_info import with_info
from cartesia_nb.speech.tags import MARK, Tags
from cartesia_nb.wire.errors import InputError

KINDS = ("wav", "mp3", "flac", "ogg")
SPEECH = Speech(wav(0.5), OutputFormat("wav"), transcript="hello", provenance={"method": "tts.bytes"})


def written(kind, subtype=None, rate=44100, channels=1):
    """Return a file of somebody else, and its samples."""
    sound = np.random.default_rng(1).uniform(-0.5, 0.5, (rate // 4, channels)).squeeze()
    file = io.BytesIO()
    soundfile.write(file, sound, rate, format=kind, subtype=subtype)
    samples, _ = soundfile.read(io.BytesIO(file.getvalue()), dtype="float32")
    return file.getvalue(), samples


def load(content, name="x"):
    Path(name).write_bytes(content)
    return Speech.load(name)


def commented(comment, kind):
    """Return a sound with any text in the place of ours."""
    tags = Tags("title", "software", comment)
    if kind in ("flac", "ogg"):
        return codecs.encode(SPEECH.samples, SPEECH.sample_rate, f".{kind}", tags._asdict())
    return {"wav": with_info, "mp3": with_tag}[kind](SPEECH.as_file(f".{kind}"), tags)


def about(**changes):
    fields = {"cartesia_nb": 1, "transcript": "forged", "words": [], "phonemes": [], "provenance": {}}
    return json.dumps({**fields, **changes}, separators=(",", ":"))


# -- files of others ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_somebody_else_is_a_sound_and_says_where_it_is_from(kind):
    content, samples = written(kind, rate=24000, channels=2)
    loaded = load(content, "theirs.bin")
    assert np.array_equal(loaded.samples, samples)
    assert (loaded.sample_rate, loaded.output_format.sample_rate) == (24000, 24000)
    assert (loaded.transcript, loaded.timed_words) == ("", ())
    sha256 = hashlib.sha256(content).hexdigest()
    file = {"name": "theirs.bin", "bytes": len(content), "sha256": sha256}
    assert loaded.provenance == {"method": "load", "file": file}
    assert (loaded.data == content) == (kind in ("wav", "mp3"))
    assert "<audio" in loaded._repr_html_()
    assert load(loaded.as_tagged_file(f".{kind}")).provenance == loaded.provenance


@pytest.mark.parametrize(
    ("subtype", "encoding"),
    [
        ("PCM_16", "pcm_s16le"),
        ("FLOAT", "pcm_f32le"),
        ("ULAW", "pcm_mulaw"),
        ("PCM_U8", "pcm_s16le"),
        ("PCM_24", "pcm_f32le"),
        ("DOUBLE", "pcm_f32le"),
        ("IMA_ADPCM", "pcm_f32le"),
    ],
)
def test_wav_in_any_encoding(subtype, encoding):
    content, samples = written("WAV", subtype)
    loaded = load(content)
    assert loaded.output_format == OutputFormat("wav", encoding, 44100)
    assert np.array_equal(loaded.samples, samples)


def test_what_the_api_does_not_have_the_file_knows():
    loaded = load(written("WAV", rate=32000)[0])
    assert (loaded.sample_rate, loaded.output_format) == (32000, OutputFormat("wav"))
    assert load(written("FLAC", rate=11025)[0]).sample_rate == 11025
    assert load(written("MP3", rate=32000)[0]).output_format == OutputFormat("mp3")


def test_the_bit_rate_of_an_mp3_is_known():
    copy = SPEECH.display_copy
    assert load(copy).output_format == OutputFormat("mp3", bit_rate=64000)


def flac_of(samples):
    """Return a FLAC file whose header tells another number of samples."""
    content = bytearray(SPEECH.as_file(".flac"))
    content[21] &= 0xF0
    content[22:26] = samples.to_bytes(4)
    return bytes(content)


@pytest.mark.parametrize("samples", [0, 23000, 0xFFFFFFFF])
def test_flac_that_has_not_what_it_promises(samples):
    assert np.array_equal(load(flac_of(len(SPEECH.samples))).samples, SPEECH.samples)
    with pytest.raises(InputError):
        load(flac_of(samples))


def test_flac_of_which_a_decoder_reads_less_without_a_word(monkeypatch):
    read = soundfile.SoundFile.read
    monkeypatch.setattr(soundfile.SoundFile, "read", lambda sound, **how: read(sound, 100, **how))
    with pytest.raises(InputError, match="cut off"):
        load(SPEECH.as_file(".flac"))


def test_wav_and_mp3_are_not_decoded_before_they_are_needed(monkeypatch):
    files = [SPEECH.as_tagged_file(f".{kind}") for kind in ("wav", "mp3")]

    def too_early(*_):
        raise AssertionError

    monkeypatch.setattr(codecs, "decode", too_early)
    monkeypatch.setattr(codecs, "as_wav", too_early)
    assert [load(file).transcript for file in files] == ["hello", "hello"]


# -- what cannot be loaded ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*KINDS, "WAV of 24 bits"])
def test_no_part_of_a_file_passes_for_the_whole(kind):
    whole = (
        written("WAV", "PCM_24", 48000)[0] if kind.startswith("WAV") else SPEECH.as_tagged_file(f".{kind}")
    )
    assert load(whole).duration > 0
    passed = []
    for length in {*range(1, 80), *range(80, len(whole), len(whole) // 100), len(whole) - 1}:
        try:
            passed.append(load(whole[:length]))
        except InputError as error:
            assert error.advice  # noqa: PT017 - what is not refused is counted
    # Of an MP3, a cut between two frames cannot be seen.
    assert len(passed) <= (2 if kind == "mp3" else 0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"hello", "no WAV, MP3, FLAC or OGG file.*ffmpeg"),
        (b"\0\0\0\x18ftypM4A ", "no WAV, MP3, FLAC or OGG file.*ffmpeg"),
        (b"RIFF\4\0\0\0AVI LIST", "no WAV"),
        (b"\xff\xfb" + bytes(400), "looks like MP3, but"),
        (b"ID3\4\0\0\x7f\x7f\x7f\x7f" + bytes(400), "cut off"),
        (b"fLaC" + bytes(400), "looks like FLAC, but"),
        (b"OggS\0\4" + bytes(400), "looks like OGG, but"),
        (wav()[:20] + b"\x99\0" + wav()[22:], "looks like WAV, but.*16-bit WAV"),
        (wav()[:-10], "cut off.*once more"),
        (SPEECH.as_tagged_file(".wav")[:100], "cut off"),
        (SPEECH.as_tagged_file(".mp3")[:100], "cut off"),
    ],
)
def test_what_is_no_sound_is_refused_with_a_way_out(content, message):
    Path("x.sound").write_bytes(content)
    with pytest.raises(InputError, match=rf"(?s){message}"):
        Speech.load("x.sound")


def test_what_is_no_file(monkeypatch):
    Path("folder.wav").mkdir()
    for path, message in [
        ("folder.wav", "is a folder"),
        ("missing.wav", "there is no file 'missing.wav'. Here is"),
        ("x\0.wav", "NUL"),
        (7, "is no path"),
        ("~no_such_person/x.wav", "is no path"),
    ]:
        with pytest.raises(InputError, match=message):
            Speech.load(path)

    def refused(_):
        raise PermissionError

    Path("mine.wav").write_bytes(wav())
    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(InputError, match="must not be read"):
        Speech.load("mine.wav")


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"RIFF\0\0\0\0WAVE", b"ID3\4\0\0\0\0\0\x7f", b"OggS", b"fLaC"]),
)
def test_any_bytes_are_loaded_or_refused(content, beginning):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            load(beginning + content)
        except InputError as error:
            assert error.advice  # noqa: PT017 - either is fine, but nothing else is


# -- what is not to be trusted ------------------------------------------------------------------------

DAMAGED = {
    "no JSON": MARK + "1",
    "nested deeply": MARK + "[" * 100_000,
    "nested": about(provenance={"x": json.loads("[" * 200 + "]" * 200)}),
    "a list": f"[{about()}]".replace("[{", MARK + "1}", 1),
    "a newer layout": about(cartesia_nb=2),
    "a transcript that is none": about(transcript=["hello"]),
    "no words": about(words=None),
    "words that are texts": about(words=["hello"]),
    "words without times": about(words=[["hello"]]),
    "times that are text": about(words=[["hello", "0", "1"]]),
    "times that are no numbers": about(words=[["hello", float("nan"), 1]]),
    "times beyond floats": about(words=[["hello", 0, 10**400]]),
    "times beyond any sound": about(phonemes=[["h", 0, 1e300]]),
    "provenance that is none": about(provenance=["tts.bytes"]),
    "a voice that is a list": about(provenance={"voice_id": ["x"]}),
    "credits that are text": about(provenance={"credits": "5"}),
    "parts that are texts": about(provenance={"method": "join", "parts": ["x"]}),
    "credits of a part": about(provenance={"parts": [{"parts": [{"credits": {}}]}]}),
    "half a letter": about(transcript="\ud800"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("comment", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_tag_warns_and_the_sound_is_loaded(comment, kind):
    with pytest.warns(
        UserWarning, match=r"embedded in x.sound cannot be read: .*\. The sound is loaded without it"
    ):
        loaded = load(commented(comment, kind), "x.sound")
    assert (loaded.transcript, loaded.provenance["method"]) == ("", "load")
    assert loaded.duration == pytest.approx(0.5, abs=0.06)
    if kind == "wav":
        assert loaded.data == SPEECH.data


@pytest.mark.parametrize(("kind", "at"), [("wav", b"ICMT"), ("mp3", b"TIT2")])
def test_a_length_inside_of_a_tag_cannot_lead_out_of_it(kind, at):
    content = SPEECH.as_tagged_file(f".{kind}")
    length = content.index(at) + 4
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loaded = load(content[:length] + b"\x7f\x7f\x7f\x7f" + content[length + 4 :])
    assert loaded.provenance["method"] == "load"
    assert loaded.samples.tolist() == load(SPEECH.as_file(f".{kind}")).samples.tolist()


def moved(tagged):
    """Return a WAV file whose tags stand behind the samples, where other programs put them."""
    begin, end = tagged.index(b"LIST"), tagged.index(b"data")
    return tagged[:begin] + tagged[end:] + tagged[begin:end]


def as_id3v23(tagged):
    return tagged[:3] + b"\3" + tagged[4:]


@pytest.mark.parametrize(("kind", "change"), [("wav", moved), ("mp3", as_id3v23)])
def test_tags_that_another_program_wrote_anew_are_not_ours(kind, change):
    changed = change(SPEECH.as_tagged_file(f".{kind}"))
    loaded = load(changed)
    assert (loaded.data, loaded.provenance["method"]) == (changed, "load")


def test_a_wav_whose_header_is_wrong_is_loaded():
    tagged = SPEECH.as_tagged_file(".wav")
    loaded = load(tagged[:4] + b"\4\0\0\0" + tagged[8:])
    assert (loaded.transcript, loaded.data[8:]) == ("hello", SPEECH.data[8:])


@pytest.mark.parametrize("kind", ["wav", "flac", "ogg"])
def test_a_comment_of_another_program_is_none_of_ours(kind):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert load(commented("a fine recording", kind)).provenance["method"] == "load"


EVIL = '"><script>alert(1)</script>'
FORGED = about(
    transcript=EVIL,
    words=[[EVIL, 0.1, 0.2], ["$\\x$", 0.2, -5.5e8]],
    phonemes=[[EVIL, 0, 0]],
    provenance={
        "method": EVIL,
        "backend": EVIL,
        "model_id": EVIL,
        "voice_id": EVIL,
        "voice_name": EVIL,
        "credits": (1 << 63) - 1,
        "parts": [{"method": "join", "credits": 1}],
        "stored": EVIL,
        "request": EVIL,
    },
)


def test_what_a_file_tells_is_text_and_no_markup():
    loaded = load(commented(FORGED, "wav"))
    assert loaded.provenance["voice_name"] == EVIL
    both = Speeches([loaded, loaded], side_by_side=True)
    for shown in (loaded, both, both.frame(), loaded[:0.3], loaded + loaded):
        assert "<script" not in shown._repr_html_()
    assert repr(loaded + loaded)


@pytest.mark.parametrize("method", ["join", "cut"])
def test_what_a_file_tells_breaks_nothing(method):
    provenance = {"method": method, "stored": [], "credits": None, "made_at": {}}
    loaded = load(commented(about(words=[["$\\x$", 0.4, 0.1]], provenance=provenance), "wav"))
    assert (loaded + loaded)[0.1:].save("y.flac").exists()
    loaded.plot().savefig("plot.png")
