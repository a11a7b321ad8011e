"""`Speeches`: several speeches as one result."""

from __future__ import annotations

import html
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from cartesia_nb.speech import display
from cartesia_nb.speech.caption import origin, voice_label
from cartesia_nb.speech.files import write_whole
from cartesia_nb.speech.speech import Speech, check_path
from cartesia_nb.speech.tags import output_metadata
from cartesia_nb.wire.errors import InputError

if TYPE_CHECKING:
    from cartesia_nb.frames import Schema
    from cartesia_nb.speech.playable import Playable

#: How many are shown: ten seconds of sound add some 100 kB to a notebook.
MOST_SHOWN = 24

COLUMNS: Schema = {
    "text": "string",
    "voice": "string",
    "model": "category",
    "duration": "float64",
    "credits": "Int64",
    "speech": "object",
}

FRAME = """<div class="cartesia-speeches">
<div{layout}>{speeches}</div>
<div style="opacity:.7;font-size:.85em">{facts}</div>
</div>"""
# At most four in a row: five of a fifth each, and the gaps between them, are wider than all.
ROWS = ' style="display:grid;gap:0 1.5em;grid-template-columns:repeat(auto-fit,minmax(max(15em,20%),1fr))"'
HEADED = """<figure style="margin:0;min-width:0">
<figcaption style="font-weight:600">{voice}</figcaption>{speech}</figure>"""


class Speeches(Sequence[Speech]):
    """Several speeches as one result, in an order that does not change.

    A notebook shows one below the other, or side by side. ``sum(speeches)`` joins them to one.

    Parameters
    ----------
    speeches : iterable of Speech
        In their order.
    side_by_side : bool, default False
        Show up to four in a row, each under the name of its voice.

    Raises
    ------
    InputError
        If there is anything but Speech in it.

    Examples
    --------
    >>> import cartesia_nb
    >>> client = cartesia_nb.connect()
    >>> dialog = Speeches(client.tts.bytes(text) for text in ("Ready?", "Not quite."))
    >>> [path.name for path in dialog.save("dialog.wav")]
    ['dialog-1.wav', 'dialog-2.wav']
    >>> sum(dialog).transcript
    'Ready? Not quite.'
    """

    def __init__(self, speeches: Iterable[Speech], *, side_by_side: bool = False) -> None:
        if not isinstance(speeches, Iterable):
            raise InputError(f"Speeches are made of a list of Speech, not of {type(speeches).__name__}.")
        self._speeches = tuple(speeches)
        self._side_by_side = side_by_side
        for speech in self._speeches:
            if not isinstance(speech, Speech):
                raise InputError(f"Speeches are made of Speech, not of {type(speech).__name__}.")

    @property
    def side_by_side(self) -> bool:
        """Whether a notebook shows them beside each other."""
        return self._side_by_side

    @property
    def duration(self) -> float:
        """Of all together, in seconds."""
        return sum(speech.duration for speech in self)

    @property
    def credits(self) -> int | None:
        """What making all of them is estimated to cost; None if that is not known of each."""
        prices: list[int | None] = [speech.provenance.get("credits") for speech in self]
        known = [price for price in prices if price is not None]
        return sum(known) if len(known) == len(prices) else None

    def __len__(self) -> int:
        return len(self._speeches)

    @overload
    def __getitem__(self, place: int) -> Speech: ...
    @overload
    def __getitem__(self, place: slice) -> Speeches: ...
    def __getitem__(self, place: int | slice) -> Speech | Speeches:
        if isinstance(place, slice):
            return Speeches(self._speeches[place], side_by_side=self.side_by_side)
        return self._speeches[place]

    def frame(self) -> Playable:
        """Return a DataFrame with a row for each.

        Returns
        -------
        Playable
            ``text``, ``voice`` (its name, else its id), ``model``, ``duration`` in seconds,
            ``credits`` and ``speech``, which can be heard in the table.
        """
        from cartesia_nb.frames import frame  # imports pandas
        from cartesia_nb.speech.playable import Playable

        return Playable(frame([_row(speech) for speech in self], COLUMNS))

    def save(self, path: str | os.PathLike[str]) -> list[Path]:
        """Write each to a file of its own.

        Parameters
        ----------
        path : path
            Such as ``"dialog.wav"`` for ``dialog-1.wav``, ``dialog-2.wav``, ...; from ten on
            ``dialog-01.wav``, ..., so that they sort. The extension says how, as in `Speech.save`.

        Returns
        -------
        list of Path
            Where they are, in the same order.

        Raises
        ------
        InputError
            If one of them cannot be saved so; then none is.
        OSError
            If the disk is full or the folder must not be written to. Each file appears whole or not
            at all; those before it stay.
        """
        target, digits = check_path(path), len(str(len(self)))
        targets = [
            check_path(target.with_stem(f"{target.stem}-{number:0{digits}}"))
            for number in range(1, len(self) + 1)
        ]
        contents = [speech.as_tagged_file(target.suffix) for speech in self]
        for numbered, content in zip(targets, contents, strict=True):
            write_whole(numbered, content)
        return targets

    def __repr__(self) -> str:
        return f"Speeches({', '.join(self._facts())})"

    def _repr_html_(self) -> str:
        pieces = [display.html(speech) for speech in self[:MOST_SHOWN]]
        if self.side_by_side:
            pieces = [
                HEADED.format(
                    voice=html.escape(voice_label(speech.provenance) or "no single voice"),
                    speech=piece,
                )
                for speech, piece in zip(self, pieces, strict=False)
            ]
        unseen = [f"only the first {MOST_SHOWN} are shown"] if len(self) > MOST_SHOWN else []
        return FRAME.format(
            layout=ROWS if self.side_by_side else "",
            speeches="\n".join(pieces),
            facts=html.escape(" · ".join([*self._facts(), *unseen])),
        )

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Tell in the output's metadata how those that are shown were made."""
        return {}, output_metadata(speech.provenance for speech in self[:MOST_SHOWN])

    def _facts(self) -> list[str]:
        count = f"{len(self)} speech{'' if len(self) == 1 else 'es'}"
        stand_in = "sandbox" if any(speech.backend == "sandbox" for speech in self) else ""
        cost = origin({"credits": self.credits, "backend": stand_in})
        return [fact for fact in (count, f"{self.duration:.2f} s", cost) if fact]


def _row(speech: Speech) -> dict[str, Any]:
    made = speech.provenance
    return {
        "text": speech.transcript,
        "voice": made.get("voice_name") or made.get("voice_id"),
        "model": made.get("model_id"),
        "duration": speech.duration,
        "credits": made.get("credits"),
        "speech": speech,
    }
