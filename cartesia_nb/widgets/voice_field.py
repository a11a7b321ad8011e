"""The field for a voice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cartesia_nb.client.client import connect
from cartesia_nb.client.defaults import default
from cartesia_nb.client.voice_names import Speaker
from cartesia_nb.widgets.name_field import NameField

if TYPE_CHECKING:
    import pandas as pd

DEFAULT = "default"


class VoiceField(NameField):
    """A field for a voice, by name or id.

    Parameters
    ----------
    voice : str, Resource or DataFrame row, optional
        The voice to begin with; `DEFAULT` means the one that speaks where none is named, None means none.
    label, hint : str

    Examples
    --------
    >>> field = VoiceField("Ada")
    >>> field.fetch.join()
    >>> field.known()["language"]
    'en'
    """

    def __init__(self, voice: Any = DEFAULT, label: str = "Voice", hint: str = "") -> None:
        self._first = _typed(voice)
        super().__init__(label, "the names of voices", _all_voices, value=self._first, hint=hint)
        self.load()

    def take(self, found: pd.DataFrame) -> None:
        """Offer these names, and show the name of a voice that was given by its id."""
        super().take(found)
        if self.value == self._first:
            names = {row["id"]: name for name, row in self.rows.items()}
            self.value = names.get(self.value, self.value)

    def speaker(self) -> Speaker:
        """Find the voice; it may ask the server, so this is for threads.

        Raises
        ------
        UnknownVoice
            If no voice, or more than one, has the name that is typed; it is shown at this field.
        """
        with self.blamed():
            return connect().voices.names.speaker(self.id())

    def written(self) -> str:
        """Return the voice as one would write it: by its name, where that says which one is meant."""
        return str(self.value) if self.known().get("name") == self.value else self.id()


def _all_voices() -> pd.DataFrame:
    return connect().voices.list()


def _typed(voice: Any) -> str:
    if voice is None:
        return ""
    if isinstance(voice, str):
        return (default("voice") or "") if voice == DEFAULT else voice
    return connect().voices.names.speaker(voice).id
