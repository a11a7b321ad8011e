"""Metrics of agents, their results and the export."""

import asyncio
import csv
import io
import json
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import fmean
from types import SimpleNamespace

import pytest
from starlette.requests import Request

from cartesia_nb.sandbox import launch
from cartesia_nb.sandbox.errors import ApiError
from cartesia_nb.sandbox.routes import metric_results
from cartesia_nb.sandbox.state import State

METRIC = {"id", "name", "display_name", "prompt", "created_at"}
RESULT = {
    "id", "metricId", "metricName", "summary", "transcript", "agentId", "callId", "deploymentId", "result",
    "jsonResult", "value", "status", "runId", "createdAt",
}  # fmt: skip
RESULTS = "/agents/metrics/results"
CLASSES = ("very_dissatisfied", "dissatisfied", "neutral", "satisfied", "very_satisfied")


@pytest.fixture
def own(api):
    """A sandbox of the test's own, which it may change."""
    running = launch.start()
    yield replace(api, sandbox=running)
    running.stop()


def list_results(api, **query):
    """Return all results, page by page."""
    rows, cursor = [], None
    while True:
        page = api.get(RESULTS, params={"limit": 100, "starting_after": cursor, **query}).json()
        rows += page["data"]
        assert page["has_more"] == ("next_page" in page)
        if not page["has_more"]:
            return rows
        cursor = page["next_page"]


@pytest.fixture(scope="module")
def results(api):
    return list_results(api)


@pytest.fixture(scope="module")
def satisfaction(results):
    """From a call's id to how satisfied its caller was, 0 to 4."""
    return {
        row["callId"]: CLASSES.index(row["value"])
        for row in results
        if row["metricId"] == "am_abc123" and row["status"] == "completed"
    }


def test_metrics_come_in_pages_forwards_only(own):
    whole = own.get("/agents/metrics").json()
    assert (whole["has_more"], "next_page" in whole) == (False, False)
    created = [metric["created_at"] for metric in whole["data"]]
    assert 4 <= len(created) <= 6
    assert created == sorted(created, reverse=True)
    assert all(set(metric) == METRIC for metric in whole["data"])
    first = own.get("/agents/metrics", params={"limit": 2}).json()
    assert (first["data"], first["has_more"], first["next_page"]) == (
        whole["data"][:2],
        True,
        whole["data"][1]["id"],
    )
    second = own.get("/agents/metrics", params={"limit": 2, "starting_after": first["next_page"]}).json()
    assert second["data"] == whole["data"][2:4]
    back = own.get("/agents/metrics", params={"limit": 2, "ending_before": whole["data"][3]["id"]}).json()
    assert back == first
    assert own.get("/agents/metrics/am_abc123").json() in whole["data"]


def test_a_new_metric(own):
    fields = {"name": "tone_of-voice.2", "prompt": "How does the agent sound?"}
    made = own.post("/agents/metrics", json=fields).json()
    assert made == {"id": made["id"], "display_name": None, "created_at": made["created_at"], **fields}
    assert made["id"].startswith("am_")
    assert own.get(f"/agents/metrics/{made['id']}").json() == made
    assert own.get("/agents/metrics").json()["data"][0] == made
    named = own.post("/agents/metrics", json=fields | {"name": "b", "display_name": "Tone"}).json()
    assert named["display_name"] == "Tone"
    assert list_results(own, metric_id=made["id"]) == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "caller_satisfaction"}, "'caller_satisfaction' already"),
        ({"name": "Caller"}, "lowercase"),
        ({"name": "two words"}, "lowercase"),
        ({"name": "ä"}, "lowercase"),
        ({"name": "newline\n"}, "lowercase"),
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"prompt": ""}, "prompt"),
        ({"prompt": None}, "prompt"),
        ({"display_name": 5}, "display_name"),
    ],
)
def test_wrong_metrics_are_refused(api, fields, words):
    response = api.post("/agents/metrics", json={"name": "fine", "prompt": "P"} | fields)
    assert response.status_code == 400
    assert words in response.json()["message"]


