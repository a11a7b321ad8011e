"""The field for something that the API knows by name: what is typed, and which row it means."""

import gc
import sys

import pandas as pd
import pytest
from filling import settle, visible

from cartesia_nb.widgets.name_field import NameField
from cartesia_nb.widgets.voice_field import VoiceField
from cartesia_nb.wire.errors import InputError, ServerError

NAMES = pd.DataFrame({"id": ["1", "2", "3", "4"], "name": ["Ann", "Anna", "Bo", None]})


@pytest.fixture
def asked():
    """How often the names were asked for."""
    return []


@pytest.fixture
def field(asked):
    def ask():
        asked.append(1)
        if len(asked) == 1:
            raise ServerError(500, "down")
        return NAMES

    return NameField("Friend", "your friends", ask, hint="Anybody.")


def test_what_could_not_be_fetched_is_fetched_by_a_button(field, asked):
    assert not visible(field.again)
    field.load()
    settle(field)
    assert field.note.text.endswith("An id will do.")
    assert field.again.description == "Load your friends again"
    assert visible(field.again)
    field.again.click()
    settle(field)
    assert (field.note.text, visible(field.again)) == ("Anybody.", False)
    field.load()
    settle(field)
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("typed", "id_", "called"),
    [
        ("Anna", "2", "Anna"),
        ("b", "3", "Bo"),
        ("an", "an", "an"),  # of two, neither is meant
        ("Ann", "1", "Ann"),  # the whole name of one, though another begins with it
        ("4", "4", "4"),
        ("", "", ""),
        ("someone", "someone", "someone"),
    ],
)
def test_part_of_a_name_means_one_row_or_none(field, typed, id_, called):
    field.take(NAMES)
    field.value = typed
    assert (field.id(), field.called()) == (id_, called)


def test_a_field_that_could_not_be_made_leaves_nothing_to_close(monkeypatch):
    seen = []
    monkeypatch.setattr(sys, "unraisablehook", seen.append)
    with pytest.raises(InputError, match="a voice is an id"):
        VoiceField(5)
    gc.collect()
    assert not seen
