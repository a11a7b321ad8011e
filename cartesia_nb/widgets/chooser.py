"""A button that chooses a file of the person's own computer, which a kernel elsewhere cannot open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from anywidget import AnyWidget

from cartesia_nb.widgets.modules import script

#: In bytes: what comes through the page is kept in memory.
LARGEST = 200_000_000


class Chooser(AnyWidget):
    """A button for a file, which may also be dropped anywhere on the form that it stands in.

    The file comes in parts, as binary messages: none is synced, none is saved with the notebook, and files
    of any size arrive (ipywidgets' FileUpload loses those over 10 MiB).

    Parameters
    ----------
    chosen : callable
        Gets the name and the content.
    refused : callable
        Gets the reason why not.
    """

    _esm = script("chooser.js")

    def __init__(self, chosen: Callable[[str, bytes], None], refused: Callable[[str], None]) -> None:
        self._chosen, self._refused = chosen, refused
        # The file on its way, by the id that its page gave it.
        self._id = ""
        self._parts: list[bytes] = []
        super().__init__()
        self.on_msg(self._take)

    def _take(self, _: AnyWidget, message: Mapping[str, Any], buffers: list[memoryview]) -> None:
        """Take a part; the page sends the next one when it is told how much has come."""
        if "wrong" in message:
            self._refused(message["wrong"])
            return
        if message["size"] > LARGEST:
            self._refused(f"The file is over {LARGEST // 1_000_000} MB: give its path.")
            return
        if message["start"] == 0:
            self._id, self._parts = message["id"], []
        if message["id"] != self._id:  # another file was chosen since: no more is wanted of this one
            self.send({"id": message["id"], "come": message["size"]})
            return
        self._parts.append(bytes(buffers[0]))
        come = sum(map(len, self._parts))
        self.send({"id": message["id"], "come": come})
        if come == message["size"]:
            content, self._parts = b"".join(self._parts), []
            self._chosen(message["name"], content)
