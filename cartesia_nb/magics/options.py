"""The options of ``%cartesia``: one table that feeds parsing, help and documentation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cartesia_nb.wire import catalog
from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.formats import SHORT_EXAMPLES, output_format


@dataclass(frozen=True)
class Option:
    """One option.

    Attributes
    ----------
    flag : str
        As it is typed, such as ``"--voice"``.
    value : str
        What its value is called in the help; "" for an option without a value.
    help : str
        What it does, in one line.
    read : callable
        Turns the typed value into what is used; raises `InputError`.
    """

    flag: str
    value: str
    help: str
    read: Callable[[str], Any] = str

    @property
    def name(self) -> str:
        """The name under which its value is passed on."""
        return self.flag.lstrip("-")


def _number(name: str) -> Callable[[str], float]:
    low, high = catalog.GENERATION_RANGES[name]

    def read(typed: str) -> float:
        try:
            number = float(typed)
        except ValueError:
            number = float("nan")
        if not low <= number <= high:
            raise InputError(
                f"--{name} cannot be {typed!r}.", advice=f"It can be {low} to {high}; 1 is the default."
            )
        return number

    return read


def _speed(typed: str) -> str | float:
    return typed if typed in catalog.SPEEDS else _number("speed")(typed)


def _variable(typed: str) -> str:
    if not typed.isidentifier():
        raise InputError(f"-o wants the name of a variable, not {typed!r}.")
    return typed


def _path(typed: str) -> Any:
    from cartesia_nb.speech.speech import check_path  # imports soundfile

    return check_path(typed)


VOICE = Option("--voice", "VOICE", "who speaks: an id, or a name (%cartesia voices lists them)")
MODEL = Option("--model", "MODEL", f"the model, such as sonic-2; {catalog.DEFAULTS['tts_model']} by default")
LANGUAGE = Option("--language", "CODE", "the language of the text, such as en or de")
FORMAT = Option("--format", "FORMAT", f"how the API writes the audio: {SHORT_EXAMPLES}", output_format)
SPEED = Option("--speed", "FACTOR", "0.6 to 1.5 (sonic-3 and newer), or slow, normal, fast (sonic-2)", _speed)
EMOTION = Option("--emotion", "EMOTION", "such as calm, happy, sad, curious (sonic-3 and newer)")
VOLUME = Option("--volume", "FACTOR", "0.5 to 2.0 (sonic-3 and newer)", _number("volume"))
SAVE = Option("--save", "PATH", "also write a file: .wav, .mp3, .flac, .ogg or .raw", _path)
KEEP = Option("-o", "NAME", "keep the result in this variable, too", _variable)
RAW = Option("--raw", "", "leave {names} in the text as they are")
HELP = Option("--help", "", "show this")
