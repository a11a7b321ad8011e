"""The official Python SDK reads the call centre: agents, calls, recordings, metrics and their results."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import cartesia
import pytest
import soundfile
from peers.rows import ids
from peers.sound import check_words

STATUSES = {"queued", "inactive", "deploy_error", "skipped", "build_error", "building", "deployed"}


@pytest.fixture
def agents(client):
    found = client.agents.list().summaries
    assert len(found) > 1
    return found


@pytest.mark.calls("agents.list", "agents.retrieve")
def test_agents_are_as_in_the_list(client, agents):
    assert len(ids(agents)) == len({agent.name for agent in agents})
    for agent in agents:
        assert client.agents.retrieve(agent.id) == agent
        assert client.voices.get(agent.tts_voice).id == agent.tts_voice
        assert agent.created_at <= agent.updated_at


@pytest.mark.calls("agents.update")
def test_an_agent_changes(client, agents):
    first = agents[-1]
    name = f"renamed-{uuid4()}"
    changed = client.agents.update(first.id, name=name, description="Other.", tts_language="de")
    assert (changed.name, changed.description, changed.tts_language) == (name, "Other.", "de")
    assert changed.updated_at > first.updated_at
    assert client.agents.retrieve(first.id) == changed
    assert changed in client.agents.list().summaries
    with pytest.raises(cartesia.BadRequestError):
        client.agents.update(first.id, tts_voice="nobody")
    restored = client.agents.update(first.id, name=first.name, tts_language=first.tts_language)
    assert restored.name == first.name


@pytest.mark.calls("agents.list_templates")
def test_templates(client):
    templates = client.agents.list_templates().templates
    assert ids(templates)
    assert all(template.repo_url.startswith("https://") for template in templates)


@pytest.mark.calls("agents.list_phone_numbers")
def test_phone_numbers_are_those_of_the_summary(client, agents):
    for agent in agents:
        numbers = client.agents.list_phone_numbers(agent.id)
        assert [row.number for row in numbers] == [row.number for row in agent.phone_numbers or []]
        assert {row.agent_id for row in numbers} <= {agent.id}


@pytest.mark.calls("agents.deployments.list", "agents.deployments.retrieve")
def test_deployments(client, agents):
    for agent in agents:
        found = client.agents.deployments.list(agent.id)
        assert len(found) == agent.deployment_count
        assert sum(row.is_live for row in found) <= 1
        for row in found:
            assert client.agents.deployments.retrieve(row.id) == row
            assert row.agent_id == agent.id
            assert row.status in STATUSES
    assert any(agent.deployment_count for agent in agents)


@pytest.fixture
def busy(client, agents):
    """Return an agent with many calls."""
    return next(
        agent for agent in agents if len(client.agents.calls.list(agent_id=agent.id, limit=100)) == 100
    )


@pytest.mark.calls("agents.calls.list")
def test_calls_come_once_and_newest_first(client, agents):
    counts = {}
    for agent in agents:
        calls = list(client.agents.calls.list(agent_id=agent.id, limit=100))
        counts[agent.id] = len(calls)
        assert {call.agent_id for call in calls} <= {agent.id}
        starts = [call.start_time for call in calls]
        assert starts == sorted(starts, reverse=True)
        assert {call.transcript for call in calls} <= {None}
        if len(calls) in range(1, 120):
            assert ids(client.agents.calls.list(agent_id=agent.id, limit=7)) == ids(calls)
            back = client.agents.calls.list(agent_id=agent.id, limit=7, ending_before=calls[-1].id)
            assert sorted(ids(back)) == sorted(ids(calls[:-1]))
    assert sum(counts.values()) > 100
    with pytest.raises(cartesia.BadRequestError):
        client.agents.calls.list(agent_id=agents[0].id, limit=101)


@pytest.mark.calls("agents.calls.retrieve")
def test_a_call_is_as_in_the_expanded_list(client, agents):
    calls = [
        call
        for agent in agents
        for call in client.agents.calls.list(agent_id=agent.id, limit=20, expand="transcript").data
    ]
    for call in calls:
        assert client.agents.calls.retrieve(call.id) == call
        turns = call.transcript or []
        times = [turn.start_timestamp for turn in turns]
        assert times == sorted(times)
        assert all(turn.start_timestamp <= turn.end_timestamp for turn in turns)
        if call.end_time and turns:
            assert turns[-1].end_timestamp <= (call.end_time - call.start_time).total_seconds()
    assert {turn.role for call in calls for turn in call.transcript or []} == {"assistant", "user", "system"}
    assert {"completed"} < {call.status for call in calls}


@pytest.mark.calls("agents.calls.download_audio")
def test_a_recording_says_what_the_transcript_says(client):
    call = client.agents.calls.retrieve("ac_abc123")
    # The method itself declares that there is no body, and drops it.
    assert client.agents.calls.download_audio(call.id) is None
    answer = client.agents.calls.with_raw_response.download_audio(call.id)
    assert answer.headers["Content-Type"] == "audio/wav"
    samples, rate = soundfile.read(io.BytesIO(answer.read()), dtype="float32")
    turns = [turn for turn in call.transcript if turn.text]
    assert len(samples) / rate == pytest.approx(turns[-1].end_timestamp, abs=1)
    for turn in turns[:2]:
        part = samples[round(turn.start_timestamp * rate) : round(turn.end_timestamp * rate)]
        check_words(turn.text, part, rate, 0.25)


@pytest.fixture
def metric(client):
    """Make a metric for one test."""
    return client.agents.metrics.create(
        name=f"test.{uuid4()}", display_name="Politeness", prompt="Was the agent polite?"
    )


@pytest.mark.calls("agents.metrics.create", "agents.metrics.retrieve", "agents.metrics.list")
def test_metrics_are_kept(client, metric):
    assert (metric.display_name, metric.prompt) == ("Politeness", "Was the agent polite?")
    assert client.agents.metrics.retrieve(metric.id) == metric
    everything = client.agents.metrics.list(limit=100)
    assert everything.data[0] == metric
    assert not everything.has_more
    # The SDK does not page this list by itself.
    page = client.agents.metrics.list(limit=2)
    seen = ids(page.data)
    while page.has_more:
        page = client.agents.metrics.list(limit=2, starting_after=page.next_page)
        seen += ids(page.data)
    assert seen == ids(everything.data)
    assert page.next_page is None
    for name in ("No Spaces", metric.name):
        with pytest.raises(cartesia.BadRequestError):
            client.agents.metrics.create(name=name, prompt="x")


@pytest.mark.calls("agents.metrics.add_to_agent", "agents.metrics.remove_from_agent")
def test_metrics_join_and_leave_agents(client, agents, metric):
    names = {"metric_id": metric.id, "agent_id": agents[0].id}
    assert client.agents.metrics.add_to_agent(**names) is None
    assert client.agents.metrics.remove_from_agent(**names) is None
    for wrong in ({"metric_id": "am_nobody"}, {"agent_id": "agent_nobody"}):
        with pytest.raises(cartesia.NotFoundError):
            client.agents.metrics.add_to_agent(**names | wrong)
        with pytest.raises(cartesia.NotFoundError):
            client.agents.metrics.remove_from_agent(**names | wrong)


@pytest.fixture
def results(client):
    return list(client.agents.metrics.results.list(limit=100))


@pytest.mark.calls("agents.metrics.results.list")
def test_filters_of_results(client, results):
    assert len(ids(results)) > 100
    one = results[len(results) // 2]
    for name in ("agent_id", "deployment_id", "metric_id", "call_id"):
        wanted = [row.id for row in results if getattr(row, name) == getattr(one, name)]
        assert ids(client.agents.metrics.results.list(**{name: getattr(one, name)}, limit=100)) == wanted
    first, last = one.created_at - timedelta(days=3), one.created_at
    wanted = [row.id for row in results if first <= row.created_at <= last]
    assert one.id in wanted != ids(results)
    assert ids(client.agents.metrics.results.list(start_date=first, end_date=last, limit=100)) == wanted
    narrow = {"call_id": one.call_id}
    everything = ids(client.agents.metrics.results.list(**narrow))
    assert ids(client.agents.metrics.results.list(**narrow, limit=1)) == everything
    assert ids(client.agents.metrics.results.list(agent_id="agent_nobody")) == []


def test_results_belong_to_calls_and_metrics(client, results):
    for row in results[:: len(results) // 20]:
        call = client.agents.calls.retrieve(row.call_id)
        assert (call.agent_id, call.deployment_id) == (row.agent_id, row.deployment_id)
        assert client.agents.metrics.retrieve(row.metric_id).name == row.metric_name


@pytest.mark.calls("agents.metrics.results.export")
def test_an_export_has_what_the_list_has(client, results):
    one = results[0]
    for narrow in ({}, {"agent_id": one.agent_id}, {"metric_id": one.metric_id}):
        text = client.agents.metrics.results.export(**narrow)
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        assert [row["id"] for row in rows] == ids(client.agents.metrics.results.list(**narrow, limit=100))
        assert [row["result"] for row in rows[:20]] == [
            row.result for row in client.agents.metrics.results.list(**narrow, limit=20).data
        ]
    with pytest.raises(cartesia.NotFoundError):
        client.agents.metrics.results.export(call_id="ac_nobody")


@pytest.mark.calls("agents.delete")
def test_a_deleted_agent_is_gone_with_its_calls(client):
    # Of all agents the one with the fewest calls, so that other tests keep theirs.
    agent = min(
        client.agents.list().summaries,
        key=lambda agent: len(ids(client.agents.calls.list(agent_id=agent.id, limit=100))),
    )
    assert client.agents.delete(agent.id) is None
    assert agent.id not in ids(client.agents.list().summaries)
    with pytest.raises(cartesia.NotFoundError):
        client.agents.retrieve(agent.id)
    with pytest.raises(cartesia.NotFoundError):
        client.agents.calls.list(agent_id=agent.id)
    assert ids(client.agents.metrics.results.list(agent_id=agent.id)) == []
