"""The magic itself: read a line, run the command, give the result to whoever wants it."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from IPython.core.magic import needs_local_scope, no_var_expand
from IPython.display import display

from cartesia_nb.magics.commands import COMMANDS, help_for, overview
from cartesia_nb.magics.fill import fill
from cartesia_nb.magics.lines import SHOW
from cartesia_nb.magics.typed import split_options, split_target, split_word
from cartesia_nb.wire.catalog import nearest
from cartesia_nb.wire.errors import CartesiaError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from IPython.core.interactiveshell import InteractiveShell

#: Where speech is kept that was paid for and could not be saved.
UNSAVED = "unsaved_speech"


def magic_for(shell: InteractiveShell) -> Callable[..., Any]:
    """Return the function behind ``%cartesia`` and ``%%cartesia`` in one shell."""

    @no_var_expand
    @needs_local_scope
    def cartesia(line: str, cell: str | None = None, local_ns: Mapping[str, Any] | None = None) -> Any:
        hidden = shell.user_ns_hidden  # IPython's own: In, Out, exit
        own = {name: value for name, value in shell.user_ns.items() if name not in hidden}
        names = ChainMap(dict(local_ns or {}) if local_ns is not shell.user_ns else {}, own)
        try:
            return _run(shell, line, cell, names)
        except CartesiaError as error:
            error.as_line = True
            raise

    cartesia.__doc__ = overview()
    return cartesia


def _run(shell: InteractiveShell, line: str, cell: str | None, names: Mapping[str, Any]) -> Any:
    shown = line.startswith(SHOW)
    target, line = split_target(line.removeprefix(SHOW).removeprefix(" "))
    word, rest = split_word(line)
    if _asks_for_help(word, rest):
        print(help_for(word.rstrip("?")) if word.rstrip("?") in COMMANDS else overview())  # noqa: T201
        return None
    command = COMMANDS.get(word)
    if command is None:
        raise InputError(f"%cartesia has no word {word!r}.", advice=_other_words(word))
    options, text = split_options(rest, command.table, lambda typed: fill(typed, names))
    if "help" in options:
        print(help_for(word))  # noqa: T201
        return None
    if cell is not None:
        if text.strip():
            raise InputError(
                "the text stands twice: on the line and below it.", advice="Keep one of the two."
            )
        text = cell
    if "raw" not in options:
        text = fill(text, names)
    result = command.run(options, text)
    return _give(shell, result, options, target, shown=shown)


def _give(
    shell: InteractiveShell, result: Any, options: Mapping[str, Any], target: str | None, *, shown: bool
) -> Any:
    """Keep, show and save a result, in the order in which nothing is lost."""
    for name in (target, options.get("o")):
        if name:
            shell.user_ns[name] = result
    if shown and target is None and result is not None:
        display(result)  # type: ignore[no-untyped-call]
    if "save" in options:
        _save(shell, result, options["save"])
    return None if shown or target else result


def _save(shell: InteractiveShell, speech: Any, path: Any) -> None:
    try:
        speech.save(path)
    except OSError as error:
        shell.user_ns[UNSAVED] = speech
        raise CartesiaError(
            f"{path} could not be written: {error.strerror or error}.",
            advice=f"Nothing is lost: the speech is in the variable {UNSAVED}.",
        ) from None


def _asks_for_help(word: str, rest: str) -> bool:
    if word in ("", "help", "--help", "-h"):
        return True
    return word.endswith("?") and word.rstrip("?") in COMMANDS and not rest.strip()


def _other_words(word: str) -> str:
    near = nearest(word, COMMANDS, 1)
    if near:
        return f"Did you mean %cartesia {near[0]}?"
    return f"The words are {', '.join(COMMANDS)}; %cartesia tts speaks a text."
