"""How the sections of a client reach the wire: versions, the key, who answered."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from cartesia_nb.record.record import Record
from cartesia_nb.wire.errors import InputError, MissingKey
from cartesia_nb.wire.exchange import Answer, Cost, Request
from cartesia_nb.wire.keys import VARIABLE, Key, find_key
from cartesia_nb.wire.options import Options, is_loopback
from cartesia_nb.wire.versions import choose

if TYPE_CHECKING:
    from cartesia_nb.record.kept_stream import StoredStream
    from cartesia_nb.wire.session import Session
    from cartesia_nb.wire.streams import Stream, Tap

Value = TypeVar("Value")

WAYS_ON = (
    f"Type it after %cartesia login, set {VARIABLE} before starting Jupyter, call "
    "cartesia_nb.connect(api_key=...), or keep it in the system keyring (pip install cartesia_nb[keyring]; "
    "%cartesia login --keyring). "
    "To try without a key: %cartesia sandbox, or cartesia_nb.connect(sandbox=True)."
)
LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


class Transport:
    """Sends requests with the options of one client.

    Parameters
    ----------
    options : Options
        How to send.
    record : Record
        What is done with calls and answers.
    parent : Transport, optional
        A transport whose connections to share.
    """

    def __init__(self, options: Options, record: Record, parent: Transport | None = None) -> None:
        self.options, self.record = options, record
        self._parent = parent
        self._session: Session | None = None
        self._process = os.getpid()
        self._lock = threading.Lock()

    @property
    def session(self) -> Session:
        """The connections, made at the first use."""
        if self._parent is not None:
            return self._parent.session
        from cartesia_nb.wire.session import Session  # imports requests

        with self._lock:
            # A forked process must not write to the connections of its parent: answers would be swapped.
            if self._session is None or self._process != os.getpid():
                self._session, self._process = Session(), os.getpid()
            return self._session

    def with_options(self, **changes: Any) -> Transport:
        """Return a transport with some options changed, on the same connections."""
        options = replace(self.options, **changes)
        return Transport(options, self.record.at(local=is_loopback(options.base_url)), self)

    def settled(self, value: Value) -> Value:
        """Return an argument as it is to be sent: a default may be that of a folder of stored answers."""
        return self.record.settled(value)

    def version_for(self, method: str, given: Iterable[str] = ()) -> str:
        """Choose the version for a call of `method` with the arguments `given`."""
        return choose(method, given, self.options.version, self.record.newest_version())

    def call(
        self,
        method: str,
        verb: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        cost: Cost | None = None,
    ) -> Answer:
        """Send a call of `method` without files, with the version that knows what is given."""
        version = self.version_for(method, arguments_of(query or {}, body or {}))
        return self.send(Request(method, verb, path, version, query=query, body=body, cost=cost))

    def key(self) -> Key | None:
        """Return the API key, looked for once and kept; None when there is none, or nothing is sent."""
        if self.options.key is None and not self.record.replays:
            self.options = replace(self.options, key=find_key())
        return self.options.key

    def send(self, request: Request, check: Callable[[Answer], object] | None = None) -> Answer:
        """Send a request (see `Session.send`), unless its answer is stored (see `Record.answer`).

        What `check` raises about an answer that came keeps it from being stored.

        Raises
        ------
        MissingKey
            If it needs a key and none is known.
        """
        self._check(request)
        return self.record.answer(request, self.key, lambda: self._send(request, check))

    def stream(self, request: Request) -> Stream | StoredStream:
        """Send a request whose answer is a stream (see `Session.stream`), unless it is stored."""
        self._check(request)
        return self.record.stream(request, self.key, lambda tap: self._begin(request, tap))

    def _send(self, request: Request, check: Callable[[Answer], object] | None) -> Answer:
        self._check_key(request)
        answer = self.session.send(request, self.options)
        if check:
            check(answer)
        return answer

    def _begin(self, request: Request, tap: Tap) -> Stream:
        self._check_key(request)
        return self.session.stream(request, self.options, tap)

    def _check_key(self, request: Request) -> None:
        if request.needs_key and self.key() is None:
            raise MissingKey("no API key is known.", advice=WAYS_ON)

    def _check(self, request: Request) -> None:
        """Refuse what must not be sent, before anything else is done."""
        key, texts = self.key(), texts_of(request)
        if key is not None and any(map(key.stands_in, texts)):
            raise InputError("an argument contains the API key; nothing was sent.")
        if any(map(LONE_SURROGATE.search, texts)):
            raise InputError("an argument has half of a character in it (a lone surrogate).")


def texts_of(request: Request) -> list[str]:
    """Return whatever a request says in words."""
    texts = [request.path, *map(str, (request.query or {}).values())]
    if request.body:
        texts.append(json.dumps(request.body, ensure_ascii=False, default=str))
    if request.form is not None:
        texts += [text for _, text in request.form.fields]
    return texts


def arguments_of(query: Mapping[str, Any], body: Mapping[str, Any]) -> list[str]:
    """Return what is given as the table of versions names it: ``q``, ``expand``, ``expand=is_starred``."""
    names = []
    for name, value in {**query, **body}.items():
        argument = name.removesuffix("[]")
        values = value if isinstance(value, list | Mapping) else []
        names += [argument, *(f"{argument}={item}" for item in values if isinstance(item, str))]
    return names
