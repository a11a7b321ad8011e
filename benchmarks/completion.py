"""What Tab costs: one voice's name among very many, and one variable's among as many, in the same shell."""

import http.server
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from canned import voice
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from pairs import Pair
from traitlets.config import Config

from cartesia_nb import connect

KEY = "sk_car_benchmark_only"
NAMES = 5000


class OnePage(http.server.BaseHTTPRequestHandler):
    """Answer every GET with all voices, on one page."""

    page = json.dumps({"data": [voice(number) for number in range(NAMES)], "has_more": False}).encode()

    def do_GET(self) -> None:
        """Send the page."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.page)))
        self.end_headers()
        self.wfile.write(self.page)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


def offered(shell: InteractiveShell, line: str) -> list[str]:
    """Return what a kernel would offer at the end of a line."""
    with provisionalcompleter():
        return [found.text for found in shell.Completer.completions(line, len(line))]


def seconds(shell: InteractiveShell, line: str, wanted: str) -> float:
    """Return the seconds of one completion, which must find what is `wanted`."""
    start = time.perf_counter()
    found = offered(shell, line)
    taken = time.perf_counter() - start
    assert wanted in found, found[:3]
    return taken


@contextmanager
def pairs() -> Iterator[list[Pair]]:
    """Yield the rows of this file; the server that has the voices runs as long."""
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    shell.user_ns |= {f"voice_{number}": number for number in range(NAMES)}
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), OnePage) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        client = connect(KEY, base_url=f"http://127.0.0.1:{server.server_port}")
        client.voices.names.speakers()
        shell.run_line_magic("load_ext", "cartesia_nb")
        yield [
            Pair(
                f"complete a voice's name among {NAMES}",
                "IPython: a variable's",
                # As little as this was typed, and all fit.
                lambda: seconds(shell, '%cartesia tts --voice "v', '"Voice 0"'),
                lambda: seconds(shell, "v", "voice_0"),
                goal=1.0,
                limit=0.05,
            )
        ]
        server.shutdown()
