"""English, by hibari: a small neural engine whose weights come with its package."""

from collections.abc import Iterator, Sequence
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from cartesia_nb.sandbox.speech.errors import SpeechError
from cartesia_nb.sandbox.speech.revoice import Frames, revoice
from cartesia_nb.sandbox.speech.samples import Samples
from cartesia_nb.sandbox.speech.speakers import Speaker

if TYPE_CHECKING:
    from hibari import Hibari

LOUDNESS = 1.3

# Loading happens once, and the engine's text analysis is not known to be safe in two threads at a time.
_lock = Lock()


def speak(texts: Sequence[str], speaker: Speaker, pitch: float, seed: int) -> Iterator[Samples]:
    """Speak each text when its turn comes.

    ``pitch`` comes on top of the speaker's own. The same texts and seed give the same samples.
    """
    noise = np.random.default_rng(seed)
    return (_speak_one(text, speaker, pitch, noise) for text in texts)


def _speak_one(text: str, speaker: Speaker, pitch: float, noise: np.random.Generator) -> Samples:
    from hibari import dsp

    with _lock:
        engine = _engine()
        try:
            sentences = [engine.ids(phonemes) for phonemes in engine.phonemize(text)]
        except (LookupError, ValueError) as error:
            raise SpeechError("The sandbox's English engine cannot read this text.") from error
    parts: list[Samples] = [np.zeros(0, np.float32)]
    for ids in sentences:
        output = engine.sess.run(None, {"ids": np.array([ids], np.int64), "speed": np.ones(1, np.float32)})
        frames = revoice(Frames(*(array[0] for array in output)), speaker.pitch * pitch, speaker.formant)
        parts.append(dsp.synth(*frames, noise))
    return np.concatenate(parts) * np.float32(LOUDNESS * speaker.gain)


@cache
def _engine() -> "Hibari":
    from hibari import Hibari

    return Hibari()
