"""One client, many threads: the same answers as in one, and nothing left behind."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from cartesia_nb import Client

THREADS, ROUNDS = 12, 4
VOICES = ("Ada", "Bruno", "Cleo", "Dorian")


def work(client, number):
    """Do one thing or another; return what must be the same every time."""
    voice = VOICES[number % len(VOICES)]
    match number % 5:
        case 0:
            return hashlib.sha256(client.tts.bytes(f"This is number {number}.", voice=voice).data).hexdigest()
        case 1:
            stream = client.tts.sse(f"This is number {number}.", voice=voice, add_timestamps=True)
            speech = stream.collect()
            return hashlib.sha256(speech.data).hexdigest(), tuple(speech.words.word)
        case 2:
            return tuple(client.voices.list(page_size=5).query("is_owner == False").id)
        case 3:
            return client.stt.transcribe((np.zeros(8000), 16000)).text
        case _:
            return client.agents.list_calls(agent_id="agent_demo", limit=7).id.to_list()


def test_threads_share_a_client(sandbox):
    alone = Client(sandbox.key, base_url=sandbox.url)
    expected = [work(alone, number) for number in range(THREADS * ROUNDS)]
    threads = threading.active_count()
    shared = Client(sandbox.key, base_url=sandbox.url)
    start = threading.Barrier(THREADS)

    def run(first):
        start.wait()  # all at once, also for the first use of each section
        return {number: work(shared, number) for number in range(first, THREADS * ROUNDS, THREADS)}

    with ThreadPoolExecutor(THREADS) as pool:
        found = {number: result for part in pool.map(run, range(THREADS)) for number, result in part.items()}
    assert [found[number] for number in range(THREADS * ROUNDS)] == expected
    assert threading.active_count() == threads
