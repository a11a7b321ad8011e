"""Imports point downwards only."""

import ast
from pathlib import Path

import pytest

import cartesia_nb

PACKAGE = Path(cartesia_nb.__file__).parent

# From the top down; a room imports those below it. `_version` is a constant, free to all.
ORDER = ["magics", "widgets", "experiments", "client", "record", "speech", "frames", "wire"]
# The client starts the sandbox process; nothing else of it is used, and it uses nothing of ours.
LAUNCHER = "cartesia_nb.sandbox.launch"


def modules():
    return sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def room_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path):
    """Names of what a module imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def wrong_imports(room, names):
    for name in names:
        parts = name.split(".")
        if parts[0] != "cartesia_nb" or parts[1] in ("_version", room):
            continue
        if room == "client" and name.startswith(LAUNCHER):
            continue
        if room == "sandbox" or parts[1] not in ORDER or ORDER.index(parts[1]) <= ORDER.index(room):
            yield name


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_from_rooms_below(path):
    room = room_of(path)
    assert room in [*ORDER, "sandbox", "_version"], f"{room} is no room of the design"
    assert list(wrong_imports(room, imports(path))) == []


def test_the_rule_sees_a_wrong_import():
    assert list(wrong_imports("wire", ["cartesia_nb.client.client.Client"]))
    assert list(wrong_imports("magics", ["cartesia_nb.sandbox.launch.start"]))
    assert list(wrong_imports("sandbox", ["cartesia_nb.wire.errors"]))
    assert not list(wrong_imports("client", ["cartesia_nb.wire.errors", "cartesia_nb.sandbox.launch.start"]))


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_is_one_idea(path):
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 400
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            assert body[-1].end_lineno - body[0].lineno < 50 if body else True, node.name
