"""The words of a recording, of which a row can be chosen."""

from __future__ import annotations

from anywidget import AnyWidget
from traitlets import Int, List, Tuple, Unicode

from cartesia_nb.widgets.modules import script, style


class WordList(AnyWidget):
    """Words as a text has them; some that follow each other are chosen by mouse or by keyboard.

    A click chooses a word, a drag or Shift extends it to a row. The keys are: left and right (with Shift,
    to extend), Home, End, space (the marked word), Escape (none).

    Attributes
    ----------
    description : str
        The label.
    words : list of str
    value : (int, int) or None
        The first and the last word that are chosen, counted from 0.

    Examples
    --------
    >>> chosen = WordList(words=["We", "meet", "on", "Tuesday."])
    >>> chosen.value = (2, 3)
    """

    _esm = script("infill/words.js")
    _css = style("infill/infill.css")

    description = Unicode("Words").tag(sync=True)
    words = List(Unicode()).tag(sync=True)
    value = Tuple(Int(), Int(), default_value=None, allow_none=True).tag(sync=True)
