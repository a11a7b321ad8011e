"""The table of a pronunciation dictionary: an editable row for each word."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ipywidgets import HTML, Button, HBox, Text, VBox

from cartesia_nb.widgets.form import close_all
from cartesia_nb.widgets.note import Note
from cartesia_nb.wire.errors import InputError

HINT = "Said as: plain words, or IPA between << and >> with | between its sounds."
# Those who hear the form have a label at each text instead.
HEADS = """<div aria-hidden="true" class="cartesia-heads">
<span>Word</span><span>Said as</span><span></span></div>"""

#: In characters, of a word and of how it is said: what the API takes.
LONGEST = 100

Item = dict[str, Any]


class Row(HBox):  # type: ignore[misc]
    """A word, how it is said, and a button that removes it."""

    def __init__(self, item: Mapping[str, Any]) -> None:
        self._item = item
        self.word, self.alias = Text(str(item["text"])), Text(str(item["alias"]))
        self.remove = Button(description="Remove")
        super().__init__([self.word, self.alias, self.remove])
        self.add_class("cartesia-pronunciation")

    @property
    def item(self) -> Item:
        """The row as the API has it, with fields that are not shown."""
        return {**self._item, "text": self.word.value.strip(), "alias": self.alias.value.strip()}

    def number(self, number: int) -> None:
        """Say to those who hear the form which row this is."""
        self.word.description = f"Word {number}"
        self.alias.description = f"Word {number} is said as"
        self.remove.tooltip = f"Remove word {number}"


class Pronunciations(VBox):  # type: ignore[misc]
    """An editable row for each word, and a note on what is wrong with them.

    Attributes
    ----------
    changed : callable
        Is called when anything in the table has changed.

    Examples
    --------
    >>> table = Pronunciations()
    >>> table.fill([{"text": "nginx", "alias": "engine x"}])
    >>> table.add({"text": "SQL", "alias": "sequel"})
    >>> [item["text"] for item in table.items()]
    ['nginx', 'SQL']
    """

    def __init__(self) -> None:
        self.changed: Callable[[], object] = lambda: None
        self.rows: list[Row] = []
        self.note = Note(text=HINT)
        self._heads = HTML(HEADS)
        super().__init__()
        self.add_class("cartesia-field")
        self.fill([])

    def add(self, item: Mapping[str, Any] | None = None) -> None:
        """Add a row at the end; an empty one, if no item is given."""
        row = Row(item or {"text": "", "alias": ""})
        row.remove.on_click(lambda _: self._remove(row))
        for text in (row.word, row.alias):
            text.observe(lambda _: self._show(), "value")
        self.rows.append(row)
        self._show()

    def fill(self, items: Sequence[Mapping[str, Any]]) -> None:
        """Put these items in the place of all that is there."""
        close_all(self.rows)
        self.rows = []
        for item in items:
            self.add(item)
        if not items:
            self.add()

    def items(self) -> list[Item]:
        """Return what is said how; empty rows do not count.

        Raises
        ------
        InputError
            If half of a row is missing or too long, or a word stands twice; it is shown at the table.
        """
        items = [row.item for row in self.rows]
        words = [item["text"] for item in items]
        for number, item in enumerate(items, start=1):
            if bool(item["text"]) != bool(item["alias"]):
                missing = "alias" if item["text"] else "word"
                raise self._wrong(f"row {number} has no {missing}.", "Fill it in, or remove the row.")
            if max(len(item["text"]), len(item["alias"])) > LONGEST:
                raise self._wrong(f"row {number} has over {LONGEST} characters in a field.", "Shorten it.")
            if item["text"] and item["text"] in words[: number - 1]:
                raise self._wrong(f"row {number}: {item['text']!r} stands twice.", "Keep one of the two.")
        return [item for item in items if item["text"]]

    def _wrong(self, message: str, advice: str) -> InputError:
        error = InputError(message, advice=advice)
        vars(error)["field"] = self
        return error

    def _remove(self, gone: Row) -> None:
        self.rows.remove(gone)
        close_all([gone])
        if self.rows:
            self._show()
        else:
            self.add()

    def _show(self) -> None:
        self.note.wrong = ""
        for number, row in enumerate(self.rows, start=1):
            row.number(number)
        self.children = [self._heads, *self.rows, self.note]
        self.changed()
