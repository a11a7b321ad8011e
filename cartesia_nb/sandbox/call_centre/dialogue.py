"""Who says what in a call, in order and without times."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from cartesia_nb.sandbox.call_centre.scenario import Intent, Scenario, Step

TOOL_FAILS = 0.09
TOOL_FAILS_AGAIN = 0.5
HESITATES = 0.2
INTERRUPTS = 0.1
ASKS_ASIDE = 0.35
WANTS_MORE = 0.2
MOST_STEPS = 5
# In a long call, no tool fails any more: so no call has over 20 lines.
LATEST_TROUBLE = 11

_SENTENCE_START = re.compile(r"(^|[.!?…] )(\w)")


@dataclass
class Tool:
    """A call of a tool, and whether it failed."""

    name: str
    arguments: dict[str, str]
    failed: bool


@dataclass
class Line:
    """What the ``user`` or the ``assistant`` says, after the tool that the latter called, if any."""

    role: str
    text: str
    tool: Tool | None = None
    interrupted: bool = False


@dataclass
class Dialogue:
    """A whole conversation: its lines, what the caller wanted, and whether they got it."""

    lines: list[Line] = field(default_factory=list)
    goals: list[str] = field(default_factory=list)
    summary: str = ""
    resolved: bool = True


def compose(scenario: Scenario, chance: Random) -> Dialogue:
    """Return a conversation of 7 to 20 lines."""
    return _Composer(scenario, chance).compose()


class _Composer:
    def __init__(self, scenario: Scenario, chance: Random) -> None:
        self.scenario, self.chance = scenario, chance
        self.facts = {slot: chance.choice(values) for slot, values in scenario.slots.items()}
        self.dialogue = Dialogue()
        # What the agent still has to answer before it goes on.
        self.answer = ""

    def compose(self) -> Dialogue:
        intents, talk = self._intents(), self.dialogue
        self._agent(self.scenario.greetings)
        for number, intent in enumerate(intents):
            if number:
                self._agent(self.scenario.more)
            if not self._pursue(intent):
                talk.resolved, talk.summary = False, self._fill([self.scenario.unresolved])
                break
            talk.summary = f"{talk.summary} {self._fill([intent.summary])}".strip()
        else:
            self._agent(self.scenario.more)
            self._user(self.scenario.thanks)
        self._agent(self.scenario.farewells)
        return talk

    def _intents(self) -> list[Intent]:
        """Choose what the caller wants: one thing, or two that do not take long."""
        choices = self.scenario.intents
        first, second = self.chance.choices(choices, [intent.weight for intent in choices], k=2)
        fits = len(first.steps) + len(second.steps) <= MOST_STEPS and second is not first
        return [first, second] if fits and self.chance.random() < WANTS_MORE else [first]

    def _pursue(self, intent: Intent) -> bool:
        self.dialogue.goals.append(intent.name)
        self._user(intent.opening)
        aside = self.chance.randrange(len(intent.steps)) if self.chance.random() < ASKS_ASIDE else None
        for number, step in enumerate(intent.steps):
            if step.tool and not self._call_tool(step):
                return False
            self._agent(step.agent, step)
            self._user(step.user)
            if number == aside:
                self._ask_aside()
        return True

    def _call_tool(self, step: Step) -> bool:
        """Play the failures of a tool, if it fails; False if it fails for good."""
        if self.chance.random() >= TOOL_FAILS or len(self.dialogue.lines) > LATEST_TROUBLE:
            return True
        self._agent(self.scenario.apologies, step, failed=True)
        self._user(self.scenario.patience)
        if self.chance.random() >= TOOL_FAILS_AGAIN:
            return True
        self._agent(self.scenario.surrenders, step, failed=True)
        self._user(self.scenario.annoyance)
        return False

    def _ask_aside(self) -> None:
        aside = self.chance.choice(self.scenario.asides)
        self.dialogue.lines[-1].text += " " + self._fill(aside["question"])
        self.answer = self._fill(aside["answer"]) + " "

    def _agent(self, patterns: Sequence[str], step: Step | None = None, *, failed: bool = False) -> None:
        tool = None
        if step and step.tool:
            tool = Tool(step.tool, {name: self.facts[name] for name in step.arguments}, failed)
        self.dialogue.lines.append(Line("assistant", self.answer + self._fill(patterns), tool))
        self.answer = ""

    def _user(self, patterns: Sequence[str]) -> None:
        text, before = self._fill(patterns), self.dialogue.lines[-1]
        words = before.text.split()
        if len(words) > 8 and self.chance.random() < INTERRUPTS:
            before.text = " ".join(words[: self.chance.randint(4, len(words) - 3)])
            before.interrupted = True
            text = f"{self.chance.choice(self.scenario.interjections)} {text}"
        elif self.chance.random() < HESITATES:
            text = f"{self.chance.choice(self.scenario.fillers)}... {text}"
        self.dialogue.lines.append(Line("user", text))

    def _fill(self, patterns: Sequence[str]) -> str:
        text = self.chance.choice(patterns).format(**self.facts)
        return _SENTENCE_START.sub(lambda start: start[1] + start[2].upper(), text)
