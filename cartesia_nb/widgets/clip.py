"""A recording that a form works on, however it is given."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from IPython.core.getipython import get_ipython

from cartesia_nb.client.uploads import opened
from cartesia_nb.speech.codecs import encode
from cartesia_nb.speech.speech import Speech
from cartesia_nb.widgets.clip_check import Measured, measure
from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.formats import OutputFormat

#: In seconds: with the sound of longer recordings, a notebook's messages would be too large to arrive.
LONGEST_HEARD = 600


class Clip:
    """A recording: what is sent, and what is heard.

    Parameters
    ----------
    given : path, bytes, Speech, (samples, sample_rate), or anything with a Speech in `.speech`
        The recording.
    name : str, optional
        What people call it.

    Attributes
    ----------
    given : path, bytes, Speech or (samples, sample_rate)
        What the client's methods take.
    name : str
        As above, else that of the file.
    seconds : float or None
        How long it is; None for a kind of file that only others can read.

    Raises
    ------
    InputError
        If there is no such recording.
    """

    def __init__(self, given: Any, name: str = "") -> None:
        self.given = given.speech if is_recorder(given) else given
        if self.given is None:
            raise InputError("nothing is recorded yet.", advice="Record something first.")
        with opened(self.given, "the recording") as upload:
            self.name, self.seconds = name or upload.file.name, upload.seconds

    @cached_property
    def speech(self) -> Speech | None:
        """What is heard; None for what only others can read, and for what is too long for a notebook."""
        if self.seconds and self.seconds > LONGEST_HEARD:
            return None
        return self.given if isinstance(self.given, Speech) else _decoded(self.given)

    @cached_property
    def measured(self) -> Measured | None:
        """What can be measured in it; None for what cannot be heard here."""
        return None if self.speech is None else measure(self.speech.samples, self.speech.sample_rate)


def is_recorder(given: Any) -> bool:
    """Tell whether a recording is in the attribute `speech` of what is given."""
    return not isinstance(given, str | bytes | tuple) and hasattr(given, "speech")


def in_notebook() -> dict[str, Any]:
    """Return the recordings among the variables of the notebook, by name."""
    shell = get_ipython()
    if shell is None:
        return {}
    own = {name: value for name, value in shell.user_ns.copy().items() if not name.startswith("_")}
    return {name: value for name, value in own.items() if isinstance(value, Speech) or _has_speech(value)}


def _has_speech(value: Any) -> bool:
    # Asking an object of any class for an attribute may cost much, or fail: the class is asked.
    return not isinstance(value, type) and hasattr(type(value), "speech")


def _decoded(given: Any) -> Speech | None:
    import soundfile

    with opened(given, "the recording") as upload:
        try:
            samples, rate = soundfile.read(upload.file.content, dtype="float32")
        except (soundfile.LibsndfileError, RuntimeError):
            return None
    return Speech(encode(samples, rate, ".wav"), OutputFormat("wav"), provenance={"method": "recording"})
