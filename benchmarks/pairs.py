"""Two ways to do one thing, timed in turns so that a drift of the machine meets both alike."""

import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Pair:
    """One row of the table.

    Attributes
    ----------
    name, peer
        What is measured, and against what.
    ours, theirs
        Each does the thing once and returns the seconds it took.
    goal
        The largest ratio of medians, ours / theirs, that is still good.
    limit
        The most seconds that ours may take, whatever theirs takes; None for any.
    """

    name: str
    peer: str
    ours: Callable[[], float]
    theirs: Callable[[], float]
    goal: float
    limit: float | None = None


@dataclass(frozen=True)
class Result:
    """Median seconds of both sides of a pair."""

    pair: Pair
    ours: float
    theirs: float

    @property
    def ratio(self) -> float:
        """Our seconds for one of theirs."""
        return self.ours / self.theirs

    @property
    def good(self) -> bool:
        """Whether the goal is met, and the limit kept."""
        limit = self.pair.limit
        return self.ratio <= self.pair.goal and (limit is None or self.ours <= limit)


def measure(pair: Pair, rounds: int) -> Result:
    """Time both sides `rounds` times, in turns, after one round that only warms the disk's cache."""
    samples = [(pair.ours(), pair.theirs()) for _ in range(rounds + 1)][1:]
    ours, theirs = (statistics.median(side) for side in zip(*samples, strict=True))
    return Result(pair, ours, theirs)


def printed_seconds(code: str) -> float:
    """Seconds that `code` measures and prints itself, in a fresh interpreter."""
    return float(fresh(code))


def fresh(code: str) -> str:
    """Run `code` in an interpreter without anyone's keys, proxies or options; return what it prints."""
    personal = ("CARTESIA_", "ELEVENLABS_", "PYTHON")
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(personal) and not name.upper().endswith("_PROXY")
    }
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
