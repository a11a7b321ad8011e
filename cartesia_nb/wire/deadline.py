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
    passed : bool
        True once the call was ended; what was read after that is not whole.

    Examples
    --------
    >>> with Deadline(10) as deadline:
    ...     deadline.passed
    False
    """

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._at = time.monotonic() + seconds
        self._socket: socket.socket | None = None
        self._over = False
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Under the lock: a socket that goes back to the pool must not be shut down any more.
        with self._lock:
            self._over = True
        self._timer.cancel()

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
        return max(self._at - time.monotonic(), 0.001)

    def watch(self, sock: socket.socket | None) -> None:
        """Name the socket that the call waits for."""
        with self._lock:
            self._socket = sock
            if self.passed:
                self._shut_down()

    def _end(self) -> None:
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


#: The deadline of the call that this thread is making.
CURRENT: ContextVar[Deadline | None] = ContextVar("deadline", default=None)
