"""A whole transcript, spoken."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from cartesia_nb.sandbox.speech import english, pico
from cartesia_nb.sandbox.speech.errors import SpeechError
from cartesia_nb.sandbox.speech.samples import RATE, Samples
from cartesia_nb.sandbox.speech.speakers import Speaker
from cartesia_nb.sandbox.speech.stretch import stretch
from cartesia_nb.sandbox.speech.transcript import parse

LANGUAGES = ("en", *pico.LANGUAGES)
MAX_SECONDS = 1800
# What is never louder is the rounding of an engine that had nothing to say.
AUDIBLE = 0.001


@dataclass(frozen=True)
class Utterance:
    """What to say, and how.

    ``speed`` and ``volume`` are factors, and so is ``pitch``, on top of the speaker's own.
    """

    transcript: str
    language: str
    speaker: Speaker
    pitch: float = 1.0
    speed: float = 1.0
    volume: float = 1.0


def synthesize(utterance: Utterance) -> Samples:
    """Speak an utterance at 24 kHz. The same utterance gives the same samples every time.

    Loud speech can go beyond full scale.

    Raises
    ------
    SpeechError
        If it cannot be spoken.
    """
    items = parse(utterance.transcript)
    spoken = _speak([item for item in items if isinstance(item, str)], utterance)
    parts, length = [], 0
    for item in items:
        if isinstance(item, str):
            parts.append(stretch(next(spoken), utterance.speed, RATE))
        else:
            parts.append(np.zeros(round(item * RATE), np.float32))
        length += len(parts[-1])
        if length > MAX_SECONDS * RATE:
            raise SpeechError(f"The speech would be longer than {MAX_SECONDS // 60} minutes.")
    samples: Samples = np.concatenate(parts) * np.float32(utterance.volume)
    if not (np.abs(samples) > AUDIBLE).any():
        raise SpeechError(f"The transcript has nothing in it that can be spoken in {utterance.language!r}.")
    return samples


def _speak(texts: Sequence[str], utterance: Utterance) -> Iterator[Samples]:
    if utterance.language in pico.LANGUAGES:
        return pico.speak(texts, utterance.language, utterance.speaker, utterance.pitch)
    text_hash = sha256(utterance.transcript.encode()).digest()
    return english.speak(texts, utterance.speaker, utterance.pitch, int.from_bytes(text_hash[:8]))
