"""From bytes to samples and back.

Samples are float32 between -1 and 1, shape (n,) for mono or (n, channels), and nothing here makes them
louder or softer.
"""

from __future__ import annotations

import io
from collections.abc import Mapping

import numpy as np
import soundfile

from cartesia_nb.speech.mp3 import check_frames
from cartesia_nb.speech.wav import Wav, read_wav, write_wav
from cartesia_nb.wire.errors import BadAnswer, IncompleteBody, InputError
from cartesia_nb.wire.formats import OutputFormat

Samples = np.ndarray[tuple[int, ...], np.dtype[np.float32]]

RAW_SUBTYPES = {"pcm_s16le": "PCM_16", "pcm_f32le": "FLOAT", "pcm_mulaw": "ULAW", "pcm_alaw": "ALAW"}
BYTES_PER_SAMPLE = {"pcm_s16le": 2, "pcm_f32le": 4, "pcm_mulaw": 1, "pcm_alaw": 1}

#: Depths whose every sample is one of pcm_s16le, too.
WITHIN_16_BITS = {"PCM_16", "PCM_S8", "PCM_U8"}

#: File name extensions that speech can be saved under.
EXTENSIONS = {".wav": "wav", ".mp3": "mp3", ".flac": "flac", ".ogg": "ogg", ".raw": "raw"}

# libsndfile's MP3 and Vorbis writers overflow the stack when they get a long recording at once.
BLOCK = 1 << 14

# LAME, the MP3 encoder, turns everything down by this factor at low constant bit rates.
LAME_SCALE = np.float32(0.95)

# A display copy: kbit/s by the highest sample rate (Hz) it is for, with the slowest and the fastest that
# MP3 has there; libsndfile takes the place between the two as a "compression level".
MP3_RATES = {8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000}
DISPLAY_RATE = 44100
DISPLAY_KBITS = ((12000, 32, 8, 64), (24000, 48, 8, 160), (48000, 64, 32, 320))


def decode(data: bytes, written: OutputFormat) -> tuple[Samples, int]:
    """Decode audio as the API returns it.

    Parameters
    ----------
    data : bytes
        The whole file; for a raw container the samples alone.
    written : OutputFormat
        The format that was asked for. A WAV or MP3 header, where there is one, is believed before it.

    Returns
    -------
    samples : ndarray of float32, shape (n,) or (n, channels)
    sample_rate : int
        In Hz.

    Raises
    ------
    IncompleteBody
        If the audio was cut off.
    BadAnswer
        If it is something else than `written` says.
    """
    if written.container == "mp3":
        return _decode_mp3(data)
    wav = opened(data, written)
    with soundfile.SoundFile(
        io.BytesIO(wav.samples),
        samplerate=wav.sample_rate,
        channels=wav.channels,
        format="RAW",
        subtype=RAW_SUBTYPES[wav.encoding],
        endian="LITTLE",
    ) as sound:
        return sound.read(dtype="float32"), wav.sample_rate


def opened(data: bytes, written: OutputFormat) -> Wav:
    """Return the encoded samples in a wav or raw answer, with all that says how to read them."""
    if written.container == "wav":
        return read_wav(data)
    if data[:4] == b"RIFF":
        raise BadAnswer("the answer is a WAV file instead of raw samples.")
    encoding = str(written.encoding)
    if len(data) % BYTES_PER_SAMPLE[encoding]:
        raise IncompleteBody(
            f"the audio ends inside a sample: {len(data)} bytes of {encoding} came (.partial).", partial=data
        )
    return Wav(encoding, written.sample_rate, 1, data)


def check_whole(data: bytes, written: OutputFormat) -> None:
    """Raise if audio from the API is cut off, empty, or no audio at all (see `decode`)."""
    if written.container == "mp3":
        check_frames(data)
    elif not opened(data, written).samples:
        raise BadAnswer("the answer has no audio in it.")


def _decode_mp3(data: bytes) -> tuple[Samples, int]:
    try:
        return soundfile.read(io.BytesIO(data), dtype="float32")  # type: ignore[no-any-return]
    except soundfile.LibsndfileError:
        raise BadAnswer("the answer is not MP3 that can be read.") from None


def as_wav(data: bytes) -> bytes:
    """Decode a sound file of another kind into a WAV file with the same samples.

    Its encoding is pcm_s16le where that has room for them, else pcm_f32le.

    Raises
    ------
    IncompleteBody
        If the sound is cut off.
    BadAnswer
        If it cannot be read.
    """
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as sound:
            samples, promised = sound.read(dtype="float32"), sound.frames
            encoding = "pcm_s16le" if sound.subtype in WITHIN_16_BITS else "pcm_f32le"
            rate, channels = sound.samplerate, sound.channels
    # A header that was written before its length was known, or lies, may promise more than can be.
    except (soundfile.LibsndfileError, ValueError, MemoryError):
        raise BadAnswer("it is not sound that can be read.") from None
    if len(samples) < promised:
        raise IncompleteBody(f"of {promised} samples, {len(samples)} are there.")
    return write_wav(samples_as(encoding, samples), encoding, rate, channels)


