"""Previews: each voice of the catalogue says who it is. Those that were made here have none."""

import jwt
from starlette.requests import Request

from cartesia_nb.sandbox.catalogue import find_voice
from cartesia_nb.sandbox.errors import ApiError
from cartesia_nb.sandbox.output_format import OutputFormat, encode
from cartesia_nb.sandbox.signing import read_claim, sign
from cartesia_nb.sandbox.speech.synthesis import Utterance, synthesize
from cartesia_nb.sandbox.state import State
from cartesia_nb.sandbox.voice import Voice

# The name of the route that answers with a preview.
ROUTE = "preview"
# Seconds for which an address holds: nobody is to keep it.
LIFETIME = 3600
# Cartesia does not say what kind of file a preview is.
FORMAT = OutputFormat("mp3", 44100, bit_rate=64000)

SENTENCES = {
    "de": "Guten Tag! Ich bin {name}, und so klingt meine Stimme.",
    "en": "Hello! I am {name}, and this is how my voice sounds.",
    "es": "¡Hola! Me llamo {name}, y así suena mi voz.",
    "fr": "Bonjour ! Je m'appelle {name}, et voici ma voix.",
    "it": "Buongiorno! Mi chiamo {name}, e questa è la mia voce.",
}


def preview_url(request: Request, voice: Voice) -> str | None:
    """Return where the preview of a voice is for the next hour, at the host that the request came to."""
    if voice.is_owner:
        return None
    file = sign(request.app.state.rows, LIFETIME, preview=voice.id)
    return str(request.url_for(ROUTE, file=file).include_query_params(format="playback"))


def find_previewed(rows: State, file: str) -> Voice:
    """Return the voice of which this is the preview, or refuse the request."""
    try:
        return find_voice(rows, read_claim(rows, file, "preview"))
    except jwt.InvalidTokenError as error:
        message = "There is no such preview, or no longer: its voice says where it is now."
        raise ApiError(404, "Not found", message, "preview_not_found") from error


def speak_preview(voice: Voice) -> bytes:
    """Return what a voice says of itself."""
    sentence = SENTENCES[voice.language].format(name=voice.name)
    return encode(synthesize(Utterance(sentence, voice.language, voice.speaker, voice.pitch)).samples, FORMAT)
