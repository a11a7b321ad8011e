"""Every method of a client as a word: ``%cartesia voices.clone clip.wav --name Mine --language en``.

What may be given, and what it means, comes from the method's own signature and docstring.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Mapping
from functools import cache, cached_property
from importlib import import_module
from typing import Any

from cartesia_nb.client.client import Client, connect
from cartesia_nb.magics.command import Argument, Command, Typed
from cartesia_nb.magics.options import DRY_RUN, HELP, KEEP, RAW, Offers, Option
from cartesia_nb.record.store import CHARGED
from cartesia_nb.wire import catalog
from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.formats import SHORT_FORMS

SECTIONS = tuple(name for name, member in vars(Client).items() if isinstance(member, cached_property))
PARAMETERS = re.compile(r"Parameters\n-+\n(.*?)(?:\n\n\S|\Z)", re.DOTALL)
DESCRIBED = re.compile(r"^(\S[^:\n]*?)(?: : [^\n]*)?\n((?: +[^\n]*\n?)+)", re.MULTILINE)
EXAMPLES = re.compile(r"Examples\n-+\n(.*)", re.DOTALL)
# What is meant stands there.
ELSEWHERE = re.compile(r"As in `?([\w.]+)`?")
NUMBERS: dict[str, Callable[[str], float]] = {"int": int, "float": float}
TRANSCRIPT = Argument("TRANSCRIPT", "text")
#: What completion offers for an argument of this name.
OFFERS: dict[str, Offers] = {
    "voice": "speaker",
    "voice_id": "speaker",
    "model_id": catalog.TTS_MODELS,
    "model": catalog.STT_MODELS,
    "language": catalog.TTS_LANGUAGES,
    "output_format": SHORT_FORMS,
    "speed": catalog.SPEEDS,
    "gender": catalog.GENDERS,
    "original_speaker_gender": catalog.ORIGINAL_SPEAKER_GENDERS,
    "encoding": catalog.STT_ENCODINGS,
}
#: The options of every command, which are not the method's.
EVERYBODYS = {option.name for option in (DRY_RUN, KEEP, RAW, HELP)}


def method_names() -> list[str]:
    """Return the dotted name of every method."""
    return [f"{section}.{name}" for section in SECTIONS for name in methods_of(section)]


@cache
def methods_of(section: str) -> Mapping[str, Callable[..., Any]]:
    """Return the methods of a section of the client, by name; none for what is no section."""
    if section not in SECTIONS:
        return {}
    # A section is a class, named like its module.
    home = import_module(f"cartesia_nb.client.{section}")
    kind = getattr(home, section.title().replace("_", ""))
    return {
        name: member for name, member in vars(kind).items() if inspect.isfunction(member) and name[0] != "_"
    }


@cache
def method_command(word: str) -> Command | None:
    """Return the command that calls a method such as ``"voices.list"``; None if there is no such method."""
    section, _, name = word.partition(".")
    method = methods_of(section).get(name)
    if method is None:
        return None
    described = described_by(word)
    parameters = list(inspect.signature(method).parameters.values())[1:]
    given = [found for found in parameters if found.kind is found.POSITIONAL_OR_KEYWORD]
    options = [
        option
        for parameter in parameters
        if parameter not in given
        for option in _options(parameter, described.get(parameter.name, ""))
    ]
    doc = inspect.getdoc(method) or ""
    in_python = EXAMPLES.search(doc)
    return Command(
        help=doc.partition("\n")[0],
        run=lambda typed: _call(word, typed),
        takes=tuple(map(_argument, given)),
        options=tuple(options),
        below="the text" if TRANSCRIPT in map(_argument, given) else "",
        costs=word in CHARGED,
        more=f"In Python:\n\n{in_python[1].strip()}" if in_python else "",
    )


def _offers(parameter: inspect.Parameter) -> Offers:
    if parameter.name in OFFERS:
        return OFFERS[parameter.name]
    return "anything" if "Any" in str(parameter.annotation).split(" | ") else ()


def _argument(parameter: inspect.Parameter) -> Argument:
    if parameter.name == "transcript":
        return TRANSCRIPT
    optional = parameter.default is not parameter.empty
    return Argument(parameter.name.upper(), _offers(parameter), optional=optional)


def _options(parameter: inspect.Parameter, help: str) -> list[Option]:
    flag = _flag(parameter.name)
    kinds = str(parameter.annotation).split(" | ")
    if "bool" in kinds:
        return [Option(flag, "", help), Option(f"--no-{flag[2:]}", "", f"the opposite of {flag}")]
    reader, offers = _reader(flag, kinds), _offers(parameter)
    return [Option(flag, parameter.name.upper(), help, reader, offers, may_be_nothing=True)]


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _reader(flag: str, kinds: list[str]) -> Callable[[Any], Any]:
    """Return what turns a typed value into one of these types; what a variable holds stays as it is."""

    def number(typed: Any) -> Any:
        try:
            return NUMBERS[kinds[0]](typed) if isinstance(typed, str) else typed
        except ValueError:
            raise InputError(f"{flag} wants a number, not {typed!r}.") from None

    def several(typed: Any) -> Any:
        return (
            [item.strip(" '\"") for item in typed.strip("[]").split(",")] if isinstance(typed, str) else typed
        )

    if kinds[0] in NUMBERS:
        return number
    if kinds[0].startswith("Sequence"):
        return several
    return _text if kinds[0] == "str" else _literal


def _text(typed: Any) -> str | None:
    """Return a value as text; None, that a variable may hold, is the API's null."""
    return None if typed is None else str(typed)


