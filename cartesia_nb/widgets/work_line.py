"""The line of a form that says what goes on, lets it be cancelled, and what failed be tried again."""

from __future__ import annotations

from collections.abc import Callable

from ipywidgets import Button, HBox, Widget

from cartesia_nb.widgets.field import tell
from cartesia_nb.widgets.note import Note
from cartesia_nb.widgets.work import State, Work
from cartesia_nb.wire.errors import InputError

CANCELLED = "Cancelled. What was sent already may still be carried out, and charged."


class WorkLine(HBox):  # type: ignore[misc]
    """A note on a `Work`, with the buttons Cancel and Retry while they mean something.

    Attributes
    ----------
    work : Work
        What it shows; ``line.work.start(...)`` starts it.
    note : Note
        What goes on, and what went wrong that no field is to blame for.

    Examples
    --------
    >>> line = WorkLine()
    >>> line.attempt(lambda: line.work.start("Reading", lambda: open("missing.txt")))
    >>> line.work.join()
    >>> line.note.wrong
    "This should not have happened: FileNotFoundError: [Errno 2] No such file or directory: 'missing.txt'"
    """

    def __init__(self) -> None:
        self.note, self.work = Note(), Work(self._show)
        self.cancel, self.retry = Button(description="Cancel"), Button(description="Retry")
        self._last: Callable[[], object] = lambda: None
        super().__init__([self.note, self.cancel, self.retry])
        self.add_class("cartesia-work")
        self.cancel.on_click(lambda _: self.work.cancel())
        self.retry.on_click(lambda _: self.attempt(self._last))
        self._show(self.work)

    def attempt(self, action: Callable[[], object]) -> None:
        """Do what a button asks for, in the button's own thread.

        Whatever it raises is shown: at the field that is wrong, or in this line. Retry does it again.
        """
        if not self.work.working:
            self._last, self.note.text, self.note.wrong = action, "", ""
            show(self.retry, visible=False)
        self.safely(action)

    def safely(self, action: Callable[[], object]) -> None:
        """Do something in a callback; what it raises is shown, for callbacks have no cell to show it."""
        try:
            action()
        except Exception as error:  # noqa: BLE001 - nobody would see it otherwise
            tell(error, self.note)

    def _show(self, work: Work) -> None:
        told = {State.WORKING: f"{work.what} …", State.CANCELLED: CANCELLED}
        self.note.text, self.note.wrong = told.get(work.state, ""), ""
        if work.error is not None:
            tell(work.error, self.note)
        again = work.state is State.CANCELLED or not isinstance(work.error, InputError | None)
        show(self.cancel, work.working)
        show(self.retry, again)


def show(widget: Widget, visible: bool) -> None:
    """Let a widget be seen and reached, or not."""
    widget.layout.display = None if visible else "none"