def display_copy(samples: Samples, sample_rate: int) -> bytes:
    """Return a small MP3 of a sound, for showing: mono, 32 to 64 kbit/s, as loud as it is."""
    if sample_rate not in MP3_RATES:
        samples, sample_rate = _at_rate(mono(samples), sample_rate, DISPLAY_RATE), DISPLAY_RATE
    for highest, kbits, slowest, fastest in DISPLAY_KBITS:
        if sample_rate <= highest:
            level = (fastest - kbits) / (fastest - slowest)
            return _written(
                finite(mono(samples)) / LAME_SCALE, sample_rate, "MP3", "MPEG_LAYER_III", level=level
            )
    raise AssertionError("DISPLAY_KBITS covers every rate of MP3")


def _at_rate(samples: Samples, sample_rate: int, wanted: int) -> Samples:
    """Return mono samples at another rate, well enough to be shown."""
    at = np.arange(int(len(samples) * wanted / sample_rate)) * (sample_rate / wanted)
    return np.interp(at, np.arange(len(samples)), samples).astype(np.float32)  # type: ignore[no-any-return]


def finite(samples: Samples) -> Samples:
    """Return samples between -1 and 1; encoders end the whole process at others that are not numbers."""
    return np.clip(np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0), -1.0, 1.0)


def mono(samples: Samples) -> Samples:
    """Return the mean of all channels, shape (n,)."""
    return samples if samples.ndim == 1 else samples.mean(axis=1, dtype=np.float32)


def encode(
    samples: Samples, sample_rate: int, extension: str, texts: Mapping[str, str] | None = None
) -> bytes:
    """Encode samples as the kind of file that has this extension, 16 bits deep where it has a depth.

    Files of the kinds flac and ogg take texts with them, by libsndfile's names: title, comment, ...

    Raises
    ------
    InputError
        If there is no such kind.
    """
    kind = kind_of(extension)
    if not len(samples):
        raise InputError("there is no sound to save.")
    if kind == "raw":
        return pcm_s16le(samples)
    if kind == "wav":
        channels = 1 if samples.ndim == 1 else samples.shape[1]
        return write_wav(pcm_s16le(samples), "pcm_s16le", sample_rate, channels)
    if kind == "mp3":
        return _written(finite(samples), sample_rate, "MP3", "MPEG_LAYER_III")
    if kind == "ogg":
        return _written(finite(samples), sample_rate, "OGG", "VORBIS", texts=texts)
    whole = np.frombuffer(pcm_s16le(samples), "<i2").reshape(samples.shape)
    return _written(whole, sample_rate, "FLAC", "PCM_16", texts=texts)


def kind_of(extension: str) -> str:
    """Return the kind of file that has this extension.

    Raises
    ------
    InputError
        If speech cannot be saved so.
    """
    if extension.lower() not in EXTENSIONS:
        raise InputError(f"speech cannot be saved as {extension!r}.", advice=f"Use {', '.join(EXTENSIONS)}.")
    return EXTENSIONS[extension.lower()]


def pcm_s16le(samples: Samples) -> bytes:
    """Return samples as 16-bit integers; what is louder than full scale is clipped."""
    return np.clip(np.rint(finite(samples) * 32768.0), -32768, 32767).astype("<i2").tobytes()  # type: ignore[no-any-return]


def samples_as(encoding: str, samples: Samples) -> bytes:
    """Return samples as pcm_f32le, as loud as they are, or as pcm_s16le, clipped at full scale."""
    return samples.astype("<f4").tobytes() if encoding == "pcm_f32le" else pcm_s16le(samples)


def _written(
    samples: np.ndarray[tuple[int, ...], np.dtype[np.float32 | np.int16]],
    sample_rate: int,
    kind: str,
    subtype: str,
    *,
    level: float | None = None,
    texts: Mapping[str, str] | None = None,
) -> bytes:
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    constant = {} if level is None else {"compression_level": level, "bitrate_mode": "CONSTANT"}
    file = io.BytesIO()
    with soundfile.SoundFile(
        file, "w", sample_rate, channels, format=kind, subtype=subtype, **constant
    ) as sound:
        for name, text in (texts or {}).items():
            if text:  # libsndfile refuses empty ones
                setattr(sound, name, text)
        for start in range(0, len(samples), BLOCK):
            sound.write(samples[start : start + BLOCK])
    return file.getvalue()
