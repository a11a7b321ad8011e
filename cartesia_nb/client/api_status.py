"""API status."""

from __future__ import annotations

from cartesia_nb.client.resource import Resource
from cartesia_nb.client.transport import Transport
from cartesia_nb.wire.exchange import Request


class ApiStatus:
    """Whether the API is up. Reached as ``client.api_status``."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self) -> Resource:
        """Ask whether the API is up, and which version it speaks.

        Needs no API key and costs nothing.

        Returns
        -------
        Resource
            With ``ok`` (bool) and ``version`` (str, a date).

        Raises
        ------
        ConnectionFailed, DeadlineExceeded, APIError
            If the API cannot be reached or fails.

        Examples
        --------
        >>> import cartesia_nb
        >>> cartesia_nb.connect().api_status.get().ok
        True
        """
        method = "api_status.get"
        version = self._transport.version_for(method)
        answer = self._transport.send(Request(method, "GET", "/", version, needs_key=False))
        return Resource("ApiInfo", answer.json_object())
