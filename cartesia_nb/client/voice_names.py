"""Which voice is meant: from ids, names, rows and resources to ids."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from cartesia_nb.client.paging import all_rows
from cartesia_nb.client.transport import Transport
from cartesia_nb.record.store import LOOK_UP
from cartesia_nb.wire.catalog import nearest
from cartesia_nb.wire.errors import InputError, UnknownVoice
from cartesia_nb.wire.exchange import Answer, Request
from cartesia_nb.wire.versions import LIMITED

# The shape of a UUID, with any letter: the API's own examples have ids that are not hexadecimal.
VOICE_ID = re.compile(r"[0-9a-z]{8}(-[0-9a-z]{4}){3}-[0-9a-z]{12}", re.IGNORECASE)
MOST_NAMES = 5


class Speaker(NamedTuple):
    """The voice that speaks: its id, and its name where that is known."""

    id: str
    name: str | None


class VoiceNames:
    """The names of voices, as far as a client has seen them."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        # Names by id, for showing. A name is only looked up here once `_all` voices were listed.
        self._names: dict[str, str] = {}
        self._all = False

    def speaker(self, voice: Any) -> Speaker:
        """Find the voice that is meant, however it is given.

        Parameters
        ----------
        voice : str, mapping, Resource or DataFrame row
            An id; a name, or the beginning of one, that only one voice has (in any case); anything with
            an id in it.

        Raises
        ------
        UnknownVoice
            If no voice, or more than one, has that name.
        InputError
            If it is something else.
        """
        voice = self._transport.settled(voice)
        if isinstance(voice, str):
            voice = voice.strip()
            if VOICE_ID.fullmatch(voice):
                return Speaker(voice, self._names.get(voice))
            return self._looked_up(voice)
        found = voice if isinstance(voice, Mapping) else _attributes(voice)
        voice_id, name = found.get("id"), found.get("name")
        if found.get("mode") not in (None, "id"):
            raise InputError(f"a voice cannot be given by {found['mode']!r} any more.", advice="Give its id.")
        if not isinstance(voice_id, str) or not voice_id:
            raise InputError(
                f"a voice is an id, a name, or something with an id, not {type(voice).__name__}.",
                advice="Of a DataFrame of voices, give one row: voices.iloc[0].",
            )
        return Speaker(voice_id, name if isinstance(name, str) else self._names.get(voice_id))

    def _looked_up(self, name: str) -> Speaker:
        """Find the voice of a name; a replay finds the one that it was."""

        def ask() -> Answer:
            found = json.dumps(self._named(name)._asdict(), ensure_ascii=False)
            return Answer(200, {}, found.encode(), 0, 0.0)

        version = self._transport.version_for("voices.list")
        request = Request(LOOK_UP, "GET", "/voices", version, known_by={"name": name})
        found = self._transport.record.look_up(request, self._transport.key, ask).json_object()
        self.remember([found])
        return Speaker(str(found["id"]), found.get("name"))

    def _named(self, name: str) -> Speaker:
        if not name:
            raise InputError(
                "the voice is empty.", advice="Give an id or a name; %cartesia voices lists them."
            )
        known = [Speaker(*item) for item in list(self._names.items())] if self._all else []
        matches = _matching(name, known) or _matching(name, self.speakers(name))
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise UnknownVoice(
                f"more than one voice is called {name!r}.",
                advice="Give the id of one: "
                + "; ".join(f"{match.id} ({match.name})" for match in matches[:MOST_NAMES]),
            )
        near = _resembling(name, [str(label) for _, label in self.speakers()])
        raise UnknownVoice(
            f"no voice is called {name!r}.",
            advice=f"Did you mean {', '.join(map(repr, near))}?" if near else "%cartesia voices lists them.",
        )

    def met(self) -> list[str]:
        """Return the names that the API told of so far."""
        return list(self._names.values())

    def speakers(self, name: str | None = None) -> Sequence[Speaker]:
        """Return the voices that the server finds for a name, or all of them."""
        searchable = self._transport.version_for("voices.list") in LIMITED["voices.list"]["q"]
        query = {"q": name} if name and searchable else {}
        rows, _ = all_rows(self._transport, "voices.list", "/voices", query)
        self.remember(rows, everything=not query)
        return [
            Speaker(str(row["id"]), str(row["name"])) for row in rows if row.get("id") and row.get("name")
        ]

    def remember(self, rows: Sequence[Mapping[str, Any]], *, everything: bool = False) -> None:
        """Remember voices that the API told of; `everything` says that there are no others."""
        for row in rows:
            voice_id, name = row.get("id"), row.get("name")
            if voice_id and name:
                self._names[str(voice_id)] = str(name)
        # Last: from now on, another thread looks nowhere else.
        self._all = self._all or everything

    def forget(self, id: str) -> None:
        """Forget a voice that is no more."""
        self._names.pop(id, None)


def _matching(name: str, speakers: Sequence[Speaker]) -> Sequence[Speaker]:
    """Return the voices with this name, or else those whose name begins with it."""
    wanted = name.lower()
    exact = [speaker for speaker in speakers if str(speaker.name).lower() == wanted]
    return exact or [speaker for speaker in speakers if str(speaker.name).lower().startswith(wanted)]


def _resembling(name: str, labels: Sequence[str]) -> Sequence[str]:
    """Return the names that are like `name`, in the whole or in their first word."""
    whole = {label: label for label in labels}
    known = {label.split()[0]: label for label in labels if label.strip()} | whole
    return list(dict.fromkeys(known[near] for near in nearest(name, known, MOST_NAMES)))


def _attributes(voice: Any) -> dict[str, Any]:
    # A row of a DataFrame gives its columns as attributes, whichever way it was taken; but `name` of a
    # Series is its label.
    name = (
        voice.get("name")
        if hasattr(voice, "to_dict") and hasattr(voice, "get")
        else getattr(voice, "name", None)
    )
    return {"id": getattr(voice, "id", None), "name": name}
