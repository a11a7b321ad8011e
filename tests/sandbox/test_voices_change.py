"""Changing, deleting and localizing voices, and their accents."""

import pytest

ADA = "e07c00bc-4134-4eae-9ea4-1a55fb45746b"
BRUNO = "694f9389-aac1-45b6-b726-9d9369183238"
SARAH = "8f7d3c2e-1a2b-3c4d-5e6f-7g8h9i0j1k2l"
VERSIONS = ["2024-11-13", "2025-04-16", "2025-11-04", "2026-03-01", "2026-08-14"]
SPANISH = "Buenos días, el sol brilla hoy sobre las montañas verdes."
OLD = {"name": "L", "description": "d", "language": "es", "original_speaker_gender": "female"}
METADATA = {"id", "user_id", "name", "description", "created_at", "language"}


def localize(api, voice_id=ADA, *, version="2026-08-14", **fields):
    given = {"name": "L", "accent": "castilian"} if version == "2026-08-14" else OLD
    return api.post("/voices/localize", version=version, json={"voice_id": voice_id, **given, **fields})


@pytest.fixture
def voice(api):
    made = localize(api, accent="general-american").json()["id"]
    yield made
    api.delete(f"/voices/{made}")


def refusal(response, status):
    assert response.status_code == status, response.text
    return response.json()["message"]


def test_the_reference_example(start_api):
    api = start_api(None)
    fields = {
        "name": "Sarah Peninsular Spanish",
        "description": "Sarah Voice in Peninsular Spanish",
        "gender": "feminine",
    }
    answer = api.patch(f"/voices/{SARAH}", json=fields, version="2025-04-16")
    assert answer.status_code == 200
    assert answer.json() | fields == answer.json()
    assert api.get(f"/voices/{SARAH}", version="2025-04-16").json() == answer.json()
    assert api.get(f"/voices/{SARAH}", version="2025-11-04").json()["name"] == fields["name"]


def test_one_field_at_a_time_since_2025_11_04(api, voice):
    before = api.get(f"/voices/{voice}").json()
    british = {"accent": "british", "locales": [{"locale": "en-GB", "is_native": True}], "country": "GB"}
    for given, change in (
        ({"name": "New"}, {"name": "New"}),
        ({"description": ""}, {"description": ""}),
        ({"gender": "gender_neutral"}, {"gender": "gender_neutral"}),
        ({"accent": "british"}, british),
        ({}, {}),
    ):
        after = api.patch(f"/voices/{voice}", json=given).json()
        assert after == before | change == api.get(f"/voices/{voice}").json()
        before = after


@pytest.mark.parametrize("version", VERSIONS[:2])
def test_older_versions_require_name_and_description(api, voice, version):
    for missing, words in (({"name": "x"}, "description"), ({"description": "x"}, "name"), ({}, "name")):
        answer = api.patch(f"/voices/{voice}", json=missing, version=version)
        assert answer.status_code == 400
        assert words in answer.text
    whole = {"name": "x", "description": "y", "accent": "british"}
    changed = api.patch(f"/voices/{voice}", json=whole, version=version)
    assert (changed.status_code, changed.json()["name"]) == (200, "x")
    assert api.get(f"/voices/{voice}").json()["accent"] == "general-american"


def test_null_resets_gender_and_accent(api, voice):
    first = api.get(f"/voices/{voice}").json()
    assert first["gender"] == "feminine"
    api.patch(f"/voices/{voice}", json={"gender": "masculine", "accent": "irish"})
    api.patch(f"/voices/{voice}", json={"gender": "gender_neutral", "accent": "australian"})
    assert api.get(f"/voices/{voice}").json()["gender"] == "gender_neutral"
    assert api.patch(f"/voices/{voice}", json={"gender": None, "accent": None}).json() == first


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"description": None}, "description"),
        ({"gender": "female"}, "masculine, feminine, gender_neutral"),
        ({"gender": ""}, "gender"),
        ({"accent": "parisian"}, "accent of 'fr'"),
        ({"accent": "British English"}, "GET /accents"),
        ({"accent": ""}, "accent"),
        ({"accent": 5}, "accent"),
    ],
)
def test_wrong_changes_are_named_and_change_nothing(api, voice, fields, words):
    before = api.get(f"/voices/{voice}").json()
    assert words in refusal(api.patch(f"/voices/{voice}", json={"name": "x"} | fields), 400)
    assert api.get(f"/voices/{voice}").json() == before


