"""What travels with a sound: how it was made, as JSON, in files and in a notebook's outputs."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from types import UnionType
from typing import Any, NamedTuple

from cartesia_nb._version import __version__
from cartesia_nb.speech.caption import short
from cartesia_nb.speech.cutting import LONGEST
from cartesia_nb.wire.catalog import warn
from cartesia_nb.wire.options import is_number, is_whole

#: The name of our texts among those of others, and the version of their layout.
NAME, LAYOUT = "cartesia_nb", 1
#: How our text begins in a file.
MARK = f'{{"{NAME}":'
#: Characters of the text; a FLAC file holds 16 MiB of texts in all.
LARGEST = 16_000_000
#: How deep lists and mappings lie in each other at most.
DEEPEST = 100
#: What every reader of JSON has room for, and pandas.
LARGEST_NUMBER = 1 << 63

#: What is read of a provenance, and its types; the rest of it may be anything.
READ_TYPES: dict[str, type | UnionType] = {
    "method": str,
    "backend": str,
    "model_id": str,
    "voice_id": str,
    "voice_name": str,
    "credits": int | float,
    "parts": list,
}


class Tags(NamedTuple):
    """The texts of a sound file: two that players show, and all about the sound as JSON."""

    title: str
    software: str
    comment: str


class Told(NamedTuple):
    """What the JSON of a file tells of its sound."""

    transcript: str
    words: Sequence[tuple[str, float, float]]
    phonemes: Sequence[tuple[str, float, float]]
    provenance: Mapping[str, Any]


def tags_of(told: Told) -> Tags | None:
    """Return what is embedded in a file, to tell this.

    Where all is longer than 16 MB, the times of words and phonemes are left out; where it still is, so
    is everything. Either warns.
    """
    made = _of_the_sound(told.provenance)
    about = plain({NAME: LAYOUT, **told._replace(provenance=made)._asdict()})
    comment = _text(about)
    if len(comment) > LARGEST:
        comment = _text({**about, "words": [], "phonemes": []})
        left_out = "words" if len(comment) <= LARGEST else "words, transcript and provenance"
        warn(f"There is too much to tell of this sound: it is saved without its {left_out}.")
    if len(comment) > LARGEST:
        return None
    stand_in = " (sandbox)" if made.get("backend") == "sandbox" else ""
    title = "".join(letter for letter in short(about["transcript"]) if letter.isprintable())
    return Tags(title, f"{NAME} {__version__}{stand_in}", comment)


def _of_the_sound(made: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a provenance says about the sound in every run: not whether it was stored by then."""
    parts = {"parts": [_of_the_sound(part) for part in made["parts"]]} if "parts" in made else {}
    return {name: value for name, value in made.items() if name != "stored"} | parts


def _text(about: Mapping[str, Any]) -> str:
    # ASCII alone, which every program that copies a comment leaves as it is.
    return json.dumps(about, separators=(",", ":"))


def told_by(comment: str) -> Told:
    """Read a comment of ours; it may come from anybody.

    Raises
    ------
    ValueError
        If it is not what `tags_of` writes.
    """
    if len(comment) > LARGEST:
        raise ValueError("it is too long.")
    try:
        about = json.loads(comment)
    except (ValueError, RecursionError):
        raise ValueError("it is no JSON.") from None
    if plain(about) != about or not isinstance(about, dict):
        raise ValueError("it is not of the kind that is written.")
    if about.get(NAME) != LAYOUT:
        raise ValueError(f"its layout is {short(repr(about.get(NAME)))}; this release reads {LAYOUT}.")
    told = Told._make(about.get(field) for field in Told._fields)
    if not (
        isinstance(told.transcript, str)
        and _is_timed(told.words)
        and _is_timed(told.phonemes)
        and _is_made(told.provenance)
    ):
        raise ValueError("it has values of other types than are written.")
    return told


def _is_timed(spoken: Any) -> bool:
    return isinstance(spoken, list) and all(map(_is_word, spoken))


def _is_word(word: Any) -> bool:
    return (
        isinstance(word, list)
        and len(word) == 3
        and isinstance(word[0], str)
        and all(map(_is_time, word[1:]))
    )


def _is_time(seconds: Any) -> bool:
    return is_number(seconds) and abs(seconds) < LONGEST


def _is_made(made: Any) -> bool:
    """Tell whether what reads a provenance can read this one."""
    return (
        isinstance(made, dict)
        and all(made.get(name) is None or isinstance(made[name], kind) for name, kind in READ_TYPES.items())
        and all(_is_made(part) for part in made.get("parts") or ())
    )


def output_metadata(made: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the metadata of a notebook's output that shows sounds, by the provenance of each."""
    speeches = [plain(_of_the_sound(one)) for one in made]
    return {NAME: {"layout": LAYOUT, "speeches": speeches}} if speeches else {}


def made_in(shown: Any) -> list[Mapping[str, Any]]:
    """Return how each sound was made that something shows, as the metadata of its output tells."""
    if not hasattr(shown, "_repr_mimebundle_"):
        return []
    _, metadata = shown._repr_mimebundle_()
    return list(metadata[NAME]["speeches"]) if NAME in metadata else []


def plain(value: Any, deepest: int = DEEPEST) -> Any:
    """Return a value as JSON has it.

    What JSON has no word for becomes text, and a list or mapping that lies deeper than so many others is
    empty.
    """
    if value is None or isinstance(value, bool):
        return value
    if is_whole(value) and abs(value) < LARGEST_NUMBER:
        return int(value)
    if is_number(value) and not is_whole(value) and math.isfinite(value):
        return float(value)
    if isinstance(value, Mapping):
        return {_letters(name): plain(value[name], deepest - 1) for name in value if deepest}
    if isinstance(value, list | tuple):
        return [plain(inner, deepest - 1) for inner in value if deepest]
    return _letters(value)


def _letters(value: Any) -> str:
    """Return a value as text that can be sent: half of a surrogate pair cannot."""
    return str(value).encode("utf-8", "replace").decode()
