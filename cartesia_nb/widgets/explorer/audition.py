"""An audition: voices are heard one by one, or compared, and the best is chosen."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import partial
from string import ascii_uppercase
from typing import Any, NamedTuple

from cartesia_nb.speech.speech import Speech
from cartesia_nb.speech.speeches import Speeches
from cartesia_nb.widgets.explorer.comparison import Comparison, Take, in_order
from cartesia_nb.widgets.explorer.listening import Listening, NoPreview, check_sentence
from cartesia_nb.widgets.explorer.page import ExplorerPage
from cartesia_nb.widgets.explorer.voice_table import Voice
from cartesia_nb.widgets.field import explained
from cartesia_nb.widgets.shelf import Shelf
from cartesia_nb.widgets.work import State, Work, step
from cartesia_nb.widgets.work_line import CANCELLED
from cartesia_nb.wire.errors import InputError


class Asked(NamedTuple):
    """What a person wants to hear: one voice, or several that are compared.

    `text` is None for the preview.
    """

    voices: Sequence[str]
    text: str | None
    compared: bool = False
    blind: bool = False


class Heard(NamedTuple):
    """A voice, by its id, and what was heard of it."""

    voice: str
    speech: Speech


class Audition:
    """Gets what a page wants to hear, one after the other, in a thread.

    What is asked for while something is on its way comes next; only the latest of it.

    Parameters
    ----------
    page : ExplorerPage
        Where it shows how far it is, and what went wrong.
    shelf : Shelf
        Where the results lie.

    Attributes
    ----------
    voices : mapping
        The voices that can be heard, by id.
    listening : Listening
        All that was heard.
    choices : list of dict
        What was chosen blind.
    result : Speech, Speeches or None
        What was heard last.
    """

    def __init__(self, page: ExplorerPage, shelf: Shelf) -> None:
        self.voices: Mapping[str, Voice] = {}
        self.listening = Listening()
        self.choices: list[dict[str, Any]] = []
        self.result: Speech | Speeches | None = None
        self._page, self._shelf = page, shelf
        self._work = Work(self._show)
        # By which name the page asks for what was heard by itself.
        self._takes: dict[Speech, str] = {}
        self._last: Asked | None = None
        self._now: Asked | None = None
        self._next: Asked | None = None
        self._comparison: Comparison | None = None
        self._compared = Speeches([], side_by_side=True)
        # Held while it is decided what comes next, so that nothing that was asked for is forgotten.
        self._lock = threading.RLock()

    def ask(self, asked: Asked) -> None:
        """Get something, at once if it was heard before."""
        with self._lock:
            self._last, self._next = asked, None
            known = None if asked.compared else self.listening.known(self.voices[asked.voices[0]], asked.text)
            if known is not None:
                self._keep(asked, [Heard(asked.voices[0], known)])
            elif self._work.working:
                self._next = asked
            else:
                self._start(asked)

    def again(self) -> None:
        """Get what was asked for last."""
        if self._last is not None:
            self.ask(self._last)

    def cancel(self) -> None:
        """Call off what is on its way, and what was to come next."""
        with self._lock:
            self._next = None
            self._work.cancel()

    def join(self) -> None:
        """Wait until all is done; for tests and scripts."""
        while self._work.working:
            self._work.join()

    def choose(self, label: str) -> None:
        """Choose one of those that were compared blind.

        Raises
        ------
        InputError
            If there is nothing to choose.
        """
        if self._comparison is None:
            raise InputError("there is nothing to choose.", advice="Compare blind first.")
        chosen = self._comparison.choose(label)
        self.choices.append(chosen.as_choice())
        self._show_comparison(chosen)

    def _start(self, asked: Asked) -> None:
        self._now = asked
        what = "Speaking" if asked.compared else f"Getting {self._name(asked.voices[0])} ready"
        self._work.start(what, partial(self._make, asked), then=partial(self._keep, asked))

    def _make(self, asked: Asked) -> list[Heard]:
        if asked.text is not None:
            check_sentence(asked.text)
        voices = in_order(asked.voices, blind=asked.blind) if asked.compared else asked.voices
        made = []
        for number, voice in enumerate(voices, start=1):
            if asked.compared:
                step(f"Voice {number} of {len(voices)} speaks")
            made.append(Heard(voice, self.listening.hear(self.voices[voice], asked.text)))
        return made

    def _keep(self, asked: Asked, made: Sequence[Heard]) -> None:
        if asked.compared:
            self._compare(str(asked.text), made, blind=asked.blind)
            return
        [(voice, speech)] = made
        self.result = speech
        # What is heard again has the name that it had, and lies on the shelf already.
        is_new = speech not in self._takes
        if is_new:
            self._takes[speech] = self._page.offer(speech)
        heard = {"voice": voice, "text": asked.text, "take": self._takes[speech]}
        self._page.end_turn(heard=heard, trouble=None)
        # After it plays: its copy for the notebook takes a while to make.
        if is_new:
            self._shelf.put(f"{self._name(voice)}: {asked.text or 'preview'}", speech)

    def _compare(self, text: str, made: Sequence[Heard], *, blind: bool) -> None:
        takes = [
            Take(label, heard.voice, self._page.offer(heard.speech))
            for label, heard in zip(ascii_uppercase, made, strict=False)
        ]
        self._compared = Speeches([heard.speech for heard in made], side_by_side=True)
        self._show_comparison(Comparison(text, takes, blind))

    def _show_comparison(self, comparison: Comparison) -> None:
        """Show a comparison; what would tell the names waits for the choice."""
        self._comparison = comparison
        if comparison.told:
            self.result = self._compared
        self._page.end_turn(booth=comparison.for_page(), trouble=None)
        if comparison.told:
            self._shelf.put(f"Comparison: {comparison.text}", self._compared)

    def _show(self, work: Work) -> None:
        if work.working:
            self._page.show(work={"what": work.what}, trouble=None)
            return
        ended: dict[str, Any] = {"work": None}
        if work.state is State.CANCELLED:
            ended["trouble"] = {"message": CANCELLED, "field": None, "way": "", "about": None}
        elif work.error is not None:
            ended["trouble"] = trouble(work.error, self._now)
        self._page.end_turn(**ended)
        with self._lock:
            following, self._next = self._next, None
            if following is not None:
                self._start(following)

    def _name(self, voice: str) -> str:
        return str(self.voices[voice]["name"])


def trouble(error: Exception, asked: Asked | None = None) -> dict[str, Any]:
    """Return what a page shows of an error: of what was asked, at which field, and what can be done."""
    way = "speak" if isinstance(error, NoPreview) else "" if isinstance(error, InputError) else "again"
    about = {"voice": asked.voices[0], "text": asked.text} if asked and not asked.compared else None
    return {"message": explained(error), "field": vars(error).get("field"), "way": way, "about": about}
