"""The sandbox as an ASGI application."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from cartesia_nb.sandbox.errors import ApiError, error_response
from cartesia_nb.sandbox.gate import Gate
from cartesia_nb.sandbox.routes import status, tts, voices
from cartesia_nb.sandbox.state import State


def create_app(folder: Path | None = None) -> ASGIApp:
    """Return the application with all its routes; it keeps what it remembers in ``folder``, if given."""
    application = Starlette(
        routes=[*status.routes, *tts.routes, *voices.routes],
        exception_handlers=dict.fromkeys((ApiError, HTTPException, Exception), _answer),
    )
    application.state.rows = State(folder)
    return Gate(application)


def _answer(request: Request, error: Exception) -> Response:
    if isinstance(error, ApiError):
        return error_response(request, error)
    if isinstance(error, HTTPException):
        message = f"{request.method} {request.url.path} is not part of the sandbox."
        response = error_response(request, ApiError(error.status_code, error.detail, message))
        response.headers.update(error.headers or {})
        return response
    message = f"The sandbox failed ({type(error).__name__}); its standard error has the traceback."
    return error_response(request, ApiError(500, "Internal server error", message))
