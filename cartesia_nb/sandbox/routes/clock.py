"""The sandbox's clock, which a test can move ahead: this is not part of Cartesia's API."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cartesia_nb.sandbox import body, clock

MAX_SECONDS = 366 * 24 * 3600


async def get(request: Request) -> Response:
    """Return the sandbox's time."""
    return JSONResponse({"now": clock.stamp(request.app.state.rows)})


async def advance(request: Request) -> Response:
    """Move the time ahead by ``advance`` seconds, at most a year, and return it."""
    fields = await body.read_json(request)
    seconds = body.number("advance", fields.get("advance"), 0, MAX_SECONDS)
    clock.advance(request.app.state.rows, seconds)
    return await get(request)


routes = [
    Route("/sandbox/clock", get),
    Route("/sandbox/clock", advance, methods=["POST"]),
]
