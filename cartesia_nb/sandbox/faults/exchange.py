"""One request and its answer, in the hands of a fault."""

import socket
import struct
import sys
from asyncio import Transport
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

from anyio import move_on_after
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cartesia_nb.sandbox.errors import ApiError, error_response, invalid
from cartesia_nb.sandbox.gate import SERVER

# Where the server puts a request's connection (see `cartesia_nb.sandbox.server`).
TRANSPORT = "sandbox.transport"

Headers = list[tuple[bytes, bytes]]


@dataclass
class Answer:
    """What the application answered, kept back as a whole."""

    status: int
    headers: Headers
    body: bytes

    @property
    def media_type(self) -> str:
        """The content type without its parameters."""
        value = next((value for name, value in self.headers if name == b"content-type"), b"")
        return value.decode("latin-1").partition(";")[0].strip()

    @property
    def is_stream(self) -> bool:
        """Whether the length of the body was not told."""
        return all(name != b"content-length" for name, _ in self.headers)

    def headers_for(self, length: int | None) -> Headers:
        """Return the headers of a body of ``length`` bytes, or of one whose length is not told."""
        others = [(name, value) for name, value in self.headers if name != b"content-length"]
        return others if length is None else [*others, (b"content-length", str(length).encode())]


class Exchange:
    """The request, the application that could answer it, and the connection."""

    def __init__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        self.app, self.scope, self.send = app, scope, send
        self.request = Request(scope)
        self._receive = receive
        self._is_read = False

    async def receive(self) -> Message:
        """Wait for the next part of the request, or for its client to go away."""
        message = await self._receive()
        self._is_read = not message.get("more_body", False)
        return message

    async def work(self) -> Answer:
        """Have the application do what the request asks for, and keep its answer back."""
        answer = Answer(500, [], b"")

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.status, answer.headers = message["status"], list(message["headers"])
            else:
                answer.body += message.get("body", b"")

        await self.app(self.scope, self.receive, keep)
        return answer

    async def work_for(self, media_type: str) -> Answer | None:
        """Work, for a fault that breaks one type of content; an error is passed on instead, as it is."""
        answer = await self.work()
        if answer.status >= 400:
            await self.send_whole(answer, answer.body)
            return None
        if not answer.media_type.startswith(media_type):
            is_other = f"this one is {answer.media_type or 'empty'}"
            raise invalid(f"This fault is for answers of type {media_type}, but {is_other}.")
        return answer

    async def refuse(self, error: ApiError, headers: dict[str, str] | None = None) -> None:
        """Answer with an error, and leave the request undone."""
        response = error_response(self.request, error)
        response.headers.update(headers or {})
        await self.reply(response)

    async def reply(self, response: Response) -> None:
        """Answer in place of the application."""
        # A client that still sends would never see the answer.
        while not self._is_read:
            await self.receive()
        await response(self.scope, self.receive, self.send)

    async def send_start(self, answer: Answer, headers: Headers | None = None) -> None:
        """Send the status and the headers."""
        start = answer.headers if headers is None else headers
        await self.send({"type": "http.response.start", "status": answer.status, "headers": start})

    async def send_part(self, data: bytes) -> None:
        """Send a part of the body."""
        await self.send({"type": "http.response.body", "body": data, "more_body": True})

    async def send_end(self, data: bytes = b"") -> None:
        """Send the end of the body."""
        await self.send({"type": "http.response.body", "body": data, "more_body": False})

    async def send_whole(self, answer: Answer, body: bytes) -> None:
        """Send an answer with this body, well framed: by its length, or in chunks if it was a stream."""
        await self.send_start(answer, answer.headers_for(None if answer.is_stream else len(body)))
        await self.send_end(body)

    async def send_bare(self, answer: Answer, body: bytes) -> None:
        """Send an answer around the server, with nothing that tells where its body ends."""
        signature = [(b"server", SERVER.encode()), (b"x-request-id", self.request.state.request_id.encode())]
        headers = [*answer.headers_for(None), *signature, (b"connection", b"close")]
        lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}".encode()]
        lines += [name + b": " + value for name, value in headers]
        self.transport.write(b"\r\n".join([*lines, b"", body]))

    async def pause(self, seconds: float) -> bool:
        """Wait, but no longer than the client does; True if it is still there."""
        with move_on_after(seconds):
            await self._disconnected()
            return False
        return True

    async def hang_up(self, *, reset: bool = False) -> None:
        """Close the connection after what was sent, or reset it at once, and wait until it is gone."""
        if reset:
            linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
            sock = self.transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.transport.abort()
        else:
            self.transport.close()
        # The server takes it for an error if the application ends its part before.
        await self._disconnected()

    @property
    def transport(self) -> Transport:
        """The connection of the request."""
        return cast(Transport, self.scope["extensions"][TRANSPORT])

    async def _disconnected(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass
