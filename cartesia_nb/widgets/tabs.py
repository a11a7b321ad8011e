"""Tabs that work by keyboard, as those of ipywidgets do not."""

from __future__ import annotations

from collections.abc import Sequence

from anywidget import AnyWidget
from ipywidgets import VBox, Widget
from traitlets import Int, List, Unicode

from cartesia_nb.widgets.modules import script, style


class TabList(AnyWidget):
    """The row of tabs: one is reached by Tab, the others by the arrow keys, Home and End.

    Attributes
    ----------
    titles : list of str
    chosen : int
        Which one is open, counted from 0.
    """

    _esm = script("tabs.js")
    _css = style("tabs.css")

    titles = List(Unicode()).tag(sync=True)
    chosen = Int(0).tag(sync=True)


class Tabs(VBox):  # type: ignore[misc]
    """Panels of which one is seen.

    Parameters
    ----------
    titles : sequence of str
    *below : Widget
        What is seen below each of them.

    Attributes
    ----------
    list : TabList
        The row of tabs; ``tabs.list.chosen = 2`` opens the third panel.
    panels : list of VBox
        What is under each tab.

    Examples
    --------
    >>> tabs = Tabs(["One", "Two"])
    >>> tabs.list.chosen = 1
    >>> [panel.layout.display for panel in tabs.panels]
    ['none', None]
    """

    def __init__(self, titles: Sequence[str], *below: Widget) -> None:
        self.list = TabList(titles=list(titles))
        self.panels = [VBox() for _ in titles]
        for panel in self.panels:
            panel.add_class("cartesia-panel")
        super().__init__([self.list, *self.panels, *below])
        self.add_class("cartesia-tabs")
        self.list.observe(lambda _: self._show(), "chosen")
        self._show()

    def _show(self) -> None:
        for number, panel in enumerate(self.panels):
            panel.layout.display = None if number == self.list.chosen else "none"
