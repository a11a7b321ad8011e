"""Voices."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cartesia_nb.client.ids import path_segment
from cartesia_nb.client.paging import LARGEST_PAGE, all_rows
from cartesia_nb.client.resource import Resource
from cartesia_nb.client.transport import Transport
from cartesia_nb.client.unset import UNSET, Unset, given
from cartesia_nb.wire.catalog import GENDERS, nearest
from cartesia_nb.wire.errors import InputError, UnknownVoice
from cartesia_nb.wire.versions import LIMITED, V2025_04

if TYPE_CHECKING:
    import pandas as pd

# The shape of a UUID, with any letter: the API's own examples have ids that are not hexadecimal.
VOICE_ID = re.compile(r"[0-9a-z]{8}(-[0-9a-z]{4}){3}-[0-9a-z]{12}", re.IGNORECASE)
MOST_NAMES = 5


class Speaker(NamedTuple):
    """The voice that speaks: its id, and its name where that is known."""

    id: str
    name: str | None


class Voices:
    """The voices that there are. Reached as ``client.voices``."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        # Names by id, for showing. A name is only looked up here once `_all` voices were listed.
        self._names: dict[str, str] = {}
        self._all = False

    def list(
        self,
        *,
        q: str | Unset = UNSET,
        gender: str | Unset | None = UNSET,
        language: str | Unset = UNSET,
        is_owner: bool | Unset = UNSET,
        is_starred: bool | Unset = UNSET,
        expand: Sequence[str] | Unset = UNSET,
        limit: int | None = None,
        page_size: int = LARGEST_PAGE,
    ) -> pd.DataFrame:
        """List the voices that you can use: public ones and your own.

        Costs nothing. All pages are fetched.

        Parameters
        ----------
        q : str, optional
            Search in names, descriptions and ids.
        gender : {"masculine", "feminine", "gender_neutral"}, optional
            None means any, as leaving it out does.
        language : str, optional
            A language (``"en"``) or a locale (``"en-GB"``). Only Cartesia-Version 2025-11-04 has this.
        is_owner : bool, optional
            True for your own voices.
        is_starred : bool, optional
            Only Cartesia-Version 2025-04-16 has this.
        expand : list of str, optional
            Fields to add: ``"preview_file_url"`` (``"is_starred"`` in Cartesia-Version 2025-04-16).
        limit : int, optional
            At most so many voices in all.
        page_size : int
            Voices asked for at once, 1 to 100.

        Returns
        -------
        DataFrame
            A row for each voice. Which columns there are follows the version that was asked; fields
            that this release does not know are kept as further columns.

        Raises
        ------
        InputError
            If no version knows all of the arguments.
        APIError, ConnectionFailed, DeadlineExceeded, BadAnswer
            If the API cannot answer.

        Examples
        --------
        >>> import cartesia_nb
        >>> voices = cartesia_nb.connect().voices.list(gender="feminine", limit=3)
        >>> len(voices), list(voices.columns[:2])
        (3, ['id', 'name'])
        """
        from cartesia_nb.frames import VOICE, frame  # imports pandas

        _check_gender(gender)
        filters = {
            "q": q,
            "gender": gender,
            "language": language,
            "is_owner": is_owner,
            "is_starred": is_starred,
        }
        query: dict[str, Any] = {
            name: _text(value) for name, value in given(filters).items() if value is not None
        }
        if expand is not UNSET:
            query["expand[]"] = _texts(expand)
        rows, version = all_rows(
            self._transport, "voices.list", "/voices", query, limit=limit, page_size=page_size
        )
        self._remember(rows, everything=not query and limit is None)
        return frame(rows, VOICE[version])

    def get(self, id: str, *, expand: Sequence[str] | Unset = UNSET) -> Resource:
        """Get one voice.

        Costs nothing.

        Parameters
        ----------
        id : str
            The id of the voice.
        expand : list of str, optional
            Fields to add: ``"preview_file_url"``.

        Returns
        -------
        Resource
            With ``id``, ``name``, ``description``, ``language`` and more.

        Raises
        ------
        NotFound
            If there is no such voice.

        Examples
        --------
        >>> import cartesia_nb
        >>> cartesia_nb.connect().voices.get("e07c00bc-4134-4eae-9ea4-1a55fb45746b").language
        'en'
        """
        query = {} if expand is UNSET else {"expand[]": _texts(expand)}
        found = self._transport.call("voices.get", "GET", _path(id), query=query).json_object()
        self._remember([found])
        return Resource("Voice", found)

    def update(
        self,
        id: str,
        *,
        name: str | Unset = UNSET,
        description: str | Unset = UNSET,
        gender: str | Unset | None = UNSET,
        accent: str | Unset | None = UNSET,
    ) -> Resource:
        """Change a voice of yours.

        Costs nothing. What is left out stays as it is, unless the version is pinned to 2025-04-16, which
        wants `name` and `description`.

        Parameters
        ----------
        id : str
            The id of the voice; where a voice is changed, a name will not do.
        name, description : str, optional
            For people.
        gender : {"masculine", "feminine", "gender_neutral"}, optional
            None sets it back to what the API finds itself.
        accent : str, optional
            An accent's id (Cartesia-Version 2026-08-14).

        Returns
        -------
        Resource
            The voice as it is now.

        Raises
        ------
        InputError
            If there is nothing to change, or no such gender.
        NotFound, PermissionDenied
            If there is no such voice, or it is not yours.
        """
        body = given({"name": name, "description": description, "gender": gender, "accent": accent})
        if not body:
            raise InputError(
                "there is nothing to change.", advice="Give a name, description, gender or accent."
            )
        _check_gender(gender)
        if self._transport.options.version == V2025_04 and not {"name", "description"} <= set(body):
            raise InputError(f"Cartesia-Version {V2025_04} wants name and description.", advice="Give both.")
        found = self._transport.call("voices.update", "PATCH", _path(id), body=body).json_object()
        self._remember([found])
        return Resource("Voice", found)

    def delete(self, id: str) -> None:
        """Delete a voice of yours. There is no way back.

        Parameters
        ----------
        id : str
            The id of the voice; where a voice is deleted, a name will not do.
        """
        self._transport.call("voices.delete", "DELETE", _path(id))
        self._names.pop(id, None)

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
        if isinstance(voice, str):
            voice = voice.strip()
            return Speaker(voice, self._names.get(voice)) if VOICE_ID.fullmatch(voice) else self._named(voice)
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

    def _named(self, name: str) -> Speaker:
        if not name:
            raise InputError(
                "the voice is empty.", advice="Give an id or a name; %cartesia voices lists them."
            )
        known = [Speaker(*item) for item in self._names.items()] if self._all else []
        matches = _matching(name, known) or _matching(name, self._ids_by_name(name))
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise UnknownVoice(
                f"more than one voice is called {name!r}.",
                advice="Give the id of one: "
                + "; ".join(f"{match.id} ({match.name})" for match in matches[:MOST_NAMES]),
            )
        near = _resembling(name, [str(label) for _, label in self._ids_by_name()])
        raise UnknownVoice(
            f"no voice is called {name!r}.",
            advice=f"Did you mean {', '.join(map(repr, near))}?" if near else "%cartesia voices lists them.",
        )

    def _ids_by_name(self, name: str | None = None) -> Sequence[Speaker]:
        """Return the voices that the server finds for a name, or all of them."""
        searchable = self._transport.version_for("voices.list") in LIMITED["voices.list"]["q"]
        query = {"q": name} if name and searchable else {}
        rows, _ = all_rows(self._transport, "voices.list", "/voices", query)
        self._remember(rows, everything=not query)
        return [
            Speaker(str(row["id"]), str(row["name"])) for row in rows if row.get("id") and row.get("name")
        ]

    def _remember(self, rows: Sequence[Mapping[str, Any]], *, everything: bool = False) -> None:
        self._all = self._all or everything
        self._names.update(
            {str(row["id"]): str(row["name"]) for row in rows if row.get("id") and row.get("name")}
        )


def _path(id: str) -> str:
    return f"/voices/{path_segment(id, 'voice id')}"


def _check_gender(gender: str | Unset | None) -> None:
    if gender is not UNSET and gender is not None and gender not in GENDERS:
        raise InputError(f"gender cannot be {gender!r}.", advice=f"It can be {', '.join(GENDERS)}.")


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


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _texts(values: Sequence[str] | Any) -> list[str]:
    if isinstance(values, str) or not isinstance(values, Sequence):
        raise InputError(f'expand is a list, such as ["preview_file_url"], not {values!r}.')
    return [str(value) for value in values]
