"""From lines to turns: when each began and ended, as the API's transcripts have it."""

import re
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from cartesia_nb.sandbox.call_centre.chance import made_id
from cartesia_nb.sandbox.call_centre.dialogue import Line, Tool

# Characters per second, pauses left out.
SLOWEST, FASTEST = 14.5, 17.0
MARK_SECONDS = 0.25
TOOL_TIMEOUT_SECONDS = 5.0

_SENTENCE_END = re.compile(r"(?<=[.!?…]) ")


def time_lines(lines: Sequence[Line], chance: Random, latency: float) -> list[dict[str, Any]]:
    """Return the turns of a call, with times in seconds since it began.

    ``latency`` is the median time to the first byte of the agent's speech, in seconds.
    """
    return list(_Clock(chance, latency).turns(lines))


class _Clock:
    def __init__(self, chance: Random, latency: float) -> None:
        self.chance, self.latency, self.now = chance, latency, 0.2
        self.pace = {role: chance.uniform(SLOWEST, FASTEST) for role in ("assistant", "user")}

    def turns(self, lines: Sequence[Line]) -> Iterator[dict[str, Any]]:
        interrupted = False
        for number, line in enumerate(lines):
            if line.role == "user":
                yield self._user(line, interrupted=interrupted)
                continue
            if line.tool:
                yield self._log(line.tool)
            yield self._assistant(line, is_last=number == len(lines) - 1)
            interrupted = line.interrupted

    def _user(self, line: Line, *, interrupted: bool) -> dict[str, Any]:
        # Who interrupts begins before the agent has noticed.
        self.now += self.chance.uniform(-0.35, -0.15) if interrupted else self.chance.uniform(0.3, 1.6)
        return self._spoken(line) | {"vad_buffer_ms": self.chance.randrange(240, 720, 20)}

    def _assistant(self, line: Line, *, is_last: bool) -> dict[str, Any]:
        ttfb = round(self.latency * self.chance.lognormvariate(0, 0.25), 3)
        self.now += self.chance.uniform(0.25, 0.6) + ttfb
        turn = self._spoken(line) | {"tts_ttfb": ttfb}
        if line.tool:
            call_id = made_id("tool", line.text, self.now)
            turn["tool_calls"] = [{"id": call_id, "name": line.tool.name, "arguments": line.tool.arguments}]
        complete = "call_ended" if is_last else "tts_completed"
        return turn | {"end_reason": "interrupted" if line.interrupted else complete}

    def _log(self, tool: Tool) -> dict[str, Any]:
        """Return what the agent's code logs about a tool: its seconds, or that it failed."""
        seconds = TOOL_TIMEOUT_SECONDS if tool.failed else round(self.chance.lognormvariate(-0.7, 0.5), 3)
        self.now += seconds
        turn = self._turn("system", None, self.now)
        if tool.failed:
            metadata = {"tool": tool.name, "reason": f"no answer within {TOOL_TIMEOUT_SECONDS:g} s"}
            return turn | {
                "log_event": {"event": "tool_failed", "metadata": metadata, "timestamp": _round(self.now)}
            }
        metric = {"name": f"{tool.name}_seconds", "value": seconds, "timestamp": _round(self.now)}
        return turn | {"log_metric": metric}

    def _spoken(self, line: Line) -> dict[str, Any]:
        start, chunks = self.now, []
        for sentence in _SENTENCE_END.split(line.text):
            chunks.append({"text": sentence, "start_timestamp": _round(self.now)})
            self.now += len(sentence) / self.pace[line.role] + MARK_SECONDS
        return self._turn(line.role, line.text, start) | {"text_chunks": chunks}

    def _turn(self, role: str, text: str | None, start: float) -> dict[str, Any]:
        return {
            "role": role,
            "text": text,
            "text_chunks": None,
            "start_timestamp": _round(start),
            "end_timestamp": _round(self.now),
            "end_reason": None,
            "tool_calls": None,
            "vad_buffer_ms": None,
            "tts_ttfb": None,
        }


def _round(seconds: float) -> float:
    return round(seconds, 3)
