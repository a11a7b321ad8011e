"""Agents: list, read, change, delete; their numbers, deployments and templates."""

import re
import uuid
from dataclasses import replace

import pytest

from cartesia_nb.sandbox import launch

SUMMARY = {
    "id", "name", "description", "created_at", "updated_at", "tts_voice", "tts_language", "webhook_id",
    "deleted_at", "git_repository", "git_deploy_branch", "phone_numbers", "has_text_to_agent_run",
    "deployment_count",
}  # fmt: skip
DEPLOYMENT = {
    "id", "agent_id", "status", "is_pinned", "is_live", "env_var_collection_id", "source_code_file_id",
    "git_commit_hash", "created_at", "updated_at", "build_started_at", "build_completed_at", "build_logs",
    "build_error", "deployment_started_at", "deployment_completed_at", "deployment_error",
}  # fmt: skip
FICTION = re.compile(r"\+1\d{3}55501\d\d")


@pytest.fixture
def own(api):
    """A sandbox of the test's own, which it may change."""
    running = launch.start()
    yield replace(api, sandbox=running)
    running.stop()


def agents(api):
    return api.get("/agents").json()["summaries"]


def test_every_agent_speaks_its_language_with_a_voice_of_the_catalogue(api):
    voices = {voice["id"]: voice for voice in api.voices()}
    listed = agents(api)
    assert len({agent["name"] for agent in listed}) == len(listed) >= 5
    assert {"agent_123", "agent_demo"} < {agent["id"] for agent in listed}
    assert {agent["tts_language"] for agent in listed} >= {"en", "de", "es", "fr"}
    assert len({agent["tts_voice"] for agent in listed}) == len(listed)
    for agent in listed:
        assert set(agent) == (SUMMARY if agent["deployment_count"] else SUMMARY - {"git_repository"})
        assert voices[agent["tts_voice"]]["language"] == agent["tts_language"]
        assert api.get(f"/agents/{agent['id']}").json() == agent


def test_numbers_are_from_the_range_for_fiction(api):
    for agent in agents(api):
        numbers = api.get(f"/agents/{agent['id']}/phone-numbers").json()
        assert [row["number"] for row in numbers] == [row["number"] for row in agent["phone_numbers"] or []]
        assert all(FICTION.fullmatch(row["number"]) for row in numbers)
        assert all(row["agent_id"] == agent["id"] and row["is_cartesia_managed"] is True for row in numbers)


def test_a_new_agent_has_nothing_yet(api):
    (new,) = [agent for agent in agents(api) if agent["phone_numbers"] is None]
    assert (new["deployment_count"], new["has_text_to_agent_run"]) == (0, False)
    assert "git_repository" not in new
    assert api.get(f"/agents/{new['id']}/deployments").json() == []
    assert api.get("/agents/calls", params={"agent_id": new["id"]}).json() == {"data": []}


def test_deployments(api):
    everything = []
    for agent in agents(api):
        own = api.get(f"/agents/{agent['id']}/deployments").json()
        assert len(own) == agent["deployment_count"]
        assert [row["created_at"] for row in own] == sorted((row["created_at"] for row in own), reverse=True)
        assert sum(row["is_live"] for row in own) == (1 if own else 0)
        assert all(row["is_live"] == (row["status"] == "deployed") for row in own)
        everything += own
    assert 10 <= len(everything) <= 20
    statuses = {"queued", "inactive", "deploy_error", "skipped", "build_error", "building", "deployed"}
    assert {row["status"] for row in everything} == statuses
    for row in everything:
        assert set(row) == DEPLOYMENT
        assert (row["build_error"] is not None) == (row["status"] == "build_error")
        assert (row["deployment_error"] is not None) == (row["status"] == "deploy_error")
        assert row["created_at"] <= row["build_started_at"] <= row["build_completed_at"]
        assert row["build_completed_at"] <= row["deployment_completed_at"]
        assert re.fullmatch(r"[0-9a-f]{40}", row["git_commit_hash"])
        assert api.get(f"/agents/deployments/{row['id']}").json() == row
    failed = next(row for row in everything if row["status"] == "build_error")
    assert failed["build_error"] in failed["build_logs"]
    assert api.get("/agents/deployments/ad_abc123").json()["agent_id"] == "agent_123"


