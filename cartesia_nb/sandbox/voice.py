"""A voice, and how each API version writes it."""

from dataclasses import dataclass
from typing import Any

from cartesia_nb.sandbox.accents import ACCENTS as ACCENT_CATALOGUE
from cartesia_nb.sandbox.owner import OWNER
from cartesia_nb.sandbox.speech.speakers import Speaker
from cartesia_nb.sandbox.versions import ACCENTS, LOCALES

GENDERS = ("masculine", "feminine", "gender_neutral")


@dataclass(frozen=True)
class Voice:
    """One voice.

    ``accent`` is its native accent, an id of the accent catalogue, ``added_accents`` are those that it got
    later, and ``pitch`` is a factor on top of the speaker's own.
    """

    id: str
    name: str
    tagline: str
    description: str
    gender: str | None
    accent: str
    created_at: str
    speaker: Speaker
    pitch: float = 1.0
    is_owner: bool = False
    is_starred: bool = False
    added_accents: tuple[str, ...] = ()

    @property
    def locale(self) -> str:
        """The locale of the native accent, like ``de-DE``."""
        return ACCENT_CATALOGUE[self.accent].locale

    @property
    def language(self) -> str:
        """The language of the voice, like ``de``."""
        return self.locale.partition("-")[0]

    @property
    def full_name(self) -> str:
        """The name as versions without taglines have it: a name that somebody gave stays as it is."""
        return self.name if self.is_owner else f"{self.name} - {self.tagline}"

    @property
    def locales(self) -> list[dict[str, Any]]:
        """Every locale that the voice can speak once, the native one first."""
        accents = (self.accent, *self.added_accents)
        different = dict.fromkeys(ACCENT_CATALOGUE[accent].locale for accent in accents)
        return [{"locale": locale, "is_native": locale == self.locale} for locale in different]


def voice_json(voice: Voice, version: str) -> dict[str, Any]:
    """Return a voice as ``version`` of the API writes it."""
    body: dict[str, Any] = {
        "id": voice.id,
        "name": voice.full_name if version < ACCENTS else voice.name,
        "description": voice.description,
        "is_owner": voice.is_owner,
        "created_at": voice.created_at,
        "language": voice.language,
        **({} if voice.gender is None else {"gender": voice.gender}),
        **_sharing(voice, version),
    }
    if version >= LOCALES:
        body["locales"] = voice.locales
        body["country"] = voice.locale.partition("-")[2]
    if version >= ACCENTS:
        body["tagline"] = voice.tagline
        body["accent"] = voice.accent
    return body


def voice_metadata_json(voice: Voice, version: str) -> dict[str, Any]:
    """Return a voice as ``version`` writes one that was just made."""
    body: dict[str, Any] = {
        "id": voice.id,
        "user_id": OWNER,
        "name": voice.name,
        "description": voice.description,
        "created_at": voice.created_at,
        "language": voice.language,
        **_sharing(voice, version),
    }
    if version >= ACCENTS:
        body["tagline"] = voice.tagline
    return body


def _sharing(voice: Voice, version: str) -> dict[str, Any]:
    """Say who can use a voice: its owner, or everybody those of the catalogue."""
    if version < ACCENTS:
        return {"is_public": not voice.is_owner}
    if voice.is_owner:
        return {"access": "private", "visibility": "owner"}
    return {"access": "public", "visibility": "all"}
