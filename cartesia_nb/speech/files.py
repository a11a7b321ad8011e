"""Files to read, and files that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from cartesia_nb.wire.errors import InputError


def read_whole(path: str | os.PathLike[str]) -> tuple[str, bytes]:
    """Return the name of a file and its content; ``~`` in the path is resolved.

    Raises
    ------
    InputError
        If there is no such file, it must not be read, or nothing is in it.
    """
    source = _path(path)
    if source.is_dir():
        raise InputError(f"{str(source)!r} is a folder.", advice="Give one of the files in it.")
    if not source.is_file():
        raise InputError(f"there is no file {str(source)!r}.", advice=f"Here is {Path.cwd()}.")
    try:
        content = source.read_bytes()
    except PermissionError:
        raise InputError(f"the file {str(source)!r} must not be read.", advice="Change its mode.") from None
    if not content:
        raise InputError(f"the file {str(source)!r} is empty.", advice="Copy or make it once more.")
    return source.name, content


def check_target(path: str | os.PathLike[str]) -> Path:
    """Return `path`, with ``~`` resolved, if a file can be written there.

    Raises
    ------
    InputError
        If it is no path, its folder does not exist or must not be written to, or it is a folder itself.
    """
    target = _path(path)
    if not target.parent.is_dir():
        raise InputError(f"there is no folder {str(target.parent)!r} to save {target.name} in.")
    if target.is_dir():
        raise InputError(f"{str(target)!r} is a folder, not a file name.")
    if not os.access(target.parent, os.W_OK):
        raise InputError(f"the folder {str(target.parent)!r} must not be written to.")
    return target


def write_whole(target: Path, content: bytes) -> None:
    """Write a file, in the place of one of that name; a link stays a link, and a mode as it is.

    Raises
    ------
    OSError
        If the disk is full or the folder must not be written to; nothing is left of the new file then.
    """
    file_itself = target.resolve()
    partial = file_itself.with_name(f".{secrets.token_hex(8)}")
    try:
        with partial.open("xb") as file:
            file.write(content)
        if file_itself.exists():
            shutil.copymode(file_itself, partial)
        partial.replace(file_itself)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _path(path: str | os.PathLike[str]) -> Path:
    """Return `path`, with ``~`` resolved, if a file could have it.

    Raises
    ------
    InputError
        If none could.
    """
    try:
        target = Path(path).expanduser()
        os.fsencode(target)
    except (TypeError, RuntimeError, UnicodeEncodeError):
        raise InputError(f"{path!r} is no path of a file.") from None
    if "\0" in str(target):
        raise InputError("a path cannot have a NUL character in it.")
    return target
