"""What a WAV file says of its own length."""

import struct
from typing import BinaryIO

from cartesia_nb.sandbox.errors import invalid

# Lengths that mean "until the end": who wrote the header did not know the length yet.
STREAMED = (0, 0x7FFFFFFF, 0xFFFFFFFF)
HEADER, CHUNK_HEADER = 12, 8


def check_wav(content: BinaryIO, size: int) -> None:
    """Refuse a WAV file that promises more sound than came; other files pass.

    A streamed file with length 0 is given the length 0xFFFFFFFF in place, as the decoder would find
    nothing in it.
    """
    content.seek(0)
    if not content.read(HEADER).startswith(b"RIFF"):
        return
    at = HEADER
    while at + CHUNK_HEADER <= size:
        content.seek(at)
        name, length = struct.unpack("<4sI", content.read(CHUNK_HEADER))
        at += CHUNK_HEADER
        if name == b"data":
            came = size - at
            if length not in STREAMED and length > came:
                raise invalid(
                    f"The recording is cut short: it has {came} bytes of the {length} that it promises."
                )
            if length == 0 and came:
                content.seek(at - 4)
                content.write(struct.pack("<I", 0xFFFFFFFF))
            return
        at += length + length % 2
