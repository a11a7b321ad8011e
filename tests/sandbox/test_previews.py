"""Previews: an address for an hour, behind the key, where the voice says who it is."""

import io

import pytest
import requests
import soundfile
from recogniser import transcribe, word_error_rate

ADA = "e07c00bc-4134-4eae-9ea4-1a55fb45746b"
SARAH = "8f7d3c2e-1a2b-3c4d-5e6f-7g8h9i0j1k2l"
EXPAND = {"expand[]": "preview_file_url"}
MP3 = {"container": "mp3", "sample_rate": 44100, "bit_rate": 64000}
SAID = {
    "Ada": "Hello! I am Ada, and this is how my voice sounds.",
    "Kit": "Hello! I am Kit, and this is how my voice sounds.",
    "Klaus": "Guten Tag! Ich bin Klaus, und so klingt meine Stimme.",
    "Octavio": "¡Hola! Me llamo Octavio, y así suena mi voz.",
    "Quentin": "Bonjour ! Je m'appelle Quentin, et voici ma voix.",
    "Tullio": "Buongiorno! Mi chiamo Tullio, e questa è la mia voce.",
}
HAVING = ["2025-11-04", "2026-03-01", "2026-08-14"]


@pytest.fixture(scope="module")
def api(timed_api):
    return timed_api


def address_of(api, voice=ADA, **options):
    response = api.get(f"/voices/{voice}", params=EXPAND, **options)
    assert response.status_code == 200, response.text
    return response.json()["preview_file_url"]


def fetch(address, credential="any", **headers):
    authorization = {"Authorization": f"Bearer {credential}"} if credential else {}
    # Without auth=, requests would add what a .netrc file has for this host.
    return requests.get(address, headers=authorization | headers, auth=lambda request: request, timeout=60)


def test_the_voice_says_who_it_is(api):
    response = fetch(address_of(api))
    assert (response.status_code, response.headers["Content-Type"]) == (200, "audio/mpeg")
    heard = transcribe(*soundfile.read(io.BytesIO(response.content), dtype="float32"))
    assert word_error_rate(SAID["Ada"], heard) <= 0.1


def test_each_voice_of_the_catalogue_has_one(api):
    voices = api.get("/voices", params={"limit": 100, **EXPAND}).json()["data"]
    catalogue = {voice["name"]: voice for voice in voices if not voice["is_owner"]}
    assert len({voice["preview_file_url"] for voice in catalogue.values()}) == len(catalogue) > 35
    for name, said in SAID.items():
        voice = catalogue[name]
        spoken = api.speak(said, voice={"id": voice["id"]}, output_format=MP3)
        assert fetch(voice["preview_file_url"]).content == spoken.content, name


def test_ones_own_voices_have_none(api):
    clip = api.speak("A voice of mine, that speaks for a few seconds so that it can be copied.").content
    clone = api.upload("/voices/clone", {"clip": clip}, name="Mine", language="en").json()["id"]
    assert address_of(api, SARAH) is address_of(api, clone) is None


@pytest.mark.parametrize("version", HAVING)
def test_each_version_that_has_them(api, version):
    address = address_of(api, version=version)
    assert fetch(address, **{"Cartesia-Version": version}).status_code == 200
    listed = api.get("/voices", version=version, params={"limit": 9, **EXPAND}).json()["data"]
    assert all((voice["preview_file_url"] is None) == voice["is_owner"] for voice in listed)
    plain = api.get(f"/voices/{ADA}", version=version).json()
    assert "preview_file_url" not in plain


def test_earlier_versions_have_none(api):
    for version in ("2024-11-13", "2025-04-16"):
        assert api.get(f"/voices/{ADA}", version=version, params=EXPAND).status_code == 400


def test_the_address_is_at_the_host_that_was_asked(api):
    port = api.sandbox.url.rpartition(":")[2]
    assert address_of(api).startswith(f"{api.sandbox.url}/files/")
    asked_otherwise = address_of(api, headers={"Host": f"localhost:{port}"})
    assert asked_otherwise.startswith(f"http://localhost:{port}/files/")


def test_only_with_a_key(api):
    address = address_of(api)
    assert fetch(address, credential=None).status_code == 401
    assert fetch(address, credential=None, **{"X-API-Key": "any"}).status_code == 200
    token = api.post("/access-token", json={"grants": {"tts": True}}).json()["token"]
    assert fetch(address, token).status_code == 403


def test_an_address_holds_for_an_hour(api):
    address = address_of(api)
    content = fetch(address).content
    api.advance(3590)
    assert fetch(address).content == content
    api.advance(11)
    gone = fetch(address)
    assert (gone.status_code, gone.json()["error_code"]) == (404, "preview_not_found")
    now = address_of(api)
    assert now != address
    assert fetch(now).content == content


def test_addresses_of_nobody_lead_nowhere(api, start_api):
    address = address_of(api)
    begin, signature = address.split("/download")[0].rsplit(".", 1)
    token = api.post("/access-token", json={"grants": {"tts": True}}).json()["token"]
    elsewhere = address_of(start_api()).partition("/files/")[2]
    own = f"{api.sandbox.url}/files"
    for forged in (
        address.replace(signature, signature[:-4] + "AAAA"),
        f"{begin}./download",
        f"{own}/{elsewhere}",
        f"{own}/{token}/download",
        f"{own}/{ADA}/download",
        f"{own}/%C3%A9.%C3%BC.%00/download",
    ):
        assert fetch(forged).status_code == 404, forged


def test_an_address_is_no_credential(api):
    file = address_of(api).partition("/files/")[2].partition("/")[0]
    assert api.send("GET", "/voices", headers={"Authorization": f"Bearer {file}"}).status_code == 401
