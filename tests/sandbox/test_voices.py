"""Voices, of the catalogue and one's own: shapes by version, filters, pages."""

import json
import uuid

import pytest

NATIVE = {"en", "de", "es", "fr", "it"}
ALWAYS = {"id", "name", "description", "is_owner", "created_at", "language", "gender"}
BY_VERSION = {
    "2025-04-16": ALWAYS | {"is_public"},
    "2025-11-04": ALWAYS | {"is_public", "locales", "country"},
    "2026-08-14": ALWAYS | {"locales", "country", "access", "visibility", "tagline", "accent"},
}
SARAH = "8f7d3c2e-1a2b-3c4d-5e6f-7g8h9i0j1k2l"


@pytest.fixture(scope="module")
def api(timed_api):
    """Nobody makes or deletes voices in this sandbox."""
    return timed_api


@pytest.mark.parametrize("is_owner", ["true", "false"])
@pytest.mark.parametrize(("version", "fields"), BY_VERSION.items())
def test_shapes(api, version, fields, is_owner):
    listed = api.get("/voices", version=version, params={"is_owner": is_owner}).json()["data"][0]
    single = api.get(f"/voices/{listed['id']}", version=version).json()
    assert set(listed) == fields
    assert single == listed
    if "is_public" in fields:
        assert listed["is_public"] == (not listed["is_owner"])
    else:
        private = {"access": "private", "visibility": "owner"}
        assert (listed | private == listed) == listed["is_owner"]


def test_the_first_voice_is_ones_own(api):
    first, *catalogue = api.voices()
    assert first["id"] == SARAH
    assert first["is_owner"]
    created = [voice["created_at"] for voice in [first, *catalogue]]
    assert created == sorted(created, reverse=True)


def test_names_have_taglines_of_their_own_in_the_newest_version(api):
    old, new = (
        api.get("/voices", version=version, params={"is_owner": "false"}).json()["data"][0]
        for version in ("2025-11-04", "2026-08-14")
    )
    assert old["name"] == f"{new['name']} - {new['tagline']}"
    assert 0 < len(new["tagline"]) <= 32
    assert new["locales"] == [{"locale": "en-US", "is_native": True}]


def test_the_catalogue_has_variety(api):
    voices = [voice for voice in api.voices() if not voice["is_owner"]]
    assert len(voices) >= 35
    assert len({voice["id"] for voice in voices}) == len({voice["name"] for voice in voices}) == len(voices)
    assert all(str(uuid.UUID(voice["id"])) == voice["id"] for voice in voices)
    assert {voice["gender"] for voice in voices} == {"masculine", "feminine", "gender_neutral"}
    assert {voice["language"] for voice in voices} == NATIVE


def test_well_known_voices_are_english_and_different(api):
    voices = [
        api.get(f"/voices/{known}").json()
        for known in (
            "694f9389-aac1-45b6-b726-9d9369183238",
            "e07c00bc-4134-4eae-9ea4-1a55fb45746b",
            "bf0a246a-8642-498a-9950-80c35e9276b5",
        )
    ]
    assert {voice["language"] for voice in voices} == {"en"}
    assert len({voice["description"] for voice in voices}) == 3


@pytest.mark.parametrize(
    ("version", "params", "extra"),
    [
        ("2025-04-16", {"expand[]": "is_starred"}, {"is_starred": False}),
        ("2025-04-16", {"expand[]": json.dumps(["is_starred"])}, {"is_starred": False}),
        ("2026-08-14", {"expand[]": ["preview_file_url", "preview_file_url"]}, {"preview_file_url": None}),
        ("2026-08-14", {"expand[]": []}, {}),
    ],
)
def test_expanding(api, version, params, extra):
    plain = api.get("/voices", version=version).json()["data"][0]
    expanded = api.get("/voices", version=version, params=params).json()["data"][0]
    assert expanded == plain | extra
    assert api.get(f"/voices/{plain['id']}", version=version, params=params).json() == expanded


@pytest.mark.parametrize("limit", [1, 7, 10, 25, 100])
def test_pages_cover_everything_once_forwards(api, limit):
    seen, cursor = [], None
    while True:
        page = api.get("/voices", params={"limit": limit, "starting_after": cursor}).json()
        seen += [voice["id"] for voice in page["data"]]
        if not page["has_more"]:
            break
        assert page["next_page"] == seen[-1]
        assert len(page["data"]) == limit
        cursor = page["next_page"]
    assert "next_page" not in page
    assert seen == [voice["id"] for voice in api.voices()]
    past_the_end = api.get("/voices", params={"limit": limit, "starting_after": seen[-1]}).json()
    assert past_the_end == {"data": [], "has_more": False}


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_pages_cover_everything_once_backwards(api, limit):
    everything = [voice["id"] for voice in api.voices()]
    seen, cursor = everything[-1:], everything[-1]
    while True:
        page = api.get("/voices", params={"limit": limit, "ending_before": cursor}).json()
        seen = [voice["id"] for voice in page["data"]] + seen
        if not page["data"]:
            break
        assert page["has_more"] == (seen[0] != everything[0])
        cursor = seen[0]
    assert seen == everything


def test_pages_of_filtered_lists(api):
    wanted = [voice["id"] for voice in api.voices() if voice["gender"] == "masculine"]
    first = api.get("/voices", params={"gender": "masculine", "limit": 5}).json()
    rest = api.get(
        "/voices", params={"gender": "masculine", "limit": 100, "starting_after": first["next_page"]}
    )
    assert [voice["id"] for voice in first["data"] + rest.json()["data"]] == wanted


def test_filters(api):
    def names(version="2026-08-14", **params):
        page = api.get("/voices", version=version, params={"limit": 100, **params}).json()
        return [voice["name"] for voice in page["data"]]

    everyone = names()
    assert names(is_owner="true") == ["Sarah"]
    assert ["Sarah", *names(is_owner="false")] == everyone
    assert names(is_owner="", gender="", q="") == everyone
    assert names(q="stORyteller") == ["Bruno"]
    assert names(q="694f9389") == ["Bruno"]
    assert names(q="child speaker") == ["Gus", "Birdie", "Kit"]
    assert len(names("2025-04-16", is_starred="true")) == 2
    assert len(names("2025-04-16", is_starred="false")) == len(everyone) - 2
    german = names("2025-11-04", language="de")
    assert [name.partition(" ")[0] for name in german] == ["Klaus", "Liesel", "Marlene"]
    for locale in ("es-MX", "es_mx"):
        assert [name.partition(" ")[0] for name in names("2025-11-04", language=locale)] == ["Paloma"]
    assert names("2025-11-04", language="de-CH") == []
    assert names(language="de") == everyone


@pytest.mark.parametrize(
    "params",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "ten"},
        {"limit": "-1"},
        {"limit": "9" * 5000},
        {"limit": "٣"},
        {"starting_after": "nobody"},
        {"ending_before": "nobody"},
        {"starting_after": "694f9389-aac1-45b6-b726-9d9369183238", "ending_before": "nobody"},
        {"gender": "loud"},
        {"is_owner": "perhaps"},
        {"expand[]": "embedding"},
        {"expand[]": "[[]]"},
        {"expand[]": "[broken"},
        {"expand[]": "[" * 100_00},
    ],
)
def test_bad_queries_are_explained(api, params):
    response = api.get("/voices", params=params)
    assert response.status_code == 400
    assert response.json()["message"]


def test_an_unknown_voice(api):
    for name in ("nobody", str(uuid.uuid4()), "%00", "a b", "ü"):
        response = api.get(f"/voices/{name}")
        assert response.status_code == 404
        assert response.json()["error_code"] == "voice_not_found"
