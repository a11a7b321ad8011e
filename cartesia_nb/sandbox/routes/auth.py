"""Access tokens."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cartesia_nb.sandbox import body
from cartesia_nb.sandbox.tokens import issue
from cartesia_nb.sandbox.versions import LOCALES

MAX_SECONDS = 3600
# As in the reference's example; how long Cartesia's last by default is not documented.
DEFAULT_SECONDS = 60


async def access_token(request: Request) -> Response:
    """Make an access token. Without grants it opens nothing; grants that are not known are ignored."""
    fields = await body.read_json(request)
    given = body.record("grants", body.given(fields, "grants", {}))
    known = ("tts", "stt") if request.state.version < LOCALES else ("tts", "stt", "agent")
    grants = [name for name in known if body.boolean(f"grants.{name}", body.given(given, name, False))]
    seconds = body.whole_number(
        "expires_in", body.given(fields, "expires_in", DEFAULT_SECONDS), 1, MAX_SECONDS
    )
    return JSONResponse({"token": issue(request.app.state.rows, grants, seconds)})


routes = [Route("/access-token", access_token, methods=["POST"])]
