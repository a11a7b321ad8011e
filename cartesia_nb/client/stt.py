"""Speech to text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cartesia_nb.client.generated import Asked, provenance_of
from cartesia_nb.client.progress import Progress
from cartesia_nb.client.texts import as_texts, check_texts
from cartesia_nb.client.transport import Transport
from cartesia_nb.client.unset import UNSET, Unset, given
from cartesia_nb.client.uploads import Upload, opened
from cartesia_nb.record.dry_run import NotSent
from cartesia_nb.speech.transcript import Transcript
from cartesia_nb.wire import catalog
from cartesia_nb.wire.catalog import DEFAULTS
from cartesia_nb.wire.errors import (
    AuthenticationError,
    BadAnswer,
    CartesiaError,
    InputError,
    MissingKey,
    NotStored,
    OverBudget,
    PaymentRequired,
)
from cartesia_nb.wire.exchange import Answer, Cost, Request
from cartesia_nb.wire.multipart import Multipart
from cartesia_nb.wire.options import is_number, is_whole

if TYPE_CHECKING:
    import pandas as pd

GRANULARITIES = "timestamp_granularities[]"
LARGEST_FILE = 2 * 1024**3


class _How(NamedTuple):
    """What is asked about a recording, whichever it is."""

    texts: list[tuple[str, str]]
    query: dict[str, str]
    fresh: bool


class Stt:
    """Speech to text. Reached as ``client.stt``."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def transcribe(
        self,
        file: Any,
        *,
        model: str = DEFAULTS["stt_model"],
        language: str | Unset | None = UNSET,
        timestamp_granularities: Sequence[str] | None = ("word",),
        encoding: str | Unset | None = UNSET,
        sample_rate: int | Unset | None = UNSET,
        fresh: bool = False,
    ) -> Transcript | pd.DataFrame:
        """Write down what is said in a recording, or in many.

        Costs 1 credit for every 2 seconds.

        Parameters
        ----------
        file : path, bytes, file object, Speech or (samples, sample_rate); or a list of these
            The recording, of any length up to 2 GB: flac, m4a, mp3, mp4, mpeg, mpga, oga, ogg, wav or webm.
        model : str
            The model. One that this release does not know warns and is sent.
        language : str, optional
            What is spoken; the API takes English if it is left out.
        timestamp_granularities : list of str, optional
            ``["word"]``, which is the default, asks when each word is said; None does not.
        encoding : str, optional
            Of samples without any header, such as ``"pcm_s16le"``; with `sample_rate`.
        sample_rate : int, optional
            Of samples without any header, in Hz.
        fresh : bool
            True asks anew, where an answer to the same was stored.

        Returns
        -------
        Transcript
            With ``text``, ``words``, ``language`` and ``duration``.
        DataFrame
            Of a list: a row for each recording, in its order, with ``file``, ``text``, ``language``,
            ``duration``, ``words``, ``credits``; and ``error``, which says why one has no text. An error
            of one recording leaves the others as they are, and an interrupt has the rows so far in its
            ``partial``.

        Raises
        ------
        InputError
            Before anything is sent: no such file, an empty one, `encoding` without `sample_rate`.
        APIError, ConnectionFailed, DeadlineExceeded, BadAnswer
            If the API cannot answer; not for a list.

        Examples
        --------
        >>> import cartesia_nb
        >>> client = cartesia_nb.connect()
        >>> heard = client.stt.transcribe(client.tts.bytes("The weather is fine today."))
        >>> heard.text
        'The weather is fine today.'
        """
        fields = {"model": self._transport.settled(model), **given({"language": language})}
        check_texts(fields, {"model"})
        catalog.warn_unknown("transcription model", fields["model"], catalog.STT_MODELS)
        if fields.get("language"):
            catalog.warn_unknown("language", fields["language"], catalog.STT_LANGUAGES)
        texts = [(name, value) for name, value in fields.items() if value]
        if timestamp_granularities:
            kinds = as_texts(timestamp_granularities, "timestamp_granularities", "word")
            texts += [(GRANULARITIES, kind) for kind in kinds]
        how = _How(texts, _headerless(encoding, sample_rate), fresh)
        if isinstance(file, list):
            return self._transcribe_all(file, how)
        with opened(file, "file") as upload:
            return self._transcribe(upload, how)

    def _transcribe_all(self, files: list[Any], how: _How) -> pd.DataFrame:
        from cartesia_nb.frames import TRANSCRIPT, frame  # imports pandas

        # All of them once before the first: a missing file is found before anything is charged.
        names = [_checked(file, f"file {number}") for number, file in enumerate(files)]
        rows: list[dict[str, Any]] = []
        hopeless = ""
        with Progress("stt", "files", len(files)) as progress:
            for name, file in zip(names, files, strict=True):
                try:
                    row = {"error": hopeless} if hopeless else self._row(file, how)
                except (AuthenticationError, PaymentRequired) as error:  # the same for all that follow
                    hopeless = str(error)
                    row = {"error": hopeless}
                except KeyboardInterrupt as interrupt:
                    # What was paid for is not lost, in a notebook either.
                    vars(interrupt)["partial"] = frame(rows, TRANSCRIPT)
                    interrupt.add_note(f"{len(rows)} recordings are in sys.last_value.partial, a DataFrame.")
                    raise
                rows.append({"file": name, **row})
                progress.show(len(rows))
        failed = sum("error" in row for row in rows)
        if failed:
            catalog.warn(f"{failed} of {len(rows)} recordings were not transcribed: see the column error.")
        return frame(rows, TRANSCRIPT)

    def _row(self, file: Any, how: _How) -> dict[str, Any]:
        try:
            with opened(file, "file") as upload:
                heard = self._transcribe(upload, how)
        except (AuthenticationError, PaymentRequired, MissingKey, OverBudget, NotStored):
            raise
        except CartesiaError as error:
            return {"error": str(error)}
        except NotSent:  # a dry run goes through all of them
            return {}
        return {
            "text": heard.text,
            "language": heard.language or None,
            "duration": heard.duration,
            "words": [word._asdict() for word in heard.timed_words],
            "credits": heard.provenance.get("credits"),
        }

    def _transcribe(self, upload: Upload, how: _How) -> Transcript:
        if upload.file.size > LARGEST_FILE:
            raise InputError(f"{upload.file.name} has more than 2 GB.", advice="Send it in parts.")
        method = "stt.transcribe"
        version = self._transport.version_for(method)
        kinds = [text for name, text in how.texts if name == GRANULARITIES]
        told = {name: text for name, text in how.texts if name != GRANULARITIES}
        form = Multipart(how.texts, [("file", upload.file)])
        price = None if upload.seconds is None else catalog.stt_credits(upload.seconds)
        cost = Cost(price, told["model"], seconds=upload.seconds)
        http = Request(
            method, "POST", "/stt", version, query=how.query, form=form, cost=cost, fresh=how.fresh
        )
        request = {**told, "timestamp_granularities": kinds, **how.query, "file": upload.provenance}
        asked = Asked(method, version, request)
        # What cannot be read is not kept.
        answer = self._transport.send(http, lambda answer: _read(answer, asked, upload))
        return _read(answer, asked, upload)


