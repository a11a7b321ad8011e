"""`Speech`: audio that knows what was said, by whom, and how to make it again."""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from IPython.display import Audio

from cartesia_nb.speech import codecs, display
from cartesia_nb.speech.files import check_target, write_whole
from cartesia_nb.speech.wav import write_wav
from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.formats import OutputFormat


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
    provenance : mapping
        Has ``method``, ``version``, ``request``, ``backend`` (``"api"`` or ``"sandbox"``),
        ``made_at``, ``credits``, ``attempts``, ``audio_sha256`` and more.

    Examples
    --------
    >>> import cartesia_nb
    >>> speech = cartesia_nb.connect().tts.bytes("Hello!")
    >>> speech.samples.shape, speech.sample_rate        # doctest: +SKIP
    ((48127,), 44100)
    >>> speech.save("hello.mp3")                        # doctest: +SKIP
    PosixPath('hello.mp3')
    """

    def __init__(
        self,
        data: bytes,
        output_format: OutputFormat,
        *,
        transcript: str = "",
        provenance: Mapping[str, Any] | None = None,
    ) -> None:
        if not isinstance(data, bytes) or not isinstance(output_format, OutputFormat):
            raise InputError("a Speech is made of bytes and the OutputFormat in which they are written.")
        super().__init__(data=data)  # type: ignore[no-untyped-call]
        self.output_format = output_format
        self.mimetype = output_format.mimetype
        self.transcript = transcript
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

    @cached_property
    def display_copy(self) -> bytes:
        """The MP3 that a notebook shows and keeps; an MP3 from the API as it is."""
        if self.output_format.container == "mp3":
            return bytes(self.data)
        return codecs.display_copy(self.samples, self.sample_rate)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the sound to a file.

        The extension says how: ``.wav``, ``.mp3``, ``.flac``, ``.ogg`` or ``.raw`` (samples without any
        header). In the container that it was received in, the bytes are written as received. The file
        appears whole or not at all; one of that name is replaced.

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
        """
        target = check_path(path)
        content = self._as_file(target.suffix)
        write_whole(target, content)
        return target

    def _as_file(self, extension: str) -> bytes:
        kind, received = codecs.kind_of(extension), self.output_format.container
        if kind == received:
            return bytes(self.data)
        if {kind, received} <= {"wav", "raw"}:
            wav = codecs.opened(self.data, self.output_format)
            if kind == "raw":
                return wav.samples
            return write_wav(wav.samples, wav.encoding, wav.sample_rate, wav.channels)
        return codecs.encode(self.samples, self.sample_rate, extension)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name not in ("_decoded", "display_copy")}

    def __repr__(self) -> str:
        said = [repr(display.short(self.transcript))] if self.transcript else []
        return f"Speech({', '.join(said + display.facts(self))})"

    def _repr_html_(self) -> str:
        return display.html(self)


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
