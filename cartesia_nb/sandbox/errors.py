"""What the sandbox answers when it cannot do as asked."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from cartesia_nb.sandbox.versions import JSON_ERRORS


@dataclass
class ApiError(Exception):
    """An answer with an error status, raised wherever the reason is found."""

    status: int
    title: str
    message: str
    code: str | None = None


def invalid(message: str, code: str | None = None) -> ApiError:
    """Return the error for a request that is understood but wrong."""
    return ApiError(400, "Invalid request", message, code)


def error_response(request: Request, error: ApiError) -> Response:
    """Write an error as the request's API version has it: JSON since 2026-03-01, before that plain text."""
    if request.state.version < JSON_ERRORS:
        return PlainTextResponse(f"{error.title}: {error.message}", error.status)
    body = {
        "error_code": error.code,
        "title": error.title,
        "message": error.message,
        "request_id": request.state.request_id,
    }
    return JSONResponse(body, error.status)
