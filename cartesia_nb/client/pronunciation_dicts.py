"""Pronunciation dictionaries: how certain words are said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cartesia_nb.client.ids import path_segment
from cartesia_nb.client.paging import LARGEST_PAGE, all_rows
from cartesia_nb.client.resource import Resource
from cartesia_nb.client.transport import Transport
from cartesia_nb.client.unset import UNSET, Unset, given
from cartesia_nb.wire.errors import InputError

if TYPE_CHECKING:
    import pandas as pd


class PronunciationDicts:
    """Pronunciation dictionaries. Reached as ``client.pronunciation_dicts``. All of it costs nothing."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, limit: int | None = None, page_size: int = LARGEST_PAGE) -> pd.DataFrame:
        """List your pronunciation dictionaries.

        Parameters
        ----------
        limit : int, optional
            At most so many in all.
        page_size : int
            Dictionaries asked for at once, 1 to 100.

        Returns
        -------
        DataFrame
            A row for each: ``id``, ``name``, ``owner_id``, ``pinned``, ``items``, ``created_at``.
        """
        from cartesia_nb.frames import PRONUNCIATION_DICT, frame  # imports pandas

        rows, _ = all_rows(
            self._transport,
            "pronunciation_dicts.list",
            "/pronunciation-dicts/",
            limit=limit,
            page_size=page_size,
        )
        return frame(rows, PRONUNCIATION_DICT)

    def create(self, *, name: str, items: Any = UNSET) -> Resource:
        """Make a pronunciation dictionary.

        Parameters
        ----------
        name : str
            For people.
        items : mapping, list of mappings or DataFrame, optional
            What is said how: ``{"nginx": "engine x"}``, ``[{"text": "nginx", "alias": "engine x"}]`` or a
            DataFrame with the columns ``text`` and ``alias``. An alias is plain words, or IPA between
            ``<<`` and ``>>`` with ``|`` between its sounds.

        Returns
        -------
        Resource
            With ``id``, ``name``, ``items``, ``pinned``.

        Raises
        ------
        InputError
            If the items are something else.

        Examples
        --------
        >>> import cartesia_nb
        >>> client = cartesia_nb.connect()
        >>> words = client.pronunciation_dicts.create(name="tech", items={"nginx": "engine x"})
        >>> speech = client.tts.bytes("We use nginx.", pronunciation_dict_id=words.id)
        """
        body = _body(name, items)
        answer = self._transport.call(
            "pronunciation_dicts.create", "POST", "/pronunciation-dicts/", body=body
        )
        return _resource(answer.json_object())

    def get(self, id: str) -> Resource:
        """Get one dictionary; `NotFound` if there is none with this id."""
        return _resource(self._transport.call("pronunciation_dicts.get", "GET", _path(id)).json_object())

    def update(self, id: str, *, name: str | Unset = UNSET, items: Any = UNSET) -> Resource:
        """Change a dictionary.

        Parameters
        ----------
        id : str
            The id of the dictionary.
        name : str, optional
            The new name.
        items : mapping, list of mappings or DataFrame, optional
            The whole new list of items, as in `create`.

        Returns
        -------
        Resource
            The dictionary as it is now.
        """
        answer = self._transport.call(
            "pronunciation_dicts.update", "PATCH", _path(id), body=_body(name, items)
        )
        return _resource(answer.json_object())

    def delete(self, id: str) -> None:
        """Delete a dictionary. There is no way back."""
        self._transport.call("pronunciation_dicts.delete", "DELETE", _path(id))

    def pin(self, id: str) -> None:
        """Pin a dictionary to the top of your list (Cartesia-Version 2025-04-16)."""
        self._transport.call("pronunciation_dicts.pin", "POST", f"{_path(id)}/pin")

    def unpin(self, id: str) -> None:
        """Unpin a dictionary (Cartesia-Version 2025-04-16)."""
        self._transport.call("pronunciation_dicts.unpin", "POST", f"{_path(id)}/unpin")


def _resource(fields: Mapping[str, Any]) -> Resource:
    return Resource("PronunciationDict", fields)


def _body(name: str | Unset, items: Any) -> dict[str, Any]:
    # None, as a call of the reference has it, leaves the items out.
    listed = UNSET if items is UNSET or items is None else read_items(items)
    return given({"name": name, "items": listed})


def read_items(items: Any) -> Any:
    """Return pronunciations as the API's list of ``text`` and ``alias``.

    Raises
    ------
    InputError
        If they are given in another way, or one of them is no text.
    """
    if isinstance(items, Mapping):
        rows = [{"text": text, "alias": alias} for text, alias in items.items()]
    elif hasattr(items, "to_dict") and {"text", "alias"} <= set(getattr(items, "columns", ())):
        rows = items[["text", "alias"]].to_dict("records")
    elif isinstance(items, list | tuple) and all(isinstance(item, Mapping) for item in items):
        rows = [dict(item) for item in items]
    else:
        raise InputError(
            f"items cannot be read from {type(items).__name__}.",
            advice='Give {"word": "alias"}, [{"text": ..., "alias": ...}], or a DataFrame with both columns.',
        )
    for row in rows:
        if not all(isinstance(row.get(name), str) and row[name] for name in ("text", "alias")):
            raise InputError(f"each item needs a text and an alias, not {row!r}.")
    return rows


def _path(id: str) -> str:
    return f"/pronunciation-dicts/{path_segment(id, 'dictionary id')}"
