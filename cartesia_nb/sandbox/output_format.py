"""The ``output_format`` of a request, read and carried out."""

import io
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
import soundfile
import soxr

from cartesia_nb.sandbox import body
from cartesia_nb.sandbox.speech.samples import RATE, Samples

SAMPLE_RATES = (8000, 16000, 22050, 24000, 44100, 48000)
BIT_RATES = (32000, 64000, 96000, 128000, 192000)
MEDIA_TYPES = {"raw": "audio/pcm", "wav": "audio/wav", "mp3": "audio/mpeg"}

# The WAV format tag and the bytes per sample of each encoding.
ENCODINGS = {"pcm_f32le": (3, 4), "pcm_s16le": (1, 2), "pcm_mulaw": (7, 1), "pcm_alaw": (6, 1)}

# libsndfile's MP3 encoder crashes when it gets a minute at once.
MP3_BLOCK = 8192


@dataclass(frozen=True)
class OutputFormat:
    """Container and sample rate in Hz, with the encoding of raw and WAV or the bit rate of MP3 in bit/s."""

    container: str
    sample_rate: int
    encoding: str = ""
    bit_rate: int = 0

    @property
    def media_type(self) -> str:
        """The content type of an answer in this format."""
        return MEDIA_TYPES[self.container]

    @property
    def sample_width(self) -> int:
        """The bytes of a sample in raw and WAV."""
        return ENCODINGS[self.encoding][1]


def read_output_format(given: dict[str, Any]) -> OutputFormat:
    """Return a request's output format, or refuse it."""
    container = body.choice("output_format.container", given.get("container"), tuple(MEDIA_TYPES))
    sample_rate = body.choice("output_format.sample_rate", given.get("sample_rate"), SAMPLE_RATES)
    if container == "mp3":
        bit_rate = body.choice("output_format.bit_rate", given.get("bit_rate"), BIT_RATES)
        return OutputFormat(container, sample_rate, bit_rate=bit_rate)
    encoding = body.choice("output_format.encoding", given.get("encoding"), tuple(ENCODINGS))
    return OutputFormat(container, sample_rate, encoding)


class RawStream:
    """Writes raw samples as they come: parts that follow each other without a seam, each of whole samples."""

    def __init__(self, output: OutputFormat) -> None:
        self._encoding = output.encoding
        self._resampler = soxr.ResampleStream(RATE, output.sample_rate, 1)

    def encode(self, samples: Samples, *, last: bool = False) -> bytes:
        """Return what can be said so far, of samples at 24 kHz; everything if they are the last."""
        return _quantize(np.clip(self._resampler.resample_chunk(samples, last=last), -1, 1), self._encoding)


def encode(samples: Samples, output: OutputFormat) -> bytes:
    """Return samples at 24 kHz in the format asked for."""
    return encode_at_rate(soxr.resample(samples, RATE, output.sample_rate), output)


def encode_at_rate(samples: Samples, output: OutputFormat) -> bytes:
    """Return samples that have the sample rate of the format already."""
    resampled = np.clip(samples, -1, 1)
    if output.container == "mp3":
        return _mp3(resampled, output)
    data = _quantize(resampled, output.encoding)
    return _wav(data, output) if output.container == "wav" else data


def _quantize(samples: Samples, encoding: str) -> bytes:
    if encoding == "pcm_f32le":
        return samples.astype("<f4").tobytes()
    if encoding == "pcm_s16le":
        return np.rint(samples * 32767).astype("<i2").tobytes()
    law = {"pcm_mulaw": "ULAW", "pcm_alaw": "ALAW"}[encoding]
    return _write(samples, samplerate=RATE, format="RAW", subtype=law)


def _wav(data: bytes, output: OutputFormat) -> bytes:
    """Return a WAV file, with the parts that other encodings than PCM must have."""
    tag, width = ENCODINGS[output.encoding]
    rate, size = output.sample_rate, len(data)
    layout = struct.pack("<HHIIHH", tag, 1, rate, rate * width, width, 8 * width)
    fact = b""
    if output.encoding != "pcm_s16le":
        layout += struct.pack("<H", 0)
        fact = b"fact" + struct.pack("<II", 4, size // width)
    padding = b"\0" * (size % 2)
    chunks = b"fmt " + struct.pack("<I", len(layout)) + layout + fact
    chunks += b"data" + struct.pack("<I", size) + data + padding
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def _mp3(samples: Samples, output: OutputFormat) -> bytes:
    """Write MP3 of constant bit rate.

    Where MP3 has no such bit rate at the sample rate, the highest one is taken: 160 kbit/s from 16 to
    24 kHz, 64 kbit/s at 8 kHz.
    """
    if output.sample_rate >= 32000:
        highest, lowest = 320000, 32000
    elif output.sample_rate >= 16000:
        highest, lowest = 160000, 8000
    else:
        highest, lowest = 64000, 8000
    # libsndfile spreads its compression levels evenly over the bit rates, and refuses the last level.
    level = (highest - min(output.bit_rate, highest)) / (highest - lowest)
    return _write(
        samples,
        samplerate=output.sample_rate,
        format="MP3",
        subtype="MPEG_LAYER_III",
        bitrate_mode="CONSTANT",
        compression_level=min(level, 0.999),
    )


def _write(samples: Samples, **kind: Any) -> bytes:
    target = io.BytesIO()
    with soundfile.SoundFile(target, "w", channels=1, **kind) as file:
        for start in range(0, len(samples), MP3_BLOCK):
            file.write(samples[start : start + MP3_BLOCK])
    return target.getvalue()
