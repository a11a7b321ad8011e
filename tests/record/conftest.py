"""A folder of answers, clients that keep theirs in it, and a world without any server."""

import socket
from pathlib import Path

import pytest
from secret import KEY

from cartesia_nb import Client
from cartesia_nb.record import ledger, modes


@pytest.fixture(autouse=True)
def own_ledger(monkeypatch):
    """Let no test see the calls of another."""
    monkeypatch.setattr(ledger, "_rows", [])


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "answers"


@pytest.fixture
def client_of(folder):
    """Return a function: a client of a server, that keeps answers in the folder; each begins a new run."""

    def make(server=None, mode="cache", **options):
        modes.reset()
        if server is not None:
            options = {"api_key": getattr(server, "key", KEY), "base_url": server.url} | options
        return Client(record=mode, **{"record_folder": folder} | options)

    return make


@pytest.fixture
def as_api(monkeypatch):
    """Let a server on loopback pass for the API: what it says is not said by this machine."""
    for module in ("client", "transport"):
        monkeypatch.setattr(f"cartesia_nb.client.{module}.is_loopback", lambda _url: False)


@pytest.fixture
def offline(monkeypatch):
    """Return a function after which no connection and no look-up of a host is possible, and no key is known."""

    def cut():
        def refuse(*_args, **_kwargs):
            raise AssertionError("something was sent")

        monkeypatch.delenv("CARTESIA_API_KEY", raising=False)
        monkeypatch.setattr(socket.socket, "connect", refuse)
        monkeypatch.setattr(socket, "getaddrinfo", refuse)
        monkeypatch.setattr("cartesia_nb.sandbox.launch.start", refuse)

    return cut


@pytest.fixture
def notebook(monkeypatch):
    """Return a function that says which notebook runs."""
    return lambda name: monkeypatch.setenv("CARTESIA_NB_NOTEBOOK", str(Path("notes") / f"{name}.ipynb"))


@pytest.fixture
def files(folder):
    """Return a function: the content of every file in the folder, by its name."""
    return lambda: {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
