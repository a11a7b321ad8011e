"""What is done with answers: which mode, and which folder."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cartesia_nb.record.store import FOLDER
from cartesia_nb.wire.errors import InputError

CACHE, REPLAY, REFRESH, OFF = "cache", "replay", "refresh", "off"
#: What each mode does.
MODES = {
    CACHE: "answers that cost are kept and used again; everything else is asked, and kept for a replay",
    REPLAY: "every answer comes from the folder; nothing is sent, and no key is needed",
    REFRESH: "everything is asked again, once in a session, and kept in the place of what was there",
    OFF: "nothing is kept, and nothing that was kept is used",
}
MODE_VARIABLE, FOLDER_VARIABLE = "CARTESIA_NB_RECORD", "CARTESIA_NB_RECORD_FOLDER"


class Recording(NamedTuple):
    """A mode and a folder.

    Attributes
    ----------
    mode : str
        One of `MODES`.
    folder : Path
        Where answers are kept.
    """

    mode: str
    folder: Path


_changes = 0
_mode: str | None = None
_folder: Path | None = None


def in_force() -> Recording:
    """Return what this session has set, or else the environment, or else ``cache`` and the usual folder.

    Raises
    ------
    InputError
        If the environment names a mode that there is not.
    """
    return Recording(mode_in_force(), folder_in_force())


def mode_in_force() -> str:
    """Return the mode that is in force (see `in_force`)."""
    return _mode or check_mode(os.environ.get(MODE_VARIABLE) or CACHE, MODE_VARIABLE)


def folder_in_force() -> Path:
    """Return the folder that is in force (see `in_force`)."""
    return _folder or _usual_folder(os.environ.get(FOLDER_VARIABLE) or FOLDER)


@cache
def _usual_folder(named: str) -> Path:
    """Return a folder by its name, from where the first call was made: later ones may be made elsewhere."""
    return check_folder(named)


def set_recording(mode: str | None = None, folder: str | os.PathLike[str] | None = None) -> None:
    """Set the mode, or the folder, for all clients of this session that were not given their own.

    Raises
    ------
    InputError
        If there is no such mode, or the folder is none.
    """
    global _mode, _folder, _changes  # noqa: PLW0603
    chosen = _mode if mode is None else check_mode(mode)
    _folder = _folder if folder is None else check_folder(folder)
    _mode = chosen
    _changes += 1


def reset() -> None:
    """Forget what this session has set."""
    global _mode, _folder, _changes  # noqa: PLW0603
    _mode = _folder = None
    _usual_folder.cache_clear()
    _changes += 1


def changes() -> int:
    """Return how often the mode or the folder was set: each time, the answers of a run begin anew."""
    return _changes


def check_mode(mode: str, source: str = "record") -> str:
    """Return a mode, if it is one.

    Raises
    ------
    InputError
        If it is none.
    """
    if not isinstance(mode, str) or mode not in MODES:
        raise InputError(f"{source} cannot be {mode!r}.", advice=f"It can be {', '.join(MODES)}.")
    return mode


def check_folder(folder: str | os.PathLike[str]) -> Path:
    """Return a folder as an absolute path, so that it stays the same when the working directory changes.

    Raises
    ------
    InputError
        If it is no path, or a file.
    """
    try:
        path = Path(folder).expanduser().absolute()
        taken = path.exists() and not path.is_dir()
    except (TypeError, ValueError, RuntimeError, OSError):
        raise InputError(f"{folder!r} is no path of a folder.") from None
    if not str(folder):  # Path takes it for the working directory
        raise InputError("the folder's path is empty.")
    if "\0" in str(path):
        raise InputError("a path cannot have a NUL character in it.")
    if taken:
        raise InputError(f"answers cannot be kept in {str(path)!r}: it is a file.")
    return path
