"""Ogg pages: whether the last one is there."""

from __future__ import annotations

from cartesia_nb.wire.errors import IncompleteBody

MARK, HEADER = b"OggS", 27
#: The bit of a page's header that says that it is the last one of its stream.
LAST = 0x04


def check_pages(data: bytes) -> None:
    """Walk over the pages of an Ogg file.

    Raises
    ------
    IncompleteBody
        If it ends inside of one, or before the last one.
    """
    at, flags = 0, 0
    while data.startswith(MARK, at) and at + HEADER <= len(data):
        flags, segments = data[at + 5], data[at + 26]
        at += HEADER + segments + sum(data[at + HEADER : at + HEADER + segments])
    if at > len(data) or not flags & LAST:
        raise IncompleteBody("the Ogg file ends before its last page.", partial=data)
