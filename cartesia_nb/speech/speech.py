"""`Speech`: audio that knows what was said, by whom, and how to make it again."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from IPython.display import Audio

from cartesia_nb.speech import codecs, display
from cartesia_nb.speech.caption import facts, short
from cartesia_nb.speech.cutting import join, span
from cartesia_nb.speech.files import check_target, write_whole
from cartesia_nb.speech.id3 import with_tag
from cartesia_nb.speech.loading import read_sound
from cartesia_nb.speech.riff_info import with_info
from cartesia_nb.speech.tags import Told, output_metadata, tags_of
from cartesia_nb.speech.timing import Timed, later, within
from cartesia_nb.speech.wav import write_wav
from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.formats import OutputFormat

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

#: What a cut or joined speech keeps of its parts' provenance, where they agree.
AGREED = ("backend", "model_id", "voice_id", "voice_name")
#: How tags get into a file that is there; the other kinds take them where they are encoded.
WITH_TAGS = {"wav": with_info, "mp3": with_tag}


class Speech(Audio):
    """Generated speech.

    It is an `IPython.display.Audio`, so every notebook tool knows it. The bytes stay as they were
    received and the samples as loud as they were; a notebook shows and keeps a small MP3 copy.

    Parameters
    ----------
    data : bytes
        Audio as received.
    output_format : OutputFormat
        How `data` is written.
    transcript : str, optional
        What is said.
    words, phonemes : sequence of (text, start, end), optional
        When each is said, in seconds.
    provenance : mapping, optional
        How it was made: everything that is needed to make it again.

    Attributes
    ----------
    data : bytes
        Audio as received.
    output_format : OutputFormat
        How `data` is written.
    mimetype : str
        Of `data`, such as ``"audio/wav"``.
    transcript : str
        What is said; "" if not known.
    words, phonemes : DataFrame
        ``word`` (``phoneme``), ``start`` and ``end`` in seconds; empty where the times are not known.
    provenance : mapping
        Has ``method``, ``version``, ``request``, ``backend`` (``"api"`` or ``"sandbox"``),
        ``made_at``, ``credits``, ``attempts``, ``audio_sha256`` and more.

    Examples
    --------
    >>> import cartesia_nb
    >>> speech = cartesia_nb.connect().tts.bytes("Hello!")
    >>> speech.sample_rate, speech.samples.ndim
    (44100, 1)
    >>> twice = speech[:0.4] + speech
    >>> twice.save("hello.mp3").name
    'hello.mp3'
    """

    def __init__(
        self,
        data: bytes,
        output_format: OutputFormat,
        *,
        transcript: str = "",
        words: Iterable[tuple[str, float, float]] = (),
        phonemes: Iterable[tuple[str, float, float]] = (),
        provenance: Mapping[str, Any] | None = None,
    ) -> None:
        if not isinstance(data, bytes) or not isinstance(output_format, OutputFormat):
            raise InputError("a Speech is made of bytes and the OutputFormat in which they are written.")
        super().__init__(data=data)  # type: ignore[no-untyped-call]
        self.output_format = output_format
        self.mimetype = output_format.mimetype
        self.transcript = transcript
        self.timed_words = tuple(Timed(*word) for word in words)
        self.timed_phonemes = tuple(Timed(*phoneme) for phoneme in phonemes)
        self._provenance = copy.deepcopy(dict(provenance or {}))

    @property
    def provenance(self) -> Mapping[str, Any]:
        """How it was made; a copy, since what happened does not change."""
        return MappingProxyType(copy.deepcopy(self._provenance))

    @cached_property
    def _decoded(self) -> tuple[codecs.Samples, int]:
        samples, sample_rate = codecs.decode(self.data, self.output_format)
        samples.flags.writeable = False
        return samples, sample_rate

    @property
    def samples(self) -> codecs.Samples:
        """Float32 between -1 and 1, shape (n,) or (n, channels), read-only; decoded on first use."""
        return self._decoded[0]

    @property
    def sample_rate(self) -> int:
        """Samples per second, in Hz."""
        return self._decoded[1]

    @property
    def duration(self) -> float:
        """In seconds."""
        return len(self.samples) / self.sample_rate

    @property
    def backend(self) -> str:
        """``"api"``, or ``"sandbox"`` for what the offline stand-in said; "" if not known."""
        return str(self.provenance.get("backend", ""))

    @property
    def words(self) -> pd.DataFrame:
        """When each word is said: ``word``, ``start`` and ``end`` in seconds; empty if not known."""
        from cartesia_nb.frames import WORD, frame  # imports pandas

        return frame([dict(zip(WORD, word, strict=True)) for word in self.timed_words], WORD)

    @property
    def phonemes(self) -> pd.DataFrame:
        """When each phoneme is said: ``phoneme``, ``start``, ``end``; empty if not known."""
        from cartesia_nb.frames import PHONEME, frame  # imports pandas

        return frame([dict(zip(PHONEME, sound, strict=True)) for sound in self.timed_phonemes], PHONEME)

    def __getitem__(self, seconds: slice) -> Speech:
        """Cut out a part by seconds: ``speech[1.2:3.4]``, ``speech[:-0.5]``.

        A word that is cut at an end counts as said. What was said is only known if the words are.

        Raises
        ------
        InputError
            If nothing lies between the two times.
        """
        start, end = span(seconds, self.duration)
        samples = self.samples[round(start * self.sample_rate) : round(end * self.sample_rate)]
        if not len(samples):
            raise InputError(f"there is not one sample from {start:g} s to {end:g} s.")
        words = within(self.timed_words, start, end)
        return self._derived(
            samples,
            transcript=" ".join(word.text for word in words),
            words=words,
            phonemes=within(self.timed_phonemes, start, end),
            provenance={"method": "cut", "start": start, "end": end, "parts": [self._provenance]},
        )

    # With cutting alone, Python would take it for a sequence.
    __iter__ = None

    def __add__(self, other: Speech) -> Speech:
        """Join two speeches with a cross-fade of 10 ms.

        What was said, and when, is only known if it is of both.

        Raises
        ------
        InputError
            If their sample rates or numbers of channels differ.
        """
        if not isinstance(other, Speech):
            return NotImplemented
        if (self.sample_rate, self.samples.shape[1:]) != (other.sample_rate, other.samples.shape[1:]):
            raise InputError(
                f"{self.sample_rate} Hz with {_channels(self)} and {other.sample_rate} Hz with "
                f"{_channels(other)} cannot be joined.",
                advice="Make both with the same output_format.",
            )
        # Half of what is said would pass for all of it.
        both_timed = self.timed_words and other.timed_words
        samples, begins = join(self.samples, other.samples, self.sample_rate)
        return self._derived(
            samples,
            transcript=f"{self.transcript} {other.transcript}"
            if self.transcript and other.transcript
            else "",
            words=self.timed_words + later(other.timed_words, begins) if both_timed else (),
            phonemes=self.timed_phonemes + later(other.timed_phonemes, begins),
            provenance={"method": "join", "parts": [*_parts(self), *_parts(other)]},
        )

    def __radd__(self, other: int) -> Speech:
        """Let ``sum(speeches)`` join them: it begins with 0."""
        return self if other == 0 else NotImplemented

    def _derived(self, samples: codecs.Samples, *, provenance: dict[str, Any], **said: Any) -> Speech:
        """Return a speech made of samples of this one; it keeps what all its parts agree on."""
        encoding = "pcm_f32le" if self.output_format.encoding == "pcm_f32le" else "pcm_s16le"
        channels = 1 if samples.ndim == 1 else samples.shape[1]
        data = write_wav(codecs.samples_as(encoding, samples), encoding, self.sample_rate, channels)
        parts = provenance["parts"]
        agreed = {name: parts[0].get(name) for name in AGREED if len({part.get(name) for part in parts}) == 1}
        if any(part.get("backend") == "sandbox" for part in parts):
            agreed["backend"] = "sandbox"
        written = replace(self.output_format, container="wav", encoding=encoding, bit_rate=None)
        return Speech(data, written, provenance={**agreed, **provenance}, **said)

    def plot(self) -> Figure:
        """Draw the waveform, with the words where their times are known, and the spectrogram.

        Returns
        -------
        matplotlib.figure.Figure
            Which a notebook shows; in a script, ``.savefig(path)`` keeps it.

        Raises
        ------
        InputError
            If matplotlib is not installed (``pip install "cartesia_nb[plot]"``).
        """
        from cartesia_nb.speech.plots import plot  # imports matplotlib

        return plot(self.samples, self.sample_rate, self.timed_words)

    @cached_property
    def display_copy(self) -> bytes:
        """The MP3 that a notebook shows and keeps; an MP3 from the API as it is."""
        if self.output_format.container == "mp3":
            return bytes(self.data)
        return codecs.display_copy(self.samples, self.sample_rate)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the sound to a file that tells how it was made.

        The extension says how: ``.wav``, ``.mp3``, ``.flac``, ``.ogg`` or ``.raw`` (samples without any
        header). In the container that it was received in, the sound is written byte for byte as received.
        The file appears whole or not at all; one of that name is replaced.

        Transcript, words, phonemes and provenance are embedded as a comment in JSON, for `load`, beside a
        title that players show; ``.raw`` has no place for them. Whoever gets the file can read them:
        ``as_file(".wav")`` returns the bytes of one without. What is longer than 16 MB in all is embedded
        without its words, or not at all, with a warning.

        Parameters
        ----------
        path : path
            Where to; the folder must exist.

        Returns
        -------
        Path
            The same path.

        Raises
        ------
        InputError
            If there is no such folder, or no way to write such a file.
        OSError
            If the disk is full or the folder must not be written to.

        Examples
        --------
        >>> import cartesia_nb
        >>> path = cartesia_nb.connect().tts.bytes("Hello!").save("hello.flac")
        >>> Speech.load(path).transcript
        'Hello!'
        """
        target = check_path(path)
        content = self.as_tagged_file(target.suffix)
        write_whole(target, content)
        return target

    def as_tagged_file(self, extension: str) -> bytes:
        """Return the bytes that `save` writes for an extension such as ``".wav"``."""
        told = Told(self.transcript, self.timed_words, self.timed_phonemes, self._provenance)
        kind, tags = codecs.kind_of(extension), tags_of(told)
        if kind == "raw" or tags is None:
            return self.as_file(extension)
        if kind in WITH_TAGS:
            return WITH_TAGS[kind](self.as_file(extension), tags)
        return codecs.encode(self.samples, self.sample_rate, extension, tags._asdict())

    def as_file(self, extension: str) -> bytes:
        """Return the sound as a file with an extension such as ``".wav"``, with nothing embedded."""
        kind, received = codecs.kind_of(extension), self.output_format.container
        if kind == received:
            return bytes(self.data)
        if {kind, received} <= {"wav", "raw"}:
            wav = codecs.opened(self.data, self.output_format)
            if kind == "raw":
                return wav.samples
            return write_wav(wav.samples, wav.encoding, wav.sample_rate, wav.channels)
        return codecs.encode(self.samples, self.sample_rate, extension)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Speech:
        """Read a sound file, with what `save` embedded in it.

        What a WAV or MP3 file was made of comes back byte for byte, and is decoded on first use. FLAC, OGG
        and WAV in encodings that the API does not have become WAV with the same samples, at once.

        Parameters
        ----------
        path : path
            Of a WAV, MP3, FLAC or OGG file; what is in it counts, not its extension.

        Returns
        -------
        Speech
            With transcript, words, phonemes and provenance as they were saved. A file that `save` did
            not write has none but a provenance with ``method`` (``"load"``) and ``file`` (``name``,
            ``bytes``, ``sha256``). `output_format` tells encoding, sample rate and bit rate where the API
            has such ones, else its defaults; `sample_rate` is that of the file in any case.

        Raises
        ------
        InputError
            If there is no such file, or it is cut off, or no such sound.

        Warns
        -----
        UserWarning
            If what is embedded cannot be read; the sound is loaded without it.

        Examples
        --------
        >>> import cartesia_nb
        >>> hello = cartesia_nb.connect().tts.bytes("Hello!")
        >>> loaded = Speech.load(hello.save("hello.wav"))
        >>> loaded.data == hello.data, loaded.provenance["made_at"] == hello.provenance["made_at"]
        (True, True)
        """
        loaded = read_sound(path)
        return cls(loaded.data, loaded.output_format, **loaded.told._asdict())

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name not in ("_decoded", "display_copy")}

    def __repr__(self) -> str:
        said = [repr(short(self.transcript))] if self.transcript else []
        return f"Speech({', '.join(said + facts(self.duration, self._provenance))})"

    def _repr_html_(self) -> str:
        return display.html(self)

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Tell in the output's metadata how it was made; it shows itself by the other methods."""
        return {}, output_metadata([self._provenance])


def _parts(speech: Speech) -> list[Mapping[str, Any]]:
    made = speech.provenance
    joined = made.get("parts") if made.get("method") == "join" else None
    return list(joined or [dict(made)])


def _channels(speech: Speech) -> str:
    return "1 channel" if speech.samples.ndim == 1 else f"{speech.samples.shape[1]} channels"


def check_path(path: str | os.PathLike[str]) -> Path:
    """Return `path` if speech can be saved there.

    Raises
    ------
    InputError
        If its folder does not exist, it is a folder itself, or its extension is not known.
    """
    target = check_target(path)
    codecs.kind_of(target.suffix)
    return target
