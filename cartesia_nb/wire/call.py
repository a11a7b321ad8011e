"""One request with all its tries, until an answer is there to be read."""

from __future__ import annotations

import logging
import platform
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError, ProtocolError, ReadTimeoutError

from cartesia_nb._version import __version__
from cartesia_nb.wire.connection import CONNECT_TIMEOUT, READ_TIMEOUT
from cartesia_nb.wire.deadline import Deadline
from cartesia_nb.wire.errors import APIError, BadAnswer, IncompleteBody, InputError, api_error, looks_like
from cartesia_nb.wire.exchange import REQUEST_ID, Answer, Request
from cartesia_nb.wire.failures import cause_of, no_answer, too_late
from cartesia_nb.wire.keys import KeyAuth
from cartesia_nb.wire.options import Options, is_loopback
from cartesia_nb.wire.retries import LONGEST_WAIT, retry_policy, wait_before

log = logging.getLogger("cartesia_nb")

BLOCK = 1 << 16
USER_AGENT = f"cartesia_nb/{__version__} Python/{platform.python_version()} requests/{requests.__version__}"

#: How the content types begin that audio comes under.
AUDIO_TYPES = ("audio/", "application/octet-stream", "binary/octet-stream")

#: In what way a body is not whole: in none.
WHOLE = ""


class Begun(NamedTuple):
    """An answer whose body is still to be read."""

    response: requests.Response
    call: Call


class Call:
    """One request with all its tries.

    Parameters
    ----------
    http : requests.Session
        What to send over.
    request : Request
        What to ask.
    options : Options
        How to send.
    deadline : Deadline
        When to end; it is in force while the call's methods run.
    """

    def __init__(
        self, http: requests.Session, request: Request, options: Options, deadline: Deadline
    ) -> None:
        self.http, self.request, self.options, self.deadline = http, request, options, deadline
        self.started = time.monotonic()
        self.host = urlsplit(options.base_url).netloc
        self.retry = retry_policy(request.verb, options.retries)
        self.prepared = self._prepare()

    @property
    def attempts(self) -> int:
        """How many times the request was sent."""
        return len(self.retry.history) + 1

    @property
    def seconds(self) -> float:
        """How long the call has lasted."""
        return time.monotonic() - self.started

    def answer(self, hide: Callable[[str], str]) -> Answer:
        """Return the whole answer; `hide` masks the key in its headers."""
        while True:
            with self._response() as response:
                body, broken = self._body(response)
                if self._is_sent_again(response, broken):
                    continue
                self._check(response, body, broken)
                headers = masked_headers(response, hide)
                return Answer(response.status_code, headers, body, self.attempts, self.seconds)

    def begun(self) -> Begun:
        """Return the answer as soon as it begins, if it is the one asked for."""
        response = self._response()
        if response.status_code != HTTPStatus.OK:
            with response:
                self._check(response, *self._body(response))
                raise BadAnswer(f"{self.host} answered {response.status_code} instead of a stream.")
        return Begun(response, self)

    def _response(self) -> requests.Response:
        """Return the first answer that is not an invitation to come back later."""
        while True:
            try:
                response = self._try()
            except requests.RequestException as error:
                self._wait_after_failure(cause_of(error))
                continue
            if not self._is_refused(response):
                return response

    def _prepare(self) -> requests.PreparedRequest:
        request, options = self.request, self.options
        own = {"User-Agent": USER_AGENT, "Cartesia-Version": request.version}
        # Names in any case: what the user says of one goes before what we say of it.
        headers = CaseInsensitiveDict({**self.http.headers, **own})
        headers.update(options.headers)
        if request.audio:
            headers["Accept-Encoding"] = "identity"
        if request.form is not None:
            headers["Content-Type"] = request.form.content_type
        key = options.key if request.needs_key else None
        try:
            # Not by the session, which would look into a .netrc file for a key of its own.
            return requests.Request(
                request.verb,
                options.base_url + request.path,
                params=request.query,
                json=request.body,
                data=request.form,
                headers=headers,
                auth=KeyAuth(key, options.auth_scheme) if key else None,
            ).prepare()
        except requests.exceptions.InvalidURL:
            raise InputError(f"{self.host!r} is no address.", advice="Check the base URL.") from None
        except (requests.exceptions.InvalidHeader, UnicodeError):
            raise InputError("headers= has a name or a value that no HTTP header can carry.") from None
        except (requests.exceptions.InvalidJSONError, TypeError, ValueError) as error:
            raise InputError(f"an argument cannot be sent as JSON: {error}.") from None

    def _try(self) -> requests.Response:
        left = self.deadline.remaining()
        # The key goes to a loopback address directly, never through a proxy.
        direct = is_loopback(self.options.base_url)
        settings = (
            {"proxies": {}, "stream": True, "verify": True, "cert": None}
            if direct
            else self.http.merge_environment_settings(self.prepared.url, {}, True, None, None)
        )
        # Reading may wait a little longer than is left, so that it is the deadline which ends the call.
        timeout = (min(CONNECT_TIMEOUT, left), min(READ_TIMEOUT, left + 1))
        try:
            return self.http.send(self.prepared, timeout=timeout, allow_redirects=False, **settings)
        except UnicodeError:
            raise InputError("headers= has a name or a value that no HTTP header can carry.") from None

    def _wait_after_failure(self, cause: Exception) -> None:
        """Wait for the next try after a failure without an answer, or raise what it means."""
        if self._may_wait(error=cause):
            return
        changes, sent = self.request.changes, self.deadline.reached
        if self.deadline.passed:
            raise too_late(self.host, self.options.timeout, changes=changes, sent=sent)
        raise no_answer(cause, self.host, changes=changes, sent=sent)

    def _is_refused(self, response: requests.Response) -> bool:
        """Tell whether an answer invites another try, and the time for it has come."""
        asks = self.retry.is_retry(self.request.verb, response.status_code, "Retry-After" in response.headers)
        if asks and self._may_wait(response=response.raw):
            response.close()
            return True
        return False

    def _is_sent_again(self, response: requests.Response, broken: str) -> bool:
        """Tell whether a body that is not whole calls for another try, and the time for it has come."""
        harmless = response.status_code < 300 and not self.request.changes
        return bool(broken) and harmless and self._may_wait(error=ProtocolError(broken))

    def _may_wait(self, **what: Any) -> bool:
        """Wait for the next try; False if there is to be none."""
        try:
            following = self.retry.increment(self.request.verb, self.request.path, **what)
        except HTTPError:
            return False
        seconds = wait_before(following, what.get("response"))
        if self.deadline.passed or seconds > LONGEST_WAIT or seconds >= self.deadline.remaining():
            return False
        time.sleep(seconds)
        self.retry = following
        return True

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


def masked_headers(response: requests.Response, hide: Callable[[str], str]) -> Mapping[str, str]:
    """Return the headers of a response, their names in any case, their values without the key."""
    return CaseInsensitiveDict({name: hide(value) for name, value in response.headers.items()})


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
    kind, coding = headers.get("Content-Type", "audio/"), headers.get("Content-Encoding", "identity")
    return coding.lower() == "identity" and kind.strip().lower().startswith(AUDIO_TYPES)