def test_metrics_judge_agents_until_they_are_removed(own):
    before = list_results(own, agent_id="agent_demo", metric_id="am_abc123")
    path = "/agents/agent_demo/metrics/am_abc123"
    for _ in range(2):
        removed = own.delete(path)
        assert (removed.status_code, removed.content) == (204, b"")
    assert list_results(own, agent_id="agent_demo", metric_id="am_abc123") == before != []
    for _ in range(2):
        added = own.post(path)
        assert (added.status_code, added.content) == (204, b"")


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize(
    ("pair", "words"),
    [
        ("agent_nobody/metrics/am_abc123", "no agent 'agent_nobody'"),
        ("agent_demo/metrics/am_none", "no metric 'am_none'"),
    ],
)
def test_unknown_pairs(api, method, pair, words):
    response = api.send(method, f"/agents/{pair}")
    assert response.status_code == 404
    assert words in response.json()["message"]
    assert api.get("/agents/metrics/am_none").status_code == 404


def test_results_have_their_shape(api, results):
    assert len({row["id"] for row in results}) == len(results) > 1000
    created = [row["createdAt"] for row in results]
    assert created == sorted(created, reverse=True)
    kinds = defaultdict(set)
    for row in results:
        assert set(row) == RESULT
        assert isinstance(row["result"], str)
        if row["status"] == "failed":
            assert row["value"] is row["jsonResult"] is None
        else:
            kinds[row["metricName"]].add(type(row["value"]))
    assert kinds == {
        "caller_satisfaction": {str},
        "issue.resolved": {bool},
        "politeness-score": {int},
        "call_review": {type(None)},
        "offer-made": {str},
    }
    statuses = Counter(row["status"] for row in results)
    assert 0.01 < statuses["failed"] / len(results) < 0.06
    reviews = [row for row in results if row["jsonResult"]]
    assert all(json.loads(row["result"]) == row["jsonResult"] for row in reviews)
    assert {type(row["jsonResult"]["mood"]["end"]) for row in reviews} == {float}
    one = results[0]
    call = api.get(f"/agents/calls/{one['callId']}").json()
    assert (call["transcript"], call["summary"]) == (one["transcript"], one["summary"])
    assert (call["agent_id"], call["deployment_id"]) == (one["agentId"], one["deploymentId"])
    assert call["end_time"] < one["createdAt"]


def test_metrics_judge_only_what_came_after_them(api, results):
    created = {metric["id"]: metric["created_at"] for metric in api.get("/agents/metrics").json()["data"]}
    assert all(row["createdAt"] > created[row["metricId"]] for row in results if row["metricId"] in created)


def test_slow_speech_and_failing_tools_annoy(results, satisfaction):
    slow, quick, with_failure, without = [], [], [], []
    for row in results:
        if row["callId"] not in satisfaction or row["metricName"] != "call_review" or not row["jsonResult"]:
            continue
        score = satisfaction[row["callId"]]
        delay = fmean(turn["tts_ttfb"] for turn in row["transcript"] if turn["tts_ttfb"] is not None)
        (slow if delay > 0.35 else quick).append(score)
        (with_failure if row["jsonResult"]["tools"]["failed"] else without).append(score)
    assert min(len(slow), len(quick), len(with_failure), len(without)) > 40
    assert fmean(quick) - fmean(slow) > 0.4
    assert fmean(without) - fmean(with_failure) > 0.7
    assert set(satisfaction.values()) == {0, 1, 2, 3, 4}


@pytest.mark.parametrize(
    ("query", "field", "value"),
    [
        ({"agent_id": "agent_demo"}, "agentId", "agent_demo"),
        ({"metric_id": "am_abc123"}, "metricId", "am_abc123"),
        ({"call_id": "ac_abc123"}, "callId", "ac_abc123"),
        ({"deployment_id": "ad_abc123"}, "deploymentId", "ad_abc123"),
    ],
)
def test_filters(api, results, query, field, value):
    wanted = [row for row in results if row[field] == value]
    assert list_results(api, **query) == wanted != []
    assert list_results(api, **dict.fromkeys(query, "nothing")) == []
    both = list_results(api, **query | {"agent_id": wanted[0]["agentId"]})
    assert both == [row for row in wanted if row["agentId"] == wanted[0]["agentId"]]


def test_pages_backwards(api, results):
    page = api.get(RESULTS, params={"limit": 7, "ending_before": results[20]["id"]}).json()
    assert page["data"] == results[13:20]


def test_dates_are_inclusive(api, results):
    def created(**query):
        return [row["createdAt"] for row in list_results(api, agent_id="agent_demo", **query)]

    everything = [row["createdAt"] for row in results if row["agentId"] == "agent_demo"]
    july = [text for text in everything if text.startswith("2026-07")]
    assert created(start_date="2026-07-01", end_date="2026-07-31") == july != []
    exact = july[5]
    zoned = (datetime.fromisoformat(exact) + timedelta(0)).astimezone(UTC).isoformat()
    assert created(start_date=exact, end_date=exact) == [exact]
    assert created(start_date=zoned, end_date=exact.removesuffix("Z")) == [exact]
    assert created(start_date="2026-07-20T12:00:00+05:00") == [
        t for t in everything if t >= "2026-07-20T07:00:00"
    ]
    assert created(start_date="2026-08-02") == created(end_date="2000-01-01") == []
    assert created(start_date="0001-01-01T00:00:00+23:59", end_date="") == everything


