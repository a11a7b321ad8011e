"""The web server around the application."""

import json
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from cartesia_nb.sandbox.app import create_app


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


def serve(host: str, port: int) -> None:
    """Serve on a loopback address until the process ends; port 0 is a free one."""
    config = uvicorn.Config(
        create_app(),
        host,
        port,
        access_log=False,
        lifespan="off",
        log_level="warning",
        server_header=False,
        timeout_keep_alive=60,
        ws="none",
    )
    _Server(config).run()
