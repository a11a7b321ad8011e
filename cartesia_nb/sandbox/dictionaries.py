"""Pronunciation dictionaries: what to say in place of some words."""

from typing import Any

from cartesia_nb.sandbox import body
from cartesia_nb.sandbox.errors import invalid
from cartesia_nb.sandbox.state import State

KIND, NAME = "pronunciation_dict", "pronunciation dictionary"

MAX_ITEMS = 1000
MAX_LENGTH = 100


def find_dictionary(rows: State, id: str) -> list[dict[str, Any]]:
    """Return the items of a dictionary, each with ``text`` and ``alias``, or refuse the request."""
    return list(rows.find(KIND, id, NAME)["items"])


def read_items(given: object) -> list[dict[str, Any]]:
    """Return the items that a request brings."""
    if not isinstance(given, list) or len(given) > MAX_ITEMS:
        raise invalid(f"items must be a list of at most {MAX_ITEMS} objects.")
    return [_read_item(f"items[{number}]", item) for number, item in enumerate(given)]


def _read_item(name: str, given: object) -> dict[str, Any]:
    item = body.record(name, given)
    fields: dict[str, Any] = {
        part: _read_text(f"{name}.{part}", item.get(part)) for part in ("text", "alias")
    }
    if item.get("case_sensitive") is not None:
        fields["case_sensitive"] = body.boolean(f"{name}.case_sensitive", item["case_sensitive"])
    return fields


def _read_text(name: str, value: object) -> str:
    text = body.text(name, value)
    if len(text) > MAX_LENGTH:
        raise invalid(f"{name} must have at most {MAX_LENGTH} characters.")
    return text
