"""Streams of JSON messages, in both ways that the API frames them.

Newer versions send events (``data: {...}`` and an empty line), the earliest a JSON object on each line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from cartesia_nb.wire.errors import BadAnswer, instead_of_json, looks_like

LINE_END = re.compile(rb"\r\n|\n|\r")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
#: Some clients of the API take this line for the end; it carries no message.
END_MARK = b"[DONE]"


class EventReader:
    r"""Turns blocks of bytes, cut anywhere, into messages.

    Examples
    --------
    >>> reader = EventReader()
    >>> list(reader.feed(b'data: {"type": "do')), list(reader.feed(b'ne"}\n\n'))
    ([], [{'type': 'done'}])
    """

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[bytes] = []
        self._begun = self._half = False

    @property
    def inside(self) -> bool:
        """Whether what came so far ends inside a message."""
        return bool(self._rest.strip() or self._data)

    def feed(self, block: bytes) -> Iterator[dict[str, Any]]:
        """Take a block, and yield the messages that are complete with it.

        Raises
        ------
        BadAnswer
            If a message is not a JSON object.
        """
        # The second half of a line's end may come with the next block.
        self._rest += block.removeprefix(b"\n") if self._half else block
        self._half = block.endswith(b"\r")
        if not self._begun and len(self._rest) >= len(BYTE_ORDER_MARK):
            self._rest, self._begun = self._rest.removeprefix(BYTE_ORDER_MARK), True
        *lines, self._rest = LINE_END.split(self._rest)
        for line in lines:
            yield from self._line(line)

    def _line(self, line: bytes) -> Iterator[dict[str, Any]]:
        name, colon, value = line.partition(b":")
        if name == b"data":
            self._data.append(value.removeprefix(b" "))
        elif not line.strip():
            yield from self._dispatch()
        elif not colon or line.startswith((b"{", b"[", b"<")):
            self._data.append(line)
            yield from self._dispatch()
        # What is left are comments and fields without a message: event, id, retry.

    def _dispatch(self) -> Iterator[dict[str, Any]]:
        text, self._data = b"\n".join(self._data).strip(), []
        if not text or text == END_MARK:
            return
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            raise _no_message(instead_of_json(text)) from None
        if not isinstance(message, dict):
            raise _no_message(looks_like(text))
        yield message


def _no_message(found: str) -> BadAnswer:
    return BadAnswer(f"the stream has {found} where a JSON object should be.")
