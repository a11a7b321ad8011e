"""German, Spanish, French and Italian, by SVOX Pico."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import soxr

from cartesia_nb.sandbox.speech.errors import SpeechError
from cartesia_nb.sandbox.speech.samples import RATE, Samples
from cartesia_nb.sandbox.speech.speakers import Speaker

PICO_RATE = 16000
LOUDNESS = 0.4
TIME_LIMIT_SECONDS = 60

# Factors that bring each language's own voice to the pitch of the English engine's.
VOICES = {"de": ("de-DE", 1.18), "es": ("es-ES", 0.97), "fr": ("fr-FR", 1.02), "it": ("it-IT", 1.09)}
LANGUAGES = tuple(VOICES) if find_spec("py_nanotts") else ()

# Pico takes these for markup, and makes a pause for each mark of a row.
MARKUP = re.compile(r"[<>&\0]")
REPEATED_MARK = re.compile(r"([^\w\s])\1+")


def speak(texts: Sequence[str], language: str, speaker: Speaker, pitch: float) -> Iterator[Samples]:
    """Speak each text, in a process of its own: Pico can hang, and only when fresh does it repeat itself."""
    voice, tuning = VOICES[language]
    # Samples played at another rate move pitch, formants and pace together: Pico speaks so that only the
    # formants stay moved.
    job = {
        "texts": [_plain(text) for text in texts],
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
    lengths, _, pcm = done.stdout.partition(b"\n")
    ends = np.cumsum([0, *json.loads(lengths)])
    return (
        _adapt(np.frombuffer(pcm[start:end], "<i2"), speaker.formant)
        for start, end in pairwise(ends.tolist())
    )


def _plain(text: str) -> str:
    return REPEATED_MARK.sub(r"\1", MARKUP.sub(" ", text))


def _adapt(pcm: "np.ndarray[tuple[int], np.dtype[np.int16]]", formant: float) -> Samples:
    samples: Samples = pcm.astype(np.float32) * np.float32(LOUDNESS / 32768)
    resampled: Samples = soxr.resample(samples, PICO_RATE * formant, RATE)
    return resampled
