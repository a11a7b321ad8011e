"""axe-core, which judges forms, is there after `make peers`; without it, its tests are left out and named."""

import os
from pathlib import Path

import pytest

AXE = Path(__file__).parents[2] / ".peers" / "axe-core-4.14.1" / "node_modules" / "axe-core" / "axe.min.js"
REQUIRED = os.environ.get("CARTESIA_NB_REQUIRE_PEERS") == "1"
NOT_JUDGED = pytest.StashKey[int]()


def pytest_configure(config):
    config.addinivalue_line("markers", "axe: needs axe-core, which make peers installs")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    judged = [item for item in items if item.get_closest_marker("axe")]
    if not judged or AXE.exists():
        return
    if REQUIRED:
        raise pytest.UsageError(f"{len(judged)} tests need axe-core: make peers installs it")
    config.stash[NOT_JUDGED] = len(judged)
    config.hook.pytest_deselected(items=judged)
    items[:] = [item for item in items if item not in judged]


def pytest_terminal_summary(terminalreporter, config):
    if count := config.stash.get(NOT_JUDGED, 0):
        line = f"{count} tests of accessibility did not run: make peers installs axe-core"
        terminalreporter.write_line(line, yellow=True)


@pytest.fixture(scope="session")
def axe():
    """The source of axe-core."""
    return AXE.read_text(encoding="utf-8")
