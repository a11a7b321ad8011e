"""The audio formats that the API can return."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cartesia_nb.wire.catalog import DEFAULTS, nearest
from cartesia_nb.wire.errors import InputError

CONTAINERS = ("wav", "mp3", "raw")
ENCODINGS = ("pcm_s16le", "pcm_f32le", "pcm_mulaw", "pcm_alaw")
SAMPLE_RATES = (8000, 16000, 22050, 24000, 44100, 48000)
BIT_RATES = (32000, 64000, 96000, 128000, 192000)
MIME_TYPES = {"wav": "audio/wav", "mp3": "audio/mpeg", "raw": "audio/pcm"}

DEFAULT_ENCODING, DEFAULT_SAMPLE_RATE, DEFAULT_BIT_RATE = "pcm_s16le", 44100, 128000

SHORT = re.compile(r"(?P<container>\w+)(?::(?P<coding>\w+))?(?:@(?P<rate>\d+))?")
SHORT_EXAMPLES = '"wav", "mp3", "mp3:64000", "raw:pcm_s16le@24000"'
#: Every format, written short.
SHORT_FORMS = (
    *CONTAINERS,
    *(f"mp3:{bit_rate}" for bit_rate in BIT_RATES),
    *(f"{kind}:{coding}@{rate}" for kind in ("wav", "raw") for coding in ENCODINGS for rate in SAMPLE_RATES),
)


@dataclass(frozen=True)
class OutputFormat:
    """How the API should write audio.

    Parameters
    ----------
    container : {"wav", "mp3", "raw"}
        The kind of file; raw is samples without any header.
    encoding : {"pcm_s16le", "pcm_f32le", "pcm_mulaw", "pcm_alaw"}, optional
        How a sample is written, in wav and raw; pcm_s16le by default. MP3 has none.
    sample_rate : int
        In Hz: 8000, 16000, 22050, 24000, 44100 (the default) or 48000.
    bit_rate : int, optional
        Of mp3, in bit/s: 32000, 64000, 96000, 128000 (the default) or 192000.

    Raises
    ------
    InputError
        If the API has no such format; the message says what it has.

    Examples
    --------
    >>> OutputFormat("raw", "pcm_f32le", 24000)
    OutputFormat(container='raw', encoding='pcm_f32le', sample_rate=24000, bit_rate=None)
    """

    container: str = "wav"
    encoding: str | None = None
    sample_rate: int = DEFAULT_SAMPLE_RATE
    bit_rate: int | None = None

    def __post_init__(self) -> None:
        _one_of("container", self.container, CONTAINERS)
        _one_of("sample_rate", self.sample_rate, SAMPLE_RATES)
        if self.container == "mp3":
            if self.encoding is not None:
                raise InputError(
                    f"mp3 has no encoding ({self.encoding!r}).",
                    advice=f"Give a bit_rate ({_listed(BIT_RATES)}), or take wav or raw.",
                )
            self._fill("bit_rate", DEFAULT_BIT_RATE)
            _one_of("bit_rate", self.bit_rate, BIT_RATES)
        else:
            if self.bit_rate is not None:
                raise InputError(
                    f"{self.container} has no bit_rate ({self.bit_rate!r}).",
                    advice=f"Give an encoding ({_listed(ENCODINGS)}), or take mp3.",
                )
            self._fill("encoding", DEFAULT_ENCODING)
            _one_of("encoding", self.encoding, ENCODINGS)

    def _fill(self, name: str, default: Any) -> None:
        if getattr(self, name) is None:
            object.__setattr__(self, name, default)

    @property
    def mimetype(self) -> str:
        """The MIME type of a file in this format."""
        return MIME_TYPES[self.container]

    def to_wire(self) -> dict[str, str | int]:
        """Return the object that the API's JSON has."""
        fields = {
            "container": self.container,
            "encoding": self.encoding,
            "sample_rate": self.sample_rate,
            "bit_rate": self.bit_rate,
        }
        return {name: value for name, value in fields.items() if value is not None}

    def to_form(self) -> list[tuple[str, str]]:
        """Return the parts that the API's forms have."""
        return [(f"output_format[{name}]", str(value)) for name, value in self.to_wire().items()]

    def __str__(self) -> str:
        return f"{self.container}:{self.encoding or self.bit_rate}@{self.sample_rate}"


def output_format(wanted: OutputFormat | Mapping[str, Any] | str | None = None) -> OutputFormat:
    """Read an output format in any of the ways a person writes it.

    Parameters
    ----------
    wanted : OutputFormat, mapping or str, optional
        The wire's object (``{"container": "mp3", "sample_rate": 44100, "bit_rate": 128000}``), or a short
        string ``container:coding@rate`` whose later parts may be left out: ``"wav"``, ``"mp3:64000"``,
        ``"raw:pcm_s16le@24000"``. WAV pcm_s16le at 44100 Hz if None.

    Raises
    ------
    InputError
        If it cannot be read, or the API has no such format.
    """
    if isinstance(wanted, OutputFormat):
        return wanted
    if wanted is None:
        wanted = DEFAULTS["output_format"]
    if isinstance(wanted, str):
        return _from_short(wanted)
    if isinstance(wanted, Mapping):
        unknown = set(wanted) - {"container", "encoding", "sample_rate", "bit_rate"}
        if unknown:
            raise InputError(
                f"output_format has no {_listed(sorted(map(str, unknown)))}.",
                advice="It has container, sample_rate, and encoding (wav, raw) or bit_rate (mp3).",
            )
        return OutputFormat(**wanted)
    raise InputError(
        f"output_format is a dict, an OutputFormat or a string, not {type(wanted).__name__}.",
        advice=f"Examples: {SHORT_EXAMPLES}.",
    )


def _from_short(text: str) -> OutputFormat:
    found = SHORT.fullmatch(text.strip())
    if not found:
        raise InputError(f"{text!r} is not an output format.", advice=f"Examples: {SHORT_EXAMPLES}.")
    coding, rate = found["coding"], int(found["rate"] or DEFAULT_SAMPLE_RATE)
    if coding and coding.isdecimal():
        return OutputFormat(found["container"], sample_rate=rate, bit_rate=int(coding))
    return OutputFormat(found["container"], encoding=coding, sample_rate=rate)


def _one_of(name: str, value: Any, allowed: tuple[Any, ...]) -> None:
    # 44100.0 == 44100 and True == 1, but neither is what the API reads.
    if type(value) is type(allowed[0]) and value in allowed:
        return
    near = nearest(value, allowed, 1) if isinstance(value, str) and isinstance(allowed[0], str) else []
    hint = f"Did you mean {near[0]!r}? " if near else ""
    raise InputError(f"{name} cannot be {value!r}.", advice=f"{hint}It can be {_listed(allowed)}.")


def _listed(items: Any) -> str:
    return ", ".join(str(item) for item in items)
