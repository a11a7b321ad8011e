"""What is heard in the recordings that voices are made of: how high they speak, and nothing else."""

import numpy as np

from cartesia_nb.sandbox.errors import invalid
from cartesia_nb.sandbox.form import Upload
from cartesia_nb.sandbox.speech.pitch import HOP_SECONDS, f0_track, median_f0
from cartesia_nb.sandbox.speech.recording import read_recording, recording_blocks
from cartesia_nb.sandbox.speech.samples import RATE, Samples

MAX_CLIP_SECONDS = 60
MIN_VOICED_SECONDS = 1
MAX_FILE_SECONDS = 4 * 3600
# A minute of speech says how high a voice is: longer files are read to their end, but not measured.
MEASURED_SECONDS = 60
AUDIBLE = 0.01


def clip_pitch(clip: Upload) -> float:
    """Return the median pitch in Hz of a clip to clone.

    Raises
    ------
    ApiError
        400, if it is not audio, longer than a minute, or has less than a second of voiced speech.
    """
    track = f0_track(read_recording(clip, MAX_CLIP_SECONDS))
    voiced = track[track > 0]
    seconds = len(voiced) * HOP_SECONDS
    if seconds < MIN_VOICED_SECONDS:
        raise invalid(
            f"The clip has {seconds:.1f} seconds of voiced speech; at least {MIN_VOICED_SECONDS} is needed."
        )
    return float(np.median(voiced))


def file_pitch(file: Upload) -> float | None:
    """Return the median pitch in Hz of a recording to train with, None if nothing in it is voiced.

    Raises
    ------
    ApiError
        400, if it is not audio, or longer than four hours.
    """
    kept: list[Samples] = []
    length = 0
    for block in recording_blocks(file, MAX_FILE_SECONDS):
        if length < MEASURED_SECONDS * RATE and (np.abs(block) > AUDIBLE).any():
            kept.append(block)
            length += len(block)
    return median_f0(np.concatenate(kept)) if kept else None
