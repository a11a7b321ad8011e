"""One request, one answer: sent, retried by the rule about money, read to its end."""

from __future__ import annotations

import json
import logging
import platform
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.exceptions import InvalidHeader
from urllib3.exceptions import (
    HTTPError,
    MaxRetryError,
    NameResolutionError,
    ProtocolError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.util import Retry

from cartesia_nb._version import __version__
from cartesia_nb.wire.connection import Adapter
from cartesia_nb.wire.deadline import Deadline
from cartesia_nb.wire.errors import (
    BadAnswer,
    CartesiaError,
    ConnectionFailed,
    DeadlineExceeded,
    IncompleteBody,
    InputError,
    api_error,
)
from cartesia_nb.wire.keys import KeyAuth, hide_keys
from cartesia_nb.wire.options import Options, is_loopback
from cartesia_nb.wire.retries import LONGEST_WAIT, retry_policy, wait_before

log = logging.getLogger("cartesia_nb")

#: Seconds to connect, and between two arrivals of data.
CONNECT_TIMEOUT, READ_TIMEOUT = 5.0, 60.0
BLOCK = 1 << 16
NO_BODY = {204, 304}
USER_AGENT = f"cartesia_nb/{__version__} Python/{platform.python_version()} requests/{requests.__version__}"


@dataclass(frozen=True)
class Request:
    """What is asked.

    Attributes
    ----------
    verb, path : str
        Such as ``"GET"`` and ``"/voices"``.
    version : str
        The `Cartesia-Version` to send.
    query : mapping, optional
        Values are str, or a list for a name that is repeated.
    body : mapping, optional
        Sent as JSON.
    needs_key : bool
        Whether the API wants a key for it; without need none is sent.
    audio : bool
        Whether the answer is audio, which comes uncompressed.
    """

    verb: str
    path: str
    version: str
    query: Mapping[str, Any] | None = None
    body: Mapping[str, Any] | None = None
    needs_key: bool = True
    audio: bool = False

    @property
    def changes(self) -> bool:
        """Whether sending it twice may charge or change twice."""
        return self.verb != "GET"


@dataclass(frozen=True)
class Answer:
    """What came back, whole.

    Attributes
    ----------
    status : int
        The HTTP status, below 300.
    headers : mapping
        Of the response; names in any case.
    body : bytes
        The whole body.
    attempts : int
        How many times the request was sent.
    seconds : float
        From the first sending to the last byte.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    attempts: int
    seconds: float

    @property
    def request_id(self) -> str | None:
        """The id under which the server knows the request, where it says so."""
        return _request_id(self.headers)

    def json(self) -> Any:
        """Return the body as JSON.

        Raises
        ------
        BadAnswer
            If it is something else.
        """
        try:
            return json.loads(self.body)
        except ValueError:
            raise self._not("JSON") from None

    def json_object(self) -> dict[str, Any]:
        """Return the body as a JSON object.

        Raises
        ------
        BadAnswer
            If it is something else.
        """
        found = self.json()
        if not isinstance(found, dict):
            raise self._not("a JSON object")
        return found

    def _not(self, wanted: str) -> BadAnswer:
        start = self.body[:80].decode("utf-8", "replace")
        kind = self.headers.get("Content-Type", "no content type")
        return BadAnswer(
            f"the server answered {self.status} with {kind} instead of {wanted}: {start!r}.",
            advice="Is the base URL right, or is a proxy in between?",
        )


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
        failed: CartesiaError | None = None
        with Deadline(options.timeout) as deadline:
            call = _Call(self._http, request, options, deadline)
            try:
                return call.answer()
            except CartesiaError as error:
                failed = error
        # Raised here, so that no frame or context of the libraries below, with headers in it, hangs on.
        failed.__context__ = failed.__cause__ = failed.__traceback__ = None
        raise failed


class _Call:
    """One request with all its tries."""

    def __init__(
        self, http: requests.Session, request: Request, options: Options, deadline: Deadline
    ) -> None:
        self.http, self.request, self.options, self.deadline = http, request, options, deadline
        self.started = time.monotonic()
        self.host = urlsplit(options.base_url).netloc

    def answer(self) -> Answer:
        retry = retry_policy(self.request.verb, self.options.retries)
        prepared = self._prepare()
        while True:
            try:
                response = self._try(prepared)
            except requests.RequestException as error:
                retry = self._after_failure(retry, _cause(error))
                continue
            with response:
                refused = retry.is_retry(
                    self.request.verb, response.status_code, "Retry-After" in response.headers
                )
                following = self._next(retry, response=response.raw) if refused else None
                if following is None:
                    body, broken = self._body(response)
                    if broken and not self.request.changes:
                        following = self._next(retry, error=ProtocolError(broken))
                if following is None:
                    return self._read(response, body, broken, attempts=len(retry.history) + 1)
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
        except InvalidHeader:
            raise InputError("headers= has a name or a value that no HTTP header can carry.") from None

    def _try(self, prepared: requests.PreparedRequest) -> requests.Response:
        # A little more than is left, so that it is the deadline which ends the call.
        left = self.deadline.remaining() + 1
        # The key goes to a loopback address directly, never through a proxy.
        direct = is_loopback(self.options.base_url)
        settings = (
            {"proxies": {}, "stream": True, "verify": True, "cert": None}
            if direct
            else self.http.merge_environment_settings(prepared.url, {}, True, None, None)
        )
        timeout = (min(CONNECT_TIMEOUT, left), min(READ_TIMEOUT, left))
        return self.http.send(prepared, timeout=timeout, allow_redirects=False, **settings)

    def _after_failure(self, retry: Retry, cause: Exception) -> Retry:
        """Return the next retry after a failure without an answer, or raise what it means."""
        following = self._next(retry, error=cause)
        if following is None:
            raise self._failure(cause)
        return following

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

    def _failure(self, cause: Exception) -> CartesiaError:
        begun = self.request.changes and isinstance(cause, ProtocolError | ReadTimeoutError)
        again = " It was not sent again, since it may have been charged." if begun else ""
        if self.deadline.passed:
            return DeadlineExceeded(
                f"{self.host} did not finish within {self.options.timeout:g} s.{again}",
                advice="with_options(timeout=...) allows more.",
            )
        if isinstance(cause, ReadTimeoutError):
            return DeadlineExceeded(f"{self.host} was silent for {READ_TIMEOUT:g} s.{again}")
        return ConnectionFailed(f"{_story(cause, self.host)}", advice=_advice(cause) + again)

    def _read(self, response: requests.Response, body: bytes, broken: str, attempts: int) -> Answer:
        status, headers = response.status_code, response.headers
        log.debug("%s %s: %d, try %d", self.request.verb, self.request.path, status, attempts)
        if status >= 400:
            raise self._refused(status, body, headers)
        if 300 <= status < 400:
            raise BadAnswer(
                f"{self.host} answered {status} (a redirect), which is not followed with a key.",
                advice="Check the base URL.",
            )
        if broken:
            raise self._cut_short(body, broken)
        return Answer(status, headers, body, attempts, time.monotonic() - self.started)

    def _body(self, response: requests.Response) -> tuple[bytes, str]:
        """Return what arrived, and in what way it is not whole: "" when it is."""
        arrived: list[bytes] = []
        broken = ""
        try:
            # read1 gives what there is: read would lose the beginning of a block that never ends.
            while block := response.raw.read1(BLOCK, decode_content=True):
                arrived.append(block)
        except (HTTPError, OSError) as error:
            broken = "went silent" if isinstance(error, ReadTimeoutError) else "ended early"
        framed = "Content-Length" in response.headers or getattr(response.raw, "chunked", False)
        if not broken and not framed and response.status_code not in NO_BODY:
            broken = "came with neither a length nor chunks, so it cannot be known to be whole"
        return b"".join(arrived), broken

    def _cut_short(self, body: bytes, broken: str) -> CartesiaError:
        if self.deadline.passed:
            return DeadlineExceeded(
                f"{self.host} did not finish within {self.options.timeout:g} s; "
                f"{len(body)} bytes came (.partial).",
                advice="with_options(timeout=...) allows more.",
                partial=body,
            )
        charged = " It may have been charged, and was not sent again." if self.request.changes else ""
        return IncompleteBody(
            f"the answer of {self.host} {broken}: {len(body)} bytes came (.partial).{charged}", partial=body
        )

    def _refused(self, status: int, body: bytes, headers: Mapping[str, str]) -> CartesiaError:
        text = body.decode("utf-8", "replace")
        key = self.options.key
        return api_error(status, key.hide_in(text) if key else hide_keys(text), _request_id(headers))


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Stand where an auth object stands, so that `requests` does not look into a .netrc file."""
    return request


def _request_id(headers: Mapping[str, str]) -> str | None:
    return headers.get("x-request-id")


def _cause(error: Exception) -> Exception:
    """Return what urllib3 raised below an error of `requests`."""
    inner = error.args[0] if error.args else error
    if isinstance(inner, MaxRetryError):
        inner = inner.reason
    return inner if isinstance(inner, Exception) else error


def _story(cause: Exception, host: str) -> str:
    if isinstance(cause, NameResolutionError):
        return f"{host} could not be found (no network, or a wrong base URL)."
    if isinstance(cause, ProxyError):
        return f"the proxy on the way to {host} did not work."
    if isinstance(cause, SSLError):
        return f"no secure connection to {host}: its certificate was not accepted."
    if "refused" in str(cause):
        return f"nothing answers at {host} (connection refused)."
    if "timed out" in str(cause):
        return f"no connection to {host} within {CONNECT_TIMEOUT:g} s."
    return f"the connection to {host} broke before an answer came."


def _advice(cause: Exception) -> str:
    if isinstance(cause, ProxyError):
        return "Check HTTPS_PROXY and NO_PROXY."
    if isinstance(cause, SSLError):
        return "A company's proxy may need its own certificate: set REQUESTS_CA_BUNDLE."
    return "Check the network and the base URL, then try again."
