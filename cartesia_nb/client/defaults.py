"""What magics and forms take where nothing is said. Python calls say everything themselves.

For each setting, the first that has it counts: the session, the project's ``[tool.cartesia_nb]`` in
pyproject.toml, the user's config.toml, the built-in table.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from unicodedata import category

from cartesia_nb.client.config_files import ConfigFile, project_files, user_file
from cartesia_nb.wire import catalog
from cartesia_nb.wire.catalog import DEFAULTS
from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.formats import SHORT_EXAMPLES, output_format
from cartesia_nb.wire.keys import VARIABLE
from cartesia_nb.wire.masks import hide_keys

#: What can be set, and what it means.
SETTINGS = {
    "voice": "who speaks: an id, or a name",
    "model": "the model that speaks, such as sonic-3.5",
    "language": "the language of the text, such as en or de",
    "format": f"how the API writes the audio: {SHORT_EXAMPLES}",
}
BUILT_IN = {
    "voice": DEFAULTS["voice"],
    "model": DEFAULTS["tts_model"],
    "language": None,
    "format": DEFAULTS["output_format"],
}

#: The origin of what was set here and now.
SESSION = "this session"

#: What a file that is committed or shared must not decide, and where it belongs.
ELSEWHERE = {
    r"key|token|secret|passw": f"a key belongs in {VARIABLE} or in the system keyring",
    r"url|host|endpoint": "where calls go is said by CARTESIA_BASE_URL",
}


@dataclass(frozen=True)
class Default:
    """What a setting is, and who says so.

    Attributes
    ----------
    value : str or None
        None where nothing is sent, so that the API decides.
    origin : str
        ``"this session"``, the path of a file, or ``"built in"``.
    """

    value: str | None
    origin: str


_session: dict[str, str] = {}
_lock = threading.Lock()


def in_force() -> dict[str, Default]:
    """Return what each setting is, and who says so.

    Raises
    ------
    InputError
        If a file is broken, or sets what is impossible.

    Examples
    --------
    >>> in_force()["model"]
    Default(value='sonic-3.5', origin='built in')
    """
    found = {name: Default(value, "built in") for name, value in BUILT_IN.items()}
    for origin, settings in _layers():
        found |= {name: Default(value, origin) for name, value in settings.items()}
    return found


def default(name: str) -> str | None:
    """Return what one setting is; None where nothing is sent, so that the API decides.

    Raises
    ------
    InputError
        If there is no such setting, a file is broken, or sets what is impossible.

    Examples
    --------
    >>> default("format")
    'wav:pcm_s16le@44100'
    """
    _check_names([name])
    return in_force()[name].value


def set_defaults(**settings: str | None) -> None:
    """Set defaults for this session: for all threads of this process, until it ends.

    Parameters
    ----------
    **settings : str or None
        `voice`, `model`, `language`, `format`. None takes a setting back.

    Raises
    ------
    InputError
        If one of them is impossible; none is set then.

    Examples
    --------
    >>> set_defaults(model="sonic-3", language="de")
    >>> in_force()["language"]
    Default(value='de', origin='this session')
    >>> reset()
    """
    global _session  # noqa: PLW0603
    _check_all(settings)
    with _lock:
        together = {**_session, **settings}
        _session = {name: value for name, value in together.items() if value is not None}


def reset() -> None:
    """Forget what this session has set."""
    global _session  # noqa: PLW0603
    with _lock:
        _session = {}


def save(settings: Mapping[str, str | None], *, user: bool = False, voice_name: str = "") -> Path:
    """Write defaults into the project's pyproject.toml, or into the user's config.toml.

    Comments, order and everything else in the file stay as they are. What this session has set still goes
    before what is saved.

    Parameters
    ----------
    settings : mapping of str to str or None
        `voice`, `model`, `language`, `format`. None takes a setting out of the file.
    user : bool
        False writes into the pyproject.toml of the working directory, or the nearest above it; True into
        the user's own file, which counts in all projects, and is made if need be.
    voice_name : str
        What stands beside the voice, as a comment.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If a setting is impossible, there is no pyproject.toml, or it cannot be changed.
    CartesiaError
        If the file could not be written; it is as it was then.

    Examples
    --------
    >>> path = save({"voice": "e07c00bc-4134-4eae-9ea4-1a55fb45746b"}, user=True, voice_name="Ada")
    >>> print(path.read_text())
    voice = "e07c00bc-4134-4eae-9ea4-1a55fb45746b"  # Ada
    <BLANKLINE>
    """
    _check_all(settings)
    # The comment beside the voice is about that voice: another voice has another one, or none.
    beside = {"voice": _one_line(voice_name)}
    with _lock:  # two threads do not lose each other's settings
        file = user_file() if user else _nearest_project()
        file.write(settings, beside)
    return file.path


def _layers() -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield who says what, the last word last."""
    user = user_file()
    yield str(user.path), _settings_of(user) or {}
    for project in project_files():
        settings = _settings_of(project)
        if settings is not None:
            yield str(project.path), settings
            break
    yield SESSION, _session


