"""The calls of the call centre: when they came, what was said, and how they ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from cartesia_nb.sandbox.call_centre.agents import AGENTS, Agent
from cartesia_nb.sandbox.call_centre.chance import NOW, iso, made_id, stream
from cartesia_nb.sandbox.call_centre.deployments import live_at
from cartesia_nb.sandbox.call_centre.dialogue import Dialogue, compose
from cartesia_nb.sandbox.call_centre.scenario import read_scenario
from cartesia_nb.sandbox.call_centre.timing import time_lines

CALLS, DAYS = 520, 90
# The last ones are still going on; the first one has an id that Cartesia's own documentation uses.
ACTIVE = 3
FIXED_IDS = {0: "ac_abc123"}

STATUSES = {"completed": 0.84, "cancelled": 0.09, "failed": 0.07}
BY_PHONE = 0.85
AREAS = (212, 312, 415, 503, 617, 702, 773, 857)
ERRORS = (
    "The deployment's process ended with code 137: out of memory.",
    "The language model's provider answered with status 529 three times.",
    "The telephone line was lost: no media for 10 s.",
    "Unhandled exception in the agent's code: KeyError: 'calendar'",
)
# How many calls come in each hour of a business day, from its opening on; a longer day goes on evenly.
RUSH = (3, 6, 8, 7, 5, 4, 5, 6, 7, 6, 4, 3)


@dataclass(frozen=True)
class Call:
    """A call as the API writes it, and what the judges of the call know besides."""

    row: dict[str, Any]
    agent: Agent
    dialogue: Dialogue
    end: datetime | None

    @property
    def id(self) -> str:
        """The id of the call."""
        return str(self.row["id"])

    @property
    def turns(self) -> list[dict[str, Any]]:
        """The turns, none if there is no transcript."""
        return self.row["transcript"] or []


@cache
def calls() -> tuple[Call, ...]:
    """Return all calls, the newest first."""
    return tuple(sorted(map(_call, range(CALLS)), key=lambda call: str(call.row["start_time"]), reverse=True))


def _call(number: int) -> Call:
    chance = stream("call", number)
    agent = _choose_agent(number, chance)
    status = _choose_status(number, chance)
    start = _active_start(chance) if status == "active" else _choose_start(agent, chance)
    deployment = live_at(agent.id, start)
    dialogue = compose(read_scenario(agent.scenario or ""), chance)
    turns = time_lines(dialogue.lines, chance, deployment.latency)
    turns = _cut(turns, status, chance, (NOW - start).total_seconds())
    seconds = (turns[-1]["end_timestamp"] if turns else 0) + chance.uniform(0.4, 3)
    end = None if status == "active" else start + timedelta(seconds=seconds)
    row: dict[str, Any] = {
        "id": FIXED_IDS.get(number) or made_id("ac", number),
        "agent_id": agent.id,
        "start_time": iso(start),
        "end_time": iso(end) if end else None,
        "transcript": turns or None,
        "summary": _summary(status, dialogue, turns),
        "status": status,
        "error_message": chance.choice(ERRORS) if status == "failed" else None,
        "deployment_id": deployment.id,
    }
    if number in FIXED_IDS or chance.random() < BY_PHONE:
        row["telephony_params"] = {"from": agent.number, "to": _caller(chance)}
    return Call(row, agent, dialogue, end)


def _choose_agent(number: int, chance: Random) -> Agent:
    return AGENTS[0] if number in FIXED_IDS else chance.choices(AGENTS, [agent.share for agent in AGENTS])[0]


def _choose_status(number: int, chance: Random) -> str:
    if number in FIXED_IDS:
        return "completed"
    if number >= CALLS - ACTIVE:
        return "active"
    return chance.choices(list(STATUSES), list(STATUSES.values()))[0]


def _choose_start(agent: Agent, chance: Random) -> datetime:
    """Choose a moment when the agent's line is open, on one of the days before now."""
    local_now = NOW + timedelta(hours=agent.utc_offset)
    days = [local_now.date() - timedelta(days=back) for back in range(1, DAYS)]
    day = chance.choices(days, [agent.weekdays[day.weekday()] for day in days])[0]
    hours = range(agent.opens, agent.closes)
    rush = [RUSH[hour] if hour < len(RUSH) else RUSH[-1] for hour in range(len(hours))]
    hour = chance.choices(hours, rush)[0]
    local = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return local + timedelta(seconds=chance.uniform(0, 3600)) - timedelta(hours=agent.utc_offset)


def _active_start(chance: Random) -> datetime:
    return NOW - timedelta(seconds=chance.uniform(15, 35))


def _cut(
    turns: list[dict[str, Any]], status: str, chance: Random, elapsed_seconds: float
) -> list[dict[str, Any]]:
    """Keep what was said before the call broke off, if it did."""
    if status == "completed":
        return turns
    if status == "active":
        return [turn for turn in turns if turn["end_timestamp"] <= elapsed_seconds]
    kept = turns[
        : chance.choice((0, 1, 1, 2, 2)) if status == "cancelled" else chance.randint(0, len(turns) - 2)
    ]
    if kept and kept[-1]["role"] == "assistant":
        kept[-1]["end_reason"] = "call_ended"
    return kept


def _summary(status: str, dialogue: Dialogue, turns: Sequence[dict[str, Any]]) -> str | None:
    if status == "active" or not turns:
        return None
    if status == "completed":
        return dialogue.summary
    return "The caller hung up early." if status == "cancelled" else "The call broke off because of an error."


def _caller(chance: Random) -> str:
    """Return a telephone number of the range kept for fiction; some people call again and again."""
    return f"+1{chance.choice(AREAS)}555{chance.randint(100, 199):04}"
