"""Audio to send, however it is given: a path, bytes, a file object, a Speech, or samples."""

from __future__ import annotations

import hashlib
import io
import mimetypes
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.multipart import BLOCK, File
from cartesia_nb.wire.options import is_whole

# How a file begins, from which byte on -> the usual extension of such files.
SIGNATURES = (
    (0, b"RIFF", ".wav"),
    (0, b"ID3", ".mp3"),
    (0, b"\xff\xfb", ".mp3"),
    (0, b"\xff\xf3", ".mp3"),
    (0, b"\xff\xf2", ".mp3"),
    (0, b"fLaC", ".flac"),
    (0, b"OggS", ".ogg"),
    (0, b"\x1aE\xdf\xa3", ".webm"),
    (4, b"ftyp", ".m4a"),
)
#: The extensions of sound files, and what such a file is called in a form.
CONTENT_TYPES = {
    ".aac": "audio/aac",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".mp4": "audio/mp4",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".webm": "audio/webm",
}
UNKNOWN_TYPE = "application/octet-stream"
MOST_CHANNELS = 16
#: Bits of the integer types that samples come in; 8-bit ones have their zero at 128.
INTEGER_DEPTHS = {"uint8": 8, "int16": 16, "int32": 32}
WAYS = "Give a path, bytes, a file opened with 'rb', a Speech, or (samples, sample_rate)."


@dataclass(frozen=True)
class Upload:
    """Audio that is ready to be sent.

    Attributes
    ----------
    file : File
        The form's file.
    seconds : float or None
        How long it is; None where that cannot be read from it.
    """

    file: File
    seconds: float | None

    @property
    def provenance(self) -> dict[str, Any]:
        """What is remembered of it."""
        return {"name": self.file.name, "bytes": self.file.size, "sha256": self.file.sha256}


@contextmanager
def opened(given: Any, argument: str) -> Iterator[Upload]:
    """Open what is to be uploaded.

    Parameters
    ----------
    given : path, bytes, file object, Speech or (samples, sample_rate)
        A file object is sent from where it stands. Samples are numbers between -1 and 1, or integers,
        shape (n,) or (n, channels); they are sent as 16-bit WAV.
    argument : str
        What the upload is called, for error texts.

    Raises
    ------
    InputError
        If there is nothing to send, or it is something else.
    """
    if isinstance(given, str | os.PathLike):
        with _path(given, argument).open("rb") as content:
            yield _upload(_untagged(content), Path(given).name, argument)
    elif hasattr(given, "read"):
        with _seekable(given, argument) as content:
            yield _upload(content, _name_of(given), argument)
    else:
        yield _upload(io.BytesIO(_bytes(given, argument)), "", argument)


def _path(given: str | os.PathLike[str], argument: str) -> Path:
    try:
        path = Path(given).expanduser()
        found = path.is_file()
    except (TypeError, ValueError, RuntimeError, OSError):
        raise InputError(f"{argument} cannot be {given!r}: that is no path of a file.") from None
    if not found:
        reason = "it is a folder" if path.is_dir() else "there is no such file"
        raise InputError(f"{argument} cannot be {str(given)!r}: {reason}.", advice=f"Here is {Path.cwd()}.")
    if not os.access(path, os.R_OK):
        raise InputError(f"{argument} cannot be {str(given)!r}: the file must not be read.")
    return path


@contextmanager
def _seekable(given: Any, argument: str) -> Iterator[BinaryIO]:
    """Return a file object that can be read again; one that cannot is copied to the disk first."""
    try:
        beginning, seekable = given.read(0), given.seekable()
    except (AttributeError, OSError, TypeError, ValueError):
        raise InputError(f"{argument} is a file that cannot be read.", advice="Open it with 'rb'.") from None
    if not isinstance(beginning, bytes):
        raise InputError(f"{argument} is a file of text.", advice="Open it with 'rb'.")
    if seekable:
        yield given
        return
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(given, copy)
        copy.seek(0)
        yield copy


def _bytes(given: Any, argument: str) -> bytes:
    from IPython.display import Audio

    from cartesia_nb.speech.speech import Speech  # imports soundfile

    if isinstance(given, bytes | bytearray | memoryview):
        return bytes(given)
    if isinstance(given, Speech):
        return given.as_file(".wav") if given.output_format.container == "raw" else bytes(given.data)
    if isinstance(given, Audio) and isinstance(given.data, bytes):
        return given.data
    if isinstance(given, tuple) and len(given) == 2:
        return _wav(*given, argument)
    raise InputError(f"{argument} cannot be {type(given).__name__}.", advice=WAYS)


