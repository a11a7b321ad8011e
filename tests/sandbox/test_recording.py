"""Recordings are read by what they hold, and what is broken is refused with the reason."""

import io
import struct
import tracemalloc
from importlib.util import find_spec

import numpy as np
import pytest
import soundfile

from cartesia_nb.sandbox.errors import ApiError
from cartesia_nb.sandbox.form import Upload
from cartesia_nb.sandbox.speech.recording import PCM_WIDTHS, pcm_blocks, read_recording, recording_blocks

RATE = 24000
SECONDS = 2.5
FORMATS = [
    ("WAV", "PCM_16"),
    ("WAV", "PCM_24"),
    ("WAV", "FLOAT"),
    ("WAV", "ULAW"),
    ("WAVEX", "PCM_16"),
    ("RF64", "PCM_16"),
    ("FLAC", "PCM_16"),
    ("MP3", "MPEG_LAYER_III"),
    ("OGG", "VORBIS"),
    ("OGG", "OPUS"),
]


def upload(data):
    """Return what the server makes of a file of a form: it says WAV, whatever it is."""
    return Upload("clip.wav", "audio/wav", len(data), io.BytesIO(data))


def tone(rate=48000, seconds=SECONDS):
    return (0.3 * np.sin(2 * np.pi * 220 * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def encoded(format, subtype, rate=48000, channels=1, seconds=SECONDS):
    samples = np.stack([tone(rate, seconds)] * channels, axis=1)
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", rate, channels, format=format, subtype=subtype) as target:
        for start in range(0, len(samples), 8192):
            target.write(samples[start : start + 8192])
    return file.getvalue()


def wav_with_length(length):
    data = bytearray(encoded("WAV", "PCM_16"))
    at = data.index(b"data") + 4
    data[at : at + 4] = struct.pack("<I", length)
    return bytes(data)


def refusal(data, **options):
    with pytest.raises(ApiError) as raised:
        read_recording(upload(data), **options)
    assert raised.value.status == 400
    return raised.value


def loudest_hz(samples, rate):
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return int(np.argmax(spectrum)) * rate / len(samples)


@pytest.mark.parametrize(("format", "subtype"), FORMATS)
@pytest.mark.parametrize("channels", [1, 2])
def test_formats(format, subtype, channels):
    samples = read_recording(upload(encoded(format, subtype, channels=channels)))
    assert samples.dtype == np.float32
    assert len(samples) == pytest.approx(SECONDS * RATE, abs=0.06 * RATE)
    assert loudest_hz(samples, RATE) == pytest.approx(220, abs=1)
    assert np.sqrt(np.mean(samples**2)) == pytest.approx(0.3 / np.sqrt(2), rel=0.03)


@pytest.mark.parametrize("rate", [8000, 22050, 44100, 96000])
def test_sample_rates(rate):
    samples = read_recording(upload(encoded("WAV", "PCM_16", rate)))
    assert len(samples) == pytest.approx(SECONDS * RATE, abs=2)
    assert loudest_hz(samples, RATE) == pytest.approx(220, abs=1)
    assert len(read_recording(upload(encoded("WAV", "PCM_16", rate)), rate=rate)) == SECONDS * rate


@pytest.mark.parametrize("length", [0, 0x7FFFFFFF, 0xFFFFFFFF])
def test_a_streamed_wav_ends_where_it_ends(length):
    assert len(read_recording(upload(wav_with_length(length)))) == SECONDS * RATE


@pytest.mark.parametrize("length", [0xFFFFFFF0, 1_000_000_000, 250_000])
def test_a_wav_that_promises_more_than_came_is_cut_short(length):
    assert f"cut short: it has 240000 bytes of the {length}" in refusal(wav_with_length(length)).message


@pytest.mark.parametrize(
    ("format", "subtype"), [("WAV", "PCM_16"), ("FLAC", "PCM_16"), ("MP3", "MPEG_LAYER_III")]
)
def test_cut_files(format, subtype):
    data = encoded(format, subtype)
    assert "cut short" in refusal(data[: len(data) // 2]).message


def test_a_file_that_lies_about_its_length_needs_no_memory_for_it():
    flac = bytearray(encoded("FLAC", "PCM_16"))
    # The number of samples: the last 36 bits before the checksum of the stream.
    flac[21] |= 0x0F
    flac[22:26] = b"\xff" * 4
    tracemalloc.start()
    assert "cut short" in refusal(bytes(flac), longest=1e9).message
    read_recording(upload(wav_with_length(0xFFFFFFFF)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50e6


@pytest.mark.parametrize(
    "data",
    [
        b"Good morning, this is text.",
        b"x",
        b"RIFF" + b"x" * 100,
        b"RIFF\x00\x00\x00\x00AVI " + b"\x00" * 100,
        b"ID3" + b"\x00" * 100,
        b"\xff\xfb" + b"\x00" * 1000,
        b"fLaC" + b"\x00" * 100,
        b"OggS" + b"\x00" * 100,
    ],
)
def test_what_is_no_audio(data):
    error = refusal(data)
    assert error.code == "unsupported_audio_format"
    assert "clip.wav" in error.message


def test_other_formats_are_named():
    message = refusal(encoded("AIFF", "PCM_16")).message
    for name in ("wav", "flac", "mp3", "ogg", "m4a", "webm"):
        assert name in message


def test_empty_too_long_and_impossible_recordings():
    assert "empty" in refusal(encoded("WAV", "PCM_16", seconds=0)).message
    assert "limit of 2 seconds" in refusal(encoded("WAV", "PCM_16"), longest=2).message
    assert "4000 to 192000" in refusal(encoded("WAV", "PCM_16", rate=1000)).message
    not_numbers = encoded("WAV", "FLOAT")[:-4] + struct.pack("<f", float("nan"))
    assert "not numbers" in refusal(not_numbers).message


def test_what_is_beyond_full_scale_is_clipped():
    file = io.BytesIO()
    soundfile.write(file, np.full(RATE, 1e30), RATE, format="WAV", subtype="FLOAT")
    assert np.abs(read_recording(upload(file.getvalue()))).max() == 1


def test_a_long_recording_comes_in_blocks():
    sizes = [len(block) for block in recording_blocks(upload(encoded("FLAC", "PCM_16", seconds=60)), 100)]
    assert sum(sizes) == 60 * RATE
    assert max(sizes) < 10 * RATE


def test_m4a_and_webm_need_an_extra():
    for start in (b"\0\0\0\x20ftypM4A ", b"\x1a\x45\xdf\xa3"):
        message = refusal(start + b"\0" * 100).message
        assert ("damaged" if find_spec("av") else 'pip install "cartesia_nb[media]"') in message


def pcm(encoding, samples):
    integer = {"pcm_s16le": ("<i2", 2**15 - 1), "pcm_s32le": ("<i4", 2**31 - 1)}
    if encoding in integer:
        kind, scale = integer[encoding]
        return (samples.astype(np.float64) * scale).astype(kind).tobytes()
    if encoding in ("pcm_f16le", "pcm_f32le"):
        return samples.astype(f"<f{PCM_WIDTHS[encoding]}").tobytes()
    file = io.BytesIO()
    soundfile.write(
        file, samples, 8000, format="RAW", subtype={"pcm_mulaw": "ULAW", "pcm_alaw": "ALAW"}[encoding]
    )
    return file.getvalue()


@pytest.mark.parametrize("encoding", PCM_WIDTHS)
def test_headerless_samples(encoding):
    expected = tone(RATE)
    blocks = pcm_blocks(upload(pcm(encoding, expected)), encoding, RATE, 10)
    assert np.abs(np.concatenate(list(blocks)) - expected).max() < 0.02


def test_half_a_sample_is_refused():
    with pytest.raises(ApiError, match="whole samples"):
        pcm_blocks(upload(b"\0" * 7), "pcm_s32le", RATE, 10)
