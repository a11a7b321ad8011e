"""Texts that only this sandbox can have written: what they claim holds for a time."""

import secrets
from typing import Any

import jwt
from jwt.types import Options

from cartesia_nb.sandbox.clock import now
from cartesia_nb.sandbox.state import Row, State, new_id

ALGORITHM = "HS256"
# Not Cartesia: nobody else accepts what is signed here.
ISSUER = "cartesia_nb-sandbox"


def sign(rows: State, seconds: int, **claims: Any) -> str:
    """Return a text that makes these claims until ``seconds`` from now; no two are the same."""
    issued = int(now(rows).timestamp())
    about = {"jti": new_id("token"), "iat": issued, "exp": issued + seconds, "iss": ISSUER}
    secret = _secret(rows)
    return jwt.encode(claims | about, secret["value"], ALGORITHM, {"kid": secret["id"]})


def read_claim(rows: State, text: str, name: str) -> Any:
    """Return what a signed text claims under a name.

    Raises
    ------
    jwt.ExpiredSignatureError
        If its time is over.
    jwt.InvalidTokenError
        If somebody else wrote it, or it claims no such thing.
    """
    # Times are checked by the sandbox's clock.
    options: Options = {"verify_exp": False, "verify_iat": False, "require": [name]}
    claims = jwt.decode(text, _secret(rows)["value"], [ALGORITHM], options, issuer=ISSUER)
    if claims["exp"] <= now(rows).timestamp():
        raise jwt.ExpiredSignatureError
    return claims[name]


def _secret(rows: State) -> Row:
    """Return the key that signs, made when it is first needed."""
    rows.seed("secret", [{"id": new_id("key"), "value": secrets.token_hex(32)}])
    return rows.all("secret")[0]
