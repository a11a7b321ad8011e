"""Reading multipart forms: texts, and files that may be large."""

from collections.abc import AsyncGenerator, Collection, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from python_multipart.exceptions import FormParserError
from starlette.datastructures import FormData, Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from cartesia_nb.sandbox.errors import ApiError, invalid

# The limit of most forms, and that of the sections that take long recordings.
MAX_FORM = 100 * 1024**2
MAX_LONG_FORM = 2 * 1024**3
MAX_FIELDS = 100
MAX_FIELD_BYTES = 64 * 1024


@dataclass(frozen=True)
class Upload:
    """A file of a form: its name without any folders, and its content, which lies on disk if it is large."""

    name: str
    content_type: str
    size: int
    content: BinaryIO


@dataclass(frozen=True)
class Form:
    """A form that was read. A text that came twice counts as it came first, but `lists` has all of them."""

    texts: Mapping[str, str]
    lists: Mapping[str, list[str]]
    files: Mapping[str, Upload]

    def nested(self, name: str, numbers: Collection[str] = ()) -> dict[str, Any]:
        """Return the object that parts like ``name[field]`` write; ``numbers`` are read as whole numbers."""
        start = f"{name}["
        fields: dict[str, Any] = {
            part[len(start) : -1]: value
            for part, value in self.texts.items()
            if part.startswith(start) and part.endswith("]")
        }
        for field in set(numbers) & set(fields):
            fields[field] = _whole_number(f"{name}.{field}", fields[field])
        return fields

    def upload(self, name: str) -> Upload:
        """Return a file that must be there, with something in it."""
        if name not in self.files:
            raise invalid(f"Send {name} as a file.")
        return self.files[name]


async def read_form(request: Request, max_bytes: int = MAX_FORM) -> Form:
    """Return the form in a request's body, of at most ``max_bytes``."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "multipart/form-data":
        raise ApiError(415, "Unsupported media type", "Send the body as multipart/form-data.")
    body = request.stream()
    try:
        parts = await _parse(request.headers, body, max_bytes)
    except (MultiPartException, FormParserError, UnicodeError, LookupError) as error:
        raise invalid("The body is not a valid form.") from error
    finally:
        # To the end in any case: a client that still sends would never see the answer.
        async for _ in body:
            pass
    texts = {name: value for name, value in reversed(parts.multi_items()) if isinstance(value, str)}
    lists = {name: [value for value in parts.getlist(name) if isinstance(value, str)] for name in texts}
    return Form(texts, lists, _uploads(parts))


class _Parser(MultiPartParser):
    """Starlette's parser, which would not notice that a form breaks off."""

    has_ended = False

    def on_end(self) -> None:
        self.has_ended = True


async def _parse(headers: Headers, body: AsyncGenerator[bytes, None], max_bytes: int) -> FormData:
    parser = _Parser(
        headers,
        _at_most(max_bytes, body),
        max_fields=MAX_FIELDS,
        max_files=MAX_FIELDS,
        max_part_size=MAX_FIELD_BYTES,
    )
    parts = await parser.parse()
    if not parser.has_ended:
        raise invalid("The form is cut short: its last boundary is missing.")
    for name, value in parts.multi_items():
        # Some character sets bring halves of surrogate pairs, which are no text.
        f"{name}{value if isinstance(value, str) else value.filename}".encode()
    return parts


async def _at_most(max_bytes: int, body: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    size = 0
    async for chunk in body:
        size += len(chunk)
        if size > max_bytes:
            raise ApiError(413, "Content too large", f"A form has at most {max_bytes} bytes here.")
        yield chunk


def _uploads(parts: FormData) -> dict[str, Upload]:
    files: dict[str, Upload] = {}
    for name, file in parts.multi_items():
        if isinstance(file, str):
            continue
        if name in files:
            raise invalid(f"{name} came twice: send one file.")
        if not file.size:
            raise invalid(f"{name} is an empty file.")
        files[name] = Upload(_bare_name(file, name), file.content_type or "", file.size, file.file)
    return files


def _bare_name(file: UploadFile, part: str) -> str:
    """Return a file's name without folders and without characters that no one can see."""
    last = (file.filename or "").replace("\\", "/").rpartition("/")[2]
    name = "".join(character for character in last if character.isprintable())
    return part if name in ("", ".", "..") else name


def _whole_number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise invalid(f"{name} must be a whole number.")
    return int(text)
