"""Reading what a request brings: JSON bodies and the values in them."""

import json
from collections.abc import Sequence
from typing import Any, NoReturn, TypeVar

from starlette.requests import Request

from cartesia_nb.sandbox.errors import ApiError, invalid

MAX_JSON_BYTES = 1024 * 1024

Choice = TypeVar("Choice", str, int)


async def read_json(request: Request) -> dict[str, Any]:
    """Return the JSON object in a request's body, of at most 1 MiB."""
    data, size = bytearray(), 0
    async for chunk in request.stream():
        # Read to the end even so: a client that still sends would never see the answer.
        size += len(chunk)
        if size <= MAX_JSON_BYTES:
            data += chunk
    if size > MAX_JSON_BYTES:
        raise ApiError(413, "Content too large", f"A JSON body has at most {MAX_JSON_BYTES} bytes.")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ApiError(415, "Unsupported media type", "Send the body as application/json.")
    try:
        body = json.loads(data, parse_constant=_no_number)
        # Half of a surrogate pair is legal in JSON, but no text.
        json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise invalid("The body is not valid JSON.") from error
    if not isinstance(body, dict):
        raise invalid("The body must be a JSON object.")
    return body


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def given(fields: dict[str, Any], name: str, default: object) -> object:
    """Return a field, or ``default`` if it is absent or null."""
    value = fields.get(name)
    return default if value is None else value


def text(name: str, value: object) -> str:
    """Return a value that must be a string with something in it."""
    if not isinstance(value, str) or not value:
        raise invalid(f"{name} must be a non-empty string.")
    return value


def prose(name: str, value: object) -> str:
    """Return a value that must be a string, and may be empty."""
    if not isinstance(value, str):
        raise invalid(f"{name} must be a string.")
    return value


def boolean(name: str, value: object) -> bool:
    """Return a value that must be true or false."""
    if not isinstance(value, bool):
        raise invalid(f"{name} must be true or false.")
    return value


def number(name: str, value: object, low: float, high: float) -> float:
    """Return a value that must be a number from ``low`` to ``high``."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise invalid(f"{name} must be a number from {low} to {high}.")
    return float(value)


def whole_number(name: str, value: object, low: int, high: int) -> int:
    """Return a value that must be a whole number from ``low`` to ``high``."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise invalid(f"{name} must be a whole number from {low} to {high}.")
    return value


def choice(name: str, value: object, choices: Sequence[Choice]) -> Choice:
    """Return a value that must be one of ``choices``."""
    for option in choices:
        if type(value) is type(option) and value == option:
            return option
    raise invalid(f"{name} must be one of {', '.join(map(str, choices))}.")


def record(name: str, value: object) -> dict[str, Any]:
    """Return a value that must be a JSON object."""
    if not isinstance(value, dict):
        raise invalid(f"{name} must be an object.")
    return value
