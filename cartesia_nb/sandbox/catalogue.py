"""The voices that come with the sandbox. All are spoken by its seven speakers, each a little differently."""

from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from cartesia_nb.sandbox.errors import ApiError
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
from cartesia_nb.sandbox.voice import Voice

# Ids that requests in Cartesia's own documentation use, and so people's notebooks.
FIXED_IDS = {"Ada": "e07c00bc-4134-4eae-9ea4-1a55fb45746b", "Bruno": "694f9389-aac1-45b6-b726-9d9369183238"}

HER, HIM, THEM = "feminine", "masculine", "gender_neutral"

# Name, tagline, gender, locale, speaker, pitch on top of the speaker's own.
_ROWS: tuple[tuple[str, str, str, str, Speaker, float], ...] = (
    ("Ada", "Calm Narrator", HER, "en-US", FEMALE, 1.0),
    ("Bruno", "Warm Storyteller", HIM, "en-US", MALE, 1.0),
    ("Cleo", "Bright Host", HER, "en-US", BRIGHT_FEMALE, 1.0),
    ("Dorian", "Night Radio", HIM, "en-US", DEEP_MALE, 1.0),
    ("Edith", "Patient Teacher", HER, "en-US", LOW_FEMALE, 1.0),
    ("Felix", "Friendly Guide", HIM, "en-US", LIGHT_MALE, 1.0),
    ("Gus", "Curious Kid", THEM, "en-US", CHILD, 1.0),
    ("Hattie", "Front Desk", HER, "en-US", FEMALE, 1.03),
    ("Ivan", "Sports Desk", HIM, "en-US", MALE, 1.04),
    ("Juno", "Museum Guide", THEM, "en-US", LOW_FEMALE, 0.97),
    ("Klaus", "Sachlicher Sprecher", HIM, "de-DE", MALE, 0.97),
    ("Liesel", "Freundliche Beraterin", HER, "de-DE", FEMALE, 0.98),
    ("Marlene", "Helle Stimme", HER, "de-DE", BRIGHT_FEMALE, 0.97),
    ("Noemi", "Voz Cercana", HER, "es-ES", FEMALE, 1.02),
    ("Octavio", "Locutor Sereno", HIM, "es-ES", LIGHT_MALE, 0.97),
    ("Paloma", "Guía Alegre", HER, "es-MX", BRIGHT_FEMALE, 0.98),
    ("Quentin", "Conteur Posé", HIM, "fr-FR", MALE, 1.02),
    ("Rosalie", "Voix Claire", HER, "fr-FR", FEMALE, 0.97),
    ("Sabine", "Accueil Souriant", HER, "fr-FR", LOW_FEMALE, 1.02),
    ("Tullio", "Voce Profonda", HIM, "it-IT", DEEP_MALE, 1.03),
    ("Ursula", "Voce Gentile", HER, "it-IT", FEMALE, 0.99),
    ("Viola", "Lettrice Vivace", HER, "it-IT", BRIGHT_FEMALE, 1.02),
    ("Wesley", "Late Show", HIM, "en-US", LIGHT_MALE, 1.03),
    ("Xenia", "Yoga Teacher", HER, "en-US", LOW_FEMALE, 1.03),
    ("Yusuf", "Science Explainer", HIM, "en-US", MALE, 0.98),
    ("Zelda", "Game Master", HER, "en-US", BRIGHT_FEMALE, 1.03),
    ("Amos", "Old Captain", HIM, "en-US", DEEP_MALE, 0.97),
    ("Birdie", "Playground Friend", THEM, "en-US", CHILD, 0.97),
    ("Casper", "Help Line", HIM, "en-US", LIGHT_MALE, 0.98),
    ("Delphine", "Audiobook Reader", HER, "en-US", FEMALE, 0.97),
    ("Elmer", "Farm Report", HIM, "en-US", DEEP_MALE, 1.04),
    ("Flora", "Garden Podcast", HER, "en-US", LOW_FEMALE, 0.98),
    ("Gideon", "Court Reporter", HIM, "en-US", MALE, 1.02),
    ("Hazel", "Morning News", HER, "en-US", BRIGHT_FEMALE, 0.97),
    ("Indigo", "Even Assistant", THEM, "en-US", LIGHT_MALE, 1.04),
    ("Jasper", "Travel Diary", HIM, "en-US", LIGHT_MALE, 0.96),
    ("Kit", "Cartoon Sidekick", THEM, "en-US", CHILD, 1.03),
    ("Lorna", "Crime Podcast", HER, "en-US", LOW_FEMALE, 0.96),
    ("Milo", "Fitness Coach", HIM, "en-US", MALE, 0.96),
    ("Nadia", "Weather Desk", HER, "en-US", FEMALE, 1.02),
    ("Orson", "Film Trailer", HIM, "en-US", DEEP_MALE, 0.98),
    ("Pippa", "Children's Books", HER, "en-US", BRIGHT_FEMALE, 1.04),
)

ACCENTS = {
    "de-DE": "high-german",
    "en-US": "general-american",
    "es-ES": "castilian",
    "es-MX": "mexican",
    "fr-FR": "parisian",
    "it-IT": "italian",
}


def _voices() -> list[Voice]:
    newest = datetime(2026, 8, 1, 12, tzinfo=UTC)
    return [
        Voice(
            id=FIXED_IDS.get(name) or str(uuid5(NAMESPACE_URL, f"cartesia_nb/sandbox/voices/{name}")),
            name=name,
            tagline=tagline,
            description=f"{speaker.name.capitalize()} speaker of the offline sandbox.",
            gender=gender,
            locale=locale,
            accent=ACCENTS[locale],
            created_at=(newest - timedelta(days=9 * row)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            speaker=speaker,
            pitch=pitch,
        )
        for row, (name, tagline, gender, locale, speaker, pitch) in enumerate(_ROWS)
    ]


VOICES = _voices()


def find_voice(voice_id: str) -> Voice:
    """Return a voice by its id, or refuse the request."""
    for voice in VOICES:
        if voice.id == voice_id:
            return voice
    raise ApiError(404, "Not found", f"There is no voice {voice_id!r}.", "voice_not_found")
