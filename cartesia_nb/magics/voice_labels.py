"""The names of voices for completion: at hand at once, and asked for behind the scenes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence

from cartesia_nb.client.client import Client, shared
from cartesia_nb.wire.errors import CartesiaError

#: Seconds after which names are asked for again; seconds for an answer.
FRESH, PATIENCE = 300.0, 30.0

log = logging.getLogger("cartesia_nb")


class VoiceLabels:
    """The names of the voices that the shared client can use, or a new one where none is shared.

    Nothing here waits for the network: until there is an answer, these are the names that the client has
    met by itself, and those of the answer before.
    """

    def __init__(self) -> None:
        self._last: Question | None = None

    def now(self) -> list[str]:
        """Return the names that are known at this moment, sorted."""
        client, last = shared(), self._last
        # No lock: at worst, two threads ask the same at once.
        if last is None or last.client is not client:
            last = self._last = Question(client)
        elif time.monotonic() > last.again:
            last = self._last = Question(client, last.labels)
        met = client.voices.names.met() if client else []
        return sorted({*last.labels, *met}, key=str.lower)


class Question:
    """One question for the names of all voices, and its answer when it has come.

    Attributes
    ----------
    client : Client or None
        Whose voices are asked for.
    labels : sequence of str
        The names; until there is an answer, those of the answer `before`.
    again : float
        When it is time for another question, on the monotonic clock.
    """

    def __init__(self, client: Client | None, before: Sequence[str] = ()) -> None:
        self.client, self.labels, self.again = client, before, time.monotonic() + PATIENCE
        threading.Thread(target=self._ask, name="cartesia_nb voice names", daemon=True).start()

    def _ask(self) -> None:
        try:
            # Neither shared from now on nor changed: looking for names must not decide what later calls do.
            asking = (self.client or Client()).with_options(timeout=PATIENCE)
            speakers = asking.voices.names.speakers()
        except CartesiaError as error:
            # Completion has no place to show it; the call that needs a voice says it again.
            log.info("the names of the voices are not known: %s", error)
            return
        self.labels = [str(speaker.name) for speaker in speakers]
        self.again = time.monotonic() + FRESH
