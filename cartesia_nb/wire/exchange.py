"""What is asked and what is answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cartesia_nb.wire.errors import BadAnswer, looks_like

if TYPE_CHECKING:
    from cartesia_nb.wire.multipart import Multipart


@dataclass(frozen=True)
class Request:
    """What is asked.

    Attributes
    ----------
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
    """

    verb: str
    path: str
    version: str
    query: Mapping[str, Any] | None = None
    body: Mapping[str, Any] | None = None
    form: Multipart | None = None
    needs_key: bool = True
    audio: bool = False

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
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    attempts: int
    seconds: float

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
            raise self._instead_of("JSON") from None

    def json_object(self) -> dict[str, Any]:
        """Return the body as a JSON object.

        Raises
        ------
        BadAnswer
            If it is something else.
        """
        found = self.json()
        if not isinstance(found, dict):
            raise self._instead_of("a JSON object")
        return found

    def _instead_of(self, wanted: str) -> BadAnswer:
        return BadAnswer(
            f"the server answered {self.status} with {looks_like(self.body)} instead of {wanted}.",
            advice="Is the base URL right, or is a proxy in between?",
        )


REQUEST_ID = "x-request-id"
