"""What every test stands on: an environment of its own, and the browser tests' browser."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from chromium import find_chromium
from disks import can_mount

from cartesia_nb.record import modes
from cartesia_nb.record.ledger import set_budget

BROWSER_TESTS = Path(__file__).parent / "browser"
AXE = Path(__file__).parents[1] / ".peers" / "axe-core-4.14.1" / "node_modules" / "axe-core" / "axe.min.js"
NOT_RUN = pytest.StashKey[list[str]]()


class Need(NamedTuple):
    """What the tests with a marker need, and the variable that says that they must run."""

    marker: str
    is_there: Callable[[], object]
    required_by: str
    way: str


NEEDS = (
    Need(
        "browser",
        find_chromium,
        "CARTESIA_NB_REQUIRE_BROWSER",
        "no Chromium found (make chromium installs it)",
    ),
    Need("small_disk", can_mount, "CARTESIA_NB_REQUIRE_DISK", "only root can mount a small disk"),
    Need("axe", AXE.exists, "CARTESIA_NB_REQUIRE_PEERS", "no axe-core found (make peers installs it)"),
)

# Settings of the person who runs the tests. Without these, every folder of a person's own lies in HOME.
PERSONAL = ("CARTESIA_", "XDG_", "JUPYTER", "IPYTHON", "NETRC", "HOME")
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "WS_PROXY", "WSS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(scope="session", autouse=True)
def impersonal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nobody's settings, keys or proxies, in tests and in all that they start."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.upper().startswith(PERSONAL) or name.upper() in PROXIES:
                patch.delenv(name)
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        # matplotlib's list of fonts is slow to make: once is enough
        patch.setenv("MPLCONFIGDIR", str(tmp_path_factory.mktemp("matplotlib")))
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
        # Tests say what the server is asked: an answer from a folder would hide that.
        patch.setenv("CARTESIA_NB_RECORD", "off")
        yield


@pytest.fixture(autouse=True)
def own_folders(
    impersonal: None,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Give each test a home and a working directory that no other test has written to."""
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.chdir(tmp_path)
    # What one test has set for its session is nothing to the next.
    modes.reset()
    set_budget(None)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Any]:
    """Start the offline sandbox, with `.url` and `.key`; no module meets what another one made in it."""
    from cartesia_nb.sandbox import launch

    server = launch.start()
    yield server
    server.stop()


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    if item.path.is_relative_to(BROWSER_TESTS):
        item.add_marker("browser")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests whose need is not there, and name them; where they are required, that is an error."""
    config.stash[NOT_RUN] = []
    for need in NEEDS:
        needing = [item for item in items if item.get_closest_marker(need.marker)]
        if not needing or need.is_there():
            continue
        if os.environ.get(need.required_by) == "1":
            raise pytest.UsageError(f"{len(needing)} {need.marker} tests must run: {need.way}")
        config.stash[NOT_RUN].append(f"{len(needing)} {need.marker} tests did not run: {need.way}")
        config.hook.pytest_deselected(items=needing)
        items[:] = [item for item in items if item not in needing]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash.get(NOT_RUN, []):
        terminalreporter.write_line(line, yellow=True)


@pytest.fixture(scope="session")
def axe() -> str:
    """Return the source of axe-core, which judges the accessibility of a page."""
    return AXE.read_text(encoding="utf-8")
