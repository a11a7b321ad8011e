"""Pronunciation dictionaries and IPA change what is heard."""

import pytest
from recogniser import transcribe

OLD, NEW = "2025-04-16", "2026-08-14"
TEXT = "We run nginx here."


@pytest.fixture(scope="module")
def dictionary(api):
    """Return the id of a dictionary with the given items."""

    def make(*items):
        body = {"name": "Names", "items": [dict(zip(("text", "alias"), item, strict=True)) for item in items]}
        return api.post("/pronunciation-dicts", json=body).json()["id"]

    return make


def heard(api, text, **options):
    return transcribe(api.hear(text, **options), 24000).lower().strip(".")


def refusal(response, status=400):
    assert response.status_code == status, response.text
    return response.json()["message"]


def test_the_alias_is_heard(api, dictionary):
    engine = dictionary(("nginx", "engine x"))
    assert heard(api, TEXT, pronunciation_dict_id=engine) == "we run engine x here"
    assert heard(api, TEXT) != "we run engine x here"
    assert heard(api, TEXT, pronunciation_dict_ids=[engine], version=OLD) == "we run engine x here"


def test_several_dictionaries_before_there_was_one(api, dictionary):
    names = [dictionary(("nginx", "engine x")), dictionary(("here", "in the garden"))]
    spoken = heard(api, TEXT, pronunciation_dict_ids=names, version=OLD, model_id="sonic-2")
    assert spoken == "we run engine x in the garden"


def test_an_alias_in_ipa(api, dictionary):
    tomato = dictionary(("tomato", "<<p|ə|ˈ|t|eɪ|t|oʊ>>"))
    assert heard(api, "She ate a red tomato.", pronunciation_dict_id=tomato) == "she ate a red potato"


@pytest.mark.parametrize("ipa", ["<<h|ə|l|ˈ|oʊ>>", "<<h|ə|ˈl|o|ʊ>>", "<<həˈloʊ>>"])
def test_ipa_in_the_transcript(api, ipa):
    assert heard(api, f"They said {ipa}, my friend.").replace(",", "") == "they said hello my friend"


def test_the_alias_is_heard_in_other_languages(api, dictionary):
    short = dictionary(("dipl.-ing.", "Ingenieur"))
    said = api.hear("Frau Ingenieur Weber kommt.", language="de")
    assert len(api.hear("Frau Dipl.-Ing. Weber kommt.", language="de", pronunciation_dict_id=short)) == len(
        said
    )


def test_unknown_phones_are_named(api, dictionary):
    assert "'ʁ'" in refusal(api.speak("The <<ʁ|y>> is long."))
    rue = dictionary(("rue", "<<ʁ|y>>"))
    assert "'ʁ'" in refusal(api.speak("The rue is long.", pronunciation_dict_id=rue))
    assert "English only" in refusal(api.speak("Die <<h|ə|l>> ist lang.", language="de"))
    assert "no phones" in refusal(api.speak("The <<ˈ>> is long."))


def test_wrong_dictionaries(api, dictionary):
    engine = dictionary(("nginx", "engine x"))
    assert "pdict_none" in refusal(api.speak(TEXT, pronunciation_dict_id="pdict_none"), 404)
    assert "sonic-3" in refusal(api.speak(TEXT, pronunciation_dict_id=engine, model_id="sonic-2"))
    assert "pronunciation_dict_id " in refusal(api.speak(TEXT, pronunciation_dict_id=7))
    response = api.speak(TEXT, pronunciation_dict_ids=engine, version=OLD)
    assert (response.status_code, "must be a list" in response.text) == (400, True)
    assert api.speak(TEXT, pronunciation_dict_ids=7, version=NEW).status_code == 200


@pytest.mark.parametrize("version", ["2024-11-13", "2025-04-16"])
def test_clients_of_old_versions_may_send_the_single_id(api, dictionary, version):
    made = dictionary(("boats", "trains"))
    fields = {"version": version, "model_id": "sonic-2"}
    assert heard(api, "The boats are here.", pronunciation_dict_id=made, **fields) == "the trains are here"
    assert api.speak("The boats are here.", pronunciation_dict_id="pdict_nobody", **fields).status_code == 404
