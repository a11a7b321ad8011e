"""The words about voices: ``voices``, ``voice``, ``clone``, ``localize``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cartesia_nb.client.client import connect
from cartesia_nb.client.defaults import default, set_defaults
from cartesia_nb.client.progress import Progress
from cartesia_nb.client.resource import Resource
from cartesia_nb.magics import options as opt
from cartesia_nb.magics.command import Argument, Command, Typed
from cartesia_nb.magics.options import Option
from cartesia_nb.wire import catalog
from cartesia_nb.wire.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

#: How many previews are fetched at most: each is a request, and a part of the saved notebook.
MOST_PREVIEWS = 10


def voices(typed: Typed) -> pd.DataFrame:
    """List voices."""
    chosen: dict[str, Any] = {
        name: typed.options[name] for name in ("language", "gender", "limit") if name in typed.options
    }
    if typed.words:
        chosen["q"] = " ".join(map(str, typed.words))
    if "mine" in typed.options:
        chosen["is_owner"] = True
    found = connect().voices.list(**chosen)
    return _with_previews(found) if "preview" in typed.options else found


def _with_previews(found: pd.DataFrame) -> pd.DataFrame:
    from cartesia_nb.speech.playable import Playable  # imports pandas

    ids = list(found.id[:MOST_PREVIEWS])
    if len(found) > len(ids):
        catalog.warn(
            f"The first {len(ids)} of {len(found)} voices have their preview: narrow the search for others."
        )
    previews: list[Any] = []
    with Progress("voices", "previews", len(ids)) as progress:
        for voice_id in ids:
            previews.append(connect().voices.preview(voice_id))
            progress.show(len(previews))
    shown = Playable(found)
    shown.insert(2, "preview", previews + [None] * (len(found) - len(ids)))
    return shown


def voice(typed: Typed) -> Resource:
    """Show the voice that speaks where none is named, or set it for this session."""
    voices = connect().voices
    wanted = typed.words[0] if typed.words else default("voice")
    found = voices.get(voices.names.speaker(wanted).id)
    if typed.words:
        set_defaults(voice=found.id)
    return found


def clone(typed: Typed) -> Resource:
    """Make a voice like that of a recording."""
    options = {name: value for name, value in typed.options.items() if name in CLONE_ARGUMENTS}
    if "name" not in options:
        raise InputError("a voice needs a name.", advice="Write %cartesia clone CLIP --name NAME.")
    options.setdefault("language", default("language") or "en")
    return connect().voices.clone(typed.words[0], **options)


def localize(typed: Typed) -> Resource:
    """Make a voice that speaks another language, or with another accent."""
    options, voices = typed.options, connect().voices
    wanted, *languages = typed.words
    if bool(languages) == ("accent" in options):
        raise InputError(
            "localizing wants a language, or an accent.", advice="Write %cartesia localize VOICE de."
        )
    speaker = voices.names.speaker(wanted)
    found = voices.get(speaker.id)
    goal = str(languages[0] if languages else options["accent"])
    told: dict[str, Any] = {"voice_id": speaker.id, "name": f"{found['name']} ({goal})"}
    told |= {name: options[name] for name in ("name", "description", "dialect") if name in options}
    if "gender" in options:
        told["original_speaker_gender"] = options["gender"]
    if not languages:
        return voices.localize(**told, accent=goal)
    told.setdefault("description", found.get("description") or f"{found['name']}, in {goal}")
    if "gender" not in options:
        told["original_speaker_gender"] = _gender(found)
    return voices.localize(**told, language=goal)


def _gender(found: Resource) -> str:
    gender = found.get("gender")
    if gender not in catalog.SPEAKER_GENDERS:
        raise InputError(
            f"the gender of {found['name']!r} is {gender or 'not known'}.",
            advice=f"Say --gender {' or --gender '.join(catalog.ORIGINAL_SPEAKER_GENDERS)}.",
        )
    return catalog.SPEAKER_GENDERS[gender]


CLONE_ARGUMENTS = ("name", "language", "description", "base_voice_id", "enhance", "accent")
NAME = Option("--name", "NAME", "of the new voice")
ACCENT = Option("--accent", "ACCENT", "an accent's id (%cartesia voices.list_accents lists them)")

WORDS: dict[str, Command] = {
    "voices": Command(
        help="list the voices, or those with QUERY in their name, description or id",
        run=voices,
        takes=(Argument("QUERY", optional=True, many=True),),
        options=(
            Option(
                "--language",
                "CODE",
                "that speak this language, such as en or en-GB",
                offers=catalog.TTS_LANGUAGES,
            ),
            Option("--gender", "GENDER", f"that are {', '.join(catalog.GENDERS)}", offers=catalog.GENDERS),
            Option("--mine", "", "that are yours"),
            opt.LIMIT,
            Option("--preview", "", f"with a preview to play, for the first {MOST_PREVIEWS}"),
        ),
        examples=(
            "%cartesia voices",
            "%cartesia voices calm --gender feminine -o calm",
            "%cartesia voices --limit 3 --preview",
        ),
    ),
    "voice": Command(
        help="show the voice that speaks where none is named, or set it for this session",
        run=voice,
        takes=(Argument("VOICE", "voices", optional=True),),
        examples=("%cartesia voice", "%cartesia voice Bruno", "%cartesia tts Now I am Bruno."),
        more="%cartesia defaults --save keeps it for other sessions.",
        too_much="It takes one voice; a name of more than one word stands in quotes.",
    ),
    "clone": Command(
        help="make a voice like that of a recording, of yourself or of someone who agreed",
        run=clone,
        takes=(Argument("CLIP", "audio"),),
        options=(
            NAME,
            Option(
                "--language",
                "CODE",
                "that is spoken; if left out, that of %cartesia defaults, else en",
                offers=catalog.TTS_LANGUAGES,
            ),
            opt.DESCRIPTION,
            Option("--base-voice-id", "ID", "the id of a voice to derive this one from"),
            Option("--enhance", "", "clean the recording of noise"),
            ACCENT,
        ),
        examples=(
            "%cartesia tts -o recording This is how I speak, when nobody listens.",
            "%cartesia clone recording --name Mine",
            '%cartesia tts "And now I say something else." --voice Mine',
        ),
        more="3 to 10 seconds of one person, without noise, make the best clone.",
    ),
    "localize": Command(
        help="make a voice that speaks another language",
        run=localize,
        costs=True,
        takes=(
            Argument("VOICE", "voices"),
            Argument("LANGUAGE", catalog.LOCALIZE_LANGUAGES, optional=True),
        ),
        options=(
            NAME,
            opt.DESCRIPTION,
            Option(
                "--dialect",
                "DIALECT",
                "; ".join(f"{code}: {', '.join(known)}" for code, known in catalog.DIALECTS.items()),
                offers=tuple(sorted({dialect for known in catalog.DIALECTS.values() for dialect in known})),
            ),
            Option(
                "--gender",
                "GENDER",
                "of the voice, where it is not known",
                offers=catalog.ORIGINAL_SPEAKER_GENDERS,
            ),
            ACCENT,
        ),
        examples=(
            '%cartesia localize Ada es --name "Ada in Madrid"',
            '%cartesia tts --voice "Ada in Madrid" --language es Buenos días.',
            "%cartesia localize Ada --accent castilian",
        ),
        too_much="It takes VOICE [LANGUAGE]; a name of more than one word stands in quotes.",
    ),
}