def _settings_of(file: ConfigFile) -> Mapping[str, str] | None:
    content = file.content()
    return None if content is None else _taken(file, content)


@lru_cache(maxsize=16)
def _taken(file: ConfigFile, content: bytes) -> Mapping[str, str] | None:
    """Return the settings in a file, checked; a file that did not change is not parsed again.

    Files are compared by content, since two changes may bear the same time. Reading costs a
    fiftieth of parsing.
    """
    found = file.settings_in(content)
    if found is None:
        return None
    taken = {name: value for name, value in found.items() if name in SETTINGS}
    for name, value in taken.items():
        _check(name, value, f"{file.path}: ")
    for name in found:
        if name not in taken:
            catalog.warn(f"{file.path}: {_refusal(name)}")
    return taken


def _nearest_project() -> ConfigFile:
    for file in project_files():
        return file
    raise InputError(
        "there is no pyproject.toml here, nor in a folder above.",
        advice="Make one (it may be empty), or save for all your projects (--user, user=True).",
    )


def _check_all(settings: Mapping[str, str | None]) -> None:
    """Refuse what is impossible, and warn of what is not known to this release."""
    _check_names(settings)
    given = {name: value for name, value in settings.items() if value is not None}
    for name, value in given.items():
        _check(name, value)
    if "model" in given:
        catalog.warn_unknown("model", given["model"], catalog.TTS_MODELS)
    if "language" in given:
        catalog.warn_unknown("language", given["language"], catalog.TTS_LANGUAGES)


def _check_names(names: Iterable[str]) -> None:
    for name in names:
        if name not in SETTINGS:
            raise InputError(_refusal(str(name)))


def _check(name: str, value: Any, where: str = "") -> None:
    if not isinstance(value, str) or not value.strip():
        got = "empty" if isinstance(value, str) else type(value).__name__
        raise InputError(f"{where}{name} is a text, not {got}.", advice=f"It is {SETTINGS[name]}.")
    if hide_keys(value) != value or any(category(char) in ("Cc", "Cs") for char in value):
        raise InputError(f"{where}{name} cannot be {value!r}.", advice=f"It is {SETTINGS[name]}.")
    if name == "format":
        try:
            output_format(value)
        except InputError as error:
            raise InputError(f"{where}{name}: {error.message}", advice=error.advice) from None


def _refusal(name: str) -> str:
    """Say why a name cannot be set, and what can; the value is never shown."""
    for pattern, where in ELSEWHERE.items():
        if re.search(pattern, name, re.IGNORECASE):
            return f"{name!r} cannot be set here, and is not used: {where}."
    near = catalog.nearest(name, SETTINGS, 1)
    hint = f"Did you mean {near[0]!r}?" if near else f"There are {', '.join(SETTINGS)}."
    return f"there is no setting {name!r}. {hint}"


def _one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
