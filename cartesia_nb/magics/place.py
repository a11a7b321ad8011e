"""Where the cursor stands in a ``%cartesia`` line, and what may stand there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cartesia_nb.magics.command import Argument, Command
from cartesia_nb.magics.lines import CELL, LINE, keep_as_typed
from cartesia_nb.magics.options import Offers, Option
from cartesia_nb.magics.typed import QUOTES, split_target, split_word
from cartesia_nb.magics.words import WORDS, command_for

BEFORE_VALUE = re.compile(r"--?[A-Za-z][\w-]*=")
TOKEN = re.compile(rf"""{BEFORE_VALUE.pattern}|"[^"]*"?|'[^']*'?|\S+""")
OPEN_BRACE = re.compile(r"\{([^\W\d]\w*)?$")


class Place(NamedTuple):
    """Where the cursor stands: what was begun there, and what may stand there."""

    begun: str
    offers: Offers
    flags: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """The quote that was opened, "" for none."""
        return self.begun[0] if self.begun.startswith(tuple(QUOTES)) else ""


def place(before: str, above: Sequence[str]) -> Place | None:
    """Find out where the cursor stands; None where that is nothing of ours.

    Parameters
    ----------
    before : str
        The line up to the cursor.
    above : sequence of str
        The lines of the cell above it.
    """
    first = next((line for line in above if line.strip()), None)
    if first is not None and CELL.fullmatch(first):
        return _in_text(before)
    cell = CELL.fullmatch(before) if first is None else None
    ours = cell or LINE.fullmatch(before)
    if ours is None or ours["rest"] is None or not (cell or _would_run(before, above)):
        return None
    return place_in(split_target(ours["rest"])[1], below=cell is not None)


def place_in(rest: str, *, below: bool = False) -> Place | None:
    """Find out what may stand at the end of what follows ``%cartesia``.

    Parameters
    ----------
    rest : str
        What was typed up to the cursor.
    below : bool
        Whether it is a cell, with the text below it.

    Examples
    --------
    >>> place_in("sandbox o")
    Place(begun='o', offers=('on', 'off'), flags=())
    """
    word, after = split_word(rest)
    if not after:
        with_text = tuple(name for name, command in WORDS.items() if command.below)
        return Place(word, with_text if below and "." not in word else "words")
    begun, tokens = _split(after)
    if word == "help":
        return None if tokens else Place(begun, "words")
    command = command_for(word)
    return None if command is None else _in_text(after) or _after_word(command, begun, tokens, below=below)


def _after_word(command: Command, begun: str, tokens: Sequence[str], *, below: bool) -> Place | None:
    words, option = _walk(tokens, command)
    if command.prose and words and not _is_quoted(words):
        return None
    given = [token.removesuffix("=") for token in tokens]
    without_value = option is not None and (not option.many or given[-1] == option.flag)
    unused = tuple(flag for flag in command.table if flag.startswith(begun) and flag not in given)
    offers = option.offers if option else _next(command.arguments(below=below), len(words))
    return Place(begun, offers, () if without_value else unused)


def _would_run(before: str, above: Sequence[str]) -> bool:
    """Tell whether this line is a statement of ours, not a part of a string or of another cell magic."""
    lines = [f"{line}\n" for line in (*above, before)]
    try:
        return keep_as_typed(lines)[-1] != lines[-1]
    except SyntaxError:  # what stands above is not Python, or not yet
        return False


def _in_text(before: str) -> Place | None:
    """Names may be completed within braces, and nothing else of a text."""
    found = OPEN_BRACE.search(before)
    return Place(found[1] or "", "names") if found else None


def _split(after: str) -> tuple[str, list[str]]:
    """Split what follows a word into the token that the cursor stands at, and those before it."""
    found = list(TOKEN.finditer(after))
    tokens = [token[0] for token in found]
    if found and found[-1].end() == len(after) and not BEFORE_VALUE.fullmatch(tokens[-1]):
        return tokens[-1], tokens[:-1]
    return "", tokens


def _walk(tokens: Iterable[str], command: Command) -> tuple[list[str], Option | None]:
    """Return the words, and the option whose value may come next."""
    words: list[str] = []
    waiting: Option | None = None
    for typed in tokens:
        option = command.table.get(typed.removesuffix("="))
        if option is not None:
            waiting = option if option.value else None
        elif waiting is None or typed == "--":  # what follows is text
            waiting = None
            words.append(typed)
        elif not waiting.many:
            waiting = None
    return words, waiting


def _is_quoted(words: Sequence[str]) -> bool:
    """Tell whether these words are one text in quotes: options may follow it."""
    return words[0][0] in QUOTES and words[-1].endswith(words[0][0])


def _next(arguments: Sequence[Argument], taken: int) -> Offers:
    if taken < len(arguments):
        return arguments[taken].offers
    return arguments[-1].offers if arguments and arguments[-1].many else ()
