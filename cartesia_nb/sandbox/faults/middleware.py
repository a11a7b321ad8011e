"""The place in the sandbox where faults come in: behind the gate, before the routes."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from cartesia_nb.sandbox.errors import ApiError
from cartesia_nb.sandbox.faults.exchange import Exchange
from cartesia_nb.sandbox.faults.setting import read_setting, read_token, split_header
from cartesia_nb.sandbox.faults.table import find_fault


class Faults:
    """ASGI middleware that plays the fault that a request asks for."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.tokens: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, badly if it wants that."""
        wanted = Request(scope).headers.get("sandbox-fault") if scope["type"] == "http" else None
        if wanted is None:
            await self.app(scope, receive, send)
            return
        exchange = Exchange(self.app, scope, receive, send)
        try:
            await self._play(wanted, exchange)
        except ApiError as error:
            await exchange.refuse(error)

    async def _play(self, wanted: str, exchange: Exchange) -> None:
        name, parameters = split_header(wanted)
        fault = find_fault(name)
        token = read_token(parameters.pop("once", ""))
        setting = read_setting(name, parameters, fault.parameters)
        if token in self.tokens:
            await self.app(exchange.scope, exchange.receive, exchange.send)
            return
        if token:
            self.tokens.add(token)
        await fault.play(exchange, setting)
