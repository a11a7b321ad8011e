"""Forms talk to the sandbox, or to a server that a test scripts; and a shell whose variables they see."""

import atexit

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from cartesia_nb.client import client as shared
from cartesia_nb.client.defaults import reset


@pytest.fixture
def connected(sandbox, monkeypatch):
    """The shared client, which talks to the sandbox."""
    client = shared.Client(sandbox.key, base_url=sandbox.url)
    monkeypatch.setattr(shared, "_shared", client)
    yield client
    reset()


@pytest.fixture
def shell():
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    yield shell
    shell.atexit_operations()
    atexit.unregister(shell.atexit_operations)
    InteractiveShell.clear_instance()
