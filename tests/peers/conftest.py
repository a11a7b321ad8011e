"""The official SDKs, which know nothing of the sandbox, and a count of what they could call."""

import os
from collections import Counter, defaultdict
from functools import wraps
from types import SimpleNamespace

import pytest
import requests
from peers.inventory import CALL, SDK, find_methods
from peers.others import OTHERS
from peers.sound import MAN, SENTENCE, VOICE, WAV

from cartesia_nb.sandbox import launch

# What the running test has called so far.
CALLED = set()

REQUIRED = os.environ.get("CARTESIA_NB_REQUIRE_PEERS") == "1"
NOT_RUN = pytest.StashKey[Counter]()


def pytest_configure(config):
    config.addinivalue_line("markers", "calls(*methods): the methods of the Python SDK that a test calls")
    config.addinivalue_line("markers", "sdk(name): needs an SDK that make peers installs")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Leave out the tests of SDKs that are not there; where they are required, that is an error."""
    needed = {item: mark.args[0] for item in items if (mark := item.get_closest_marker("sdk"))}
    missing = {item: name for item, name in needed.items() if not OTHERS[name].is_installed}
    config.stash[NOT_RUN] = Counter(missing.values())
    if missing and REQUIRED:
        raise pytest.UsageError(f"All tests of the SDKs must run: {', '.join(not_run(config))}")
    if missing:
        config.hook.pytest_deselected(items=list(missing))
        items[:] = [item for item in items if item not in missing]


def not_run(config):
    counts = config.stash.get(NOT_RUN, Counter())
    return [f"{count} tests of {name} did not run (make peers installs it)" for name, count in counts.items()]


@pytest.fixture(scope="session")
def sandbox():
    running = launch.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def connect(sandbox):
    """Make clients of the Python SDK that check every answer against the SDK's types."""
    from cartesia import Cartesia

    def make(**options):
        settings = {"api_key": sandbox.key, "base_url": sandbox.url, "max_retries": 0, "timeout": 60}
        return Cartesia(**settings | options, _strict_response_validation=True)

    return make


@pytest.fixture(scope="session")
def client(connect):
    with connect() as client:
        yield client


@pytest.fixture(scope="session")
def clips(client):
    """Recordings of a woman and of a man, WAV at 24 kHz, who say the same sentence."""

    def speak(voice):
        answer = client.tts.generate(
            model_id="sonic-3.5", transcript=SENTENCE, voice={"id": voice}, output_format=WAV
        )
        return answer.read()

    return SimpleNamespace(woman=speak(VOICE), man=speak(MAN))


@pytest.fixture
def advance(sandbox):
    """Move the sandbox's clock ahead by seconds."""

    def move(seconds):
        headers = {"X-API-Key": sandbox.key}
        url = f"{sandbox.url}/sandbox/clock"
        assert requests.post(url, json={"advance": seconds}, headers=headers, timeout=10).ok

    return move


@pytest.fixture(scope="session", autouse=True)
def watched():
    """Note which methods of the Python SDK are called."""
    with pytest.MonkeyPatch.context() as patch:
        for name, owner in find_methods()[0].items():
            attribute = name.rpartition(".")[2]
            patch.setattr(owner, attribute, noting(name, getattr(owner, attribute)))
        yield


def noting(name, method):
    @wraps(method)
    def call(*args, **kwargs):
        CALLED.add(name)
        return method(*args, **kwargs)

    return call


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    CALLED.clear()
    item.user_properties += [(CALL, (SDK, name)) for name in claims(item)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Hold a test to its mark: it or its fixtures call every method that it names there."""
    result = yield
    assert claims(item) <= CALLED
    return result


def claims(item):
    return {name for mark in item.iter_markers("calls") for name in mark.args}


def pytest_terminal_summary(terminalreporter, config):
    """Say of each SDK how many of its methods passed every test that calls them."""
    good, bad = defaultdict(set), defaultdict(set)
    for outcome, found in (("passed", good), ("failed", bad), ("error", bad)):
        for report in terminalreporter.stats.get(outcome, []):
            for key, value in report.user_properties:
                if key == CALL:
                    found[value[0]].add(value[1])
    for sdk in sorted(good | bad):
        passed = good[sdk] - bad[sdk]
        terminalreporter.write_line(f"{sdk}: {len(passed)} of {len(good[sdk] | bad[sdk])} methods passed")
    for line in not_run(config):
        terminalreporter.write_line(line, yellow=True)
