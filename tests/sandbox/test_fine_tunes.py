"""Fine-tunes: how they come along, and the voice at their end."""

import io

import numpy as np
import pytest
import soundfile

from cartesia_nb.sandbox.speech.pitch import median_f0

TEXT = "A heron waited beside the wide river until dawn. Nine children chased a red kite through the park."
OTHER_TEXT = (
    "She packed her yellow jacket before the long voyage. The judge asked the boy to speak up clearly."
)


def speaker(api, name):
    return next(voice["id"] for voice in api.voices() if voice["name"] == name)


def dataset_of(api, *clips):
    dataset = api.post("/datasets", json={"name": "D", "description": ""}).json()["id"]
    for clip in clips:
        assert api.upload(f"/datasets/{dataset}/files", {"file": clip}).status_code == 204
    return dataset


def fields(dataset, **others):
    return {
        "name": "Radio",
        "description": "The night shift",
        "language": "en",
        "model_id": "sonic-3-2026-01-12",
        "dataset": dataset,
    } | others


def wav(samples):
    target = io.BytesIO()
    soundfile.write(target, samples, 24000, format="WAV", subtype="FLOAT")
    return target.getvalue()


@pytest.fixture(scope="module")
def api(timed_api):
    return timed_api


@pytest.fixture(scope="module")
def deep(api):
    return api.hear(TEXT, voice=speaker(api, "Dorian"))


@pytest.fixture(scope="module")
def dataset(api, deep):
    return dataset_of(api, wav(deep))


def test_it_takes_its_time_and_ends_with_a_voice(api, dataset, deep):
    made = api.post("/fine-tunes/", json=fields(dataset)).json()
    assert made == fields(dataset) | {
        "id": made["id"],
        "status": "created",
        "accent": "general-american",
    }
    assert made["id"].startswith("fine_tune_")
    path = f"/fine-tunes/{made['id']}"

    def status():
        return api.get(path).json()["status"]

    def voices():
        return api.get(f"{path}/voices").json()["data"]

    known = len(api.voices())
    api.advance(55)
    assert (status(), voices()) == ("created", [])
    api.advance(6)
    assert (status(), voices()) == ("training", [])
    api.advance(530)
    assert (status(), voices(), len(api.voices())) == ("training", [], known)
    api.advance(10)
    assert status() == "completed"
    (voice,) = voices()
    assert voice["name"] == "Radio"
    assert voice["is_owner"] is True
    assert voice["language"] == "en"
    assert "Pitch match" in voice["tagline"]
    assert api.voices()[0] == voice == api.get(f"/voices/{voice['id']}").json()
    spoken = api.hear(OTHER_TEXT, voice=voice["id"])
    assert median_f0(spoken) == pytest.approx(median_f0(deep), rel=0.05)
    assert api.delete(path).status_code == 204
    assert api.get(f"/voices/{voice['id']}").status_code == 404
    assert len(api.voices()) == known
    for answer in (api.get(path), api.delete(path), api.get(f"{path}/voices")):
        assert answer.status_code == 404


def test_the_voice_lies_between_its_files(api, deep):
    high = api.hear(TEXT, voice=speaker(api, "Marlene"))
    dataset = dataset_of(api, wav(deep), wav(high), wav(np.zeros(24000)))
    made = api.post("/fine-tunes", json=fields(dataset)).json()["id"]
    api.advance(600)
    voice = api.get(f"/fine-tunes/{made}/voices").json()["data"][0]["id"]
    expected = (median_f0(deep) + median_f0(high)) / 2
    assert median_f0(api.hear(OTHER_TEXT, voice=voice)) == pytest.approx(expected, rel=0.05)


def test_nothing_voiced_fails(api):
    noise = np.random.default_rng(0).normal(0, 0.1, 48000)
    made = api.post("/fine-tunes", json=fields(dataset_of(api, wav(np.zeros(48000)), wav(noise)))).json()[
        "id"
    ]
    api.advance(599)
    assert api.get(f"/fine-tunes/{made}").json()["status"] == "training"
    api.advance(2)
    assert api.get(f"/fine-tunes/{made}").json()["status"] == "failed"
    assert api.get(f"/fine-tunes/{made}/voices").json() == {"data": [], "has_more": False}


def test_deleting_while_it_trains_leaves_no_voice(api, dataset):
    known = len(api.voices())
    made = api.post("/fine-tunes", json=fields(dataset)).json()["id"]
    assert api.delete(f"/fine-tunes/{made}").status_code == 204
    api.advance(700)
    assert len(api.voices()) == known


def test_a_fine_tune_outlives_its_dataset(api, deep):
    dataset = dataset_of(api, wav(deep))
    made = api.post("/fine-tunes", json=fields(dataset)).json()["id"]
    assert api.delete(f"/datasets/{dataset}").status_code == 204
    api.advance(700)
    assert api.get(f"/fine-tunes/{made}").json()["dataset"] == dataset
    assert len(api.get(f"/fine-tunes/{made}/voices").json()["data"]) == 1


def test_lists_and_shapes_by_version(api, dataset):
    made = [api.post("/fine-tunes", json=fields(dataset)).json()["id"] for _ in range(3)][::-1]
    page = api.get("/fine-tunes", params={"limit": 2}).json()
    assert [row["id"] for row in page["data"]] == made[:2]
    assert (page["has_more"], page["next_page"]) == (True, made[1])
    older = api.get("/fine-tunes", version="2025-11-04").json()["data"][0]
    assert set(page["data"][0]) - set(older) == {"accent"}
    free = fields(dataset, model_id="sonic-2", language="fr", description="")
    answer = api.post("/fine-tunes", json=free, version="2025-04-16")
    assert (answer.status_code, answer.json()["model_id"]) == (200, "sonic-2")


def test_an_accent_of_the_language_can_be_chosen(api, dataset):
    made = api.post("/fine-tunes", json=fields(dataset, language="fr", accent="canadian-french")).json()
    assert made["accent"] == "canadian-french"
    api.advance(600)
    voice = api.get(f"/fine-tunes/{made['id']}/voices").json()["data"][0]
    assert (voice["language"], voice["accent"]) == ("fr", "canadian-french")
    assert voice["locales"] == [{"locale": "fr-CA", "is_native": True}]


@pytest.mark.parametrize(
    ("wrong", "status", "words"),
    [
        ({"dataset": "dataset_unknown"}, 404, "dataset_unknown"),
        ({"dataset": None}, 400, "dataset"),
        ({"name": ""}, 400, "name"),
        ({"description": None}, 400, "description"),
        ({"model_id": "sonic-99"}, 400, "sonic-99"),
        ({"model_id": None}, 400, "model_id"),
        ({"language": None}, 400, "language"),
        ({"language": "ja"}, 400, "It speaks en, de, es, fr, it"),
        ({"language": "xx"}, 400, "does not speak"),
        ({"accent": "parisian"}, 400, "accent of 'fr'"),
        ({"accent": "General American English"}, 400, "GET /accents"),
        ({"accent": 5}, 400, "accent"),
    ],
)
def test_wrong_values_are_named(api, dataset, wrong, status, words):
    answer = api.post("/fine-tunes", json=fields(dataset) | wrong)
    assert answer.status_code == status
    assert words in answer.json()["message"]


def test_a_dataset_without_files_is_refused(api):
    answer = api.post("/fine-tunes", json=fields(dataset_of(api)))
    assert answer.status_code == 400
    assert "no files" in answer.json()["message"]
