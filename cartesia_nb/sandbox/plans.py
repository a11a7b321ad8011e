"""The limits of the plans, for who asks to be held to one: how many requests may be open at a time."""

from collections import Counter

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from cartesia_nb.sandbox.errors import ApiError, error_response, invalid

# Requests at a time, by what the API counts apart.
PLANS = {
    "free": {"tts": 2, "stt": 8},
    "pro": {"tts": 3, "stt": 12},
    "startup": {"tts": 5, "stt": 20},
    "scale": {"tts": 15, "stt": 60},
}
COUNTED = {"tts": "tts", "infill": "tts", "voice-changer": "tts", "stt": "stt", "audio": "stt"}


class Plans:
    """ASGI middleware that counts the open requests of each key with the header ``Sandbox-Plan``.

    A request is open from its arrival until the application is through with it, whether its client is still
    there or not.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.open: Counter[tuple[str, str, str]] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, unless the plan is used up."""
        plan = Request(scope).headers.get("sandbox-plan") if scope["type"] == "http" else None
        if plan is None:
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            await self._serve_counted(request, plan, send)
        except ApiError as error:
            async for _ in request.stream():
                pass
            await error_response(request, error)(scope, receive, send)

    async def _serve_counted(self, request: Request, plan: str, send: Send) -> None:
        if plan not in PLANS:
            raise invalid(f"There is no plan {plan!r}. Sandbox-Plan knows {', '.join(PLANS)}.")
        service = COUNTED.get(request.url.path.split("/")[1])
        if service is None:
            await self.app(request.scope, request.receive, send)
            return
        headers = request.headers
        place = headers.get("authorization") or headers.get("x-api-key", ""), plan, service
        if self.open[place] >= PLANS[plan][service]:
            message = f"Too many concurrent requests: the {plan} plan has {PLANS[plan][service]} at a time."
            raise ApiError(429, "Too many requests", message, "concurrency_limited")
        self.open[place] += 1
        try:
            await self.app(request.scope, request.receive, send)
        finally:
            self.open[place] -= 1
