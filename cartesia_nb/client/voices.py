"""Voices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cartesia_nb.client import making_voices
from cartesia_nb.client.ids import path_segment
from cartesia_nb.client.paging import LARGEST_PAGE, all_rows, unpaged_rows
from cartesia_nb.client.previews import ADDRESS, METHOD, preview_of
from cartesia_nb.client.resource import Resource
from cartesia_nb.client.texts import as_text, as_texts
from cartesia_nb.client.transport import Transport
from cartesia_nb.client.unset import UNSET, Unset, given
from cartesia_nb.client.voice_names import VoiceNames
from cartesia_nb.wire.exchange import Answer

if TYPE_CHECKING:
    import pandas as pd

    from cartesia_nb.speech.speech import Speech


class Voices:
    """The voices that there are. Reached as ``client.voices``."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.names = VoiceNames(transport)

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

        making_voices.check_gender(gender)
        filters = given({"q": q, "gender": gender, "language": language, "is_owner": is_owner})
        filters |= given({"is_starred": is_starred})
        query: dict[str, Any] = {name: as_text(value) for name, value in filters.items() if value is not None}
        if expand is not UNSET:
            query["expand[]"] = as_texts(expand, "expand", "preview_file_url")
        rows, version = all_rows(
            self._transport, "voices.list", "/voices", query, limit=limit, page_size=page_size
        )
        self.names.remember(rows, everything=not query and limit is None)
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
        query = {} if expand is UNSET else {"expand[]": as_texts(expand, "expand", "preview_file_url")}
        return self._told("Voice", self._transport.call("voices.get", "GET", _path(id), query=query))

    def preview(self, id: Any) -> Speech | None:
        """Hear a voice before it says what you want: a recording that the API has of it.

        Costs nothing (since Cartesia-Version 2025-11-04).

        Parameters
        ----------
        id : str, Resource, DataFrame row or mapping
            The voice: an id, or a name that only one voice has.

        Returns
        -------
        Speech or None
            None if the API has none of this voice.

        Raises
        ------
        NotFound
            If there is no such voice.
        BadAnswer
            If the preview lies where the API key must not go.

        Examples
        --------
        >>> import cartesia_nb
        >>> cartesia_nb.connect().voices.preview("Ada").duration > 1
        True
        """
        version = self._transport.version_for(METHOD)
        voice = self.get(self.names.speaker(id).id, expand=[ADDRESS])
        return preview_of(self._transport, voice, version)

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
        making_voices.check_changes(body, self._transport.options.version)
        return self._told("Voice", self._transport.call("voices.update", "PATCH", _path(id), body=body))

    def delete(self, id: str) -> None:
        """Delete a voice of yours. There is no way back.

        Parameters
        ----------
        id : str
            The id of the voice; where a voice is deleted, a name will not do.
        """
        self._transport.call("voices.delete", "DELETE", _path(id))
        self.names.forget(id)

    def clone(
        self,
        clip: Any,
        *,
        name: str,
        language: str,
        description: str | Unset | None = UNSET,
        base_voice_id: str | Unset | None = UNSET,
        enhance: bool | Unset | None = UNSET,
        accent: str | Unset | None = UNSET,
    ) -> Resource:
        """Make a voice of your own from a recording of one: yours, or that of someone who agreed.

        Costs nothing.

        Parameters
        ----------
        clip : path, bytes, file object, Speech or (samples, sample_rate)
            3 to 10 seconds of one person speaking, without noise.
        name : str
            For people.
        language : str
            Of the voice, such as ``"en"``.
        description : str, optional
            For people.
        base_voice_id : str, optional
            The id of a voice to derive this one from.
        enhance : bool, optional
            Whether to clean the clip of noise (Cartesia-Version 2025-04-16).
        accent : str, optional
            An id of ``list_accents()`` (Cartesia-Version 2026-08-14).

        Returns
        -------
        Resource
            With ``id``: what ``tts.bytes`` takes as its voice.

        Raises
        ------
        InputError
            If there is no such file, or the clip is longer than 20 seconds.
        BadRequest
            If the API cannot make a voice of the clip.

        Examples
        --------
        >>> import cartesia_nb
        >>> client = cartesia_nb.connect()
        >>> clip = client.tts.bytes("This is how I speak, whenever I am asked to say something.")
        >>> mine = client.voices.clone(clip, name="Mine", language="en")
        >>> client.voices.get(mine.id).is_owner
        True
        """
        extras = {"description": description, "base_voice_id": base_voice_id}
        extras = given({**extras, "enhance": enhance, "accent": accent})
        fields = {"name": name, "language": language, **extras}
        answer = making_voices.clone(self._transport, clip, fields)
        return self._told("VoiceMetadata", answer)

    def localize(
        self,
        *,
        voice_id: Any,
        name: str,
        description: str | Unset = UNSET,
        language: str | Unset = UNSET,
        original_speaker_gender: str | Unset = UNSET,
        dialect: str | Unset | None = UNSET,
        accent: str | Unset = UNSET,
        tagline: str | Unset = UNSET,
    ) -> Resource:
        """Make a voice that speaks another language, or another accent, from one there is.

        Either with an `accent` (Cartesia-Version 2026-08-14), or, in earlier versions, with `description`,
        `language` and `original_speaker_gender`, and perhaps a `dialect`. The price is not documented.

        Parameters
        ----------
        voice_id : str, Resource, DataFrame row or mapping
            The voice to start from: an id, or a name that only one voice has.
        name, description : str
            For people.
        language : str
            To speak, such as ``"es"``.
        original_speaker_gender : {"male", "female"}
            Of the voice to start from.
        dialect : str, optional
            Of English (``"au"``, ``"in"``, ``"so"``, ``"uk"``, ``"us"``), Spanish (``"mx"``, ``"pe"``),
            Portuguese (``"br"``, ``"eu"``) or French (``"eu"``, ``"ca"``).
        accent : str
            An id of ``list_accents()``.
        tagline : str, optional
            A few words, at most 32 characters (with an accent).

        Returns
        -------
        Resource
            With ``id``: what ``tts.bytes`` takes as its voice.

        Raises
        ------
        InputError
            If something is missing, or the language has no such dialect.

        Examples
        --------
        >>> import cartesia_nb
        >>> client = cartesia_nb.connect()
        >>> spanish = client.voices.localize(voice_id="Ada", name="Ada in Madrid", accent="castilian")
        >>> client.voices.get(spanish.id).language
        'es'
        """
        fields = {"name": name, "description": description, "language": language, "dialect": dialect}
        fields |= {"accent": accent, "tagline": tagline, "original_speaker_gender": original_speaker_gender}
        answer = making_voices.localize(self._transport, self.names, voice_id, given(fields))
        return self._told("VoiceMetadata", answer)

    def list_accents(self) -> pd.DataFrame:
        """List the accents that voices can have (Cartesia-Version 2026-08-14). Costs nothing.

        Returns
        -------
        DataFrame
            A row for each: ``id``, ``name``, ``language``, ``locale``, ``is_localizable``,
            ``is_locale_default``.

        Examples
        --------
        >>> import cartesia_nb
        >>> accents = cartesia_nb.connect().voices.list_accents()
        >>> accents.set_index("id").loc["castilian"].locale
        'es-ES'
        """
        from cartesia_nb.frames import ACCENT, frame  # imports pandas

        rows = unpaged_rows(self._transport, "voices.list_accents", "/accents", "accents")
        return frame(rows, ACCENT)

    def add_accents(self, id: str, *, accents: Sequence[str]) -> Resource:
        """Let a voice of yours speak with more accents (Cartesia-Version 2026-08-14).

        Parameters
        ----------
        id : str
            The id of the voice; where a voice is changed, a name will not do.
        accents : list of str
            Ids of ``list_accents()``; a voice has at most 10, its own included.

        Returns
        -------
        Resource
            The voice as it is now; its accents are in ``locales``.
        """
        body = {"accents": as_texts(accents, "accents", "castilian")}
        answer = self._transport.call("voices.add_accents", "PATCH", f"{_path(id)}/accents", body=body)
        return self._told("Voice", answer)

    def delete_accent(self, id: str, accent_id: str) -> Resource:
        """Take an accent from a voice of yours (Cartesia-Version 2026-08-14).

        Parameters
        ----------
        id, accent_id : str
            The ids of the voice and of the accent.

        Returns
        -------
        Resource
            The voice as it is now.
        """
        path = f"{_path(id)}/accents/{path_segment(accent_id, 'accent id')}"
        return self._told("Voice", self._transport.call("voices.delete_accent", "DELETE", path))

    def _told(self, kind: str, answer: Answer) -> Resource:
        """Return the voice that an answer tells of, and remember its name."""
        voice = answer.json_object()
        self.names.remember([voice])
        return Resource(kind, voice)


def _path(id: str) -> str:
    return f"/voices/{path_segment(id, 'voice id')}"