def test_the_catalogue_cannot_be_changed(api):
    before = api.get(f"/voices/{ADA}").json()
    for answer in (
        api.patch(f"/voices/{ADA}", json={"name": "Mine"}),
        api.delete(f"/voices/{ADA}"),
        api.patch(f"/voices/{ADA}/accents", json={"accents": ["british"]}),
        api.delete(f"/voices/{ADA}/accents/general-american"),
    ):
        assert "catalogue" in refusal(answer, 403)
    assert api.get(f"/voices/{ADA}").json() == before


@pytest.mark.parametrize("version", VERSIONS)
def test_unknown_voices(api, version):
    for answer in (
        api.patch("/voices/nobody", json={"name": "x", "description": "y"}, version=version),
        api.delete("/voices/nobody", version=version),
        localize(api, "nobody", version=version),
    ):
        assert answer.status_code == 404
        assert "nobody" in answer.text


def test_deleting(api):
    made = localize(api).json()["id"]
    gone = api.delete(f"/voices/{made}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert api.get(f"/voices/{made}").status_code == 404
    assert api.delete(f"/voices/{made}").status_code == 404
    assert made not in [voice["id"] for voice in api.voices()]
    assert api.speak("Hello.", voice=made).status_code == 404


@pytest.mark.parametrize("version", VERSIONS)
def test_localizing_answers_with_metadata(api, version):
    made = localize(api, version=version).json()
    new = {"access", "visibility", "tagline"} if version == "2026-08-14" else {"is_public"}
    assert set(made) == METADATA | new
    assert made["user_id"].startswith("user_")
    assert made["language"] == "es"
    assert made["name"] == "L"
    assert made.get("is_public", False) is False
    assert made.get("access", "private") == "private"
    voice = api.get(f"/voices/{made['id']}").json()
    assert voice["is_owner"]
    assert voice["gender"] == "feminine"
    assert voice["locales"] == [{"locale": "es-ES", "is_native": True}]
    assert api.voices()[0] == voice
    api.delete(f"/voices/{made['id']}")


def test_a_localized_voice_speaks_as_its_source_does_in_that_language(api):
    made = localize(api, BRUNO).json()["id"]
    assert api.speak(SPANISH, voice=made).content == api.speak(SPANISH, voice=BRUNO, language="es").content
    again = localize(api, made, accent="italian").json()["id"]
    assert (
        api.speak("Buongiorno.", voice=again).content
        == api.speak("Buongiorno.", voice=BRUNO, language="it").content
    )
    for voice in (made, again):
        api.delete(f"/voices/{voice}")


@pytest.mark.parametrize(
    ("language", "dialect", "locale"),
    [
        ("en", "au", "en-AU"),
        ("en", "in", "en-IN"),
        ("en", "so", "en-US"),
        ("en", "uk", "en-GB"),
        ("en", "us", "en-US"),
        ("es", "mx", "es-MX"),
        ("es", "pe", "es-ES"),
        ("fr", "eu", "fr-FR"),
        ("fr", "ca", "fr-CA"),
        ("de", None, "de-DE"),
    ],
)
def test_dialects_of_older_versions(api, language, dialect, locale):
    made = localize(api, version="2025-04-16", language=language, dialect=dialect).json()
    assert made["language"] == language
    assert api.get(f"/voices/{made['id']}").json()["locales"][0]["locale"] == locale
    api.delete(f"/voices/{made['id']}")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"dialect": "xx"}, "mx, pe"),
        ({"dialect": "uk"}, "mx, pe"),
        ({"language": "de", "dialect": "eu"}, "none"),
        ({"language": "ja"}, "It speaks en, de, es, fr, it"),
        ({"language": "pt", "dialect": "br"}, "It speaks en, de, es, fr, it"),
        ({"language": None}, "language"),
        ({"original_speaker_gender": None}, "male, female"),
        ({"original_speaker_gender": "feminine"}, "male, female"),
        ({"name": None}, "name"),
        ({"description": None}, "description"),
        ({"voice_id": None}, "voice_id"),
    ],
)
@pytest.mark.parametrize("version", VERSIONS[1:4])
def test_wrong_localizations_in_older_versions(api, version, fields, words):
    answer = api.post("/voices/localize", version=version, json={"voice_id": ADA, **OLD, **fields})
    assert answer.status_code == 400
    assert words in answer.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"accent": None}, "accent"),
        ({"accent": "Castilian Spanish"}, "GET /accents"),
        ({"accent": "japanese"}, "It speaks en, de, es, fr, it"),
        ({"language": "en"}, "accent of 'es'"),
        ({"name": ""}, "name"),
        ({"voice_id": ""}, "voice_id"),
        ({"tagline": "a" * 33}, "32 characters"),
        ({"tagline": 5}, "tagline"),
        ({"original_speaker_gender": "x"}, "male, female"),
    ],
)
def test_wrong_localizations(api, fields, words):
    assert words in refusal(localize(api, **fields), 400)


