"""A field of a form: a control under its label, with what is good to know or wrong about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ipywidgets import VBox, Widget

from cartesia_nb.widgets.note import Note
from cartesia_nb.wire.errors import CartesiaError, InputError
from cartesia_nb.wire.masks import hide_keys


class Field(VBox):  # type: ignore[misc]
    """A labelled control and a note on it.

    Parameters
    ----------
    control : Widget
        Of ipywidgets; its `description` is the label.
    *beside : Widget
        What stands under the control and belongs to it, such as a button.
    hint : str, optional
        What is good to know before anything is filled in.

    Attributes
    ----------
    control : Widget
        As above.
    note : Note
        The hint, or whatever is written in its place; and what is wrong.

    Examples
    --------
    >>> from ipywidgets import Text
    >>> name = Field(Text(description="Name"), hint="For people.")
    >>> name.value = "Mine"
    >>> name.note.wrong = "There is a voice of this name."
    """

    def __init__(self, control: Widget, *beside: Widget, hint: str = "") -> None:
        self.control, self.hint = control, hint
        self.note = Note(text=hint)
        super().__init__([control, *beside, self.note])
        self.add_class("cartesia-field")
        control.observe(self._forgive, "value")

    @property
    def value(self) -> Any:
        """What is filled in; a text without the blanks around it."""
        value = self.control.value
        return value.strip() if isinstance(value, str) else value

    @value.setter
    def value(self, value: Any) -> None:
        self.control.value = value

    @contextmanager
    def blamed(self) -> Iterator[None]:
        """Let an `InputError` raised within be shown at this field, in the place of below the form."""
        try:
            yield
        except InputError as error:
            vars(error).setdefault("field", self)
            raise

    def needed(self, advice: str) -> Any:
        """Return what is filled in.

        Raises
        ------
        InputError
            If there is nothing; it is shown at this field.
        """
        with self.blamed():
            if not self.value:
                raise InputError(f"{self.control.description} is empty.", advice=advice)
        return self.value

    def _forgive(self, _: object) -> None:
        self.note.wrong = ""


def tell(error: Exception, note: Note) -> None:
    """Show an error where the person looks: at the field that it is blamed on, or else at `note`."""
    place = vars(error).get("field")
    (place.note if place else note).wrong = explained(error)


def explained(error: Exception) -> str:
    """Return an error as a line for people."""
    if isinstance(error, CartesiaError):
        text = str(error)
        return text[:1].upper() + text[1:]
    return hide_keys(f"This should not have happened: {type(error).__name__}: {error}")
