"""The editor of pronunciation dictionaries: words, and how they are said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cartesia_nb.client.client import connect
from cartesia_nb.client.resource import Resource
from cartesia_nb.widgets.code_line import call_line
from cartesia_nb.widgets.form import Form, row
from cartesia_nb.widgets.name_field import NameField, labelled
from cartesia_nb.widgets.pronunciations import Item, Pronunciations
from cartesia_nb.widgets.shelf import Shelf
from cartesia_nb.widgets.trial import Take, Trial
from cartesia_nb.widgets.voice_field import VoiceField
from cartesia_nb.wire.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

ABOUT = "How certain words are said. Saving costs nothing."
HINT = "One of yours, to load it; or a new name."


class DictionaryEditor(Form):
    """The form that `dictionary_editor` shows."""

    def __init__(self, name: str | None = None, shelf: Shelf | None = None) -> None:
        super().__init__("Pronunciation dictionary", ABOUT, self.python, shelf)
        # The dictionary that was loaded or saved last, and what the table showed then.
        self._saved: tuple[str, list[Item]] | None = None
        self.load_button = self.button("Load", self._load)
        self.name = NameField(
            "Dictionary",
            "your dictionaries",
            _all_dictionaries,
            self.load_button,
            value=name or "",
            hint=HINT,
            instead="",
        )
        self.table = Pronunciations()
        self.table.changed = lambda: self.line.safely(self.write)
        self.add_button = self.button("Add a word", self.table.add)
        self.save_button = self.button("Save", self._save, style="primary")
        self.voice = VoiceField()
        self.trial = Trial(self, self._takes, times=2, text="Speak without and with it")
        buttons = row(self.add_button, self.save_button)
        self.lay_out(self.name, self.table, buttons, self.voice, self.trial)
        if name:
            self.line.attempt(self._load)
        else:
            self.name.load()

    def python(self) -> str:
        """Return the call that saves."""
        try:
            items = _written(self.table.items())
        except InputError:
            return self.code.code  # as it was: half of a row is not worth a line
        # What has only the same beginning is another dictionary.
        there = self.name.rows.get(self.name.value, {})
        if self._saved and there.get("id") == self._saved[0]:
            return call_line("pronunciation_dicts.update", self._saved[0], items=items)
        return call_line("pronunciation_dicts.create", name=self.name.value, items=items)

    def _load(self) -> None:
        name = self.name.needed("Choose one of your dictionaries.")
        self.line.work.start("Loading", _all_dictionaries, lambda there: self._open(name, there))

    def _open(self, name: str, there: pd.DataFrame) -> None:
        self.name.take(there)
        with self.name.blamed():
            if name not in self.name.rows:
                raise InputError(f"there is no dictionary {name!r}.", advice="Save makes one of this name.")
        found = self.name.rows[name]
        self._saved = found["id"], list(found["items"] or [])
        self.table.fill(self._saved[1])

    def _save(self) -> None:
        name = self.name.needed("Give the dictionary a name.")
        items = self.table.items()
        if not items:
            raise InputError("the dictionary is empty.", advice="Write at least one word and how it is said.")
        self.line.work.start(
            "Saving", lambda: self._ask(name, items), lambda made: self._keep(made, name, items)
        )

    def _ask(self, name: str, items: list[Item]) -> tuple[Resource, pd.DataFrame]:
        dicts, there = connect().pronunciation_dicts, labelled(_all_dictionaries())
        known = there.get(name)
        if known is None:
            made = dicts.create(name=name, items=items)
        elif self._saved and known["id"] == self._saved[0]:
            made = dicts.update(known["id"], items=items)
        else:
            with self.name.blamed():
                raise InputError(
                    f"there is a dictionary {name!r} already.", advice="Load it, or choose another name."
                )
        return made, _all_dictionaries()

    def _keep(self, made: tuple[Resource, pd.DataFrame], name: str, items: list[Item]) -> None:
        dictionary, there = made
        self._saved = dictionary["id"], items
        self.name.take(there)
        self.write()
        self.keep(f"Saved: {name}", {"name": name, "items": _written(items)}, dictionary)

    def _takes(self) -> list[Take]:
        self.voice.load()
        if self._saved is None or self._saved[1] != self.table.items():
            raise InputError("the dictionary is not saved.", advice="Save it first: that costs nothing.")
        self.voice.needed("Type part of the name of a voice, or its id.")
        how = {"voice": self.voice.id()}
        with_it = {**how, "pronunciation_dict_id": self._saved[0]}
        return [Take("Without the dictionary", how), Take("With the dictionary", with_it)]


def _written(items: Sequence[Item]) -> Any:
    """Return items as one would write them: as ``{"word": "alias"}``, if that says it all."""
    if all(set(item) == {"text", "alias"} for item in items):
        return {item["text"]: item["alias"] for item in items}
    return list(items)


def _all_dictionaries() -> pd.DataFrame:
    return connect().pronunciation_dicts.list()


def dictionary_editor(name: str | None = None) -> DictionaryEditor:
    """Show an editor for pronunciation dictionaries, which lets a sentence be heard without and with one.

    Parameters
    ----------
    name : str, optional
        The dictionary to begin with.

    Returns
    -------
    DictionaryEditor
        Its `result` is what it made last, the dictionary or the speeches; `results` has all of it.

    Examples
    --------
    >>> editor = dictionary_editor()
    >>> editor.name.value = "servers"
    >>> editor.table.fill([{"text": "nginx", "alias": "engine x"}])
    >>> editor.save_button.click()
    >>> editor.line.work.join()
    >>> editor.result["items"][0]["alias"]
    'engine x'
    """
    return DictionaryEditor(name)
