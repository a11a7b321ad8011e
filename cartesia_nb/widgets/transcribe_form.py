"""The form that writes down what a recording says."""

from __future__ import annotations

from typing import Any

from ipywidgets import Dropdown

from cartesia_nb.client.client import connect
from cartesia_nb.speech.speech import Speech
from cartesia_nb.speech.transcript import Transcript
from cartesia_nb.widgets.clip import Clip
from cartesia_nb.widgets.clip_field import ClipField
from cartesia_nb.widgets.code_line import call_line
from cartesia_nb.widgets.field import Field
from cartesia_nb.widgets.form import Form
from cartesia_nb.widgets.languages import choices
from cartesia_nb.widgets.shelf import Shelf
from cartesia_nb.widgets.trial import price
from cartesia_nb.wire.catalog import DEFAULTS, STT_LANGUAGES, STT_MODELS, STT_PRICE, stt_credits

ABOUT = "What is said in a recording, and when. A click on a word plays it from there."


class TranscribeForm(Form):
    """The form that `transcribe_form` shows."""

    def __init__(self, clip: Any = None, shelf: Shelf | None = None) -> None:
        super().__init__("Transcribe", ABOUT, self.python, shelf)
        self.clip = ClipField(clip, _priced)
        languages = choices(STT_LANGUAGES)
        self.language = Field(Dropdown(description="Language spoken", options=languages, value="en"))
        self.model = Field(Dropdown(description="Model", options=STT_MODELS, value=DEFAULTS["stt_model"]))
        self.transcribe_button = self.button("Transcribe", self._transcribe, style="primary")
        self.lay_out(self.clip, self.language, self.model, self.transcribe_button)

    def python(self) -> str:
        """Return the call that transcribes."""
        return call_line("stt.transcribe", self.clip.code, **self._arguments())

    def _arguments(self) -> dict[str, Any]:
        return {"language": self.language.value, "model": self.model.value}

    def _transcribe(self) -> None:
        clip, arguments = self.clip.clip(), self._arguments()

        def keep(heard: Transcript) -> None:
            self.keep(f"Heard: {clip.name}", {"clip": clip.name, **arguments}, heard, heard_in(clip, heard))

        self.line.work.start("Transcribing", lambda: connect().stt.transcribe(clip.given, **arguments), keep)


def heard_in(clip: Clip, heard: Transcript) -> Speech | Transcript:
    """Return a recording with the words heard in it; those alone if it cannot be played here."""
    speech = clip.speech
    if speech is None:
        return heard
    known = heard.provenance
    made = {name: known[name] for name in ("method", "backend", "model_id", "credits") if name in known}
    return Speech(
        speech.data,
        speech.output_format,
        transcript=heard.text,
        words=heard.timed_words,
        provenance=made,
    )


def _priced(clip: Clip) -> str:
    if clip.seconds is None:
        return f"Costs {STT_PRICE}."
    return f"{clip.seconds:.1f} s. {price(stt_credits(clip.seconds))}"


def transcribe_form(clip: Any = None) -> TranscribeForm:
    """Show a form that writes down what a recording says, and when each word is said.

    Parameters
    ----------
    clip : path, bytes, Speech, (samples, sample_rate) or recorder, optional
        The recording; it can be chosen in the form, too.

    Returns
    -------
    TranscribeForm
        Its `result` is the last Transcript (``result.words`` is a DataFrame); `results` has all of them.

    Examples
    --------
    >>> import cartesia_nb
    >>> form = transcribe_form(cartesia_nb.connect().tts.bytes("The weather is fine today."))
    >>> form.transcribe_button.click()
    >>> form.line.work.join()
    >>> form.result.text
    'The weather is fine today.'
    """
    return TranscribeForm(clip)
