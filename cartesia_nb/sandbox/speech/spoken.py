"""What an engine gives back."""

from dataclasses import dataclass

from cartesia_nb.sandbox.speech.samples import Samples
from cartesia_nb.sandbox.speech.timing import Timed


@dataclass(frozen=True)
class Spoken:
    """Speech, and when each word of it is heard, and each phoneme if the engine knows them."""

    samples: Samples
    words: tuple[Timed, ...] = ()
    phonemes: tuple[Timed, ...] = ()
