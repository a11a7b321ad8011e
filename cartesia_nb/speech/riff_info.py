"""Tags in WAV files: a LIST chunk of the kind INFO, right before the samples."""

from __future__ import annotations

import struct

from cartesia_nb.speech.tags import MARK, Tags
from cartesia_nb.speech.wav import chunk, chunks, is_streamed, length_field
from cartesia_nb.wire.errors import BadAnswer

#: The comment is the first of our texts; before it stand its name and its length.
BEGINNING, COMMENT_AT = b"INFOICMT", 12
HEADER = 8


def with_info(data: bytes, tags: Tags) -> bytes:
    """Return a WAV file with tags, and else as it is.

    They stand before the samples, since those of a streamed file have no end that another chunk could
    follow. What other programs wrote stays where it is.

    Raises
    ------
    BadAnswer
        If it is no WAV file, or has no samples.
    InputError
        If it would be larger than 4 GB.
    """
    data, _ = without_info(data)
    texts = ((b"ICMT", tags.comment), (b"INAM", tags.title), (b"ISFT", tags.software))
    info = b"".join(chunk(name, text.encode() + b"\0") for name, text in texts if text)
    for name, start, _ in chunks(data):
        if name == b"data":
            return _replaced(data, start - HEADER, start - HEADER, chunk(b"LIST", b"INFO" + info))
    raise BadAnswer("the WAV file has no samples.")


def without_info(data: bytes) -> tuple[bytes, str | None]:
    """Return a WAV file as it was before `with_info`, and the comment; None if that has not been.

    Raises
    ------
    BadAnswer
        If it is no WAV file.
    """
    for name, start, length in chunks(data):
        if name == b"data":
            break
        info = data[start : start + length] if name == b"LIST" else b""
        if info.startswith(BEGINNING) and info.startswith(MARK.encode(), COMMENT_AT):
            (size,) = struct.unpack_from("<I", info, COMMENT_AT - 4)
            comment = info[COMMENT_AT : COMMENT_AT + size].rstrip(b"\0").decode("ascii", "replace")
            return _replaced(data, start - HEADER, start + length, b""), comment
    return data, None


def _replaced(data: bytes, start: int, end: int, new: bytes) -> bytes:
    """Return a file with something else between two places; its header counts it, if it counts at all."""
    (length,) = struct.unpack_from("<I", data, 4)
    header = data[4:8]
    if not is_streamed(length) or length == len(data) - HEADER:
        header = length_field(max(0, length + len(new) - (end - start)))
    return b"".join((data[:4], header, data[8:start], new, data[end:]))
