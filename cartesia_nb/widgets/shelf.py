"""The shelf: what a form made, as an ordinary output below it."""

from __future__ import annotations

import html
import os
import threading
from collections.abc import Mapping
from typing import Any, NamedTuple

from IPython.display import DisplayHandle
from ipywidgets import HTML

from cartesia_nb.speech.tags import made_in, output_metadata

#: How many results lie on it, and how large (in characters) they are together: Jupyter servers lose
#: messages over 10 MiB. The newest is always there.
MOST, LARGEST = 8, 6_000_000

RESULT = """<section style="margin:.8em 0;padding-left:4px">
<div style="font-weight:600;margin-bottom:.3em">{title}</div>
{shown}
</section>"""
MORE = '<div style="opacity:.75;font-size:.85em">Older ones are in <code>.results</code> of the form.</div>'

AGAIN = "<em>This page was loaded anew. New results show here; run the cell again to keep them below it.</em>"


class Result(NamedTuple):
    """Something on the shelf, and how the sounds in it were made."""

    title: str
    shown: str
    made: list[Mapping[str, Any]]


class Shelf:
    """What was made, newest first, as static HTML that is saved with the notebook.

    It is an output with a display id, not a widget: a saved or exported notebook shows and plays it without
    a kernel. There is no other place where a form shows its results, except where such outputs cannot be
    updated: in Voila, in a page that was loaded anew, and for a form that stands in another widget. There,
    `live` shows what is made from then on.

    Attributes
    ----------
    live : HTML
        A widget that a form has as its last part; it is empty as long as the output is updated.

    Examples
    --------
    >>> import cartesia_nb
    >>> shelf = Shelf()
    >>> shelf.put("Hello", cartesia_nb.connect().tts.bytes("Hello!"))
    >>> shelf
    Shelf(1 result)
    """

    def __init__(self) -> None:
        self._results: list[Result] = []
        self._count = 0
        self._lock = threading.Lock()
        self._handle = DisplayHandle()  # type: ignore[no-untyped-call]
        self._on_screen = False
        # The page that has the output; results that came after another page took its place.
        self._page: str | None = None
        self._lost: list[Result] | None = None
        self.live = HTML()

    def display(self) -> None:
        """Show it in the cell that runs, and keep it current there and wherever else it is shown."""
        self._page, self._lost, self.live.value = None, None, ""
        if os.environ.get("SERVER_SOFTWARE", "").startswith("voila"):
            self._lost = []
            return
        self._on_screen = True
        self._handle.display(self)  # type: ignore[no-untyped-call]

    def seen_in(self, page: str) -> None:
        """Take note of the page in which a form is shown: `CodeLine.on_page` tells it.

        Notebooks update an output only in the page in which its cell ran.
        """
        with self._lock:
            if not self._on_screen and self._lost is None:
                self._lost = self._results
                self.live.value = _html(self._lost)
        self._page = self._page or page
        if page != self._page and self._lost is None:
            self._lost, self.live.value = [], AGAIN

    def put(self, title: str, made: Any) -> None:
        """Lay something on the shelf; from any thread.

        Parameters
        ----------
        title : str
            What it is, for people.
        made : object
            It shows itself as HTML (`_repr_html_`), or as text.
        """
        result = Result(title, html_of(made), made_in(made))
        with self._lock:
            self._count += 1
            self._results = _fitting([result, *self._results])
            if self._lost is not None:
                self._lost = _fitting([result, *self._lost])
                self.live.value = _html(self._lost)
        if self._on_screen:
            self._handle.update(self)  # type: ignore[no-untyped-call]

    def __repr__(self) -> str:
        return f"Shelf({self._count} result{'' if self._count == 1 else 's'})"

    def _repr_html_(self) -> str:
        return _html(self._results) + (MORE if self._count > len(self._results) else "")

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Tell in the output's metadata how the sounds on it were made."""
        return {}, output_metadata(made for result in self._results for made in result.made)


def html_of(made: Any) -> str:
    """Return how something shows itself in a notebook."""
    if hasattr(made, "_repr_html_"):
        return str(made._repr_html_())
    return f"<div>{html.escape(str(made))}</div>"


def _html(results: list[Result]) -> str:
    return "\n".join(RESULT.format(title=html.escape(result.title), shown=result.shown) for result in results)


def _fitting(results: list[Result]) -> list[Result]:
    """Return the newest, as far as there is room."""
    kept, size = results[:1], len(results[0].shown)
    for result in results[1:MOST]:
        size += len(result.shown)
        if size > LARGEST:
            break
        kept.append(result)
    return kept
