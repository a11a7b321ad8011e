"""The words that make speech: ``tts``, ``say``, ``compare``, ``infill``, ``change``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from cartesia_nb.client.client import connect
from cartesia_nb.client.defaults import default
from cartesia_nb.client.progress import Progress
from cartesia_nb.magics import options as opt
from cartesia_nb.magics.command import Argument, Command, Typed
from cartesia_nb.magics.pronouncing import dictionary_id
from cartesia_nb.record.dry_run import NotSent
from cartesia_nb.wire.catalog import INFILL_MODELS, INFILL_PRICE, VOICE_CHANGER_PRICE
from cartesia_nb.wire.errors import CartesiaError, InputError

if TYPE_CHECKING:
    from cartesia_nb.speech.speech import Speech
    from cartesia_nb.speech.speeches import Speeches

#: What stands for a side of an infill that is not there.
NOTHING = "-"

#: What `tts.bytes` calls an option that magics call otherwise.
ARGUMENTS = {"model": "model_id", "format": "output_format"}
#: What is a part of `generation_config`, where it is a number or an emotion.
GENERATION = ("speed", "volume", "emotion")


def tts(typed: Typed) -> Speech:
    """Speak a text."""
    return connect().tts.bytes(_text(typed, "tts"), voice=_voice(typed.options), **_how(typed.options))


def say(typed: Typed) -> Speeches:
    """Speak each line of a text by itself."""
    lines = [line for line in _text(typed, "say").split("\n") if line.strip()]
    client, voice, how = connect(), _voice(typed.options), _how(typed.options)
    # All of them before the first: a line that cannot be said is found before anything is charged.
    for line in lines:
        client.check_transcript(line)
    speaker = client.voices.names.speaker(voice)
    return _all("say", [partial(client.tts.bytes, line, voice=speaker, **how) for line in lines])


def compare(typed: Typed) -> Speeches:
    """Speak a text with several voices."""
    voices = [voice for given in typed.options.get("voices", ()) for voice in _each(given)]
    if not voices:
        raise InputError(
            "there is no voice to compare.",
            advice='Write %cartesia compare "the text in quotes" --voices Ada Bruno.',
        )
    text, client, how = _text(typed, "compare"), connect(), _how(typed.options)
    speakers = [client.voices.names.speaker(voice) for voice in voices]
    calls = [partial(client.tts.bytes, text, voice=speaker, **how) for speaker in speakers]
    return _all("compare", calls, side_by_side=True)


def infill(typed: Typed) -> Speech:
    """Speak what stands between two pieces of speech."""
    text = typed.text
    sides = list(typed.words)
    if text is None:
        text = sides.pop(1)
    left, right = (
        None if isinstance(side, str) and side == NOTHING else side for side in [*sides, NOTHING][:2]
    )
    how = {
        name: value
        for name, value in _how(typed.options).items()
        if name in ("language", "output_format", "fresh")
    }
    if "model" in typed.options:
        how["model_id"] = typed.options["model"]
    voice = _voice(typed.options)
    return connect().infill.bytes(text, left_audio=left, right_audio=right, voice_id=voice, **how)


def change(typed: Typed) -> Speech:
    """Say what a recording says with another voice."""
    how = {name: value for name, value in _how(typed.options).items() if name in ("output_format", "fresh")}
    return connect().voice_changer.bytes(typed.words[0], voice_id=_voice(typed.options), **how)


def _text(typed: Typed, word: str) -> str:
    if not (typed.text or "").strip():
        raise InputError(
            "there is nothing to say.", advice=f"%cartesia {word} --help has examples of how to say it."
        )
    return typed.text or ""


def _voice(options: Mapping[str, Any]) -> Any:
    return options["voice"] if "voice" in options else default("voice")


def _each(given: Any) -> list[Any]:
    """Return the voices in a list or a DataFrame; a list of one for anything else."""
    if hasattr(given, "iterrows"):
        return [row for _, row in given.iterrows()]
    return given if isinstance(given, list) else [given]


def _how(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments that options and defaults stand for, without the voice."""
    chosen = {name: options.get(name) or default(name) for name in ("model", "language", "format")}
    how = {ARGUMENTS.get(name, name): value for name, value in chosen.items() if value}
    if isinstance(options.get("speed"), str):
        how["speed"] = options["speed"]
    config = {name: options[name] for name in GENERATION if name in options and name not in how}
    if config:
        how["generation_config"] = config
    if "fresh" in options:
        how["fresh"] = True
    if "dict" in options:
        how["pronunciation_dict_id"] = dictionary_id(options["dict"])
    return how


