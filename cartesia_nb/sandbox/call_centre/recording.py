"""The recording of a call: its turns spoken by two voices, each at its time."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from cartesia_nb.sandbox.call_centre.calls import Call
from cartesia_nb.sandbox.call_centre.chance import stream
from cartesia_nb.sandbox.catalogue import VOICES
from cartesia_nb.sandbox.output_format import OutputFormat, encode
from cartesia_nb.sandbox.speech.samples import RATE, Samples
from cartesia_nb.sandbox.speech.stretch import stretch
from cartesia_nb.sandbox.speech.synthesis import Utterance, synthesize
from cartesia_nb.sandbox.voice import Voice

FORMAT = OutputFormat("wav", 16000, "pcm_s16le")
SILENCE = 0.005


def record_call(call: Call) -> bytes:
    """Return a call with a transcript as a WAV file, mono, 16 bit at 16 kHz."""
    voices = {"assistant": call.agent.speaker, "user": _caller(call)}
    spoken = [turn for turn in call.turns if turn["text"]]
    sound = np.zeros(round((spoken[-1]["end_timestamp"] + 0.5) * RATE), np.float32)
    for turn, samples in zip(spoken, _speak(spoken, voices), strict=True):
        start = round(turn["start_timestamp"] * RATE)
        sound[start : start + len(samples)] += samples
    return encode(sound, FORMAT)


def _caller(call: Call) -> Voice:
    """Choose a voice that speaks the agent's language and cannot be taken for the agent's."""
    agent = call.agent.speaker
    others = [v for v in VOICES if v.language == agent.language and v.speaker != agent.speaker]
    return stream("caller", call.id).choice(others)


def _speak(turns: Sequence[dict[str, Any]], voices: dict[str, Voice]) -> list[Samples]:
    """Speak each turn so that it takes the time that the transcript gives it."""
    spoken = []
    for turn in turns:
        voice = voices[turn["role"]]
        utterance = Utterance(turn["text"], voice.language, voice.speaker, voice.pitch)
        samples = _trim(synthesize(utterance).samples)
        seconds = turn["end_timestamp"] - turn["start_timestamp"]
        spoken.append(stretch(samples, len(samples) / RATE / seconds, RATE))
    return spoken


def _trim(samples: Samples) -> Samples:
    """Take the silence off both ends."""
    loud = np.flatnonzero(np.abs(samples) > SILENCE)
    return samples[loud[0] : loud[-1] + 1]
