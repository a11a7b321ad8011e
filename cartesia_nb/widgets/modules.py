"""The JavaScript of the widgets: several ES modules become the one that anywidget takes."""

from __future__ import annotations

import re
from pathlib import Path

STATIC = Path(__file__).parent / "static"

IMPORT = re.compile(r'^import \{[^}]*\} from "(?P<path>\.{1,2}/[\w/]+\.js)";\n', re.MULTILINE)


def script(name: str) -> str:
    """Return a module of ``static/`` and all that it imports from there, as one module.

    anywidget takes the text of a single module and gives it no address, so that an ``import`` of a
    neighbour would lead nowhere. Each module therefore stands before those that import it, once, and
    the imports are left out: the top-level names of all of them have to differ.
    """
    return "\n".join(_in_order((STATIC / name).resolve(), set()))


def _in_order(path: Path, taken: set[Path]) -> list[str]:
    taken.add(path)
    text = path.read_text(encoding="utf-8")
    imported = [(path.parent / found["path"]).resolve() for found in IMPORT.finditer(text)]
    before = [module for other in imported if other not in taken for module in _in_order(other, taken)]
    return [*before, IMPORT.sub("", text)]


def style(name: str) -> str:
    """Return a style sheet of ``static/``."""
    return (STATIC / name).read_text(encoding="utf-8")
