"""How the sections of a client reach the wire: versions, the key, who answered."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cartesia_nb.wire.errors import InputError, MissingKey
from cartesia_nb.wire.exchange import Answer, Request
from cartesia_nb.wire.keys import VARIABLE, Key, find_key
from cartesia_nb.wire.options import Options
from cartesia_nb.wire.versions import choose

if TYPE_CHECKING:
    from cartesia_nb.wire.session import Session
    from cartesia_nb.wire.streams import Stream

WAYS_ON = (
    f"Type it after %cartesia login, set {VARIABLE} before starting Jupyter, call "
    "cartesia_nb.connect(api_key=...), or keep it in the system keyring (pip install cartesia_nb[keyring]; "
    "%cartesia login --keyring). "
    "To try without a key: %cartesia sandbox, or cartesia_nb.connect(sandbox=True)."
)
LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
SANDBOX_SERVER = "cartesia_nb-sandbox"


class Transport:
    """Sends requests with the options of one client.

    Parameters
    ----------
    options : Options
        How to send.
    parent : Transport, optional
        A transport whose connections to share.
    """

    def __init__(self, options: Options, parent: Transport | None = None) -> None:
        self.options = options
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
        return Transport(replace(self.options, **changes), self)

    def version_for(self, method: str, given: Iterable[str] = ()) -> str:
        """Choose the version for a call of `method` with the arguments `given`."""
        return choose(method, given, self.options.version)

    def call(
        self,
        method: str,
        verb: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Send a call of `method` without files, with the version that knows what is given."""
        version = self.version_for(method, arguments_of(query or {}, body or {}))
        return self.send(Request(verb, path, version, query=query, body=body))

    def key(self) -> Key | None:
        """Return the API key, looked for once and kept; None when there is none."""
        if self.options.key is None:
            self.options = replace(self.options, key=find_key())
        return self.options.key

    def send(self, request: Request) -> Answer:
        """Send a request (see `Session.send`).

        Raises
        ------
        MissingKey
            If it needs a key and none is known.
        """
        self._check(request)
        return self.session.send(request, self.options)

    def stream(self, request: Request) -> Stream:
        """Send a request whose answer is a stream (see `Session.stream`)."""
        self._check(request)
        return self.session.stream(request, self.options)

    def check_key(self) -> None:
        """Raise `MissingKey` if no key is known."""
        if self.key() is None:
            raise MissingKey("no API key is known.", advice=WAYS_ON)

    def _check(self, request: Request) -> None:
        if request.needs_key:
            self.check_key()
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
        texts += request.form.texts
    return texts


def arguments_of(query: Mapping[str, Any], body: Mapping[str, Any]) -> list[str]:
    """Return what is given as the table of versions names it: ``q``, ``expand``, ``expand=is_starred``."""
    names = []
    for name, value in {**query, **body}.items():
        argument = name.removesuffix("[]")
        values = value if isinstance(value, list | Mapping) else []
        names += [argument, *(f"{argument}={item}" for item in values if isinstance(item, str))]
    return names


def backend_of(headers: Mapping[str, str]) -> str:
    """Return who answered: ``"sandbox"``, which says so in its Server header, or ``"api"``."""
    server = headers.get("Server", "")
    return "sandbox" if server.startswith(SANDBOX_SERVER) else "api"
