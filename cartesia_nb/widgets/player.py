"""The player: a waveform with its words, by mouse, keyboard or screen reader."""

from __future__ import annotations

import json
import re
import secrets
from typing import Any

from anywidget import AnyWidget
from IPython.display import display as show
from traitlets import Float, Tuple, validate

from cartesia_nb.speech import display
from cartesia_nb.speech.caption import facts
from cartesia_nb.speech.speech import Speech
from cartesia_nb.speech.tags import output_metadata
from cartesia_nb.widgets.modules import script, style
from cartesia_nb.widgets.parts import send_parts
from cartesia_nb.wire.errors import InputError

#: What is larger than this, in bytes, plays as a small copy; only the download has it as it is.
LARGEST = 8_000_000

# What stays of a player in a saved notebook. It is an output of its own, since JupyterLab would rather
# show "model not found" than the other forms of an output that also is a widget. Each of the two hides the
# other: a player that has its sound this one (static/player.js), and this one what is no such player.
COPY = """<div data-copy-of="{player}"><style>
.jp-OutputArea-child:not(:has(.cartesia-live)):has(+ * > .jp-OutputArea-output > [data-copy-of="{player}"])
{{ display: none }}</style>{speech}</div>"""


class Player(AnyWidget):
    """A player of one speech; `player` makes it.

    Its waveform is as high as the speech is loud. A click on a word, or a drag in the waveform, moves
    to that time. Dragged with Shift, or while Loop is pressed, a region is chosen and plays again and
    again. The keys are: space (play, pause), left and right (a second; with Shift, a word), Home, End,
    I and O (the region begins, ends here), L (loop), Escape (no region).

    Attributes
    ----------
    speech : Speech
        What it plays.
    position : float
        Where it stands, in seconds, read-only: where it was last paused or moved to.
    selection : (float, float) or None
        The region, from start to end in seconds; it can be set from Python, too.

    Examples
    --------
    >>> import cartesia_nb
    >>> shown = player(cartesia_nb.connect().tts.bytes("Hello!"))
    >>> shown.selection = (0.1, 0.4)
    >>> round(shown.speech[slice(*shown.selection)].duration, 2)
    0.3
    """

    _esm = script("player.js")
    _css = style("player.css")

    # All else goes in messages when a page asks for it: what is synced is saved with notebooks.
    position = Float(0.0, read_only=True).tag(sync=True)
    selection = Tuple(Float(), Float(), default_value=None, allow_none=True).tag(sync=True)

    def __init__(self, speech: Speech) -> None:
        if not isinstance(speech, Speech):
            raise InputError(
                f"a player plays a Speech, not {type(speech).__name__}.",
                advice='Make one, as with connect().tts.bytes("Hello!").',
            )
        self.speech = speech
        self._id = secrets.token_hex(8)
        self._contents = contents(speech, self._id)
        super().__init__()
        self.on_msg(lambda _, message, __: send_parts(self, self._contents, message))

    @validate("selection")
    def _inside(self, proposal: dict[str, Any]) -> tuple[float, float] | None:
        region: tuple[float, float] | None = proposal["value"]
        if region and not 0 <= region[0] < region[1] <= self.speech.duration:
            raise InputError(
                f"a selection is (start, end) in seconds, not {region}.",
                advice=f"The speech lasts {self.speech.duration:g} seconds.",
            )
        return region

    def __repr__(self) -> str:
        return f"Player({self.speech!r})"

    def _repr_html_(self) -> str:
        return display.html(self.speech)

    def _ipython_display_(self) -> None:
        copy = display.html(self.speech)
        if self.comm is not None:  # it is not closed
            data, metadata = self._repr_mimebundle_()  # type: ignore[misc]
            show(data, raw=True, metadata=metadata)  # type: ignore[no-untyped-call]
            copy = COPY.format(player=self._id, speech=copy)
        made = output_metadata([self.speech.provenance])
        show({"text/plain": repr(self.speech), "text/html": copy}, raw=True, metadata=made)  # type: ignore[no-untyped-call]


def contents(speech: Speech, player_id: str) -> dict[str, bytes]:
    """Return what a page may ask a player for: the file, the sound that plays, all about it as JSON."""
    extension = ".mp3" if speech.output_format.container == "mp3" else ".wav"
    file = speech.as_file(extension)
    whole = len(file) <= LARGEST
    about = {
        "id": player_id,
        "duration": speech.duration,
        "waveform": display.waveform(speech),
        "words": display.words(speech),
        "facts": " · ".join(facts(speech.duration, speech.provenance)),
        "fileName": _file_name(speech.transcript) + extension,
        "soundIsFile": whole,
        "mimetype": "audio/wav" if whole and extension == ".wav" else "audio/mpeg",
    }
    sound = file if whole else speech.display_copy
    return {"about": json.dumps(about).encode(), "sound": sound, "file": file}


def _file_name(said: str) -> str:
    return "-".join(re.findall(r"\w+", said.lower())[:5])[:40] or "speech"


def player(speech: Speech) -> Player:
    """Show a speech as a waveform with its words, to listen closely.

    Parameters
    ----------
    speech : Speech
        What is played: in the notebook as received (in a small copy, if that is larger than 8 MB).

    Returns
    -------
    Player
        A widget; its `position` and `selection` follow the page.

    Raises
    ------
    InputError
        If it is no Speech.

    Examples
    --------
    >>> import cartesia_nb
    >>> player(cartesia_nb.connect().tts.bytes("Hello!")).position
    0.0
    """
    return Player(speech)
