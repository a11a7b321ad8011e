"""The word ``dict``: pronunciation dictionaries as lines of ``word = alias``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cartesia_nb.client.client import connect
from cartesia_nb.client.resource import Resource
from cartesia_nb.magics.command import Argument, Command, Typed
from cartesia_nb.wire.catalog import nearest
from cartesia_nb.wire.errors import InputError


def dictionary(typed: Typed) -> Any:
    """List the dictionaries, show one, or make one of the lines below."""
    wanted = typed.words[0] if typed.words else None
    if typed.text is not None:
        if wanted is None:
            raise InputError("the dictionary has no name.", advice="Write %%cartesia dict NAME.")
        return _keep(wanted, items_of(typed.text))
    if wanted is None:
        return connect().pronunciation_dicts.list()
    return connect().pronunciation_dicts.get(dictionary_id(wanted))


def dictionary_id(wanted: Any) -> str:
    """Return the id of the dictionary that is meant by its name, its id, or itself.

    Raises
    ------
    InputError
        If there is none, if more than one has that name, or if it is something else.
    """
    if not isinstance(wanted, str):
        found = wanted.get("id") if isinstance(wanted, Mapping) else getattr(wanted, "id", None)
        if not isinstance(found, str):
            raise InputError(
                f"a dictionary is a name, an id, or a row with an id, not {type(wanted).__name__}."
            )
        return found
    there = connect().pronunciation_dicts.list()
    named = there[there.name == wanted]
    if len(named) > 1:
        raise InputError(
            f"more than one dictionary is called {wanted!r}.",
            advice=f"Give the id of one: {', '.join(named.id)}.",
        )
    if len(named) or wanted in set(there.id):
        return str(named.id.iloc[0]) if len(named) else wanted
    near = nearest(wanted, there.name.dropna(), 1)
    raise InputError(
        f"there is no dictionary {wanted!r}.",
        advice=f"Did you mean {near[0]!r}?" if near else "%cartesia dict lists them.",
    )


def items_of(text: str) -> dict[str, str]:
    r"""Read lines of ``word = alias``; what stands around both does not count.

    Raises
    ------
    InputError
        If a line is none, or a word stands twice.

    Examples
    --------
    >>> items_of("nginx = engine x\n\nC# = see sharp")
    {'nginx': 'engine x', 'C#': 'see sharp'}
    """
    items: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        # A word may have an equals sign in it, as long as blanks are around the one that counts.
        word, sign, alias = line.partition(" = " if " = " in line else "=")
        word, alias = word.strip(), alias.strip()
        if not (word and sign and alias):
            raise InputError(f"line {number} is not `word = alias`: {line.strip()!r}.")
        if word in items:
            raise InputError(f"line {number}: {word!r} stands twice.", advice="Keep one of the two.")
        items[word] = alias
    if not items:
        raise InputError("the dictionary is empty.", advice="Write lines of `word = alias` below.")
    return items


def _keep(wanted: Any, items: Mapping[str, str]) -> Resource:
    """Make a dictionary, or give the one that is meant these items: a cell may run twice."""
    dicts = connect().pronunciation_dicts
    if isinstance(wanted, str):
        there = dicts.list()
        if wanted not in {*there.name, *there.id}:
            return dicts.create(name=wanted, items=items)
    return dicts.update(dictionary_id(wanted), items=items)


WORDS: dict[str, Command] = {
    "dict": Command(
        help="make a pronunciation dictionary; show one; list them all",
        run=dictionary,
        takes=(Argument("NAME", optional=True),),
        below="lines of `word = alias`",
        examples=(
            "%%cartesia dict tech\nnginx = engine x\nSQL = sequel",
            "%cartesia tts --dict tech We run nginx and SQL.",
            "%cartesia dict",
        ),
        more="A dictionary that has this name already gets the new lines in place of its own.",
    ),
}
