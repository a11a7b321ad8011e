"""An entry of a store: what was asked, what was answered, and when."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from cartesia_nb._version import __version__
from cartesia_nb.record.asked import hash_of
from cartesia_nb.wire.errors import APIError, api_error
from cartesia_nb.wire.events import EventReader
from cartesia_nb.wire.exchange import Answer, Request, now
from cartesia_nb.wire.keys import Key
from cartesia_nb.wire.options import is_number, is_whole

#: Of an answer's headers, what says something about it. A cookie is never kept.
HEADERS = ("content-type", "server", "x-request-id", "cartesia-file-id", "x-has-more", "x-next-page")

#: How a body begins -> the extension of its file.
SIGNATURES = {b"RIFF": ".wav", b"ID3": ".mp3", b"\xff\xfb": ".mp3", b"\xff\xf3": ".mp3", b"\xff\xf2": ".mp3"}

#: What the name of an entry says: a request, a place, a notebook, a take.
STEM = re.compile(r"([0-9a-f]{64})(\.local)?(?:\.nb-([\w-]+))?(?:\.([1-9][0-9]{0,8}))?")
#: A day: no stream lasts as long.
LONGEST_STREAM = 86_400.0


@dataclass(frozen=True)
class Label:
    """Under what an answer is kept.

    Attributes
    ----------
    sha256 : str
        Of what was asked.
    local : bool
        Whether this machine answered: the sandbox. Its speech must never pass for that of the API.
    notebook : str
        Whose answer it is; "" where every notebook shares it.
    take : int
        The how-manieth answer to the same, from 1.
    """

    sha256: str
    local: bool
    notebook: str = ""
    take: int = 1

    @property
    def stem(self) -> str:
        """The name of the entry's file, without its extension."""
        place, take = "local" if self.local else "", str(self.take) if self.take > 1 else ""
        notebook = f"nb-{self.notebook}" if self.notebook else ""
        return ".".join(part for part in (self.sha256, place, notebook, take) if part)

    @classmethod
    def of(cls, stem: str) -> Label:
        """Read a label from the name of an entry's file.

        Raises
        ------
        ValueError
            If no label has that name.
        """
        found = STEM.fullmatch(stem)
        if found is None:
            raise ValueError(f"{stem!r} is no label")
        sha256, local, notebook, take = found.groups()
        return cls(sha256, bool(local), notebook or "", int(take or 1))

    def fitness(self, wanted: Label) -> tuple[bool, bool, bool, bool, int]:
        """Tell how well this does for another: by place, notebook and take; of takes, the last before it."""
        return (
            self.local == wanted.local,
            self.notebook == wanted.notebook,
            not self.notebook,
            self.take <= wanted.take,
            self.take if self.take <= wanted.take else -self.take,
        )


