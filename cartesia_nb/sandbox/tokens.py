"""Access tokens: short-lived credentials that open only what they were granted for."""

import secrets
from collections.abc import Collection

import jwt
from jwt.types import Options

from cartesia_nb.sandbox.clock import now
from cartesia_nb.sandbox.errors import ApiError
from cartesia_nb.sandbox.state import Row, State, new_id

ALGORITHM = "HS256"
# Not Cartesia: nobody else accepts these tokens.
ISSUER = "cartesia_nb-sandbox"

# Times are checked by the sandbox's clock.
OPTIONS: Options = {"verify_exp": False, "verify_iat": False}


def issue(rows: State, grants: Collection[str], seconds: int) -> str:
    """Return a token for sections of the API like ``tts``, which ends ``seconds`` from now."""
    issued = int(now(rows).timestamp())
    claims = {
        "grants": dict.fromkeys(grants, True),
        "jti": new_id("token"),
        "iat": issued,
        "exp": issued + seconds,
        "iss": ISSUER,
    }
    secret = _secret(rows)
    return jwt.encode(claims, secret["value"], ALGORITHM, {"kid": secret["id"]})


def read_grants(rows: State, token: str) -> list[str]:
    """Return what a token was granted for; refuse one that this sandbox did not make, or that has ended."""
    try:
        claims = jwt.decode(token, _secret(rows)["value"], [ALGORITHM], OPTIONS, issuer=ISSUER)
    except jwt.InvalidTokenError as error:
        raise _unauthorized("The access token is not one that this sandbox made.") from error
    if claims["exp"] <= now(rows).timestamp():
        raise _unauthorized("The access token has expired: make a new one with POST /access-token.")
    return list(claims["grants"])


def is_token(credential: str) -> bool:
    """Tell a token from an API key: it has three parts."""
    return credential.count(".") == 2


def _secret(rows: State) -> Row:
    """Return the key that signs, made when it is first needed."""
    rows.seed("secret", [{"id": new_id("key"), "value": secrets.token_hex(32)}])
    return rows.all("secret")[0]


def _unauthorized(message: str) -> ApiError:
    return ApiError(401, "Unauthorized", message)