def _checked(file: Any, name: str) -> str:
    if hasattr(file, "read") and not (hasattr(file, "seekable") and file.seekable()):
        raise InputError(f"{name} can be read only once: a list is looked through first.")
    with opened(file, name) as upload:
        return upload.file.name


def _headerless(encoding: str | Unset | None, sample_rate: int | Unset | None) -> dict[str, str]:
    """Return the query that describes samples without any header."""
    described = {
        name: value
        for name, value in given({"encoding": encoding, "sample_rate": sample_rate}).items()
        if value is not None
    }
    if not described:
        return {}
    if len(described) == 1:
        raise InputError("encoding and sample_rate describe samples without a header.", advice="Give both.")
    if encoding not in catalog.STT_ENCODINGS:
        raise InputError(
            f"encoding cannot be {encoding!r}.", advice=f"It can be {', '.join(catalog.STT_ENCODINGS)}."
        )
    if not is_whole(sample_rate) or int(described["sample_rate"]) <= 0:
        raise InputError(f"sample_rate is a number of Hz, not {sample_rate!r}.")
    return {name: str(value) for name, value in described.items()}


def _read(answer: Answer, asked: Asked, upload: Upload) -> Transcript:
    heard = answer.json_object()
    text, duration = heard.get("text"), heard.get("duration")
    if not isinstance(text, str):
        raise BadAnswer("/stt answered without a text.")
    seconds = upload.seconds
    if duration is not None and is_number(duration) and math.isfinite(duration):
        seconds = float(duration)
    cost = {} if seconds is None else {"credits": catalog.stt_credits(seconds)}
    made = provenance_of(asked, answer, model_id=asked.request["model"], **cost)
    return Transcript(
        text,
        language=str(heard.get("language") or ""),
        duration=seconds,
        words=read_words(heard.get("words") or ()),
        provenance=made,
    )


def read_words(words: Iterable[Mapping[str, Any]]) -> list[tuple[str, float, float]]:
    """Read timed words, one by one or as parallel lists: both shapes are documented.

    Raises
    ------
    BadAnswer
        If they have another shape.

    Examples
    --------
    >>> read_words([{"word": "Hi", "start": 0, "end": 1}, {"words": ["you"], "start": [1], "end": [2]}])
    [('Hi', 0.0, 1.0), ('you', 1.0, 2.0)]
    """
    timed = []
    try:
        for word in words:
            if "words" in word:
                timed += list(zip(word["words"], word["start"], word["end"], strict=True))
            else:
                timed.append((word["word"], word["start"], word["end"]))
        return [(str(text), float(start), float(end)) for text, start, end in timed]
    except (TypeError, ValueError, KeyError):
        raise BadAnswer("/stt answered with words that cannot be read.") from None