def test_localizing_with_everything_that_is_optional(api):
    given = {"description": "D", "tagline": "a" * 32, "language": "es", "original_speaker_gender": "male"}
    made = localize(api, **given).json()
    assert made | {"description": "D", "tagline": "a" * 32} == made
    api.delete(f"/voices/{made['id']}")


def test_the_accents(api):
    accents = api.get("/accents").json()["accents"]
    assert all(
        set(accent) == {"id", "name", "language", "locale", "is_localizable", "is_locale_default"}
        for accent in accents
    )
    ids = [accent["id"] for accent in accents]
    assert ids == sorted(set(ids))
    assert {"southern-us", "parisian", "telangana", "randstad"} <= set(ids)
    assert all(accent["locale"].startswith(accent["language"] + "-") for accent in accents)
    spoken = {accent["language"] for accent in accents if accent["is_localizable"]}
    assert spoken == {"en", "de", "es", "fr", "it"}
    for locale in {accent["locale"] for accent in accents}:
        assert sum(accent["is_locale_default"] for accent in accents if accent["locale"] == locale) == 1
    assert {voice["accent"] for voice in api.voices()} <= set(ids)


@pytest.mark.parametrize("version", VERSIONS[:-1])
def test_accents_are_new(api, voice, version):
    for answer in (
        api.get("/accents", version=version),
        api.patch(f"/voices/{voice}/accents", json={"accents": ["british"]}, version=version),
        api.delete(f"/voices/{voice}/accents/british", version=version),
    ):
        assert answer.status_code == 404
        assert "2026-08-14" in answer.text


def test_adding_and_removing_accents(api, voice):
    path = f"/voices/{voice}/accents"

    def locales(answer):
        assert answer.status_code == 200, answer.text
        assert answer.json() == api.get(f"/voices/{voice}").json()
        return [(entry["locale"], entry["is_native"]) for entry in answer.json()["locales"]]

    native = ("en-US", True)
    added = api.patch(path, json={"accents": ["parisian", "high-german"]})
    assert locales(added) == [native, ("fr-FR", False), ("de-DE", False)]
    assert added.json()["accent"] == "general-american"
    same = api.patch(path, json={"accents": ["parisian", "general-american", "parisian", "southern-us"]})
    assert locales(same) == [native, ("fr-FR", False), ("de-DE", False)]
    assert api.speak("Guten Morgen.", voice=voice, locale="de-DE").status_code == 200
    assert locales(api.delete(f"{path}/parisian")) == [native, ("de-DE", False)]
    assert "parisian" in refusal(api.delete(f"{path}/parisian"), 404)
    assert "native" in refusal(api.delete(f"{path}/general-american"), 400)
    renamed = api.patch(f"/voices/{voice}", json={"name": "N"})
    assert locales(renamed) == [native, ("de-DE", False)]


@pytest.mark.parametrize(
    ("accents", "words"),
    [
        (None, "accents"),
        ([], "accents"),
        ("parisian", "accents"),
        ([5], "accents"),
        (["nowhere"], "GET /accents"),
        (["parisian", "chilean"], "canadian-french, castilian"),
        (["japanese"], "It speaks en, de, es, fr, it"),
    ],
)
def test_accents_that_cannot_be_added(api, voice, accents, words):
    assert words in refusal(api.patch(f"/voices/{voice}/accents", json={"accents": accents}), 400)
    assert len(api.get(f"/voices/{voice}").json()["locales"]) == 1


def test_ten_accents_are_the_most(api):
    ten = (
        "australian british canadian-french castilian general-american high-german italian mexican parisian southern-us"
    ).split()
    made = localize(api, accent="irish").json()["id"]
    path = f"/voices/{made}/accents"
    assert "10" in refusal(api.patch(path, json={"accents": ten}), 400)
    assert len(api.patch(path, json={"accents": ten[:9]}).json()["locales"]) == 10
    assert "10" in refusal(api.patch(path, json={"accents": ten[9:]}), 400)
    assert api.delete(f"{path}/british").status_code == 200
    assert api.patch(path, json={"accents": ten[9:]}).status_code == 200
    api.delete(f"/voices/{made}")
