"""Every method of a client as a word: ``%cartesia voices.clone clip.wav --name Mine --language en``.

What may be given, and what it means, comes from the method's own signature and docstring.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from cartesia_nb.client.client import Client, connect
from cartesia_nb.magics.commands import Command
from cartesia_nb.magics.fill import resolved
from cartesia_nb.magics.options import HELP, KEEP, RAW, Option
from cartesia_nb.wire.errors import InputError

SECTIONS = tuple(name for name, member in vars(Client).items() if isinstance(member, cached_property))
PARAMETERS = re.compile(r"Parameters\n-+\n(.*?)(?:\n\n\S|\Z)", re.DOTALL)
DESCRIBED = re.compile(r"^(\S[^:\n]*?)(?: : [^\n]*)?\n((?: +[^\n]*\n?)+)", re.MULTILINE)
NUMBERS: dict[str, Callable[[str], float]] = {"int": int, "float": float}
#: The options of every command, which are not the method's.
EVERYBODYS = {option.name for option in (KEEP, RAW, HELP)}


def method_names() -> list[str]:
    """Return the dotted name of every method."""
    client = connect()
    return [f"{section}.{name}" for section in SECTIONS for name in _methods(getattr(client, section))]


def _methods(section: Any) -> list[str]:
    return [
        name for name, member in vars(type(section)).items() if inspect.isfunction(member) and name[0] != "_"
    ]


def method_command(word: str, names: Mapping[str, Any]) -> Command | None:
    """Return the command that calls a method; None if there is no such method.

    Parameters
    ----------
    word : str
        Such as ``"voices.list"``.
    names : mapping
        The variables of the notebook, which may stand where a method takes anything.
    """
    section, _, name = word.partition(".")
    if section not in SECTIONS or name not in _methods(getattr(connect(), section)):
        return None
    method = getattr(getattr(connect(), section), name)
    parameters = inspect.signature(method).parameters
    described = descriptions(inspect.getdoc(method) or "")
    given = [found for found in parameters.values() if found.kind is found.POSITIONAL_OR_KEYWORD]
    options = [
        option
        for parameter in parameters.values()
        if parameter not in given
        for option in _options(parameter, described.get(parameter.name, ""), names)
    ]

    def run(chosen: Mapping[str, Any], typed: str | list[str]) -> Any:
        if isinstance(typed, list):
            anything = [parameter.annotation == "Any" for parameter in given] + [False] * len(typed)
            typed = [
                resolved(text, names, text) if any_kind else text
                for text, any_kind in zip(typed, anything, strict=False)
            ]
        return _call(word, method, chosen, typed)

    return Command(
        usage=" ".join(["[options]", *(parameter.name.upper() for parameter in given)]),
        help=(inspect.getdoc(method) or "").partition("\n")[0],
        options=tuple(options),
        run=run,
        examples=(),
        prose=bool(given) and given[0].name == "transcript",
    )


def _options(parameter: inspect.Parameter, help: str, names: Mapping[str, Any]) -> list[Option]:
    flag = parameter.name.replace("_", "-")
    kinds = str(parameter.annotation).split(" | ")
    if "bool" in kinds:
        return [Option(f"--{flag}", "", help), Option(f"--no-{flag}", "", f"the opposite of --{flag}")]
    return [Option(f"--{flag}", parameter.name.upper(), help, _reader(f"--{flag}", kinds, names))]


def _reader(flag: str, kinds: list[str], names: Mapping[str, Any]) -> Callable[[str], Any]:
    """Return what turns a typed value into one of these types."""

    def number(typed: str) -> Any:
        try:
            return NUMBERS[kinds[0]](typed)
        except ValueError:
            raise InputError(f"{flag} wants a number, not {typed!r}.") from None

    if kinds[0] in NUMBERS:
        return number
    if "Any" in kinds:
        return lambda typed: resolved(typed, names, _literal(typed))
    if kinds[0].startswith("Sequence"):
        return lambda typed: [item.strip() for item in typed.strip("[]").split(",")]
    return str if "str" in kinds else _literal


def _literal(typed: str) -> Any:
    """Return a dict or a list that was typed as one, anything else as the text that it is."""
    if not typed.startswith(("{", "[")):
        return typed
    try:
        return ast.literal_eval(typed)
    except (ValueError, SyntaxError):
        raise InputError(f"{typed!r} is not a Python dict or list.") from None


def _call(word: str, method: Callable[..., Any], chosen: Mapping[str, Any], words: str | list[str]) -> Any:
    """Call a method with the options and words that were typed."""
    arguments = [words] if isinstance(words, str) else words
    options = _arguments(chosen)
    try:
        inspect.signature(method).bind(*arguments, **options)
    except TypeError as error:
        raise InputError(
            f"%cartesia {word}: {error}.", advice=f"%cartesia {word} --help says more."
        ) from None
    result = method(*arguments, **options)
    return result.collect() if hasattr(result, "collect") else result


def _arguments(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Return what options mean as arguments; True is that of a flag, which may say the opposite."""
    return {
        name.removeprefix("no-").replace("-", "_") if value is True else name.replace("-", "_"): (
            not name.startswith("no-") if value is True else value
        )
        for name, value in chosen.items()
        if name not in EVERYBODYS
    }


def descriptions(doc: str) -> dict[str, str]:
    """Return what a docstring says of each parameter, in its first sentence."""
    found = PARAMETERS.search(doc)
    described: dict[str, str] = {}
    for names, text in DESCRIBED.findall(f"{found[1]}\n" if found else ""):
        sentence = re.split(r"(?<=[.;]) ", " ".join(text.split()))[0].rstrip(".;").replace("``", "")
        described |= dict.fromkeys(re.split(r",\s*", names.replace("\\\n", "")), sentence)
    return described
