"""The accents that a voice can have, with the ids that the API gives them."""

from dataclasses import dataclass

from cartesia_nb.sandbox.errors import ApiError, invalid
from cartesia_nb.sandbox.speech.synthesis import LANGUAGES

# Id, locale (with a star: its first accent; with two: also its language's) and name.
_TABLE = """
abruzzo-italian         it-IT    Abruzzo Italian
african-american        en-US    African American English
african-french          fr-CI*   West African French
arabic                  ar-AE*   Arabic
arabic-english          en-AE*   Arabic English
australian              en-AU*   Australian English
bagheli                 hi-IN    Bagheli Hindi
belgian-french          fr-BE*   Belgian French
brazilian-portuguese    pt-BR**  Brazilian Portuguese
british                 en-GB*   British English
budapest                hu-HU**  Budapest Hungarian
bulgarian               bg-BG**  Bulgarian
california              en-US    Californian English
camba                   es-BO*   Camba Spanish
campania                it-IT    Campanian Italian
canadian-english        en-CA*   Canadian English
canadian-french         fr-CA*   Canadian French
castilian               es-ES**  Castilian Spanish
central-tamil           ta-IN**  Central Tamil
central-thai            th-TH**  Central Thai
central-vietnamese      vi-VN    Central Vietnamese
chilean                 es-CL*   Chilean Spanish
colombian               es-CO*   Colombian Spanish
czech                   cs-CZ**  Czech
danish                  da-DK**  Danish
european-portuguese     pt-PT*   European Portuguese
finnish                 fi-FI**  Finnish
general-american        en-US**  General American English
high-german             de-DE**  High German
hindi                   hi-IN**  Hindi
indian-english          en-IN*   Indian English
indian-urdu             ur-IN*   Indian Urdu
irish                   en-IE*   Irish English
israeli                 he-IL**  Israeli Hebrew
istanbul                tr-TR**  Istanbul Turkish
italian                 it-IT**  Italian
jakarta                 id-ID**  Jakarta Indonesian
japanese                ja-JP**  Japanese
jessore                 bn-BD**  Jessore Bengali
khaleeji                ar-SA    Khaleeji Arabic
konkani                 mr-IN**  Konkan Marathi
korean                  ko-KR**  Korean
kyiv                    uk-UA**  Kyiv Ukrainian
malay                   ms-MY**  Malay
mandarin                zh-CN**  Mandarin Chinese
manila                  tl-PH**  Manila Tagalog
mexican                 es-MX*   Mexican Spanish
middle-eastern-arabic   ar-JO*   Middle Eastern Arabic
midwestern-american     en-US    Midwestern American English
modern-standard-arabic  ar-SA**  Modern Standard Arabic
moldovan                ro-MD*   Moldovan Romanian
new-york                en-US    New York English
new-zealand             en-NZ*   New Zealand English
north-kerala            ml-IN**  North Kerala Malayalam
odia                    or-IN**  Odia
oslo                    no-NO**  Oslo Norwegian
parisian                fr-FR**  Parisian French
parsi                   gu-IN**  Parsi Gujarati
peruvian                es-PE*   Peruvian Spanish
polish                  pl-PL**  Polish
powadhi                 pa-IN**  Powadhi Punjabi
randstad                nl-NL**  Randstad Dutch
romanian                ro-RO**  Romanian
russian                 ru-RU**  Russian
singaporean             en-SG*   Singaporean English
slovak                  sk-SK**  Slovak
south-african           en-ZA*   South African English
southern-karnataka      kn-IN**  Southern Karnataka Kannada
southern-us             en-US    Southern US English
southern-vietnamese     vi-VN**  Southern Vietnamese
standard-japanese       ja-JP    Standard Japanese
stockholm               sv-SE**  Stockholm Swedish
swiss-standard          de-CH*   Swiss Standard German
taiwanese-mandarin      zh-TW*   Taiwanese Mandarin
tbilisi                 ka-GE**  Tbilisi Georgian
telangana               te-IN**  Telangana Telugu
thessaloniki            el-GR**  Thessaloniki Greek
urdu                    ur-PK**  Urdu
zagreb                  hr-HR**  Zagreb Croatian
"""

# Those that can be added to a voice beside its own.
ATTACHABLE = frozenset(
    "australian brazilian-portuguese british canadian-french castilian central-tamil central-thai"
    " general-american high-german hindi israeli istanbul italian japanese korean mandarin mexican"
    " modern-standard-arabic parisian polish randstad russian southern-us stockholm telangana".split()
)

# By language, what older versions have instead of accents.
DIALECTS = {
    "en": {
        "au": "australian",
        "in": "indian-english",
        "so": "southern-us",
        "uk": "british",
        "us": "general-american",
    },
    "es": {"mx": "mexican", "pe": "castilian"},
    "fr": {"eu": "parisian", "ca": "canadian-french"},
    "pt": {"br": "brazilian-portuguese", "eu": "european-portuguese"},
}


@dataclass(frozen=True)
class Accent:
    """One accent: ``locale`` is like ``en-GB``; it can be the first of its locale, and of its language."""

    id: str
    locale: str
    name: str
    is_locale_default: bool
    is_language_default: bool

    @property
    def language(self) -> str:
        """The language, like ``en``."""
        return self.locale.partition("-")[0]

    @property
    def is_spoken(self) -> bool:
        """Whether the sandbox has an engine for the language."""
        return self.language in LANGUAGES


def _accents() -> dict[str, Accent]:
    fields = [line.split(maxsplit=2) for line in _TABLE.strip().splitlines()]
    return {
        key: Accent(key, locale.rstrip("*"), name, "*" in locale, "**" in locale)
        for key, locale, name in fields
    }


ACCENTS = _accents()


def find_accent(id: str) -> Accent:
    """Return an accent that the sandbox can speak, or refuse the request."""
    if id not in ACCENTS:
        raise invalid(f"There is no accent {id!r}: GET /accents lists them.")
    if not ACCENTS[id].is_spoken:
        raise _unspoken(id)
    return ACCENTS[id]


def default_accent(language: str) -> Accent:
    """Return a language's first accent, or refuse a language that the sandbox cannot speak."""
    if language not in LANGUAGES:
        raise _unspoken(language)
    return next(
        accent for accent in ACCENTS.values() if accent.language == language and accent.is_language_default
    )


def choose_accent(language: str, id: str | None) -> Accent:
    """Return an accent of a language, its first if none is named, or refuse the request."""
    first = default_accent(language)
    accent = find_accent(id) if id else first
    if accent.language != language:
        raise invalid(f"{accent.id} is an accent of {accent.language!r}, not of {language!r}.")
    return accent


def dialect_accent(language: str, dialect: str) -> Accent:
    """Return the accent that a dialect of a language is, or refuse the request."""
    default_accent(language)
    dialects = DIALECTS.get(language, {})
    if dialect not in dialects:
        raise invalid(f"dialect of {language!r} must be one of: {', '.join(dialects) or 'none'}.")
    return find_accent(dialects[dialect])


def _unspoken(name: str) -> ApiError:
    message = f"The sandbox has no engine for {name!r}. It speaks {', '.join(LANGUAGES)}."
    return invalid(message, "language_not_supported")
