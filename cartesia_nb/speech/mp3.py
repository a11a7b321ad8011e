"""MP3 frames: whether the last one is whole."""

from __future__ import annotations

from cartesia_nb.wire.errors import BadAnswer, IncompleteBody, looks_like

# kbit/s by the index in a frame's header, for layer III of MPEG 1, and of MPEG 2 and 2.5.
KBITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
KBITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
# Hz by the version bits and the index.
RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
LAYER_III = 1
#: How what may follow the frames begins.
TAGS = (b"TAG", b"APETAGEX", b"ID3", b"3DI", b"LYRICSBEGIN")


def check_frames(data: bytes) -> None:
    """Walk over the frames of an MP3 file.

    Raises
    ------
    BadAnswer
        If it does not begin with a frame.
    IncompleteBody
        If it ends inside of one; a cut between two frames cannot be seen.
    """
    at = start = _after_tag(data)
    while length := _frame_length(data, at):
        if at + length > len(data):
            raise IncompleteBody(
                f"the MP3 ends inside of a frame: {len(data)} bytes came (.partial).", partial=data
            )
        at += length
    if at == start:
        raise BadAnswer(f"the answer has no MP3 frame in it; it looks like {looks_like(data)}.")
    # What follows the frames may be a tag, or zeros; all else is a cut.
    if not data[at:].startswith(TAGS) and data[at:].strip(b"\0"):
        raise IncompleteBody(
            f"the MP3 ends with {len(data) - at} bytes that are no frame (.partial).", partial=data
        )


def _after_tag(data: bytes) -> int:
    """Return where the frames begin: after an ID3 tag, whose length has 7 bits a byte."""
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    length = 0
    for byte in data[6:10]:
        length = length << 7 | byte & 0x7F
    return 10 + length


def _frame_length(data: bytes, at: int) -> int:
    """Return the length of the frame that begins here, in bytes; 0 where none does."""
    header = data[at : at + 4]
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return 0
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    kbits, rate, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if version not in RATES or layer != LAYER_III or not 0 < kbits < 15 or rate == 3:
        return 0
    first = version == 3
    bits = (KBITS_1 if first else KBITS_2)[kbits] * 1000
    return (144 if first else 72) * bits // RATES[version][rate] + padding
