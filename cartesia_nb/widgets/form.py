"""A form: fields, buttons, what goes on, the same in Python; what it makes lies on the shelf below it."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from IPython.display import display
from ipywidgets import HTML, Button, HBox, VBox, Widget

from cartesia_nb.widgets.code_line import CodeLine
from cartesia_nb.widgets.field import Field
from cartesia_nb.widgets.shelf import Shelf
from cartesia_nb.widgets.work_line import WorkLine

if TYPE_CHECKING:
    from cartesia_nb.frames import Schema
    from cartesia_nb.speech.playable import Playable

RESULTS: Schema = {
    "time": "datetime64[ns, UTC]",
    "action": "string",
    "arguments": "object",
    "result": "object",
}
TITLE = (
    '<h3 style="margin:0;font-size:1.2em;font-weight:600">{title}</h3>'
    '<p style="margin:.2em 0 0;opacity:.8">{about}</p>'
)
STATIC = "<em>{title}: a form that needs a running kernel. Run this cell to use it.</em>"


class Form(VBox):  # type: ignore[misc]
    """What all forms have in common.

    A form shows itself with its shelf below it. Each of its buttons is made with `button`: what goes wrong
    in it is shown at the field to blame, or in the line below the buttons. Slow work is started with
    ``self.line.work.start(what, call, then)``, and `then` calls `keep` with what was made.

    Parameters
    ----------
    title, about : str
        What it is, in a word and in a sentence.
    python : callable
        Returns the line of Python that does the same, as the fields stand.
    shelf : Shelf, optional
        Where its results go; its own, if none is given.

    Attributes
    ----------
    result : object
        The last thing it made; None before.
    results : DataFrame
        All that it made: ``time``, ``action``, ``arguments``, ``result``.
    line : WorkLine
        What goes on.
    code : CodeLine
        The line of Python that does the same.
    """

    def __init__(self, title: str, about: str, python: Callable[[], str], shelf: Shelf | None = None) -> None:
        self.title, self.result, self._python = title, None, python
        self.line, self.code = WorkLine(), CodeLine()
        self._own_shelf = shelf is None
        self.shelf = shelf or Shelf()
        self._made: list[dict[str, Any]] = []
        self._head = HTML(TITLE.format(title=html.escape(title), about=html.escape(about)))
        super().__init__()
        self.add_class("cartesia-form")

    @property
    def results(self) -> Playable:
        """All that it made in this session, the oldest first."""
        from cartesia_nb.frames import frame
        from cartesia_nb.speech.playable import Playable

        return Playable(frame(self._made, RESULTS))

    def lay_out(self, *parts: Widget) -> None:
        """Put the parts of the form one below the other, and keep the line of code current."""
        live = [self.shelf.live] if self._own_shelf else []
        self.children = [self._head, *parts, self.line, self.code, *live]
        self.code.on_page(self.shelf.seen_in)
        for part in parts:
            if hasattr(part, "control"):
                self.watch(part, self.write)
        self.write()

    def watch(self, field: Field, action: Callable[[], object], *names: str) -> None:
        """Do something whenever a field changes, or another trait of its control; its errors are shown."""
        field.control.observe(lambda _: self.line.safely(action), ["value", *names])

    def button(self, text: str, action: Callable[[], object], *, style: str = "") -> Button:
        """Return a button whose errors are shown."""
        button = Button(description=text, button_style=style)
        button.on_click(lambda _: self.line.attempt(action))
        return button

    def keep(self, action: str, arguments: dict[str, Any], result: Any, shown: Any = None) -> None:
        """Keep what was made, and lay it on the shelf; `shown`, if it shows itself in another way."""
        self.result = result
        now = datetime.now(UTC)
        self._made.append({"time": now, "action": action, "arguments": arguments, "result": result})
        self.shelf.put(action, result if shown is None else shown)

    def close(self) -> None:
        """Take the form off the page; what goes on in it is cancelled. Its results stay."""
        self.line.work.cancel()
        close_all(self.children)
        super().close()

    def __repr__(self) -> str:
        return f"{self.title}: {self.shelf!r}"

    def write(self) -> None:
        """Write the line of Python anew."""
        self.code.code = self._python()

    def _ipython_display_(self) -> None:
        fallback = STATIC.format(title=html.escape(self.title))
        shown = self._repr_mimebundle_() | {"text/html": fallback}
        display(shown, raw=True)  # type: ignore[no-untyped-call]
        if self._own_shelf:
            self.shelf.display()


def row(*widgets: Widget) -> HBox:
    """Return widgets beside each other, on as many lines as they need."""
    box = HBox(widgets)
    box.add_class("cartesia-row")
    return box


def close_all(widgets: Sequence[Widget]) -> None:
    """Close widgets and all that is in them."""
    for widget in widgets:
        close_all(getattr(widget, "children", ()))
        widget.close()
