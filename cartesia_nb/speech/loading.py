"""Sound files, read: what the sound is, and what the file tells about it."""

from __future__ import annotations

import hashlib
import io
import os
from typing import NamedTuple

import soundfile

from cartesia_nb.speech import codecs
from cartesia_nb.speech.files import read_whole
from cartesia_nb.speech.id3 import without_tag
from cartesia_nb.speech.mp3 import check_frames
from cartesia_nb.speech.ogg import check_pages
from cartesia_nb.speech.riff_info import without_info
from cartesia_nb.speech.tags import MARK, Told, told_by
from cartesia_nb.speech.wav import read_wav
from cartesia_nb.wire.catalog import warn
from cartesia_nb.wire.errors import BadAnswer, IncompleteBody, InputError
from cartesia_nb.wire.formats import (
    BIT_RATES,
    DEFAULT_BIT_RATE,
    DEFAULT_SAMPLE_RATE,
    SAMPLE_RATES,
    OutputFormat,
)

#: The bytes without our tags, how they are written, and our comment if there is one.
Sound = tuple[bytes, OutputFormat, str | None]


class Loaded(NamedTuple):
    """A sound file, read.

    Attributes
    ----------
    data : bytes
        Its sound: WAV or MP3, without our tags.
    output_format : OutputFormat
        How `data` is written.
    told : Told
        What is known about it.
    """

    data: bytes
    output_format: OutputFormat
    told: Told


def read_sound(path: str | os.PathLike[str]) -> Loaded:
    """Read a sound file (see `Speech.load`)."""
    name, content = read_whole(path)
    kind = _kind(content)
    if kind is None:
        raise InputError(
            f"{name} is no WAV, MP3, FLAC or OGG file.",
            advice=f"Convert it, as with ffmpeg -i {name} sound.wav; raw samples are loaded by "
            'Speech(samples, OutputFormat("raw")).',
        )
    try:
        data, written, comment = READERS[kind](content)
    except IncompleteBody:
        raise InputError(
            f"{name} is cut off: it has less sound than it begins with.", advice="Copy or make it once more."
        ) from None
    except BadAnswer:
        raise InputError(
            f"{name} looks like {kind}, but its sound cannot be read.", advice="Convert it to 16-bit WAV."
        ) from None
    return Loaded(data, written, _told(name, content, comment))


def _kind(content: bytes) -> str | None:
    """Return the kind of a file by its content."""
    if content[:4] == b"RIFF" and b"WAVE".startswith(content[8:12]):
        return "WAV"
    if content[:3] == b"ID3" or (content[:1] == b"\xff" and content[1:2] >= b"\xe0"):
        return "MP3"
    return {b"fLaC": "FLAC", b"OggS": "OGG"}.get(content[:4])


def _from_wav(content: bytes) -> Sound:
    data, comment = without_info(content)
    try:
        return data, _wav_format(data), comment
    except IncompleteBody:
        raise
    except BadAnswer:  # an encoding that the API does not have
        data = codecs.as_wav(data)
        return data, _wav_format(data), comment


def _from_mp3(content: bytes) -> Sound:
    data, comment = without_tag(content)
    frame = check_frames(data)
    bit_rate = frame.bit_rate if frame.bit_rate in BIT_RATES else DEFAULT_BIT_RATE
    return data, OutputFormat("mp3", None, _known(frame.sample_rate), bit_rate), comment


def _from_flac(content: bytes) -> Sound:
    data = codecs.as_wav(content)
    with soundfile.SoundFile(io.BytesIO(content)) as sound:
        comment = sound.comment
    return data, _wav_format(data), comment if comment.startswith(MARK) else None


def _from_ogg(content: bytes) -> Sound:
    check_pages(content)
    return _from_flac(content)


READERS = {"WAV": _from_wav, "MP3": _from_mp3, "FLAC": _from_flac, "OGG": _from_ogg}


def _wav_format(data: bytes) -> OutputFormat:
    wav = read_wav(data)
    return OutputFormat("wav", wav.encoding, _known(wav.sample_rate))


def _known(sample_rate: int) -> int:
    """Return a sample rate if the API has it; else its default: who decodes a file believes the file."""
    return sample_rate if sample_rate in SAMPLE_RATES else DEFAULT_SAMPLE_RATE


def _told(name: str, content: bytes, comment: str | None) -> Told:
    if comment is not None:
        try:
            return told_by(comment)
        except ValueError as error:
            warn(f"What is embedded in {name} cannot be read: {error} The sound is loaded without it.")
    file = {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return Told("", [], [], {"method": "load", "file": file})
