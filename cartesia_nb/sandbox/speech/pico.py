"""German, Spanish, French and Italian, by SVOX Pico."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import soxr

from cartesia_nb.sandbox.speech.errors import SpeechError
from cartesia_nb.sandbox.speech.samples import RATE, Samples
from cartesia_nb.sandbox.speech.speakers import Speaker
from cartesia_nb.sandbox.speech.spoken import Spoken
from cartesia_nb.sandbox.speech.timing import spread
from cartesia_nb.sandbox.speech.transcript import IPA, Text

PICO_RATE = 16000
LOUDNESS = 0.4
TIME_LIMIT_SECONDS = 60

# Factors that bring each language's own voice to the pitch of the English engine's.
VOICES = {"de": ("de-DE", 1.18), "es": ("es-ES", 0.97), "fr": ("fr-FR", 1.02), "it": ("it-IT", 1.09)}
LANGUAGES = tuple(VOICES) if find_spec("py_nanotts") else ()

# Pico takes these for markup, and makes a pause for each mark of a row.
MARKUP = re.compile(r"[<>&\0]")
REPEATED_MARK = re.compile(r"([^\w\s])\1+")


def speak(texts: Sequence[Text], language: str, speaker: Speaker, pitch: float) -> Iterator[Spoken]:
    """Speak each text when its turn comes. Pico does not tell when a word is heard: that is a guess.

    Raises
    ------
    SpeechError
        At once, if there is IPA in them; later, if the engine cannot read a text.
    """
    if any(IPA.search(text.spoken) for text in texts):
        raise SpeechError("The sandbox speaks phones in IPA, between << and >>, in English only.")
    return (_speak_one(text, language, speaker, pitch) for text in texts)


def _speak_one(text: Text, language: str, speaker: Speaker, pitch: float) -> Spoken:
    """Speak in a process of its own: Pico can hang, and only when fresh does it repeat itself."""
    voice, tuning = VOICES[language]
    # Samples played at another rate move pitch, formants and pace together: Pico speaks so that only the
    # formants stay moved.
    job = {
        "text": _plain(text.spoken),
        "voice": voice,
        "pitch": tuning * speaker.pitch * pitch / speaker.formant,
        "speed": 1 / speaker.formant,
    }
    worker = Path(__file__).with_name("pico_worker.py")
    try:
        done = subprocess.run(  # noqa: S603 - the program is ours, the text goes in by a pipe
            [sys.executable, "-P", str(worker)],
            input=json.dumps(job).encode(),
            capture_output=True,
            timeout=TIME_LIMIT_SECONDS,
            check=True,
        )
    except subprocess.SubprocessError as error:
        raise SpeechError("The sandbox's Pico engine cannot read this text.") from error
    samples = _adapt(np.frombuffer(done.stdout, "<i2"), speaker.formant)
    return Spoken(samples, spread([word.written for word in text.words if word.has_sound], samples))


def _plain(text: str) -> str:
    return REPEATED_MARK.sub(r"\1", MARKUP.sub(" ", text))


def _adapt(pcm: "np.ndarray[tuple[int], np.dtype[np.int16]]", formant: float) -> Samples:
    samples: Samples = pcm.astype(np.float32) * np.float32(LOUDNESS / 32768)
    resampled: Samples = soxr.resample(samples, PICO_RATE * formant, RATE)
    return resampled
