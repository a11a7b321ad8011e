"""Reading multipart forms: texts, and files that may be large."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from python_multipart.exceptions import MultipartParseError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from cartesia_nb.sandbox.errors import ApiError, invalid

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


async def read_form(request: Request) -> Form:
    """Return the form in a request's body."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "multipart/form-data":
        raise ApiError(415, "Unsupported media type", "Send the body as multipart/form-data.")
    try:
        parts = await request.form(max_fields=MAX_FIELDS, max_files=MAX_FIELDS, max_part_size=MAX_FIELD_BYTES)
    except (MultiPartException, MultipartParseError, UnicodeError, LookupError, KeyError) as error:
        raise invalid("The body is not a valid form.") from error
    texts = {name: value for name, value in reversed(parts.multi_items()) if isinstance(value, str)}
    lists = {name: [value for value in parts.getlist(name) if isinstance(value, str)] for name in texts}
    return Form(texts, lists, _uploads(parts))


def _uploads(parts: FormData) -> dict[str, Upload]:
    files = {name: value for name, value in parts.items() if isinstance(value, UploadFile)}
    for name, file in files.items():
        if not file.size:
            raise invalid(f"{name} is an empty file.")
    return {
        name: Upload(_bare_name(file.filename or name), file.content_type or "", file.size or 0, file.file)
        for name, file in files.items()
    }


def _bare_name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2].replace("\0", "")


def _whole_number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise invalid(f"{name} must be a whole number.")
    return int(text)
