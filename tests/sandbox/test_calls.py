"""Calls of agents: plausible, listed in order, and with a recording that says what the transcript says."""

import io
import itertools
import re
from collections import Counter
from datetime import datetime, timedelta
from statistics import fmean, median

import numpy as np
import pytest
import soundfile
from recogniser import transcribe, word_error_rate

from cartesia_nb.sandbox import launch

CALL = {
    "id", "agent_id", "start_time", "end_time", "summary", "status", "error_message", "deployment_id",
}  # fmt: skip
TURN = {
    "role", "text", "text_chunks", "start_timestamp", "end_timestamp", "end_reason", "tool_calls",
    "vad_buffer_ms", "tts_ttfb",
}  # fmt: skip
FICTION = re.compile(r"\+1\d{3}55501\d\d")
LAST = "2026-08-01T18:00:00.000Z"


def list_calls(api, agent_id, **query):
    """Return all calls of an agent, page by page."""
    rows, cursor = [], None
    while True:
        params = {"agent_id": agent_id, "limit": 100, "starting_after": cursor, **query}
        page = api.get("/agents/calls", params=params).json()
        rows += page["data"]
        cursor = page.get("next_page")
        if cursor is None:
            return rows


@pytest.fixture(scope="module")
def calls(api):
    """Every call, with its transcript."""
    listed = api.get("/agents").json()["summaries"]
    return [call for agent in listed for call in list_calls(api, agent["id"], expand="transcript")]


def spoken(call):
    return [turn for turn in call["transcript"] or [] if turn["text"]]


def moment(text):
    return datetime.fromisoformat(text)


def test_pages_newest_first_without_transcript(api):
    whole = list_calls(api, "agent_demo")
    assert all(set(call) - {"telephony_params"} == CALL for call in whole)
    starts = [call["start_time"] for call in whole]
    assert starts == sorted(starts, reverse=True)
    assert len({call["id"] for call in whole}) == len(whole) > 100
    first = api.get("/agents/calls", params={"agent_id": "agent_demo"}).json()
    assert set(first) == {"data", "next_page"}
    assert first["data"] == whole[:10]
    assert first["next_page"] == whole[9]["id"]
    query = {"agent_id": "agent_demo", "limit": 5, "ending_before": whole[20]["id"]}
    assert api.get("/agents/calls", params=query).json()["data"] == whole[15:20]


def test_one_call_has_its_transcript(api, calls):
    for call in (calls[0], calls[-1], next(call for call in calls if call["id"] == "ac_abc123")):
        assert api.get(f"/agents/calls/{call['id']}").json() == call
    known = api.get("/agents/calls/ac_abc123").json()
    assert (known["agent_id"], known["status"]) == ("agent_123", "completed")
    assert known["transcript"]


def test_all_calls_together_look_like_a_season(calls):
    assert 400 <= len(calls) <= 600
    assert Counter(call["status"] for call in calls).keys() == {"active", "completed", "failed", "cancelled"}
    first = min(call["start_time"] for call in calls)
    assert "2026-05-03" <= first < "2026-05-10"
    assert max(call["start_time"] for call in calls) < LAST
    of_clinic = [moment(call["start_time"]) for call in calls if call["agent_id"] == "agent_123"]
    hours = Counter(start.hour for start in of_clinic)
    # From eight to six, in Chicago.
    assert set(hours) <= {13, 14, 15, 16, 17, 18, 19, 20, 21, 22}
    assert max(hours.values()) > 2 * min(hours.values())
    weekdays = Counter(start.weekday() for start in of_clinic)
    assert weekdays[0] > 3 * weekdays[5]
    by_agent = Counter(call["agent_id"] for call in calls)
    assert max(by_agent.values()) > 1.5 * min(by_agent.values())


def test_calls_end_as_their_status_says(calls):
    for call in calls:
        lines = spoken(call)
        assert (call["end_time"] is None) == (call["status"] == "active")
        assert (call["error_message"] is not None) == (call["status"] == "failed")
        if call["end_time"]:
            lasted = moment(call["end_time"]) - moment(call["start_time"])
            last = call["transcript"][-1]["end_timestamp"] if call["transcript"] else 0
            assert timedelta(0) < lasted - timedelta(seconds=last) < timedelta(seconds=4)
            if last and call["transcript"][-1]["role"] == "assistant":
                assert lines[-1]["end_reason"] == "call_ended"
        if call["status"] == "active":
            said = moment(call["start_time"]) + timedelta(seconds=lines[-1]["end_timestamp"])
            assert said <= moment(LAST)
        if call["status"] == "completed":
            assert 4 <= len(lines) <= 20
            assert call["summary"]
        if call["status"] == "cancelled":
            assert len(lines) <= 2
        for number in call.get("telephony_params", {}).values():
            assert FICTION.fullmatch(number)
    by_phone = fmean("telephony_params" in call for call in calls)
    assert 0.7 < by_phone < 1


