"""API status."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cartesia_nb.sandbox.versions import NEWEST


async def get(_request: Request) -> Response:
    """Say that the sandbox is up, and its newest API version."""
    return JSONResponse({"ok": True, "version": NEWEST})


routes = [Route("/", get)]
