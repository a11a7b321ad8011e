"""Bytes to samples and back, in every format that the API has."""

import io
import struct

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from cartesia_nb.speech import codecs
from cartesia_nb.speech.wav import read_wav, write_wav
from cartesia_nb.wire.errors import BadAnswer, CartesiaError, IncompleteBody, InputError
from cartesia_nb.wire.formats import BIT_RATES, ENCODINGS, SAMPLE_RATES, OutputFormat

# How far apart two samples may be, by what an encoding keeps of them.
PRECISION = {"pcm_s16le": 1 / 32000, "pcm_f32le": 1e-7, "pcm_mulaw": 0.02, "pcm_alaw": 0.02}
SUBTYPES = {"pcm_s16le": "PCM_16", "pcm_f32le": "FLOAT", "pcm_mulaw": "ULAW", "pcm_alaw": "ALAW"}


def tone(rate, seconds=0.5, level=0.5):
    return (level * np.sin(2 * np.pi * 220 * np.arange(int(rate * seconds)) / rate)).astype(np.float32)


def written_by_soundfile(samples, rate, encoding, container):
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=container.upper(), subtype=SUBTYPES[encoding])
    return file.getvalue()


@pytest.mark.parametrize("rate", SAMPLE_RATES)
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("container", ["wav", "raw"])
def test_wav_and_raw_in_every_encoding(container, encoding, rate):
    data = written_by_soundfile(tone(rate), rate, encoding, container)
    samples, found = codecs.decode(data, OutputFormat(container, encoding, rate))
    assert (samples.dtype, samples.shape, found) == (np.float32, (rate // 2,), rate)
    assert np.abs(samples - tone(rate)).max() <= PRECISION[encoding]


@pytest.mark.parametrize("rate", SAMPLE_RATES)
def test_mp3_at_every_rate(rate):
    data = codecs.encode(tone(rate, 1.0), rate, ".mp3")
    samples, found = codecs.decode(data, OutputFormat("mp3", None, rate, BIT_RATES[0]))
    assert found == rate
    assert abs(len(samples) - rate) <= 2500  # the encoder's own padding
    middle = samples[rate // 4 : rate // 2]
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(0.5 / np.sqrt(2), rel=0.02)


def test_stereo_has_two_columns():
    both = np.stack([tone(8000), 0.5 * tone(8000)], axis=1)
    data = codecs.encode(both, 8000, ".wav")
    samples, _ = codecs.decode(data, OutputFormat("wav", None, 8000))
    assert samples.shape == (4000, 2)
    assert codecs.mono(samples).shape == (4000,)


@pytest.mark.parametrize(
    "promised", [0, 0x7FFFFFFF, 0xFFFFFFFF, 0x7FFFFFFF - 36, 0xFFFFFFFF - 36, 0x7FFFF000]
)
def test_a_streamed_wav_header_leans_on_the_framing(promised):
    data = bytearray(write_wav(b"\1\2" * 500, "pcm_s16le", 8000))
    struct.pack_into("<I", data, 40, promised)
    assert read_wav(bytes(data)).samples == b"\1\2" * 500


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.99])
def test_half_a_wav_raises(kept):
    data = written_by_soundfile(tone(8000), 8000, "pcm_s16le", "wav")
    cut = data[: int(len(data) * kept)]
    with pytest.raises(IncompleteBody, match="promises 8000 bytes") as caught:
        codecs.check_whole(cut, OutputFormat("wav", None, 8000))
    assert caught.value.partial == cut


@given(st.integers(0, 100))
def test_a_wav_cut_anywhere_raises_or_is_whole(kept):
    whole = write_wav(b"\1\2" * 30, "pcm_s16le", 8000)
    if kept >= len(whole):
        assert read_wav(whole[:kept]).samples == b"\1\2" * 30
    else:
        with pytest.raises(CartesiaError):
            read_wav(whole[:kept])


def test_a_raw_answer_that_ends_inside_a_sample_raises():
    with pytest.raises(IncompleteBody, match="inside a sample"):
        codecs.check_whole(b"abc", OutputFormat("raw"))


@pytest.mark.parametrize("container", ["wav", "mp3"])
@pytest.mark.parametrize("data", [b"<html>hello</html>", b'{"error": "x"}', b"", b"\0" * 100])
def test_something_else_than_audio_raises(container, data):
    with pytest.raises(BadAnswer):
        codecs.check_whole(data, OutputFormat(container))


def test_no_audio_at_all_raises():
    with pytest.raises(BadAnswer, match="no audio"):
        codecs.check_whole(write_wav(b"", "pcm_s16le", 8000), OutputFormat("wav"))
    with pytest.raises(BadAnswer, match="no audio"):
        codecs.check_whole(b"", OutputFormat("raw"))


def test_wav_with_other_chunks_and_the_extensible_layout():
    samples = struct.pack("<4h", 1, 2, 3, 4)
    layout = struct.pack("<HHIIHHHHIH14s", 0xFFFE, 2, 8000, 32000, 4, 16, 22, 16, 3, 1, b"")
    chunks = (
        b"fmt "
        + struct.pack("<I", 40)
        + layout
        + b"LIST\3\0\0\0abc\0"
        + b"data"
        + struct.pack("<I", 8)
        + samples
    )
    wav = read_wav(b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks)
    assert (wav.encoding, wav.channels, wav.sample_rate, wav.samples) == ("pcm_s16le", 2, 8000, samples)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_our_wav_headers_are_read_by_others(encoding):
    raw = written_by_soundfile(tone(16000), 16000, encoding, "raw")
    sound, rate = soundfile.read(io.BytesIO(write_wav(raw, encoding, 16000)), dtype="float32")
    assert (len(sound), rate) == (8000, 16000)
    assert np.abs(sound - tone(16000)).max() <= PRECISION[encoding]


@given(st.lists(st.integers(-32768, 32767), max_size=200))
def test_sixteen_bits_come_back_exactly(values):
    raw = np.array(values, "<i2").tobytes()
    if raw:
        samples, _ = codecs.decode(raw, OutputFormat("raw"))
        assert codecs.pcm_s16le(samples) == raw


def test_louder_than_full_scale_is_clipped_not_wrapped():
    assert np.frombuffer(codecs.pcm_s16le(np.array([2.0, -2.0], np.float32)), "<i2").tolist() == [
        32767,
        -32768,
    ]


@pytest.mark.parametrize("extension", [".mp3", ".ogg", ".flac", ".wav"])
def test_a_minute_is_encoded_in_every_kind(extension):
    data = codecs.encode(tone(44100, 60.0), 44100, extension)
    sound, rate = soundfile.read(io.BytesIO(data))
    assert len(sound) / rate == pytest.approx(60, abs=0.1)


@pytest.mark.parametrize("rate", SAMPLE_RATES)
def test_a_display_copy_is_small_mono_and_as_loud(rate):
    both = np.stack([tone(rate, 5.0, 0.1)] * 2, axis=1)
    sound, found = soundfile.read(io.BytesIO(copy := codecs.display_copy(both, rate)))
    assert (sound.ndim, found) == (1, rate)
    assert len(copy) * 8 / 5 <= 66_000
    assert np.sqrt(np.mean(sound**2)) == pytest.approx(0.1 / np.sqrt(2), rel=0.02)


@pytest.mark.parametrize("extension", ["", ".m4a", ".txt"])
def test_an_unknown_extension_says_which_there_are(extension):
    with pytest.raises(InputError, match=r"\.wav, \.mp3, \.flac, \.ogg, \.raw"):
        codecs.kind_of(extension)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e12])
