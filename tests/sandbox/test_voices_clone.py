"""Cloning: a voice with the pitch of a clip, which says that it has nothing else of it."""

import io

import numpy as np
import pytest
import soundfile
import soxr

from cartesia_nb.sandbox.speech.pitch import median_f0

CLIP_TEXT = (
    "A heron waited beside the wide river until dawn. Nine children chased a red kite through the park."
)
TEXT = (
    "She packed her yellow jacket before the long voyage. The judge asked the boy to speak up clearly."
    " Please measure the width of that azure window. He thought the rough cloth would scratch his neck."
)
FOREIGN = {
    "de": "Guten Morgen, die Sonne scheint heute über den grünen Bergen. Wir fahren mit dem Zug nach Hamburg.",
    "es": "Buenos días, el sol brilla hoy sobre las montañas verdes. Mañana vamos a visitar a mi abuela.",
    "fr": "Bonjour, le soleil brille aujourd'hui sur les montagnes. Demain nous irons voir ma grand-mère.",
    "it": "Buongiorno, il sole splende oggi sulle montagne verdi. Domani andiamo a trovare mia nonna.",
}
BRUNO = "694f9389-aac1-45b6-b726-9d9369183238"
VERSIONS = ["2024-11-13", "2025-04-16", "2025-11-04", "2026-03-01", "2026-08-14"]
METADATA = {"id", "user_id", "name", "description", "created_at", "language"}


def encoded(samples, **kind):
    target = io.BytesIO()
    soundfile.write(target, samples, 24000, **({"format": "WAV", "subtype": "FLOAT"} | kind))
    return target.getvalue()


def clone(api, clip, **texts):
    return api.upload("/voices/clone", {"clip": clip}, **({"name": "C", "language": "en"} | texts))


def cloned(api, clip, **texts):
    response = clone(api, clip, **texts)
    assert response.status_code == 200, response.text
    return response.json()["id"]


def refusal(response, status=400):
    assert response.status_code == status, response.text
    return response.json()["message"]


def hum(hertz, seconds=3.0):
    """Return a buzz with the spectrum of a vowel, whose pitch is known by construction."""
    time = np.arange(round(seconds * 24000)) / 24000
    harmonics = [number * hertz for number in range(1, int(4000 / hertz))]
    return sum(np.sin(2 * np.pi * one * time) * 0.1 / (1 + one / 700) ** 2 for one in harmonics)


@pytest.fixture(scope="module")
def clip(api):
    return api.hear(CLIP_TEXT)


@pytest.mark.parametrize("version", VERSIONS)
def test_answers_by_version(api, clip, version):
    mode = {"mode": "similarity", "enhance": "true"} if version == VERSIONS[0] else {}
    response = clone(api, encoded(clip), version=version, description="about it", **mode)
    made = response.json()
    new = {"access", "visibility", "tagline"} if version == "2026-08-14" else {"is_public"}
    assert set(made) == METADATA | new
    assert (made["name"], made["description"], made["language"]) == ("C", "about it", "en")
    voice = api.get(f"/voices/{made['id']}", version=version).json()
    assert voice["is_owner"]
    assert voice["name"] == "C"
    assert voice["created_at"] == made["created_at"]
    assert api.delete(f"/voices/{made['id']}", version=version).status_code == 204


def test_a_clone_says_that_it_is_a_pitch_match(api, clip):
    made = clone(api, encoded(clip), description="mine").json()
    assert "Pitch match" in made["tagline"]
    assert len(made["tagline"]) <= 32
    plain = clone(api, encoded(clip)).json()
    assert "pitch match" in plain["description"]
    assert api.get(f"/voices/{plain['id']}").json().get("gender") is None
    localized = api.post(
        "/voices/localize", json={"voice_id": made["id"], "name": "L", "accent": "italian"}
    ).json()
    assert localized["tagline"] == made["tagline"]


@pytest.mark.parametrize("name", ["Bruno", "Dorian", "Felix", "Edith", "Ada", "Marlene", "Gus"])
def test_clones_of_the_seven_speakers_have_their_pitch(api, name):
    source = next(voice["id"] for voice in api.voices() if voice["name"] == name)
    heard = api.hear(CLIP_TEXT, voice=source, language="en")
    spoken = api.hear(TEXT, voice=cloned(api, encoded(heard)))
    assert median_f0(spoken) == pytest.approx(median_f0(heard), rel=0.05)


@pytest.mark.parametrize("factor", [0.85, 1.15, 1.3])
def test_clones_of_shifted_speech_have_its_pitch(api, clip, factor):
    # Played faster or slower: pitch, throat and pace change together.
    shifted = soxr.resample(clip, 24000 * factor, 24000)
    spoken = api.hear(TEXT, voice=cloned(api, encoded(shifted)))
    assert median_f0(spoken) == pytest.approx(median_f0(clip) * factor, rel=0.05)


@pytest.mark.parametrize("hertz", [85, 105, 150, 200, 245, 330])
def test_clones_of_a_known_pitch_have_it_in_every_language(api, hertz):
    voice = cloned(api, encoded(hum(hertz)))
    for language, text in {"en": TEXT, **FOREIGN}.items():
        assert median_f0(api.hear(text, voice=voice, language=language)) == pytest.approx(hertz, rel=0.05), (
            language
        )


