"""What each word after ``%cartesia`` does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cartesia_nb.client.client import connect
from cartesia_nb.client.resource import Resource
from cartesia_nb.magics import options as opt
from cartesia_nb.magics.options import Option
from cartesia_nb.wire.errors import InputError


@dataclass(frozen=True)
class Command:
    """A word after ``%cartesia``.

    Attributes
    ----------
    usage : str
        What follows the word.
    help : str
        What it does, in one line.
    options : tuple of Option
        Those of its own.
    run : callable
        Takes the options and the text, or the words; returns the result.
    examples : tuple of str
        Lines that work.
    prose : bool
        Whether it takes one text, as it was typed, or words.
    """

    usage: str
    help: str
    options: tuple[Option, ...]
    run: Callable[[Mapping[str, Any], Any], Any]
    examples: tuple[str, ...]
    prose: bool = True

    @property
    def table(self) -> dict[str, Option]:
        """Flag -> option, with the options that every command has."""
        return {option.flag: option for option in (*self.options, opt.KEEP, opt.RAW, opt.HELP)}


def tts(options: Mapping[str, Any], text: str) -> Any:
    """Speak a text."""
    if not text.strip():
        raise InputError(
            "there is nothing to say.",
            advice='Write %cartesia tts "hello", or the text below %%cartesia tts.',
        )
    arguments = {"model": "model_id", "format": "output_format", "voice": "voice", "language": "language"}
    call = {arguments[name]: value for name, value in options.items() if name in arguments}
    speed = options.get("speed")
    if isinstance(speed, str):
        call["speed"] = speed
    config = {
        "speed": speed if isinstance(speed, float) else None,
        "volume": options.get("volume"),
        "emotion": options.get("emotion"),
    }
    config = {name: value for name, value in config.items() if value is not None}
    if config:
        call["generation_config"] = config
    return connect().tts.bytes(text, **call)


def voices(_options: Mapping[str, Any], text: str) -> Any:
    """List voices."""
    query = text.strip()
    return connect().voices.list(q=query) if query else connect().voices.list()


def status(_options: Mapping[str, Any], text: str) -> Resource:
    """Say whether the API is up, and where calls go."""
    _no_text("status", text)
    client = connect()
    return Resource("Status", {**client.api_status.get(), "base_url": client.base_url})


def sandbox(_options: Mapping[str, Any], text: str) -> None:
    """Go to the sandbox, or back to the API."""
    wanted = text.strip() or "on"
    if wanted not in ("on", "off"):
        raise InputError(f"sandbox cannot be {wanted!r}.", advice="It can be on or off.")
    client = connect(sandbox=wanted == "on")
    if wanted == "on":
        print(  # noqa: T201
            "The sandbox answers from now on: offline, free, with its own voices, not Cartesia's.\n"
            "%cartesia sandbox off goes back."
        )
    else:
        print(f"{client.base_url} answers from now on.")  # noqa: T201


def _no_text(word: str, text: str) -> None:
    if text.strip():
        raise InputError(f"%cartesia {word} takes no text, but got {text.strip()!r}.")


COMMANDS: dict[str, Command] = {
    "tts": Command(
        usage="[options] TEXT",
        help="speak a text; also %%cartesia tts, with the text below it",
        options=(
            opt.VOICE,
            opt.MODEL,
            opt.LANGUAGE,
            opt.FORMAT,
            opt.SPEED,
            opt.EMOTION,
            opt.VOLUME,
            opt.SAVE,
        ),
        run=tts,
        examples=(
            '%cartesia tts "hello"',
            "%cartesia tts --speed 1.2 --emotion happy What a day!",
            "%cartesia tts -o greeting --save greeting.mp3 Good morning.",
        ),
    ),
    "voices": Command(
        usage="[QUERY]",
        help="list the voices, or those with QUERY in their name, description or id",
        options=(),
        run=voices,
        examples=("%cartesia voices", "%cartesia voices -o calm calm"),
    ),
    "status": Command(
        usage="",
        help="say whether the API is up, and where calls go",
        options=(),
        run=status,
        examples=("%cartesia status",),
    ),
    "sandbox": Command(
        usage="[on|off]",
        help="go to the offline sandbox, or back to the API",
        options=(),
        run=sandbox,
        examples=("%cartesia sandbox",),
    ),
}


def overview() -> str:
    """Return the help of ``%cartesia`` as a whole."""
    lines = ["%cartesia WORD ... speaks with Cartesia's voice API. The words:", ""]
    for word, command in COMMANDS.items():
        lines.append(f"  {f'{word} {command.usage}':24} {command.help}")
    lines += [
        "",
        "Every method of a client is a word, too, such as voices.clone or agents.list_calls.",
        "%cartesia WORD --help says more. x = %cartesia ... and %cartesia x << ... keep the result,",
        "-o x keeps and shows it. {name} in a text is filled from the notebook, where it is known.",
        "",
        "Examples:",
        *(f"  {example}" for command in COMMANDS.values() for example in command.examples[:1]),
    ]
    return "\n".join(lines)


def help_for(word: str, command: Command) -> str:
    """Return the help of one command."""
    lines = [f"%cartesia {word} {command.usage}".rstrip(), f"  {command.help}", "", "Options:"]
    told = {f"{option.flag} {option.value}".rstrip(): option.help for option in command.table.values()}
    width = max(map(len, told))
    lines += [f"  {typed:{width}}  {meaning}" for typed, meaning in told.items()]
    if command.examples:
        lines += ["", "Examples:", *(f"  {example}" for example in command.examples)]
    return "\n".join(lines)
