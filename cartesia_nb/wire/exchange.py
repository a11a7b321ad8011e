"""What is asked and what is answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from cartesia_nb.wire.errors import BadAnswer, instead_of_json, looks_like

if TYPE_CHECKING:
    from cartesia_nb.wire.multipart import Multipart

REQUEST_ID = "x-request-id"
SANDBOX_SERVER = "cartesia_nb-sandbox"


def now() -> str:
    """Return the time: ISO 8601, in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class Cost(NamedTuple):
    """What a request is expected to cost, as far as that is known before it is sent.

    Attributes
    ----------
    credits : int or None
        None where it is not known.
    model_id, voice_id : str or None
        Who speaks or listens.
    characters : int or None
        How much is to be said.
    seconds : float or None
        How much is to be heard.
    """

    credits: int | None
    model_id: str | None = None
    voice_id: str | None = None
    characters: int | None = None
    seconds: float | None = None


def backend_of(headers: Mapping[str, str]) -> str:
    """Return who answered: ``"sandbox"``, which says so in its Server header, or ``"api"``."""
    return "sandbox" if headers.get("server", "").startswith(SANDBOX_SERVER) else "api"


@dataclass(frozen=True)
class Request:
    """What is asked.

    Attributes
    ----------
    method : str
        The method of the client that it belongs to, such as ``"voices.list"``.
    verb, path : str
        Such as ``"GET"`` and ``"/voices"``.
    version : str
        The `Cartesia-Version` to send.
    query : mapping, optional
        Values are str, or a list for a name that is repeated.
    body : mapping, optional
        Sent as JSON.
    form : Multipart, optional
        Sent as a form, in the place of `body`.
    needs_key : bool
        Whether the API wants a key for it; without need none is sent.
    audio : bool
        Whether the answer is audio, or a stream of it: such comes uncompressed.
    cost : Cost, optional
        What it costs; None where it costs nothing.
    fresh : bool
        Whether an answer that was kept does not do: another take is wanted.
    known_by : mapping, optional
        What it asks for, where the path does not say it: an address that changes with every answer.
    """

    method: str
    verb: str
    path: str
    version: str
    query: Mapping[str, Any] | None = None
    body: Mapping[str, Any] | None = None
    form: Multipart | None = None
    needs_key: bool = True
    audio: bool = False
    cost: Cost | None = None
    fresh: bool = False
    known_by: Mapping[str, Any] | None = None

    @property
    def changes(self) -> bool:
        """Whether sending it twice may charge or change twice."""
        return self.verb != "GET"


@dataclass(frozen=True)
class Answer:
    """What came back, whole.

    Attributes
    ----------
    status : int
        The HTTP status, below 300.
    headers : mapping
        Of the response; names in any case, and no key in their values.
    body : bytes
        The whole body.
    attempts : int
        How many times the request was sent.
    seconds : float
        From the first sending to the last byte.
    made_at : str
        When it came: an ISO 8601 time in UTC.
    stored : bool
        Whether it was kept before, and nothing was sent.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    attempts: int
    seconds: float
    made_at: str = field(default_factory=now)
    stored: bool = False

    @property
    def request_id(self) -> str | None:
        """The id under which the server knows the request, where it says so."""
        return self.headers.get(REQUEST_ID)

    def json(self) -> Any:
        """Return the body as JSON.

        Raises
        ------
        BadAnswer
            If it is something else.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise self._no_use(instead_of_json(self.body), "JSON") from None

    def json_object(self) -> dict[str, Any]:
        """Return the body as a JSON object.

        Raises
        ------
        BadAnswer
            If it is something else.
        """
        found = self.json()
        if not isinstance(found, dict):
            raise self._no_use(looks_like(self.body), "a JSON object")
        return found

    def _no_use(self, found: str, wanted: str) -> BadAnswer:
        return BadAnswer(
            f"the server answered {self.status} with {found} instead of {wanted}.",
            advice="Is the base URL right, or is a proxy in between?",
        )
