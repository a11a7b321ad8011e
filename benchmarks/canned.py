"""A server that answers with pages written beforehand, in a process of its own: it costs both sides the same.

``GET /voices`` has 2 000 voices in 20 pages, ``GET /voices/ID`` one of them, ``GET /asked`` says how many
requests there were since it was asked last.
"""

import json
import socketserver
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

VOICES, PAGE = 2000, 100


def voice(number: int) -> dict[str, object]:
    """Write one voice, as the newest version has it."""
    return {
        "id": f"{number:08x}-0000-4000-8000-000000000000",
        "name": f"Voice {number}",
        "tagline": "Calm Narrator",
        "description": f"Voice {number} reads whatever you give it, evenly and without haste.",
        "is_owner": False,
        "access": "public",
        "visibility": "all",
        "gender": ("feminine", "masculine", "gender_neutral")[number % 3],
        "language": ("en", "de", "es", "fr")[number % 4],
        "accent": "general-american",
        "country": "US",
        "locales": [{"locale": "en-US", "is_native": True}],
        "created_at": f"2026-01-{number % 28 + 1:02}T12:00:00.123456Z",
    }


def answer(body: object) -> bytes:
    """Return the bytes of an HTTP answer."""
    text = json.dumps(body).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
    return head.encode() + text


def pages() -> dict[str, bytes]:
    """Return each page by the cursor before it; past the last one, an empty page."""
    rows = [voice(number) for number in range(VOICES)]
    written = {str(rows[-1]["id"]): answer({"data": [], "has_more": False, "next_page": None})}
    for start in range(0, VOICES, PAGE):
        page, last = rows[start : start + PAGE], start + PAGE >= VOICES
        following = None if last else page[-1]["id"]
        before = str(rows[start - 1]["id"]) if start else ""
        written[before] = answer({"data": page, "has_more": not last, "next_page": following})
    return written


class Handler(socketserver.StreamRequestHandler):
    """Answers one connection's requests, one after the other."""

    pages = pages()
    one = answer(voice(1))
    asked = 0

    def handle(self) -> None:
        """Read requests without a body, to the end of the connection."""
        while line := self.rfile.readline():
            while self.rfile.readline().strip():
                pass
            target = urlsplit(line.split()[1].decode())
            Handler.asked += 1
            if target.path == "/asked":
                self.wfile.write(answer(Handler.asked - 1))
                Handler.asked = 0
            elif target.path.rstrip("/") == "/voices":
                cursor = parse_qs(target.query).get("starting_after", [""])[0]
                self.wfile.write(self.pages[cursor])
            else:
                self.wfile.write(self.one)


@contextmanager
def canned_server() -> Iterator[str]:
    """Serve on loopback; yields the URL."""
    with subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.kill()


if __name__ == "__main__":
    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()