def test_deployments_answered_while_they_were_live(api, calls):
    known = {}
    for agent in api.get("/agents").json()["summaries"]:
        for row in api.get(f"/agents/{agent['id']}/deployments").json():
            known[row["id"]] = row
    for call in calls:
        deployment = known[call["deployment_id"]]
        assert deployment["agent_id"] == call["agent_id"]
        assert deployment["status"] in ("inactive", "deployed")
        assert deployment["created_at"] < call["start_time"]


def test_turns_have_their_times(calls):
    for call in calls:
        for turn in call["transcript"] or []:
            assert set(turn) - {"log_event", "log_metric"} == TURN
            assert turn["role"] in ("user", "assistant", "system")
        lines = spoken(call)
        assert [turn["role"] for turn in lines] == [
            role for _, role in zip(lines, itertools.cycle(("assistant", "user")), strict=False)
        ]
        for turn in lines:
            seconds = turn["end_timestamp"] - turn["start_timestamp"]
            assert 8 < len(turn["text"]) / seconds < 17 or len(turn["text"]) < 15
            assert " ".join(chunk["text"] for chunk in turn["text_chunks"]) == turn["text"]
            starts = [turn["start_timestamp"], *(chunk["start_timestamp"] for chunk in turn["text_chunks"])]
            assert starts == sorted(starts)
            assert (turn["tts_ttfb"] is not None) == (turn["role"] == "assistant") == bool(turn["end_reason"])
        for before, after in itertools.pairwise(lines):
            gap = after["start_timestamp"] - before["end_timestamp"]
            assert (gap < 0) == (before["end_reason"] == "interrupted")
            assert gap > -0.5


def test_what_is_said_varies(calls):
    texts = Counter(turn["text"] for call in calls for turn in spoken(call))
    assert len(texts) > 1000
    assert max(texts.values()) < 0.12 * len(calls)
    assert not any("{" in text or "  " in text for text in texts)
    hesitant = sum(texts[text] for text in texts if "..." in text)
    assert 0.05 < hesitant / sum(texts.values()) < 0.3
    for call in calls:
        answers = [turn["text_chunks"][0]["text"] for turn in spoken(call) if turn["role"] == "assistant"]
        assert all(one != other for one, other in itertools.pairwise(answers) if len(one) > 30)
    reasons = Counter(turn["end_reason"] for call in calls for turn in spoken(call))
    assert reasons["interrupted"] > 50


def test_tools_logs_and_metrics(calls):
    turns = [turn for call in calls for turn in call["transcript"] or []]
    tools = [tool for turn in turns for tool in turn["tool_calls"] or []]
    assert len({tool["name"] for tool in tools}) > 10
    assert all(isinstance(value, str) for tool in tools for value in tool["arguments"].values())
    assert len({tool["id"] for tool in tools}) == len(tools)
    logs = [turn for turn in turns if turn["role"] == "system"]
    assert all(turn["text"] is None and ("log_event" in turn) != ("log_metric" in turn) for turn in logs)
    events = [turn["log_event"] for turn in logs if "log_event" in turn]
    assert {event["event"] for event in events} == {"tool_failed"}
    assert 0.05 < len(events) / len(logs) < 0.3
    assert all(isinstance(value, str) for event in events for value in event["metadata"].values())


def test_speech_came_sooner_since_a_deployment(calls):
    def delay(deployment_id):
        own = [call for call in calls if call["deployment_id"] == deployment_id]
        return median(t["tts_ttfb"] for call in own for t in spoken(call) if t["tts_ttfb"] is not None)

    of_clinic = sorted({(c["start_time"], c["deployment_id"]) for c in calls if c["agent_id"] == "agent_123"})
    first, last = of_clinic[0][1], of_clinic[-1][1]
    assert last == "ad_abc123"
    assert 0.3 < delay(first) < 0.6
    assert 0.1 < delay(last) < 0.25


