"""Routes that only some versions of the API have."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from cartesia_nb.sandbox.errors import ApiError
from cartesia_nb.sandbox.versions import VERSIONS

Endpoint = Callable[[Request], Awaitable[Response]]


def only(endpoint: Endpoint, *, since: str = VERSIONS[0], before: str | None = None) -> Endpoint:
    """Return the endpoint as the versions from ``since`` to ``before`` have it: in others it is not there."""
    having = [version for version in VERSIONS if since <= version and (before is None or version < before)]

    async def answer(request: Request) -> Response:
        version = request.state.version
        if version not in having:
            message = f"{request.method} {request.url.path} is not part of version {version}."
            raise ApiError(404, "Not found", f"{message} These have it: {', '.join(having)}.")
        return await endpoint(request)

    return answer
