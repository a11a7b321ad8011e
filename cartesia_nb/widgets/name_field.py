"""The field for something that the API knows by name: the names come by themselves while one types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ipywidgets import Button, Combobox, Widget

from cartesia_nb.widgets.field import Field, explained
from cartesia_nb.widgets.work import State, Work
from cartesia_nb.widgets.work_line import show

if TYPE_CHECKING:
    import pandas as pd


class NameField(Field):
    """A field where part of a name is typed. All names are fetched in a thread; until then, an id will do.

    Where that fails, a button under the field fetches them again.

    Parameters
    ----------
    label : str
        Of the field.
    what : str
        What is fetched, for people: ``"the names of voices"``.
    ask : callable
        Returns a DataFrame with ``id`` and ``name``.
    *beside : Widget
        What stands under it.
    value, hint : str
    instead : str
        What to do where they cannot be fetched.

    Attributes
    ----------
    fetch : Work
        The fetching of the names.
    again : Button
        Is seen where they could not be fetched.
    rows : dict of str to dict
        What was fetched, by what is shown of it.

    Examples
    --------
    >>> import cartesia_nb
    >>> field = NameField("Accent", "the accents", cartesia_nb.connect().voices.list_accents)
    >>> field.load()
    >>> field.fetch.join()
    >>> field.value = list(field.rows)[0]
    >>> field.id() == field.known()["id"]
    True
    """

    def __init__(
        self,
        label: str,
        what: str,
        ask: Callable[[], pd.DataFrame],
        *beside: Widget,
        value: str = "",
        hint: str = "",
        instead: str = "An id will do.",
    ) -> None:
        self._what, self._ask, self._instead = what, ask, instead
        self.again = Button(description=f"Load {what} again")
        self.again.on_click(lambda _: self.load())
        show(self.again, visible=False)
        self.fetch = Work(self._tell)
        self.rows: dict[str, dict[str, Any]] = {}
        control = Combobox(value=value, description=label, placeholder="part of a name, or an id")
        super().__init__(control, *beside, self.again, hint=hint)

    def load(self) -> None:
        """Fetch the names, unless they are there or on their way."""
        if not self.rows and not self.fetch.working:
            self.fetch.start(f"Loading {self._what}", self._ask, self.take)

    def take(self, found: pd.DataFrame) -> None:
        """Offer these names from now on."""
        self.rows = labelled(found)
        self.control.options = list(self.rows)

    def known(self) -> dict[str, Any]:
        """Return the row of a name, or of the beginning of one; empty if it is not clear which."""
        if self.value in self.rows:
            return self.rows[self.value]
        wanted = str(self.value).lower()
        alike = [row for name, row in self.rows.items() if wanted and name.lower().startswith(wanted)]
        return alike[0] if len(alike) == 1 else {}

    def id(self) -> str:
        """Return the id of what is chosen; what is typed, where that is not known."""
        return str(self.known().get("id", self.value))

    def called(self) -> str:
        """Return the name of what is chosen; what is typed, where that is not known."""
        return str(self.known().get("name") or self.value)

    def close(self) -> None:
        """Close the field, and wait for no names."""
        if self.comm is not None:  # None, where making the field has failed
            self.fetch.cancel()
        super().close()

    def _tell(self, work: Work) -> None:
        show(self.again, visible=work.error is not None)
        if work.error is not None:
            self.note.text = f"{explained(work.error)} {self._instead}"
        else:
            self.note.text = f"{work.what} …" if work.state is State.WORKING else self.hint


def labelled(found: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return rows by their names; one without is called by its id, which also tells namesakes apart.

    Examples
    --------
    >>> import pandas as pd
    >>> list(labelled(pd.DataFrame({"id": ["1", "2", "3", "4"], "name": ["Ada", "Bo", "Ada", None]})))
    ['Ada (1)', 'Bo', 'Ada (3)', '4']
    """
    rows: list[dict[Any, Any]] = found.astype(object).where(found.notna(), None).to_dict("records")
    names = [str(row["name"] or row["id"]) for row in rows]
    times = Counter(names)
    return {
        name if times[name] == 1 else f"{name} ({row['id']})": dict(row)
        for name, row in zip(names, rows, strict=True)
    }
