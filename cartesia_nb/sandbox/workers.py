"""Threads for work that would hold up everybody else's requests."""

from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

from cartesia_nb.sandbox.errors import invalid
from cartesia_nb.sandbox.speech.errors import SpeechError

Result = TypeVar("Result")
Given = ParamSpec("Given")

# Speech needs memory in proportion to its text, and the engines are faster than any listener.
_limiter = CapacityLimiter(4)


async def run(function: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
    """Call a function in a thread, once one is free; a text that cannot be spoken is a wrong request."""
    try:
        return await to_thread.run_sync(partial(function, *args, **kwargs), limiter=_limiter)
    except SpeechError as error:
        raise invalid(str(error)) from error
