"""A server on loopback that answers exactly what a test writes, down to the byte."""

from __future__ import annotations

import email
import email.policy
import json
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np


@dataclass
class Asked:
    """One request as it came."""

    verb: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self):
        return json.loads(self.body)

    def form(self):
        """Return the parts of a form: (name, file name, content type, content)."""
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        message = email.message_from_bytes(head + self.body, policy=email.policy.HTTP)
        return [
            (
                part.get_param("name", header="content-disposition"),
                part.get_filename(),
                part.get_content_type() if "content-type" in part else None,
                part.get_payload(decode=True),
            )
            for part in message.iter_parts()
        ]

    def texts(self):
        """Return the names and texts of a form, without its files."""
        return [(name, content.decode()) for name, file, _, content in self.form() if file is None]


@dataclass
class Server:
    """Answers the n-th request with the n-th script, and every later one with the last.

    A script is bytes to send, or a function that gets the socket. A connection stays open after bytes
    that say ``keep-alive``. With `answer`, a function from the request to the bytes, there are no scripts.
    """

    scripts: list = field(default_factory=list)
    answer: Callable | None = None
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0

    def __enter__(self):
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                outer.connections += 1
                reader = self.request.makefile("rb")
                while asked := read_request(reader):
                    outer.asked.append(asked)
                    script = outer.answer(asked) if outer.answer else outer.script()
                    if callable(script):
                        script(self.request)
                        return
                    self.request.sendall(script)
                    if b"keep-alive" not in script:
                        return

        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        return self

    def script(self):
        return self.scripts[min(len(self.asked), len(self.scripts)) - 1]

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


def read_request(reader):
    """Read one request; None at the end of the connection."""
    try:
        first = reader.readline().decode().split()
    except OSError:
        return None
    if len(first) < 2:
        return None
    headers = {}
    while line := reader.readline().strip():
        name, _, value = line.decode().partition(":")
        headers[name.lower()] = value.strip()
    return Asked(first[0], first[1], headers, reader.read(int(headers.get("content-length", 0))))


def reply(body: bytes | str | dict | list = b"", status: int = 200, *, length: int | None = None, **headers):
    """Return the bytes of an answer; header names with _ for -."""
    kind = {bytes: "audio/wav", str: "text/plain"}.get(type(body), "application/json")
    if isinstance(body, dict | list):
        body = json.dumps(body)
    if isinstance(body, str):
        body = body.encode()
    lines = {
        "Content-Type": kind,
        "Content-Length": str(len(body) if length is None else length),
        "Connection": "keep-alive",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value is not None)
    return f"HTTP/1.1 {status} Whatever\r\n{head}\r\n".encode() + body


def wav(seconds: float = 0.5, rate: int = 44100, *, promised: int | None = None) -> bytes:
    """Return a WAV file with a tone; `promised` replaces the length that its header gives."""
    samples = (8000 * np.sin(np.arange(int(seconds * rate)) / 20)).astype("<i2").tobytes()
    length = len(samples) if promised is None else promised
    header = struct.pack(
        "<4sI4s4sIHHIIHH", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16
    )
    return header + struct.pack("<4sI", b"data", length) + samples


def dripping(head: bytes, seconds: float = 30.0):
    """Return a script that sends `head`, then one byte every 50 ms."""

    def script(sock: socket.socket) -> None:
        sock.sendall(head)
        end = time.monotonic() + seconds
        try:
            while time.monotonic() < end:
                sock.sendall(b"x")
                time.sleep(0.05)
        except OSError:
            return  # the client has had enough

    return script


def reset(sock: socket.socket) -> None:
    """Break the connection off, as a script."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()
