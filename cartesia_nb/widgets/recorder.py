"""The recorder: a person's own voice, from the microphone or a file, as a Speech."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from anywidget import AnyWidget
from traitlets import Any as Anything
from traitlets import Bool, Dict, Float, validate

from cartesia_nb._version import __version__
from cartesia_nb.speech import display
from cartesia_nb.speech.codecs import check_whole
from cartesia_nb.speech.speech import Speech
from cartesia_nb.speech.wav import read_wav
from cartesia_nb.widgets.modules import script, style
from cartesia_nb.widgets.parts import send_parts
from cartesia_nb.wire.errors import CartesiaError, InputError
from cartesia_nb.wire.formats import OutputFormat
from cartesia_nb.wire.options import is_number

#: How long a recording may be at most, in seconds: it travels and stays in memory as samples.
MOST_SECONDS = 600

NOT_WHOLE = "The recording did not reach Python as it was. Please record it again."


class Recorder(AnyWidget):
    """A recorder of one clip at a time; `recorder` makes it.

    Nothing is recorded before the button is pressed. The round button records, stops and plays; Escape
    gives up. The ends of the waveform can be dragged, or moved by the arrow keys (0.05 s; with Shift,
    half a second), Home and End: what lies between them is kept. Instead of a recording, a file can be
    chosen or dropped: whatever the browser can decode.

    The browser is asked for the sound as it is: without echo cancellation, noise suppression and
    automatic gain, so that a clone gets the voice as it was, as loud as it was.

    Attributes
    ----------
    speech : Speech or None
        What is kept: mono, 16-bit WAV at 44100 Hz, as the API's own speech is by default, so that the
        two can be joined; None until there is something. While a cell runs, it may have to wait.
        ``mine.observe(function, "speech")`` calls a function when it changes. In its provenance,
        ``method`` is ``"recorded"`` and ``source`` says ``"microphone"`` or the name of the file; if an
        end was moved, ``method`` is ``"cut"`` and the recording is in ``parts``.
    longest : float
        How long a recording may be, in seconds.
    countdown : bool
        Whether three seconds are counted down before it records; the box in the page is the same.

    Notes
    -----
    A saved notebook has no recording in it, until `speech` is shown in a cell.

    Examples
    --------
    >>> recorder().speech is None
    True
    """

    _esm = script("recorder/recorder.js")
    _css = style("player.css") + style("recorder/recorder.css")

    longest = Float().tag(sync=True)
    countdown = Bool(True).tag(sync=True)
    speech = Anything(None, read_only=True)
    # Which recording Python has and what of it is kept: only Python writes it, all views follow.
    _state = Dict({"recording": "", "kept": None, "by": ""}).tag(sync=True)

    def __init__(self, longest: float = 30.0, *, countdown: bool = True) -> None:
        super().__init__(longest=_seconds(longest), countdown=countdown)
        self._arriving = Arriving()
        self._recording: Speech | None = None
        self.on_msg(self._hear)

    @validate("longest")
    def _is_seconds(self, proposal: dict[str, Any]) -> float:
        return _seconds(proposal["value"])

    def _hear(self, _: AnyWidget, message: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        if self._recording:
            send_parts(self, {"sound": self._recording.data}, message)
        if "keep" in message:
            self._keep(message)
        elif "recording" in message:
            self._collect(message, buffers)

    def _collect(self, message: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        """Take a part of a recording; or, without one, answer what is missing (``recorder/sending.js``)."""
        name = message["recording"]
        if name != self._arriving.name:
            self._arriving = Arriving(name)
        if "part" in message:
            self._arriving.parts[message["part"]] = bytes(buffers[0])
            return
        missing = [] if name == self._state["recording"] else self._arriving.missing(message["parts"])
        answer = {"recording": name, "missing": missing}
        if not missing and name != self._state["recording"]:
            answer["refused"] = self._take(message)
        self.send(answer)

    def _take(self, message: Mapping[str, Any]) -> str:
        """Make a Speech of all that has arrived; return why that cannot be, or ""."""
        data = self._arriving.whole(message["parts"])
        self._arriving = Arriving()
        try:
            recording = recorded(data, str(message["source"]))
        except CartesiaError:
            return NOT_WHOLE
        if len(data) != message["bytes"]:
            return NOT_WHOLE
        if recording.duration > self.longest:
            return f"It lasts {recording.duration:.1f} s; {self.longest:g} s is the most here."
        self._recording = recording
        self._state = {"recording": message["recording"], "kept": None, "by": ""}
        self.set_trait("speech", recording)
        return ""

    def _keep(self, message: Mapping[str, Any]) -> None:
        """Cut the recording; what is about another one, or lies outside of it, is late and means nothing."""
        whole, kept = self._recording, message["keep"]
        if whole is None or message["recording"] != self._state["recording"]:
            return
        if kept and not 0 <= kept[0] < kept[1] <= whole.duration:
            return
        self._state = {**self._state, "kept": kept, "by": message["by"]}
        self.set_trait("speech", whole[kept[0] : kept[1]] if kept else whole)

    def __repr__(self) -> str:
        return f"Recorder({self.speech or 'nothing is recorded yet'})"

    def _repr_html_(self) -> str | None:
        return display.html(self.speech) if self.speech else None


class Arriving:
    """A recording on its way: the parts that have arrived, in whatever order."""

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.parts: dict[int, bytes] = {}

    def missing(self, count: int) -> list[int]:
        """Return the numbers of the parts that have not arrived."""
        return [number for number in range(count) if number not in self.parts]

    def whole(self, count: int) -> bytes:
        """Return all parts in their order."""
        return b"".join(self.parts[number] for number in range(count))


def recorded(data: bytes, source: str) -> Speech:
    """Return a recording as a Speech.

    Parameters
    ----------
    data : bytes
        A WAV file: mono, pcm_s16le.
    source : str
        ``"microphone"``, or the name of a file.

    Raises
    ------
    CartesiaError
        If it is no such file, or not a whole one.
    """
    wav = read_wav(data)
    if (wav.encoding, wav.channels) != ("pcm_s16le", 1):
        raise InputError(f"a recording is mono pcm_s16le, not {wav.encoding} with {wav.channels} channels.")
    written = OutputFormat("wav", wav.encoding, wav.sample_rate)
    check_whole(data, written)
    made = {
        "method": "recorded",
        "source": source,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "made_with": f"cartesia_nb {__version__}",
        "audio_sha256": hashlib.sha256(data).hexdigest(),
    }
    return Speech(data, written, provenance=made)


def _seconds(longest: Any) -> float:
    if not is_number(longest) or not math.isfinite(longest) or not 1 <= longest <= MOST_SECONDS:
        raise InputError(
            f"longest is a number of seconds, not {longest!r}.",
            advice=f"It can be 1 to {MOST_SECONDS}; a clone wants a clip of 3 to 10 seconds.",
        )
    return float(longest)


def recorder(longest: float = 30.0, *, countdown: bool = True) -> Recorder:
    """Show a recorder: speak into the microphone, or drop a file, and get a Speech.

    The microphone works where a browser allows it: in pages on https or localhost. Recording costs nothing
    and sends nothing to the API.

    Parameters
    ----------
    longest : float
        Seconds after which it stops by itself, from 1 to 600; 30 by default.
    countdown : bool
        Whether it counts 3, 2, 1 before it records; true by default.

    Returns
    -------
    Recorder
        A widget; what was recorded is its `speech`.

    Raises
    ------
    InputError
        If `longest` is no such number.

    Examples
    --------
    >>> mine = recorder(10)
    >>> mine.speech is None  # until something is recorded
    True
    """
    return Recorder(longest, countdown=countdown)
