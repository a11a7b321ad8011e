"""``%cartesia`` and ``%%cartesia``: from words in a cell to calls."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cartesia_nb.magics.lines import keep_as_typed
from cartesia_nb.magics.magic import magic_for
from cartesia_nb.wire.catalog import warn

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

NAME = "cartesia"

# A line of ours in the cell that loads us; IPython has read it by then, in its own way.
TOO_EARLY = re.compile(r"^\s*(?:[^\W\d].*=\s*)?%cartesia\b(?!_)", re.MULTILINE)


def load(shell: InteractiveShell) -> None:
    """Register the magic and, before all of IPython's own rewriting, what keeps its text as typed."""
    shell.register_magic_function(magic_for(shell), "line_cell", NAME)  # type: ignore[arg-type]
    unload_transformer(shell)
    shell.input_transformers_cleanup.insert(0, keep_as_typed)
    cell = shell.history_manager.input_hist_raw[-1] if shell.history_manager else ""
    if "%load_ext" in cell and TOO_EARLY.search(cell):
        warn(
            "%load_ext cartesia_nb shares a cell with %cartesia lines. Put it into a cell of its own: "
            "in this one, IPython may change the texts and show only the last result."
        )


def unload(shell: InteractiveShell) -> None:
    """Undo `load`."""
    unload_transformer(shell)
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop(NAME, None)


def unload_transformer(shell: InteractiveShell) -> None:
    """Remove the input transformer, if it is there."""
    if keep_as_typed in shell.input_transformers_cleanup:
        shell.input_transformers_cleanup.remove(keep_as_typed)
