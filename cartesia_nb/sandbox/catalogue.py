"""The voices that come with the sandbox. All are spoken by its seven speakers, each a little differently."""

from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from cartesia_nb.sandbox.errors import ApiError
from cartesia_nb.sandbox.own_voices import own_voices
from cartesia_nb.sandbox.speech.speakers import (
    BRIGHT_FEMALE,
    CHILD,
    DEEP_MALE,
    FEMALE,
    LIGHT_MALE,
    LOW_FEMALE,
    MALE,
    Speaker,
)
from cartesia_nb.sandbox.state import State
from cartesia_nb.sandbox.voice import Voice

# Ids that requests in Cartesia's own documentation use, and so people's notebooks.
FIXED_IDS = {
    "Ada": "e07c00bc-4134-4eae-9ea4-1a55fb45746b",
    "Bruno": "694f9389-aac1-45b6-b726-9d9369183238",
    "Cleo": "bf0a246a-8642-498a-9950-80c35e9276b5",
}
STARRED = ("Edith", "Klaus")

HER, HIM, THEM = "feminine", "masculine", "gender_neutral"

# Name, tagline, gender, accent, speaker, pitch on top of the speaker's own.
_ROWS: tuple[tuple[str, str, str, str, Speaker, float], ...] = (
    ("Ada", "Calm Narrator", HER, "general-american", FEMALE, 1.0),
    ("Bruno", "Warm Storyteller", HIM, "general-american", MALE, 1.0),
    ("Cleo", "Bright Host", HER, "general-american", BRIGHT_FEMALE, 1.0),
    ("Dorian", "Night Radio", HIM, "general-american", DEEP_MALE, 1.0),
    ("Edith", "Patient Teacher", HER, "general-american", LOW_FEMALE, 1.0),
    ("Felix", "Friendly Guide", HIM, "general-american", LIGHT_MALE, 1.0),
    ("Gus", "Curious Kid", THEM, "general-american", CHILD, 1.0),
    ("Hattie", "Front Desk", HER, "general-american", FEMALE, 1.03),
    ("Ivan", "Sports Desk", HIM, "general-american", MALE, 1.04),
    ("Juno", "Museum Guide", THEM, "general-american", LOW_FEMALE, 0.97),
    ("Klaus", "Sachlicher Sprecher", HIM, "high-german", MALE, 0.97),
    ("Liesel", "Freundliche Beraterin", HER, "high-german", FEMALE, 0.98),
    ("Marlene", "Helle Stimme", HER, "high-german", BRIGHT_FEMALE, 0.97),
    ("Noemi", "Voz Cercana", HER, "castilian", FEMALE, 1.02),
    ("Octavio", "Locutor Sereno", HIM, "castilian", LIGHT_MALE, 0.97),
    ("Paloma", "Guía Alegre", HER, "mexican", BRIGHT_FEMALE, 0.98),
    ("Quentin", "Conteur Posé", HIM, "parisian", MALE, 1.02),
    ("Rosalie", "Voix Claire", HER, "parisian", FEMALE, 0.97),
    ("Sabine", "Accueil Souriant", HER, "parisian", LOW_FEMALE, 1.02),
    ("Tullio", "Voce Profonda", HIM, "italian", DEEP_MALE, 1.03),
    ("Ursula", "Voce Gentile", HER, "italian", FEMALE, 0.99),
    ("Viola", "Lettrice Vivace", HER, "italian", BRIGHT_FEMALE, 1.02),
    ("Wesley", "Late Show", HIM, "general-american", LIGHT_MALE, 1.03),
    ("Xenia", "Yoga Teacher", HER, "general-american", LOW_FEMALE, 1.03),
    ("Yusuf", "Science Explainer", HIM, "general-american", MALE, 0.98),
    ("Zelda", "Game Master", HER, "general-american", BRIGHT_FEMALE, 1.03),
    ("Amos", "Old Captain", HIM, "general-american", DEEP_MALE, 0.97),
    ("Birdie", "Playground Friend", THEM, "general-american", CHILD, 0.97),
    ("Casper", "Help Line", HIM, "general-american", LIGHT_MALE, 0.98),
    ("Delphine", "Audiobook Reader", HER, "general-american", FEMALE, 0.97),
    ("Elmer", "Farm Report", HIM, "general-american", DEEP_MALE, 1.04),
    ("Flora", "Garden Podcast", HER, "general-american", LOW_FEMALE, 0.98),
    ("Gideon", "Court Reporter", HIM, "general-american", MALE, 1.02),
    ("Hazel", "Morning News", HER, "general-american", BRIGHT_FEMALE, 0.97),
    ("Indigo", "Even Assistant", THEM, "general-american", LIGHT_MALE, 1.04),
    ("Jasper", "Travel Diary", HIM, "general-american", LIGHT_MALE, 0.96),
    ("Kit", "Cartoon Sidekick", THEM, "general-american", CHILD, 1.03),
    ("Lorna", "Crime Podcast", HER, "general-american", LOW_FEMALE, 0.96),
    ("Milo", "Fitness Coach", HIM, "general-american", MALE, 0.96),
    ("Nadia", "Weather Desk", HER, "general-american", FEMALE, 1.02),
    ("Orson", "Film Trailer", HIM, "general-american", DEEP_MALE, 0.98),
    ("Pippa", "Children's Books", HER, "general-american", BRIGHT_FEMALE, 1.04),
)


def _voices() -> list[Voice]:
    newest = datetime(2026, 8, 1, 12, tzinfo=UTC)
    return [
        Voice(
            id=FIXED_IDS.get(name) or str(uuid5(NAMESPACE_URL, f"cartesia_nb/sandbox/voices/{name}")),
            name=name,
            tagline=tagline,
            description=f"{speaker.name.capitalize()} speaker of the offline sandbox.",
            gender=gender,
            accent=accent,
            created_at=(newest - timedelta(days=9 * row)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            speaker=speaker,
            pitch=pitch,
            is_starred=name in STARRED,
        )
        for row, (name, tagline, gender, accent, speaker, pitch) in enumerate(_ROWS)
    ]


VOICES = _voices()


def all_voices(rows: State) -> list[Voice]:
    """Return every voice: those that were made here, the newest first, then the catalogue."""
    return [*own_voices(rows), *VOICES]


def find_voice(rows: State, voice_id: str) -> Voice:
    """Return a voice by its id, or refuse the request.

    An id that is no UUID is as unknown as any other, in every version: people's own examples have such.
    """
    for voice in all_voices(rows):
        if voice.id == voice_id:
            return voice
    raise ApiError(404, "Not found", f"There is no voice {voice_id!r}.", "voice_not_found")


def find_own_voice(rows: State, voice_id: str) -> Voice:
    """Return a voice that can be changed, or refuse the request."""
    voice = find_voice(rows, voice_id)
    if not voice.is_owner:
        message = "This voice is of the catalogue: only voices that you made can be changed or deleted."
        raise ApiError(403, "Forbidden", message)
    return voice
