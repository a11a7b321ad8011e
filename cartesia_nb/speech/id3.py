"""Tags in MP3 files: ID3v2.4, before the first frame of sound."""

from __future__ import annotations

from collections.abc import Iterator

from cartesia_nb.speech.mp3 import after_tag, sevens
from cartesia_nb.speech.tags import NAME, Tags

VERSION = b"\x04\x00"
NO_FLAGS = b"\0"
HEADER = 10
UTF_8 = b"\x03"
#: What begins our own frames, so that they are not taken for another program's.
OWNER = NAME.encode() + b"\0"


def with_tag(data: bytes, tags: Tags) -> bytes:
    """Return an MP3 file with tags, and the same frames of sound.

    There is one tag, since not every player finds the sound behind two. One that was there before is
    kept inside of ours, so that `without_tag` gives the file back as it was.
    """
    data, _ = without_tag(data)
    sound_at = after_tag(data)
    content = b"".join(
        (
            _frame(b"TIT2", UTF_8 + tags.title.encode()) if tags.title else b"",
            _frame(b"TSSE", UTF_8 + tags.software.encode()),
            _frame(b"TXXX", UTF_8 + OWNER + tags.comment.encode()),
            _frame(b"PRIV", OWNER + data[:sound_at]) if sound_at else b"",
        )
    )
    return b"ID3" + VERSION + NO_FLAGS + _in_sevens(len(content)) + content + data[sound_at:]


def without_tag(data: bytes) -> tuple[bytes, str | None]:
    """Return an MP3 file as it was before `with_tag`, and the comment; None if that has not been."""
    sound_at = after_tag(data)
    comment, before = None, b""
    for name, content in _frames(data[:sound_at]):
        if name == b"TXXX" and content[1:].startswith(OWNER):
            comment = content[1 + len(OWNER) :].rstrip(b"\0").decode("ascii", "replace")
        elif name == b"PRIV" and content.startswith(OWNER):
            before = content.removeprefix(OWNER)
    if comment is None or sound_at > len(data):
        return data, None
    # Anybody may have written it: nothing but a tag stands before the sound.
    return (before if after_tag(before) == len(before) else b"") + data[sound_at:], comment


def _frames(tag: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Go through the frames of a tag of our version: name and content."""
    at = HEADER if tag[3:5] == VERSION else len(tag)
    while at + HEADER <= len(tag) and tag[at]:
        size = sevens(tag[at + 4 : at + 8])
        yield tag[at : at + 4], tag[at + HEADER : at + HEADER + size]
        at += HEADER + size


def _frame(name: bytes, content: bytes) -> bytes:
    return name + _in_sevens(len(content)) + b"\0\0" + content


def _in_sevens(length: int) -> bytes:
    """Return a length as `sevens` reads it."""
    return bytes(length >> shift & 0x7F for shift in (21, 14, 7, 0))
