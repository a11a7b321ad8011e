"""The client: where it goes, with which key and version, and the one that is shared."""

import os

import pytest
from scripted import Server, reply, wav
from secret import KEY, given_away

import cartesia_nb
from cartesia_nb import Client
from cartesia_nb.client import client as shared
from cartesia_nb.wire.errors import CartesiaError, InputError, MissingKey

STATUS = reply({"ok": True, "version": "2026-08-14"})


@pytest.fixture(autouse=True)
def nobody_shares(monkeypatch):
    monkeypatch.setattr(shared, "_shared", None)
    monkeypatch.setattr(shared, "_instead_of", None)


def test_where_it_goes_by_default(monkeypatch):
    assert repr(Client()) == "Client(https://api.cartesia.ai)"
    monkeypatch.setenv("CARTESIA_BASE_URL", "https://proxy.example/cartesia/")
    assert Client().base_url == "https://proxy.example/cartesia"
    assert Client(base_url="http://127.0.0.1:9").base_url == "http://127.0.0.1:9"


def test_the_status_needs_no_key_and_gets_none():
    with Server([STATUS]) as server:
        info = Client(KEY, base_url=server.url).api_status.get()
    assert (info.ok, info["version"], dict(info)) == (
        True,
        "2026-08-14",
        {"ok": True, "version": "2026-08-14"},
    )
    assert "authorization" not in server.asked[0].headers
    assert server.asked[0].headers["cartesia-version"] == "2026-08-14"


def test_without_a_key_all_ways_on_are_named():
    with Server([STATUS]) as server:
        client = Client(base_url=server.url)
        with pytest.raises(MissingKey) as caught:
            client.tts.bytes("hello")
    said = str(caught.value)
    assert all(
        way in said
        for way in ["CARTESIA_API_KEY", "api_key=", "keyring", "%cartesia sandbox", "sandbox=True"]
    )
    assert "\n" not in said
    assert server.asked == []


def test_the_key_of_the_environment_is_found_at_the_first_call(monkeypatch):
    with Server([reply(wav())]) as server:
        client = Client(base_url=server.url)
        monkeypatch.setenv("CARTESIA_API_KEY", KEY)
        client.tts.bytes("hello")
    assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"


def test_the_key_shows_nowhere():
    with Server([reply(wav())]) as server:
        client = Client(KEY, base_url=server.url)
        speech = client.tts.bytes("hello")
    shown = [
        repr(client),
        repr(vars(client)),
        repr(client.tts),
        repr(speech),
        repr(speech.provenance),
        speech._repr_html_(),
    ]
    assert given_away("".join(shown)) == []


def test_options_for_one_call():
    with Server([STATUS]) as server:
        client = Client(KEY, base_url=server.url, headers={"X-A": "1"})
        other = client.with_options(timeout=3, retries=0, headers={"X-B": "2"}, version="2025-04-16")
        other.api_status.get()
        client.api_status.get()
    first, second = server.asked
    assert (first.headers["x-a"], first.headers["x-b"], first.headers["cartesia-version"]) == (
        "1",
        "2",
        "2025-04-16",
    )
    assert "x-b" not in second.headers
    assert second.headers["cartesia-version"] == "2026-08-14"
    assert server.connections == 1
    assert repr(other).endswith("version 2025-04-16)")


def test_a_version_can_be_pinned_by_the_environment(monkeypatch):
    monkeypatch.setenv("CARTESIA_VERSION", "2025-11-04")
    with Server([STATUS]) as server:
        Client(KEY, base_url=server.url).api_status.get()
    assert server.asked[0].headers["cartesia-version"] == "2025-11-04"


@pytest.mark.parametrize(
    "arguments",
    [
        {"timeout": 0}, {"timeout": "1"}, {"timeout": 1e12}, {"timeout": True}, {"headers": "abc"}, {"headers": {1: 2}},
        {"base_url": 5}, {"api_key": 5}, {"retries": -1}, {"retries": 1.5}, {"version": "2024-01-01"},
        {"base_url": "http://example.com"}, {"auth_scheme": "basic"}, {"api_key": "a b"},
    ],
)  # fmt: skip
def test_impossible_arguments(arguments):
    with pytest.raises(InputError):
        Client(**arguments)


