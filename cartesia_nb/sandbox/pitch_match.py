"""What stands in for cloning: the speaker whose throat a pitch makes likely, brought to that pitch.

Nothing but the pitch of a recording is heard, so the result is a *pitch match*, never a likeness.
"""

from math import log

from cartesia_nb.sandbox.speech.speakers import (
    BRIGHT_FEMALE,
    CHILD,
    DEEP_MALE,
    FEMALE,
    LIGHT_MALE,
    LOW_FEMALE,
    MALE,
    Speaker,
)

TAGLINE = "Pitch match, not a likeness"

SPEAKERS = (DEEP_MALE, MALE, LIGHT_MALE, LOW_FEMALE, FEMALE, BRIGHT_FEMALE, CHILD)

# The median pitch of a speaker whose factor is 1, measured over two dozen sentences in five languages.
ENGINE_HZ = 192
LOWEST_HZ, HIGHEST_HZ = 60, 450


def match_pitch(f0: float) -> tuple[Speaker, float]:
    """Return the speaker nearest to a median pitch in Hz, and the factor that brings it there.

    It is the median of much speech; single sentences stray from it by up to 8 % with their intonation.
    What is beyond human speech is taken for the nearest pitch that is not. Pico, which speaks the other
    languages, reaches about 85 to 400 Hz.
    """
    wanted = min(max(f0, LOWEST_HZ), HIGHEST_HZ) / ENGINE_HZ
    speaker = min(SPEAKERS, key=lambda speaker: abs(log(wanted / speaker.pitch)))
    return speaker, wanted / speaker.pitch