def test_another_sandbox_has_the_same_calls(api):
    running = launch.start()
    other = type(api)(running)
    # The other one is asked in another order.
    assert other.get("/agents/calls/ac_abc123").json() == api.get("/agents/calls/ac_abc123").json()
    assert list_calls(other, "agent_demo", expand="transcript") == list_calls(
        api, "agent_demo", expand="transcript"
    )
    running.stop()


@pytest.mark.parametrize(
    ("params", "status", "words"),
    [
        ({}, 400, "agent_id is required"),
        ({"agent_id": ""}, 400, "agent_id is required"),
        ({"agent_id": "agent_nobody"}, 404, "'agent_nobody'"),
        ({"agent_id": "agent_123", "expand": "audio"}, 400, "transcript"),
        ({"agent_id": "agent_123", "limit": 101}, 400, "1 to 100"),
        ({"agent_id": "agent_123", "starting_after": "ac_nothing"}, 400, "'ac_nothing'"),
    ],
)
def test_bad_queries_are_explained(api, params, status, words):
    response = api.get("/agents/calls", params=params)
    assert response.status_code == status
    assert words in response.json()["message"]


@pytest.mark.parametrize("path", ["/agents/calls/ac_nothing", "/agents/calls/ac_nothing/audio"])
def test_unknown_calls(api, path):
    assert api.get(path).status_code == 404


def hear(api, call):
    response = api.get(f"/agents/calls/{call['id']}/audio")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "audio/wav"
    info = soundfile.info(io.BytesIO(response.content))
    assert (info.samplerate, info.channels, info.subtype) == (16000, 1, "PCM_16")
    samples, _ = soundfile.read(io.BytesIO(response.content), dtype="float32")
    return samples


def test_the_recording_says_what_the_transcript_says(api, calls):
    call = next(call for call in calls if call["id"] == "ac_abc123")
    samples, lines = hear(api, call), spoken(call)
    assert 0 < len(samples) / 16000 - lines[-1]["end_timestamp"] < 1
    said, heard = [], []
    for turn in lines[:6]:
        part = samples[round(16000 * turn["start_timestamp"]) : round(16000 * turn["end_timestamp"])]
        said.append(turn["text"])
        heard.append(transcribe(np.pad(part, 4000), 16000))
    assert word_error_rate(" ".join(said), " ".join(heard)) < 0.2, (said, heard)


def test_the_recording_keeps_the_times_of_the_transcript(api, calls):
    call = next(call for call in calls if call["id"] == "ac_abc123")
    samples, lines = hear(api, call), spoken(call)
    for before, after in itertools.pairwise(lines):
        end = round(16000 * before["end_timestamp"])
        assert np.abs(samples[end - 3200 : end]).max() > 0.01
        pause = samples[
            round(16000 * before["end_timestamp"]) + 80 : round(16000 * after["start_timestamp"]) - 80
        ]
        assert not len(pause) or np.abs(pause).max() < 0.01


def test_two_voices_speak_in_the_recording(api, calls):
    call = next(call for call in calls if call["id"] == "ac_abc123")
    samples = hear(api, call)

    def brightness(role):
        parts = [t for t in spoken(call) if t["role"] == role]
        sound = np.concatenate(
            [samples[round(16000 * t["start_timestamp"]) : round(16000 * t["end_timestamp"])] for t in parts]
        )
        power = np.abs(np.fft.rfft(sound)) ** 2
        low = power[np.fft.rfftfreq(len(sound), 1 / 16000) < 400].cumsum()
        return np.searchsorted(low, low[-1] / 2) * 16000 / len(sound)

    agent, caller = brightness("assistant"), brightness("user")
    assert abs(agent - caller) > 15, (agent, caller)


@pytest.mark.parametrize("language", ["de", "es"])
def test_recordings_in_other_languages(api, calls, language):
    agents = {a["id"]: a["tts_language"] for a in api.get("/agents").json()["summaries"]}
    call = next(c for c in calls if agents[c["agent_id"]] == language and c["status"] == "completed")
    samples = hear(api, call)
    for turn in spoken(call):
        part = samples[round(16000 * turn["start_timestamp"]) : round(16000 * turn["end_timestamp"])]
        assert np.abs(part).max() > 0.05


def test_a_call_in_which_nothing_was_said_has_no_recording(api, calls):
    silent = next(call for call in calls if call["transcript"] is None)
    response = api.get(f"/agents/calls/{silent['id']}/audio")
    assert response.status_code == 404
    assert "nothing was said" in response.json()["message"]
