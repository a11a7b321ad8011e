"""Metric results and turns as tidy frames, and the export in both eras."""

from datetime import date, datetime
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from scripted import Server, reply
from secret import KEY

from cartesia_nb import Client
from cartesia_nb.client.metric_results import read_csv
from cartesia_nb.frames import METRIC_RESULT, TIME, TURN
from cartesia_nb.wire.errors import BadRequest, InputError

SEED = "2025-04-16"
RESULT = {
    "id": "amr_1", "metricId": "am_1", "metricName": "mood", "agentId": "agent_1", "callId": "ac_1", "result": "GOOD",
    "jsonResult": {"score": 3, "why": {"tone": "warm"}}, "value": 3, "status": "completed", "runId": None,
    "createdAt": "2025-01-02T03:04:05Z", "summary": "s", "transcript": None, "deploymentId": "ad_1",
}  # fmt: skip
CSV = (
    'id,metricId,result,jsonResult,createdAt\namr_1,am_1,"two\nlines","{""score"": 3}",2025-01-02T03:04:05Z\n'
)
MORE = "id,metricId,result,jsonResult,createdAt\namr_2,am_1,,,2025-01-03T03:04:05Z"


def agents(server, **options):
    return Client(KEY, base_url=server.url, **options).agents


def test_results_are_tidy():
    rows = [RESULT, {"id": "amr_2", "jsonResult": [1], "extraField": 1}, {"id": "amr_3", "jsonResult": {}}]
    with Server([reply({"data": rows, "has_more": False})]) as server:
        frame = agents(server).list_metric_results(metric_id="am_1", start_date="2025-01-01")
    query = "metric_id=am_1&start_date=2025-01-01T00%3A00%3A00%2B00%3A00&limit=100"
    assert server.asked[0].path == f"/agents/metrics/results?{query}"
    assert list(frame.columns)[: len(METRIC_RESULT)] == list(METRIC_RESULT)
    assert set(frame.columns[len(METRIC_RESULT) :]) == {
        "json_result.score", "json_result.why.tone", "json_result", "extra_field",
    }  # fmt: skip
    assert (frame["json_result.score"][0], frame["json_result.why.tone"][0], frame.json_result[1]) == (
        3,
        "warm",
        [1],
    )
    assert str(frame.created_at.dtype) == TIME
    assert frame.created_at[0] == pd.Timestamp("2025-01-02T03:04:05Z")


def test_dates_need_a_version_that_knows_them():
    for method in ("list_metric_results", "export_metric_results"):
        with pytest.raises(InputError, match="start_date"):
            getattr(Client(KEY, version=SEED).agents, method)(start_date="2025-01-01")


def test_the_export_of_newer_versions_is_one_piece():
    with Server([reply(CSV, Content_Type="text/csv")]) as server:
        frame = agents(server).export_metric_results(agent_id="agent_1", end_date="2025-02-01")
    assert [asked.path for asked in server.asked] == [
        "/agents/metrics/results/export?agent_id=agent_1&end_date=2025-02-01T23%3A59%3A59.999999%2B00%3A00"
    ]
    assert (frame.id[0], frame.metric_id[0], frame.result[0], frame["json_result.score"][0]) == (
        "amr_1", "am_1", "two\nlines", 3,
    )  # fmt: skip
    assert str(frame.created_at.dtype) == TIME


def test_the_export_of_the_references_era_comes_in_pages():
    first = reply(CSV, x_has_more="true", x_next_page="amr_1", x_limit="100")
    with Server([first, reply(MORE, x_has_more="false")]) as server:
        frame = agents(server, version=SEED).export_metric_results()
    assert [asked.path.partition("?")[2] for asked in server.asked] == [
        "limit=100",
        "limit=100&starting_after=amr_1",
    ]
    assert list(frame.id) == ["amr_1", "amr_2"]
    assert pd.isna(frame.result[1])


