"""A progress line for what takes long."""

from __future__ import annotations

import html
import sys
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from tqdm import tqdm

#: Seconds before it is shown.
PATIENCE = 1.0
#: Seconds between two states of the line in a notebook.
PACE = 0.1

#: Gets the number of those that are done, as often as it grows: how a form hears of its own thread's work.
LISTENER: ContextVar[Callable[[int], object]] = ContextVar("listener", default=lambda _: None)


class Progress:
    """A progress line that appears when it takes longer than a second, and goes away at the end.

    Parameters
    ----------
    what : str
        What is going on.
    unit : str
        What is counted.
    total : int, optional
        How many there are, where that is known.
    """

    def __init__(self, what: str, unit: str, total: int | None = None) -> None:
        self.what, self.unit, self.total = what, unit, total
        self.started = time.monotonic()
        self.bar: tqdm[Any] | None = None

    def show(self, done: int) -> None:
        """Say how many are done."""
        LISTENER.get()(done)
        # What another thread shows would land in whatever cell runs then.
        if threading.current_thread() is not threading.main_thread():
            return
        if self.bar is None and time.monotonic() - self.started > PATIENCE:
            self.bar = self._bar()
        if self.bar is not None:
            self.bar.update(done - self.bar.n)

    def _bar(self) -> tqdm[Any]:
        from tqdm import tqdm

        line = NotebookLine() if _in_kernel() else None
        unit = f" {self.unit}"
        return tqdm(desc=self.what, unit=unit, total=self.total, leave=False, file=line, mininterval=PACE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.close()


class NotebookLine:
    """A line of a notebook's output that is written anew each time, for tqdm; what is left of it is nothing.

    tqdm's own widget stays in saved notebooks, as the text of a bar at 0 %.
    """

    def __init__(self) -> None:
        from IPython.display import DisplayHandle

        self._output, self._shown = DisplayHandle(), False  # type: ignore[no-untyped-call]

    def write(self, text: str) -> None:
        """Show a line."""
        line = text.strip("\r\n ")
        # As HTML, an empty line takes no room.
        shown = {"text/plain": line, "text/html": f"<pre>{html.escape(line)}</pre>" if line else ""}
        act = self._output.update if self._shown else self._output.display
        act(shown, raw=True)  # type: ignore[no-untyped-call]
        self._shown = True

    def flush(self) -> None:
        """Do nothing: each line is shown at once."""


def _in_kernel() -> bool:
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return hasattr(shell, "kernel")
