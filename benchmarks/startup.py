"""What the package costs before it does anything: importing it, making a client, the first answer."""

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from pairs import Pair, printed_seconds

KEY = "sk_car_benchmark_only"

# A notebook's kernel has these loaded before the first cell runs.
IN_A_KERNEL = """
import time
import IPython, ipykernel.ipkernel, ipykernel.kernelapp
start = time.perf_counter()
{code}
print(time.perf_counter() - start)
"""


class StatusHandler(http.server.BaseHTTPRequestHandler):
    """Answer every GET as `GET /` is answered."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave together

    def do_GET(self) -> None:
        """Send the status."""
        body = json.dumps({"ok": True, "version": "2026-08-14"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def status_server() -> Iterator[str]:
    """Serve the status on loopback; yields the URL."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), StatusHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def import_seconds(module: str) -> float:
    """Seconds of `import module` over the start of the interpreter."""
    return printed_seconds(
        f"import time; start = time.perf_counter(); import {module}; print(time.perf_counter() - start)"
    )


def in_a_kernel(code: str) -> float:
    """Seconds of `code` where IPython is there already."""
    return printed_seconds(IN_A_KERNEL.format(code=code))


@contextmanager
def pairs() -> Iterator[list[Pair]]:
    """Yield the rows of this file; the server that they ask runs as long."""
    with status_server() as url:
        ours = f"import cartesia_nb; client = cartesia_nb.Client(api_key={KEY!r}, base_url={url!r})"
        theirs = f"import cartesia; client = cartesia.Cartesia(api_key={KEY!r}, base_url={url!r})"
        yield [
            Pair(
                "import cartesia_nb",
                "import elevenlabs",
                partial(import_seconds, "cartesia_nb"),
                partial(import_seconds, "elevenlabs"),
                goal=1.0,
            ),
            Pair(
                "import, make a Client (in a kernel)",
                "cartesia",
                partial(in_a_kernel, ours),
                partial(in_a_kernel, theirs),
                goal=0.15,
            ),
            Pair(
                "import, make a Client, first answer (in a kernel)",
                "cartesia",
                partial(in_a_kernel, f"{ours}; client.api_status.get()"),
                partial(in_a_kernel, f"{theirs}; client.get_status()"),
                goal=0.5,
            ),
        ]
