"""Is the audio what was asked for: its container, encoding, rate, and what it says?"""

import io

import numpy as np
import soundfile
from recogniser import transcribe, word_error_rate

VOICE = "e07c00bc-4134-4eae-9ea4-1a55fb45746b"
MAN = "694f9389-aac1-45b6-b726-9d9369183238"
SENTENCE = "The small boats drift slowly past the quiet harbor."
WAV = {"container": "wav", "encoding": "pcm_s16le", "sample_rate": 24000}
RAW = WAV | {"container": "raw"}
MP3 = {"container": "mp3", "sample_rate": 44100, "bit_rate": 128000}

SUBTYPES = {"pcm_f32le": "FLOAT", "pcm_s16le": "PCM_16", "pcm_mulaw": "ULAW", "pcm_alaw": "ALAW"}


def decode(audio, output):
    """Return the samples of mono audio that is as an output format says; fail if it is not."""
    if output["container"] == "raw":
        kind = {"format": "RAW", "subtype": SUBTYPES[output["encoding"]], "channels": 1}
        return soundfile.read(io.BytesIO(audio), samplerate=output["sample_rate"], dtype="float32", **kind)[0]
    with soundfile.SoundFile(io.BytesIO(audio)) as file:
        assert file.format == output["container"].upper()
        assert (file.samplerate, file.channels) == (output["sample_rate"], 1)
        samples = file.read(dtype="float32")
        if "encoding" in output:
            assert file.subtype == SUBTYPES[output["encoding"]]
    if "bit_rate" in output:
        # The encoder adds a little silence at both ends, which players may leave out.
        assert abs(8 * len(audio) / output["bit_rate"] - len(samples) / output["sample_rate"]) < 0.15
    return samples


def check_words(text, samples, rate, worst=0.1):
    """Fail if the recogniser does not hear the text; up to nine words by default, each of them."""
    heard = transcribe(np.pad(samples, rate // 4), rate)
    assert word_error_rate(text, heard) <= worst, f"said {text!r}, heard {heard!r}"


def check_speech(text, audio, output, worst=0.1):
    """Fail if audio is not in the format, or does not say the text; return its samples."""
    samples = decode(audio, output)
    check_words(text, samples, output["sample_rate"], worst)
    return samples