@pytest.mark.parametrize("extension", [".mp3", ".ogg", ".wav", ".flac"])
def test_samples_that_are_no_sound_do_not_end_the_process(bad, extension):
    samples = tone(16000)
    samples[100:200] = bad
    sound, _ = soundfile.read(io.BytesIO(codecs.encode(samples, 16000, extension)))
    assert len(sound) >= 8000
    assert len(codecs.display_copy(samples, 16000)) > 1000


@pytest.mark.parametrize("rate", [37800, 96000, 192000, 4000])
def test_a_rate_that_mp3_does_not_have_is_shown_at_another(rate):
    sound, found = soundfile.read(io.BytesIO(codecs.display_copy(tone(rate, 1.0), rate)))
    assert len(sound) / found == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("rate", SAMPLE_RATES)
def test_an_mp3_that_ends_inside_a_frame_raises(rate):
    whole = codecs.encode(tone(rate, 1.0), rate, ".mp3")
    codecs.check_whole(whole, OutputFormat("mp3"))
    codecs.check_whole(b"ID3\4\0\0\0\0\0\5-----" + whole + b"TAG" + b"\0" * 125, OutputFormat("mp3"))
    for kept in (len(whole) - 1, len(whole) - 20, len(whole) - 40):
        with pytest.raises(IncompleteBody, match="inside of a frame"):
            codecs.check_whole(whole[:kept], OutputFormat("mp3"))


def test_a_wav_that_ends_inside_a_frame_of_two_channels_raises():
    data = bytearray(write_wav(b"\1\2" * 4, "pcm_s16le", 8000, 2))
    struct.pack_into("<I", data, 40, 0xFFFFFFFF)
    assert read_wav(bytes(data)).channels == 2
    with pytest.raises(IncompleteBody):
        read_wav(bytes(data[:-2]))


def test_chunks_of_odd_length_are_padded():
    data = write_wav(b"\x55" * 3, "pcm_mulaw", 8000)
    assert len(data) % 2 == 0
    assert struct.unpack_from("<I", data, 4)[0] == len(data) - 8


def test_a_wav_instead_of_raw_samples_raises():
    with pytest.raises(BadAnswer, match="WAV file instead of raw"):
        codecs.check_whole(write_wav(b"\1\2" * 9, "pcm_s16le", 8000), OutputFormat("raw"))


@pytest.mark.parametrize("layout", [b"", b"\1\0", struct.pack("<HHIIHH", 1, 1, 8000, 24000, 3, 24)])
def test_wav_layouts_that_cannot_be_read_are_named(layout):
    chunks = b"fmt " + struct.pack("<I", len(layout)) + layout + b"data" + struct.pack("<I", 4) + b"\0" * 4
    with pytest.raises(CartesiaError):
        read_wav(b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks)


@pytest.mark.parametrize("extension", [".mp3", ".flac", ".wav", ".ogg"])
def test_no_sound_is_not_saved(extension):
    with pytest.raises(InputError, match="no sound"):
        codecs.encode(np.zeros(0, np.float32), 8000, extension)
