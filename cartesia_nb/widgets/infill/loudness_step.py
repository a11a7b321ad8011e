"""Whether a part that was put into a speech stands out by its loudness."""

from __future__ import annotations

from cartesia_nb.speech.cut_points import Cut
from cartesia_nb.speech.speech import Speech
from cartesia_nb.widgets.clip_check import measure

#: What is heard as a step, in dB; how much on either side is compared, in seconds.
STEP, NEAR = 4.0, 2.0


def loudness_step(speech: Speech, cut: Cut, piece: Speech) -> float:
    """Return by how many dB a piece is louder than what surrounds the part whose place it takes.

    Examples
    --------
    >>> import cartesia_nb
    >>> speech = cartesia_nb.connect().tts.bytes("One and two.")
    >>> loudness_step(speech, Cut(0.0, speech.duration / 2), speech[speech.duration / 2 :])
    0.0
    """
    rate = speech.sample_rate
    before = speech.samples[round(max(0.0, cut.start - NEAR) * rate) : round(cut.start * rate)]
    after = speech.samples[round(cut.end * rate) : round((cut.end + NEAR) * rate)]
    around = max(measure(side, rate).speech for side in (before, after) if len(side))
    return measure(piece.samples, piece.sample_rate).speech - around


def described(step: float) -> str:
    """Return what is to be said of a step; "" of one that is not heard.

    Examples
    --------
    >>> described(-7.2), described(1.0)
    ('The new words are 7 dB softer than what surrounds them.', '')
    """
    if abs(step) < STEP:
        return ""
    way = "louder" if step > 0 else "softer"
    return f"The new words are {abs(step):.0f} dB {way} than what surrounds them."
