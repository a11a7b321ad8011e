"""The page of the explorer: what a browser shows of it, and what a person does there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from anywidget import AnyWidget
from traitlets import Dict, Enum, List, Unicode

from cartesia_nb.speech.speech import Speech
from cartesia_nb.widgets.modules import script, style
from cartesia_nb.widgets.parts import send_parts

SENTENCE = "Hello! This is what I sound like."

#: What a page shows before anything has happened. `turn` counts what has ended, well or not.
BLANK: dict[str, Any] = {
    "stage": {"at": "loading", "message": "Loading voices"},
    "work": None,
    "trouble": None,
    "heard": None,
    "booth": None,
    "usual": None,
    "turn": 0,
}


class ExplorerPage(AnyWidget):
    """The list of voices and all around it; `Explorer` has one.

    Parameters
    ----------
    acts : mapping
        What a person can do, by name: each gets the message of the page.
    """

    _esm = script("explorer/explorer.js")
    _css = style("explorer/explorer.css")

    # Voices and sounds go in messages when a page asks for them: what is synced is saved with notebooks.
    shown = Dict(BLANK).tag(sync=True)
    voice = Unicode(None, allow_none=True).tag(sync=True)
    marked = List(Unicode()).tag(sync=True)
    hears = Enum(["preview", "sentence"], "preview").tag(sync=True)
    text = Unicode(SENTENCE).tag(sync=True)

    def __init__(self, acts: Mapping[str, Callable[[Mapping[str, Any]], object]]) -> None:
        self.contents: dict[str, bytes] = {}
        self._acts = acts
        self._lock = threading.RLock()
        super().__init__()
        self.on_msg(self._react)

    def show(self, **changes: Any) -> None:
        """Change what the page shows; from any thread."""
        with self._lock:
            self.shown = {**self.shown, **changes}

    def end_turn(self, **changes: Any) -> None:
        """Change what the page shows at the end of what it waits for."""
        with self._lock:
            self.show(turn=self.shown["turn"] + 1, **changes)

    def offer(self, speech: Speech) -> str:
        """Return the name by which a page can ask for a speech; it says nothing about the voice."""
        extension = ".mp3" if speech.output_format.container == "mp3" else ".wav"
        with self._lock:
            name = f"take-{len(self.contents)}{extension}"
            self.contents[name] = speech.as_file(extension)
        return name

    def _react(self, _: object, message: Mapping[str, Any], __: object) -> None:
        send_parts(self, self.contents, message)
        act = self._acts.get(message.get("do", ""))
        if act is not None:
            act(message)
