"""What a failure of the network means, in one line."""

from __future__ import annotations

from requests import RequestException
from urllib3.exceptions import (
    ConnectTimeoutError,
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

from cartesia_nb.wire.connection import CONNECT_TIMEOUT, READ_TIMEOUT
from cartesia_nb.wire.errors import CartesiaError, ConnectionFailed, DeadlineExceeded

MORE_TIME = "with_options(timeout=...) allows more."
NOT_AGAIN = " It was not sent again, since it may have been charged."
CHECK = "Check the network and the base URL, then try again."

# From the special to the general: the first that fits is told.
STORIES: tuple[tuple[type[Exception], str, str], ...] = (
    (NameResolutionError, "{host} could not be found (no network, or a wrong base URL).", CHECK),
    (ProxyError, "the proxy on the way to {host} did not work.", "Check HTTPS_PROXY and NO_PROXY."),
    (
        SSLError,
        "no secure connection to {host}: its certificate was not accepted, or it speaks no TLS.",
        "Check the base URL. A company's proxy may need its own certificate: set REQUESTS_CA_BUNDLE.",
    ),
    (NewConnectionError, "nothing answers at {host}.", CHECK),
    (ConnectTimeoutError, f"no connection to {{host}} within {CONNECT_TIMEOUT:g} s.", CHECK),
)


def cause_of(error: RequestException) -> Exception:
    """Return what urllib3 raised below an error of `requests`."""
    inner = error.args[0] if error.args else error
    if isinstance(inner, MaxRetryError):
        inner = inner.reason
    return inner if isinstance(inner, Exception) else error


def no_answer(cause: Exception, host: str, *, changes: bool, sent: bool) -> CartesiaError:
    """Return the error for a request that got no answer.

    Parameters
    ----------
    cause : Exception
        What urllib3 raised.
    host : str
        Where the request went.
    changes : bool
        Whether it is one that charges or changes something.
    sent : bool
        Whether it may have reached the server.
    """
    error = _no_answer(cause, host, again=NOT_AGAIN if changes and sent else "")
    error.sent = sent
    return error


def _no_answer(cause: Exception, host: str, *, again: str) -> CartesiaError:
    if isinstance(cause, ReadTimeoutError):
        return DeadlineExceeded(f"{host} was silent for {READ_TIMEOUT:g} s.{again}")
    for kind, story, advice in STORIES:
        if isinstance(cause, kind):
            return ConnectionFailed(f"{story.format(host=host)}{again}", advice=advice)
    return ConnectionFailed(f"the connection to {host} broke before an answer came.{again}", advice=CHECK)


def too_late(
    host: str, seconds: float, *, changes: bool, sent: bool = True, partial: bytes = b""
) -> DeadlineExceeded:
    """Return the error for a call that its deadline ended."""
    came = f"; {len(partial)} bytes came (.partial)" if partial else ""
    again = NOT_AGAIN if changes and sent else ""
    error = DeadlineExceeded(
        f"{host} did not finish within {seconds:g} s{came}.{again}", advice=MORE_TIME, partial=partial
    )
    error.sent = sent
    return error
