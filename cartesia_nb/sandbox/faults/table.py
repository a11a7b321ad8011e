"""All faults by name."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from cartesia_nb.sandbox.errors import invalid
from cartesia_nb.sandbox.faults import broken, replaced
from cartesia_nb.sandbox.faults.exchange import Exchange
from cartesia_nb.sandbox.faults.setting import Setting


@dataclass(frozen=True)
class Fault:
    """A fault: what plays it, what it looks like, and its parameters with their defaults."""

    play: Callable[[Exchange, Setting], Awaitable[None]]
    description: str
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def is_work_done(self) -> bool:
        """Whether what the request asks for is done all the same."""
        return self.play.__module__ == broken.__name__


_AFTER = {"after": None}

FAULTS = {
    "rate-limit": Fault(replaced.rate_limit, "429 with Retry-After: <seconds>", {"seconds": 1}),
    "server-error": Fault(replaced.server_error, "500"),
    "unavailable": Fault(replaced.unavailable, "503 with Retry-After: <seconds>", {"seconds": 1}),
    "sunset": Fault(replaced.sunset, "400, the model is gone: model_sunsetted"),
    "html": Fault(replaced.html, "200 with a web page"),
    "reset-at-once": Fault(replaced.reset_at_once, "the connection is reset before any answer"),
    "slow-first-byte": Fault(
        broken.slow_first_byte, "nothing for <seconds>, then the answer", {"seconds": 5}
    ),
    "stall": Fault(
        broken.stall,
        "a part of the body, silence for <seconds>, then the rest",
        {"seconds": 600, **_AFTER},
    ),
    "drip": Fault(broken.drip, "the body byte by byte, with <seconds> after each", {"seconds": 0.05}),
    "cut": Fault(
        broken.cut,
        "the body ends early; framing (length, chunked) tells that it does",
        {"framing": None, **_AFTER},
    ),
    "cut-quietly": Fault(
        broken.cut_quietly, "the body ends early, and with it the connection: nothing tells", _AFTER
    ),
    "reset": Fault(broken.reset, "the connection is reset in the middle of the body", _AFTER),
    "broken-json": Fault(broken.broken_json, "half of a JSON answer, as if it were whole", _AFTER),
    "half-audio": Fault(broken.half_audio, "half of an audio answer, as if it were whole", _AFTER),
    "never-done": Fault(broken.never_done, "an event stream without its last event, as if it were whole"),
    "half-event": Fault(broken.half_event, "an event stream that ends inside an event, as if it were whole"),
    "error-event": Fault(broken.end_in_error, "an event stream that ends in the middle, with an error event"),
}


def find_fault(name: str) -> Fault:
    """Return a fault by its name, or refuse the request."""
    if name not in FAULTS:
        raise invalid(f"There is no fault {name!r}. Sandbox-Fault knows {', '.join(FAULTS)}.")
    return FAULTS[name]
