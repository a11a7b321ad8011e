"""What the API offers, as far as it is documented: models, languages, emotions, prices, and our defaults.

New ids appear every month. An id that is not listed here warns and is sent; only what is documented
as impossible is refused.
"""

from __future__ import annotations

import difflib
import math
import re
import sys
import warnings
from collections.abc import Iterable

from cartesia_nb.wire.masks import hide_keys


class BuiltIn(str):
    """A text that was not chosen by anybody: a folder of stored answers may have been begun with another."""

    __slots__ = ()


#: The defaults of every call, in one table.
DEFAULTS = {
    "tts_model": BuiltIn("sonic-3.5"),
    "infill_model": BuiltIn("sonic-3"),
    "stt_model": BuiltIn("ink-whisper"),
    "voice": BuiltIn("e07c00bc-4134-4eae-9ea4-1a55fb45746b"),
    "output_format": BuiltIn("wav:pcm_s16le@44100"),
    "stream_format": BuiltIn("raw:pcm_s16le@44100"),
}
BASE_URL = "https://api.cartesia.ai"

#: Models that take `generation_config` and pronunciation dictionaries by single id.
SONIC_3_MODELS = (
    "sonic-3.6",
    "sonic-3.6-2026-08-27",
    "sonic-3.5",
    "sonic-3.5-2026-05-04",
    "sonic-3",
    "sonic-3-2026-01-12",
    "sonic-3-2025-10-27",
    "sonic-3-latest",
    "sonic-latest",
)
EARLIER_MODELS = (
    "sonic-2",
    "sonic-2-2025-03-07",
    "sonic-2-2025-04-16",
    "sonic-2-2025-05-08",
    "sonic-2-2025-06-11",
    "sonic-turbo",
    "sonic-turbo-2025-03-07",
    "sonic-turbo-2025-06-04",
    "sonic",
    "sonic-2024-10-19",
    "sonic-2024-12-12",
    "sonic-english",
    "sonic-multilingual",
    "sonic-preview",
)
TTS_MODELS = SONIC_3_MODELS + EARLIER_MODELS

#: The first sonic cannot infill.
INFILL_MODELS = tuple(model for model in TTS_MODELS if model.startswith(("sonic-2", "sonic-3")))
STT_MODELS = ("ink-whisper", "ink-whisper-2025-06-04")

SONIC_2_LANGUAGES = tuple("en fr de es pt zh ja hi it ko nl pl ru sv tr".split())
TTS_LANGUAGES = SONIC_2_LANGUAGES + tuple(
    "tl bg ro ar cs el fi hr ms sk da ta uk hu no vi bn th he ka id te gu kn ml mr pa or ur".split()
)

STT_LANGUAGES = tuple(
    """
    en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt
    la mi ml cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo so af oc
    ka be tg sd gu am yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha ba jw su yue
    """.split()
)
LOCALIZE_LANGUAGES = (*SONIC_2_LANGUAGES, "ar", "he", "ta", "te", "th")
DIALECTS = {
    "en": ("au", "in", "so", "uk", "us"),
    "es": ("mx", "pe"),
    "pt": ("br", "eu"),
    "fr": ("eu", "ca"),
}
#: What localizing calls the genders that voices have; it knows no third one.
SPEAKER_GENDERS = {"masculine": "male", "feminine": "female"}
ORIGINAL_SPEAKER_GENDERS = tuple(SPEAKER_GENDERS.values())

#: How samples without any header may be written, for transcription.
STT_ENCODINGS = ("pcm_s16le", "pcm_s32le", "pcm_f16le", "pcm_f32le", "pcm_mulaw", "pcm_alaw")

GENDERS = ("masculine", "feminine", "gender_neutral")
SPEEDS = ("slow", "normal", "fast")

#: The numbers of `generation_config`: factors, 1 by default.
GENERATION_RANGES = {"speed": (0.6, 1.5), "volume": (0.5, 2.0)}

EMOTIONS = tuple(
    """
    neutral happy excited enthusiastic elated euphoric triumphant amazed surprised flirtatious curious
    content peaceful serene calm grateful affectionate trust sympathetic anticipation mysterious angry mad
    outraged frustrated agitated threatened disgusted contempt envious sarcastic ironic sad dejected
    melancholic disappointed hurt guilty bored tired rejected nostalgic wistful apologetic hesitant insecure
    confused resigned anxious panicked alarmed scared proud confident distant skeptical contemplative
    determined
    """.split()
)

#: What a second, or a character of text (a markup tag counts as one), costs in credits.
CREDITS_PER_CHARACTER = 1
INFILL_CREDITS = 300
VOICE_CHANGER_CREDITS_PER_SECOND = 15
STT_SECONDS_PER_CREDIT = 2
#: When a fine-tune succeeds.
FINE_TUNE_CREDITS = 1_000_000

#: The same in words.
INFILL_PRICE = f"{INFILL_CREDITS} credits, and about {CREDITS_PER_CHARACTER} for each character"
VOICE_CHANGER_PRICE = f"{VOICE_CHANGER_CREDITS_PER_SECOND} credits for each second"
STT_PRICE = f"1 credit for every {STT_SECONDS_PER_CREDIT} seconds"

TAG = re.compile(r"</?(?:break|spell|emotion|speed|volume)\b[^<>]*>")


class UnknownIdWarning(UserWarning):
    """An id that this release does not know was sent all the same."""


def tts_credits(transcript: str) -> int:
    """Estimate what speaking `transcript` costs.

    Returns
    -------
    int
        Credits, for a voice that is no professional clone (those cost half as much again).
    """
    return CREDITS_PER_CHARACTER * len(TAG.sub("x", transcript))


def infill_credits(transcript: str) -> int:
    """Estimate what an infill of `transcript` costs, in credits."""
    return INFILL_CREDITS + tts_credits(transcript)


def voice_changer_credits(seconds: float) -> int:
    """Estimate what changing the voice of so many seconds costs, in credits."""
    return math.ceil(VOICE_CHANGER_CREDITS_PER_SECOND * seconds)


def stt_credits(seconds: float) -> int:
    """Estimate what transcribing so many seconds costs, in credits."""
    return math.ceil(seconds / STT_SECONDS_PER_CREDIT)


def nearest(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Return the words of `known` that resemble `word`, best first, whatever the case."""
    by_lower = {item.lower(): item for item in known}
    return [by_lower[match] for match in difflib.get_close_matches(word.lower(), by_lower, most, cutoff=0.5)]


def warn_unknown(kind: str, value: str, known: Iterable[str]) -> None:
    """Warn if `value` is not among the `known` ids of this `kind`, and name the nearest."""
    known = tuple(known)
    if value in known:
        return
    near = nearest(value, known)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    warn(f"{kind} {value!r} is not known to this release; it is sent as it is.{hint}", UnknownIdWarning)


def warn(text: str, category: type[Warning] = UserWarning) -> None:
    """Warn, naming the line of the notebook or script that led here."""
    depth, frame = 1, sys._getframe()  # noqa: SLF001
    while frame.f_back and frame.f_globals.get("__name__", "").startswith(("cartesia_nb.", "IPython.")):
        depth, frame = depth + 1, frame.f_back
    warnings.warn(hide_keys(text), category, stacklevel=depth)


def languages_of(model_id: str) -> tuple[str, ...]:
    """Return the languages that a model is documented to speak; those of the newest for one not known."""
    return SONIC_2_LANGUAGES if model_id in EARLIER_MODELS else TTS_LANGUAGES