def _literal(typed: Any) -> Any:
    """Return a dict or a list that was typed as one, anything else as it is."""
    if not isinstance(typed, str) or not typed.startswith(("{", "[")):
        return typed
    try:
        return ast.literal_eval(typed)
    except (ValueError, SyntaxError):
        raise InputError(f"{typed!r} is not a Python dict or list.") from None


def _call(word: str, typed: Typed) -> Any:
    """Call a method with the options and words that were typed."""
    section, _, name = word.partition(".")
    method = getattr(getattr(connect(), section), name)
    words = typed.words if typed.text is None else [typed.text]
    options = _arguments(typed.options)
    missing = [
        _flag(name)
        for name, parameter in inspect.signature(method).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
        and parameter.default is parameter.empty
        and name not in options
    ]
    if missing:
        raise InputError(
            f"%cartesia {word} wants {', '.join(missing)}.", advice=f"%cartesia {word} --help says more."
        )
    result = method(*words, **options)
    return result.collect() if hasattr(result, "collect") else result


def _arguments(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Return what options mean as arguments; True is that of a flag, which may say the opposite."""
    return {
        name.removeprefix("no_") if value is True else name: (
            not name.startswith("no_") if value is True else value
        )
        for name, value in chosen.items()
        if name not in EVERYBODYS
    }


@cache
def described_by(word: str) -> dict[str, str]:
    """Return what a method's docstring says of each parameter, there or where it refers to."""
    section, _, name = word.partition(".")
    method = methods_of(section).get(name)
    if method is None:
        return {}
    described = descriptions(inspect.getdoc(method) or "")
    for parameter, text in described.items():
        elsewhere = ELSEWHERE.match(text)
        if elsewhere:
            other = elsewhere[1] if "." in elsewhere[1] else f"{section}.{elsewhere[1]}"
            described[parameter] = described_by(other).get(parameter, elsewhere[0]) + text[elsewhere.end() :]
    return described


def descriptions(doc: str) -> dict[str, str]:
    """Return what a docstring says of each parameter, in its first sentence."""
    found = PARAMETERS.search(doc)
    described: dict[str, str] = {}
    for names, text in DESCRIBED.findall(f"{found[1]}\n" if found else ""):
        sentence = re.split(r"(?<=[.;]) ", " ".join(text.split()))[0].rstrip(".;").replace("``", "")
        described |= dict.fromkeys(re.split(r",\s*", names.replace("\\\n", "")), sentence)
    return described