def _wav(samples: Any, sample_rate: Any, argument: str) -> bytes:
    import numpy as np

    from cartesia_nb.speech.codecs import encode

    if not is_whole(sample_rate) or not 1000 <= sample_rate <= 384_000:
        raise InputError(
            f"{argument}: {sample_rate!r} is no sample rate.", advice="Give (samples, sample_rate)."
        )
    try:
        array = np.asarray(samples)
    except ValueError:  # rows of different lengths
        array = np.empty(0)
    if array.ndim not in (1, 2) or array.dtype.kind not in "iuf" or not array.size:
        raise InputError(f"{argument}: samples are numbers of shape (n,) or (n, channels).")
    if array.ndim == 2 and array.shape[1] > MOST_CHANNELS:
        raise InputError(f"{argument}: samples have the shape (n, channels), not {array.shape}.")
    if array.dtype.kind in "iu":
        array = _from_integers(array, argument)
    if not np.isfinite(array).all():
        raise InputError(f"{argument}: some of the samples are not numbers.")
    highest = float(np.abs(array).max())
    if highest > 1:
        raise InputError(
            f"{argument}: samples go from -1 to 1, but one is {highest:g}.", advice="Divide them first."
        )
    return encode(array.astype(np.float32), int(sample_rate), ".wav")


def _from_integers(array: Any, argument: str) -> Any:
    """Return integer samples as numbers between -1 and 1, by the depth that their type says."""
    depth = INTEGER_DEPTHS.get(array.dtype.name)
    # Wide types often hold narrower samples: at their own depth, those would be silence.
    if depth is None or (depth == 32 and abs(array).max() < 1 << 16):
        raise InputError(
            f"{argument}: how loud samples of type {array.dtype} are cannot be known.",
            advice="Give them as int16 (samples.astype('int16')), or between -1 and 1.",
        )
    return (array - 128.0 if depth == 8 else array) / 2.0 ** (depth - 1)


def _untagged(content: BinaryIO) -> BinaryIO:
    """Return a WAV or MP3 file without what `Speech.save` embeds in it.

    How it was made differs from run to run, and is nobody's business but the file's: the same sound is the
    same upload.
    """
    from cartesia_nb.speech.id3 import without_tag  # imports soundfile
    from cartesia_nb.speech.riff_info import without_info
    from cartesia_nb.speech.tags import MARK

    beginning = content.read(BLOCK)
    content.seek(0)
    if MARK.encode() not in beginning:
        return content
    without = {".wav": without_info, ".mp3": without_tag}.get(_extension(beginning))
    return io.BytesIO(without(content.read())[0]) if without else content


def _upload(content: BinaryIO, name: str, argument: str) -> Upload:
    start = content.tell()
    size = content.seek(0, os.SEEK_END) - start
    if size <= 0:
        raise InputError(f"{argument} is empty.", advice="A file object is sent from where it stands.")
    content.seek(start)
    beginning = content.read(16)
    content.seek(start)
    sha256 = hashlib.sha256()
    while block := content.read(BLOCK):
        sha256.update(block)
    content.seek(start)
    extension = _extension(beginning) or Path(name).suffix.lower()
    kind = CONTENT_TYPES.get(extension) or mimetypes.guess_type(name)[0] or UNKNOWN_TYPE
    seconds = _seconds(content) if start == 0 else None
    content.seek(start)
    file = File(name or f"audio{extension}", kind, content, size, sha256.hexdigest())
    return Upload(file, seconds)


def _extension(beginning: bytes) -> str:
    return next((kind for at, mark, kind in SIGNATURES if beginning[at:].startswith(mark)), "")


def _seconds(content: BinaryIO) -> float | None:
    import soundfile

    try:
        duration = float(soundfile.info(content).duration)
    except (soundfile.LibsndfileError, RuntimeError):  # not audio, or a kind that only others can read
        return None
    # A header that was written before its length was known says 0.
    return duration or None


def _name_of(file: Any) -> str:
    name = getattr(file, "name", "")
    return Path(name).name if isinstance(name, str) else ""
