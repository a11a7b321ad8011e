"""The form that puts other words into a recording, spoken so that they fit what stays."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Event
from typing import Any, NamedTuple

from ipywidgets import Dropdown, Text, Textarea
from traitlets import Any as Anything

from cartesia_nb.client.client import connect
from cartesia_nb.client.defaults import default
from cartesia_nb.speech.cut_points import Cut
from cartesia_nb.speech.speech import Speech
from cartesia_nb.speech.splice import sides, splice
from cartesia_nb.speech.transcript import Transcript
from cartesia_nb.widgets.clip import LONGEST_HEARD, Clip, in_notebook
from cartesia_nb.widgets.clip_field import ClipField
from cartesia_nb.widgets.code_line import Code, call_line
from cartesia_nb.widgets.field import Field
from cartesia_nb.widgets.form import Form, row
from cartesia_nb.widgets.infill.edits import Edits, Version
from cartesia_nb.widgets.infill.loudness_step import described, loudness_step
from cartesia_nb.widgets.infill.part_chooser import PartChooser
from cartesia_nb.widgets.languages import choices
from cartesia_nb.widgets.shelf import Shelf
from cartesia_nb.widgets.trial import Headed
from cartesia_nb.widgets.voice_field import DEFAULT, VoiceField
from cartesia_nb.widgets.work import step
from cartesia_nb.widgets.work_line import show
from cartesia_nb.wire import catalog
from cartesia_nb.wire.catalog import DEFAULTS
from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.formats import SAMPLE_RATES

ABOUT = "Other words in a recording, spoken so that they fit what stays before and after them."
WHOSE = "A person's own voice has to be cloned first."
NAME_A_VOICE = "Type part of the name of a voice, or its id."


class Asked(NamedTuple):
    """What is to be said in the place of a part of a speech, and how."""

    speech: Speech
    cut: Cut
    text: str
    how: dict[str, Any]


class InfillEditor(Form):
    """The form that `infill_editor` shows.

    Attributes
    ----------
    speech : Speech or None
        The recording as it is now.
    edits : Edits or None
        What was done to it.
    part : PartChooser
        The recording, and the part of it that is selected.
    """

    speech = Anything(None, read_only=True)

    def __init__(self, speech: Any = None, shelf: Shelf | None = None) -> None:
        super().__init__("Change what is said", ABOUT, self.python, shelf)
        self.edits: Edits | None = None
        self._name = ""
        self.sentence = Field(Textarea(description="Or a text that is to be spoken", rows=2))
        self.speak_button = self.button("", self._speak)
        self.part = PartChooser(self.write)
        self.find_button = self.button("", self._find)
        self.new_words = Field(Text(description="New words"))
        self.voice = VoiceField(_voice_of(speech) or DEFAULT, hint=WHOSE)
        models, model = catalog.INFILL_MODELS[::-1], DEFAULTS["infill_model"]
        self.model = Field(Dropdown(description="Model", options=models, value=model))
        languages = choices(catalog.TTS_LANGUAGES)
        self.language = Field(Dropdown(description="Language", options=languages, value="en"))
        self.replace_button = self.button("", self._replace, style="primary")
        self.undo_button = self.button("Undo", partial(self._turn_back, Edits.undo))
        self.redo_button = self.button("Redo", partial(self._turn_back, Edits.redo))
        self.keep_button = self.button("Keep", self._keep)
        # What is given is looked at in a thread at once, and then shown in all of the form.
        self._complete = Event()
        self.clip = ClipField(speech, self._open)
        self._arrange()
        self._complete.set()

    def python(self) -> str:
        """Return the expression for the recording with the new words; at first, for a spoken one."""
        if self.edits is None:
            voice = self.voice.written()
            return call_line("tts.sse", self.sentence.value, voice=voice, add_timestamps=True) + ".collect()"
        before, after = self._sides()
        audio = {"left_audio": before, "right_audio": after}
        how = {**self._how(), "voice_id": self.voice.written()}
        call = call_line("infill.bytes", self.new_words.value, **audio, **how)
        return " + ".join(part for part in (before, call, after) if part)

    def _arrange(self) -> None:
        for field in (self.sentence, self.new_words):
            self.watch(field, self._show_prices)
        buttons = row(self.replace_button, self.undo_button, self.redo_button, self.keep_button)
        first, last = (self.part, self.find_button, self.new_words), (self.model, self.language, buttons)
        self._making, self._editing = (self.sentence, self.speak_button), (*first, *last)
        self.add_class("cartesia-infill")
        self.lay_out(self.clip, self.sentence, *first, self.voice, self.speak_button, *last)
        self._show_what_matters()

    def _show_what_matters(self) -> None:
        """Let a recording be chosen, or spoken; and then be edited."""
        for part in self._making:
            show(part, visible=self.edits is None)
        for part in self._editing:
            show(part, visible=self.edits is not None)
        show(self.find_button, visible=self.edits is not None and not self.part.timed)
        self._show_prices()

    def _show_prices(self) -> None:
        self.speak_button.description = f"Speak ({_credits(catalog.tts_credits(self.sentence.value))})"
        cost = catalog.infill_credits(self.new_words.value)
        self.replace_button.description = f"Replace ({_credits(cost)})"
        if self.speech is not None:
            cost = catalog.stt_credits(self.speech.duration)
            self.find_button.description = f"Find when each word is said ({_credits(cost)})"

    def _open(self, clip: Clip) -> str:
        """Show a recording; in the thread that looks at what was chosen."""
        speech = _editable(clip)
        self._complete.wait()
        step("Opening")
        self.line.work.cancel()
        # New words are paid for: none are lost because another recording is opened.
        if self.edits is not None and self.edits.current.edits and self.speech is not self.result:
            self._keep()
        self.edits, self._name = Edits.of(speech), clip.name
        known = _voice_of(speech)
        if known:
            names = {found["id"]: name for name, found in self.voice.rows.items()}
            self.voice.value = names.get(known, known)
        self._show_version()
        return f"{speech.duration:.1f} s, {speech.sample_rate} Hz."

    def _show_version(self) -> None:
        edits = self._known_edits()
        self.set_trait("speech", edits.current.speech)
        self.part.show(edits)
        self._show_what_matters()

    def _known_edits(self) -> Edits:
        if self.edits is None:
            raise InputError("there is no recording yet.", advice="Choose one, or let a text be spoken.")
        return self.edits

    def _speak(self) -> None:
        text = self.sentence.needed("Write what is to be said.")
        with self.sentence.blamed():
            connect().check_transcript(text)
        self.voice.load()
        self.voice.needed(NAME_A_VOICE)
        self.line.work.start(
            "Speaking", lambda: self._spoken(text), lambda speech: self.clip.keep("what was spoken", speech)
        )

    def _spoken(self, text: str) -> Speech:
        # Only what is streamed tells when each word is said.
        how: dict[str, Any] = {"voice": self.voice.speaker(), "model_id": default("model")}
        with connect().tts.sse(text, add_timestamps=True, **how) as stream:
            return stream.collect()

    def _find(self) -> None:
        version, language = self._known_edits().current, self.language.value
        self.line.work.start(
            "Finding the words",
            lambda: connect().stt.transcribe(
                version.speech, language=language, timestamp_granularities=["word"]
            ),
            lambda heard: self._put_words(version, heard),
        )

    def _put_words(self, version: Version, heard: Transcript) -> None:
        if not heard.timed_words:
            raise InputError("no words were heard.", advice="Select a part of the waveform.")
        sound = version.speech
        version.selection = self.part.selection
        version.speech = Speech(
            sound.data,
            sound.output_format,
            transcript=heard.text,
            words=heard.timed_words,
            provenance=sound.provenance,
        )
        self._show_version()

    def _how(self) -> dict[str, Any]:
        return {
            "voice_id": self.voice.id(),
            "model_id": self.model.value,
            "language": self.language.value,
            "output_format": f"wav:pcm_s16le@{self.speech.sample_rate}",
        }

    def _replace(self) -> None:
        edits = self._known_edits()
        self.voice.load()
        asked = Asked(edits.current.speech, self.part.cut(), self.new_words.value, self._how())
        with self.part.words.blamed():
            if asked.cut == (0.0, asked.speech.duration):
                raise InputError(
                    "all of it is selected, and nothing stays that new words could fit.",
                    advice="Select less, or speak it anew: connect().tts.bytes(...).",
                )
        self.new_words.needed("Write what is to be said there.")
        with self.new_words.blamed():
            connect().check_transcript(asked.text)
        self.voice.needed(NAME_A_VOICE)
        edits.current.selection = self.part.selection
        self.line.work.start("Speaking", partial(self._ask, asked), partial(self._put, edits, asked))

    def _ask(self, asked: Asked) -> Speech:
        left, right = sides(asked.speech, asked.cut)
        how = {**asked.how, "voice_id": self.voice.speaker()}
        return connect().infill.bytes(asked.text, left_audio=left, right_audio=right, **how)

    def _put(self, edits: Edits, asked: Asked, piece: Speech) -> None:
        done = splice(asked.speech, asked.cut, piece)
        edit = {"text": asked.text, "start": asked.cut.start, "end": asked.cut.end, **asked.how}
        edits.add(done, asked.cut, edit)
        self._show_version()
        self.new_words.note.text = described(loudness_step(asked.speech, asked.cut, piece))

    def _turn_back(self, move: Callable[[Edits], None]) -> None:
        edits = self._known_edits()
        if self.line.work.working:
            raise InputError(f"{self.line.work.what} is still going on.", advice="Wait for it, or cancel it.")
        edits.current.selection = self.part.selection
        move(edits)
        self.new_words.note.text = ""
        self._show_version()

    def _keep(self) -> None:
        edits = self._known_edits()
        if not edits.current.edits:
            raise InputError("nothing has changed yet.", advice="Replace some words first.")
        shown = Headed(["Original", "New"], [edits.original.speech, edits.current.speech])
        arguments = {"recording": self._name, "edits": list(edits.current.edits)}
        self.keep(f"Edited: {self._name}", arguments, edits.current.speech, shown)

    def _sides(self) -> tuple[Code | None, Code | None]:
        """Return how what stays before and after is written."""
        if self.part.selection is None:
            return Code("left"), Code("right")
        name, (start, end) = self._variable(), self.part.cut()
        return (
            Code(f"{name}[:{start:g}]") if start > 0 else None,
            Code(f"{name}[{end:g}:]") if end < self.speech.duration else None,
        )

    def _variable(self) -> Code:
        """Return how the notebook calls the recording as it is now."""
        if self._known_edits().at == 0:
            return self.clip.code if isinstance(self.clip.code, Code) else Code("clip")
        own = [name for name, value in in_notebook().items() if value is self]
        return Code(f"{own[0]}.speech" if own else "clip")


def _editable(clip: Clip) -> Speech:
    speech = clip.speech
    if speech is None:
        raise InputError(
            f"what cannot be heard here, or lasts over {LONGEST_HEARD} seconds, cannot be edited.",
            advice="Cut it, or save it as WAV, FLAC or MP3.",
        )
    if speech.sample_rate not in SAMPLE_RATES:
        raise InputError(
            f"new words cannot be spoken at {speech.sample_rate} Hz, which it has.",
            advice=f"Save it at {', '.join(map(str, SAMPLE_RATES))} Hz.",
        )
    return speech


def _voice_of(given: Any) -> str | None:
    return given.provenance.get("voice_id") if isinstance(given, Speech) else None


def _credits(amount: int) -> str:
    return f"about {amount} credit{'' if amount == 1 else 's'}"


def infill_editor(speech: Any = None) -> InfillEditor:
    """Show a form that puts other words into a recording, and compares the result with the original.

    New words cost 300 credits and about 1 for each character. Finding when each word is said, where that is
    not known, costs 1 credit for 2 seconds. The buttons say so; nothing else costs anything.

    Parameters
    ----------
    speech : Speech, path, bytes, (samples, sample_rate) or recorder, optional
        The recording, of at most 600 seconds; it can be chosen, or spoken, in the form, too.

    Returns
    -------
    InfillEditor
        Its `speech` is the recording as it is now; `result` is what was kept last, `results` all of that.

    Examples
    --------
    >>> import cartesia_nb
    >>> stream = cartesia_nb.connect().tts.sse("We meet on Tuesday at ten.", add_timestamps=True)
    >>> form = infill_editor(stream.collect())
    >>> form.clip.look.join()
    >>> form.part.words.value = (3, 3)
    >>> form.new_words.value = "Friday"
    >>> form.replace_button.click()
    >>> form.line.work.join()
    >>> form.speech.transcript
    'We meet on Friday at ten.'
    """
    return InfillEditor(speech)
