"""What becomes of a call: it is sent, or answered from the store; and its answer is kept."""

from __future__ import annotations

import hashlib
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from cartesia_nb.record import ledger, modes
from cartesia_nb.record.asked import hash_of, what_is_asked
from cartesia_nb.record.dry_run import stop_if_dry
from cartesia_nb.record.entry import Label, entry_of, error_answer, gives_away
from cartesia_nb.record.kept_stream import Blocks, StoredStream, Writing
from cartesia_nb.record.miss import not_stored, told
from cartesia_nb.record.modes import OFF, REFRESH, REPLAY
from cartesia_nb.record.notebook import notebook_name
from cartesia_nb.record.store import CHARGED, CURRENT, NEVER_KEPT, REUSED, DamagedEntry, Kept, Store
from cartesia_nb.wire.catalog import DEFAULTS, BuiltIn, warn
from cartesia_nb.wire.errors import APIError, CartesiaError, InputError
from cartesia_nb.wire.exchange import Answer, Request
from cartesia_nb.wire.keys import Key

if TYPE_CHECKING:
    import pandas as pd

    from cartesia_nb.wire.streams import Stream

Value = TypeVar("Value")
Sent = TypeVar("Sent", bound=ledger.Received)

#: The errors that say something about what was asked, and not about the key, the plan or the hour.
LASTING_ERRORS = (400, 403, 404, 409, 410, 413, 415, 422)

#: How often each request was answered in a run: the takes.
_answered: Counter[tuple[tuple[int, bool, Path], Label]] = Counter()
#: The answer that each request got last in a run: its status, its hash, and where it is kept.
_latest: dict[tuple[tuple[int, bool, Path], Label], tuple[int, str, Path]] = {}
_lock = threading.Lock()


