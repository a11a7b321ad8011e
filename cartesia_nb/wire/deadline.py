"""A time limit that holds whatever a call is waiting for."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Self


class Deadline:
    """Shuts down the socket of a call that takes too long.

    A socket's own timeout starts anew with every byte, so a body that drips would never end.

    Parameters
    ----------
    seconds : float
        From now.

    Attributes
    ----------
    at : float
        When the call ends, by the monotonic clock.
    passed : bool
        True once the call was ended; what was read after that is not whole.
    reached : bool
        True once there was a connection to the server, so that something may have been sent.

    Examples
    --------
    >>> with Deadline(10) as deadline:
    ...     deadline.passed
    False
    """

    def __init__(self, seconds: float) -> None:
        self.passed = self.reached = False
        self.at = time.monotonic() + seconds
        self._socket: socket.socket | None = None
        self._over = False
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        _WATCH.add(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Under the lock: a socket that goes back to the pool must not be shut down any more.
        with self._lock:
            self._over = True
        _WATCH.discard(self)

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """Let connections that this thread opens or uses within be watched."""
        token = CURRENT.set(self)
        try:
            yield
        finally:
            CURRENT.reset(token)

    def remaining(self) -> float:
        """Return the seconds that are left, at least a thousandth."""
        return max(self.at - time.monotonic(), 0.001)

    def watch(self, sock: socket.socket | None) -> None:
        """Name the socket that the call waits for."""
        with self._lock:
            self._socket = sock
            if self.passed:
                self._shut_down()

    def shorten(self, seconds: float) -> None:
        """Let the call end so many seconds from now, unless it ends earlier anyway."""
        self.at = min(self.at, time.monotonic() + seconds)
        _WATCH.add(self)

    def hang_up(self) -> None:
        """Shut the socket down: whoever waits for it, in any thread, goes on."""
        with self._lock:
            if not self._over:
                self._shut_down()

    def end(self) -> None:
        """End the call, unless it is over."""
        with self._lock:
            if not self._over:
                self.passed = True
                self._shut_down()

    def _shut_down(self) -> None:
        if self._socket is None:
            return
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:  # the other side was faster
            self._socket = None


class _Watch:
    """One thread that ends calls in time: starting one for each call would cost more than the call."""

    def __init__(self) -> None:
        self._deadlines: set[Deadline] = set()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._wakes_at = float("inf")

    def add(self, deadline: Deadline) -> None:
        with self._changed:
            self._deadlines.add(deadline)
            # The thread is gone after a fork.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="cartesia_nb deadlines", daemon=True)
                self._thread.start()
            elif deadline.at < self._wakes_at:
                self._changed.notify()

    def discard(self, deadline: Deadline) -> None:
        with self._changed:
            self._deadlines.discard(deadline)

    def _run(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                for deadline in [due for due in self._deadlines if due.at <= now]:
                    deadline.end()
                    self._deadlines.discard(deadline)
                self._wakes_at = min((due.at for due in self._deadlines), default=float("inf"))
                wait = self._wakes_at - now
                self._changed.wait(None if wait == float("inf") else wait)


_WATCH = _Watch()

#: The deadline of the call that this thread is making.
CURRENT: ContextVar[Deadline | None] = ContextVar("deadline", default=None)
