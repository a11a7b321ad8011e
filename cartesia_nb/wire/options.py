"""What a client, or one call, is set to."""

from __future__ import annotations

import ipaddress
import numbers
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.keys import Key
from cartesia_nb.wire.versions import check_version

#: Seconds for a whole call with all its tries; a minute of silence ends it earlier.
DEFAULT_TIMEOUT = 600.0
LONGEST_TIMEOUT = 86_400.0
DEFAULT_RETRIES = 2
AUTH_SCHEMES = ("bearer", "x-api-key")
KEY_HEADERS = {"authorization", "x-api-key", "proxy-authorization"}


@dataclass(frozen=True)
class Options:
    """How requests are sent.

    Attributes
    ----------
    base_url : str
        ``https://`` or, on this machine only, ``http://``; without a slash at its end.
    key : Key or None
        None is enough for what needs no key.
    timeout : float
        Seconds for a whole call with all its tries.
    retries : int
        How many times a request may be sent again.
    headers : mapping
        More headers.
    version : str or None
        The pinned `Cartesia-Version`; None chooses one for each call.
    auth_scheme : {"bearer", "x-api-key"}
        The header that carries the key.
    """

    base_url: str
    key: Key | None = None
    timeout: float = DEFAULT_TIMEOUT
    retries: int = DEFAULT_RETRIES
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    version: str | None = field(default=None, repr=False)
    auth_scheme: str = "bearer"

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_url", check_base_url(self.base_url))
        if not is_number(self.timeout) or not 0 < self.timeout <= LONGEST_TIMEOUT:
            raise InputError(f"timeout is a number of seconds above 0, at most a day, not {self.timeout!r}.")
        # numpy's numbers are not all that threads and sockets take.
        object.__setattr__(self, "timeout", float(self.timeout))
        if not is_whole(self.retries) or not 0 <= self.retries <= 10:
            raise InputError(f"retries is a whole number from 0 to 10, not {self.retries!r}.")
        if self.auth_scheme not in AUTH_SCHEMES:
            raise InputError(f"auth_scheme is {' or '.join(AUTH_SCHEMES)}, not {self.auth_scheme!r}.")
        if not isinstance(self.headers, Mapping) or not all(
            isinstance(text, str) for pair in self.headers.items() for text in pair
        ):
            raise InputError("headers= is a mapping of texts to texts.")
        if any(name.lower() in KEY_HEADERS for name in self.headers):
            raise InputError("headers= cannot carry a key.", advice="Give it as api_key=.")
        if self.version is not None:
            check_version(self.version)


def check_base_url(url: str) -> str:
    """Return the base URL without a slash at its end.

    Raises
    ------
    InputError
        If a key must not be sent there: only https, or http to this machine.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna")
        odd = parts.username or parts.password or parts.query or parts.fragment or parts.port == 0
    except (ValueError, AttributeError, TypeError):
        odd, host = True, b""
    if odd or not host or any(mark in str(url) for mark in " \\"):
        raise InputError("the base URL is not of the form https://host or http://127.0.0.1:port.")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(url)):
        raise InputError(
            f"a key is not sent to {parts.scheme}://{parts.hostname}: others could read it.",
            advice="Use https, or http to this machine (127.0.0.1).",
        )
    return url.rstrip("/")


def is_number(value: object) -> bool:
    """Tell whether a value is a real number: Python's or numpy's, and no bool."""
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def is_whole(value: object) -> bool:
    """Tell whether a value is a whole number: Python's or numpy's, and no bool."""
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def is_loopback(url: str) -> bool:
    """Tell whether a URL leads to this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
