"""Access tokens: short-lived credentials that open only what they were granted for."""

from collections.abc import Collection

import jwt

from cartesia_nb.sandbox.errors import ApiError
from cartesia_nb.sandbox.signing import read_claim, sign
from cartesia_nb.sandbox.state import State


def issue(rows: State, grants: Collection[str], seconds: int) -> str:
    """Return a token for sections of the API like ``tts``, which ends ``seconds`` from now."""
    return sign(rows, seconds, grants=dict.fromkeys(grants, True))


def read_grants(rows: State, token: str) -> list[str]:
    """Return what a token was granted for; refuse one that this sandbox did not make, or that has ended."""
    try:
        return list(read_claim(rows, token, "grants"))
    except jwt.ExpiredSignatureError as error:
        raise _unauthorized(
            "The access token has expired: make a new one with POST /access-token."
        ) from error
    except jwt.InvalidTokenError as error:
        raise _unauthorized("The access token is not one that this sandbox made.") from error


def is_token(credential: str) -> bool:
    """Tell a token from an API key: it has three parts."""
    return credential.count(".") == 2


def _unauthorized(message: str) -> ApiError:
    return ApiError(401, "Unauthorized", message)
