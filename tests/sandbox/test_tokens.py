"""Access tokens open what they were granted for, until they end."""

import base64
import json

import jwt
import pytest
import requests

TTS = {"model_id": "sonic-3.5", "transcript": "Hello.", "voice": "e07c00bc-4134-4eae-9ea4-1a55fb45746b"}
RAW = {"output_format": {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 8000}}


def token_for(api, **fields):
    response = api.post("/access-token", json=fields)
    assert response.status_code == 200, response.text
    assert list(response.json()) == ["token"]
    return response.json()["token"]


def use(api, token, method, path, *, header="Authorization", **options):
    headers = {header: f"Bearer {token}" if header == "Authorization" else token}
    return requests.request(
        method, api.sandbox.url + path, headers=headers, auth=lambda request: request, timeout=60, **options
    )


def refusal(response, status):
    assert response.status_code == status, response.text
    return response.json()["message"]


def test_a_token_says_what_it_is(api):
    token = token_for(api, grants={"tts": True, "stt": False, "agent": True}, expires_in=120)
    header, claims = jwt.get_unverified_header(token), jwt.decode(token, options={"verify_signature": False})
    assert header["alg"] == "HS256"
    assert header["kid"]
    assert set(claims) == {"grants", "jti", "iat", "exp", "iss"}
    assert claims["grants"] == {"tts": True, "agent": True}
    assert claims["exp"] - claims["iat"] == 120
    assert "sandbox" in claims["iss"]
    assert "cartesia.ai" not in claims["iss"]
    other = jwt.decode(token_for(api), options={"verify_signature": False})
    assert other["jti"] != claims["jti"]
    assert (other["exp"] - other["iat"], other["grants"]) == (60, {})


def test_versions_before_the_agent_grant_ignore_it(api):
    response = api.post("/access-token", json={"grants": {"agent": True, "tts": True}}, version="2025-04-16")
    assert jwt.decode(response.json()["token"], options={"verify_signature": False})["grants"] == {
        "tts": True
    }


def test_a_tts_token_speaks_and_does_nothing_else(api):
    token = token_for(api, grants={"tts": True})
    spoken = use(api, token, "POST", "/tts/bytes", json=TTS | RAW)
    assert spoken.status_code == 200
    assert len(spoken.content) > 4000
    for method, path in [
        ("POST", "/stt"),
        ("GET", "/voices"),
        ("POST", "/voices/clone"),
        ("POST", "/access-token"),
        ("POST", "/voice-changer/bytes"),
        ("POST", "/infill/bytes"),
        ("GET", "/agents"),
        ("DELETE", "/datasets/x"),
        ("GET", "/nowhere"),
    ]:
        assert "opens tts" in refusal(use(api, token, method, path), 403), path


def test_other_tokens_do_not_speak(api):
    for grants in ({"stt": True}, {"agent": True}, {}, {"tts": False}, {"tts": None}):
        refusal(use(api, token_for(api, grants=grants), "POST", "/tts/bytes", json=TTS | RAW), 403)
    # The gate lets an stt token through: what comes back is about the missing form.
    assert use(api, token_for(api, grants={"stt": True}), "POST", "/stt").status_code not in (401, 403)
    # The agent grant is for the websocket of calls alone.
    agent = token_for(api, grants={"agent": True})
    assert "opens agent" in refusal(use(api, agent, "GET", "/agents"), 403)
    assert "opens nothing" in refusal(use(api, token_for(api), "GET", "/voices"), 403)


def test_the_status_needs_no_valid_token(api):
    assert use(api, "a.b.c", "GET", "/").status_code == 200


def tampered(token):
    header, claims, signature = token.split(".")
    content = json.loads(base64.urlsafe_b64decode(claims + "=="))
    content["grants"] = {"tts": True}
    forged = base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
    yield f"{header}.{forged}.{signature}"
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    yield f"{unsigned}.{forged}."
    yield jwt.encode(content, "another key that is long enough for it", "HS256")
    yield f"{header}.{claims}.{signature[:-4]}AAAA"


def test_forged_tokens_are_refused(api):
    for token in [
        *tampered(token_for(api, grants={"stt": True})),
        "a.b.c",
        "..",
        "é.ü.ö".encode().decode("latin-1"),
    ]:
        message = refusal(use(api, token, "POST", "/tts/bytes", json=TTS | RAW), 401)
        assert "not one that this sandbox made" in message


def test_a_token_of_another_sandbox_is_refused(api, timed_api):
    token = token_for(timed_api, grants={"tts": True})
    refusal(use(api, token, "POST", "/tts/bytes", json=TTS | RAW), 401)


def test_tokens_end(timed_api):
    token = token_for(timed_api, grants={"tts": True}, expires_in=300)
    timed_api.advance(298)
    assert use(timed_api, token, "POST", "/tts/bytes", json=TTS | RAW).status_code == 200
    timed_api.advance(3)
    message = refusal(use(timed_api, token, "POST", "/tts/bytes", json=TTS | RAW), 401)
    assert "expired" in message


def test_a_token_is_no_api_key(api):
    token = token_for(api, grants={"tts": True})
    message = refusal(use(api, token, "POST", "/tts/bytes", header="X-API-Key", json=TTS | RAW), 401)
    assert "Authorization: Bearer" in message


@pytest.mark.parametrize("name", ["access_token", "api_key"])
def test_no_credential_in_an_address_over_http(api, name):
    token = token_for(api, grants={"tts": True})
    for value in (token, "sk_car_any"):
        response = requests.post(
            f"{api.sandbox.url}/tts/bytes", params={name: value}, json=TTS | RAW, auth=lambda r: r, timeout=9
        )
        refusal(response, 401)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"expires_in": 0}, "1 to 3600"),
        ({"expires_in": 3601}, "1 to 3600"),
        ({"expires_in": -5}, "1 to 3600"),
        ({"expires_in": 60.5}, "whole number"),
        ({"expires_in": "60"}, "whole number"),
        ({"expires_in": True}, "whole number"),
        ({"expires_in": 10**30}, "1 to 3600"),
        ({"grants": []}, "grants"),
        ({"grants": "tts"}, "grants"),
        ({"grants": {"tts": "yes"}}, "grants.tts"),
        ({"grants": {"tts": 1}}, "grants.tts"),
    ],
)
def test_bad_wishes_are_explained(api, fields, words):
    assert words in refusal(api.post("/access-token", json=fields), 400)


def test_nulls_are_defaults(api):
    claims = jwt.decode(token_for(api, grants=None, expires_in=None), options={"verify_signature": False})
    assert (claims["grants"], claims["exp"] - claims["iat"]) == ({}, 60)


def test_the_clock(timed_api):
    before = timed_api.get("/sandbox/clock").json()["now"]
    timed_api.advance(3600 * 24 * 366)
    after = timed_api.get("/sandbox/clock/").json()["now"]
    assert int(after[:4]) == int(before[:4]) + 1
    for bad in ({}, {"advance": -1}, {"advance": "1"}, {"advance": 1e9}, {"advance": None}):
        assert "advance" in refusal(timed_api.post("/sandbox/clock", json=bad), 400)
    assert timed_api.get("/sandbox/clock").json()["now"][:10] == after[:10]
    assert requests.get(timed_api.sandbox.url + "/sandbox/clock", timeout=9).status_code == 401
