"""``%cartesia`` and ``%%cartesia``: from words in a cell to calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartesia_nb.magics.lines import keep_as_typed
from cartesia_nb.magics.magic import magic_for

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

NAME = "cartesia"


def load(shell: InteractiveShell) -> None:
    """Register the magic and, before all of IPython's own rewriting, what keeps its text as typed."""
    shell.register_magic_function(magic_for(shell), "line_cell", NAME)  # type: ignore[arg-type]
    unload_transformer(shell)
    shell.input_transformers_cleanup.insert(0, keep_as_typed)


def unload(shell: InteractiveShell) -> None:
    """Undo `load`."""
    unload_transformer(shell)
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop(NAME, None)


def unload_transformer(shell: InteractiveShell) -> None:
    """Remove the input transformer, if it is there."""
    if keep_as_typed in shell.input_transformers_cleanup:
        shell.input_transformers_cleanup.remove(keep_as_typed)
