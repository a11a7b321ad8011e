"""The words about what was asked and answered: ``record``, ``usage``, ``budget``, ``cite``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cartesia_nb.client.client import shared
from cartesia_nb.magics.command import Argument, Command, Typed
from cartesia_nb.magics.options import Option
from cartesia_nb.record import citation, ledger
from cartesia_nb.record.modes import MODES, set_recording
from cartesia_nb.record.record import Record
from cartesia_nb.wire.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

OFF = "off"


def record(typed: Typed) -> Any:
    """Show what is stored; set the mode; or look after the folder."""
    action, *files = map(str, typed.words or [""])
    if "folder" in typed.options:
        set_recording(folder=typed.options["folder"])
        if action not in MODES:
            print(f"From now on, answers are kept in {Record().store.folder}.")  # noqa: T201
    if action in MODES:
        _check_number(action, files, 0)
        set_recording(action)
        print(f"{action}: {MODES[action]} ({Record().store.folder}).")  # noqa: T201
        return None
    if action and action not in ACTIONS:
        raise InputError(f"record cannot be {action!r}.", advice=f"It can be {', '.join(WAYS)}.")
    return ACTIONS[action](files) if action else Record().entries()


def _verify(files: list[str]) -> pd.DataFrame:
    _check_number("verify", files, 0)
    checked = Record().verify()
    wrong = checked[checked["state"] != "whole"]
    print(f"{len(checked) - len(wrong)} of {len(checked)} files are whole.")  # noqa: T201
    return wrong


def _prune(files: list[str]) -> None:
    print(f"Removed {Record().prune(files)} files.")  # noqa: T201


def _export(files: list[str]) -> None:
    _check_number("export", files, 1)
    print(f"Written to {Record().export(files[0])}.")  # noqa: T201


def _import(files: list[str]) -> None:
    _check_number("import", files, 1)
    print(f"Took in {Record().import_(files[0])} files.")  # noqa: T201


def _check_number(action: str, files: list[str], wanted: int) -> None:
    if len(files) != wanted:
        raise InputError(f"%cartesia record {action} takes {'one file' if wanted else 'nothing more'}.")


def usage(typed: Typed) -> pd.DataFrame:
    """Show what was called, and what it cost."""
    notebooks = "notebooks" in typed.options
    rows = ledger.usage("notebook" if notebooks else "call")
    free = rows["sandbox"] if notebooks else rows["credits"].where(rows["backend"] == ledger.SANDBOX, 0)
    told = [f"About {int(rows['credits'].sum())} credits{'' if notebooks else ' in this session'}."]
    if free.sum():
        told.append(f"{int(free.sum())} of them are the sandbox's, which charges nothing.")
    print(*told)  # noqa: T201
    return rows


def budget(typed: Typed) -> None:
    """Set how much may be spent, or say how much is left."""
    if typed.words:
        ledger.set_budget(_credits(str(typed.words[0])))
    client = shared()
    local = client is not None and client.record.local
    limit, used = ledger.budget(), ledger.spent(local=local)
    left = "No budget is set" if limit is None else f"{max(0, limit - used)} of {limit} credits are left"
    print(f"{left}; about {used} are spent{' in the sandbox' if local else ''}.")  # noqa: T201


def _credits(typed: str) -> int | None:
    if typed == OFF:
        return None
    if not re.fullmatch(r"[0-9]+(_[0-9]+)*", typed):
        raise InputError(f"a budget is a whole number of credits, or {OFF}, not {typed!r}.")
    return int(typed)


def cite(_typed: Typed) -> None:
    """Print what this notebook used."""
    print(citation.cite())  # noqa: T201


ACTIONS: Mapping[str, Callable[[list[str]], Any]] = {
    "verify": _verify,
    "prune": _prune,
    "export": _export,
    "import": _import,
}
WAYS = (*MODES, *ACTIONS)

WORDS: dict[str, Command] = {
    "record": Command(
        help="keep what the API answers, and replay it; with nothing more, list what is kept",
        run=record,
        takes=(Argument("MODE", WAYS, optional=True), Argument("FILE", "files", optional=True, many=True)),
        options=(Option("--folder", "DIR", "where answers are kept", Path),),
        examples=(
            "%cartesia record cache",
            '%cartesia tts "This is paid for once."',
            "%cartesia record",
            "%cartesia record verify",
            "%cartesia record export answers.zip",
        ),
        more="\n".join(
            [
                *(f"{mode:8} {meaning}" for mode, meaning in MODES.items()),
                "verify   check every file against its hash",
                "prune    NOTEBOOK ...: remove what these notebooks do not use",
                "export   FILE.zip: write the folder into one file",
                "import   FILE.zip: take in what another folder had",
            ]
        ),
    ),
    "usage": Command(
        help="show what was called in this session, and what it cost",
        run=usage,
        options=(Option("--notebooks", "", "a row for each notebook, over all of its kernels"),),
        examples=("%cartesia usage",),
        more="Credits are estimates, by the published prices. What was stored costs nothing.",
    ),
    "budget": Command(
        help="refuse calls that would cost more than so many credits in all",
        run=budget,
        takes=(Argument("CREDITS|off", (OFF,), optional=True),),
        examples=("%cartesia budget 5000", "%cartesia budget", "%cartesia budget off"),
        more=(
            "It counts what this notebook has spent, in earlier kernels too. Stored answers cost nothing; "
            "what the sandbox says is counted apart."
        ),
    ),
    "cite": Command(
        help="print the models, voices, versions and dates that this notebook used",
        run=cite,
        examples=('%cartesia tts "Something to cite."', "%cartesia cite"),
    ),
}