def test_connect_shares_one_client():
    first = cartesia_nb.connect()
    assert cartesia_nb.connect() is first
    second = cartesia_nb.connect(KEY)
    assert second is not first
    assert cartesia_nb.connect() is second


def test_connect_to_the_sandbox_and_back(sandbox, monkeypatch):
    monkeypatch.setattr(shared, "running_sandbox", lambda: sandbox)
    monkeypatch.setenv("CARTESIA_API_KEY", KEY)
    assert cartesia_nb.connect(sandbox=True).base_url == sandbox.url
    assert cartesia_nb.connect().base_url == sandbox.url
    assert cartesia_nb.connect(timeout=30).base_url == sandbox.url
    assert cartesia_nb.connect(sandbox=False).base_url == "https://api.cartesia.ai"
    monkeypatch.setenv("CARTESIA_NB_SANDBOX", "1")
    assert cartesia_nb.connect(sandbox=False, timeout=30).base_url == "https://api.cartesia.ai"
    with pytest.raises(InputError, match="of its own"):
        cartesia_nb.connect(KEY, sandbox=True)


def test_the_client_before_the_sandbox_comes_back(sandbox, monkeypatch):
    monkeypatch.setattr(shared, "running_sandbox", lambda: sandbox)
    before = cartesia_nb.connect(KEY, base_url="https://proxy.example", timeout=7)
    assert cartesia_nb.connect(sandbox=True) is not before
    cartesia_nb.connect(sandbox=True, timeout=3)
    assert cartesia_nb.connect(sandbox=False) is before


def test_off_leaves_the_sandbox_that_the_environment_asked_for(sandbox, monkeypatch):
    monkeypatch.setattr(shared, "running_sandbox", lambda: sandbox)
    monkeypatch.setenv("CARTESIA_NB_SANDBOX", "1")
    assert cartesia_nb.connect().base_url == sandbox.url
    assert cartesia_nb.connect(sandbox=True).base_url == sandbox.url
    assert cartesia_nb.connect(sandbox=False).base_url == "https://api.cartesia.ai"


def test_the_environment_asks_for_the_sandbox(sandbox, monkeypatch):
    monkeypatch.setattr(shared, "running_sandbox", lambda: sandbox)
    monkeypatch.setenv("CARTESIA_API_KEY", KEY)
    for off in ("0", "false", "no", "off", ""):
        monkeypatch.setenv("CARTESIA_NB_SANDBOX", off)
        assert Client().base_url == "https://api.cartesia.ai"
    monkeypatch.setenv("CARTESIA_NB_SANDBOX", "1")
    assert Client().base_url == sandbox.url
    assert Client(base_url="http://127.0.0.1:9").base_url == "http://127.0.0.1:9"
    assert Client().voices.list(limit=1).shape[0] == 1  # with the sandbox's own key


def test_a_sandbox_that_does_not_start_is_one_clear_error(monkeypatch):
    from cartesia_nb.sandbox import launch

    def fail():
        raise launch.SandboxError("The sandbox did not start: no engine\n\n  here")

    monkeypatch.setattr(launch, "start", fail)
    monkeypatch.setattr(shared, "_sandbox", None)
    with pytest.raises(CartesiaError, match="^The sandbox did not start: no engine here$"):
        cartesia_nb.connect(sandbox=True)


def test_the_sandbox_of_this_process_starts_once_and_again_when_it_died(monkeypatch):
    monkeypatch.setattr(shared, "_sandbox", None)
    first = shared.running_sandbox()
    try:
        assert shared.running_sandbox() is first
        first.stop()
        second = shared.running_sandbox()
        assert second is not first
        assert Client(second.key, base_url=second.url).api_status.get().ok
        second.stop()
    finally:
        first.stop()
    assert os.environ.get("CARTESIA_API_KEY") is None
