"""`Playable`: a DataFrame whose speech can be heard where it stands."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable
from typing import Any

import pandas as pd

from cartesia_nb.speech.caption import short
from cartesia_nb.speech.speech import Speech
from cartesia_nb.speech.tags import output_metadata

PLAYER = """<audio controls preload="metadata" aria-label="{said}" src="data:audio/mpeg;base64,{sound}"
 style="display:block;width:20em;height:2.4em"></audio>"""

# pandas writes the table, and escapes it, with a mark in the place of each player: one character that no
# text has, since pandas cuts what is longer than a column is wide.
FIRST_MARK = 0x100000
MARKED = re.compile("(?<=<td>)[\U00100000-\U0010fffd](?=</td>)")


class Playable(pd.DataFrame):
    """A DataFrame that shows each `Speech` in it as a small player.

    All else is as in any DataFrame, and what is made of it by filters and slices is playable, too. As
    many rows and columns are shown as pandas' own options say (``display.max_rows``, ...), and only
    their speech becomes part of the notebook. A missing cell shows empty.

    Examples
    --------
    >>> import cartesia_nb
    >>> client = cartesia_nb.connect()
    >>> takes = Playable({"text": ["Yes.", "No."]})
    >>> takes["speech"] = [client.tts.bytes(text) for text in takes.text]
    >>> takes[takes.text == "No."]._repr_html_().count("<audio")
    1
    """

    @property
    def _constructor(self) -> Callable[..., Playable]:
        return Playable

    def _repr_html_(self) -> str | None:
        if not pd.get_option("display.notebook_repr_html"):
            return None
        table, marked = self._marked()
        return MARKED.sub(lambda cell: _player(marked[cell[0]]) if cell[0] in marked else cell[0], table)

    def _repr_mimebundle_(self, **__: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Tell in the output's metadata how the speech in it that is shown was made."""
        _, marked = self._marked()
        return {}, output_metadata(speech.provenance for speech in marked.values())

    def _marked(self) -> tuple[str, dict[str, Speech]]:
        """Return the table with a mark in the place of each player, and what each mark stands for."""
        marked: dict[str, Speech] = {}

        def text(cell: Any) -> str:
            if not isinstance(cell, Speech):
                return str(cell)
            mark = chr(FIRST_MARK + len(marked))
            marked[mark] = cell
            return mark

        # None: as pandas does. (A dict would be shorter; pandas 2.2 mixes it up where columns are left out.)
        formatters: list[Any] = [text if _has_speech(column) else None for _, column in self.items()]
        table = _without_gaps(self).to_html(
            notebook=True,
            na_rep="",
            formatters=formatters,
            max_rows=_rows_shown(len(self)),
            max_cols=pd.get_option("display.max_columns"),
            show_dimensions=pd.get_option("display.show_dimensions"),
        )
        return table, marked


def _has_speech(column: pd.Series[Any]) -> bool:
    return column.dtype == object and any(isinstance(cell, Speech) for cell in column)


def _without_gaps(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the same with empty text where a cell is missing; floats keep their NaN, and their type."""
    shown = frame.copy(deep=False)
    for place, (_, column) in enumerate(frame.items()):
        if column.dtype.kind != "f" and column.hasnans:
            shown.isetitem(place, column.astype(object).where(column.notna(), "").array)
    return shown


def _rows_shown(rows: int) -> int | None:
    """Return how many of so many rows pandas shows; None and 0 are all."""
    most: int | None = pd.get_option("display.max_rows")
    least: int | None = pd.get_option("display.min_rows")
    return min(least, most) if most and least and rows > most else most


def _player(speech: Speech) -> str:
    said = html.escape(short(speech.transcript)) or "speech"
    return PLAYER.format(said=said, sound=base64.b64encode(speech.display_copy).decode())
