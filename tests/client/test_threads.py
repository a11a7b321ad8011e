"""Clients shared between threads: the same answers as in one thread, and nothing left behind."""

import gc
import hashlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psutil
import pytest

from cartesia_nb import Client
from cartesia_nb.wire.errors import RateLimited

VOICES = ("Ada", "Bruno", "Cleo", "Dorian")
TASKS = 60


def work(client, number):
    """Do one thing or another; return what must be the same every time."""
    voice, said = VOICES[number % len(VOICES)], f"This is number {number}."
    match number % 6:
        case 0:
            return digest(client.tts.bytes(said, voice=voice))
        case 1:
            speech = client.tts.sse(said, voice=voice, add_timestamps=True).collect()
            return digest(speech), tuple(speech.words.word)
        case 2:
            return tuple(client.voices.list(page_size=5, is_owner=False).id)
        case 3:
            return client.stt.transcribe((np.zeros(8000), 16000)).text
        case 4:
            with client.tts.sse(said, voice=voice) as stream:  # and leave it
                return next(stream).type
        case _:
            return tuple(client.agents.list_calls(agent_id="agent_demo", limit=7).id)


def digest(speech):
    return hashlib.sha256(speech.data).hexdigest()


def open_sockets():
    """Return how many connections this process has open."""
    gc.collect()
    return len(psutil.Process().net_connections("tcp"))


@pytest.fixture(scope="module")
def expected(sandbox):
    alone = Client(sandbox.key, base_url=sandbox.url)
    return [work(alone, number) for number in range(TASKS)]


def test_threads_meet_at_the_first_use_of_a_client(sandbox, expected):
    shared = Client(sandbox.key, base_url=sandbox.url)
    start = threading.Barrier(12)

    def run(first):
        start.wait()
        return [(number, work(shared, number)) for number in range(first, TASKS, 12)]

    with ThreadPoolExecutor(12) as pool:
        found = dict(pair for part in pool.map(run, range(12)) for pair in part)
    assert [found[number] for number in range(TASKS)] == expected


def test_two_clients_and_sixteen_threads_for_a_minute(sandbox, expected):
    clients = [Client(sandbox.key, base_url=sandbox.url), Client("another", base_url=sandbox.url)]
    work(clients[0], 0)
    threads, sockets = threading.active_count(), open_sockets()
    end = time.monotonic() + 60

    def run(first):
        done, number = 0, first
        while time.monotonic() < end:
            number = (number + 7) % TASKS
            assert work(clients[done % 2], number) == expected[number], number
            done += 1
        return done

    with ThreadPoolExecutor(16) as pool:
        done = sum(pool.map(run, range(16)))
    assert done > 300
    assert threading.active_count() <= threads
    # Connections that rest in the pools stay: at most as many as there were threads, for each client.
    assert open_sockets() <= sockets + 2 * 16
    clients.clear()
    assert open_sockets() <= sockets


def test_a_plan_refuses_some_and_spoils_none(sandbox, expected):
    """Eight threads on a plan with two places: what gets through is right, and the rest is told so."""
    shared = Client(sandbox.key, base_url=sandbox.url, headers={"Sandbox-Plan": "free"}, retries=0)

    def run(number):
        try:
            return work(shared, number) == expected[number]
        except RateLimited as error:
            return error.code

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(run, [0, 6, 12, 18, 24, 30, 36, 42] * 3))
    assert found == {True, "concurrency_limited"}
