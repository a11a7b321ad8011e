"""The upkeep of a folder of answers: what is in it, whether it is whole, and what nobody uses any more."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cartesia_nb.record import ledger
from cartesia_nb.record.asked import flat
from cartesia_nb.record.entry import Entry
from cartesia_nb.record.miss import subject
from cartesia_nb.record.notebook import file_label
from cartesia_nb.record.store import REUSED, DamagedEntry, Store
from cartesia_nb.wire.errors import CartesiaError, InputError
from cartesia_nb.wire.exchange import backend_of

if TYPE_CHECKING:
    import pandas as pd

ENTRY: Mapping[str, str] = {
    "method": "category",
    "about": "string",
    "model_id": "string",
    "voice_id": "string",
    "made_at": "datetime64[ns, UTC]",
    "backend": "category",
    "version": "string",
    "notebook": "string",
    "take": "Int64",
    "bytes": "Int64",
    "file": "string",
}
#: What a check of a file can find.
WHOLE, DAMAGED, UNUSED = "whole", "damaged", "unused"
CHECK: Mapping[str, str] = {"file": "string", "state": "category", "why": "string"}

#: Where a request says who speaks, and which model.
VOICE_FIELDS = ("body.voice.id", "fields.voice_id", "fields.voice[id]", "body.voice_id")
MODEL_FIELDS = ("body.model_id", "fields.model_id", "fields.model")

#: What in a saved notebook tells which audio it shows.
AUDIO_HASH = re.compile(r"audio_sha256.{1,40}?([0-9a-f]{64})")


def entries(store: Store) -> pd.DataFrame:
    """Return what is in a folder (see `Record.entries`)."""
    from cartesia_nb.frames import frame  # imports pandas

    rows = [_row(store, entry) for entry in store.entries()]
    return frame(sorted(rows, key=lambda row: (str(row["made_at"]), row["take"])), ENTRY)


def _row(store: Store, entry: Entry) -> dict[str, Any]:
    fields = flat(entry.asked)
    path = store.path(entry.method, entry.label)
    body = path.parent / entry.file if entry.file else path
    return {
        "method": entry.method,
        "about": subject(fields),
        "model_id": first_of(fields, MODEL_FIELDS),
        "voice_id": first_of(fields, VOICE_FIELDS),
        "made_at": entry.made_at,
        "backend": backend_of(entry.headers),
        "version": entry.asked.get("version"),
        "notebook": entry.label.notebook,
        "take": entry.label.take,
        "bytes": body.stat().st_size if body.exists() else None,
        "file": store.name(path),
    }


def first_of(fields: Mapping[str, Any], names: Iterable[str]) -> Any:
    """Return the value of the first of these fields that there is; None if there is none."""
    return next((fields[name] for name in names if name in fields), None)


def verify(store: Store) -> pd.DataFrame:
    """Check every file of a folder against its hash (see `Record.verify`)."""
    from cartesia_nb.frames import frame  # imports pandas

    rows = list(_checked(store))
    state_of = {row["file"]: row["state"] for row in rows}
    bodies = map(store.name, _bodies(store))
    rows += [_checked_body(name, state_of) for name in bodies if name not in state_of]
    if store.about.exists() or store.paths():
        rows.append(_checked_pins(store))
    return frame(sorted(rows, key=lambda row: row["file"]), CHECK)


def _checked(store: Store) -> Iterator[dict[str, Any]]:
    name = store.name
    for path in store.paths():
        try:
            kept = store.read(path)
        except DamagedEntry as error:
            yield {"file": name(path), "state": DAMAGED, "why": str(error)}
            continue
        if kept is None:  # gone in the meantime
            continue
        yield {"file": name(path), "state": WHOLE}
        if kept.entry.file:
            yield {"file": name(path.parent / kept.entry.file), "state": WHOLE}


def _checked_body(name: str, state_of: Mapping[str, str]) -> dict[str, Any]:
    """Return what is found of a body that no whole entry names."""
    # It is called as its entry, with a hash and an extension of its own.
    entry = name.rsplit(".", 2)[0] + ".json"
    if state_of.get(entry) == DAMAGED:
        return {"file": name, "state": DAMAGED, "why": f"{entry} is damaged"}
    return {"file": name, "state": UNUSED, "why": "no entry names it"}


def _checked_pins(store: Store) -> dict[str, Any]:
    name = store.name(store.about)
    if not store.about.exists():
        return {"file": name, "state": DAMAGED, "why": "it is missing: the defaults then are not known"}
    try:
        store.read_pins()
    except InputError as error:
        return {"file": name, "state": DAMAGED, "why": str(error)}
    return {"file": name, "state": WHOLE}


def _bodies(store: Store) -> list[Path]:
    """Return the files beside the entries, those too that an interrupted write has left."""
    own = (".json", ".jsonl")
    return [path for path in store.files() if path.suffix not in own]


def prune(store: Store, notebooks: Iterable[Path]) -> int:
    """Remove what none of the named notebooks uses (see `Record.prune`); return how many files that were."""
    named = [Path(notebook).expanduser() for notebook in notebooks]
    if not named:
        raise InputError("prune wants the notebooks whose answers are to stay.")
    for row in _checked(store):
        if row["state"] == DAMAGED:
            raise InputError(
                f"{row['file']} is damaged: it cannot be told who uses it. Nothing was removed.",
                advice="Take it back from your version control, or remove it; then prune.",
            )
    used = _used_by(store, {""}, set())
    for notebook in named:
        used |= _used_by_notebook(store, notebook)
    kept: set[Path] = set()
    for entry in store.entries():
        path = store.path(entry.method, entry.label)
        if store.name(path) in used:
            kept |= {path, path.parent / entry.file} if entry.file else {path}
    return _remove([path for path in (*store.paths(), *_bodies(store)) if path not in kept])


def _used_by_notebook(store: Store, notebook: Path) -> set[str]:
    try:
        shown = set(AUDIO_HASH.findall(json.dumps(json.loads(notebook.read_text(encoding="utf-8")))))
    except FileNotFoundError:
        raise InputError(f"there is no file {str(notebook)!r}.") from None
    except (OSError, ValueError, RecursionError):
        raise InputError(f"{str(notebook)!r} is no notebook that can be read.") from None
    name = file_label(notebook.stem)
    names = {name} if _used_by(store, {name}, set()) else _earlier_names(store, shown)
    used = _used_by(store, names, shown)
    if not used:
        raise InputError(
            f"nothing is known of {notebook.name}: neither its calls nor saved outputs.",
            advice="Run it once, so that its answers are not removed with the others.",
        )
    return used


def _earlier_names(store: Store, shown: set[str]) -> set[str]:
    """Return under which names the sounds that a notebook shows were called: it may have been renamed."""
    entries = _used_by(store, set(), shown)
    rows = ledger.written(store.folder / ledger.FILE)
    return {row["notebook"] for row in rows if row.get("entry") in entries}


def _used_by(store: Store, names: set[str], shown: set[str]) -> set[str]:
    """Return the entries that notebooks of these names have called or asked for, and whose audio is shown."""
    rows = ledger.written(store.folder / ledger.FILE)
    called = {row.get("entry") for row in rows if row.get("notebook") in names}
    used = set()
    for entry in store.entries():
        file = store.name(store.path(entry.method, entry.label))
        own = entry.label.notebook in names and (entry.method not in REUSED or entry.label.take > 1)
        if own or file in called or entry.audio_sha256 in shown:
            used.add(file)
    return used


def _remove(paths: Iterable[Path]) -> int:
    removed = 0
    for path in paths:
        try:
            path.unlink()
        except OSError as error:
            raise CartesiaError(
                f"{path} cannot be removed: {error.strerror}. {removed} files were removed before it."
            ) from None
        removed += 1
    return removed
