"""Recordings that come from outside, in whatever format, as mono samples."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from cartesia_nb.sandbox.errors import ApiError, invalid
from cartesia_nb.sandbox.form import Upload
from cartesia_nb.sandbox.speech.samples import RATE, Samples
from cartesia_nb.sandbox.speech.wav_header import check_wav

LONGEST_SECONDS = 600
LOWEST_RATE, HIGHEST_RATE = 4000, 192_000
# Values that are decoded at a time, over all channels.
BLOCK = 2**18

# The formats that libsndfile reads, by how their files begin, and those that PyAV reads.
SOUND_FILES = (b"RIFF", b"RF64", b"fLaC", b"OggS", b"ID3")
WEBM = b"\x1a\x45\xdf\xa3"
MP4 = b"ftyp"
FORMATS = "wav, flac, mp3, ogg and opus, m4a, mp4, webm"

# Headerless encodings: bytes per sample, and what libsndfile calls those that it knows.
PCM_WIDTHS = {"pcm_s16le": 2, "pcm_s32le": 4, "pcm_f16le": 2, "pcm_f32le": 4, "pcm_mulaw": 1, "pcm_alaw": 1}
PCM_SUBTYPES = {
    "pcm_s16le": "PCM_16",
    "pcm_s32le": "PCM_32",
    "pcm_f32le": "FLOAT",
    "pcm_mulaw": "ULAW",
    "pcm_alaw": "ALAW",
}

# Samples per second, and blocks of shape (n,) or (n, channels).
Sound = tuple[int, Iterator[npt.NDArray[Any]]]


def read_recording(upload: Upload, longest: float = LONGEST_SECONDS, rate: int = RATE) -> Samples:
    """Return a whole recording of at most ``longest`` seconds, with ``rate`` samples per second.

    Raises
    ------
    ApiError
        400, if it is no audio, is cut short, empty or too long; the message says which.
    """
    samples: Samples = np.concatenate(list(recording_blocks(upload, longest, rate)))
    if not len(samples):
        raise invalid("The recording is empty.")
    return samples


def recording_blocks(upload: Upload, longest: float, rate: int = RATE) -> Iterator[Samples]:
    """Decode a recording as it is asked for, so that a long one needs no more memory than a short one.

    The content decides what format it is; names and content types may lie. What is beyond full scale is
    clipped, as players do.

    Raises
    ------
    ApiError
        As `read_recording`, when the place is reached.
    """
    upload.content.seek(0)
    start = upload.content.read(16)
    upload.content.seek(0)
    if start.startswith(WEBM) or start[4:8] == MP4:
        return resampled(_media_file(upload), longest, rate)
    is_mp3 = len(start) > 1 and start[0] == 0xFF and start[1] & 0xE0 == 0xE0
    if is_mp3 or start.startswith(SOUND_FILES):
        return resampled(_sound_file(upload), longest, rate)
    raise _unsupported(f"{upload.name} is not audio that the sandbox can read. It reads {FORMATS}.")


def pcm_blocks(upload: Upload, encoding: str, rate: int, longest: float) -> Iterator[Samples]:
    """Decode samples that come without a header, one channel of them, as `recording_blocks` does."""
    _check_rate(rate)
    if upload.size % PCM_WIDTHS[encoding]:
        raise invalid(f"{upload.name} does not hold whole samples of {encoding}.")
    upload.content.seek(0)
    return resampled((rate, _pcm_parts(upload.content, encoding, rate)), longest)


def _pcm_parts(content: BinaryIO, encoding: str, rate: int) -> Iterator[npt.NDArray[Any]]:
    if encoding == "pcm_f16le":
        while data := content.read(2 * BLOCK):
            yield np.frombuffer(data, "<f2").astype(np.float32)
        return
    file = soundfile.SoundFile(
        content,
        samplerate=rate,
        channels=1,
        format="RAW",
        subtype=PCM_SUBTYPES[encoding],
        endian="LITTLE",
    )
    with file:
        yield from file.blocks(BLOCK, dtype="float32")


def resampled(sound: Sound, longest: float, rate: int = RATE) -> Iterator[Samples]:
    """Bring sound to one channel and a sample rate; refuse what is empty or over ``longest`` seconds."""
    own_rate, blocks = sound
    stream = soxr.ResampleStream(own_rate, rate, 1)
    length = 0
    for block in blocks:
        length += len(block)
        if length > longest * own_rate:
            raise invalid(f"The recording is longer than the sandbox's limit of {longest:g} seconds.")
        mono = block if block.ndim == 1 else block.mean(axis=1)
        if not np.isfinite(mono).all():
            raise invalid("The recording has values in it that are not numbers.")
        yield stream.resample_chunk(np.clip(mono, -1, 1).astype(np.float32))
    if not length:
        raise invalid("The recording is empty.")
    yield stream.resample_chunk(np.zeros(0, np.float32), last=True)


def _sound_file(upload: Upload) -> Sound:
    check_wav(upload.content, upload.size)
    upload.content.seek(0)
    try:
        file = soundfile.SoundFile(upload.content)
    except soundfile.LibsndfileError as error:
        raise _unsupported(f"{upload.name} is damaged, or not audio: {error.error_string}") from error
    _check_rate(file.samplerate)
    return file.samplerate, _sound_file_blocks(file)


def _sound_file_blocks(file: soundfile.SoundFile) -> Iterator[npt.NDArray[Any]]:
    length = 0
    with file:
        while True:
            try:
                block = file.read(BLOCK // file.channels, dtype="float32")
            except soundfile.LibsndfileError as error:
                raise invalid(f"The recording is damaged or cut short: {error.error_string}") from error
            if not len(block):
                break
            length += len(block)
            yield block
        if length < file.frames:
            raise invalid(
                f"The recording is cut short: it has {length} samples of the {file.frames} that it promises."
            )


def _media_file(upload: Upload) -> Sound:
    if find_spec("av") is None:
        raise _unsupported(
            f'{upload.name} is an m4a, mp4 or webm file: to read these, pip install "cartesia_nb[media]"'
        )
    return RATE, _media_blocks(upload.content)


def _media_blocks(content: BinaryIO) -> Iterator[npt.NDArray[Any]]:
    # Not an import statement: the package is optional for those who check types, too.
    av: Any = import_module("av")
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    try:
        with av.open(content, "r") as container:
            if not container.streams.audio:
                raise invalid("The file has no sound in it.")
            for frame in container.decode(audio=0):
                yield from (part.to_ndarray()[0] for part in resampler.resample(frame))
            yield from (part.to_ndarray()[0] for part in resampler.resample(None))
    except av.FFmpegError as error:
        raise invalid(f"The recording is damaged or cut short: {error.strerror}") from error


def _check_rate(rate: int) -> None:
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise invalid(f"The sample rate must be from {LOWEST_RATE} to {HIGHEST_RATE}, not {rate}.")


def _unsupported(message: str) -> ApiError:
    return invalid(message, "unsupported_audio_format")
