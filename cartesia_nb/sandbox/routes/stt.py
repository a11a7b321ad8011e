"""Speech to text."""

from collections.abc import Iterator, Mapping
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cartesia_nb.sandbox import body
from cartesia_nb.sandbox.errors import invalid
from cartesia_nb.sandbox.form import MAX_LONG_FORM, Form, Upload, read_form
from cartesia_nb.sandbox.speech import recogniser
from cartesia_nb.sandbox.speech.listening import Heard, listen
from cartesia_nb.sandbox.speech.recording import PCM_WIDTHS, pcm_blocks, recording_blocks
from cartesia_nb.sandbox.speech.samples import Samples
from cartesia_nb.sandbox.versions import LOCALES
from cartesia_nb.sandbox.workers import run

MODELS = ("ink-whisper", "ink-whisper-2025-06-04")
LANGUAGES = ("en",)
MAX_SECONDS = 2 * 3600


async def transcribe(request: Request) -> Response:
    """Transcribe a recording, with the times of its words if they are asked for."""
    form = await read_form(request, MAX_LONG_FORM)
    _check_model(form.texts)
    _check_language(form.texts)
    with_words = _read_granularities(form)
    blocks = _read_blocks(form.upload("file"), request.query_params)
    heard = await run(listen, blocks, with_words=with_words)
    return JSONResponse(_transcript(heard, request, with_words=with_words))


def _check_model(texts: Mapping[str, str]) -> None:
    model = body.text("model", texts.get("model"))
    if model not in MODELS:
        raise invalid(f"model must be one of {', '.join(MODELS)}, not {model!r}.", "model_not_found")


def _check_language(texts: Mapping[str, str]) -> None:
    language = texts.get("language") or LANGUAGES[0]
    if language not in LANGUAGES:
        message = f"The sandbox has no recogniser for {language!r}. It hears {', '.join(LANGUAGES)}."
        raise invalid(message, "language_not_supported")
    if not recogniser.is_installed():
        message = (
            "The sandbox's recogniser is not installed: moonshine-voice comes with "
            '"cartesia_nb[sandbox]", but not for Python 3.14 and newer.'
        )
        raise invalid(message, "language_not_supported")


def _read_granularities(form: Form) -> bool:
    """Tell whether the times of words are wanted."""
    given = [
        value
        for name in ("timestamp_granularities[]", "timestamp_granularities")
        for value in form.lists.get(name, ())
    ]
    for value in given:
        body.choice("timestamp_granularities[]", value, ("word",))
    return bool(given)


def _read_blocks(file: Upload, query: QueryParams) -> Iterator[Samples]:
    """Return the sound of a file; ``encoding`` says that it has no header, and needs ``sample_rate``."""
    encoding, rate = query.get("encoding"), query.get("sample_rate") or ""
    if not encoding:
        return recording_blocks(file, MAX_SECONDS)
    body.choice("encoding", encoding, tuple(PCM_WIDTHS))
    if not (rate.isascii() and rate.isdigit() and len(rate) < 10):
        raise invalid("sample_rate must be a whole number, in Hz: encoding says that the file has no header.")
    return pcm_blocks(file, encoding, int(rate), MAX_SECONDS)


def _transcript(heard: Heard, request: Request, *, with_words: bool) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "text": heard.text,
        "language": LANGUAGES[0],
        "duration": round(heard.seconds, 3),
    }
    if with_words:
        answer["words"] = [
            {"word": word.text, "start": round(word.start, 3), "end": round(word.end, 3)}
            for word in heard.words
        ]
    if request.state.version >= LOCALES:
        answer |= {"type": "transcript", "request_id": request.state.request_id}
    return answer


routes = [Route("/stt", transcribe, methods=["POST"])]
