"""``%cartesia`` and ``%%cartesia``: from words in a cell to calls."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cartesia_nb.magics.completion import MATCHER, matcher_for
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
    unhook(shell)
    shell.input_transformers_cleanup.insert(0, keep_as_typed)
    shell.Completer.custom_matchers.append(matcher_for(shell))
    cell = shell.history_manager.input_hist_raw[-1] if shell.history_manager else ""
    if "%load_ext" in cell and TOO_EARLY.search(cell):
        warn(
            "%load_ext cartesia_nb shares a cell with %cartesia lines. Put it into a cell of its own: "
            "in this one, IPython may change the texts and show only the last result."
        )


def unload(shell: InteractiveShell) -> None:
    """Undo `load`."""
    unhook(shell)
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop(NAME, None)


def unhook(shell: InteractiveShell) -> None:
    """Remove the input transformer and the matcher, if they are there."""
    if keep_as_typed in shell.input_transformers_cleanup:
        shell.input_transformers_cleanup.remove(keep_as_typed)
    matchers = shell.Completer.custom_matchers
    matchers[:] = [one for one in matchers if getattr(one, "matcher_identifier", "") != MATCHER]
