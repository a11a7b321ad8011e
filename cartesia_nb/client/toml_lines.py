"""Changing some lines of a TOML text, and nothing else in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import getitem
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tomlkit.items import Table

LONE_LF = re.compile(r"(?<!\r)\n")


def changed(
    text: str, table: Sequence[str], settings: Mapping[str, str | None], beside: Mapping[str, str]
) -> str:
    """Return a TOML text with other settings in one of its tables.

    Parameters
    ----------
    text : str
        What there is; "" for a new file.
    table : sequence of str
        The table's name, from the outside to the inside; () for the top of the text.
    settings : mapping of str to str or None
        None takes a setting out.
    beside : mapping of str to str
        The comments that settings get, "" for none; those of others stay as they are.

    Raises
    ------
    ValueError, tomlkit.exceptions.TOMLKitError
        If the text is no TOML, or is written in a way in which more would change than these settings.

    Examples
    --------
    >>> print(changed("# mine", (), {"voice": "e07c"}, {"voice": "Ada"}))
    # mine
    voice = "e07c"  # Ada
    <BLANKLINE>
    """
    import tomllib

    import tomlkit

    start = text if _has(table, tomllib.loads(text)) else _with_header(text, table)
    wanted, document = tomllib.loads(start), tomlkit.parse(start)
    goal, lines = reduce(getitem, table, wanted), reduce(getitem, table, document)
    for name, value in settings.items():
        if value is None:
            goal.pop(name, None)
            lines.pop(name, None)
        else:
            goal[name] = value
            _set_line(lines, name, value, beside.get(name))
    end = document.as_string()
    if "\r\n" in text and not LONE_LF.search(text):
        end = LONE_LF.sub("\r\n", end)
    if tomllib.loads(end) != wanted:
        raise ValueError("more would change than the settings")
    return end


def _has(table: Sequence[str], parsed: Any) -> bool:
    for name in table:
        if name not in parsed:
            return False
        parsed = parsed[name]
    return True


def _with_header(text: str, table: Sequence[str]) -> str:
    """Return the text with an empty table at its end.

    tomlkit would put it higher, between a comment and what the comment is about.
    """
    above = text.rstrip("\r\n")
    return f"{above}\n\n[{'.'.join(table)}]\n" if above else f"[{'.'.join(table)}]\n"


def _set_line(lines: Any, name: str, value: str, comment: str | None) -> None:
    from tomlkit.items import InlineTable, Table

    if name not in lines and isinstance(lines, Table):
        _append(lines, name, value)
    else:
        lines[name] = value
    # There is no room for a comment inside of braces.
    if comment is not None and not isinstance(lines, InlineTable):
        trivia = lines[name].trivia
        trivia.comment_ws, trivia.comment = ("  ", f"# {comment}") if comment else ("", "")


def _append(lines: Table, name: str, value: str) -> None:
    """Add a setting behind the last one: the comments below that are about what follows."""
    body = lines.value.body
    behind = 1 + max((at for at, (key, _) in enumerate(body) if key is not None), default=-1)
    below = body[behind:]
    del body[behind:]
    lines.append(name, value)
    body.extend(below)
