"""English speech to text, by Moonshine tiny, run straight from the model files of its package."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import soxr

from cartesia_nb.sandbox.speech.samples import Samples

RATE = 16000
START, END = 1, 2
TOKENS_PER_SECOND = 6.5
# Layers, heads and their size, of what the decoder remembers.
NO_MEMORY = (1, 8, 0, 36)


def is_installed() -> bool:
    """Tell whether the package with the model is there: it has no wheel for every Python."""
    return find_spec("moonshine_voice") is not None


def transcribe(samples: Samples, sample_rate: int) -> str:
    """Return the English text heard in mono samples of up to about 30 seconds."""
    encoder, decoder = _session("encoder_model"), _session("decoder_model_merged")
    audio = soxr.resample(np.asarray(samples, np.float32), sample_rate, RATE)[None, :]
    mask = np.ones(audio.shape, np.int64)
    states = encoder.run(None, {"input_values": audio, "attention_mask": mask})[0]
    # The decoder wants the mask of the samples, not of the encoder's frames: with a shorter one,
    # clips over nine seconds crash.
    constant = {"encoder_hidden_states": states, "encoder_attention_mask": mask}
    names = [each.name for each in decoder.get_inputs() if each.name.startswith("past_key_values")]
    past = {name: np.zeros(NO_MEMORY, np.float32) for name in names}
    tokens = [START]
    for step in range(int(audio.size / RATE * TOKENS_PER_SECOND) + 8):
        state = {"input_ids": np.array([tokens[-1:]], np.int64), "use_cache_branch": np.array([step > 0])}
        logits, *present = decoder.run(None, constant | past | state)
        # After the first step the encoder's keys and values come back empty: keep the first ones.
        past |= {
            name: value
            for name, value in zip(names, present, strict=True)
            if step == 0 or ".decoder." in name
        }
        tokens.append(int(logits[0, -1].argmax()))
        if tokens[-1] == END:
            break
    words = b"".join(_vocabulary()[token] for token in tokens if token > END)
    return words.decode(errors="replace").replace("\u2581", " ").strip()


def _assets() -> Path:
    spec = find_spec("moonshine_voice")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("moonshine_voice is not installed")
    return Path(spec.origin).parent / "assets" / "tiny-en"


@cache
def _session(name: str) -> Any:
    import onnxruntime

    return onnxruntime.InferenceSession(_assets() / f"{name}.ort", providers=["CPUExecutionProvider"])


@cache
def _vocabulary() -> list[bytes]:
    """Read byte strings, each after its length: one byte, or two when the first is over 127."""
    data = (_assets() / "tokenizer.bin").read_bytes()
    tokens, at = [], 0
    while at < len(data):
        length, at = data[at], at + 1
        if length > 127:
            length, at = length - 128 + 128 * data[at], at + 1
        tokens.append(data[at : at + length])
        at += length
    return tokens
