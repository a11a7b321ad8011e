"""What a cell costs whose speech is stored, beyond reading the audio from the disk."""

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import numpy as np
import soundfile
from IPython.core.interactiveshell import InteractiveShell
from pairs import Pair
from traitlets.config import Config

from cartesia_nb import connect

KEY = "sk_car_benchmark_only"
SECONDS, RATE = 10, 44100
CELL = 'speech = %cartesia tts "A sentence that was paid for once, and is heard again and again."'


def sound() -> bytes:
    """Return 10 s of sound as a WAV file."""
    wave = 0.3 * np.sin(2 * np.pi * 220 * np.arange(SECONDS * RATE) / RATE)
    file = BytesIO()
    soundfile.write(file, wave, RATE, "PCM_16", format="WAV")
    return file.getvalue()


class Speaker(BaseHTTPRequestHandler):
    """Answer every request with the same sound."""

    body = sound()
    asked = 0

    def do_POST(self) -> None:
        """Send the sound."""
        type(self).asked += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "audio/wav")
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


def read_seconds(file: Path) -> float:
    """Return the seconds of reading the audio."""
    start = time.perf_counter()
    soundfile.read(file)
    return time.perf_counter() - start


def beyond_reading(shell: InteractiveShell, file: Path) -> float:
    """Return the seconds of the cell, without those of reading the audio."""
    start = time.perf_counter()
    shell.run_cell(CELL)
    return max(0.0, time.perf_counter() - start - read_seconds(file))


@contextmanager
def pairs() -> Iterator[list[Pair]]:
    """Yield the row of this file."""
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    shell.run_line_magic("load_ext", "cartesia_nb")
    with (
        tempfile.TemporaryDirectory() as folder,
        ThreadingHTTPServer(("127.0.0.1", 0), Speaker) as server,
    ):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        connect(KEY, base_url=url, record="cache", record_folder=folder)
        shell.run_cell(CELL)
        (file,) = Path(folder).glob("tts.bytes/*.wav")
        yield [
            Pair(
                f"a cell with {SECONDS} s of stored speech, beyond reading it",
                "soundfile: reading it",
                lambda: beyond_reading(shell, file),
                lambda: read_seconds(file),
                goal=10.0,
                limit=0.005,
            )
        ]
        assert Speaker.asked == 1, "what is stored was asked again"
        server.shutdown()
