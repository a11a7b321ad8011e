"""A folder of answers that can be committed, browsed and diffed.

::

    cartesia_record/
      store.json                     what the folder is, and the defaults that it was begun with
      tts.bytes/SHA256.json          what was asked and answered; SHA256 is that of what was asked
      tts.bytes/SHA256.HASH.wav      the answer's body, as it came
      voices.list/SHA256.nb-NAME.2.json    the second answer to a read of the notebook NAME
      calls.jsonl                    a line for each call (see ledger.py)

A body is written before the entry that names it, and each file appears whole or not at all: whoever is
interrupted leaves the folder as it was, and of two that write the same entry the later one counts.
"""

from __future__ import annotations

import errno
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from cartesia_nb._version import __version__
from cartesia_nb.record.entry import Entry, Label
from cartesia_nb.speech.files import write_whole
from cartesia_nb.wire.catalog import DEFAULTS
from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.versions import NEWEST

FOLDER = "cartesia_record"
LAYOUT = 1
#: What costs, and says the same again: the answers that are used again. The rest are reads and changes.
REUSED = (
    "tts.bytes",
    "tts.sse",
    "infill.bytes",
    "voice_changer.bytes",
    "voice_changer.sse",
    "stt.transcribe",
)
#: All that costs; what changes something is never taken from a store.
CHARGED = (*REUSED, "voices.localize", "fine_tunes.create")
#: What must not lie in a folder: a token is as good as a key.
NEVER_KEPT = ("auth.access_token",)
#: What the look-up of a voice by its name is called among the methods.
LOOK_UP = "voices.by_name"
#: What files of a folder are called. Nothing else in it is looked at or removed: it may be of somebody's own.
METHOD, NAME = r"[a-z_]+\.[a-z_]+", r"[0-9a-f]{64}[\w.-]*"
OURS = re.compile(rf"store\.json|calls\.jsonl|{METHOD}/{NAME}\.(json|wav|mp3|raw|stream)")
#: What an interrupted write leaves.
LEFTOVER = re.compile(rf"({METHOD}/)?\.[0-9a-f]{{16}}")
ABOUT = (
    "Answers of the Cartesia API, kept by cartesia_nb. Entries are JSON; the audio beside them is as it came."
)


class Pins(NamedTuple):
    """What held when a folder was begun, and goes on to hold in it.

    Attributes
    ----------
    defaults : mapping
        The defaults of calls (see `wire.catalog.DEFAULTS`).
    newest : str
        The newest `Cartesia-Version`.
    """

    defaults: Mapping[str, str]
    newest: str


CURRENT = Pins({name: str(value) for name, value in DEFAULTS.items()}, NEWEST)


class Kept(NamedTuple):
    """An entry and its body, whole."""

    entry: Entry
    body: bytes


class DamagedEntry(ValueError):
    """An entry, or the body that it names, is not what was written."""


