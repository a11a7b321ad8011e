"""The TOML files that settings stand in: a project's pyproject.toml, and the user's config.toml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cartesia_nb.client.toml_lines import changed
from cartesia_nb.speech.files import write_whole
from cartesia_nb.wire.errors import CartesiaError, InputError

NAME = "cartesia_nb"


@dataclass(frozen=True)
class ConfigFile:
    """A file that settings may stand in.

    Parameters
    ----------
    path : Path
        Where it is; there need not be one.
    table : tuple of str
        The table with the settings, from the outside to the inside; () for the top of the file.
    """

    path: Path
    table: tuple[str, ...] = ()

    def content(self) -> bytes | None:
        """Return what is in the file, None where there is none.

        Raises
        ------
        InputError
            If it must not be read.
        """
        try:
            return self.path.read_bytes() if _is_file(self.path) else None
        except OSError as error:
            raise InputError(f"{self.path} could not be read: {error.strerror}.") from None

    def settings_in(self, content: bytes) -> Mapping[str, Any] | None:
        """Return the table of settings in a content of this file, None where it has none.

        Raises
        ------
        InputError
            If the content is no TOML, or has something else in the place of the table.
        """
        # What does not name us is not ours to complain of, broken or not.
        if self.table and NAME.encode() not in content:
            return None
        found = self._parse(content)
        for name in self.table:
            if name not in found:
                return None
            found = found[name]
            if not isinstance(found, dict):
                raise InputError(f"{self.path}: {name} is a table, not {type(found).__name__}.")
        return found

    def write(self, settings: Mapping[str, str | None], beside: Mapping[str, str]) -> None:
        """Change settings, and nothing else in the file, which is made if need be.

        Parameters
        ----------
        settings : mapping of str to str or None
            None takes a setting out.
        beside : mapping of str to str
            The comments that settings get, "" for none; those of others stay as they are.

        Raises
        ------
        InputError
            If the file is broken, or more than the settings would change.
        CartesiaError
            If it could not be written; it is as it was then.
        """
        from tomlkit.exceptions import TOMLKitError

        content = self.content() or b""
        self._parse(content)
        there = self.settings_in(content) or {}
        new = {name: to for name, to in settings.items() if to != there.get(name) or beside.get(name)}
        if not new:
            return
        try:
            text = changed(content.decode("utf-8-sig"), self.table, new, beside)
        except (TOMLKitError, ValueError):
            raise InputError(
                f"{self.path} is written in a way that settings cannot be saved in without changing more.",
                advice="Write them there by hand.",
            ) from None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.path, text.encode())
        except OSError as error:
            raise CartesiaError(
                f"{self.path} could not be written: {error.strerror or error}.", advice="It is as it was."
            ) from None

    def _parse(self, content: bytes) -> dict[str, Any]:
        import tomllib

        try:
            return tomllib.loads(content.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise InputError(f"{self.path} is no TOML: {error}.") from None


def user_file() -> ConfigFile:
    """Return the user's file, with settings for all projects; there need not be one."""
    from platformdirs import user_config_path

    return ConfigFile(user_config_path(NAME, appauthor=False) / "config.toml")


def project_files() -> Iterator[ConfigFile]:
    """Yield the pyproject.toml of the working directory and of the folders above it, nearest first."""
    try:
        here = Path.cwd()
    except FileNotFoundError:  # it was removed
        return
    for folder in (here, *here.parents):
        if _is_file(path := folder / "pyproject.toml"):
            yield ConfigFile(path, ("tool", NAME))


def _is_file(path: Path) -> bool:
    """Tell whether there is a file, as far as one may look: a home may be closed to its user."""
    try:
        return path.is_file()
    except OSError:
        return False