@pytest.mark.parametrize("hertz", [52, 620])
def test_a_pitch_beyond_speech_is_the_nearest_that_is_not(api, hertz):
    voice = cloned(api, encoded(hum(hertz)))
    heard = median_f0(api.hear(TEXT, voice=voice))
    assert heard == pytest.approx(60 if hertz < 60 else 450, rel=0.05)


def test_throats_follow_the_pitch(api, clip):
    low, high = (cloned(api, encoded(hum(hertz))) for hertz in (95, 290))

    def brightness(voice):
        spectrum = np.abs(np.fft.rfft(api.hear(CLIP_TEXT, voice=voice)))[: 24000 * 4]
        frequencies = np.fft.rfftfreq(2 * (len(spectrum) - 1), 1 / 24000)[: len(spectrum)]
        return float((frequencies * spectrum).sum() / spectrum.sum())

    assert brightness(high) > 1.1 * brightness(low)


@pytest.mark.parametrize(
    "kind", [{"format": "FLAC", "subtype": "PCM_16"}, {"format": "MP3", "subtype": None}, {"subtype": "ULAW"}]
)
def test_a_clip_in_any_format_gives_the_same_voice(api, clip, kind):
    made = [cloned(api, content) for content in (encoded(clip), encoded(clip, **kind))]
    first, second = (median_f0(api.hear(TEXT, voice=voice)) for voice in made)
    assert second == pytest.approx(first, rel=0.01)


def test_a_clone_has_an_accent_of_its_language(api, clip):
    german = api.get(f"/voices/{cloned(api, encoded(clip), language='de')}").json()
    assert (german["language"], german["accent"]) == ("de", "high-german")
    swiss = api.get(f"/voices/{cloned(api, encoded(clip), language='de', accent='swiss-standard')}").json()
    assert (swiss["locales"][0]["locale"], swiss["accent"]) == ("de-CH", "swiss-standard")
    spoken = api.speak(FOREIGN["de"], voice=swiss["id"])
    assert spoken.content == api.speak(FOREIGN["de"], voice=swiss["id"], language="de").content


def test_a_base_voice_must_exist(api, clip):
    assert "nobody" in refusal(clone(api, encoded(clip), base_voice_id="nobody"), 404)
    made = cloned(api, encoded(clip), base_voice_id=BRUNO)
    assert api.get(f"/voices/{made}").json()["gender"] == "masculine"


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ({"name": ""}, "name"),
        ({"language": ""}, "language"),
        ({"language": "ja"}, "It speaks en, de, es, fr, it"),
        ({"language": "English"}, "It speaks en, de, es, fr, it"),
        ({"accent": "parisian"}, "accent of 'fr'"),
        ({"accent": "British English"}, "GET /accents"),
    ],
)
def test_wrong_values_are_named(api, clip, texts, words):
    known = len(api.voices())
    assert words in refusal(clone(api, encoded(clip), **texts))
    assert len(api.voices()) == known


def test_modes_of_2024(api, clip):
    for mode, words in (
        ({"mode": "stability"}, "stability"),
        ({}, "similarity"),
        ({"mode": "x"}, "similarity"),
    ):
        answer = clone(api, encoded(clip), version="2024-11-13", **mode)
        assert answer.status_code == 400
        assert words in answer.text
    assert clone(api, encoded(clip), mode="stability").status_code == 200


def test_enhance_until_2025_04_16(api, clip):
    assert clone(api, encoded(clip), version="2025-04-16", enhance="true").status_code == 200
    wrong = clone(api, encoded(clip), version="2025-04-16", enhance="much")
    assert (wrong.status_code, "true, false" in wrong.text) == (400, True)
    assert clone(api, encoded(clip), enhance="much").status_code == 200


def test_a_clip_needs_a_second_of_voice(api, clip):
    assert "voiced" in refusal(clone(api, encoded(clip[:16000])))
    assert "0.0 seconds" in refusal(clone(api, encoded(np.zeros(72000))))
    noise = np.random.default_rng(0).normal(0, 0.1, 72000)
    assert "voiced" in refusal(clone(api, encoded(noise)))
    assert "0.0 seconds" in refusal(clone(api, encoded(np.zeros(1))))


def test_a_clip_has_at_most_a_minute(api):
    assert clone(api, encoded(hum(150, 59.5))).status_code == 200
    assert "60 seconds" in refusal(clone(api, encoded(hum(150, 61))))


@pytest.mark.parametrize("content", [b"", b"no audio", b"RIFF", b"fLaC" + b"\0" * 100, b"\0" * 5000])
def test_what_is_no_audio_is_refused(api, content):
    assert refusal(clone(api, content))
    answer = clone(api, content, version="2025-04-16")
    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (400, "text/plain")


def test_clones_come_first_and_newest_first(api, clip):
    made = [cloned(api, encoded(clip), name=str(number)) for number in range(3)][::-1]
    assert [voice["id"] for voice in api.voices()[:3]] == made
    page = api.get("/voices", params={"limit": 2, "is_owner": "true"}).json()
    assert [voice["id"] for voice in page["data"]] == made[:2]
    following = api.get("/voices", params={"limit": 1, "starting_after": page["next_page"]}).json()
    assert following["data"][0]["id"] == made[2]
    for voice in made:
        api.delete(f"/voices/{voice}")
    api_page = api.get("/voices", params={"starting_after": made[0]})
    assert api_page.status_code == 400
