"""The magic itself: read a line, run the command, give the result to whoever wants it."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from IPython.core.magic import needs_local_scope, no_var_expand
from IPython.display import display

from cartesia_nb.magics.commands import COMMANDS, Command, help_for, overview
from cartesia_nb.magics.fill import fill
from cartesia_nb.magics.lines import SHOW
from cartesia_nb.magics.typed import split_options, split_target, split_word, split_words
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
    if word in ("", "help", "--help", "-h"):
        print(overview())  # noqa: T201
        return None
    command = _command(word.rstrip("?"), names)
    if command is None:
        raise InputError(f"%cartesia has no word {word!r}.", advice=_other_words(word))
    options, text = _split(command, rest, names)
    if "help" in options or word.endswith("?"):
        print(help_for(word.rstrip("?"), command))  # noqa: T201
        return None
    if cell is not None:
        text = _text_below(word, text, cell)
    if isinstance(text, str) and "raw" not in options:
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


def _split(command: Command, rest: str, names: Mapping[str, Any]) -> tuple[dict[str, Any], str | list[str]]:
    split = split_options if command.prose else split_words
    return split(rest, command.table, lambda typed: fill(typed, names))


def _text_below(word: str, typed: str | list[str], cell: str) -> str:
    if not isinstance(typed, str):
        raise InputError(f"%%cartesia {word} takes no text below it.", advice="Write one line, with one %.")
    if typed.strip():
        raise InputError("the text stands twice: on the line and below it.", advice="Keep one of the two.")
    return cell


def _command(word: str, names: Mapping[str, Any]) -> Command | None:
    """Return the command behind a word; what methods there are is only looked at for a dotted one."""
    if "." not in word:
        return COMMANDS.get(word)
    from cartesia_nb.magics.methods import method_command

    return method_command(word, names)


def _other_words(word: str) -> str:
    known: list[str] = [*COMMANDS]
    if "." in word:
        from cartesia_nb.magics.methods import method_names

        known = method_names()
    near = nearest(word, known, 1)
    if near:
        return f"Did you mean %cartesia {near[0]}?"
    return f"The words are {', '.join(COMMANDS)}; %cartesia tts speaks a text."
