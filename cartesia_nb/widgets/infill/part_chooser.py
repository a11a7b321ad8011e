"""Choosing a part of a recording: in the waveform, or by its words."""

from __future__ import annotations

from collections.abc import Callable

from ipywidgets import Checkbox, VBox

from cartesia_nb.speech.cut_points import Cut, cut_points
from cartesia_nb.speech.speech import Speech
from cartesia_nb.speech.word_spans import Range, meant, stretch
from cartesia_nb.widgets.field import Field
from cartesia_nb.widgets.infill.edits import Edits
from cartesia_nb.widgets.infill.takes import Selection, Takes
from cartesia_nb.widgets.infill.word_list import WordList
from cartesia_nb.widgets.work_line import show
from cartesia_nb.wire.errors import InputError

POINT = "Choose words here, or a part of the waveform: drag with Shift held, or press I and O there."
UNKNOWN = "The words of this recording are not known. They can be found, or a part of the waveform chosen."


class PartChooser(VBox):  # type: ignore[misc]
    """A recording, its words, and the part of it that is chosen in either of them.

    Parameters
    ----------
    changed : callable
        Called when another part is chosen.

    Attributes
    ----------
    takes : Takes
        The players.
    words : Field
        Of a `WordList`.
    snap : Checkbox
        Whether what is chosen in the waveform is whole words.

    Examples
    --------
    >>> import cartesia_nb
    >>> stream = cartesia_nb.connect().tts.sse("We meet now.", add_timestamps=True)
    >>> part = PartChooser(lambda: None)
    >>> part.show(Edits.of(stream.collect()))
    >>> part.words.value = (0, 1)
    >>> part.selection[0], part.cut().start
    (0.0, 0.0)
    """

    def __init__(self, changed: Callable[[], object]) -> None:
        self._changed = changed
        self._speech: Speech | None = None
        self.takes = Takes(self._selected)
        self.words = Field(WordList())
        self.snap = Checkbox(value=True, description="Whole words only", indent=False)
        super().__init__([self.takes, self.words, self.snap])
        self.add_class("cartesia-form")
        self.words.control.observe(lambda change: self._chosen(change["new"]), "value")
        self.snap.observe(lambda _: self._selected(self.selection), "value")

    def show(self, edits: Edits) -> None:
        """Show the current version, and what is selected in it."""
        self._speech, selection = edits.current.speech, edits.current.selection
        words = [word.text for word in self._speech.timed_words]
        self.takes.show(edits)
        # What is chosen means nothing among other words.
        self.words.control.value = None
        self.words.control.words = words
        self.words.hint = POINT if words else UNKNOWN
        show(self.snap, visible=bool(words))
        self.takes.select(selection)
        self._selected(selection)

    @property
    def selection(self) -> Selection:
        """What is selected, from start to end in seconds."""
        return self.takes.selection

    @property
    def timed(self) -> bool:
        """Whether the time of each word is known: of words that were put in, it is that of all of them."""
        words = self._speech.timed_words if self._speech else ()
        return bool(words) and not any(" " in word.text for word in words)

    def cut(self) -> Cut:
        """Return where what is selected is cut out.

        Raises
        ------
        InputError
            If nothing is selected; it is shown at the words.
        """
        with self.words.blamed():
            if self._speech is None or self.selection is None:
                raise InputError("nothing is selected.", advice="Choose what is to be replaced.")
            return cut_points(self._speech, *self.selection)

    def _selected(self, selection: Selection) -> None:
        """Follow what is selected in the waveform: snap to words, mark these, say where it is."""
        chosen = self._meant(selection)
        if selection is not None and chosen is not None and self.snap.value:
            whole = self._stretch(chosen)
            if whole != selection:
                self.takes.select(whole)
                return
        self.words.control.value = chosen
        self.words.note.wrong, self.words.note.text = "", self.words.hint
        if selection is not None:
            cut = self.cut()
            self.words.note.text = (
                f"{selection[0]:.2f} to {selection[1]:.2f} s; cut where it is quiet, at {cut.start:.2f} "
                f"and {cut.end:.2f} s."
            )
        self._changed()

    def _chosen(self, chosen: Range | None) -> None:
        """Follow what is chosen among the words."""
        if chosen != self._meant(self.selection):
            self.takes.select(None if chosen is None else self._stretch(chosen))

    def _meant(self, selection: Selection) -> Range | None:
        if self._speech is None or selection is None:
            return None
        return meant(self._speech.timed_words, *selection)

    def _stretch(self, chosen: Range) -> tuple[float, float]:
        speech = self._speech
        if speech is None:
            raise InputError("there is no recording yet.")
        return stretch(speech.timed_words, chosen, speech.duration)
