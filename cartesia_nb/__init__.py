"""Cartesia's voice API, at home in a Jupyter notebook.

>>> import cartesia_nb
>>> speech = cartesia_nb.connect().tts.bytes("Hello!")

In a notebook::

    %load_ext cartesia_nb
    %cartesia tts "Hello!"
"""

from __future__ import annotations

from cartesia_nb._version import __version__

# Type checkers read it as true. `typing` itself would cost ten times as much as all the rest here.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from IPython.core.interactiveshell import InteractiveShell

    from cartesia_nb.client.client import Client, connect
    from cartesia_nb.client.resource import Resource
    from cartesia_nb.client.unset import UNSET
    from cartesia_nb.record.citation import cite
    from cartesia_nb.record.dry_run import dry_run
    from cartesia_nb.record.ledger import budget, set_budget, usage
    from cartesia_nb.record.modes import set_recording
    from cartesia_nb.speech.speech import Speech
    from cartesia_nb.speech.speeches import Speeches
    from cartesia_nb.speech.transcript import Transcript
    from cartesia_nb.widgets.change_form import change_form
    from cartesia_nb.widgets.clone_form import clone_form
    from cartesia_nb.widgets.dictionary_editor import dictionary_editor
    from cartesia_nb.widgets.explorer.explorer import explore
    from cartesia_nb.widgets.infill.editor import infill_editor
    from cartesia_nb.widgets.localize_form import localize_form
    from cartesia_nb.widgets.player import player
    from cartesia_nb.widgets.recorder import recorder
    from cartesia_nb.widgets.studio import studio
    from cartesia_nb.widgets.transcribe_form import transcribe_form
    from cartesia_nb.wire.errors import CartesiaError
    from cartesia_nb.wire.formats import OutputFormat

__all__ = [
    "UNSET",
    "CartesiaError",
    "Client",
    "OutputFormat",
    "Resource",
    "Speech",
    "Speeches",
    "Transcript",
    "__version__",
    "budget",
    "change_form",
    "cite",
    "clone_form",
    "connect",
    "dictionary_editor",
    "dry_run",
    "explore",
    "infill_editor",
    "localize_form",
    "player",
    "recorder",
    "set_budget",
    "set_recording",
    "studio",
    "transcribe_form",
    "usage",
]

# What is imported only when it is used: importing this package costs next to nothing.
_HOMES = {
    "CartesiaError": "cartesia_nb.wire.errors",
    "Client": "cartesia_nb.client.client",
    "OutputFormat": "cartesia_nb.wire.formats",
    "Resource": "cartesia_nb.client.resource",
    "Speech": "cartesia_nb.speech.speech",
    "Speeches": "cartesia_nb.speech.speeches",
    "Transcript": "cartesia_nb.speech.transcript",
    "UNSET": "cartesia_nb.client.unset",
    "budget": "cartesia_nb.record.ledger",
    "change_form": "cartesia_nb.widgets.change_form",
    "cite": "cartesia_nb.record.citation",
    "clone_form": "cartesia_nb.widgets.clone_form",
    "connect": "cartesia_nb.client.client",
    "dictionary_editor": "cartesia_nb.widgets.dictionary_editor",
    "dry_run": "cartesia_nb.record.dry_run",
    "explore": "cartesia_nb.widgets.explorer.explorer",
    "infill_editor": "cartesia_nb.widgets.infill.editor",
    "localize_form": "cartesia_nb.widgets.localize_form",
    "player": "cartesia_nb.widgets.player",
    "recorder": "cartesia_nb.widgets.recorder",
    "set_budget": "cartesia_nb.record.ledger",
    "set_recording": "cartesia_nb.record.modes",
    "studio": "cartesia_nb.widgets.studio",
    "transcribe_form": "cartesia_nb.widgets.transcribe_form",
    "usage": "cartesia_nb.record.ledger",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'cartesia_nb' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Make ``%cartesia`` known: what ``%load_ext cartesia_nb`` calls."""
    from cartesia_nb.magics import load

    load(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Take ``%cartesia`` away again: what ``%unload_ext cartesia_nb`` calls."""
    from cartesia_nb.magics import unload

    unload(shell)
