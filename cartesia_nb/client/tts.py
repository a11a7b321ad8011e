"""Text to speech."""

from __future__ import annotations

import hashlib
import math
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cartesia_nb._version import __version__
from cartesia_nb.client.transport import Transport, backend_of
from cartesia_nb.client.unset import UNSET, Unset, given
from cartesia_nb.client.voices import Speaker, Voices
from cartesia_nb.wire import catalog
from cartesia_nb.wire.catalog import DEFAULTS
from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.exchange import Answer, Request
from cartesia_nb.wire.formats import OutputFormat
from cartesia_nb.wire.formats import output_format as read_format
from cartesia_nb.wire.options import is_number, is_whole

if TYPE_CHECKING:
    from cartesia_nb.speech.speech import Speech

#: The arguments that are texts.
TEXTS = ("language", "locale", "normalization", "pronunciation_dict_id")


class Tts:
    """Text to speech. Reached as ``client.tts``."""

    def __init__(self, transport: Transport, voices: Voices) -> None:
        self._transport, self._voices = transport, voices

    def bytes(
        self,
        transcript: str,
        *,
        voice: Any = DEFAULTS["voice"],
        model_id: str = DEFAULTS["tts_model"],
        output_format: OutputFormat | Mapping[str, Any] | str = DEFAULTS["output_format"],
        language: str | Unset | None = UNSET,
        locale: str | Unset | None = UNSET,
        normalization: str | Unset | None = UNSET,
        generation_config: Mapping[str, Any] | Unset | None = UNSET,
        speed: str | Unset | None = UNSET,
        duration: float | Unset | None = UNSET,
        save: bool | Unset | None = UNSET,
        pronunciation_dict_id: str | Unset | None = UNSET,
        pronunciation_dict_ids: Sequence[str] | Unset | None = UNSET,
    ) -> Speech:
        """Speak a text.

        Costs about 1 credit for each character, half as much again with a professional voice clone.

        Parameters
        ----------
        transcript : str
            What to say, at least one letter or digit. It is sent as it is. Newer models know the tags
            ``<break time="1s"/>``, ``<spell>``, ``<emotion>``, ``<speed>`` and ``<volume>``.
        voice : str, Resource, DataFrame row or mapping
            Who says it: an id, a name that only one voice has, a row of ``voices.list()``, a voice from
            ``voices.get()``, or ``{"mode": "id", "id": ...}``.
        model_id : str
            The model. One that this release does not know warns and is sent.
        output_format : str, mapping or OutputFormat
            Such as ``"wav"``, ``"mp3"``, ``"mp3:64000"``, ``"raw:pcm_s16le@24000"`` or
            ``{"container": "mp3", "sample_rate": 44100, "bit_rate": 128000}``.
        language : str, optional
            Of the text, such as ``"en"``.
        locale : str, optional
            Such as ``"en-GB"``, in the place of `language` (Cartesia-Version 2026-08-14).
        normalization : str, optional
            ``"auto"``, ``"off"`` or a locale (Cartesia-Version 2026-08-14).
        generation_config : mapping, optional
            For sonic-3 and newer: ``speed`` (a factor, 0.6 to 1.5), ``volume`` (a factor, 0.5 to 2.0) and
            ``emotion`` (such as ``"calm"``).
        speed : {"slow", "normal", "fast"}, optional
            For sonic-2; newer models have `generation_config`.
        duration : float, optional
            The longest speech, in seconds; it may be cut off there (Cartesia-Version 2025-04-16).
        save : bool, optional
            Whether the API keeps the audio; its id is then ``provenance["file_id"]``.
        pronunciation_dict_id : str, optional
            A pronunciation dictionary, for sonic-3 and newer.
        pronunciation_dict_ids : list of str, optional
            Several of them (Cartesia-Version 2025-04-16).

        Returns
        -------
        Speech
            What was said, whole.

        Raises
        ------
        InputError
            Before anything is sent: nothing to say, an unknown voice name, a format that does not exist,
            arguments that do not go together, the API key in the text.
        APIError, ConnectionFailed, DeadlineExceeded, IncompleteBody, BadAnswer
            If the API cannot answer; audio that was cut off is never returned.

        Examples
        --------
        >>> import cartesia_nb
        >>> speech = cartesia_nb.connect().tts.bytes("Hello!", output_format="wav:pcm_s16le@24000")
        >>> speech.sample_rate
        24000
        """
        self._check_text(transcript)
        written = read_format(output_format)
        extras = given(
            {
                "language": language,
                "locale": locale,
                "normalization": normalization,
                "generation_config": generation_config,
                "speed": speed,
                "duration": duration,
                "save": save,
                "pronunciation_dict_id": pronunciation_dict_id,
                "pronunciation_dict_ids": pronunciation_dict_ids,
            }
        )
        _check(model_id, extras)
        version = self._transport.version_for("tts.bytes", extras)
        speaker = self._voices.speaker(voice)
        # A copy, so that what the caller changes later does not change what is remembered.
        body = _plain(
            {
                "model_id": model_id,
                "transcript": transcript,
                "voice": {"mode": "id", "id": speaker.id},
                "output_format": written.to_wire(),
                **extras,
            }
        )
        answer = self._transport.send(Request("POST", "/tts/bytes", version, body=body, audio=True))
        return _speech(answer, body, version, written, speaker)

    def _check_text(self, transcript: str) -> None:
        if not isinstance(transcript, str):
            raise InputError(f"the transcript is a text, not {type(transcript).__name__}.")
        if any(unicodedata.category(char) == "Cs" for char in transcript):
            raise InputError("the transcript has half of a character in it (a lone surrogate).")
        if all(unicodedata.category(char)[0] in "PZC" for char in transcript):
            raise InputError(
                f"there is nothing to say in {transcript[:40]!r}.", advice="Give at least one word."
            )
        key = self._transport.key()
        if key is not None and key.shows_in(transcript):
            raise InputError("the text contains the API key; it was not sent.")


