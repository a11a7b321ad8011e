"""Forms with files in them, as a stream: what is sent is never in memory as a whole."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import BinaryIO, NamedTuple

from urllib3.fields import RequestField

from cartesia_nb.wire.errors import InputError

BLOCK = 1 << 16


class File(NamedTuple):
    """A file to send: `size` bytes of `content`, from where it stands now, with the hash that they have."""

    name: str
    content_type: str
    content: BinaryIO
    size: int
    sha256: str


class Multipart:
    """A multipart/form-data body of known length, read block by block, each time from its beginning.

    Parameters
    ----------
    texts : sequence of (str, str)
        Names and values; a name may come more than once.
    files : sequence of (str, File)
        Names and files.

    Attributes
    ----------
    fields : list of (str, str)
        The texts.
    hashes : dict
        The SHA-256 of each file, by its name in the form.

    Raises
    ------
    InputError
        If a text cannot be sent.
    """

    def __init__(self, texts: Sequence[tuple[str, str]], files: Sequence[tuple[str, File]]) -> None:
        self.fields, self.hashes = list(texts), {name: file.sha256 for name, file in files}
        boundary = secrets.token_hex(16)
        self.content_type = f"multipart/form-data; boundary={boundary}"
        opening = f"--{boundary}\r\n".encode()
        self._pieces = [_Piece.of(opening + _head(name) + _encoded(name, text)) for name, text in texts]
        for name, file in files:
            self._pieces.append(_Piece.of(opening + _head(name, file)))
            self._pieces.append(_Piece(file.content, file.content.tell(), file.size))
            self._pieces.append(_Piece.of(b"\r\n"))
        self._pieces.append(_Piece.of(f"--{boundary}--\r\n".encode()))

    def __len__(self) -> int:
        return sum(piece.size for piece in self._pieces)

    def __iter__(self) -> Iterator[bytes]:
        return chain.from_iterable(piece.blocks() for piece in self._pieces)


class _Piece(NamedTuple):
    content: BinaryIO
    start: int
    size: int

    @classmethod
    def of(cls, data: bytes) -> _Piece:
        return cls(io.BytesIO(data), 0, len(data))

    def blocks(self) -> Iterator[bytes]:
        self.content.seek(self.start)
        left = self.size
        while left:
            try:
                block = self.content.read(min(left, BLOCK))
            except OSError as error:
                raise InputError(f"a file could not be read while it was being sent: {error}.") from None
            if not block:
                raise InputError("a file became shorter while it was being sent.", advice="Send it again.")
            left -= len(block)
            yield block


def _head(name: str, file: File | None = None) -> bytes:
    field = RequestField(name, b"", filename=file.name if file else None)
    field.make_multipart(content_type=file.content_type if file else None)
    return field.render_headers().encode(errors="replace")


def _encoded(name: str, text: str) -> bytes:
    try:
        return text.encode() + b"\r\n"
    except UnicodeEncodeError:
        raise InputError(f"{name} has half of a character in it (a lone surrogate).") from None
