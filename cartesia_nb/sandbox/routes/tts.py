"""Text to speech."""

import re
from functools import partial
from typing import Any
from uuid import uuid4

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cartesia_nb.sandbox import body
from cartesia_nb.sandbox.catalogue import find_voice
from cartesia_nb.sandbox.emotions import EMOTIONS
from cartesia_nb.sandbox.errors import ApiError, invalid
from cartesia_nb.sandbox.models import Model, find_model
from cartesia_nb.sandbox.output_format import OutputFormat, encode, read_output_format
from cartesia_nb.sandbox.speech.errors import SpeechError
from cartesia_nb.sandbox.speech.samples import RATE
from cartesia_nb.sandbox.speech.synthesis import LANGUAGES, Utterance, synthesize
from cartesia_nb.sandbox.versions import ACCENTS, LOCALES
from cartesia_nb.sandbox.voice import Voice

MAX_TRANSCRIPT = 20_000
SPEEDS = {"slow": 0.8, "normal": 1.0, "fast": 1.2}
LOCALE = re.compile(r"([a-z]{2,3})(-[A-Za-z0-9]{2,8})*")

# Each synthesis needs memory in proportion to its text, and the engines are faster than any listener.
_workers = CapacityLimiter(4)


async def speak_bytes(request: Request) -> Response:
    """Speak a transcript and answer with the audio as a whole."""
    fields, version = await body.read_json(request), request.state.version
    utterance = read_utterance(fields, version)
    output = read_output_format(body.record("output_format", fields.get("output_format")))
    save = body.boolean("save", body.given(fields, "save", False))
    # A field of old versions only; it cuts the speech off, it does not hurry it.
    longest = _optional_number("duration", fields, 0.1, 3600) if version < LOCALES else None
    try:
        audio = await to_thread.run_sync(partial(_render, utterance, output, longest), limiter=_workers)
    except SpeechError as error:
        raise invalid(str(error)) from error
    headers = {"Cartesia-File-ID": str(uuid4())} if save else {}
    return Response(audio, media_type=output.media_type, headers=headers)


def _render(utterance: Utterance, output: OutputFormat, longest: float | None) -> bytes:
    samples = synthesize(utterance)
    return encode(samples if longest is None else samples[: round(longest * RATE)], output)


def read_utterance(fields: dict[str, Any], version: str) -> Utterance:
    """Read everything of a speech request but the format; fields that ``version`` does not know are ignored.

    ``generation_config`` acts on sonic-3 and newer models. Its emotion, and ``normalization``, are checked
    but have no effect: no engine of the sandbox knows them.
    """
    model = find_model(body.text("model_id", fields.get("model_id")))
    transcript = body.text("transcript", fields.get("transcript"))
    if len(transcript) > MAX_TRANSCRIPT:
        raise invalid(f"The transcript is longer than the sandbox's limit of {MAX_TRANSCRIPT} characters.")
    voice = read_voice(fields.get("voice"), version)
    speed, volume = _read_generation_config(body.given(fields, "generation_config", {}), model)
    _check_dictionaries(fields, version)
    if version >= ACCENTS:
        _check_normalization(fields.get("normalization"))
    pace = body.choice("speed", body.given(fields, "speed", "normal"), tuple(SPEEDS))
    return Utterance(
        transcript,
        read_language(fields, version, voice, model),
        voice.speaker,
        voice.pitch,
        speed * SPEEDS[pace],
        volume,
    )


def read_voice(given: object, version: str) -> Voice:
    """Return the voice of a request: ``{mode, id}``, and since 2026-08-14 also ``{id}`` or the id alone."""
    if isinstance(given, str) and version >= ACCENTS:
        return find_voice(given)
    specifier = body.record("voice", given)
    if body.given(specifier, "mode", "id" if version >= ACCENTS else None) != "id":
        raise invalid('voice.mode must be "id": the sandbox has no voice embeddings.')
    return find_voice(body.text("voice.id", specifier.get("id")))


def read_language(fields: dict[str, Any], version: str, voice: Voice, model: Model) -> str:
    """Return the language to speak, which is the voice's own if the request names none."""
    language, locale = fields.get("language"), fields.get("locale") if version >= ACCENTS else None
    if language is not None and locale is not None:
        raise invalid("Give language or locale, not both.")
    given = next((value for value in (language, locale) if value is not None), voice.language)
    match = LOCALE.fullmatch(body.text("language", given))
    if not match or (match[2] and version < ACCENTS):
        raise invalid(f"{given!r} is not a language code.", "language_not_supported")
    if match[1] not in model.languages:
        raise invalid(f"{model.id} does not speak {given!r}.", "language_not_supported")
    if match[1] not in LANGUAGES:
        message = f"The sandbox has no engine for {given!r}. It speaks {', '.join(LANGUAGES)}."
        raise invalid(message, "language_not_supported")
    return match[1]


def _read_generation_config(given: object, model: Model) -> tuple[float, float]:
    config = body.record("generation_config", given)
    speed = _optional_number("speed", config, 0.6, 1.5)
    volume = _optional_number("volume", config, 0.5, 2.0)
    if config.get("emotion") is not None:
        body.choice("generation_config.emotion", config["emotion"], EMOTIONS)
    return (speed or 1.0, volume or 1.0) if model.is_controllable else (1.0, 1.0)


def _optional_number(name: str, fields: dict[str, Any], low: float, high: float) -> float | None:
    value = fields.get(name)
    return None if value is None else body.number(name, value, low, high)


def _check_dictionaries(fields: dict[str, Any], version: str) -> None:
    """Refuse pronunciation dictionaries: nobody can have made one here."""
    given = fields.get("pronunciation_dict_ids") if version < LOCALES else fields.get("pronunciation_dict_id")
    if given:
        raise ApiError(404, "Not found", f"There is no pronunciation dictionary {given!r}.")


def _check_normalization(given: object) -> None:
    if given not in (None, "auto", "off") and not LOCALE.fullmatch(body.text("normalization", given)):
        raise invalid("normalization must be auto, off or a locale code.")


routes = [Route("/tts/bytes", speak_bytes, methods=["POST"])]
