"""What every request passes before it reaches a route: who may come in, and as which API version."""

from collections.abc import Sequence
from urllib.parse import urlsplit
from uuid import uuid4

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cartesia_nb._version import __version__
from cartesia_nb.sandbox.errors import ApiError, error_response, invalid
from cartesia_nb.sandbox.loopback import is_loopback
from cartesia_nb.sandbox.state import State
from cartesia_nb.sandbox.tokens import is_token, read_grants
from cartesia_nb.sandbox.versions import NEWEST, VERSIONS

# What an access token can open over HTTP, if it was granted.
GRANTED_SECTIONS = ("tts", "stt")

SERVER = f"cartesia_nb-sandbox/{__version__}"


class Gate:
    """ASGI middleware that checks requests and signs answers."""

    def __init__(self, app: ASGIApp, rows: State) -> None:
        self.app = app
        self.rows = rows

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        request.state.request_id = str(uuid4())
        request.state.version = NEWEST
        signature = [(b"server", SERVER.encode()), (b"x-request-id", request.state.request_id.encode())]

        async def send_signed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *signature]
            await send(message)

        try:
            check_neighbourhood(request)
            request.state.version = read_version(request)
            check_credential(request, self.rows)
        except ApiError as error:
            await error_response(request, error)(scope, receive, send_signed)
            return
        scope["path"] = scope["path"].rstrip("/") or "/"
        await self.app(scope, receive, send_signed)


def check_neighbourhood(request: Request) -> None:
    """Keep web pages out: by rebinding DNS, one could otherwise have a visitor's browser call the sandbox."""
    port = request.scope["server"][1]
    if not _is_own(f"http://{request.headers.get('host', '')}", port):
        raise ApiError(
            403, "Forbidden", "The Host header must name the loopback interface and the sandbox's port."
        )
    origin = request.headers.get("origin")
    if origin is not None and not _is_own(origin, port):
        raise ApiError(403, "Forbidden", "The sandbox does not answer requests from web pages.")


def _is_own(address: str, port: int) -> bool:
    try:
        parts = urlsplit(address)
        named_port = 80 if parts.port is None else parts.port
    except ValueError:
        return False
    return parts.scheme == "http" and is_loopback(parts.hostname or "") and named_port == port


def read_version(request: Request) -> str:
    """Return the API version of a request: the newest where its header is missing."""
    version = request.headers.get("cartesia-version", NEWEST)
    if version not in VERSIONS:
        raise invalid(f"Unknown Cartesia-Version {version!r}. The sandbox serves {', '.join(VERSIONS)}.")
    return version


def check_credential(request: Request, rows: State) -> None:
    """Refuse a request without a key; any key will do, a token must fit, and the API status needs neither."""
    section = request.url.path.strip("/").partition("/")[0]
    if not section:
        return
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    is_bearer = scheme.lower() == "bearer"
    key = value.strip() if is_bearer else request.headers.get("x-api-key", "").strip()
    if not key:
        raise _unauthorized("Send an API key: Authorization: Bearer <key>, or X-API-Key: <key>.")
    if is_token(key):
        if not is_bearer:
            raise _unauthorized("An access token goes into Authorization: Bearer <token>.")
        _check_grant(section, read_grants(rows, key))


def _check_grant(section: str, grants: Sequence[str]) -> None:
    if section not in GRANTED_SECTIONS or section not in grants:
        message = f"This access token opens {', '.join(grants) or 'nothing'}, and not /{section}."
        raise ApiError(403, "Forbidden", message)


def _unauthorized(message: str) -> ApiError:
    return ApiError(401, "Unauthorized", message)
