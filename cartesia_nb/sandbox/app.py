"""The sandbox as an ASGI application."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp

from cartesia_nb.sandbox.errors import ApiError, error_response, invalid
from cartesia_nb.sandbox.faults.middleware import Faults
from cartesia_nb.sandbox.gate import Gate
from cartesia_nb.sandbox.own_voices import seed_voices
from cartesia_nb.sandbox.plans import Plans
from cartesia_nb.sandbox.routes import (
    accents,
    agents,
    auth,
    calls,
    clock,
    datasets,
    faults,
    fine_tunes,
    infill,
    metric_results,
    metrics,
    new_voices,
    previews,
    pronunciation_dicts,
    status,
    stt,
    tts,
    voice_changer,
    voices,
)
from cartesia_nb.sandbox.state import State

# In the order in which a request's path is compared.
SECTIONS = (
    accents,
    calls,
    metric_results,
    metrics,
    agents,
    auth,
    clock,
    datasets,
    faults,
    fine_tunes,
    infill,
    new_voices,
    previews,
    pronunciation_dicts,
    status,
    stt,
    tts,
    voice_changer,
    voices,
)


def create_app(folder: Path | None = None) -> ASGIApp:
    """Return the application with all its routes; it keeps what it remembers in ``folder``, if given."""
    rows = State(folder)
    seed_voices(rows)
    application = Starlette(
        routes=[route for section in SECTIONS for route in section.routes],
        exception_handlers=dict.fromkeys((ApiError, HTTPException, ClientDisconnect, Exception), _answer),
    )
    application.state.rows = rows
    return Gate(Plans(Faults(application)), rows)


def _answer(request: Request, error: Exception) -> Response:
    if isinstance(error, ApiError):
        return error_response(request, error)
    if isinstance(error, HTTPException):
        message = f"{request.method} {request.url.path} is not part of the sandbox."
        response = error_response(request, ApiError(error.status_code, error.detail, message))
        response.headers.update(error.headers or {})
        return response
    if isinstance(error, ClientDisconnect):
        return error_response(request, invalid("The client went away in the middle of its request."))
    message = f"The sandbox failed ({type(error).__name__}); its standard error has the traceback."
    return error_response(request, ApiError(500, "Internal server error", message))
