"""One request, one answer: sent, retried by the rule about money, read to its end."""

from __future__ import annotations

import logging
import platform
import time
from collections.abc import Callable, Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError, ProtocolError, ReadTimeoutError
from urllib3.util import Retry

from cartesia_nb._version import __version__
from cartesia_nb.wire.connection import CONNECT_TIMEOUT, READ_TIMEOUT, Adapter
from cartesia_nb.wire.deadline import Deadline
from cartesia_nb.wire.errors import (
    APIError,
    BadAnswer,
    CartesiaError,
    IncompleteBody,
    InputError,
    api_error,
    looks_like,
)
from cartesia_nb.wire.exchange import REQUEST_ID, Answer, Request
from cartesia_nb.wire.failures import cause_of, no_answer, too_late
from cartesia_nb.wire.keys import KeyAuth
from cartesia_nb.wire.masks import hide_keys
from cartesia_nb.wire.options import Options, is_loopback
from cartesia_nb.wire.retries import LONGEST_WAIT, retry_policy, wait_before

log = logging.getLogger("cartesia_nb")

BLOCK = 1 << 16
USER_AGENT = f"cartesia_nb/{__version__} Python/{platform.python_version()} requests/{requests.__version__}"

#: In what way a body is not whole: in none.
WHOLE = ""


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
        hide = options.key.hide_in if options.key else hide_keys
        with Deadline(options.timeout) as deadline:
            try:
                return _Call(self._http, request, options, deadline).answer(hide)
            except BaseException as error:  # noqa: BLE001 - also a KeyboardInterrupt is raised again below
                failed = error
        if isinstance(failed, CartesiaError):
            failed.hide(hide)
        # Raised here, so that no frame or context of the libraries below, with headers in it, hangs on.
        failed.__context__ = failed.__cause__ = None
        raise failed.with_traceback(None)


