"""A single thing that the API answered with."""

import copy
import pickle

import pytest
from secret import KEY, given_away

from cartesia_nb import Resource

FIELDS = {"id": "a1", "name": "<Ada>", "locales": [{"locale": "en"}], "items": 3, "not-a-name": 1}


def test_a_mapping_with_attributes():
    voice = Resource("Voice", FIELDS)
    assert (voice["id"], voice.name, voice.locales[0]["locale"]) == ("a1", "<Ada>", "en")
    assert dict(voice) == FIELDS
    assert len(voice) == 5
    assert "name" in dir(voice)
    assert "not-a-name" not in dir(voice)
    assert callable(voice.items)
    assert voice["items"] == 3


def test_it_is_read_only():
    voice = Resource("Voice", FIELDS)
    with pytest.raises(AttributeError, match="read-only"):
        voice.name = "other"
    with pytest.raises(TypeError):
        voice["name"] = "other"


def test_what_it_does_not_have():
    with pytest.raises(AttributeError, match="this Voice has no 'nmae'; it has id, name"):
        Resource("Voice", FIELDS).nmae  # noqa: B018


def test_it_shows_itself_and_escapes():
    html = Resource("Voice", FIELDS)._repr_html_()
    assert "&lt;Ada&gt;" in html
    assert "<Ada>" not in html
    assert repr(Resource("Voice", {"id": "a1"})) == "Voice(id='a1')"


def test_copies():
    voice = Resource("Voice", FIELDS)
    assert pickle.loads(pickle.dumps(voice)) == voice
    assert copy.deepcopy(voice) == voice


def test_a_key_that_the_api_repeats_is_not_shown():
    shown = Resource("Voice", {"id": "a1", "name": f"say {KEY}"})
    for text in (repr(shown), shown._repr_html_()):
        assert not given_away(text)
        assert "say sk_car_…" in text
    assert shown.name == f"say {KEY}"
