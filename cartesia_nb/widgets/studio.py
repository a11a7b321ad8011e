"""The studio: all forms in one panel, each made when its tab is opened for the first time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from IPython.display import display
from ipywidgets import Widget
from traitlets import Any as Anything

from cartesia_nb.widgets.change_form import ChangeForm
from cartesia_nb.widgets.clone_form import CloneForm
from cartesia_nb.widgets.dictionary_editor import DictionaryEditor
from cartesia_nb.widgets.explorer.explorer import Explorer
from cartesia_nb.widgets.field import explained
from cartesia_nb.widgets.form import close_all
from cartesia_nb.widgets.infill.editor import InfillEditor
from cartesia_nb.widgets.localize_form import LocalizeForm
from cartesia_nb.widgets.note import Note
from cartesia_nb.widgets.recorder import Recorder
from cartesia_nb.widgets.shelf import Shelf
from cartesia_nb.widgets.tabs import Tabs
from cartesia_nb.widgets.transcribe_form import TranscribeForm

STATIC = "<em>The studio needs a running kernel. Run this cell to use it.</em>"


class Studio(Tabs):
    """The panel that `studio` shows.

    Attributes
    ----------
    forms : mapping of str to Widget
        The forms that were opened, by the title of their tab.
    speech : Speech or None
        What is recorded in the first tab; the other forms begin with it.
    shelf : Shelf
        Where all of them lay what they make.
    """

    speech = Anything(None, read_only=True)

    def __init__(self) -> None:
        self.shelf = Shelf()
        self.forms: dict[str, Widget] = {}
        self._makers: Mapping[str, Callable[[], Widget]] = {
            "Record": self._recorder,
            "Voices": lambda: Explorer(shelf=self.shelf),
            "Clone": lambda: CloneForm(self, self.shelf),
            "Localize": lambda: LocalizeForm(shelf=self.shelf),
            "Edit": lambda: InfillEditor(self, self.shelf),
            "Change": lambda: ChangeForm(self, self.shelf),
            "Transcribe": lambda: TranscribeForm(self, self.shelf),
            "Pronounce": lambda: DictionaryEditor(shelf=self.shelf),
        }
        super().__init__(list(self._makers), self.shelf.live)
        self.list.observe(lambda _: self._open(), "chosen")
        self._open()

    def close(self) -> None:
        """Take it off the page; what goes on in its forms is cancelled."""
        close_all(self.children)
        super().close()

    def __repr__(self) -> str:
        return f"Studio({', '.join(self.forms)})"

    def _open(self) -> None:
        """Make the form of the tab that is open, unless it is there; why it cannot be made stands there."""
        title, panel = self.list.titles[self.list.chosen], self.panels[self.list.chosen]
        if title in self.forms:
            return
        try:
            self.forms[title] = self._makers[title]()
        except Exception as error:  # noqa: BLE001 - nobody would see it: callbacks have no cell
            panel.children = [Note(wrong=explained(error))]
        else:
            panel.children = [self.forms[title]]

    def _recorder(self) -> Recorder:
        recorder = Recorder()
        recorder.observe(lambda change: self.set_trait("speech", change.new), "speech")
        return recorder

    def _ipython_display_(self) -> None:
        display(self._repr_mimebundle_() | {"text/html": STATIC}, raw=True)  # type: ignore[no-untyped-call]
        self.shelf.display()


def studio() -> Studio:
    """Show all forms in one panel of tabs: Record, Voices, Clone, Localize, Edit, Change and so on.

    Returns
    -------
    Studio
        Its `forms` are those that were opened; each has its `result` and `results`.

    Examples
    --------
    >>> panel = studio()
    >>> panel.list.chosen = 2
    >>> list(panel.forms)
    ['Record', 'Clone']
    """
    return Studio()
