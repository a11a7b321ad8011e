"""The form that makes a voice of a recording."""

from __future__ import annotations

from typing import Any

from ipywidgets import Checkbox, Dropdown, Text

from cartesia_nb.client.client import connect
from cartesia_nb.client.defaults import default
from cartesia_nb.client.making_voices import LONGEST_CLIP, check_clip
from cartesia_nb.client.resource import Resource
from cartesia_nb.widgets.clip import Clip
from cartesia_nb.widgets.clip_check import TOO_LONG, advice, described
from cartesia_nb.widgets.clip_field import ClipField
from cartesia_nb.widgets.code_line import call_line
from cartesia_nb.widgets.field import Field
from cartesia_nb.widgets.form import Form
from cartesia_nb.widgets.languages import choices
from cartesia_nb.widgets.shelf import Shelf
from cartesia_nb.widgets.trial import Take, Trial
from cartesia_nb.widgets.voice_field import VoiceField
from cartesia_nb.widgets.work_line import show
from cartesia_nb.wire.catalog import TTS_LANGUAGES
from cartesia_nb.wire.versions import LIMITED

SENTENCE = "Hello! This is my new voice, and I can say whatever you write here."
ABOUT = "From 3 to 10 seconds of one person, who agreed to it. Cloning costs nothing."


class CloneForm(Form):
    """The form that `clone_form` shows."""

    def __init__(self, clip: Any = None, shelf: Shelf | None = None) -> None:
        super().__init__("Clone a voice", ABOUT, self.python, shelf)
        self.clip = ClipField(clip, _judged)
        self.name = Field(Text(description="Name of the new voice"))
        self.description = Field(Text(description="Description", placeholder="optional"))
        usual = default("language") or "en"
        languages = choices({*TTS_LANGUAGES, usual})
        self.language = Field(Dropdown(description="Language spoken", options=languages, value=usual))
        self.base = VoiceField(None, "Base voice", hint="Optional: a voice to derive this one from.")
        self.enhance = Field(Checkbox(description="Clean the recording of noise", indent=False))
        show(self.enhance, connect().version in (None, *LIMITED["voices.clone"]["enhance"]))
        self.clone_button = self.button("Clone voice", self._clone, style="primary")
        self.trial = Trial(self, self._takes, sentence=SENTENCE)
        show(self.trial, visible=False)
        fields = (self.clip, self.name, self.description, self.language, self.base, self.enhance)
        self.lay_out(*fields, self.clone_button, self.trial)

    def python(self) -> str:
        """Return the call that clones."""
        return call_line("voices.clone", self.clip.code, **self._arguments())

    def _arguments(self) -> dict[str, Any]:
        given = {
            "name": self.name.value,
            "language": self.language.value,
            "description": self.description.value or None,
            "base_voice_id": self.base.id() or None,
            "enhance": self.enhance.value or None,
        }
        return {name: value for name, value in given.items() if value is not None}

    def _clone(self) -> None:
        self.base.load()
        clip = self.clip.clip()
        self.name.needed("Give the new voice a name.")
        with self.clip.blamed():
            check_clip(clip.seconds)
        arguments = self._arguments()
        self.line.work.start(
            "Cloning",
            lambda: connect().voices.clone(clip.given, **arguments),
            lambda voice: self._keep(voice, clip, arguments),
        )

    def _keep(self, voice: Resource, clip: Clip, arguments: dict[str, Any]) -> None:
        self._cloned = voice, clip, arguments
        self.keep(f"Cloned: {arguments['name']}", {"clip": clip.name, **arguments}, voice)
        show(self.trial, visible=True)

    def _takes(self) -> list[Take]:
        voice, original, arguments = self._cloned
        known = [Take("The recording", original.speech)] if original.speech else []
        return [*known, Take(arguments["name"], {"voice": voice, "language": arguments["language"]})]


def _judged(clip: Clip) -> str:
    if clip.seconds and clip.seconds > LONGEST_CLIP:
        return f"{clip.seconds:.1f} s. {TOO_LONG}"
    found = clip.measured
    if found is None:
        return "Only the API can read this kind of file: it cannot be judged here."
    return f"{described(found)}. {' '.join(advice(found)) or 'Good for a clone.'}"


def clone_form(clip: Any = None) -> CloneForm:
    """Show a form that makes a voice of a recording, and lets it be heard.

    Parameters
    ----------
    clip : path, bytes, Speech, (samples, sample_rate) or recorder, optional
        The recording; it can be chosen in the form, too.

    Returns
    -------
    CloneForm
        Its `result` is what it made last, the voice or the speech; `results` has all of it.

    Examples
    --------
    >>> import cartesia_nb
    >>> clip = cartesia_nb.connect().tts.bytes("This is how I speak, whenever I am asked to say something.")
    >>> form = clone_form(clip)
    >>> form.name.value = "Mine"
    >>> form.clone_button.click()
    >>> form.line.work.join()
    >>> form.result.name
    'Mine'
    """
    return CloneForm(clip)
