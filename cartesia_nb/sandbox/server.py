"""The web server around the application."""

import asyncio
import json
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from cartesia_nb.sandbox.app import create_app
from cartesia_nb.sandbox.faults.exchange import TRANSPORT


class _Server(uvicorn.Server):
    """Uvicorn, but it says where it listens, and leaves signals to the process."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        sys.stdout.write(json.dumps({"url": url}) + "\n")
        sys.stdout.flush()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Protocol(H11Protocol):
    """HTTP, but each request tells what connection it came by: a fault may want to break it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app = _telling(self.app, transport)


def _telling(app: ASGIApp, transport: asyncio.Transport) -> ASGIApp:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        scope["extensions"] = {TRANSPORT: transport}
        await app(scope, receive, send)

    return answer


def serve(host: str, port: int, folder: Path | None = None) -> None:
    """Serve on a loopback address until the process ends; port 0 is a free one.

    What requests make is kept in ``folder``, if one is given.

    Raises
    ------
    StateError
        If the folder cannot be used.
    """
    config = uvicorn.Config(
        create_app(folder),
        host,
        port,
        access_log=False,
        http=_Protocol,
        lifespan="off",
        log_level="warning",
        server_header=False,
        timeout_keep_alive=60,
        ws="none",
    )
    _Server(config).run()
