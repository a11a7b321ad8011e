"""What comes out is speech: understandable, in different voices, and obedient."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import soxr
from recogniser import transcribe, word_error_rate

SENTENCES = [
    "A heron waited beside the wide river until dawn.",
    "Fresh bread and cold milk make a simple breakfast.",
    "She packed her yellow jacket before the long voyage.",
    "The judge asked the young boy to speak up clearly.",
    "A pinch of ginger gives the soup a sharp flavor.",
    "Please measure the width of that azure window.",
    "Nine children chased a red kite through the park.",
    "He thought the rough cloth would scratch his neck.",
    "The choir sang louder as the rain beat on the roof.",
    "Every musician tuned an old violin in the hall.",
    "My uncle usually enjoys oysters with vinegar.",
    "We bought cheap shoes at the shop beside the garage.",
]
SPEAKERS = {
    "deep male": 97,
    "male": 116,
    "light male": 140,
    "low female": 167,
    "female": 194,
    "bright female": 233,
    "child": 291,
}
FOREIGN = {
    "de": "Guten Morgen, die Sonne scheint heute über den grünen Bergen.",
    "es": "Buenos días, el sol brilla hoy sobre las montañas verdes.",
    "fr": "Bonjour, le soleil brille aujourd'hui sur les montagnes vertes.",
    "it": "Buongiorno, il sole splende oggi sulle montagne verdi.",
}
BRUNO = "694f9389-aac1-45b6-b726-9d9369183238"


def voice_of(api, speaker):
    return next(v["id"] for v in api.voices() if v["description"].lower().startswith(f"{speaker} speaker"))


def error_rate(api, sentences, **fields):
    wrong = [
        word_error_rate(text, transcribe(api.hear(text, **fields), 24000)) * len(text.split())
        for text in sentences
    ]
    return sum(wrong) / sum(len(text.split()) for text in sentences)


def median_pitch(samples, sample_rate):
    """Return the median fundamental frequency in Hz of the clearly voiced frames."""
    rate, frame = 8000, 400
    audio = soxr.resample(samples, sample_rate, rate)
    shortest, longest = rate // 400, rate // 65
    found = []
    for start in range(0, len(audio) - frame, frame // 4):
        piece = audio[start : start + frame] - audio[start : start + frame].mean()
        if np.sqrt(np.mean(piece**2)) < 0.02:
            continue
        likeness = np.correlate(piece, piece, "full")[frame - 1 :]
        likeness = likeness / likeness[0] / (1 - np.arange(frame) / frame)
        peaks = [
            lag
            for lag in range(shortest, longest)
            if likeness[lag] == likeness[lag - 1 : lag + 2].max() and likeness[lag] > 0.6
        ]
        if peaks:
            best = max(likeness[lag] for lag in peaks)
            found.append(rate / next(lag for lag in peaks if likeness[lag] > 0.9 * best))
    assert len(found) > 20
    return float(np.median(found))


def loudness(samples):
    return float(np.sqrt(np.mean(samples**2)))


def test_english_is_understood(api):
    assert error_rate(api, SENTENCES) < 0.10


@pytest.mark.parametrize("speaker", SPEAKERS)
def test_every_speaker_is_understood(api, speaker):
    assert error_rate(api, SENTENCES[1::3], voice=voice_of(api, speaker)) < 0.12


def test_every_speaker_has_a_pitch_and_much_the_same_loudness(api):
    for speaker, pitch in SPEAKERS.items():
        samples = api.hear(" ".join(SENTENCES[:3]), voice=voice_of(api, speaker))
        assert median_pitch(samples, 24000) == pytest.approx(pitch, rel=0.07), speaker
        assert 0.04 < loudness(samples) < 0.08, speaker


@pytest.mark.parametrize("language", FOREIGN)
def test_other_languages_keep_the_character_of_a_voice(api, language):
    high = api.hear(FOREIGN[language], language=language)
    low = api.hear(FOREIGN[language], language=language, voice=BRUNO)
    for samples in (high, low):
        assert 2.5 < len(samples) / 24000 < 7
        assert 0.02 < loudness(samples) < 0.12
    assert len(low) == pytest.approx(len(high), rel=0.08)
    assert median_pitch(high, 24000) == pytest.approx(SPEAKERS["female"], rel=0.1)
    assert median_pitch(low, 24000) == pytest.approx(SPEAKERS["male"], rel=0.1)


def test_a_voice_speaks_its_own_language_unless_told_otherwise(api):
    klaus = next(v["id"] for v in api.voices() if v["name"] == "Klaus")
    text = "Guten Morgen, die Sonne scheint."
    native = api.speak(text, voice=klaus).content
    assert native == api.speak(text, voice=klaus, language="de").content
    assert native == api.speak(text, voice=klaus, locale="de-AT").content
    assert native != api.speak(text, voice=klaus, language="en").content


@pytest.mark.parametrize("speed", [0.6, 0.8, 1.2, 1.5])
@pytest.mark.parametrize(("language", "text"), [("en", SENTENCES[0]), ("de", FOREIGN["de"])])
def test_speed(api, language, text, speed):
    normal = api.hear(text, language=language)
    changed = api.hear(text, language=language, generation_config={"speed": speed})
    assert len(changed) == pytest.approx(len(normal) / speed, rel=0.02)
    assert loudness(changed) == pytest.approx(loudness(normal), rel=0.05)
    assert median_pitch(changed, 24000) == pytest.approx(median_pitch(normal, 24000), rel=0.05)


def test_fast_speech_is_still_understood(api):
    assert error_rate(api, SENTENCES[::3], generation_config={"speed": 1.5}) < 0.15


@pytest.mark.parametrize("volume", [0.5, 1.5, 2.0])
def test_volume(api, volume):
    normal = api.hear(SENTENCES[1])
    changed = api.hear(SENTENCES[1], generation_config={"volume": volume})
    assert loudness(changed) == pytest.approx(loudness(normal) * volume, rel=0.05)


def test_named_speeds_act_and_old_models_ignore_generation_config(api):
    normal = len(api.hear(SENTENCES[0]))
    assert len(api.hear(SENTENCES[0], speed="slow")) == pytest.approx(normal / 0.8, rel=0.02)
    assert len(api.hear(SENTENCES[0], speed="fast")) == pytest.approx(normal / 1.2, rel=0.02)
    assert len(api.hear(SENTENCES[0], model_id="sonic-2", generation_config={"speed": 1.5})) == normal


def test_a_break_is_silence_of_its_length_and_no_tag_is_read_aloud(api):
    plain = api.hear("Good morning.")
    doubled = api.hear('Good morning.<break time="1.5s"/>Good morning.')
    assert len(doubled) == pytest.approx(2 * len(plain) + 1.5 * 24000, rel=0.02)
    middle = len(doubled) // 2
    assert not doubled[middle - 12000 : middle + 12000].any()
    tagged = (
        '<emotion value="happy"/><speed ratio="1.1"/>Good <volume ratio="0.9"/>morning.<break time="500ms"/>'
    )
    assert transcribe(api.hear(tagged), 24000).strip(".!").lower() == "good morning"


def test_duration_cuts_in_the_versions_that_have_it(api):
    assert len(api.hear(SENTENCES[0], version="2025-04-16", duration=1.0)) == 24000
    assert len(api.hear(SENTENCES[0], version="2026-08-14", duration=1.0)) > 24000


def test_the_same_request_gives_the_same_bytes_also_at_the_same_time(api):
    requests = [
        {"transcript": SENTENCES[0]},
        {"transcript": SENTENCES[0], "voice": BRUNO},
        {"transcript": FOREIGN["de"], "language": "de"},
    ]

    def digest(fields):
        return hashlib.sha256(api.speak(**fields).content).hexdigest()

    expected = [digest(fields) for fields in requests]
    assert len(set(expected)) == len(requests)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(digest, requests * 6)) == expected * 6


def test_a_long_text_without_punctuation_arrives_whole(api):
    words = "seven brown horses crossed the frozen lake and nobody saw them leave "
    samples = api.hear(words * 12)
    heard = transcribe(samples[-14 * 24000 :], 24000)
    assert heard.rstrip(".").endswith("nobody saw them leave")
    assert len(samples) / 24000 == pytest.approx(12 * len(api.hear(words)) / 24000, rel=0.15)


def test_saved_audio_has_a_file_id(api):
    assert "Cartesia-File-ID" not in api.speak("Hello.").headers
    assert api.speak("Hello.", save=True).headers["Cartesia-File-ID"]
