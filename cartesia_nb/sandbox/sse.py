"""Answers that come as a stream of events, each as soon as it is made."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from time import perf_counter
from typing import Any, TypeAlias

from starlette.requests import Request
from starlette.responses import StreamingResponse

from cartesia_nb.sandbox.errors import ApiError
from cartesia_nb.sandbox.versions import JSON_ERRORS
from cartesia_nb.sandbox.workers import run

Event: TypeAlias = dict[str, Any]

MEDIA_TYPE = "text/event-stream"


def data_line(event: Event) -> str:
    """Write an event as ``data:`` and an empty line, an error of the newer shape with its name before it."""
    name = "event: error\n" if "title" in event else ""
    return f"{name}data: {json.dumps(event)}\n\n"


def json_line(event: Event) -> str:
    """Write an event as a line of JSON."""
    return json.dumps(event) + "\n"


async def stream(
    request: Request, events: Iterator[Event], write: Callable[[Event], str] = data_line
) -> StreamingResponse:
    """Answer with events, each made in a worker thread when the one before it is on its way.

    What goes wrong before the first event is raised, and so becomes an answer with an error status; later
    it becomes the last event. When the client goes away, no more events are made.
    """
    first = await run(next, events, None)
    return StreamingResponse(_lines(request, first, events, write), media_type=MEDIA_TYPE)


async def _lines(
    request: Request, first: Event | None, events: Iterator[Event], write: Callable[[Event], str]
) -> AsyncIterator[str]:
    event = first
    try:
        while event is not None:
            yield write(event)
            event = await run(next, events, None)
    except ApiError as error:
        yield write(error_event(request, error))


def error_event(request: Request, error: ApiError) -> Event:
    """Return an error as the request's API version has it in streams."""
    event: Event = {"type": "error", "done": True, "status_code": error.status}
    if request.state.version < JSON_ERRORS:
        return event | {"error": f"{error.title}: {error.message}"}
    return event | {
        "title": error.title,
        "message": error.message,
        "error_code": error.code,
        "request_id": request.state.request_id,
    }


def timed(events: Iterator[Event]) -> Iterator[Event]:
    """Add to each event that carries sound how many milliseconds it took to make."""
    began = perf_counter()
    for event in events:
        if "data" in event:
            event["step_time"] = round(1000 * (perf_counter() - began), 3)
        yield event
        began = perf_counter()
