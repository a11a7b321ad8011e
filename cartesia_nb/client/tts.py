"""Text to speech."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cartesia_nb.client.generated import Asked, Received, provenance_of, speech_of, whole_audio
from cartesia_nb.client.streams import SpeechStream
from cartesia_nb.client.texts import check_transcript
from cartesia_nb.client.transport import Transport
from cartesia_nb.client.unset import UNSET, Unset, given
from cartesia_nb.client.voice_names import Speaker, VoiceNames
from cartesia_nb.wire import catalog
from cartesia_nb.wire.catalog import DEFAULTS
from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.exchange import Cost, Request
from cartesia_nb.wire.formats import OutputFormat
from cartesia_nb.wire.formats import output_format as read_format
from cartesia_nb.wire.options import is_number, is_whole

if TYPE_CHECKING:
    from cartesia_nb.speech.speech import Speech

#: The arguments that are texts.
TEXTS = ("language", "locale", "normalization", "pronunciation_dict_id", "context_id")
#: The arguments that are on or off.
SWITCHES = ("save", "add_timestamps", "add_phoneme_timestamps", "use_normalized_timestamps")


class Tts:
    """Text to speech. Reached as ``client.tts``."""

    def __init__(self, transport: Transport, names: VoiceNames) -> None:
        self._transport, self._names = transport, names

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
        fresh: bool = False,
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
        fresh : bool
            True makes another take, where one like it was stored.

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
        written = read_format(self._transport.settled(output_format))
        asked, speaker = self._read("tts.bytes", transcript, voice, model_id, written=written, extras=extras)
        answer = self._transport.send(_request("/tts/bytes", asked, fresh), whole_audio(written))
        made = _provenance(asked, answer, speaker)
        return speech_of(answer.body, written, made, transcript=transcript)

    def sse(
        self,
        transcript: str,
        *,
        voice: Any = DEFAULTS["voice"],
        model_id: str = DEFAULTS["tts_model"],
        output_format: OutputFormat | Mapping[str, Any] | str = DEFAULTS["stream_format"],
        language: str | Unset | None = UNSET,
        locale: str | Unset | None = UNSET,
        normalization: str | Unset | None = UNSET,
        generation_config: Mapping[str, Any] | Unset | None = UNSET,
        speed: str | Unset | None = UNSET,
        duration: float | Unset | None = UNSET,
        pronunciation_dict_id: str | Unset | None = UNSET,
        pronunciation_dict_ids: Sequence[str] | Unset | None = UNSET,
        add_timestamps: bool | Unset | None = UNSET,
        add_phoneme_timestamps: bool | Unset | None = UNSET,
        use_normalized_timestamps: bool | Unset | None = UNSET,
        context_id: str | Unset | None = UNSET,
        fresh: bool = False,
    ) -> SpeechStream:
        """Speak a text, and get the speech while it is being made.

        Costs as `bytes` does, also when the stream is left before its end.

        Parameters
        ----------
        transcript, voice, model_id, language, locale, normalization, generation_config, speed, duration, \
pronunciation_dict_id, pronunciation_dict_ids, fresh
            As in `bytes`.
        output_format : str, mapping or OutputFormat
            As in `bytes`, but raw alone can be streamed.
        add_timestamps : bool, optional
            Whether to say when each word is spoken.
        add_phoneme_timestamps : bool, optional
            Whether to say when each phoneme is spoken.
        use_normalized_timestamps : bool, optional
            Whether the words are those that are spoken ("twenty") or those of the text ("20").
        context_id : str, optional
            A name for this request, which its events carry.

        Returns
        -------
        SpeechStream
            Go through it for the events as they arrive (``Chunk``, ``Timestamps``,
            ``PhonemeTimestamps``, ``Done``), or ``.collect()`` them into one `Speech`.

        Raises
        ------
        InputError, APIError, ConnectionFailed, DeadlineExceeded
            As in `bytes`; what breaks after the beginning is raised by the stream.

        Examples
        --------
        >>> import cartesia_nb
        >>> stream = cartesia_nb.connect().tts.sse("One, two, three.", add_timestamps=True)
        >>> kinds = [event.type for event in stream]
        >>> kinds[-1]
        'done'
        >>> stream.collect().words.word.to_list()
        ['One,', 'two,', 'three.']
        """
        extras = given(
            {
                "language": language,
                "locale": locale,
                "normalization": normalization,
                "generation_config": generation_config,
                "speed": speed,
                "duration": duration,
                "pronunciation_dict_id": pronunciation_dict_id,
                "pronunciation_dict_ids": pronunciation_dict_ids,
                "add_timestamps": add_timestamps,
                "add_phoneme_timestamps": add_phoneme_timestamps,
                "use_normalized_timestamps": use_normalized_timestamps,
                "context_id": context_id,
            }
        )
        written = read_format(self._transport.settled(output_format))
        if written.container != "raw":
            raise InputError(
                f"{written.container} cannot be streamed.",
                advice='Take "raw:pcm_s16le@44100"; .collect().save("speech.wav") writes a file.',
            )
        asked, speaker = self._read("tts.sse", transcript, voice, model_id, written=written, extras=extras)
        stream = self._transport.stream(_request("/tts/sse", asked, fresh))

        def finish(stream: SpeechStream) -> Speech:
            made = _provenance(asked, stream.received, speaker)
            made["seconds_to_first_chunk"] = stream.seconds_to_first_chunk
            return speech_of(stream.data, written, made, transcript=transcript, **stream.timing)

        return SpeechStream(stream, finish)

    def _read(
        self,
        method: str,
        transcript: str,
        voice: Any,
        model_id: str,
        *,
        written: OutputFormat,
        extras: Mapping[str, Any],
    ) -> tuple[Asked, Speaker]:
        """Return the request that was meant, or refuse it before anything is sent."""
        check_transcript(transcript, self._transport.key())
        model_id = self._transport.settled(model_id)
        _check(model_id, extras)
        version = self._transport.version_for(method, extras)
        speaker = self._names.speaker(voice)
        # A copy, so that what the caller changes later does not change what is remembered.
        request = _plain(
            {
                "model_id": model_id,
                "transcript": transcript,
                "voice": {"mode": "id", "id": speaker.id},
                "output_format": written.to_wire(),
                **extras,
            }
        )
        return Asked(method, version, request), speaker


def _request(path: str, asked: Asked, fresh: bool) -> Request:
    body = asked.request
    text = body["transcript"]
    cost = Cost(catalog.tts_credits(text), body["model_id"], body["voice"]["id"], characters=len(text))
    return Request(asked.method, "POST", path, asked.version, body=body, audio=True, cost=cost, fresh=fresh)


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
        **{name: (isinstance(extras.get(name, True), bool | None), "True or False") for name in SWITCHES},
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


def _provenance(asked: Asked, received: Received, speaker: Speaker) -> dict[str, Any]:
    return provenance_of(
        asked,
        received,
        model_id=asked.request["model_id"],
        voice_id=speaker.id,
        voice_name=speaker.name,
        file_id=received.headers.get("cartesia-file-id"),
        credits=catalog.tts_credits(asked.request["transcript"]),
    )
