"""What can go wrong, as one tree.

::

    CartesiaError
    ├── InputError               bad input: nothing was sent, nothing was charged  (also a ValueError)
    │   ├── MissingKey           no API key is known
    │   ├── OverBudget           it would cost more than the budget has left
    │   └── UnknownVoice         no voice, or more than one, has that name
    ├── APIError                 the server answered with an error status
    │   ├── BadRequest           400
    │   ├── AuthenticationError  401
    │   ├── PaymentRequired      402
    │   ├── PermissionDenied     403
    │   ├── NotFound             404
    │   ├── Conflict             409
    │   ├── Unprocessable        422
    │   ├── RateLimited          429
    │   └── ServerError          500 and above
    ├── NotStored                a replay found no stored answer: nothing was sent
    ├── ConnectionFailed         no connection, or it broke before the answer  (also a ConnectionError)
    ├── DeadlineExceeded         a time limit ended the call                   (also a TimeoutError)
    └── BadAnswer                the server said 200, but not what was asked for
        └── IncompleteBody       the answer ended early

What had arrived of an answer that is not whole is the error's `partial`. The text of an error is one
line: what happened, why, and what to do.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from cartesia_nb.wire.masks import hide_keys

PACKAGE = f"{Path(__file__).parents[1]}{os.sep}"


class CartesiaError(Exception):
    """Whatever this package raises for a reason that its user can do something about.

    Parameters
    ----------
    message : str
        What happened and why, in one line.
    advice : str, optional
        What to do about it.

    Attributes
    ----------
    as_line : bool
        True when IPython should show the error as one line, without a traceback; magics set it.
    partial : bytes
        What had arrived of an answer that is not whole.
    sent : bool
        False if the request has certainly not reached the server, so that nothing was charged.
    """

    as_line = False
    sent = True

    def __init__(self, message: str, *, advice: str = "", partial: bytes = b"") -> None:
        super().__init__(hide_keys(message))
        self.message = hide_keys(message)
        self.advice = hide_keys(advice)
        self.partial = partial

    def hide(self, hidden: Callable[[str], str]) -> None:
        """Pass every text of the error through a function that masks a key."""
        self.args = tuple(hidden(text) for text in self.args)
        for name, value in vars(self).items():
            if isinstance(value, str):
                setattr(self, name, hidden(value))

    def __str__(self) -> str:
        return " ".join(filter(None, [self.message, self.advice]))

    def _render_traceback_(self) -> list[str]:
        """IPython asks an exception for its own traceback by this name."""
        shell = sys.modules["IPython"].get_ipython()
        if self.as_line and shell.InteractiveTB.mode == "Context":
            return [f"{type(self).__name__}: {self}"]
        verbose = shell.InteractiveTB.mode == "Verbose"
        return self._shown(self.__traceback__ if verbose else _users_frames(self))

    def whole_traceback(self) -> str:
        """Return the traceback as IPython shows it, with the frames of this package."""
        return "\n".join(self._shown(self.__traceback__))

    def _shown(self, frames: TracebackType | None) -> list[str]:
        shell = sys.modules["IPython"].get_ipython()
        shown: list[str] = shell.InteractiveTB.structured_traceback(type(self), self, frames)
        return [hide_keys(text) for text in shown]


def _users_frames(error: BaseException) -> TracebackType | None:
    """Return the traceback of `error` up to where it enters this package."""
    users = itertools.takewhile(
        lambda step: not step[0].f_code.co_filename.startswith(PACKAGE),
        traceback.walk_tb(error.__traceback__),
    )
    shown = None
    for frame, line in reversed(list(users)):
        shown = TracebackType(shown, frame, frame.f_lasti, line)
    return shown


class InputError(CartesiaError, ValueError):
    """Bad input, found before anything was sent: nothing was charged."""

    sent = False


class MissingKey(InputError):
    """No API key is known."""


class OverBudget(InputError):
    """A call would cost more than the budget has left."""


class UnknownVoice(InputError):
    """No voice, or more than one, has the name that was given."""


class APIError(CartesiaError):
    """The server answered with an error status.

    Attributes
    ----------
    status : int
        The HTTP status.
    detail : str
        What the API says about it.
    code : str or None
        The API's `error_code`, such as ``"voice_not_found"``; versions before 2026-03-01 have none.
    title : str
        The API's short name for the error, "" when there is none.
    request_id : str or None
        What to tell Cartesia's support.
    doc_url : str or None
        Where the API documents the error.
    """

    default_advice = ""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        code: str | None = None,
        title: str = "",
        request_id: str | None = None,
        doc_url: str | None = None,
    ) -> None:
        self.status, self.detail, self.code, self.title = status, hide_keys(detail), code, title
        self.request_id, self.doc_url = request_id, doc_url
        super().__init__(f"the API answered {status}: {detail}", advice=self.default_advice)

    def __str__(self) -> str:
        reference = f"(request {self.request_id})" if self.request_id else ""
        return " ".join(filter(None, [_sentence(self.message), self.advice, self.doc_url, reference]))


class BadRequest(APIError):
    """400: the API does not accept an argument."""


class AuthenticationError(APIError):
    """401: the API key is missing, wrong or revoked."""

    default_advice = "Check the API key (api_key=, CARTESIA_API_KEY)."


class PaymentRequired(APIError):
    """402: no credits are left."""

    default_advice = "Add credits or change the plan at play.cartesia.ai."


class PermissionDenied(APIError):
    """403: this key may not do that."""


class NotFound(APIError):
    """404: no such id."""


class Conflict(APIError):
    """409: the request contradicts the present state."""


class Unprocessable(APIError):
    """422: an argument has the right type but no possible meaning."""


class RateLimited(APIError):
    """429: too many requests at once for the plan."""

    default_advice = "Wait a moment, or send fewer requests at once."


class ServerError(APIError):
    """5xx: the service failed."""

    default_advice = "The service failed, not your input: try again later."


class NotStored(CartesiaError):
    """A replay found no stored answer; nothing was sent."""

    sent = False


class ConnectionFailed(CartesiaError, ConnectionError):
    """The server could not be reached, or the connection broke before the answer came."""


class DeadlineExceeded(CartesiaError, TimeoutError):
    """A time limit ended the call."""


class BadAnswer(CartesiaError):
    """The server reported success, but the answer is not what was asked for."""


class IncompleteBody(BadAnswer):
    """The answer ended early."""


BY_STATUS: dict[int, type[APIError]] = {
    400: BadRequest,
    401: AuthenticationError,
    402: PaymentRequired,
    403: PermissionDenied,
    404: NotFound,
    409: Conflict,
    422: Unprocessable,
    429: RateLimited,
}

LONGEST_DETAIL = 500

BEGINNINGS = (
    (b"<", "a web page"),
    (b"{", "JSON"),
    (b"[", "JSON"),
    (b"RIFF", "a WAV file"),
    (b"ID3", "MP3"),
    (b"\xff", "MP3"),
)


def api_error(
    status: int, body: str, request_id: str | None = None, retry_after: str | None = None
) -> APIError:
    """Make the error for an answer with an error status, whatever shape its body has.

    Parameters
    ----------
    status : int
        The HTTP status, 300 or above.
    body : str
        The body of the answer: the JSON of newer versions, or plain text.
    request_id : str or None
        The request id of the response's headers, used when the body has none.
    retry_after : str, optional
        How long the server asks to wait, as its header says it.
    """
    fields = {name: value for name, value in _error_fields(body).items() if isinstance(value, str)}
    if status >= 500:
        kind: type[APIError] = ServerError
    else:
        kind = BY_STATUS.get(status, APIError)
    error = kind(
        status,
        " ".join(fields["message"].split())[:LONGEST_DETAIL] or "no reason given",
        code=fields.get("error_code") or None,
        title=fields.get("title") or "",
        request_id=fields.get("request_id") or request_id,
        doc_url=fields.get("doc_url") or None,
    )
    if retry_after and retry_after.strip().isdecimal():
        error.advice = f"The server asks to wait {retry_after.strip()} s."
    return error


def _error_fields(body: str) -> dict[str, Any]:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        return {"message": _plain_text(body)}
    inner = parsed.get("error")
    if isinstance(inner, dict):
        parsed = {**parsed, **inner}
    message = (
        parsed.get("message") or (inner if isinstance(inner, str) else "") or parsed.get("title") or body
    )
    return {**parsed, "message": str(message)}


def _plain_text(body: str) -> str:
    if body.lstrip()[:1] == "<":
        return "a web page instead of an error message (a proxy or a wrong base URL?)"
    return body


def looks_like(body: bytes) -> str:
    """Say what the beginning of a body looks like, without showing any of it."""
    start = body[:64].lstrip()
    for mark, kind in BEGINNINGS:
        if start.startswith(mark):
            return kind
    return "nothing at all" if not body else "something else"


def instead_of_json(body: bytes) -> str:
    """Say what stands where JSON should: what looks like it, and cannot be read, is broken."""
    found = looks_like(body)
    return "broken JSON" if found == "JSON" else found


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else text + "."
