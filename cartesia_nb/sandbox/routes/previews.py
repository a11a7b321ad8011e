"""Previews of voices: files at addresses that the voices tell."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cartesia_nb.sandbox.previews import FORMAT, ROUTE, find_previewed, speak_preview
from cartesia_nb.sandbox.workers import run


async def download(request: Request) -> Response:
    """Answer with a voice's preview."""
    voice = find_previewed(request.app.state.rows, request.path_params["file"])
    return Response(await run(speak_preview, voice), media_type=FORMAT.media_type)


routes = [Route("/files/{file}/download", download, name=ROUTE)]
