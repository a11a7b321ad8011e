"""Write methods.md: every method of a client, from its own signature and docstring."""

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cartesia_nb import Client
from cartesia_nb.wire.versions import LIMITED, LIMITED_METHODS, VERSIONS

PAGE = Path(__file__).with_name("methods.md")
SECTIONS = (
    "agents",
    "api_status",
    "auth",
    "datasets",
    "fine_tunes",
    "infill",
    "pronunciation_dicts",
    "stt",
    "tts",
    "voice_changer",
    "voices",
)
HEAD = """# Every method

The 50 methods of the API reference, five that newer SDKs add (`agents.download_call_audio`,
`datasets.upload_file`, `voices.list_accents`, `voices.add_accents`, `voices.delete_accent`), and two of our
own: `agents.list_turns` reads a call as a table, `voices.preview` fetches the recording that a voice has.
Each is tested against the sandbox in every `Cartesia-Version` it exists in. `python docs/methods.py` writes
this page.

A call goes out with the newest `Cartesia-Version` that knows the method and every argument given, unless one
is pinned (`Client(version=...)`, `CARTESIA_VERSION`, `with_options(version=...)`). The last column has what
not every version knows.

| Method | What it does | Returns | Only in |
|---|---|---|---|
"""


def methods() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the name and the function of each method, such as ``("voices.list", Voices.list)``."""
    client = Client(api_key="sk_car_example")
    for section in SECTIONS:
        kind = type(getattr(client, section))
        for name, function in vars(kind).items():
            if not name.startswith("_"):
                yield f"{section}.{name}", function


def row(name: str, function: Callable[..., Any]) -> str:
    """Return a method's row of the table."""
    summary = (inspect.getdoc(function) or "").partition("\n")[0]
    gives = str(inspect.signature(function).return_annotation).replace("pd.", "").replace(" | ", " or ")
    return f"| `{name}` | {summary} | {gives} | {limits(name)} |"


def limits(name: str) -> str:
    """Return which versions have the method, and which of its arguments not every version has."""
    if name in LIMITED_METHODS:
        return ", ".join(LIMITED_METHODS[name])
    by_version: dict[str, list[str]] = {}
    for argument, versions in LIMITED.get(name, {}).items():
        if " " not in argument and set(versions) != set(VERSIONS):
            by_version.setdefault(", ".join(sorted(versions)), []).append(f"`{argument}`")
    return "; ".join(f"{', '.join(arguments)}: {versions}" for versions, arguments in by_version.items())


def page() -> str:
    """Return the whole page."""
    return HEAD + "".join(row(*method) + "\n" for method in methods())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
