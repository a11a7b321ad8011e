"""The magic itself: read a line, run the command, give the result to whoever wants it."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.core.magic import needs_local_scope, no_var_expand
from IPython.display import display

from cartesia_nb.magics.command import Argument, Command, Typed, check_number, help_for
from cartesia_nb.magics.fill import fill, value_of
from cartesia_nb.magics.lines import SHOW
from cartesia_nb.magics.options import Offers
from cartesia_nb.magics.typed import split_options, split_target, split_word, split_words
from cartesia_nb.magics.words import command_for, other_words, overview
from cartesia_nb.record.dry_run import PLANNED, dry_run
from cartesia_nb.wire.catalog import nearest
from cartesia_nb.wire.errors import CartesiaError, InputError

if TYPE_CHECKING:
    import pandas as pd
    from IPython.core.interactiveshell import InteractiveShell

#: Where speech is kept that was paid for, but not saved or not shown.
UNSAVED = "unsaved_speech"


def magic_for(shell: InteractiveShell) -> Callable[..., Any]:
    """Return the function behind ``%cartesia`` and ``%%cartesia`` in one shell."""
    last: list[CartesiaError] = []

    @no_var_expand
    @needs_local_scope
    def cartesia(line: str, cell: str | None = None, local_ns: Mapping[str, Any] | None = None) -> Any:
        hidden = shell.user_ns_hidden  # IPython's own: In, Out, exit
        own = {name: value for name, value in shell.user_ns.items() if name not in hidden}
        names = ChainMap(dict(local_ns or {}) if local_ns is not shell.user_ns else {}, own)
        try:
            return _run(shell, line, cell, names, last)
        except CartesiaError as error:
            error.as_line = True
            last[:] = [error]
            raise
        except KeyboardInterrupt as interrupt:
            _show_as_line(interrupt, shell)
            raise

    cartesia.__doc__ = overview()
    return cartesia


def _run(
    shell: InteractiveShell,
    line: str,
    cell: str | None,
    names: Mapping[str, Any],
    last: list[CartesiaError],
) -> Any:
    shown = line.startswith(SHOW)
    target, line = split_target(line.removeprefix(SHOW).removeprefix(" "))
    word, rest = split_word(line)
    if word == "help" and rest.strip():
        word, rest = split_word(rest)[0], " --help"
    if word in ("", "help", "help?", "--help", "-h", "?", "debug?") or (word, rest.strip()) == (
        "debug",
        "--help",
    ):
        print(overview())  # noqa: T201
        return None
    if word == "debug":
        return _debug(last)
    command = command_for(word.rstrip("?"))
    if command is None:
        raise InputError(f"%cartesia has no word {word!r}.", advice=other_words(word))
    if word.endswith("?"):
        print(help_for(word.rstrip("?"), command))  # noqa: T201
        return None
    typed = _read(word, command, rest, cell, names)
    if "help" in typed.options:
        print(help_for(word, command))  # noqa: T201
        return None
    result = _result(shell, command, typed)
    return _give(shell, result, typed.options, target, shown=shown)


def _read(word: str, command: Command, rest: str, cell: str | None, names: Mapping[str, Any]) -> Typed:
    """Read what follows a word, and what stands below it."""
    if cell is not None and not command.below:
        raise InputError(f"%%cartesia {word} takes no text below it.", advice="Write one line, with one %.")

    def value(typed: str, offers: Offers) -> Any:
        return value_of(typed, offers, names)

    if command.prose:
        options, text = split_options(rest, command.table, value)
        if cell is not None and text.strip():
            raise InputError(
                "the text stands twice: on the line and below it.", advice="Keep one of the two."
            )
        text = text if cell is None else cell
        return Typed(options, [], text if "raw" in options else fill(text, names))
    options, words = split_words(rest, command.table, value)
    if "help" in options:
        return Typed(options, [])
    arguments = command.arguments(below=cell is not None)
    check_number(word, command, words, below=cell is not None)
    return Typed(
        options,
        [_word(argument, text, options, names) for argument, text in _paired(arguments, words)],
        cell if cell is None or "raw" in options else fill(cell, names),
    )


def _paired(arguments: tuple[Argument, ...], words: list[str]) -> list[tuple[Argument, str]]:
    """Give each word its argument; the last one may have many."""
    last = [arguments[-1]] * (len(words) - len(arguments)) if arguments else []
    return list(zip([*arguments, *last], words, strict=False))


def _word(argument: Argument, typed: str, options: Mapping[str, Any], names: Mapping[str, Any]) -> Any:
    if argument.offers == "text":
        return typed if "raw" in options else fill(typed, names)
    value = value_of(typed, argument.offers, names)
    if argument.offers == "audio" and isinstance(value, str):
        _check_there(value, names)
    return value


def _check_there(name: str, names: Mapping[str, Any]) -> None:
    """Refuse what can only be the name of a variable, and is none."""
    if name.isidentifier() and not Path(name).exists():
        near = nearest(name, names, 1)
        raise InputError(
            f"there is neither a variable nor a file {name!r}.",
            advice=f"Did you mean {near[0]}?" if near else f"Here is {Path.cwd()}.",
        )


def _result(shell: InteractiveShell, command: Command, typed: Typed) -> Any:
    """Run a command; what was made and paid for before it failed is kept."""
    if "dry_run" in typed.options:
        return _cost(command, typed)
    try:
        return command.run(typed)
    except (CartesiaError, KeyboardInterrupt) as error:
        made = vars(error).get("made")
        if made:
            shell.user_ns[UNSAVED] = made
            kept = f"What was made before, {len(made)} in number, is in the variable {UNSAVED}."
            if isinstance(error, CartesiaError):
                error.advice = f"{error.advice} {kept}".strip()
            else:
                error.add_note(kept)
        raise


def _cost(command: Command, typed: Typed) -> pd.DataFrame:
    """Return the calls that a command would make, and say what they would cost."""
    from cartesia_nb.frames import frame  # imports pandas

    with dry_run() as planned:
        command.run(typed)
    known = sum(call["credits"] or 0 for call in planned)
    more = ", and more that is not known" if any(call["credits"] is None for call in planned) else ""
    print(f"It would cost about {known} credits{more}. Nothing that costs was sent.")  # noqa: T201
    return frame(planned, PLANNED)


def _give(
    shell: InteractiveShell, result: Any, options: Mapping[str, Any], target: str | None, *, shown: bool
) -> Any:
    """Keep, show and save a result, in the order in which nothing is lost."""
    for name in (target, options.get("o")):
        if name:
            shell.user_ns[name] = result
    try:
        if shown and target is None and result is not None:
            display(result)  # type: ignore[no-untyped-call]
        if hasattr(result, "save") and "save" in options:
            _save(shell, result, options["save"])
    except KeyboardInterrupt as interrupt:
        interrupt.add_note(_kept(shell, result))
        raise
    return None if shown or target else result


def _save(shell: InteractiveShell, speech: Any, path: Any) -> None:
    try:
        speech.save(path)
    except (OSError, InputError) as error:
        why = error.message if isinstance(error, InputError) else f"{error.strerror or error}."
        raise CartesiaError(f"{path} could not be written: {why}", advice=_kept(shell, speech)) from None


def _kept(shell: InteractiveShell, result: Any) -> str:
    """Keep a result that could not be shown or saved, and say where."""
    shell.user_ns[UNSAVED] = result
    return f"Nothing is lost: the result is in the variable {UNSAVED}."


def _show_as_line(interrupt: KeyboardInterrupt, shell: InteractiveShell) -> None:
    """Have IPython show an interrupt as it shows an error: in one line, that says what was kept."""
    line = " ".join(["KeyboardInterrupt: stopped.", *getattr(interrupt, "__notes__", [])])
    if shell.InteractiveTB.mode == "Context":
        vars(interrupt)["_render_traceback_"] = lambda: [line]


def _debug(last: list[CartesiaError]) -> None:
    """Print the last error of this magic with its whole traceback."""
    if not last:
        print("No %cartesia line has failed yet.")  # noqa: T201
        return
    print(last[0].whole_traceback())  # noqa: T201
