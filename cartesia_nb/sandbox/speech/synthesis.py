"""A whole transcript, spoken."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np

from cartesia_nb.sandbox.speech import english, pico
from cartesia_nb.sandbox.speech.errors import SpeechError
from cartesia_nb.sandbox.speech.pronunciation import Pronunciation
from cartesia_nb.sandbox.speech.samples import RATE, Samples
from cartesia_nb.sandbox.speech.speakers import Speaker
from cartesia_nb.sandbox.speech.spoken import Spoken
from cartesia_nb.sandbox.speech.stretch import stretch
from cartesia_nb.sandbox.speech.transcript import Pause, Text, parse

LANGUAGES = ("en", *pico.LANGUAGES)
# Those whose engine tells when each phoneme is heard.
PHONEME_LANGUAGES = ("en",)
MAX_SECONDS = 1800
# What is never louder is the rounding of an engine that had nothing to say.
AUDIBLE = 0.001


@dataclass(frozen=True)
class Utterance:
    """What to say, and how.

    ``speed`` and ``volume`` are factors, and so is ``pitch``, on top of the speaker's own. Without
    ``is_controllable``, tags for speed and volume in the transcript have no effect. After ``longest``
    seconds the speech is cut off.
    """

    transcript: str
    language: str
    speaker: Speaker
    pitch: float = 1.0
    speed: float = 1.0
    volume: float = 1.0
    pronunciations: tuple[Pronunciation, ...] = ()
    is_controllable: bool = True
    longest: float = math.inf


def synthesize(utterance: Utterance) -> Spoken:
    """Speak an utterance as a whole: all that `speak_stream` yields, in one."""
    pieces = list(speak_stream(utterance))
    return Spoken(
        np.concatenate([piece.samples for piece in pieces]),
        tuple(word for piece in pieces for word in piece.words),
        tuple(phoneme for piece in pieces for phoneme in piece.phonemes),
    )


def speak_stream(utterance: Utterance) -> Iterator[Spoken]:
    """Speak an utterance at 24 kHz, piece by piece, each when it is asked for.

    The same utterance gives the same samples every time. Loud speech can go beyond full scale. Times count
    from the start of the whole. Nothing comes before there is something to hear.

    Raises
    ------
    SpeechError
        If it cannot be spoken; that it is too long shows only at the place.
    """
    pieces = _pieces(utterance)
    inaudible: list[Spoken] = []
    for piece in pieces:
        if (np.abs(piece.samples) > AUDIBLE).any():
            yield from (*inaudible, piece)
            break
        inaudible.append(piece)
    else:
        raise SpeechError(f"The transcript has nothing in it that can be spoken in {utterance.language!r}.")
    yield from pieces


def _pieces(utterance: Utterance) -> Iterator[Spoken]:
    items = parse(utterance.transcript, utterance.pronunciations, is_controllable=utterance.is_controllable)
    spoken = _speak([item for item in items if isinstance(item, Text)], utterance)
    length = 0
    for item in items:
        speed = utterance.speed * item.pace.speed
        if isinstance(item, Pause):
            piece = Spoken(np.zeros(round(item.seconds / speed * RATE), np.float32))
        else:
            piece = _paced(next(spoken), speed, utterance.volume * item.pace.volume, length / RATE)
        if length + len(piece.samples) >= utterance.longest * RATE:
            yield _cut_off(piece, round(utterance.longest * RATE) - length, utterance.longest)
            return
        length += len(piece.samples)
        if length > MAX_SECONDS * RATE:
            raise SpeechError(f"The speech would be longer than {MAX_SECONDS // 60} minutes.")
        yield piece


def _cut_off(spoken: Spoken, length: int, end: float) -> Spoken:
    """Return the first samples of some speech, and what begins before the time at which they end."""
    return Spoken(
        spoken.samples[:length],
        tuple(replace(word, end=min(word.end, end)) for word in spoken.words if word.start < end),
        tuple(replace(phone, end=min(phone.end, end)) for phone in spoken.phonemes if phone.start < end),
    )


def _paced(spoken: Spoken, speed: float, volume: float, start: float) -> Spoken:
    """Return speech at another pace and volume, with times that count from ``start`` seconds before it."""
    samples: Samples = stretch(spoken.samples, speed, RATE) * np.float32(volume)
    return Spoken(
        samples,
        tuple(word.moved(start, 1 / speed) for word in spoken.words),
        tuple(phoneme.moved(start, 1 / speed) for phoneme in spoken.phonemes),
    )


def _speak(texts: Sequence[Text], utterance: Utterance) -> Iterator[Spoken]:
    if utterance.language in pico.LANGUAGES:
        return pico.speak(texts, utterance.language, utterance.speaker, utterance.pitch)
    text_hash = sha256(utterance.transcript.encode()).digest()
    return english.speak(texts, utterance.speaker, utterance.pitch, int.from_bytes(text_hash[:8]))
