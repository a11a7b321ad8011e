"""Connections, and what goes over them: requests with a whole answer, and streams."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from http.cookiejar import DefaultCookiePolicy
from typing import TypeVar

import requests

from cartesia_nb.wire.call import Call
from cartesia_nb.wire.connection import Adapter
from cartesia_nb.wire.deadline import Deadline
from cartesia_nb.wire.errors import CartesiaError
from cartesia_nb.wire.exchange import Answer, Request
from cartesia_nb.wire.masks import hide_keys
from cartesia_nb.wire.options import Options
from cartesia_nb.wire.streams import Stream, Tap

Result = TypeVar("Result")


class Session:
    """Connections that are kept for the next call; safe to share between threads."""

    def __init__(self) -> None:
        self._http = requests.Session()
        self._http.mount("https://", Adapter())
        self._http.mount("http://", Adapter())
        self._http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def send(self, request: Request, options: Options) -> Answer:
        """Send a request and return the whole answer.

        Raises
        ------
        APIError
            The server answered with an error status.
        ConnectionFailed
            No connection, or it broke before the answer came.
        DeadlineExceeded
            `options.timeout` seconds passed, or the server was silent for a minute.
        IncompleteBody
            The answer ended early.
        BadAnswer
            The answer cannot be used: a redirect, for instance.
        """
        hide = _mask(options)

        def send() -> Answer:
            with Deadline(options.timeout) as deadline, deadline.in_force():
                return Call(self._http, request, options, deadline).answer(hide)

        return _cleanly(send, hide)

    def stream(self, request: Request, options: Options, tap: Tap | None = None) -> Stream:
        """Send a request and return its answer as a stream of messages, which has just begun.

        A `tap` hears of all that comes. The time limit covers the stream to its end. Errors are those of
        `send`; what breaks later is raised by the stream.
        """
        hide = _mask(options)

        def begin() -> Stream:
            with ExitStack() as stack:
                deadline = stack.enter_context(Deadline(options.timeout))
                with deadline.in_force():
                    begun = Call(self._http, request, options, deadline).begun()
                return Stream(begun, hide, stack.pop_all(), tap)

        return _cleanly(begin, hide)


def _mask(options: Options) -> Callable[[str], str]:
    return options.key.hide_in if options.key else hide_keys


def _cleanly(action: Callable[[], Result], hide: Callable[[str], str]) -> Result:
    """Do something; what it raises shows no key, and no frame of the libraries below."""
    try:
        return action()
    except BaseException as error:  # noqa: BLE001 - also a KeyboardInterrupt is raised again below
        failed = error
    if isinstance(failed, CartesiaError):
        failed.hide(hide)
    # Raised here, so that no frame or context of the libraries, with headers in it, hangs on.
    failed.__context__ = failed.__cause__ = None
    raise failed.with_traceback(None)
