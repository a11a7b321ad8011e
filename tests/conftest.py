"""What every test stands on: an environment of its own, and the browser tests' browser."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import find_chromium

BROWSER_TESTS = Path(__file__).parent / "browser"
REQUIRED = os.environ.get("CARTESIA_NB_REQUIRE_BROWSER") == "1"
NOT_RUN = pytest.StashKey[int]()

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
    """Without a browser, leave its tests out; where they are required, that is an error."""
    browser = [item for item in items if item.get_closest_marker("browser")]
    if not browser or find_chromium():
        return
    if REQUIRED:
        raise pytest.UsageError(f"{len(browser)} browser tests must run: {no_browser()}")
    config.stash[NOT_RUN] = len(browser)
    config.hook.pytest_deselected(items=browser)
    items[:] = [item for item in items if item not in browser]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if count := config.stash.get(NOT_RUN, 0):
        terminalreporter.write_line(f"{count} browser tests did not run: {no_browser()}", yellow=True)


def no_browser() -> str:
    return "no Chromium found (make chromium installs it)"
