"""``{name}`` in a text, filled from the notebook."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Mapping
from numbers import Number
from typing import Any

from cartesia_nb.magics.options import Offers
from cartesia_nb.wire.errors import InputError

#: Where a variable is meant by its name alone.
VARIABLES = ("audio", "speaker", "anything")

#: How what has no text of its own is printed.
INSIDES: Any = object.__str__

BRACES = re.compile(r"\{([^{}\n]+)\}")


def fill(text: str, names: Mapping[str, Any]) -> str:
    """Fill ``{name}``, ``{row.text}`` and ``{texts[0]}`` from the notebook.

    Names, attributes and indexes are followed; nothing is called. What does not resolve stays as it is.

    Parameters
    ----------
    text : str
        As typed.
    names : mapping
        The variables of the notebook.

    Raises
    ------
    InputError
        If a name holds what is no text: sound, a table, a list, None.

    Examples
    --------
    >>> fill("{who}, 100 {percent}", {"who": "Ada"})
    'Ada, 100 {percent}'
    """
    return BRACES.sub(lambda found: _as_text(resolved(found[1], names, found[0]), found[0]), text)


def value_of(typed: str, offers: Offers, names: Mapping[str, Any]) -> Any:
    """Return what a word, or the value of an option, stands for.

    What is one ``{name}`` alone becomes what that name holds; where audio or anything is wanted, a name
    without braces does, too.

    Examples
    --------
    >>> value_of("{count}", (), {"count": 3}), value_of("take{count}", (), {"count": 3})
    (3, 'take3')
    >>> value_of("count", (), {"count": 3}), value_of("count", "anything", {"count": 3})
    ('count', 3)
    """
    alone = BRACES.fullmatch(typed)
    value = resolved(alone[1], names, typed) if alone else fill(typed, names)
    if offers in VARIABLES and isinstance(value, str):
        return resolved(value, names, value)
    return value


def resolved(expression: str, names: Mapping[str, Any], otherwise: Any) -> Any:
    """Return what a name, an attribute or an index means in the notebook; `otherwise` if nothing.

    Examples
    --------
    >>> resolved("who[0]", {"who": ["Ada"]}, None), resolved("clip.wav", {}, "clip.wav")
    ('Ada', 'clip.wav')
    """
    # Whatever does not resolve stays as it is, also where an attribute of the notebook's own raises.
    try:
        with warnings.catch_warnings(action="ignore", category=SyntaxWarning):
            tree = ast.parse(expression.strip(), mode="eval")
        return _resolve(tree.body, names)
    except Exception:  # noqa: BLE001
        return otherwise


def _as_text(value: Any, typed: str) -> str:
    """Return a value as text, if it has one: the insides of a recording would cost a credit a character."""
    speaks = isinstance(value, Number) or type(value).__str__ is not INSIDES
    if not speaks or isinstance(value, bytes | bytearray) or bool(getattr(value, "shape", None)):
        raise InputError(
            f"{typed} is no text here, but of the type {type(value).__name__}.",
            advice="With --raw, it stays as it is.",
        )
    return str(value)


def _resolve(node: ast.expr, names: Mapping[str, Any]) -> Any:
    match node:
        case ast.Name(id=name):
            return names[name]
        case ast.Attribute(value=owner, attr=name):
            return getattr(_resolve(owner, names), name)
        case ast.Subscript(value=owner, slice=index):
            return _resolve(owner, names)[_index(index, names)]
    raise LookupError("neither a name nor an attribute nor an index")


def _index(node: ast.expr, names: Mapping[str, Any]) -> Any:
    """Return what stands in brackets: a name of the notebook, or itself."""
    return names[node.id] if isinstance(node, ast.Name) else ast.literal_eval(node)
