"""The form that says a recording again with another voice."""

from __future__ import annotations

from typing import Any

from cartesia_nb.client.client import connect
from cartesia_nb.client.defaults import default
from cartesia_nb.speech.speech import Speech
from cartesia_nb.widgets.clip import Clip
from cartesia_nb.widgets.clip_field import ClipField
from cartesia_nb.widgets.code_line import call_line
from cartesia_nb.widgets.form import Form
from cartesia_nb.widgets.shelf import Shelf
from cartesia_nb.widgets.trial import Headed, price
from cartesia_nb.widgets.voice_field import VoiceField
from cartesia_nb.wire.catalog import DEFAULTS, VOICE_CHANGER_PRICE, voice_changer_credits

ABOUT = "What a recording says, in the same way, with another voice."


class ChangeForm(Form):
    """The form that `change_form` shows."""

    def __init__(self, clip: Any = None, shelf: Shelf | None = None) -> None:
        super().__init__("Change the voice", ABOUT, self.python, shelf)
        self.clip = ClipField(clip, _priced)
        self.voice = VoiceField(label="New voice")
        self.change_button = self.button("Change voice", self._change, style="primary")
        self.lay_out(self.clip, self.voice, self.change_button)

    def python(self) -> str:
        """Return the call that changes the voice."""
        written = _format()
        usual = written == DEFAULTS["output_format"]
        return call_line(
            "voice_changer.bytes",
            self.clip.code,
            voice_id=self.voice.written(),
            output_format=None if usual else written,
        )

    def _change(self) -> None:
        self.voice.load()
        clip = self.clip.clip()
        self.voice.needed("Type part of the name of a voice, or its id.")
        name = self.voice.called()
        self.line.work.start(
            "Changing the voice", lambda: self._ask(clip), lambda changed: self._keep(changed, clip, name)
        )

    def _ask(self, clip: Clip) -> Speech:
        speaker = self.voice.speaker()
        return connect().voice_changer.bytes(clip.given, voice_id=speaker, output_format=_format())

    def _keep(self, changed: Speech, clip: Clip, name: str) -> None:
        before = [clip.speech] if clip.speech else []
        headings = ["The recording", name][-1 - len(before) :]
        shown = Headed(headings, [*before, changed])
        self.keep(f"Changed: {clip.name}", {"clip": clip.name, "voice": name}, changed, shown)


def _format() -> str:
    return default("format") or DEFAULTS["output_format"]


def _priced(clip: Clip) -> str:
    if clip.seconds is None:
        return f"Costs {VOICE_CHANGER_PRICE}."
    return f"{clip.seconds:.1f} s. {price(voice_changer_credits(clip.seconds))}"


def change_form(clip: Any = None) -> ChangeForm:
    """Show a form that says a recording again with another voice.

    Parameters
    ----------
    clip : path, bytes, Speech, (samples, sample_rate) or recorder, optional
        The recording; it can be chosen in the form, too.

    Returns
    -------
    ChangeForm
        Its `result` is the Speech that it made last; `results` has all of them.

    Examples
    --------
    >>> import cartesia_nb
    >>> form = change_form(cartesia_nb.connect().tts.bytes("Hello!", voice="Ada"))
    >>> form.voice.value = "Bruno"
    >>> form.change_button.click()
    >>> form.line.work.join()
    >>> form.result.provenance["voice_name"]
    'Bruno'
    """
    return ChangeForm(clip)
