"""When a request is sent again: the rule about money.

A read may be sent again after any failure of the network or the service. Whatever creates, changes or
makes audio is sent again only where the server cannot have begun: no connection, 429, or 503 with
Retry-After.
"""

from __future__ import annotations

import random

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

#: Seconds. A server that asks for a longer wait gets an error instead.
LONGEST_WAIT = 60.0
LONGEST_BACKOFF = 8.0
FIRST_BACKOFF = 0.5


class _Patient(Retry):
    RETRY_AFTER_STATUS_CODES = frozenset({429, 503})

    def get_backoff_time(self) -> float:
        """Return the seconds to wait where the server names none: doubling, and up to a quarter less."""
        doubled: float = FIRST_BACKOFF * 2 ** max(0, len(self.history) - 1)
        return min(LONGEST_BACKOFF, doubled) * (1 - 0.25 * random.random())  # noqa: S311


def retry_policy(verb: str, retries: int) -> Retry:
    """Return the rule for one request.

    Parameters
    ----------
    verb : str
        Such as ``"GET"``.
    retries : int
        How many times it may be sent again.
    """
    if verb == "GET":
        return _Patient(
            retries, allowed_methods=None, status_forcelist={408, 429, 500, 502, 503, 504}, other=0
        )
    return _Patient(retries, allowed_methods=None, status_forcelist={429}, read=False, other=0)


def wait_before(retry: Retry, response: BaseHTTPResponse | None) -> float:
    """Return the seconds to wait before the next try; Retry-After goes before our own backoff."""
    try:
        asked = retry.get_retry_after(response) if response is not None else None
    except InvalidHeader:
        asked = None
    return asked or retry.get_backoff_time()
