"""WAV headers: read as they come, written as they should be."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from cartesia_nb.wire.errors import BadAnswer, IncompleteBody, InputError, looks_like

FORMAT_TAGS = {"pcm_s16le": (1, 16), "pcm_f32le": (3, 32), "pcm_alaw": (6, 8), "pcm_mulaw": (7, 8)}
ENCODINGS = {tag: encoding for encoding, tag in FORMAT_TAGS.items()}
EXTENSIBLE = 0xFFFE

# A header that was written before its length was known has 0 there, or about the most that fits.
ENDLESS = 0x7FFFF000
#: What fits into the four bytes of a length.
LARGEST = 0xFFFFFFFF


@dataclass(frozen=True)
class Wav:
    """A WAV file, opened.

    Attributes
    ----------
    encoding : str
        As the API names it, such as ``"pcm_s16le"``.
    sample_rate : int
        In Hz.
    channels : int
        1 for mono.
    samples : bytes
        The samples, encoded and interleaved.
    """

    encoding: str
    sample_rate: int
    channels: int
    samples: bytes


def read_wav(data: bytes) -> Wav:
    """Open a WAV file.

    Raises
    ------
    IncompleteBody
        If it has fewer samples than its header promises.
    BadAnswer
        If it is no WAV file, or one in an encoding that the API does not have.
    """
    layout: tuple[int, ...] | None = None
    for name, start, length in chunks(data):
        if name == b"fmt " and length >= 16 and start + 16 <= len(data):
            layout = _layout(data[start : start + min(length, 40)])
        elif name == b"data":
            return _opened(layout, data, start, length)
    raise IncompleteBody("the WAV file ends before its samples begin.", partial=data)


def chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Go through the chunks of a WAV file: the name of each, where its content begins, its length.

    The lengths are those that the file tells; behind one that was not known, no chunk is to be found.

    Raises
    ------
    IncompleteBody
        If it is shorter than any WAV file.
    BadAnswer
        If it is no WAV file.
    """
    if data[:4] == b"RIFF" and len(data) < 12:
        raise IncompleteBody("the WAV file ends inside of its header.", partial=data)
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise BadAnswer(f"the answer is not a WAV file; it looks like {looks_like(data)}.")
    at = 12
    while at + 8 <= len(data):
        name, length = struct.unpack_from("<4sI", data, at)
        at += 8
        yield name, at, length
        at += length + length % 2


def is_streamed(length: int) -> bool:
    """Tell whether a header was written before this length in it was known."""
    return length == 0 or length >= ENDLESS


def _layout(fields: bytes) -> tuple[int, ...]:
    tag, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", fields)
    if tag == EXTENSIBLE and len(fields) >= 26:
        (tag,) = struct.unpack_from("<H", fields, 24)
    return tag, bits, channels, rate


def _opened(layout: tuple[int, ...] | None, data: bytes, start: int, promised: int) -> Wav:
    if layout is None:
        raise BadAnswer("the WAV file does not say how its samples are written.")
    tag, bits, channels, rate = layout
    came = len(data) - start
    end = len(data) if is_streamed(promised) else start + promised
    frame = bits // 8 * channels or 1
    if end > len(data) or (end - start) % frame:
        raise IncompleteBody(
            f"half a WAV file: its header promises {promised} bytes of samples, {came} came (.partial).",
            partial=data,
        )
    encoding = ENCODINGS.get((tag, bits))
    if encoding is None or channels < 1 or rate < 1:
        raise BadAnswer(
            f"the WAV file cannot be read: format {tag}, {bits} bits, {channels} channels, {rate} Hz."
        )
    return Wav(encoding, rate, channels, data[start:end])


def write_wav(samples: bytes, encoding: str, sample_rate: int, channels: int = 1) -> bytes:
    """Put a WAV header before encoded samples.

    Parameters
    ----------
    samples : bytes
        Encoded and interleaved.
    encoding : str
        As the API names it, such as ``"pcm_s16le"``.
    sample_rate : int
        In Hz.
    channels : int
        1 for mono.

    Raises
    ------
    InputError
        If it would be larger than 4 GB.
    """
    tag, bits = FORMAT_TAGS[encoding]
    frame = bits // 8 * channels
    layout = struct.pack("<HHIIHH", tag, channels, sample_rate, sample_rate * frame, frame, bits)
    head = chunk(b"fmt ", layout)
    if tag != 1:  # every encoding but plain PCM wants the number of frames, and an empty extension
        head = chunk(b"fmt ", layout + b"\0\0") + chunk(b"fact", struct.pack("<I", len(samples) // frame))
    body = b"WAVE" + head + chunk(b"data", samples)
    return b"RIFF" + length_field(len(body)) + body


def chunk(name: bytes, content: bytes) -> bytes:
    """Return a chunk of a WAV file; its end is filled up, so that the next one begins at an even place."""
    return name + length_field(len(content)) + content + b"\0" * (len(content) % 2)


def length_field(length: int) -> bytes:
    """Return a length as a WAV file tells it.

    Raises
    ------
    InputError
        If it is too large for that.
    """
    if length > LARGEST:
        raise InputError("a WAV file cannot be larger than 4 GB.", advice="Save it as .flac, or in parts.")
    return struct.pack("<I", length)
