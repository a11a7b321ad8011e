"""Ids: they go out as given, and never lead elsewhere."""

from __future__ import annotations

from urllib.parse import quote

from cartesia_nb.wire.errors import InputError


def path_segment(id: str, what: str) -> str:
    """Return an id as a part of a path.

    Raises
    ------
    InputError
        If it is empty or would lead to another path.
    """
    if not isinstance(id, str) or id.strip() in ("", ".", ".."):
        raise InputError(f"{what} is a text such as 'e07c00bc-...', not {id!r}.")
    try:
        return quote(id, safe="")
    except UnicodeEncodeError:
        raise InputError(f"{what} has half of a character in it (a lone surrogate).") from None