def _check(model_id: str, extras: Mapping[str, Any]) -> None:
    """Refuse what is documented as impossible, and warn of what is not known."""
    _check_types(model_id, extras)
    if extras.get("language") and extras.get("locale"):
        raise InputError("language and locale do not go together.", advice="Give one of them.")
    speed = extras.get("speed")
    if speed is not None and speed not in catalog.SPEEDS:
        raise InputError(
            f"speed cannot be {speed!r}.",
            advice=f'It can be {", ".join(catalog.SPEEDS)}; a factor is generation_config={{"speed": 1.2}}.',
        )
    catalog.warn_unknown("model", model_id, catalog.TTS_MODELS)
    if extras.get("language"):
        catalog.warn_unknown("language", extras["language"], catalog.languages_of(model_id))
    if extras.get("generation_config"):
        _check_generation(model_id, extras["generation_config"])


def _check_types(model_id: str, extras: Mapping[str, Any]) -> None:
    kinds = {
        "model_id": (isinstance(model_id, str) and bool(model_id.strip()), "a text"),
        **{name: (isinstance(extras.get(name, ""), str | None), "a text") for name in TEXTS},
        "save": (isinstance(extras.get("save", True), bool | None), "True or False"),
        "duration": (_is_duration(extras.get("duration")), "a number of seconds above 0"),
        "generation_config": (
            isinstance(extras.get("generation_config", {}), Mapping | None),
            'a mapping such as {"speed": 1.2}',
        ),
        "pronunciation_dict_ids": (_are_texts(extras.get("pronunciation_dict_ids")), "a list of texts"),
    }
    for name, (fits, wanted) in kinds.items():
        if not fits:
            value = model_id if name == "model_id" else extras[name]
            raise InputError(f"{name} is {wanted}, not {value!r}.")


def _plain(value: Any) -> Any:
    """Return a copy of an argument that JSON can carry: numpy's numbers become Python's."""
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if is_whole(value):
        return int(value)
    return float(value) if is_number(value) else value


def _is_duration(value: Any) -> bool:
    return value is None or (is_number(value) and math.isfinite(value) and value > 0)


def _are_texts(value: Any) -> bool:
    return value is None or (isinstance(value, list | tuple) and all(isinstance(item, str) for item in value))


def _check_generation(model_id: str, config: Mapping[str, Any]) -> None:
    for name, (low, high) in catalog.GENERATION_RANGES.items():
        value = config.get(name)
        if value is not None and not (is_number(value) and low <= value <= high):
            raise InputError(
                f"generation_config {name} cannot be {value!r}.", advice=f"It can be {low} to {high}."
            )
    for name in config:
        catalog.warn_unknown("generation_config", name, (*catalog.GENERATION_RANGES, "emotion"))
    if not isinstance(config.get("emotion"), str | None):
        raise InputError(f"generation_config emotion is a text, not {config['emotion']!r}.")
    if config.get("emotion"):
        catalog.warn_unknown("emotion", config["emotion"], catalog.EMOTIONS)
    if model_id in catalog.EARLIER_MODELS:
        catalog.warn(f"{model_id} ignores generation_config; sonic-3 and newer know it.")


def _speech(
    answer: Answer, body: Mapping[str, Any], version: str, written: OutputFormat, speaker: Speaker
) -> Speech:
    from cartesia_nb.speech.codecs import check_whole  # imports soundfile
    from cartesia_nb.speech.speech import Speech

    check_whole(answer.body, written)
    provenance = {
        "method": "tts.bytes",
        "version": version,
        "request": body,
        "model_id": body["model_id"],
        "voice_id": speaker.id,
        "voice_name": speaker.name,
        "backend": backend_of(answer),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "made_with": f"cartesia_nb {__version__}",
        "request_id": answer.request_id,
        "file_id": answer.headers.get("Cartesia-File-ID"),
        "attempts": answer.attempts,
        "seconds": round(answer.seconds, 3),
        "credits": catalog.tts_credits(body["transcript"]),
        "stored": False,
        "audio_sha256": hashlib.sha256(answer.body).hexdigest(),
    }
    return Speech(answer.body, written, transcript=body["transcript"], provenance=provenance)
