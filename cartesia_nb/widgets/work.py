"""Work that takes a while: one call at a time, in a thread of its own, and it can be called off."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import Context, ContextVar, copy_context
from enum import Enum
from functools import partial
from typing import Any

from cartesia_nb.wire.deadline import CURRENT
from cartesia_nb.wire.errors import InputError

#: Tells the work that this thread does what comes next; the answer is whether it is still wanted.
GOING_ON: ContextVar[Callable[[str], bool] | None] = ContextVar("going_on", default=None)


class State(Enum):
    """What became of the last call."""

    IDLE = "idle"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class CalledOff(Exception):
    """Ends a call that nobody waits for any more; `Work` alone sees it."""


class Work:
    """One call at a time in a thread, so that a form stays usable.

    Parameters
    ----------
    changed : callable, optional
        Gets the work itself whenever `state` or `what` has changed, in whichever thread changes it.
        `WorkLine` is one that shows it to a person.

    Attributes
    ----------
    state : State
        What became of the last call.
    what : str
        What goes on, or went on, for people: ``"Cloning"``.
    error : Exception or None
        Why it failed.

    Examples
    --------
    >>> work, made = Work(), []
    >>> work.start("Adding", lambda: 1 + 1, then=made.append)
    >>> work.join()
    >>> work.state, made
    (<State.DONE: 'done'>, [2])
    """

    def __init__(self, changed: Callable[[Work], None] = lambda _: None) -> None:
        self.state, self.what = State.IDLE, ""
        self.error: Exception | None = None
        self._changed = changed
        # The context of the call whose result is wanted; None once it has come, or is not wanted any more.
        self._wanted: Context | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    @property
    def working(self) -> bool:
        """Whether a call is on its way."""
        return self.state is State.WORKING

    def start(
        self, what: str, call: Callable[[], Any], then: Callable[[Any], object] = lambda _: None
    ) -> None:
        """Begin a call.

        Parameters
        ----------
        what : str
            What it does, for people: ``"Cloning"``.
        call : callable
            Runs in a daemon thread. Between its parts it may call `step`.
        then : callable, optional
            Gets the result, in the same thread. What it raises counts as failure, too.

        Raises
        ------
        InputError
            If another call is on its way.
        """
        with self._lock:
            if self.working:
                raise InputError(f"{self.what} is still going on.", advice="Wait for it, or cancel it.")
            context = self._wanted = copy_context()
            self.state, self.what, self.error = State.WORKING, what, None
        self._changed(self)
        self._thread = threading.Thread(
            target=context.run, args=(self._run, context, call, then), name=f"cartesia_nb {what}", daemon=True
        )
        self._thread.start()

    def cancel(self) -> None:
        """Call it off: hang up, and do not take what comes all the same.

        What the server has begun may be carried out, and charged. Does nothing if nothing goes on.
        """
        with self._lock:
            context, self._wanted = self._wanted, None
            if context is None:
                return
            self.state = State.CANCELLED
        # A context can be read from any thread: this is the deadline of the request under way.
        deadline = context.get(CURRENT)
        if deadline is not None:
            deadline.end()
        self._changed(self)

    def join(self, timeout: float | None = None) -> None:
        """Wait until the thread is done; for tests and scripts."""
        if self._thread is not None:
            self._thread.join(timeout)

    def _run(self, context: Context, call: Callable[[], Any], then: Callable[[Any], object]) -> None:
        GOING_ON.set(partial(self._goes_on, context))
        result, error = _outcome(call)
        if not self._taken(context):
            return
        if error is None:
            _, error = _outcome(partial(then, result))
        self.state, self.error = State.FAILED if error else State.DONE, error
        self._changed(self)

    def _taken(self, context: Context) -> bool:
        """Tell whether the result of a call is wanted; from here on, it cannot be called off."""
        with self._lock:
            wanted = self._wanted is context
            if wanted:
                self._wanted = None
            return wanted

    def _goes_on(self, context: Context, what: str) -> bool:
        """Take note of what comes next; False if it is not wanted any more."""
        with self._lock:
            wanted = self._wanted is context
            if wanted:
                self.what = what
        if wanted:
            self._changed(self)
        return wanted


def _outcome(call: Callable[[], Any]) -> tuple[Any, Exception | None]:
    """Return a result or an error: the one place where all errors of a thread are caught, to be shown."""
    try:
        return call(), None
    except Exception as error:  # noqa: BLE001 - whatever it is, the person has to see it
        return None, error


def step(what: str) -> None:
    """Say, within a call of `Work`, what comes next; a call that was called off ends here.

    Elsewhere it does nothing, so that what calls it can be used without `Work`.
    """
    goes_on = GOING_ON.get()
    if goes_on is not None and not goes_on(what):
        raise CalledOff
