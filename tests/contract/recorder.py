"""A server between a client and the sandbox that passes everything on and remembers it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import requests

HOP_BY_HOP = {"connection", "content-length", "date", "host", "transfer-encoding"}


@dataclass
class Exchange:
    """One request and its answer."""

    verb: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    status: int
    answer_headers: dict[str, str]
    answer: bytes


@contextmanager
def recorder(target: str) -> Iterator[tuple[str, list[Exchange]]]:
    """Serve on loopback in front of `target`; yields the URL and the growing list of exchanges."""
    exchanges: list[Exchange] = []
    session = requests.Session()
    session.trust_env = False

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
            answer = session.request(
                self.command,
                target + self.path,
                data=body,
                headers=headers,
                allow_redirects=False,
                timeout=120,
            )
            # What lies at the target is asked for here, too.
            content = answer.content.replace(target.encode(), url.encode())
            parts = urlsplit(self.path)
            exchanges.append(
                Exchange(
                    self.command, parts.path, parts.query, dict(self.headers), body, answer.status_code,
                    dict(answer.headers), content,
                )
            )  # fmt: skip
            self.send_response_only(answer.status_code)
            for name, value in answer.headers.items():
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name, value)
            if answer.status_code != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_DELETE = handle_any  # noqa: N815 - names that http.server asks for

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield url, exchanges
        finally:
            server.shutdown()