def _all(word: str, calls: Sequence[Callable[[], Speech]], *, side_by_side: bool = False) -> Speeches:
    """Make several speeches; an error has those that were made before it."""
    from cartesia_nb.speech.speeches import Speeches  # imports soundfile

    made: list[Speech] = []
    try:
        with Progress(word, "speeches", len(calls)) as progress:
            for call in calls:
                with suppress(NotSent):
                    made.append(call())
                progress.show(len(made))
    except (CartesiaError, KeyboardInterrupt) as error:
        vars(error)["made"] = Speeches(made, side_by_side=side_by_side)
        raise
    return Speeches(made, side_by_side=side_by_side)


HOW = (
    opt.MODEL,
    opt.LANGUAGE,
    opt.FORMAT,
    opt.SPEED,
    opt.EMOTION,
    opt.VOLUME,
    opt.DICTIONARY,
    opt.SAVE,
    opt.FRESH,
)
TEXT = Argument("TEXT", "text")

WORDS: dict[str, Command] = {
    "tts": Command(
        help="speak a text",
        run=tts,
        costs=True,
        takes=(TEXT,),
        options=(opt.VOICE, *HOW),
        below="the text",
        examples=(
            '%cartesia tts "hello"',
            "%cartesia tts --speed 1.2 --emotion happy What a day!",
            "%cartesia tts -o greeting --save greeting.mp3 Good morning.",
            "%%cartesia tts --voice Bruno\nOnce upon a time, there was a cell.\nIt had a lot to say.",
        ),
    ),
    "say": Command(
        help="speak each line by itself: one Speech for each",
        run=say,
        costs=True,
        takes=(TEXT,),
        options=(opt.VOICE, *HOW),
        below="the lines",
        examples=(
            "%%cartesia say -o lines\nThe first line.\nThe second line.",
            "%cartesia tts {lines[1].transcript}",
        ),
        more="Empty lines are left out. --save line.wav writes line-1.wav, line-2.wav, ...",
    ),
    "compare": Command(
        help="speak a text with several voices, side by side",
        run=compare,
        costs=True,
        takes=(TEXT,),
        options=(opt.VOICES, *HOW),
        below="the text",
        examples=('%cartesia compare "Which of us do you like?" --voices Ada Bruno',),
        more="The text stands in quotes before --voices, after a --, or below.",
    ),
    "infill": Command(
        help="speak what fits between two pieces of speech",
        run=infill,
        costs=True,
        takes=(Argument("LEFT", "audio"), TEXT, Argument("RIGHT", "audio", optional=True)),
        options=(
            opt.VOICE,
            opt.Option("--model", "MODEL", "the model that speaks, such as sonic-3", offers=INFILL_MODELS),
            opt.LANGUAGE,
            opt.FORMAT,
            opt.SAVE,
            opt.FRESH,
        ),
        below="the text",
        examples=(
            "%cartesia tts -o monday We meet on Monday at ten.",
            "left, right = monday[:1.0], monday[1.4:]",
            '%cartesia infill -o middle left "on Friday" right',
            "left + middle + right",
        ),
        more=f"A {NOTHING} stands for a side that is not there. It costs {INFILL_PRICE}.",
    ),
    "change": Command(
        help="say what a recording says with another voice",
        run=change,
        costs=True,
        takes=(Argument("CLIP", "audio"),),
        options=(opt.VOICE, opt.FORMAT, opt.SAVE, opt.FRESH),
        examples=("%cartesia tts -o hello Hello!", "%cartesia change hello --voice Bruno"),
        more=f"It costs {VOICE_CHANGER_PRICE} of the recording.",
    ),
}
