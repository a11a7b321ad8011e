"""The field for a recording: a file, a variable of the notebook, or a file of the person's own computer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from ipywidgets import Combobox

from cartesia_nb.widgets.chooser import Chooser
from cartesia_nb.widgets.clip import Clip, in_notebook, is_recorder
from cartesia_nb.widgets.code_line import Code
from cartesia_nb.widgets.field import Field, tell
from cartesia_nb.widgets.work import State, Work

HINT = "A file, a variable of this notebook, or a file of your own computer."
EXTENSIONS = {".flac", ".m4a", ".mp3", ".mp4", ".mpeg", ".mpga", ".oga", ".ogg", ".wav", ".webm"}
MOST_FILES = 50


class ClipField(Field):
    """A field for a recording, which says what is to be known of it as soon as it is chosen.

    Parameters
    ----------
    given : optional
        What `Clip` takes.
    describe : callable
        Gets the clip, in a thread, and returns what to say of it.
    label : str

    Examples
    --------
    >>> import cartesia_nb
    >>> speech = cartesia_nb.connect().tts.bytes("This is how I speak.")
    >>> field = ClipField(speech, describe=lambda clip: f"{clip.seconds:.0f} seconds.")
    >>> field.clip().given is speech
    True
    """

    def __init__(self, given: Any, describe: Callable[[Clip], str], label: str = "Recording") -> None:
        self._describe = describe
        # What has no name that the notebook or the disk knows: by what the field says.
        self._kept: dict[str, Any] = {}
        self._forget: Callable[[], object] = lambda: None
        self.look = Work(self._looked)
        options = [*in_notebook(), *_files_here()]
        control = Combobox(
            description=label, options=options, continuous_update=False, placeholder="talk.wav"
        )
        super().__init__(control, Chooser(self.keep, self._refuse), hint=HINT)
        control.observe(lambda _: self._look(), "value")
        if given is not None:
            self._give(given)

    def clip(self) -> Clip:
        """Return the recording that is chosen.

        Raises
        ------
        InputError
            If there is none; it is shown at this field.
        """
        text = self.needed("Choose a file, or give its path or the name of a variable.")
        with self.blamed():
            if text in self._kept:
                return Clip(self._kept[text], text)
            variables = in_notebook()
            return Clip(variables[text], text) if text in variables else Clip(text)

    @property
    def code(self) -> str:
        """How the recording stands in a line of Python."""
        if not self.value:
            return Code("clip")
        kept = self._kept.get(self.value)
        if kept is not None:
            # What came through the page has the name of its file, wherever that lies.
            return str(self.value) if isinstance(kept, bytes) else Code("clip")
        found = in_notebook().get(self.value)
        if found is None:
            return str(self.value)
        return Code(f"{self.value}.speech" if is_recorder(found) else self.value)

    def keep(self, name: str, given: Any) -> None:
        """Choose something under a name that only this field knows."""
        self.value = ""
        # Under what the field will say: no blanks stand around that.
        self._kept[name.strip()] = given
        self.value = name.strip()

    def close(self) -> None:
        """Close the field, and look no further."""
        self._forget()
        self._forget = lambda: None  # what is closed twice has nothing to forget
        self.look.cancel()
        super().close()

    def _give(self, given: Any) -> None:
        if is_recorder(given) and hasattr(given, "observe"):
            follow = partial(self._follow, given)
            given.observe(follow, "speech")
            self._forget = partial(given.unobserve, follow, "speech")
            if given.speech is None:
                return
        self._choose(given)

    def _follow(self, given: Any, _: object) -> None:
        self._choose(given)

    def _choose(self, given: Any) -> None:
        named = [name for name, value in in_notebook().items() if value is given]
        if isinstance(given, str | Path):
            self.value = str(given)
        elif named:
            self.value = ""
            self.value = named[0]
        else:
            self.keep("the recording", given)

    def _look(self) -> None:
        self.look.cancel()
        if self.look.working:  # too late to be called off: it is being said
            self.look.join()
        self.note.text = self.hint
        if self.value:
            self.look.start("Listening", lambda: self._describe(self.clip()), self._say)

    def _say(self, text: str) -> None:
        self.note.text = text

    def _looked(self, work: Work) -> None:
        if work.state is State.WORKING:
            self.note.text = "Listening …"
        if work.error is not None:
            self.note.text = self.hint
            tell(work.error, self.note)

    def _refuse(self, reason: str) -> None:
        self.note.wrong = reason


def _files_here() -> list[str]:
    """Return the recordings in the working directory, to be offered; none, if it cannot be looked into."""
    try:
        found = [path.name for path in Path().iterdir() if path.suffix.lower() in EXTENSIONS]
    except OSError:
        return []
    return sorted(found)[:MOST_FILES]
