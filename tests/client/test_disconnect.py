"""Forgetting the shared client."""

import pytest
from secret import KEY

import cartesia_nb
from cartesia_nb.client import client as shared
from cartesia_nb.client.client import disconnect


@pytest.fixture(autouse=True)
def nobody_shares(monkeypatch):
    monkeypatch.setattr(shared, "_shared", None)
    monkeypatch.setattr(shared, "_instead_of", None)


def test_asking_for_the_shared_client_makes_none(monkeypatch):
    monkeypatch.setattr(shared, "running_sandbox", None)
    monkeypatch.setenv("CARTESIA_NB_SANDBOX", "1")
    assert shared.shared() is None
    made = cartesia_nb.connect(KEY)
    assert shared.shared() is made


def test_the_next_connection_looks_for_a_key_anew(monkeypatch):
    monkeypatch.setenv("CARTESIA_API_KEY", "sk_car_first")
    first = cartesia_nb.connect()
    assert first._transport.key().reveal() == "sk_car_first"
    monkeypatch.setenv("CARTESIA_API_KEY", "sk_car_second")
    assert cartesia_nb.connect()._transport.key().reveal() == "sk_car_first"
    disconnect()
    assert shared.shared() is None
    assert cartesia_nb.connect()._transport.key().reveal() == "sk_car_second"
    disconnect()
    disconnect()


def test_the_sandbox_stays_and_the_client_behind_it_is_forgotten(sandbox, monkeypatch):
    monkeypatch.setattr(shared, "running_sandbox", lambda: sandbox)
    behind = cartesia_nb.connect(KEY, timeout=7)
    instead = cartesia_nb.connect(sandbox=True)
    disconnect()
    assert cartesia_nb.connect() is shared.shared() is instead
    back = cartesia_nb.connect(sandbox=False)
    assert back is not behind
    assert (back.base_url, back._transport.key()) == ("https://api.cartesia.ai", None)


def test_the_sandbox_that_the_environment_asks_for_stays(sandbox, monkeypatch):
    monkeypatch.setattr(shared, "running_sandbox", lambda: sandbox)
    monkeypatch.setenv("CARTESIA_NB_SANDBOX", "1")
    cartesia_nb.connect()
    disconnect()
    assert cartesia_nb.connect().base_url == sandbox.url
