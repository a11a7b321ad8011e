"""The sandbox as an ASGI application."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from cartesia_nb.sandbox.errors import ApiError, error_response
from cartesia_nb.sandbox.gate import Gate
from cartesia_nb.sandbox.routes import status, tts, voices


def create_app() -> ASGIApp:
    """Return the application with all its routes."""
    application = Starlette(
        routes=[*status.routes, *tts.routes, *voices.routes],
        exception_handlers=dict.fromkeys((ApiError, HTTPException, Exception), _answer),
    )
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
