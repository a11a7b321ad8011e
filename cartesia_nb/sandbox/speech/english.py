"""English, by hibari: a small neural engine whose weights come with its package."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cartesia_nb.sandbox.speech.english_text import Letter, check_ipa, read
from cartesia_nb.sandbox.speech.errors import SpeechError
from cartesia_nb.sandbox.speech.phonemes import STRESSES, is_phone, to_ipa
from cartesia_nb.sandbox.speech.revoice import Frames, revoice
from cartesia_nb.sandbox.speech.samples import RATE, Samples
from cartesia_nb.sandbox.speech.speakers import Speaker
from cartesia_nb.sandbox.speech.spoken import Spoken
from cartesia_nb.sandbox.speech.timing import Timed, audible, trimmed
from cartesia_nb.sandbox.speech.transcript import Text, Word

if TYPE_CHECKING:
    from hibari import Hibari

LOUDNESS = 1.3

# The inner tensor of how long each letter lasts, in units of 25 ms; letters are heard 3 units early.
DURATIONS = b"/Clip_output_0"
UNIT_SECONDS = 0.025
EARLY_UNITS = 3

# Loading happens once, and the engine's text analysis is not known to be safe in two threads at a time.
_lock = Lock()


class _Sounding(NamedTuple):
    """A letter with its start and end in seconds."""

    letter: Letter
    start: float
    end: float


def speak(texts: Sequence[Text], speaker: Speaker, pitch: float, seed: int) -> Iterator[Spoken]:
    """Speak each text when its turn comes.

    ``pitch`` comes on top of the speaker's own. The same texts and seed give the same samples.

    Raises
    ------
    SpeechError
        At once, if there is IPA in them that is none of English; later, if the engine cannot read a text.
    """
    check_ipa(texts)
    noise = np.random.default_rng(seed)
    return (_speak_one(text.words, speaker, pitch, noise) for text in texts)


def _speak_one(words: Sequence[Word], speaker: Speaker, pitch: float, noise: np.random.Generator) -> Spoken:
    from hibari import dsp

    with _lock:
        engine = _engine()
        try:
            sentences = list(read(engine, words))
        except (LookupError, UnicodeError) as error:
            raise SpeechError("The sandbox's English engine cannot read this text.") from error
    parts: list[Samples] = [np.zeros(0, np.float32)]
    sounding: list[_Sounding] = []
    for letters in sentences:
        start = sum(map(len, parts)) / RATE
        frames, durations = _run(engine, letters)
        parts.append(dsp.synth(*revoice(frames, speaker.pitch * pitch, speaker.formant), noise))
        ends = start + np.maximum(0, np.cumsum(durations) - EARLY_UNITS) * UNIT_SECONDS
        # The first duration is that of the silence before the letters.
        sounding += [
            _Sounding(letter, *span) for letter, span in zip(letters, pairwise(ends.tolist()), strict=False)
        ]
    samples: Samples = np.concatenate(parts) * np.float32(LOUDNESS * speaker.gain)
    heard = audible(samples)
    return Spoken(samples, tuple(_words(sounding, words, heard)), tuple(_phonemes(sounding)))


def _run(engine: "Hibari", letters: Sequence[Letter]) -> tuple[Frames, Any]:
    """Return what the network makes of some letters, and how many units each of them lasts."""
    ids = engine.ids("".join(letter.letter for letter in letters))
    inputs = {"ids": np.array([ids], np.int64), "speed": np.ones(1, np.float32)}
    *arrays, durations = engine.sess.run(None, inputs)
    return Frames(*(array[0] for array in arrays)), durations


def _words(sounding: Sequence[_Sounding], words: Sequence[Word], heard: Any) -> Iterator[Timed]:
    """Yield each word that is heard; the pauses around it are none of it."""
    phones = [each for each in sounding if is_phone(each.letter.letter)]
    for number, group in groupby(phones, key=lambda each: each.letter.word):
        own = list(group)
        yield trimmed(Timed(words[number].written, own[0].start, own[-1].end), heard)


def _phonemes(sounding: Sequence[_Sounding]) -> Iterator[Timed]:
    """Yield each phoneme in IPA; one that is stressed begins with its mark."""
    mark, start = "", 0.0
    for letter, begin, end in sounding:
        if letter.letter in STRESSES:
            mark, start = letter.letter, begin
        elif is_phone(letter.letter):
            yield Timed(mark + to_ipa(letter.letter), start if mark else begin, end)
            mark = ""


@cache
def _engine() -> "Hibari":
    """Load the engine, and have its network give the durations out, too."""
    from hibari import Hibari
    from hibari.voices import DEFAULT, voice_path

    return Hibari(model=Path(voice_path(DEFAULT)).read_bytes() + _more_output(DURATIONS))


def _more_output(name: bytes) -> bytes:
    """Return what to append to a network's file so that it has one more output.

    The file is a protobuf message, and what is appended to one is merged into it: here field 7, the graph,
    with its field 12, an output, with its field 1, the name.
    """
    message = name
    for field in (1, 12, 7):
        message = bytes([field << 3 | 2, len(message)]) + message
    return message
