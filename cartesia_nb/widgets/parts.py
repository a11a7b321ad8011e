"""Bytes on their way to a page: as buffers of messages, none of which is too large to arrive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anywidget import AnyWidget

# Jupyter servers lose messages over 10 MiB; smaller ones also let others pass in between.
PART = 500_000


def send_parts(widget: AnyWidget, contents: Mapping[str, bytes], message: Mapping[str, Any]) -> None:
    """Answer a page that asks for one of `contents` (``static/parts.js``); leave other messages alone."""
    content = contents.get(message.get("send", ""))
    if content is None:
        return
    starts = range(0, len(content), PART) or [0]
    for start in starts:
        widget.send({"id": message["id"], "parts": len(starts)}, [content[start : start + PART]])
