"""The word ``stt``: what is said in recordings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cartesia_nb.client.client import connect
from cartesia_nb.magics import options as opt
from cartesia_nb.magics.command import Argument, Command, Typed
from cartesia_nb.wire import catalog
from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.options import is_whole

WILD = set("*?[")
SOUND = (bytes, bytearray, memoryview)


def stt(typed: Typed) -> Any:
    """Write down what is said in one recording, or in many."""
    how = {name: typed.options[name] for name in ("model", "language", "fresh") if name in typed.options}
    if len(typed.words) == 1 and not _is_many(typed.words[0]):
        return connect().stt.transcribe(typed.words[0], **how)
    return connect().stt.transcribe([file for given in typed.words for file in _files(given)], **how)


def _files(given: Any) -> list[Any]:
    """Return the recordings that a word stands for."""
    if not _is_many(given):
        return [given]
    return _alike(given) if isinstance(given, str) else list(given)


def _is_many(given: Any) -> bool:
    """Tell whether it stands for many: a pattern such as ``calls/*.wav``, a list, a column, `Speeches`."""
    if isinstance(given, str):
        return bool(WILD & set(given)) and not Path(given).exists()
    if isinstance(given, tuple):
        return not (len(given) == 2 and is_whole(given[1]))  # samples and their rate
    return hasattr(given, "to_list") or (isinstance(given, Sequence) and not isinstance(given, SOUND))


def _alike(given: str) -> list[Path]:
    try:
        pattern = Path(given).expanduser()
        found = sorted(Path(pattern.anchor).glob(str(pattern.relative_to(pattern.anchor))))
    except (ValueError, RuntimeError) as error:  # a**b; nobody's home
        raise InputError(f"{given!r} is no pattern: {error}.") from None
    if not found:
        raise InputError(f"no file is like {given!r}.", advice=f"Here is {Path.cwd()}.")
    return found


WORDS: dict[str, Command] = {
    "stt": Command(
        help="write down what is said in recordings, and when",
        run=stt,
        costs=True,
        takes=(Argument("FILE", "audio", many=True),),
        options=(
            opt.Option(
                "--language",
                "CODE",
                "what is spoken, such as en or de; en if left out",
                offers=catalog.STT_LANGUAGES,
            ),
            opt.Option("--model", "MODEL", "the model that listens", offers=catalog.STT_MODELS),
            opt.FRESH,
        ),
        examples=(
            "%cartesia tts -o memo --save memo.wav The meeting begins at noon.",
            "%cartesia stt memo",
            "%cartesia stt -o heard *.wav",
        ),
        more=(
            "A file, a pattern such as calls/*.wav, or a variable of the notebook, which may hold many.\n"
            f"More than one give a DataFrame. It costs {catalog.STT_PRICE}."
        ),
    ),
}
