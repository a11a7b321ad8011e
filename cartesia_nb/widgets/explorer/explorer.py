"""The voice explorer: thousands of voices to search, to hear and to compare."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pandas as pd
from IPython.display import display
from ipywidgets import VBox

from cartesia_nb.client.client import connect
from cartesia_nb.client.defaults import default, set_defaults
from cartesia_nb.client.progress import LISTENER
from cartesia_nb.frames import frame
from cartesia_nb.speech.playable import Playable
from cartesia_nb.speech.speech import Speech
from cartesia_nb.speech.speeches import Speeches
from cartesia_nb.widgets.code_line import CodeLine
from cartesia_nb.widgets.explorer.audition import Asked, Audition, trouble
from cartesia_nb.widgets.explorer.comparison import CHOICE
from cartesia_nb.widgets.explorer.listening import code, comparison_code
from cartesia_nb.widgets.explorer.page import ExplorerPage
from cartesia_nb.widgets.explorer.voice_table import by_id, checked, packed
from cartesia_nb.widgets.field import explained
from cartesia_nb.widgets.form import close_all
from cartesia_nb.widgets.shelf import Shelf
from cartesia_nb.widgets.work import Work, step

STATIC = "<em>The voice explorer needs a running kernel. Run this cell to use it.</em>"
THIN_SPACE = "\u202f"

Act = Callable[[Mapping[str, Any]], object]


class Explorer(VBox):  # type: ignore[misc]
    """The voices of the API, to search, to hear and to compare; `explore` makes it.

    In the list, the arrows, Home, End and the page keys move, Enter plays, the space bar marks a voice
    for a comparison, and letters go to the search field.

    Parameters
    ----------
    voices : DataFrame, optional
        As in `explore`.
    shelf : Shelf, optional
        Where its results go; its own, if none is given.

    Attributes
    ----------
    voices : DataFrame or None
        All that it shows; None while they are loaded.
    page : ExplorerPage
        What a browser shows of it.
    shelf : Shelf
        What was heard, as static HTML, below the explorer.
    """

    def __init__(self, voices: pd.DataFrame | None = None, shelf: Shelf | None = None) -> None:
        self.voices: pd.DataFrame | None = None
        self._own_shelf = shelf is None
        self.shelf = shelf or Shelf()
        self._loading = Work(self._show_loading)
        self.page, self._line = ExplorerPage(self._acts()), CodeLine()
        self._audition = Audition(self.page, self.shelf)
        self._line.on_page(self.shelf.seen_in)
        super().__init__([self.page, self._line, *([self.shelf.live] if self._own_shelf else [])])
        self.add_class("cartesia-explorer-form")
        self.page.observe(self._write_code, ["voice", "marked", "hears", "text"])
        if voices is None:
            self._load()
        else:
            self._open(checked(voices))

    @property
    def voice(self) -> str | None:
        """The id of the voice that is chosen in the list."""
        chosen: str | None = self.page.voice
        return chosen

    @property
    def result(self) -> Speech | Speeches | None:
        """What was heard last; of a blind comparison, nothing before the choice."""
        return self._audition.result

    @property
    def results(self) -> Playable:
        """All that was made, in its order: ``time``, ``voice`` (an id), ``name``, ``text``, ``speech``.

        A preview has no ``text``.
        """
        return self._audition.listening.frame()

    @property
    def choices(self) -> pd.DataFrame:
        """What was chosen blind: ``time``, ``sentence``, ``voices``, ``chosen``.

        The voices are ids, in the order in which they were heard.
        """
        return frame(self._audition.choices, CHOICE)

    def close(self) -> None:
        """Take it off the page; what goes on is cancelled. Its results stay."""
        self._loading.cancel()
        self._audition.cancel()
        close_all(self.children)
        super().close()

    def join(self) -> None:
        """Wait until nothing is loaded or made any more; for tests and scripts."""
        self._loading.join()
        self._audition.join()

    def __repr__(self) -> str:
        return f"Explorer({'loading' if self.voices is None else f'{len(self.voices)} voices'})"

    def _ipython_display_(self) -> None:
        shown = self._repr_mimebundle_() | {"text/html": STATIC}
        display(shown, raw=True)  # type: ignore[no-untyped-call]
        if self._own_shelf:
            self.shelf.display()

    def _acts(self) -> dict[str, Act]:
        """Return what a page can ask for."""
        acts: dict[str, Act] = {
            "load": lambda _: self._load(),
            "hear": lambda asked: self._audition.ask(Asked([asked["voice"]], asked["text"])),
            "compare": lambda asked: self._audition.ask(
                Asked(asked["voices"], asked["text"], compared=True, blind=asked["blind"])
            ),
            "choose": lambda asked: self._audition.choose(asked["label"]),
            "use": lambda asked: self._use(asked["voice"]),
            "again": lambda _: self._audition.again(),
            "cancel": lambda _: self._audition.cancel(),
        }
        return {name: partial(self._shown, act) for name, act in acts.items()}

    def _shown(self, act: Act, asked: Mapping[str, Any]) -> None:
        """Do what was asked, and show whatever goes wrong."""
        try:
            act(asked)
        except Exception as error:  # noqa: BLE001 - nobody would see it: callbacks have no cell
            self.page.end_turn(trouble=trouble(error))

    def _load(self) -> None:
        if not self._loading.working:
            self._loading.start("Loading voices", _all_voices, then=self._open)

    def _show_loading(self, work: Work) -> None:
        if work.error is not None:
            self.page.show(stage={"at": "failed", "message": explained(work.error)})
        elif work.working:
            self.page.show(stage={"at": "loading", "message": work.what})

    def _open(self, voices: pd.DataFrame) -> None:
        self.voices = voices
        self._audition.voices = by_id(voices)
        self.page.contents["voices"] = packed(voices)
        self.page.show(stage={"at": "ready", "message": ""}, usual=self._usual())

    def _use(self, voice: str) -> None:
        set_defaults(voice=voice)
        self.page.show(usual=self._usual())

    def _usual(self) -> str | None:
        """Return the id of the voice that speaks where none is named, if it is here."""
        usual = default("voice")
        named = [voice for voice, row in self._audition.voices.items() if usual in (voice, row["name"])]
        return named[0] if len(named) == 1 else None

    def _write_code(self, _: object) -> None:
        self._shown(lambda _: setattr(self._line, "code", self._code()), {})

    def _code(self) -> str:
        page, voices = self.page, self._audition.voices
        marked = [voices[voice] for voice in page.marked if voice in voices]
        if len(marked) > 1:
            return comparison_code(marked, page.text)
        chosen = voices.get(page.voice or "")
        return code(chosen, page.text if page.hears == "sentence" else None) if chosen else ""


def _all_voices() -> pd.DataFrame:
    """List the voices, and say in the work that does it how many have come."""
    LISTENER.set(lambda count: step(f"Loading voices: {count:,} so far".replace(",", THIN_SPACE)))
    return checked(connect().voices.list())


def explore(voices: pd.DataFrame | None = None) -> Explorer:
    """Show voices to search, to hear and to compare.

    Searching costs nothing, nor do previews; what a sentence costs is shown beside it.

    Parameters
    ----------
    voices : DataFrame, optional
        What `client.voices.list()` returns, or a part of it. By default all voices, which are loaded
        behind the scenes.

    Returns
    -------
    Explorer
        A form; its `voice`, `result`, `results` and `choices` follow what is done there.

    Raises
    ------
    InputError
        If `voices` are something else.

    Examples
    --------
    >>> import cartesia_nb
    >>> explorer = explore(cartesia_nb.connect().voices.list(gender="feminine", limit=3))
    >>> explorer
    Explorer(3 voices)
    >>> list(explorer.choices.columns)
    ['time', 'sentence', 'voices', 'chosen']
    """
    return Explorer(voices)
