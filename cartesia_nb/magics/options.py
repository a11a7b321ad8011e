"""The options of ``%cartesia``: one table that feeds parsing, help, completion and documentation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from keyword import iskeyword
from typing import Any

from cartesia_nb.wire import catalog
from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.formats import SHORT_EXAMPLES, SHORT_FORMS, output_format

#: What may stand somewhere: certain words, or the name of a kind that completion knows how to look up:
#: "voices", "audio" (variables that hold speech, files), "files", "names" (variables), "words" (those of
#: ``%cartesia``), "text", "speaker" (a voice, or a variable that holds one), "anything".
Offers = str | tuple[str, ...]


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
        Turns what was typed, or what a variable of the notebook holds, into what is used; raises
        `InputError`.
    offers : str or tuple of str
        What completion offers as its value.
    many : bool
        Whether all words up to the next option are its values.
    may_be_nothing : bool
        Whether None and an empty text say something, and not only that a variable holds nothing.
    """

    flag: str
    value: str
    help: str
    read: Callable[[Any], Any] = str
    offers: Offers = ()
    many: bool = False
    may_be_nothing: bool = False

    @property
    def name(self) -> str:
        """The name under which its value is passed on."""
        return self.flag.lstrip("-").replace("-", "_")

    def meant(self, given: Any) -> Any:
        """Return what a value means, that was typed or that a variable holds.

        Raises
        ------
        InputError
            If it is nothing, or impossible.
        """
        nothing = given is None or (isinstance(given, str) and not given.strip())
        if nothing and not self.may_be_nothing:
            raise InputError(f"{self.flag} wants a value, {self.value}, not {given!r}.")
        return self.read(given)


def _range(name: str) -> str:
    """Return between which numbers a part of `generation_config` can be."""
    low, high = catalog.GENERATION_RANGES[name]
    return f"{low} to {high}"


def _number(name: str) -> Callable[[Any], float]:
    low, high = catalog.GENERATION_RANGES[name]

    def read(typed: Any) -> float:
        try:
            number = float(typed)
        except (TypeError, ValueError):
            number = float("nan")
        if not low <= number <= high:
            raise InputError(
                f"--{name} cannot be {_told(typed)}.", advice=f"It can be {_range(name)}; 1 is the default."
            )
        return number

    return read


def _speed(typed: Any) -> str | float:
    return typed if isinstance(typed, str) and typed in catalog.SPEEDS else _number("speed")(typed)


def _whole(typed: Any) -> int:
    if not str(typed).isdecimal():
        raise InputError(f"--limit wants a whole number, not {_told(typed)}.")
    return int(typed)


def variable(typed: Any) -> str:
    """Return the name of a variable that a result can be kept in.

    Raises
    ------
    InputError
        If it is none: what was paid for would be lost.
    """
    if not (isinstance(typed, str) and typed.isidentifier() and not iskeyword(typed)):
        raise InputError(f"a result cannot be kept as {_told(typed)}: no variable has such a name.")
    return typed


def _told(given: Any) -> str:
    """Return a value as an error shows it: in one line, also where it is a table or an array."""
    return repr(given) if isinstance(given, str | int | float) else f"of the type {type(given).__name__}"


def _path(typed: Any) -> Any:
    from cartesia_nb.speech.speech import check_path  # imports soundfile

    return check_path(typed)


def _as_it_is(typed: Any) -> Any:
    return typed


VOICE = Option(
    "--voice", "VOICE", "who speaks: an id, or a name (%cartesia voices lists them)", _as_it_is, "voices"
)
VOICES = Option(
    "--voices", "VOICE", "who speaks, one after the other: ids or names", _as_it_is, "voices", many=True
)
MODEL = Option("--model", "MODEL", "the model that speaks, such as sonic-2", offers=catalog.TTS_MODELS)
LANGUAGE = Option(
    "--language", "CODE", "the language of the text, such as en or de", offers=catalog.TTS_LANGUAGES
)
FORMAT = Option(
    "--format", "FORMAT", f"how the API writes the audio: {SHORT_EXAMPLES}", output_format, SHORT_FORMS
)
SPEED = Option(
    "--speed",
    "FACTOR",
    f"{_range('speed')} (sonic-3 and newer), or {', '.join(catalog.SPEEDS)} (sonic-2)",
    _speed,
    catalog.SPEEDS,
)
EMOTION = Option(
    "--emotion", "EMOTION", "such as calm, happy, sad, curious (sonic-3 and newer)", offers=catalog.EMOTIONS
)
VOLUME = Option("--volume", "FACTOR", f"{_range('volume')} (sonic-3 and newer)", _number("volume"))
DICTIONARY = Option(
    "--dict", "DICT", "a pronunciation dictionary: its name, or its id (sonic-3 and newer)", _as_it_is
)
SAVE = Option("--save", "PATH", "also write a file: .wav, .mp3, .flac, .ogg or .raw", _path, "files")
LIMIT = Option("--limit", "NUMBER", "at most so many", _whole)
DESCRIPTION = Option("--description", "TEXT", "for people")
FRESH = Option("--fresh", "", "another take, where one like it is stored")
DRY_RUN = Option("--dry-run", "", "only say what it would cost")
KEEP = Option("-o", "NAME", "keep the result in this variable, too", variable)
RAW = Option("--raw", "", "leave {names} in the text as they are")
HELP = Option("--help", "", "show this")
