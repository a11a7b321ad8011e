"""What is known of the API, and what it costs."""

import warnings

import pytest

from cartesia_nb.wire import catalog


@pytest.mark.parametrize(
    ("transcript", "credits"),
    [
        ("hello", 5),
        ("Ünïcödé 🎈", 9),
        ('One<break time="1s"/>two', 7),
        ("<spell>AB</spell>", 4),
        ("1 < 2 > 0", 9),
    ],
)
def test_a_character_costs_a_credit_and_a_tag_counts_as_one(transcript, credits):
    assert catalog.tts_credits(transcript) == credits


def test_an_unknown_id_warns_and_names_the_nearest():
    with pytest.warns(catalog.UnknownIdWarning, match="model 'sonic-33' is not known.*sonic-3"):
        catalog.warn_unknown("model", "sonic-33", catalog.TTS_MODELS)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        catalog.warn_unknown("model", "sonic-2", catalog.TTS_MODELS)


def test_the_lists_have_the_documented_lengths():
    assert len(catalog.EMOTIONS) == len(set(catalog.EMOTIONS)) == 58
    assert len(catalog.SONIC_2_LANGUAGES) == 15
    assert len(catalog.TTS_LANGUAGES) == len(set(catalog.TTS_LANGUAGES)) == 44
    assert catalog.DEFAULTS["tts_model"] in catalog.TTS_MODELS
