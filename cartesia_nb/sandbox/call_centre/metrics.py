"""The metrics of the call centre: questions about calls, and what the judge answered."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from cartesia_nb.sandbox.call_centre.agents import AGENTS
from cartesia_nb.sandbox.call_centre.calls import Call, calls
from cartesia_nb.sandbox.call_centre.chance import NOW, iso, made_id, stream

JUDGE_FAILS = 0.03
# Too little was said to judge a shorter call.
FEWEST_TURNS = 4
CLASSES = ("very_dissatisfied", "dissatisfied", "neutral", "satisfied", "very_satisfied")


@dataclass(frozen=True)
class Verdict:
    """What the judge says of a call: its words, and the value or the JSON that they hold."""

    result: str
    value: object = None
    json_result: dict[str, Any] | None = None


@dataclass(frozen=True)
class Metric:
    """A question about each call of some agents, asked since it was made."""

    id: str
    name: str
    display_name: str | None
    prompt: str
    age_days: int
    agents: tuple[str, ...]
    judge: Callable[[Call, Random], Verdict]

    @property
    def created(self) -> datetime:
        """When it was made."""
        return NOW - timedelta(days=self.age_days)


def satisfaction(call: Call, chance: Random) -> float:
    """Return how content the caller is, from 1 to 5: slow speech, failing tools and interruptions annoy."""
    delays = [turn["tts_ttfb"] for turn in call.turns if turn["tts_ttfb"] is not None]
    lines = call.dialogue.lines
    failures = sum(line.tool is not None and line.tool.failed for line in lines)
    interruptions = sum(line.interrupted for line in lines)
    score: float = (
        5.0 - 4.0 * max(0.0, sum(delays) / len(delays) - 0.15) - 0.8 * failures - 0.3 * interruptions
    )
    score -= 0 if _resolved(call) else 1.0
    return min(5.0, max(1.0, score + chance.gauss(0, 0.5)))


def _resolved(call: Call) -> bool:
    return call.row["status"] == "completed" and call.dialogue.resolved


def _judge_satisfaction(call: Call, chance: Random) -> Verdict:
    name = CLASSES[round(satisfaction(call, chance)) - 1]
    return Verdict(name, name)


def _judge_resolution(call: Call, chance: Random) -> Verdict:
    is_wrong = chance.random() < 0.04
    resolved = _resolved(call) != is_wrong
    return Verdict(json.dumps(resolved), resolved)


def _judge_politeness(call: Call, chance: Random) -> Verdict:
    score = round(min(5.0, max(1.0, 3.2 + 0.4 * satisfaction(call, chance) + chance.gauss(-0.3, 0.6))))
    return Verdict(str(score), score)


def _judge_offer(_call: Call, chance: Random) -> Verdict:
    answer = chance.choices(("yes", "no", "not_applicable"), (2, 5, 3))[0]
    return Verdict(answer, answer)


def _review(call: Call, chance: Random) -> Verdict:
    tools = [line.tool for line in call.dialogue.lines if line.tool]
    end = satisfaction(call, chance)
    review = {
        "goals": call.dialogue.goals,
        "mood": {"start": round(chance.uniform(2.5, 4), 1), "end": round(end, 1)},
        "tools": {"called": len(tools), "failed": sum(tool.failed for tool in tools)},
        "follow_up": not _resolved(call),
        "note": 'Said "thank you" at the end,\nand sounded relieved.' if end > 4 else None,
    }
    return Verdict(json.dumps(review), json_result=review)


_EVERY = tuple(agent.id for agent in AGENTS if agent.scenario)

METRICS = (
    Metric(
        "am_abc123",
        "caller_satisfaction",
        "Caller satisfaction",
        f"How satisfied is the caller at the end of the call? Answer with one of: {', '.join(CLASSES)}.",
        88,
        _EVERY,
        _judge_satisfaction,
    ),
    Metric(
        made_id("am", "issue.resolved"),
        "issue.resolved",
        "Issue resolved",
        "Did the caller get what they called for? Answer true or false.",
        88,
        _EVERY,
        _judge_resolution,
    ),
    Metric(
        made_id("am", "politeness-score"),
        "politeness-score",
        "Politeness",
        "Rate how polite the agent was, from 1 (rude) to 5 (very polite).",
        52,
        _EVERY[:3],
        _judge_politeness,
    ),
    Metric(
        made_id("am", "call_review"),
        "call_review",
        "Review",
        "Review the call as JSON: goals, mood (start, end), tools (called, failed), follow_up, note.",
        75,
        _EVERY,
        _review,
    ),
    Metric(
        made_id("am", "offer-made"),
        "offer-made",
        None,
        "Did the agent offer the dish of the day? Answer yes, no or not_applicable.",
        30,
        _EVERY[2:3],
        _judge_offer,
    ),
)


def metric_json(metric: Metric) -> dict[str, Any]:
    """Return a metric as the API writes it."""
    return {
        "id": metric.id,
        "name": metric.name,
        "display_name": metric.display_name,
        "prompt": metric.prompt,
        "created_at": iso(metric.created),
    }


@cache
def results() -> tuple[dict[str, Any], ...]:
    """Return all metric results as the API writes them, the newest first."""
    judged = [call for call in calls() if call.end and len(call.turns) >= FEWEST_TURNS]
    found = [
        _result(metric, call, call.end)
        for metric in METRICS
        for call in judged
        if call.agent.id in metric.agents and call.end and call.end > metric.created
    ]
    return tuple(sorted(found, key=lambda result: (result["createdAt"], result["id"]), reverse=True))


def _result(metric: Metric, call: Call, end: datetime) -> dict[str, Any]:
    chance = stream("result", metric.name, call.id)
    created = end + timedelta(seconds=chance.uniform(4, 45))
    failed = chance.random() < JUDGE_FAILS
    verdict = Verdict("The judge did not answer in time.") if failed else metric.judge(call, chance)
    return {
        "id": made_id("amr", metric.name, call.id),
        "metricId": metric.id,
        "metricName": metric.name,
        "summary": call.row["summary"],
        "transcript": call.row["transcript"],
        "agentId": call.agent.id,
        "callId": call.id,
        "deploymentId": call.row["deployment_id"],
        "result": verdict.result,
        "jsonResult": verdict.json_result,
        "value": verdict.value,
        "status": "failed" if failed else "completed",
        "runId": made_id("run", call.id) if chance.random() < 0.9 else None,
        "createdAt": iso(created),
    }
