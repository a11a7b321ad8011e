"""Every container, encoding, sample rate and bit rate decodes to the same speech."""

import io
import struct

import numpy as np
import pytest
import soundfile
import soxr

TEXT = "Small boats drift past the harbor."
RATES = [8000, 16000, 22050, 24000, 44100, 48000]
BIT_RATES = [32000, 64000, 96000, 128000, 192000]
ENCODINGS = {"pcm_f32le": 3, "pcm_s16le": 1, "pcm_mulaw": 7, "pcm_alaw": 6}
SUBTYPES = {"pcm_f32le": "FLOAT", "pcm_s16le": "PCM_16", "pcm_mulaw": "ULAW", "pcm_alaw": "ALAW"}
# kbit/s by the index in the header, for MPEG 1 and for MPEG 2 and 2.5, layer III.
MPEG_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
MPEG_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]


@pytest.fixture(scope="module")
def reference(api):
    return api.hear(TEXT)


def fetch(api, container, rate, **rest):
    response = api.speak(TEXT, output_format={"container": container, "sample_rate": rate, **rest})
    assert response.status_code == 200, response.text
    return response


def assert_same_speech(samples, rate, reference, likeness):
    """Compare below 3.5 kHz, which every format keeps."""
    expected, got = (soxr.resample(x, r, 8000) for x, r in ((reference, 24000), (samples, rate)))
    assert abs(len(got) - len(expected)) < 0.12 * 8000
    # An MP3 of the lowest bit rate has no room to say how much of its start to leave out.
    products = np.correlate(np.pad(got, 800), expected, "valid")
    assert products.max() / np.linalg.norm(got) / np.linalg.norm(expected) > likeness


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("rate", RATES)
def test_wav_and_raw(api, reference, encoding, rate):
    wav = fetch(api, "wav", rate, encoding=encoding)
    raw = fetch(api, "raw", rate, encoding=encoding)
    assert wav.headers["Content-Type"] == "audio/wav"
    assert raw.headers["Content-Type"] == "audio/pcm"
    info = soundfile.info(io.BytesIO(wav.content))
    assert (info.samplerate, info.channels, info.subtype) == (rate, 1, SUBTYPES[encoding])
    samples, _ = soundfile.read(io.BytesIO(wav.content), dtype="float32")
    assert_same_speech(samples, rate, reference, 0.98)
    tag, channels, header_rate, byte_rate, width, bits = struct.unpack("<HHIIHH", wav.content[20:36])
    assert (tag, channels, header_rate) == (ENCODINGS[encoding], 1, rate)
    assert byte_rate == rate * width == rate * bits // 8
    assert len(raw.content) == len(samples) * width
    assert wav.content.rstrip(b"\0").endswith(raw.content.rstrip(b"\0"))
    assert len(wav.content) == 8 + struct.unpack("<I", wav.content[4:8])[0]


@pytest.mark.parametrize("bit_rate", BIT_RATES)
@pytest.mark.parametrize("rate", RATES)
def test_mp3(api, reference, rate, bit_rate):
    response = fetch(api, "mp3", rate, bit_rate=bit_rate)
    assert response.headers["Content-Type"] == "audio/mpeg"
    samples, decoded_rate = soundfile.read(io.BytesIO(response.content), dtype="float32")
    assert decoded_rate == rate
    assert_same_speech(samples, rate, reference, 0.9 if bit_rate == 32000 else 0.95)
    possible = 192000 if rate > 24000 else 160000 if rate > 8000 else 64000
    assert frame_bit_rates(response.content, rate) == {min(bit_rate, possible)}


def frame_bit_rates(data, rate):
    table, slots = (MPEG_1, 144) if rate > 24000 else (MPEG_2, 72)
    at, found = 0, set()
    while at < len(data):
        assert data[at] == 0xFF
        assert data[at + 1] & 0xE0 == 0xE0
        bit_rate = table[data[at + 2] >> 4] * 1000
        found.add(bit_rate)
        at += slots * bit_rate // rate + (data[at + 2] >> 1 & 1)
    return found


def test_mp3_of_minutes(api):
    text = "The lighthouse keeper counts the ships, and the ships count on him. " * 20
    response = api.speak(text, output_format={"container": "mp3", "sample_rate": 44100, "bit_rate": 64000})
    assert soundfile.info(io.BytesIO(response.content)).duration > 60