class Record:
    """What is done with a client's calls and answers.

    Parameters
    ----------
    mode : str, optional
        One of `modes.MODES`; what this session, or the environment, says if left out.
    folder : path, optional
        Where answers are kept, likewise.
    local : bool
        Whether this machine answers: what it says is never used in the place of the API's answers.
    """

    def __init__(
        self, mode: str | None = None, folder: str | os.PathLike[str] | None = None, *, local: bool = False
    ) -> None:
        self._mode = None if mode is None else modes.check_mode(mode)
        self._folder = None if folder is None else modes.check_folder(folder)
        self.local = local
        self._stores: dict[Path, Store] = {}

    def at(self, *, local: bool) -> Record:
        """Return the same for a client that asks elsewhere."""
        return self if local == self.local else Record(self._mode, self._folder, local=local)

    @property
    def mode(self) -> str:
        """What is done with answers: see `modes.MODES`."""
        return self._mode or modes.mode_in_force()

    @property
    def store(self) -> Store:
        """The folder that answers are kept in."""
        folder = self._folder or modes.folder_in_force()
        return self._stores.setdefault(folder, Store(folder))

    @property
    def replays(self) -> bool:
        """Whether nothing is sent."""
        return self.mode == REPLAY

    def settled(self, value: Value) -> Value:
        """Return an argument as it was given; one that was not given, as it was when the folder was begun."""
        if self.mode == OFF or not isinstance(value, BuiltIn):
            return value
        # By identity: two defaults may say the same.
        name = next((name for name, default in DEFAULTS.items() if default is value), "")
        return cast("Value", self.store.pins.defaults.get(name, value))

    def newest_version(self) -> str:
        """Return the newest version that there was when the folder was begun."""
        return CURRENT.newest if self.mode == OFF else self.store.pins.newest

    def answer(self, request: Request, key: Callable[[], Key | None], ask: Callable[[], Answer]) -> Answer:
        """Return a stored answer, or `ask` and keep what comes.

        Raises
        ------
        NotStored
            If nothing may be sent, and nothing is stored.
        OverBudget
            If it would cost more than the budget has left.
        """
        kept = self._recalled(request)
        if kept is not None:
            return kept.entry.answer(kept.body)
        answer = self._sent(request, key, ask)
        self._keep(request, key(), answer)
        return answer

    def stream(
        self, request: Request, key: Callable[[], Key | None], ask: Callable[[Writing], Stream]
    ) -> Stream | StoredStream:
        """Return a stored stream, or `ask` for one that is kept when all of it has come.

        Raises
        ------
        NotStored, OverBudget
            As in `answer`.
        """
        kept = self._recalled(request)
        if kept is not None:
            kept.entry.answer(kept.body)  # raises, if it was an error
            return StoredStream(kept)

        def keep(answer: Answer, blocks: Blocks) -> None:
            self._keep(request, key(), answer, blocks)

        return self._sent(request, key, lambda: ask(Writing(keep)))

    def look_up(self, request: Request, key: Callable[[], Key | None], ask: Callable[[], Answer]) -> Answer:
        """Return what a look-up gave when the folder was made, if this is a replay; or else `ask`.

        What looks up may ask the API in ways that change from release to release; its result is what
        is kept.
        """
        kept = self._found(request) if self.replays else None
        if kept is not None:
            return kept.entry.answer(kept.body)
        answer = ask()
        if not self.replays:
            self._keep(request, key(), answer)
        return answer

    def entries(self) -> pd.DataFrame:
        """Return what is stored in the folder.

        Returns
        -------
        DataFrame
            A row for each entry, the oldest first: ``method``, ``about`` (the text, or whatever it asks
            for), ``model_id``, ``voice_id``, ``made_at``, ``backend``, ``version``, ``notebook`` (whose
            answer it is; empty where all share it), ``take``, ``bytes`` of the answer, ``file``.
        """
        from cartesia_nb.record import upkeep

        return upkeep.entries(self.store)

    def verify(self) -> pd.DataFrame:
        """Check every file of the folder against its hash.

        Returns
        -------
        DataFrame
            A row for each file: ``file``, ``state`` (``whole``, ``damaged``, or ``unused``: no entry names
            it), ``why``.
        """
        from cartesia_nb.record import upkeep

        return upkeep.verify(self.store)

    def prune(self, notebooks: Iterable[str | os.PathLike[str]]) -> int:
        """Remove what none of these notebooks uses.

        A notebook uses what it called in any kernel (``calls.jsonl`` tells), what its saved outputs play,
        and its own reads and changes. What was asked where it was not known which notebook runs stays, too.

        Parameters
        ----------
        notebooks : iterable of path
            Saved notebooks.

        Returns
        -------
        int
            How many files were removed.

        Raises
        ------
        InputError
            If there is no such notebook, or one that nothing is known of: all of its answers would go.
        CartesiaError
            If a file cannot be removed.
        """
        from cartesia_nb.record import upkeep

        return upkeep.prune(self.store, map(Path, notebooks))

    def export(self, path: str | os.PathLike[str]) -> Path:
        """Write the folder into one zip file, for `import_` elsewhere.

        Returns
        -------
        Path
            The same path.

        Raises
        ------
        InputError
            If there is nothing to export, or no such folder to write into.
        CartesiaError
            If the file cannot be written; nothing is left of it then.
        """
        from cartesia_nb.record import archive

        return archive.export(self.store, Path(path))

    def import_(self, path: str | os.PathLike[str]) -> int:
        """Take in what `export` wrote; what is in the folder already stays, and calls are added to its own.

        The file may come from anybody. Nothing in it is run, and all of it is looked at before anything is
        written.

        Returns
        -------
        int
            How many files were taken in.

        Raises
        ------
        InputError
            If it is no zip of stored answers (damaged, too large, or with names that lead elsewhere), or was
            begun with other defaults than the folder.
        CartesiaError
            If a file cannot be written; what was taken in before it stays.
        """
        from cartesia_nb.record import archive

        return archive.import_(self.store, Path(path))

    @property
    def _run(self) -> tuple[int, bool, Path]:
        """What takes are counted in: from its first cell on, or from the last change of the mode."""
        return modes.changes(), self.replays, self.store.folder

    @property
    def _calls(self) -> Path | None:
        """The file that calls are written into; None where none are."""
        return None if self.mode in (OFF, REPLAY) else self.store.folder / ledger.FILE

    def _sent(self, request: Request, key: Callable[[], Key | None], ask: Callable[[], Sent]) -> Sent:
        """Send a call, and write down what it costs; an error that will be the same next time is kept."""
        entry = self._shared_entry(request)
        with ledger.charged(request, self._calls, entry, local=self.local) as call:
            try:
                answer = ask()
            except APIError as error:
                if error.status in LASTING_ERRORS:
                    self._keep(request, key(), error_answer(error))
                raise
            call.answered(answer)
        return answer

    def _recalled(self, request: Request) -> Kept | None:
        """Return what is stored, if it is to be used; in a replay, it has to be there."""
        kept = self._stored(request)
        stop_if_dry(request, stored=kept is not None)
        if kept is not None:
            ledger.note_stored(request, kept.entry, self._calls, self._shared_entry(request))
        return kept

    def _stored(self, request: Request) -> Kept | None:
        mode = self.mode
        if mode == REPLAY:
            kept = self._found(request)
            if kept is None:
                raise not_stored(self.store, what_is_asked(request), fresh=request.fresh)
            return kept
        if mode == OFF or request.fresh or request.method not in REUSED:
            return None
        label = self._label(request)
        if mode == REFRESH and not _answered[self._run, label]:
            return None
        try:
            kept = self.store.read(self.store.path(request.method, label))
        except DamagedEntry as error:
            warn(f"{error}: it is asked again.")
            return None
        return kept if kept and kept.entry.status < 400 else None

    def _found(self, request: Request) -> Kept | None:
        """Return what a replay answers: this take, or the last one before it; of this place, if it can."""
        first = self._label(request)
        with _lock:
            _answered[self._run, first] += 1
            take = _answered[self._run, first]
        wanted = self._take(request, first, take)
        best = self._best(request, wanted)
        if best is None:
            return None
        try:
            return self.store.read(self.store.path(request.method, best))
        except DamagedEntry as error:
            raise CartesiaError(
                f"replay: {error}.", advice="Take it back from your version control; %cartesia record verify."
            ) from None

    def _best(self, request: Request, wanted: Label) -> Label | None:
        """Return the label that fits best; where there is the very one, no other is looked for."""
        if self.store.path(request.method, wanted).exists():
            return wanted
        labels = self.store.labels(request.method, wanted.sha256)
        fitting = [label for label in labels if label.take > 1 or not request.fresh]
        return max(fitting, key=lambda label: label.fitness(wanted), default=None)

    def _label(self, request: Request) -> Label:
        """Return the label that answers to a request begin with.

        What is used again is shared by all notebooks. Reads and changes, and other takes, are of one.
        """
        notebook = "" if self._is_shared(request) else notebook_name()
        return Label(hash_of(what_is_asked(request)), self.local, notebook, 2 if request.fresh else 1)

    def _shared_entry(self, request: Request) -> str | None:
        """Return the place of the entry that has the answer for all notebooks; None if each has its own."""
        if not self._is_shared(request):
            return None
        return self.store.name(self.store.path(request.method, self._label(request)))

    @staticmethod
    def _is_shared(request: Request) -> bool:
        return request.method in REUSED and not request.fresh

    def _take(self, request: Request, first: Label, count: int) -> Label:
        """Return the label of the answer that comes `count`-th in this session."""
        return first if self._is_shared(request) else replace(first, take=first.take + count - 1)

    def _keep(self, request: Request, key: Key | None, answer: Answer, blocks: Blocks | None = None) -> None:
        """Keep an answer; what stands in the way is a warning, since the answer is there all the same."""
        if self.mode == OFF or request.method in NEVER_KEPT:
            return
        try:
            self._write(request, key, answer, blocks)
        except (OSError, InputError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            warn(f"{told(what_is_asked(request))} is not stored in {self.store.folder}: {reason}.")

    def _write(self, request: Request, key: Key | None, answer: Answer, blocks: Blocks | None) -> None:
        run, first = self._run, self._label(request)
        known = request.cost is None and _is_as_before(_latest.get((run, first)), answer)
        if not known and key is not None and gives_away(key, request, answer):
            warn(f"the answer to {request.method} has the API key in it, and is not stored.")
            return  # and is no take
        with _lock:
            _answered[run, first] += 1
            count = _answered[run, first]
        label = self._take(request, first, count)
        if known:
            return  # a replay gives the last take before it
        if (
            answer.status >= 400
            and request.method in REUSED
            and self.store.path(request.method, label).exists()
        ):
            return  # an error does not take the place of what was paid for
        if count == 1 and request.method not in CHARGED:
            self._forget_later_takes(request.method, label)
        entry = entry_of(
            what_is_asked(request), label, answer, audio=request.audio and answer.status < 400, blocks=blocks
        )
        self.store.write(entry, answer.body)
        _latest[run, first] = (answer.status, entry.body_sha256, self.store.path(request.method, label))

    def _forget_later_takes(self, method: str, first: Label) -> None:
        """Take away what an earlier session was answered in this notebook: its reads are counted anew.

        Takes that were paid for stay until another one comes in their place.
        """
        for label in self.store.labels(method, first.sha256):
            if label.take > first.take and (label.local, label.notebook) == (first.local, first.notebook):
                self.store.forget(self.store.path(method, label))


def _is_as_before(latest: tuple[int, str, Path] | None, answer: Answer) -> bool:
    """Tell whether a read has the answer that is kept as its last take: whoever waits asks often."""
    if latest is None:
        return False
    status, body_sha256, path = latest
    same = (status, body_sha256) == (answer.status, hashlib.sha256(answer.body).hexdigest())
    return same and path.exists()