class _Call:
    """One request with all its tries."""

    def __init__(
        self, http: requests.Session, request: Request, options: Options, deadline: Deadline
    ) -> None:
        self.http, self.request, self.options, self.deadline = http, request, options, deadline
        self.started = time.monotonic()
        self.host = urlsplit(options.base_url).netloc

    def answer(self, hide: Callable[[str], str]) -> Answer:
        retry = retry_policy(self.request.verb, self.options.retries)
        prepared = self._prepare()
        while True:
            following: Retry | None
            try:
                with self._try(prepared) as response:
                    following = self._after_refusal(retry, response)
                    if following is None:
                        body, broken = self._body(response)
                        following = self._after_break(retry, response, broken)
                    if following is None:
                        self._check(response, body, broken)
                        headers = {name: hide(value) for name, value in response.headers.items()}
                        return Answer(
                            response.status_code,
                            CaseInsensitiveDict(headers),
                            body,
                            len(retry.history) + 1,
                            time.monotonic() - self.started,
                        )
            except requests.RequestException as error:
                following = self._after_failure(retry, cause_of(error))
            retry = following

    def _prepare(self) -> requests.PreparedRequest:
        request, options = self.request, self.options
        headers = {"User-Agent": USER_AGENT, "Cartesia-Version": request.version, **options.headers}
        if request.audio:
            headers["Accept-Encoding"] = "identity"
        key = options.key if request.needs_key else None
        try:
            return self.http.prepare_request(
                requests.Request(
                    request.verb,
                    options.base_url + request.path,
                    params=request.query,
                    json=request.body,
                    headers=headers,
                    auth=KeyAuth(key, options.auth_scheme) if key else _no_auth,
                )
            )
        except requests.exceptions.InvalidURL:
            raise InputError(f"{self.host!r} is no address.", advice="Check the base URL.") from None
        except (requests.exceptions.InvalidHeader, UnicodeError):
            raise InputError("headers= has a name or a value that no HTTP header can carry.") from None
        except (requests.exceptions.InvalidJSONError, TypeError, ValueError) as error:
            raise InputError(f"an argument cannot be sent as JSON: {error}.") from None

    def _try(self, prepared: requests.PreparedRequest) -> requests.Response:
        left = self.deadline.remaining()
        # The key goes to a loopback address directly, never through a proxy.
        direct = is_loopback(self.options.base_url)
        settings = (
            {"proxies": {}, "stream": True, "verify": True, "cert": None}
            if direct
            else self.http.merge_environment_settings(prepared.url, {}, True, None, None)
        )
        # Reading may wait a little longer than is left, so that it is the deadline which ends the call.
        timeout = (min(CONNECT_TIMEOUT, left), min(READ_TIMEOUT, left + 1))
        try:
            return self.http.send(prepared, timeout=timeout, allow_redirects=False, **settings)
        except UnicodeError:
            raise InputError("headers= has a name or a value that no HTTP header can carry.") from None

    def _after_failure(self, retry: Retry, cause: Exception) -> Retry:
        """Return the next retry after a failure without an answer, or raise what it means."""
        following = self._next(retry, error=cause)
        if following is not None:
            return following
        if self.deadline.passed:
            raise too_late(self.host, self.options.timeout, changes=self.request.changes)
        raise no_answer(cause, self.host, changes=self.request.changes)

    def _after_refusal(self, retry: Retry, response: requests.Response) -> Retry | None:
        """Return the next retry after an answer that invites one; None: take the answer as it is."""
        if retry.is_retry(self.request.verb, response.status_code, "Retry-After" in response.headers):
            return self._next(retry, response=response.raw)
        return None

    def _after_break(self, retry: Retry, response: requests.Response, broken: str) -> Retry | None:
        """Return the next retry after a body that is not whole; None: there is to be none."""
        if broken and response.status_code < 300 and not self.request.changes:
            return self._next(retry, error=ProtocolError(broken))
        return None

    def _next(self, retry: Retry, **what: Any) -> Retry | None:
        """Wait and return the next retry; None if there is to be none."""
        try:
            retry = retry.increment(self.request.verb, self.request.path, **what)
        except HTTPError:
            return None
        seconds = wait_before(retry, what.get("response"))
        if self.deadline.passed or seconds > LONGEST_WAIT or seconds >= self.deadline.remaining():
            return None
        time.sleep(seconds)
        return retry

    def _body(self, response: requests.Response) -> tuple[bytes, str]:
        """Return what arrived, and in what way it is not whole."""
        arrived: list[bytes] = []
        broken = WHOLE
        try:
            # read1 gives what there is: read would lose the beginning of a block that never ends.
            while block := response.raw.read1(BLOCK, decode_content=True):
                arrived.append(block)
        except (HTTPError, OSError) as error:
            broken = "went silent" if isinstance(error, ReadTimeoutError) else "ended early"
        # From here on the connection may serve another call.
        self.deadline.watch(None)
        return b"".join(arrived), broken or _framing(response)

    def _check(self, response: requests.Response, body: bytes, broken: str) -> None:
        """Raise what an answer means that is not the one asked for."""
        status, headers = response.status_code, response.headers
        log.debug("%s %s: %d", self.request.verb, self.request.path, status)
        if status >= 400:
            raise _refused(status, body, headers)
        if status >= 300:
            raise BadAnswer(
                f"{self.host} answered {status} (a redirect), which is not followed with a key.",
                advice="Check the base URL.",
            )
        if broken and self.deadline.passed:
            raise too_late(self.host, self.options.timeout, changes=self.request.changes, partial=body)
        if broken or status == 206:
            charged = " It may have been charged, and was not sent again." if self.request.changes else ""
            raise IncompleteBody(
                f"the answer of {self.host} {broken or 'is only a part'}: "
                f"{len(body)} bytes came (.partial).{charged}",
                partial=body,
            )
        if self.request.audio and not _may_be_audio(headers):
            raise BadAnswer(f"{self.host} answered {status} with {looks_like(body)} instead of audio.")


def _refused(status: int, body: bytes, headers: Mapping[str, str]) -> APIError:
    text = body.decode("utf-8", "replace")
    return api_error(status, text, headers.get(REQUEST_ID), headers.get("Retry-After"))


def _framing(response: requests.Response) -> str:
    """Say what is wrong if nothing tells where the body ends."""
    headers, length = response.headers, response.headers.get("Content-Length", "")
    if response.status_code == 204:
        return WHOLE
    if "Transfer-Encoding" in headers:
        plain = headers["Transfer-Encoding"].strip().lower() == "chunked"
        return WHOLE if plain else "came in an unknown transfer encoding"
    if length.strip().isdecimal():
        return WHOLE
    return "came with neither a length nor chunks, so it cannot be known to be whole"


def _may_be_audio(headers: Mapping[str, str]) -> bool:
    kind, coding = headers.get("Content-Type", ""), headers.get("Content-Encoding", "identity")
    return coding.lower() == "identity" and not kind.lower().startswith(("text/", "application/json"))


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Stand where an auth object stands, so that `requests` does not look into a .netrc file."""
    return request