@dataclass(frozen=True)
class Entry:
    """What a store keeps of one answer, beside its body.

    Attributes
    ----------
    asked : mapping
        What was asked (see `asked.what_is_asked`).
    label : Label
        Under what it is kept.
    status : int
        The HTTP status.
    headers : mapping
        Of the answer.
    body_sha256 : str
        Of the body.
    text : str or None
        The body, where it is text; otherwise `file` has it.
    file : str or None
        The name of the body's file, beside the entry's own.
    audio_sha256 : str or None
        Of the audio in it.
    blocks : list of (float, int), optional
        Of a stream: when each block came, in seconds, and how many bytes it had.
    made_at, made_with : str
        When, and with which release.
    attempts : int
        How many times the request was sent.
    seconds : float
        How long the answer took.
    """

    asked: Mapping[str, Any]
    label: Label
    status: int
    headers: Mapping[str, str]
    body_sha256: str
    text: str | None
    file: str | None
    audio_sha256: str | None
    made_at: str
    attempts: int
    seconds: float
    blocks: list[tuple[float, int]] | None = None
    made_with: str = field(default=f"cartesia_nb {__version__}")

    @property
    def method(self) -> str:
        """The method of the client."""
        return str(self.asked["method"])

    def to_json(self) -> str:
        """Return the entry as the text of its file."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Entry:
        """Read an entry from the text of its file.

        Raises
        ------
        ValueError
            If it is none, or was changed by hand: it is found under what was asked.
        """
        try:
            fields = json.loads(text)
            fields["label"] = Label(**fields["label"])
            entry = cls(**fields)
            same = hash_of(entry.asked) == entry.label.sha256 and _is_sound(entry)
        except (TypeError, KeyError, AttributeError, RecursionError) as error:
            raise ValueError(f"no entry: {error}") from None
        if not same:
            raise ValueError("what was asked does not belong to its hash")
        return entry

    def answer(self, body: bytes) -> Answer:
        """Return the answer, as it came.

        Raises
        ------
        APIError
            If that is what came.
        """
        if self.status >= 400:
            raise api_error(self.status, body.decode(errors="replace"))
        return Answer(
            self.status, self.headers, body, self.attempts, self.seconds, made_at=self.made_at, stored=True
        )


def entry_of(
    asked: Mapping[str, Any],
    label: Label,
    answer: Answer,
    *,
    audio: bool,
    blocks: list[tuple[float, int]] | None = None,
) -> Entry:
    """Return the entry for an answer that came; `audio` says that the body is audio, or a stream of it."""
    headers = {name.lower(): value for name, value in answer.headers.items() if name.lower() in HEADERS}
    sha256 = hashlib.sha256(answer.body).hexdigest()
    text = None if audio else _as_text(answer.body)
    file = None if text is not None else f"{label.stem}.{sha256[:16]}{_extension(answer.body, blocks)}"
    return Entry(
        asked,
        label,
        answer.status,
        headers,
        sha256,
        text,
        file,
        _audio_sha256(answer.body, sha256, blocks) if audio else None,
        answer.made_at,
        answer.attempts,
        round(answer.seconds, 3),
        blocks,
    )


def gives_away(key: Key, request: Request, answer: Answer) -> bool:
    """Tell whether an answer has the key in it; of a text, any part of it. Audio has every text somewhere."""
    text = answer.body.decode("latin-1")
    return key.stands_in(text) if request.audio and answer.status < 400 else key.shows_in(text)


def error_answer(error: APIError) -> Answer:
    """Return the answer that an error was, in the shape that newer versions of the API have."""
    body = {
        "message": error.detail,
        "error_code": error.code,
        "title": error.title,
        "request_id": error.request_id,
        "doc_url": error.doc_url,
    }
    content = json.dumps(body, ensure_ascii=False).encode()
    return Answer(error.status, {"content-type": "application/json"}, content, 1, 0.0, made_at=now())


def _is_sound(entry: Entry) -> bool:
    """Tell whether all that an entry says is of its kind: it may come from a stranger."""
    asked, label = entry.asked, entry.label
    body_name = rf"{re.escape(label.stem)}\.[0-9a-f]{{16}}\.[a-z0-9]+"
    return (
        isinstance(asked, dict)
        and isinstance(asked["method"], str)
        and all(isinstance(name, str) and isinstance(text, str) for name, text in asked.get("fields", ()))
        and Label.of(label.stem) == label
        and is_whole(entry.status)
        and isinstance(entry.headers, dict)
        and all(isinstance(text, str) for text in (*entry.headers.values(), entry.body_sha256, entry.made_at))
        and all(isinstance(text, str | None) for text in (entry.text, entry.audio_sha256))
        and (entry.file is None) != (entry.text is None)
        and (entry.file is None or bool(re.fullmatch(body_name, entry.file)))
        and is_whole(entry.attempts)
        and is_number(entry.seconds)
        and all(0 <= at <= LONGEST_STREAM and is_whole(size) and size >= 0 for at, size in entry.blocks or ())
    )


def _as_text(body: bytes) -> str | None:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def _audio_sha256(body: bytes, sha256: str, blocks: object) -> str:
    """Return the hash of the audio: the body itself, or what the messages of a stream carry."""
    if not blocks:
        return sha256
    pieces = (message.get("data") for message in EventReader().feed(body))
    return hashlib.sha256(b"".join(base64.b64decode(data) for data in pieces if data)).hexdigest()


def _extension(body: bytes, blocks: object) -> str:
    if blocks:
        return ".stream"
    return next((kind for mark, kind in SIGNATURES.items() if body.startswith(mark)), ".raw")
