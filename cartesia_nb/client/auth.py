"""Access tokens."""

from __future__ import annotations

from collections.abc import Mapping

from cartesia_nb.client.resource import Resource
from cartesia_nb.client.transport import Transport
from cartesia_nb.client.unset import UNSET, Unset, given
from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.options import is_whole

GRANTS = ("tts", "stt", "agent")
#: Seconds.
LONGEST_LIFE = 3600


class Auth:
    """Access tokens for programs that must not have the key. Reached as ``client.auth``."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def access_token(
        self, *, grants: Mapping[str, bool] | Unset = UNSET, expires_in: int | Unset = UNSET
    ) -> Resource:
        """Make a short-lived access token, for a web page or another program.

        Costs nothing. The token is as good as a key for what it grants: it does not show itself in
        ``repr`` or in a notebook; take it from ``.token``.

        Parameters
        ----------
        grants : mapping, optional
            What it is good for: ``{"tts": True, "stt": True}``; also ``agent`` (since Cartesia-Version
            2025-11-04).
        expires_in : int, optional
            Its life in seconds, 1 to 3600.

        Returns
        -------
        Resource
            With ``token``.

        Raises
        ------
        InputError
            If there is no such grant, or no such life.
        AuthenticationError
            If the key is not good.

        Examples
        --------
        >>> import cartesia_nb
        >>> client = cartesia_nb.connect()
        >>> token = client.auth.access_token(grants={"tts": True}, expires_in=60).token
        """
        if grants is not UNSET:
            _check_grants(grants)
        if expires_in is not UNSET and not (is_whole(expires_in) and 1 <= expires_in <= LONGEST_LIFE):
            raise InputError(f"expires_in is from 1 to {LONGEST_LIFE} seconds, not {expires_in!r}.")
        body = given({"grants": grants, "expires_in": expires_in})
        answer = self._transport.call("auth.access_token", "POST", "/access-token", body=body)
        return Resource("TokenResponse", answer.json_object(), hidden=("token",))


def _check_grants(grants: Mapping[str, bool]) -> None:
    fits = isinstance(grants, Mapping) and all(isinstance(value, bool) for value in grants.values())
    if not fits or not set(grants) <= set(GRANTS):
        raise InputError(
            f'grants is a mapping such as {{"tts": True}}, not {grants!r}.',
            advice=f"There are {', '.join(GRANTS)}.",
        )
