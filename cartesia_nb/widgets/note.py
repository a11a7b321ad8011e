"""A note: what a person is told at a place, and a screen reader reads aloud."""

from __future__ import annotations

from anywidget import AnyWidget
from traitlets import Unicode

from cartesia_nb.widgets.modules import script, style


class Note(AnyWidget):
    """A line of text at the place that it is about; empty, it takes no room.

    ipywidgets has no live regions, and cannot tie a message to its field: that is why this is a widget of
    its own. In a `Field` it describes the control beside it, and marks it as wrong.

    Attributes
    ----------
    text : str
        What is good to know: a hint, a price, how far something is. Read aloud when there is time.
    wrong : str
        What is wrong. Read aloud at once.

    Examples
    --------
    >>> note = Note(text="About 12 credits.")
    >>> note.wrong = "There is nothing to say."
    """

    _esm = script("note.js")
    _css = style("note.css")

    text = Unicode().tag(sync=True)
    wrong = Unicode().tag(sync=True)
