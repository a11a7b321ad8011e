"""Faults that stand in place of the answer: nothing of what the request asks for is done."""

from starlette.responses import HTMLResponse

from cartesia_nb.sandbox.errors import ApiError
from cartesia_nb.sandbox.faults.exchange import Exchange
from cartesia_nb.sandbox.faults.setting import Setting

ASKED_FOR = "The header Sandbox-Fault asked for this."
PAGE = (
    "<!DOCTYPE html>\n<html><head><title>Sign in to the network</title></head><body>Welcome.</body></html>\n"
)


async def rate_limit(exchange: Exchange, setting: Setting) -> None:
    """Answer that there are too many requests."""
    error = ApiError(
        429, "Too many requests", f"Too many concurrent requests. {ASKED_FOR}", "concurrency_limited"
    )
    await exchange.refuse(error, {"Retry-After": f"{setting.seconds:g}"})


async def server_error(exchange: Exchange, _setting: Setting) -> None:
    """Answer that the server failed."""
    await exchange.refuse(ApiError(500, "Internal server error", ASKED_FOR))


async def unavailable(exchange: Exchange, setting: Setting) -> None:
    """Answer that the server is busy."""
    error = ApiError(503, "Service unavailable", ASKED_FOR)
    await exchange.refuse(error, {"Retry-After": f"{setting.seconds:g}"})


async def sunset(exchange: Exchange, _setting: Setting) -> None:
    """Answer that the model is gone."""
    message = f"This model is no longer available. {ASKED_FOR}"
    await exchange.refuse(ApiError(400, "Model sunsetted", message, "model_sunsetted"))


async def html(exchange: Exchange, _setting: Setting) -> None:
    """Answer as the sign-in page of a hotel's network does."""
    await exchange.reply(HTMLResponse(PAGE))


async def reset_at_once(exchange: Exchange, _setting: Setting) -> None:
    """Reset the connection."""
    await exchange.hang_up(reset=True)
