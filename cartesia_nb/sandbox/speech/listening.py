"""What is said in a recording, however long."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from cartesia_nb.sandbox.speech.alignment import align
from cartesia_nb.sandbox.speech.pitch import f0_track
from cartesia_nb.sandbox.speech.recogniser import transcribe
from cartesia_nb.sandbox.speech.samples import RATE, Samples
from cartesia_nb.sandbox.speech.timing import Timed

# The recogniser takes half a minute; longer passages are cut, at the quietest place of their second half.
MAX_PASSAGE_SECONDS = 24
PAUSE_SECONDS = 0.3
# What is quieter or has fewer voiced frames of 10 ms is no speech: the recogniser would make words of it.
AUDIBLE = 1e-4
MIN_VOICED_FRAMES = 5


@dataclass(frozen=True)
class Heard:
    """A transcript, the length of the recording in seconds, and the words if they were asked for."""

    text: str
    seconds: float
    words: tuple[Timed, ...] = ()


def listen(blocks: Iterable[Samples], *, with_words: bool) -> Heard:
    """Transcribe English speech that comes in blocks at 24 kHz; no more than a passage of it is kept."""
    texts: list[str] = []
    words: list[Timed] = []
    length = 0
    for passage in passages(blocks):
        text = _transcribe(passage)
        if text:
            texts.append(text)
        if text and with_words:
            words += [word.moved(length / RATE) for word in align(passage, text)]
        length += len(passage)
    return Heard(" ".join(texts), length / RATE, tuple(words))


def passages(blocks: Iterable[Samples]) -> Iterator[Samples]:
    """Cut a recording into passages of at most 24 seconds, at pauses."""
    longest = MAX_PASSAGE_SECONDS * RATE
    rest: Samples = np.zeros(0, np.float32)
    for block in blocks:
        rest = np.concatenate([rest, block])
        while len(rest) > longest:
            cut = _quietest(rest[:longest])
            yield rest[:cut]
            rest = rest[cut:]
    yield rest


def _quietest(samples: Samples) -> int:
    """Return the middle of the quietest moment in the second half."""
    pause = round(PAUSE_SECONDS * RATE)
    half = len(samples) // 2
    energy = np.cumsum(np.pad(samples[half:].astype(np.float64), (1, 0)) ** 2)
    return half + int(np.argmin(energy[pause:] - energy[:-pause])) + pause // 2


def _transcribe(passage: Samples) -> str:
    """Return the text of a passage, nothing if nobody speaks in it."""
    if not (np.abs(passage) > AUDIBLE).any() or np.count_nonzero(f0_track(passage)) < MIN_VOICED_FRAMES:
        return ""
    text = transcribe(passage, RATE)
    return text if any(map(str.isalnum, text)) else ""
