"""A recording before and after it was edited, in players that turn into each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anywidget import AnyWidget
from ipywidgets import VBox
from traitlets import Int, List

from cartesia_nb.widgets.form import close_all
from cartesia_nb.widgets.infill.edits import Edits
from cartesia_nb.widgets.modules import script, style
from cartesia_nb.widgets.player import Player
from cartesia_nb.widgets.work_line import show

ORIGINAL, NEW = 0, 1
#: How long before a new part a player stands, in seconds: a joint is heard best with what leads to it.
LEAD = 1.0

Selection = tuple[float, float] | None


class Turn(AnyWidget):
    """The buttons that say which of two players is heard.

    The page turns at once, and goes on playing in the same place; Python hears of it.

    Attributes
    ----------
    shown : int
        `ORIGINAL` or `NEW`.
    anchors : list of (float, float)
        Times in both that are the same place, in seconds.
    """

    _esm = script("infill/turn.js")
    _css = style("infill/infill.css")

    shown = Int(NEW).tag(sync=True)
    anchors: List[Any] = List().tag(sync=True)


class Takes(VBox):  # type: ignore[misc]
    """A player for a recording as it is, and one for the original, once they differ.

    Parameters
    ----------
    selected : callable
        Gets what is selected in the recording as it is, whenever that changes.

    Attributes
    ----------
    turn : Turn
        Which of the two is heard.
    players : list of Player
        That of the original, if it differs, and that of the recording as it is.

    Examples
    --------
    >>> import cartesia_nb
    >>> takes = Takes(print)
    >>> takes.show(Edits.of(cartesia_nb.connect().tts.bytes("Hello!")))
    >>> takes.select((0.1, 0.4))
    (0.1, 0.4)
    """

    def __init__(self, selected: Callable[[Selection], object]) -> None:
        self._selected = selected
        self.turn = Turn()
        self.players: list[Player] = []
        super().__init__()
        self.add_class("cartesia-takes")
        self.turn.observe(lambda _: self._turned(), "shown")

    def show(self, edits: Edits) -> None:
        """Show the current version, and let it be compared with the original."""
        old, now = self.players, edits.current
        shown = [now] if now is edits.original else [edits.original, now]
        self.players = [Player(version.speech) for version in shown]
        if now.edits:
            begin = max(0.0, now.edits[-1]["start"] - LEAD)
            self.players[-1].set_trait("position", begin)
        self.turn.anchors, self.turn.shown = [list(anchor) for anchor in now.anchors], NEW
        self._turned()
        self.children = [self.turn, *self.players] if len(shown) > 1 else self.players
        close_all(old)
        self.players[-1].observe(lambda change: self._selected(change["new"]), "selection")

    @property
    def selection(self) -> Selection:
        """What is selected in the recording as it is, from start to end in seconds."""
        selection: Selection = self.players[-1].selection if self.players else None
        return selection

    def select(self, selection: Selection) -> None:
        """Select a part of the recording as it is."""
        self.players[-1].selection = selection  # type: ignore[assignment]

    def close(self) -> None:
        """Close the players."""
        close_all([self.turn, *self.players])
        super().close()

    def _turned(self) -> None:
        for number, player in enumerate(self.players):
            show(player, visible=len(self.players) == 1 or number == self.turn.shown)
