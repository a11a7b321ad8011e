"""Texts that are sent: what may be said, and how queries and forms write values."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.keys import Key
from cartesia_nb.wire.masks import hide_keys


def check_transcript(transcript: str, key: Key | None) -> None:
    """Refuse a transcript that cannot be spoken, or that gives the key away.

    Raises
    ------
    InputError
        If it has nothing to say, or must not be sent.
    """
    if not isinstance(transcript, str):
        raise InputError(f"the transcript is a text, not {type(transcript).__name__}.")
    if any(unicodedata.category(char) == "Cs" for char in transcript):
        raise InputError("the transcript has half of a character in it (a lone surrogate).")
    if all(unicodedata.category(char)[0] in "PZC" for char in transcript):
        raise InputError(f"there is nothing to say in {transcript[:40]!r}.", advice="Give at least one word.")
    # Whatever looks like a key: the sandbox has a key of its own, and does not know the real one.
    if hide_keys(transcript) != transcript or (key is not None and key.shows_in(transcript)):
        raise InputError("the text contains the API key; it was not sent.")


def check_texts(fields: Mapping[str, Any], needed: Iterable[str] = ()) -> None:
    """Refuse fields that are no text; those `needed` have something in them.

    Raises
    ------
    InputError
        Naming the first of them.
    """
    needed = set(needed)
    for name, value in fields.items():
        if not isinstance(value, str | None) or (name in needed and not (value and value.strip())):
            raise InputError(f"{name} is a text, not {value!r}.")


def as_moment(value: Any, name: str, *, end: bool) -> str:
    """Return a day or a time in ISO 8601, with its zone; a day means its first moment, or its `end`.

    Raises
    ------
    InputError
        If it is neither.

    Examples
    --------
    >>> as_moment("2026-08-01", "start_date", end=False), as_moment("2026-08-01", "end_date", end=True)
    ('2026-08-01T00:00:00+00:00', '2026-08-01T23:59:59.999999+00:00')
    """
    try:
        whole_day = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        whole_day = None
    try:
        if isinstance(whole_day, date) and not isinstance(whole_day, datetime):
            moment = datetime.combine(whole_day, time.max if end else time.min)
        else:
            # pandas' NaT is a datetime, but writes itself as no time.
            moment = datetime.fromisoformat(value.isoformat() if isinstance(value, datetime) else value)
    except (TypeError, ValueError):
        raise InputError(f"{name} is a day such as '2026-08-01', or a time, not {value!r}.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()


def as_text(value: Any) -> str:
    """Return a value as queries and forms write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def as_texts(values: Sequence[str] | Any, name: str, example: str) -> list[str]:
    """Return the values of a list argument.

    Raises
    ------
    InputError
        If it is no list, or has nothing in it.
    """
    if not isinstance(values, Sequence) or isinstance(values, str) or not values:
        raise InputError(f'{name} is a list, such as ["{example}"], not {values!r}.')
    return [str(value) for value in values]
