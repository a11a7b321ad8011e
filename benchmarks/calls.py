"""What calls cost, beside the server's own time: a long list as a DataFrame, and one small answer."""

import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pandas as pd
from canned import PAGE, VOICES, canned_server, voice
from cartesia import Cartesia
from pairs import Pair

from cartesia_nb import Client

KEY = "sk_car_benchmark_only"
SMALL_CALLS = 20


def seconds(action: Callable[[], object]) -> float:
    """Return the seconds of doing something once."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def often(action: Callable[[], object]) -> Callable[[], float]:
    """Return what makes a small call many times, for the clock's sake, and gives the seconds of one."""
    return lambda: seconds(lambda: [action() for _ in range(SMALL_CALLS)]) / SMALL_CALLS


def requests_asked(url: str) -> int:
    """Return how many requests there were since this was asked last."""
    with urllib.request.urlopen(f"{url}/asked") as response:
        return int(json.load(response))


@contextmanager
def pairs() -> Iterator[list[Pair]]:
    """Yield the rows of this file; the server that they ask runs as long."""
    with canned_server() as url:
        ours, theirs = Client(KEY, base_url=url), Cartesia(api_key=KEY, base_url=url)
        one = str(voice(1)["id"])

        def their_frame() -> pd.DataFrame:
            return pd.DataFrame([found.model_dump() for found in theirs.voices.list(limit=PAGE)])

        counts = []
        for listed in (ours.voices.list, their_frame):
            requests_asked(url)
            assert len(listed()) == VOICES
            counts.append(requests_asked(url))
        yield [
            Pair(
                f"list {VOICES} voices as a DataFrame ({counts[0]} requests)",
                f"cartesia ({counts[1]} requests)",
                lambda: seconds(ours.voices.list),
                lambda: seconds(their_frame),
                goal=0.15,
            ),
            Pair(
                "get one voice",
                "cartesia",
                often(lambda: ours.voices.get(one)),
                often(lambda: theirs.voices.get(one)),
                goal=1.0,
            ),
        ]
