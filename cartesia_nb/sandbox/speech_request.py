"""What a request says about the speech that it wants."""

import math
import re
from collections.abc import Mapping
from typing import Any

from cartesia_nb.sandbox import body
from cartesia_nb.sandbox.catalogue import find_voice
from cartesia_nb.sandbox.dictionaries import find_dictionary
from cartesia_nb.sandbox.emotions import EMOTIONS
from cartesia_nb.sandbox.errors import invalid
from cartesia_nb.sandbox.models import Model, find_model
from cartesia_nb.sandbox.speech.pronunciation import Pronunciation
from cartesia_nb.sandbox.speech.synthesis import LANGUAGES, Utterance
from cartesia_nb.sandbox.state import State
from cartesia_nb.sandbox.versions import ACCENTS, LOCALES
from cartesia_nb.sandbox.voice import Voice

MAX_TRANSCRIPT = 20_000
SPEEDS = {"slow": 0.8, "normal": 1.0, "fast": 1.2}
NO_CONTROLS = "The sandbox does not carry out experimental controls: send generation_config to a newer model."
LOCALE = re.compile(r"([a-z]{2,3})(-[A-Za-z0-9]{2,8})*")


def read_utterance(rows: State, fields: dict[str, Any], version: str) -> Utterance:
    """Read everything of a speech request but the format; fields that ``version`` does not know are ignored.

    ``generation_config``, and tags for speed and volume, act on sonic-3 and newer models. Emotion and
    ``normalization`` are checked but have no effect: no engine of the sandbox knows them.
    """
    model = find_model(body.text("model_id", fields.get("model_id")))
    transcript = read_transcript(fields)
    voice = read_voice(rows, fields.get("voice"), version)
    speed, volume = _read_generation_config(body.given(fields, "generation_config", {}), model)
    pronunciations = _read_pronunciations(rows, fields, version, model)
    if version >= ACCENTS:
        _check_normalization(fields.get("normalization"))
    pace = body.choice("speed", body.given(fields, "speed", "normal"), tuple(SPEEDS))
    # A field of old versions only; it cuts the speech off, it does not hurry it.
    longest = _optional_number("duration", fields, 0.1, 3600) if version < LOCALES else None
    return Utterance(
        transcript,
        read_language(fields, version, voice, model),
        voice.speaker,
        voice.pitch,
        speed * SPEEDS[pace],
        volume,
        pronunciations,
        model.is_controllable,
        longest or math.inf,
    )


def read_transcript(fields: Mapping[str, Any]) -> str:
    """Return the transcript of a request."""
    transcript = body.text("transcript", fields.get("transcript"))
    if len(transcript) > MAX_TRANSCRIPT:
        raise invalid(f"The transcript is longer than the sandbox's limit of {MAX_TRANSCRIPT} characters.")
    return transcript


def read_voice(rows: State, given: object, version: str) -> Voice:
    """Return the voice of a request: ``{mode, id}``, and since 2026-08-14 also ``{id}`` or the id alone."""
    if isinstance(given, str) and version >= ACCENTS:
        return find_voice(rows, given)
    specifier = body.record("voice", given)
    if body.given(specifier, "mode", "id" if version >= ACCENTS else None) != "id":
        raise invalid('voice.mode must be "id": the sandbox has no voice embeddings.')
    if specifier.get("__experimental_controls"):
        raise invalid(NO_CONTROLS)
    return find_voice(rows, body.text("voice.id", specifier.get("id")))


def read_language(fields: Mapping[str, Any], version: str, voice: Voice, model: Model) -> str:
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


def _read_pronunciations(
    rows: State, fields: dict[str, Any], version: str, model: Model
) -> tuple[Pronunciation, ...]:
    """Return the entries of the dictionaries of a request: one, and before 2025-11-04 also a list of them."""
    names = []
    if version < LOCALES:
        names = _texts("pronunciation_dict_ids", body.given(fields, "pronunciation_dict_ids", []))
    if fields.get("pronunciation_dict_id") is not None:
        if version >= LOCALES and not model.is_controllable:
            raise invalid(f"{model.id} takes no pronunciation dictionary: sonic-3 and newer models do.")
        names.append(body.text("pronunciation_dict_id", fields["pronunciation_dict_id"]))
    items = [item for name in names for item in find_dictionary(rows, name)]
    return tuple(Pronunciation(item["text"], item["alias"], item.get("case_sensitive")) for item in items)


def _texts(name: str, given: object) -> list[str]:
    if not isinstance(given, list):
        raise invalid(f"{name} must be a list of ids.")
    return [body.text(name, value) for value in given]


def _check_normalization(given: object) -> None:
    if given not in (None, "auto", "off") and not LOCALE.fullmatch(body.text("normalization", given)):
        raise invalid("normalization must be auto, off or a locale code.")
