"""The seven speakers, all derived from the one voice that the English engine brings."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Speaker:
    """How a speaker differs from the engine's own voice.

    ``pitch`` scales the fundamental frequency, ``formant`` the frequency axis of the spectrum (a longer
    throat has lower formants), and ``gain`` evens out the loudness that this leaves in English.
    """

    name: str
    pitch: float
    formant: float
    gain: float = 1.0


DEEP_MALE = Speaker("deep male", 0.5, 0.82, gain=0.85)
MALE = Speaker("male", 0.6, 0.86, gain=0.9)
LIGHT_MALE = Speaker("light male", 0.72, 0.91, gain=0.95)
LOW_FEMALE = Speaker("low female", 0.86, 0.95)
FEMALE = Speaker("female", 1.0, 1.0)
BRIGHT_FEMALE = Speaker("bright female", 1.2, 1.05, gain=1.2)
CHILD = Speaker("child", 1.5, 1.18, gain=1.3)
