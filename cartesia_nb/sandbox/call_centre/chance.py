"""Chance that repeats itself, ids made from names, and the moment at which the call centre stands still."""

from base64 import b32encode
from datetime import UTC, datetime
from hashlib import sha256
from random import Random

# Everything that a call centre can tell happened before this moment.
NOW = datetime(2026, 8, 1, 18, tzinfo=UTC)

ID_LENGTH = 16


def stream(*name: object) -> Random:
    """Return the random numbers that belong to a name."""
    return Random("/".join(map(str, name)))  # noqa: S311 - made-up data has nothing to hide


def made_id(prefix: str, *name: object) -> str:
    """Return the id of what a name stands for, like ``ac_mzxw6ytboi4tenzq``."""
    digest = sha256("/".join((prefix, *map(str, name))).encode()).digest()
    return f"{prefix}_{b32encode(digest).decode().lower()[:ID_LENGTH]}"


def iso(moment: datetime) -> str:
    """Write a moment as the API does, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