class Store:
    """A folder of answers.

    Parameters
    ----------
    folder : Path
        Made at the first write.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pins: Pins | None = None

    @property
    def pins(self) -> Pins:
        """What held when the folder was begun; what holds in this release, if it is not.

        Raises
        ------
        InputError
            If it cannot be read, or a later release has begun it.
        """
        if self._pins is None and self.about.exists():
            self._pins = self.read_pins()
        return self._pins or CURRENT

    @property
    def about(self) -> Path:
        """The file that says what held when the folder was begun."""
        return self.folder / "store.json"

    def read_pins(self) -> Pins:
        """Read what held when the folder was begun.

        Raises
        ------
        InputError
            If it cannot be read, or a later release has begun it.
        """
        try:
            return read_pins(self.about.read_bytes(), self.folder)
        except (OSError, ValueError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError(
                f"{self.about} cannot be read.", advice="Take it back from your version control."
            ) from None

    def path(self, method: str, label: Label) -> Path:
        """Return the place of an entry's file."""
        return self.folder / method / f"{label.stem}.json"

    def read(self, path: Path) -> Kept | None:
        """Return an entry with its body; None if there is none.

        Raises
        ------
        DamagedEntry
            If it, or its body, is not what was written.
        """
        try:
            entry = self._entry(path)
            body = (path.parent / entry.file).read_bytes() if entry.file else (entry.text or "").encode()
        except FileNotFoundError as error:
            if Path(error.filename) == path:
                return None
            raise DamagedEntry(f"{error.filename} is missing") from None
        except OSError as error:
            raise DamagedEntry(f"{error.filename} cannot be read: {error.strerror}") from None
        except ValueError:
            raise DamagedEntry(f"{path} cannot be read") from None
        sizes = [size for _, size in entry.blocks or [(0.0, len(body))]]
        if hashlib.sha256(body).hexdigest() != entry.body_sha256 or sum(sizes) != len(body):
            raise DamagedEntry(f"{path.parent / entry.file if entry.file else path} is not what was written")
        return Kept(entry, body)

    def _entry(self, path: Path) -> Entry:
        """Return an entry that lies where it says: from elsewhere, it could lead out of the folder."""
        entry = Entry.from_json(path.read_text(encoding="utf-8"))
        if self.path(entry.method, entry.label) != path:
            raise ValueError(f"{path} belongs to another place")
        return entry

    def write(self, entry: Entry, body: bytes) -> None:
        """Keep an answer, in the place of the one that is there.

        Raises
        ------
        OSError
            If it cannot be written; what is there stays as it is.
        """
        self._begin()
        path = self.path(entry.method, entry.label)
        if entry.file:
            self.put(path.parent / entry.file, body)
        self.put(path, entry.to_json().encode())

    def put(self, path: Path, content: bytes) -> None:
        """Write a file of the folder; a link in its place is not followed, and ends.

        Raises
        ------
        OSError
            If it cannot be written; what is there stays as it is.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.parent != self.folder and path.parent.is_symlink():
            raise OSError(errno.ELOOP, f"{path.parent.name} leads elsewhere")
        if path.is_symlink():
            path.unlink()
        write_whole(path, content)

    def _begin(self) -> None:
        if not self.about.exists():
            about = {
                "about": ABOUT,
                "layout": LAYOUT,
                "made_with": f"cartesia_nb {__version__}",
                "newest_version": NEWEST,
                "defaults": DEFAULTS,
            }
            self.put(self.about, (json.dumps(about, indent=1) + "\n").encode())

    def forget(self, path: Path) -> None:
        """Take an entry away; its body stays until the folder is pruned."""
        path.unlink(missing_ok=True)

    def paths(self, method: str = "*", sha256: str = "") -> list[Path]:
        """Return the places of the entries: of all, of a method, of one request."""
        return sorted(filter(self.is_ours, self.folder.glob(f"{method}/{sha256}*.json")))

    def files(self) -> list[Path]:
        """Return all files that are of the folder's own, and what interrupted writes have left."""
        found = (path for depth in ("*", "*/*") for path in self.folder.glob(depth))
        return sorted(
            path for path in found if (self.is_ours(path) or self.is_leftover(path)) and path.is_file()
        )

    def is_ours(self, path: Path) -> bool:
        """Tell whether a file of the folder is one that a store writes."""
        return bool(OURS.fullmatch(self.name(path)))

    def is_leftover(self, path: Path) -> bool:
        """Tell whether a file of the folder is what an interrupted write has left."""
        return bool(LEFTOVER.fullmatch(self.name(path)))

    def name(self, path: Path) -> str:
        """Return what a file is called inside the folder."""
        return path.relative_to(self.folder).as_posix()

    def labels(self, method: str, sha256: str) -> list[Label]:
        """Return the labels of the answers to a request, as the files are called."""
        labels = []
        for path in self.paths(method, sha256):
            try:
                labels.append(Label.of(path.stem))
            except ValueError:  # which `verify` tells
                continue
        return labels

    def entries(self, method: str = "*", sha256: str = "") -> Iterator[Entry]:
        """Yield the entries that can be read, without their bodies."""
        for path in self.paths(method, sha256):
            try:
                yield self._entry(path)
            except (OSError, ValueError):  # which `verify` tells
                continue


def read_pins(content: bytes, folder: Path) -> Pins:
    """Read what held when a folder was begun, from its store.json.

    Raises
    ------
    InputError
        If a later release has begun it.
    ValueError
        If it cannot be read.
    """
    try:
        about = json.loads(content)
        if int(about["layout"]) > LAYOUT:
            raise InputError(
                f"{folder} was made by a later release, {about.get('made_with')}.",
                advice="Update cartesia_nb.",
            )
        pins = Pins(dict(about["defaults"]), about["newest_version"])
    except (TypeError, LookupError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError(f"no store.json: {error}") from None
    if not all(isinstance(text, str) for text in (*pins.defaults.values(), pins.newest)):
        raise ValueError("no store.json: a default is a text")
    return pins
