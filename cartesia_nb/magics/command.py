"""A word after ``%cartesia``: what follows it, what it does, and how it is explained."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from textwrap import indent
from typing import Any

from cartesia_nb.magics import options as opt
from cartesia_nb.magics.options import Offers, Option
from cartesia_nb.wire.errors import InputError


@dataclass(frozen=True)
class Argument:
    """One of the words that follow a command's own.

    Attributes
    ----------
    name : str
        What it is called in the help.
    offers : str or tuple of str
        What may stand there (see `Option.offers`). ``"text"`` is what will be spoken; ``"audio"`` and
        ``"anything"`` may be variables of the notebook.
    optional : bool
        Whether it may be left out.
    many : bool
        Whether more of them may follow.
    """

    name: str
    offers: Offers = ()
    optional: bool = False
    many: bool = False

    def __str__(self) -> str:
        name = f"{self.name}{' ...' if self.many else ''}"
        return f"[{name}]" if self.optional else name


@dataclass(frozen=True)
class Typed:
    """What was typed after a word.

    Attributes
    ----------
    options : mapping
        Name -> value.
    words : list
        Strings, or what variables of the notebook hold.
    text : str or None
        What stands as one text: on the line where the command takes prose, or below it; None if there
        is none.
    """

    options: Mapping[str, Any]
    words: list[Any]
    text: str | None = None


@dataclass(frozen=True)
class Command:
    """A word after ``%cartesia``.

    Attributes
    ----------
    help : str
        What it does, in one line.
    run : callable
        Takes what was typed; returns the result.
    takes : tuple of Argument
        What follows the word.
    options : tuple of Option
        Those of its own.
    below : str
        What may stand below ``%%cartesia``; "" for nothing.
    examples : tuple of str
        Cells that work, one after the other.
    more : str
        What else is worth knowing.
    too_much : str
        What is said about more words than it takes; by default, what it takes.
    costs : bool
        Whether it costs credits.
    """

    help: str
    run: Callable[[Typed], Any]
    takes: tuple[Argument, ...] = ()
    options: tuple[Option, ...] = ()
    below: str = ""
    examples: tuple[str, ...] = ()
    more: str = ""
    too_much: str = ""
    costs: bool = False

    @property
    def prose(self) -> bool:
        """Whether it takes one text, as it was typed, and not words."""
        return [argument.offers for argument in self.takes] == ["text"]

    @property
    def own_options(self) -> tuple[Option, ...]:
        """The options that not every command has."""
        return (*self.options, *((opt.DRY_RUN,) if self.costs else ()))

    @property
    def table(self) -> dict[str, Option]:
        """Flag -> option, with the options that every command has."""
        return {option.flag: option for option in (*self.own_options, opt.KEEP, opt.RAW, opt.HELP)}

    @property
    def usage(self) -> str:
        """What follows the word, in one line."""
        return " ".join([*(["[options]"] if self.own_options else []), *map(str, self.takes)])

    def arguments(self, *, below: bool) -> tuple[Argument, ...]:
        """Return what stands on the line; a text that stands `below` does not."""
        return tuple(argument for argument in self.takes if not (below and argument.offers == "text"))


def check_number(word: str, command: Command, words: list[Any], *, below: bool) -> None:
    """Refuse too few or too many words; some of what the command takes may stand `below`.

    Raises
    ------
    InputError
        Which says what the command takes.
    """
    arguments = command.arguments(below=below)
    needed = [argument for argument in arguments if not argument.optional]
    usage = f"It takes {' '.join(map(str, arguments)) or 'none'}."
    if len(words) < len(needed):
        raise InputError(f"%cartesia {word} wants {needed[len(words)].name}.", advice=usage)
    if len(words) > len(arguments) and not (arguments and arguments[-1].many):
        # Nothing of the words: one may be a key.
        raise InputError(f"these are too many words for %cartesia {word}.", advice=command.too_much or usage)


def help_for(word: str, command: Command) -> str:
    """Return the help of one command."""
    lines = [f"%cartesia {word} {command.usage}".rstrip(), f"  {command.help}"]
    if command.below:
        lines += [f"  %%cartesia {word} takes {command.below} below it."]
    lines += ["", "Options:"]
    told = {
        f"{option.flag} {option.value}{' ...' if option.many else ''}".rstrip(): option.help
        for option in command.table.values()
    }
    width = max(map(len, told))
    lines += [f"  {typed:{width}}  {meaning}" for typed, meaning in told.items()]
    if command.more:
        lines += ["", command.more]
    if command.examples:
        lines += ["", "Examples:", indented(command.examples)]
    return "\n".join(lines)


def indented(examples: tuple[str, ...]) -> str:
    """Return examples as the help shows them."""
    return indent("\n\n".join(examples), "  ")