@pytest.mark.parametrize("script", [reply({"message": "no results"}, 404), reply(""), reply("id,metricId\n")])
def test_nothing_to_export_is_an_empty_frame(script):
    with Server([script]) as server:
        frame = agents(server).export_metric_results()
    assert (len(frame), list(frame.columns)) == (0, list(METRIC_RESULT))


def test_too_much_to_export_is_an_error():
    with (
        Server([reply({"message": "more than 100000 rows"}, 400)]) as server,
        pytest.raises(BadRequest, match="100000"),
    ):
        agents(server).export_metric_results()


def test_the_csv_can_be_kept_as_it_came(tmp_path):
    with Server([reply(CSV.replace("\n", "\r\n"))]) as server:
        path = agents(server).export_metric_results(path=tmp_path / "x.csv")
        with pytest.raises(InputError, match="no folder"):
            agents(server).export_metric_results(path=tmp_path / "nowhere" / "x.csv")
    assert len(server.asked) == 1
    assert path.read_bytes() == CSV.replace("\n", "\r\n").encode()


def test_a_long_cell_is_read():
    assert len(read_csv(f"id,result\na,{'x' * 300_000}\n")[0]["result"]) == 300_000


def test_turns_of_a_call():
    turns = [
        {"role": "user", "text": "Hi", "start_timestamp": 0.5, "end_timestamp": 1, "tts_ttfb": None},
        {"role": "assistant", "text": None, "start_timestamp": 1.2, "end_timestamp": 2.5, "tts_ttfb": 0.08,
         "tool_calls": [{"id": "t", "name": "look_up", "arguments": "{}"}], "end_reason": "interrupted"},
    ]  # fmt: skip
    with Server(
        [reply({"id": "ac_1", "transcript": turns}), reply({"id": "ac_2", "transcript": None})]
    ) as server:
        frame, empty = agents(server).list_turns("ac_1"), agents(server).list_turns("ac_2")
    assert server.asked[0].path == "/agents/calls/ac_1"
    assert list(frame.columns) == list(empty.columns) == list(TURN)
    assert (list(frame.start), list(frame.end), frame.time_to_first_byte[1]) == ([0.5, 1.2], [1.0, 2.5], 0.08)
    assert frame.tool_calls[1][0]["name"] == "look_up"
    assert len(empty) == 0


@pytest.mark.parametrize(
    ("given", "start", "end"),
    [
        ("2026-08-01", "2026-08-01T00:00:00+00:00", "2026-08-01T23:59:59.999999+00:00"),
        (date(2026, 8, 1), "2026-08-01T00:00:00+00:00", "2026-08-01T23:59:59.999999+00:00"),
        ("2026-08-01T12:00:00Z", "2026-08-01T12:00:00+00:00", "2026-08-01T12:00:00+00:00"),
        (
            pd.Timestamp("2026-08-01 12:00", tz="Europe/Berlin"),
            "2026-08-01T12:00:00+02:00",
            "2026-08-01T12:00:00+02:00",
        ),
        (datetime(2026, 8, 1, 12), "2026-08-01T12:00:00+00:00", "2026-08-01T12:00:00+00:00"),  # noqa: DTZ001
    ],
)
def test_dates_in_every_way(given, start, end):
    with Server([reply({"data": [], "has_more": False})]) as server:
        agents(server).list_metric_results(start_date=given, end_date=given)
    query = parse_qs(urlsplit(server.asked[0].path).query)
    assert (query["start_date"], query["end_date"]) == ([start], [end])


@pytest.mark.parametrize("wrong", ["yesterday", "", 5, None, pd.NaT])
def test_what_is_no_date(wrong):
    with Server([reply({"data": [], "has_more": False})]) as server:
        for method in ("list_metric_results", "export_metric_results"):
            with pytest.raises(InputError, match="end_date is a day such as"):
                getattr(agents(server), method)(end_date=wrong)
    assert not server.asked
