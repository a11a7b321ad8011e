"""From a typed line to a command, its options and its text.

Options stand before the text, or after quoted text. One pair of quotes around the whole text is removed.
Everything else of the text stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from cartesia_nb.magics.options import Offers, Option, variable
from cartesia_nb.wire.catalog import nearest, warn
from cartesia_nb.wire.errors import InputError

KEEPS = re.compile(r"\s*(?P<name>[^\W\d]\w*)\s*<<(?P<rest>.*)", re.DOTALL)
OPTION = re.compile(r"(?P<flag>--?[A-Za-z][\w-]*)(?==|\s|$)")
VALUE = re.compile(r"""[=\s]\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>\S+))(?=\s|$)""")
QUOTES = "\"'"
# What follows is text.
END = re.compile(r"\s*--(\s|$)")

Fill = Callable[[str, Offers], Any]


def as_typed(value: str, _offers: Offers) -> str:
    """Return a value as it was typed."""
    return value


def split_target(line: str) -> tuple[str | None, str]:
    """Split ``name << rest`` into both; the name is None where there is none.

    Raises
    ------
    InputError
        If no variable can have that name.
    """
    found = KEEPS.fullmatch(line.strip("\n"))
    return (variable(found["name"]), found["rest"]) if found else (None, line)


def split_word(line: str) -> tuple[str, str]:
    """Split a line into its first word and what follows, with the blank between them."""
    stripped = line.lstrip()
    word = re.match(r"\S*", stripped)
    end = word.end() if word else 0
    return stripped[:end], stripped[end:]


def split_options(
    rest: str, table: Mapping[str, Option], fill: Fill = as_typed
) -> tuple[dict[str, Any], str]:
    """Split what follows a command into options and text.

    Parameters
    ----------
    rest : str
        What follows the command, with the blank before it.
    table : mapping
        Flag -> option.
    fill : callable
        Takes a typed value, and what its option offers; returns what is read.

    Returns
    -------
    options : dict
        Name -> value.
    text : str
        "" where there is none.

    Raises
    ------
    InputError
        If an option is unknown, has no value or an impossible one.
    """
    options, rest = _leading_options(rest, table, fill)
    if END.match(rest):
        return options, rest.lstrip()[3:]
    quoted = _quoted(rest)
    if quoted:
        text, after = quoted
        if not after.strip():
            return options, text
        if OPTION.match(after.lstrip()):
            more, left = _leading_options(after, table, fill)
            if not left.strip():
                return {**options, **more}, text
    _warn_of_options_at_the_end(rest, table)
    return options, rest[1:]


def split_words(
    rest: str, table: Mapping[str, Option], fill: Fill = as_typed
) -> tuple[dict[str, Any], list[str]]:
    """Split what follows a method's name into options and words, which may stand in any order.

    Raises
    ------
    InputError
        If an option is unknown, has no value or an impossible one.

    Examples
    --------
    >>> split_words(' a.wav "two words" -o x', {"-o": Option("-o", "NAME", "keep")})
    ({'o': 'x'}, ['a.wav', 'two words'])
    """
    options: dict[str, Any] = {}
    words: list[str] = []
    while rest.strip():
        more, rest = _leading_options(rest, table, fill)
        options |= more
        found = VALUE.match(f" {rest.lstrip()}")
        if found:
            words.append(_value(found))
            rest = f" {rest.lstrip()}"[found.end() :]
    return options, words


def _warn_of_options_at_the_end(text: str, table: Mapping[str, Option]) -> None:
    for flag in table:
        if re.search(rf"\s{flag}(\s|=|$)", text):
            warn(
                f"{flag} is a part of the text here: options stand before it, or after it if it is in quotes."
            )


def _leading_options(rest: str, table: Mapping[str, Option], fill: Fill) -> tuple[dict[str, Any], str]:
    options: dict[str, Any] = {}
    while found := OPTION.match(stripped := rest.lstrip()):
        option = table.get(found["flag"])
        if option is None:
            if not found["flag"].startswith("--"):  # "-5 degrees", "-oh no"
                break
            raise InputError(
                f"there is no option {found['flag']}.", advice=_other_options(found["flag"], table)
            )
        rest = stripped[found.end() :]
        if not option.value:
            options[option.name] = True
            continue
        values, rest = _values(rest, option)
        read = [option.meant(fill(value, option.offers)) for value in values]
        options[option.name] = read if option.many else read[0]
    return options, rest


def _values(rest: str, option: Option) -> tuple[list[str], str]:
    """Split the value of an option, or its values up to the next option, from what follows them."""
    values: list[str] = []
    while (found := VALUE.match(rest)) and not OPTION.match(rest.lstrip()) and not END.match(rest):
        values.append(_value(found))
        rest = rest[found.end() :]
        if not option.many:
            break
    if not values:
        raise InputError(f"{option.flag} wants a value, {option.value}: {option.help}.")
    return values, rest


def _value(found: re.Match[str]) -> str:
    """Return the word of a match, without the quotes around it."""
    if found["bare"] and found["bare"][0] in QUOTES:
        raise InputError(f"{found['bare']!r} has a quote that is not closed, or text right after one.")
    return next(group for group in found.groups() if group is not None)


def _other_options(flag: str, table: Mapping[str, Option]) -> str:
    near = nearest(flag, table, 1)
    instead = f"Did you mean {near[0]}?" if near else f"There are {', '.join(table)}."
    return f"{instead} If it is a part of the text, put the text in quotes, or -- before it."


def _quoted(rest: str) -> tuple[str, str] | None:
    """Return the text inside of the quotes that `rest` begins with, and what follows them.

    Quotes inside count as opening where a word begins and as closing where one ends, so that
    ``"He said "no"."`` is one text and ``"yes" and "no"`` is not.
    """
    stripped = rest.strip()
    if not stripped or stripped[0] not in QUOTES:
        return None
    mark, depth = stripped[0], 0
    for at, char in enumerate(stripped):
        if char != mark:
            continue
        before, after = stripped[at - 1 : at], stripped[at + 1 : at + 2]
        opens = at == 0 or (before.isspace() and bool(after) and not after.isspace())
        closes = not opens and not after.isalnum()
        depth += opens - closes
        if depth == 0:
            return stripped[1:at], stripped[at + 1 :]
    if len(stripped) > 1 and stripped[-1] == mark:
        return stripped[1:-1], ""
    return None
