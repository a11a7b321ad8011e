"""The words about this session: ``defaults``, ``login``, ``logout``, ``sandbox``, ``status``."""

from __future__ import annotations

import getpass
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from IPython.core.error import StdinNotImplementedError

from cartesia_nb.client.client import Client, connect, disconnect
from cartesia_nb.client.defaults import SESSION, in_force, save, set_defaults
from cartesia_nb.client.resource import Resource
from cartesia_nb.magics import options as opt
from cartesia_nb.magics.command import Argument, Command, Typed
from cartesia_nb.magics.options import Option
from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.keys import VARIABLE, Key, find_key, forget_key, keep_key

if TYPE_CHECKING:
    import pandas as pd


def defaults(typed: Typed) -> pd.DataFrame:
    """Show what holds where nothing is said; set it, and keep it."""
    import pandas as pd

    if "user" in typed.options and "save" not in typed.options:
        raise InputError("--user says where to save.", advice="Write --save --user.")
    chosen: dict[str, Any] = {
        option.name: typed.options[option.name] for option in SETTINGS if option.name in typed.options
    }
    if "voice" in chosen:
        voices = connect().voices
        chosen["voice"] = voices.get(voices.names.speaker(chosen["voice"]).id).id
    forgotten = dict.fromkeys(option.name for option in SETTINGS) if "reset" in typed.options else {}
    set_defaults(**{**forgotten, **chosen})
    if "save" in typed.options:
        _save(user="user" in typed.options)
    rows = [(name, found.value or NOT_SET, found.origin) for name, found in in_force().items()]
    return pd.DataFrame(rows, columns=["setting", "value", "from"])


def _save(*, user: bool) -> None:
    """Keep what this session has set."""
    ours = {name: found.value for name, found in in_force().items() if found.origin == SESSION}
    if not ours:
        raise InputError("this session has set nothing to save.", advice="Write --voice VOICE, or another.")
    speaker = connect().voices.names.speaker(ours["voice"]) if "voice" in ours else None
    path = save(ours, user=user, voice_name=str(speaker.name or "") if speaker else "")
    print(f"Written to {path}.")  # noqa: T201


def login(typed: Typed) -> None:
    """Ask for the API key, try it, and use it from now on."""
    try:
        # By its module: a kernel puts a prompt of its own there while a cell runs.
        key = Key(getpass.getpass("Cartesia API key: "), "the prompt")
    except (StdinNotImplementedError, EOFError):
        raise InputError("nobody is there to type a key.", advice=f"Set {VARIABLE} instead.") from None
    Client(key).voices.list(limit=1)
    if "keyring" in typed.options:
        keep_key(key)
    print(f"{connect(key).base_url} answers from now on.")  # noqa: T201


def logout(typed: Typed) -> None:
    """Forget the API key."""
    disconnect()
    if "keyring" in typed.options:
        forget_key()
    if find_key() is None:
        print("No key is known any more.")  # noqa: T201
        return
    place = VARIABLE if os.environ.get(VARIABLE) else "the keyring (%cartesia logout --keyring removes it)"
    print(f"This session's key is forgotten; the next call of the API takes the one in {place}.")  # noqa: T201


def sandbox(typed: Typed) -> None:
    """Go to the sandbox, or back to the API."""
    wanted = str(typed.words[0]) if typed.words else "on"
    if wanted not in ON_OFF:
        raise InputError(f"sandbox cannot be {wanted!r}.", advice="It can be on or off.")
    client = connect(sandbox=wanted == "on")
    if wanted == "on":
        print(  # noqa: T201
            "The sandbox answers from now on: offline, free, with its own voices, not Cartesia's.\n"
            "%cartesia sandbox off goes back."
        )
    else:
        print(f"{client.base_url} answers from now on.")  # noqa: T201


def status(_typed: Typed) -> Resource:
    """Say whether the API is up, and where calls go."""
    client = connect()
    return Resource("Status", {**client.api_status.get(), "base_url": client.base_url})


#: How a default reads that nothing is sent for.
NOT_SET = "not set"
ON_OFF = ("on", "off")
SETTINGS = (opt.VOICE, opt.MODEL, opt.LANGUAGE, replace(opt.FORMAT, read=str))

WORDS: dict[str, Command] = {
    "defaults": Command(
        help="show or set the voice, model, language and format that hold where nothing is said",
        run=defaults,
        options=(
            *SETTINGS,
            Option("--save", "", "keep what this session has set: in pyproject.toml, if there is one"),
            Option("--user", "", "with --save: in your own settings, for all projects"),
            Option("--reset", "", "forget what this session has set before"),
        ),
        examples=(
            "%cartesia defaults --voice Ada --language en",
            "%cartesia defaults --format mp3 --save --user",
            "%cartesia defaults --reset",
        ),
        more=(
            "What stands on the line comes first, then what this session has set, then [tool.cartesia_nb]\n"
            "of pyproject.toml, then your own settings. They hold for the short words, not for methods that\n"
            "are called by their names. Keys and addresses are never taken from these files."
        ),
    ),
    "login": Command(
        help="ask for your API key, and use it from now on",
        run=login,
        options=(Option("--keyring", "", "keep it in the system's keyring"),),
        too_much=(
            "A key never stands in a cell: delete it there, and make a new one: IPython keeps a history."
        ),
        examples=("%cartesia login",),
        more="The key is typed into a field that does not show it, and never into a cell.",
    ),
    "logout": Command(
        help="forget your API key",
        run=logout,
        options=(Option("--keyring", "", "remove it from the system's keyring, too"),),
        examples=("%cartesia logout",),
    ),
    "sandbox": Command(
        help="go to the offline sandbox, or back to the API",
        run=sandbox,
        takes=(Argument("on|off", ON_OFF, optional=True),),
        examples=("%cartesia sandbox",),
    ),
    "status": Command(
        help="say whether the API is up, and where calls go",
        run=status,
        examples=("%cartesia status",),
    ),
}
