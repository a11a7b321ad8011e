"""A folder of answers as one zip file."""

from __future__ import annotations

import io
import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from cartesia_nb.record import ledger
from cartesia_nb.record.store import OURS, Store, read_pins
from cartesia_nb.speech.files import check_target, write_whole
from cartesia_nb.wire.errors import CartesiaError, InputError

#: A zip may hold much more than it weighs: bytes in all, and bytes for each that it weighs.
LARGEST, DENSEST = 4 * 1024**3, 100
#: Below so many bytes, nobody is harmed.
HARMLESS = 64 * 1024**2
#: The same date for all files: the same folder gives the same zip.
DATE = (1980, 1, 1, 0, 0, 0)
#: What `zipfile` and the libraries below it raise.
UNREADABLE = (
    OSError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    EOFError,
)


def export(store: Store, path: Path) -> Path:
    """Write a folder into one zip file (see `Record.export`)."""
    target = check_target(path)
    # No links: they would take in what lies elsewhere.
    files = [file for file in store.files() if store.is_ours(file) and not file.is_symlink()]
    if store.about not in files:
        raise InputError(f"there is nothing in {store.folder} to export: it has no store.json.")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for file in files:
            # Sound does not become smaller.
            packed = zipfile.ZIP_DEFLATED if file.suffix in (".json", ".jsonl") else zipfile.ZIP_STORED
            info = zipfile.ZipInfo(store.name(file), DATE)
            info.external_attr = 0o644 << 16
            archive.writestr(info, file.read_bytes(), packed)
    try:
        write_whole(target, content.getvalue())
    except OSError as error:
        raise CartesiaError(f"{target} cannot be written: {error.strerror}.") from None
    return target


def import_(store: Store, path: Path) -> int:
    """Take in what is in a zip file (see `Record.import_`); return how many files that were."""
    try:
        with zipfile.ZipFile(path.expanduser()) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            _check(members, path)
            damaged = archive.testzip()
            if damaged:
                raise InputError(f"{path} is damaged: {damaged} is not what was written.")
            pins = read_pins(archive.read("store.json"), path)
            if store.about.exists() and pins != store.pins:
                raise InputError(
                    f"{path} was begun with other defaults than {store.folder}: they do not go together.",
                    advice="Give it a folder of its own: %cartesia record --folder DIR, then import it.",
                )
            return sum(_take_in(store, name, data) for name, data in _contents(archive, members))
    except FileNotFoundError:
        raise InputError(f"there is no file {str(path)!r}.") from None
    except UNREADABLE as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{str(path)!r} is no zip file that can be read.") from None


def _check(members: list[zipfile.ZipInfo], path: Path) -> None:
    strange = [info.filename for info in members if not OURS.fullmatch(info.filename) or _is_link(info)]
    if strange:
        raise InputError(f"{path} has {strange[0]!r} in it, which is no part of stored answers.")
    if not any(info.filename == "store.json" for info in members):
        raise InputError(f"{path} has no store.json in it: these are no stored answers.")
    if len({info.filename for info in members}) < len(members):
        raise InputError(f"{path} has two files of the same name in it.")
    size = sum(info.file_size for info in members)
    if size > LARGEST or size > max(HARMLESS, DENSEST * sum(info.compress_size for info in members)):
        raise InputError(f"{path} holds {size} bytes, more than stored answers would.")


def _is_link(info: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(info.external_attr >> 16)


def _contents(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    """Yield the files, entries last: they name the others."""
    for info in sorted(members, key=lambda info: PurePosixPath(info.filename).suffix == ".json"):
        yield info.filename, archive.read(info)


def _take_in(store: Store, name: str, data: bytes) -> bool:
    target = store.folder / name
    if target.exists() and name != ledger.FILE:
        return False
    try:
        if not target.exists():
            store.put(target, data)
            return True
        before = target.read_bytes().splitlines()
        new = [line for line in data.splitlines() if line not in set(before)]
        store.put(target, b"\n".join([*before, *new, b""]))
    except OSError as error:
        raise CartesiaError(f"{target} cannot be written: {error.strerror}.") from None
    return bool(new)
