"""What people and agents say, by scenario: sentences with gaps, read from the files beside this one."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Step:
    """The agent calls its tool, if any, with the named slots, and says something; the caller replies."""

    agent: list[str]
    user: list[str]
    tool: str | None = None
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Intent:
    """What a caller may want, with the steps to it and the summary of a call that got there."""

    name: str
    weight: float
    summary: str
    opening: list[str]
    steps: list[Step]


@dataclass(frozen=True)
class Scenario:
    """Sentences for every moment of a call; ``slots`` has the values for their gaps.

    When a tool fails, the agent says one of ``apologies`` and the caller one of ``patience``; when it fails
    again, ``surrenders`` and ``annoyance``, and the summary is ``unresolved``. ``more`` asks for further
    wishes. ``fillers`` and ``interjections`` begin the sentences of callers who hesitate or interrupt.
    """

    greetings: list[str]
    fillers: list[str]
    interjections: list[str]
    apologies: list[str]
    patience: list[str]
    surrenders: list[str]
    annoyance: list[str]
    more: list[str]
    thanks: list[str]
    farewells: list[str]
    unresolved: str
    slots: dict[str, list[str]]
    asides: list[dict[str, list[str]]]
    intents: list[Intent]


@cache
def read_scenario(name: str) -> Scenario:
    """Return a scenario by the name of its file."""
    import tomllib

    path = Path(__file__).parent / "scenarios" / f"{name}.toml"
    fields: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    intents = [
        Intent(**(intent | {"steps": [Step(**s) for s in intent["steps"]]})) for intent in fields["intents"]
    ]
    return Scenario(**(fields | {"intents": intents}))