def test_templates(api):
    templates = api.get("/agents/templates").json()["templates"]
    assert len({template["id"] for template in templates}) == len(templates) > 2
    fields = {"id", "name", "description", "repo_url", "root_dir", "required_env_vars", "dependencies"}
    assert all(set(row) == fields | {"owner_id", "created_at", "updated_at"} for row in templates)


def test_a_change_stays_and_leaves_the_rest(own):
    before = own.get("/agents/agent_123").json()
    changes = {
        "name": "new-name",
        "description": "D",
        "tts_language": "de",
        "tts_voice": own.voices()[0]["id"],
    }
    after = own.patch("/agents/agent_123", json=changes).json()
    assert after == before | changes | {"updated_at": after["updated_at"]}
    assert after["updated_at"] > before["updated_at"]
    assert own.get("/agents/agent_123").json() == after
    assert agents(own)[0]["id"] == "agent_123"
    kept = own.patch("/agents/agent_123", json={"name": None, "tts_voice": None, "tts_language": None}).json()
    assert kept == after | {"updated_at": kept["updated_at"]}
    assert own.patch("/agents/agent_123", json={"description": None}).json()["description"] is None
    assert own.patch("/agents/agent_123", json={"name": "new-name"}).status_code == 200


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "name"),
        ({"name": 5}, "name"),
        ({"name": "swift-parcel-help"}, "another agent 'swift-parcel-help'"),
        ({"description": []}, "description"),
        ({"tts_voice": "nobody"}, "'nobody'"),
        ({"tts_voice": {"mode": "id"}}, "tts_voice"),
        ({"tts_language": "tlh"}, "tts_language must be one of ar, bg"),
        ({"tts_language": 1}, "tts_language"),
    ],
)
def test_wrong_changes_are_refused_and_change_nothing(api, changes, words):
    before = api.get("/agents/agent_123").json()
    response = api.patch("/agents/agent_123", json={"description": "x"} | changes)
    assert response.status_code == 400
    assert words in response.json()["message"]
    assert api.get("/agents/agent_123").json() == before


def test_a_deleted_agent_takes_what_it_had_with_it(own):
    call = own.get("/agents/calls", params={"agent_id": "agent_123"}).json()["data"][0]
    assert own.delete("/agents/agent_123").status_code == 204
    assert "agent_123" not in [agent["id"] for agent in agents(own)]
    for path in (
        "/agents/agent_123",
        "/agents/agent_123/phone-numbers",
        "/agents/agent_123/deployments",
        "/agents/deployments/ad_abc123",
        "/agents/calls?agent_id=agent_123",
        f"/agents/calls/{call['id']}",
        f"/agents/calls/{call['id']}/audio",
    ):
        assert own.get(path).status_code == 404, path
    of_agent = own.get("/agents/metrics/results", params={"agent_id": "agent_123"}).json()
    assert of_agent["data"] == []
    assert own.get("/agents/metrics/results").json()["data"]
    assert own.delete("/agents/agent_123").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/agents/{}"),
        ("PATCH", "/agents/{}"),
        ("DELETE", "/agents/{}"),
        ("GET", "/agents/{}/phone-numbers"),
        ("GET", "/agents/{}/deployments"),
        ("GET", "/agents/deployments/{}"),
    ],
)
@pytest.mark.parametrize("name", ["agent_nobody", str(uuid.uuid4()), "%00", "ü"])
def test_what_is_not_there(api, method, path, name):
    response = api.send(method, path.format(name), **({"json": {}} if method == "PATCH" else {}))
    assert response.status_code == 404
    assert "There is no" in response.json()["message"]


def test_old_errors_are_text(api):
    response = api.get("/agents/agent_nobody", version="2025-04-16")
    assert response.text == "Not found: There is no agent 'agent_nobody'."
