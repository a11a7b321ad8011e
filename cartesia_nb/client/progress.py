"""A progress line for what takes long."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from tqdm import tqdm

#: Seconds before it is shown.
PATIENCE = 1.0

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
            from tqdm.auto import tqdm

            self.bar = tqdm(desc=self.what, unit=f" {self.unit}", total=self.total, leave=False)
        if self.bar is not None:
            self.bar.update(done - self.bar.n)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.close()
