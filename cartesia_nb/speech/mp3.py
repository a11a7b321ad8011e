"""MP3 frames: how the first one is written, and whether the last one is whole."""

from __future__ import annotations

from typing import NamedTuple

from cartesia_nb.wire.errors import BadAnswer, IncompleteBody, looks_like

# kbit/s by the index in a frame's header, for layer III of MPEG 1, and of MPEG 2 and 2.5.
KBITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
KBITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
# Hz by the version bits and the index.
RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
LAYER_III = 1
#: How what may follow the frames begins.
TAGS = (b"TAG", b"APETAGEX", b"ID3", b"3DI", b"LYRICSBEGIN")


class Frame(NamedTuple):
    """What the header of a frame says: its length in bytes, Hz, and bit/s."""

    length: int
    sample_rate: int
    bit_rate: int


def check_frames(data: bytes) -> Frame:
    """Walk over the frames of an MP3 file.

    Returns
    -------
    Frame
        The first one.

    Raises
    ------
    BadAnswer
        If it does not begin with a frame.
    IncompleteBody
        If it ends inside of one; a cut between two frames cannot be seen.
    """
    at = after_tag(data)
    if data and at >= len(data):
        raise IncompleteBody("the MP3 ends inside of its tag.", partial=data)
    first = frame = _frame(data, at)
    while frame:
        if at + frame.length > len(data):
            raise IncompleteBody(
                f"the MP3 ends inside of a frame: {len(data)} bytes came (.partial).", partial=data
            )
        at += frame.length
        frame = _frame(data, at)
    if first is None:
        raise BadAnswer(f"the answer has no MP3 frame in it; it looks like {looks_like(data)}.")
    # What follows the frames may be a tag, or zeros; all else is a cut.
    if not data[at:].startswith(TAGS) and data[at:].strip(b"\0"):
        raise IncompleteBody(
            f"the MP3 ends with {len(data) - at} bytes that are no frame (.partial).", partial=data
        )
    return first


def after_tag(data: bytes) -> int:
    """Return where the frames begin: after an ID3 tag, if there is one."""
    return 10 + sevens(data[6:10]) if data[:3] == b"ID3" and len(data) >= 10 else 0


def sevens(field: bytes) -> int:
    """Return a length as ID3 tells it: 7 bits a byte."""
    length = 0
    for byte in field:
        length = length << 7 | byte & 0x7F
    return length


def _frame(data: bytes, at: int) -> Frame | None:
    """Return the frame that begins here; None where none does."""
    header = data[at : at + 4]
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    kbits, rate, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if version not in RATES or layer != LAYER_III or not 0 < kbits < 15 or rate == 3:
        return None
    first = version == 3
    bit_rate, sample_rate = (KBITS_1 if first else KBITS_2)[kbits] * 1000, RATES[version][rate]
    return Frame((144 if first else 72) * bit_rate // sample_rate + padding, sample_rate, bit_rate)
