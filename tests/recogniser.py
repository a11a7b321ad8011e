"""English speech to text for the tests: did the audio say what it should?

Moonshine tiny, run straight from the model files of the ``moonshine_voice`` package.
"""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import soxr

RATE = 16000
START, END = 1, 2
TOKENS_PER_SECOND = 6.5

SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def transcribe(samples: np.ndarray, sample_rate: int) -> str:
    """Return the English text heard in mono float samples of up to about 30 seconds."""
    encoder, decoder = _session("encoder_model"), _session("decoder_model_merged")
    audio = soxr.resample(np.asarray(samples, np.float32), sample_rate, RATE)[None, :]
    mask = np.ones(audio.shape, np.int64)
    states = encoder.run(None, {"input_values": audio, "attention_mask": mask})[0]
    # The decoder wants the mask of the samples, not of the encoder's frames: with a shorter one,
    # clips over nine seconds crash.
    constant = {"encoder_hidden_states": states, "encoder_attention_mask": mask}
    names = [i.name for i in decoder.get_inputs() if i.name.startswith("past_key_values")]
    past = {name: np.zeros((1, 8, 0, 36), np.float32) for name in names}
    tokens = [START]
    for step in range(int(audio.size / RATE * TOKENS_PER_SECOND) + 8):
        logits, *present = decoder.run(
            None,
            {
                **constant,
                **past,
                "input_ids": np.array([tokens[-1:]], np.int64),
                "use_cache_branch": np.array([step > 0]),
            },
        )
        # After the first step the encoder's keys and values come back empty: keep the first ones.
        past |= {n: p for n, p in zip(names, present, strict=True) if step == 0 or ".decoder." in n}
        tokens.append(int(logits[0, -1].argmax()))
        if tokens[-1] == END:
            break
    words = b"".join(_vocabulary()[token] for token in tokens if token > END)
    return words.decode(errors="replace").replace("\u2581", " ").strip()


def word_error_rate(said: str, heard: str) -> float:
    """Return word errors divided by words said; case, punctuation and number spelling do not count."""
    wanted, got = _words(said), _words(heard)
    row = list(range(len(got) + 1))
    for i, want in enumerate(wanted, 1):
        diagonal, row[0] = row[0], i
        for j, have in enumerate(got, 1):
            substitution = diagonal + (want != have)
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, substitution)
    return row[-1] / len(wanted)


def _words(text: str) -> list[str]:
    spelled = re.sub(r"\d{1,2}(?!\d)", lambda m: f" {_spell(int(m[0]))} ", text.lower())
    return re.sub(r"[^a-z0-9 ]", "", re.sub(r"[-\s]+", " ", spelled)).split()


def _spell(number: int) -> str:
    if number < len(SMALL):
        return SMALL[number]
    tens, ones = divmod(number, 10)
    return TENS[tens - 2] + (f" {SMALL[ones]}" if ones else "")


def _assets() -> Path:
    spec = find_spec("moonshine_voice")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "assets" / "tiny-en"


@cache
def _session(name: str) -> Any:
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
