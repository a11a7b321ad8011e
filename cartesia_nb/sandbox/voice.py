"""A voice, and how each API version writes it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from cartesia_nb.sandbox.speech.speakers import Speaker
from cartesia_nb.sandbox.versions import ACCENTS, LOCALES

GENDERS = ("masculine", "feminine", "gender_neutral")


@dataclass(frozen=True)
class Voice:
    """One voice of the catalogue.

    ``locale`` is like ``de-DE``, ``accent`` an id of the accent catalogue, and ``pitch`` a factor on top of
    the speaker's own.
    """

    id: str
    name: str
    tagline: str
    description: str
    gender: str
    locale: str
    accent: str
    created_at: str
    speaker: Speaker
    pitch: float = 1.0
    is_owner: bool = False
    is_public: bool = True
    is_starred: bool = False

    @property
    def language(self) -> str:
        """The language of the voice, like ``de``."""
        return self.locale.partition("-")[0]

    @property
    def full_name(self) -> str:
        """The name as versions without taglines have it."""
        return f"{self.name} - {self.tagline}" if self.tagline else self.name


def voice_json(voice: Voice, version: str, expand: Collection[str] = ()) -> dict[str, Any]:
    """Return a voice as ``version`` of the API writes it, with the fields that ``expand`` adds."""
    body: dict[str, Any] = {
        "id": voice.id,
        "name": voice.full_name if version < ACCENTS else voice.name,
        "description": voice.description,
        "is_owner": voice.is_owner,
        "created_at": voice.created_at,
        "language": voice.language,
        "gender": voice.gender,
    }
    if version < ACCENTS:
        body["is_public"] = voice.is_public
    if version >= LOCALES:
        body["locales"] = [{"locale": voice.locale, "is_native": True}]
        body["country"] = voice.locale.partition("-")[2]
    if version >= ACCENTS:
        body["access"] = "public" if voice.is_public else "private"
        body["visibility"] = "all" if voice.is_public else "owner"
        body["tagline"] = voice.tagline
        body["accent"] = voice.accent
    if "is_starred" in expand:
        body["is_starred"] = voice.is_starred
    if "preview_file_url" in expand:
        body["preview_file_url"] = None
    return body
