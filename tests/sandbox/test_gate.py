"""Who may come in, what every answer carries, and how errors look in each version."""

import uuid
from urllib.parse import urlsplit

import pytest
import requests

from cartesia_nb import _version

VERSIONS = ["2024-11-13", "2025-04-16", "2025-11-04", "2026-03-01", "2026-08-14"]
WITH_JSON_ERRORS = VERSIONS[3:]


def test_status_needs_no_key_and_does_not_claim_to_be_cartesia(sandbox):
    response = requests.get(sandbox.url + "/", timeout=10)
    assert response.status_code == 200
    assert response.json() == {"ok": True, "version": "2026-08-14"}
    assert response.headers["Server"] == f"cartesia_nb-sandbox/{_version.__version__}"


def test_every_answer_is_signed(api):
    answers = [api.get("/"), api.get("/voices"), api.get("/nowhere"), api.post("/tts/bytes", data="{")]
    assert [answer.status_code for answer in answers] == [200, 200, 404, 415]
    ids = {uuid.UUID(answer.headers["x-request-id"]) for answer in answers}
    assert len(ids) == len(answers)
    assert {answer.headers["Server"].partition("/")[0] for answer in answers} == {"cartesia_nb-sandbox"}
    assert answers[2].json()["request_id"] == answers[2].headers["x-request-id"]


@pytest.mark.parametrize("headers", [{"Authorization": "Bearer any"}, {"X-API-Key": "any"}])
def test_both_ways_to_give_a_key(sandbox, headers):
    assert requests.get(sandbox.url + "/voices", headers=headers, timeout=10).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer "}, {"Authorization": "Basic YTpi"}, {"X-API-Key": ""}],
)
def test_a_missing_key_is_refused(sandbox, headers):
    # Without auth=, requests would add what a .netrc file has for this host.
    response = requests.get(
        sandbox.url + "/voices", headers=headers, auth=lambda request: request, timeout=10
    )
    assert response.status_code == 401
    assert response.json()["title"] == "Unauthorized"


@pytest.mark.parametrize("version", VERSIONS)
def test_errors_are_json_since_2026_03_01_and_text_before(api, version):
    response = api.get("/voices/nobody", version=version)
    assert response.status_code == 404
    if version in WITH_JSON_ERRORS:
        error = response.json()
        assert error["error_code"] == "voice_not_found"
        assert error["title"] == "Not found"
        assert "'nobody'" in error["message"]
        assert uuid.UUID(error["request_id"])
    else:
        assert response.headers["Content-Type"].startswith("text/plain")
        assert response.text == "Not found: There is no voice 'nobody'."


def test_a_missing_version_is_the_newest_and_an_unknown_one_is_refused(sandbox, api):
    newest = requests.get(sandbox.url + "/voices", headers={"X-API-Key": "any"}, timeout=10)
    assert "tagline" in newest.json()["data"][0]
    unknown = api.get("/voices", version="2023-01-01")
    assert unknown.status_code == 400
    assert "2026-08-14" in unknown.json()["message"]


@pytest.mark.parametrize("path", ["/voices", "/voices/"])
def test_a_slash_at_the_end_makes_no_difference(api, path):
    response = api.get(path, allow_redirects=False)
    assert response.status_code == 200
    assert response.json()["data"]


def test_unknown_routes_and_wrong_methods(api):
    assert api.get("/no/such/thing").status_code == 404
    wrong = api.get("/tts/bytes/")
    assert wrong.status_code == 405
    assert wrong.headers["Allow"] == "POST"
    assert wrong.json()["message"] == "GET /tts/bytes is not part of the sandbox."


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("Host", "evil.example:{port}", 403),
        ("Host", "127.0.0.1", 403),
        ("Host", "127.0.0.1:1", 403),
        ("Host", "localhost.evil.example:{port}", 403),
        ("Host", "127.0.0.1:{port}@evil.example", 403),
        ("Host", "[broken", 403),
        ("Host", "localhost:{port}", 200),
        ("Host", "[::1]:{port}", 200),
        ("Origin", "https://evil.example", 403),
        ("Origin", "null", 403),
        ("Origin", "", 403),
        ("Origin", "http://localhost:8888", 403),
        ("Origin", "http://127.0.0.1.evil.example:{port}", 403),
        ("Origin", "http://localhost:{port}", 200),
    ],
)
def test_web_pages_stay_outside(sandbox, header, value, status):
    filled = value.format(port=urlsplit(sandbox.url).port)
    response = requests.get(sandbox.url + "/", headers={header: filled}, timeout=10)
    assert response.status_code == status
