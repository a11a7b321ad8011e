"""A part of a form where a sentence is heard in two ways, side by side."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from ipywidgets import Textarea, VBox

from cartesia_nb.client.client import connect
from cartesia_nb.client.defaults import default
from cartesia_nb.speech.caption import short
from cartesia_nb.speech.speech import Speech
from cartesia_nb.speech.speeches import HEADED, ROWS, Speeches
from cartesia_nb.speech.tags import output_metadata
from cartesia_nb.widgets.field import Field
from cartesia_nb.widgets.form import Form
from cartesia_nb.widgets.work import step
from cartesia_nb.wire.catalog import tts_credits


class Take(NamedTuple):
    """One way to hear a sentence.

    Attributes
    ----------
    heading : str
        What it is heard under.
    how : Speech or mapping
        What is there already, or arguments of ``tts.bytes``; model and format are the defaults.
    """

    heading: str
    how: Speech | Mapping[str, Any]


class Headed:
    """Speeches side by side, each under a heading of its own.

    Examples
    --------
    >>> import cartesia_nb
    >>> hello = cartesia_nb.connect().tts.bytes("Hello!")
    >>> Headed(["before", "after"], [hello, hello])
    Headed(before, after)
    """

    def __init__(self, headings: Sequence[str], speeches: Sequence[Speech]) -> None:
        self.headings, self.speeches = tuple(headings), tuple(speeches)

    def __repr__(self) -> str:
        return f"Headed({', '.join(self.headings)})"

    def _repr_html_(self) -> str:
        pieces = [
            HEADED.format(voice=html.escape(heading), speech=speech._repr_html_())
            for heading, speech in zip(self.headings, self.speeches, strict=True)
        ]
        return f"<div{ROWS}>{' '.join(pieces)}</div>"

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Tell in the output's metadata how each was made."""
        return {}, output_metadata(speech.provenance for speech in self.speeches)


def price(amount: int) -> str:
    """Return so many credits in words."""
    return f"Costs about {amount} credit{'' if amount == 1 else 's'}."


class Trial(VBox):  # type: ignore[misc]
    """A sentence, what hearing it costs, and a button that speaks it in every way that the form names.

    What was spoken before something failed is not spoken, or paid for, a second time.

    Parameters
    ----------
    form : Form
        Whose work line says what goes on, and which keeps the result.
    takes : callable
        Returns the ways in which the sentence is heard, when the button is pressed; it may raise.
    times : int
        How often the sentence has to be paid for.
    sentence : str
        To begin with.
    text : str
        Of the button.
    """

    def __init__(
        self,
        form: Form,
        takes: Callable[[], Sequence[Take]],
        *,
        times: int = 1,
        sentence: str = "",
        text: str = "Speak",
    ) -> None:
        self._form, self._takes, self._times = form, takes, times
        self._spoken: dict[tuple[str, str], Speech] = {}
        self.sentence = Field(Textarea(sentence, description="Test sentence", rows=2))
        self.button = form.button(text, self._speak)
        form.watch(self.sentence, self._price)
        super().__init__([self.sentence, self.button])
        self.add_class("cartesia-form")
        self._price()

    def _price(self) -> None:
        """Say what it costs, as things are."""
        self.sentence.note.text = price(self._times * tts_credits(self.sentence.value))

    def _speak(self) -> None:
        sentence = self.sentence.needed("Write what is to be said.")
        with self.sentence.blamed():
            connect().check_transcript(sentence)
        takes = list(self._takes())
        headings = [take.heading for take in takes]
        arguments = {"sentence": sentence, "takes": headings}

        def keep(speeches: Speeches) -> None:
            self._spoken = {}
            self._form.keep(f"“{short(sentence)}”", arguments, speeches, Headed(headings, speeches))

        self._form.line.work.start("Speaking", partial(self._all, sentence, takes), keep)

    def _all(self, sentence: str, takes: Sequence[Take]) -> Speeches:
        return Speeches([self._heard(sentence, take) for take in takes], side_by_side=True)

    def _heard(self, sentence: str, take: Take) -> Speech:
        if isinstance(take.how, Speech):
            return take.how
        known = sentence, repr(take)
        if known not in self._spoken:
            step(f"Speaking: {take.heading}")
            usual = {"model_id": default("model"), "output_format": default("format")}
            self._spoken[known] = connect().tts.bytes(sentence, **{**usual, **take.how})
        return self._spoken[known]