def test_a_time_without_a_zone_is_in_utc(api, results, monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    running = launch.start()
    first = results[0]["createdAt"].removesuffix("Z")
    assert [row["id"] for row in list_results(type(api)(running), start_date=first)] == [results[0]["id"]]
    running.stop()


@pytest.mark.parametrize("path", [RESULTS, f"{RESULTS}/export"])
@pytest.mark.parametrize("value", ["yesterday", "2026-13-01", "2026-07-01T25:00", "1785000000", "07/01/2026"])
def test_bad_dates_are_explained(api, path, value):
    for name in ("start_date", "end_date"):
        response = api.get(path, params={name: value})
        assert response.status_code == 400
        assert response.json()["message"].startswith(f"{name} must be a date or time in ISO 8601")
    assert api.get(RESULTS, params={"start_date": value}, version="2025-04-16").status_code == 200


def read_csv(response):
    assert response.status_code == 200
    assert response.headers["Content-Type"].partition(";")[0] == "text/csv"
    return list(csv.DictReader(io.StringIO(response.text, newline="")))


def test_the_export_is_the_list(api, results):
    rows = read_csv(api.get(f"{RESULTS}/export"))
    assert len(rows) == len(results)
    for row, result in zip(rows, results, strict=True):
        assert set(row) == RESULT
        for field in ("id", "metricId", "callId", "result", "summary", "status", "createdAt"):
            assert row[field] == result[field]
        assert row["runId"] == (result["runId"] or "")
        assert json.loads(row["jsonResult"] or "null") == result["jsonResult"]
        said = [f"{turn['role']}: {turn['text']}" for turn in result["transcript"] if turn["text"]]
        assert row["transcript"].split("\n") == said
    values = {row["metricName"]: row["value"] for row in rows if row["status"] == "completed"}
    assert values["issue.resolved"] in ("true", "false")
    assert values["politeness-score"] in "12345"
    text = " ".join(row["result"] for row in rows)
    assert all(mark in text for mark in (",", '"', "\\n"))


def test_the_export_has_no_pages_since_2025_11_04(api, results):
    for version in ("2025-11-04", "2026-08-14"):
        response = api.get(
            f"{RESULTS}/export", params={"limit": 1, "agent_id": "agent_demo"}, version=version
        )
        assert len(read_csv(response)) == sum(row["agentId"] == "agent_demo" for row in results)
        assert "x-has-more" not in response.headers
    nothing = api.get(f"{RESULTS}/export", params={"agent_id": "nobody"})
    assert nothing.status_code == 404
    assert "No metric results" in nothing.json()["message"]


def test_the_export_has_pages_up_to_2025_04_16(api, results):
    def page(**query):
        return api.get(f"{RESULTS}/export", params=query, version="2025-04-16")

    wanted = [row["id"] for row in results if row["callId"] == "ac_abc123"]
    first = page(call_id="ac_abc123", limit=2)
    assert [row["id"] for row in read_csv(first)] == wanted[:2]
    headers = first.headers["x-has-more"], first.headers["x-limit"], first.headers["x-next-page"]
    assert headers == ("true", "2", wanted[1])
    last = page(call_id="ac_abc123", limit=100, starting_after=wanted[1])
    assert [row["id"] for row in read_csv(last)] == wanted[2:]
    assert (last.headers["x-has-more"], last.headers["x-next-page"]) == ("false", "")
    assert len(read_csv(page())) == 10
    assert page().headers["x-limit"] == "10"
    assert read_csv(page(call_id="nothing")) == []
    assert page(limit=101).status_code == 400


def test_an_export_that_is_too_long_is_refused(monkeypatch):
    app = SimpleNamespace(state=SimpleNamespace(rows=State()))
    scope = {"type": "http", "query_string": b"", "app": app, "state": {"version": "2026-08-14"}}
    monkeypatch.setattr(metric_results, "MAX_EXPORT", 5)
    with pytest.raises(ApiError, match="More than 5 metric results") as refusal:
        asyncio.run(metric_results.export(Request(scope)))
    assert refusal.value.status == 400
