"""The studio: one panel, whose tabs cost nothing until they are opened."""

import pytest
from filling import click, settle
from scripted import wav

from cartesia_nb import Speech, studio
from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.formats import OutputFormat

TABS = ["Record", "Voices", "Clone", "Localize", "Edit", "Change", "Transcribe", "Pronounce"]


@pytest.fixture
def panel(connected):
    panel = studio()
    yield panel
    panel.close()


def test_a_form_is_made_when_its_tab_is_opened(panel):
    assert panel.list.titles == TABS
    assert list(panel.forms) == ["Record"]
    panel.list.chosen = 3
    assert list(panel.forms) == ["Record", "Localize"]
    form = panel.forms["Localize"]
    panel.list.chosen = 0
    panel.list.chosen = 3
    assert panel.forms["Localize"] is form


def test_only_the_open_panel_is_seen(panel):
    for number in range(len(TABS)):
        panel.list.chosen = number
        assert [one.layout.display is None for one in panel.panels].index(True) == number
        assert sum(one.layout.display is None for one in panel.panels) == 1
    assert list(panel.forms) == TABS


def test_what_is_recorded_is_the_recording_of_the_other_forms(panel):
    panel.list.chosen = TABS.index("Change")
    panel.forms["Record"].set_trait("speech", Speech(wav(0.5), OutputFormat("wav")))
    panel.list.chosen = TABS.index("Transcribe")
    for name in ("Change", "Transcribe"):
        assert settle(panel.forms[name]).clip.clip().given is panel.speech
    form = panel.forms["Change"]
    form.voice.value = "Bruno"
    click(form, form.change_button)
    assert "Bruno" in panel.shelf._repr_html_()


def test_a_form_that_cannot_be_made_says_why_in_its_tab(monkeypatch, connected):
    def fails(**_):
        raise InputError("a key is not sent to http://example.com.", advice="Use https.")

    panel = studio()
    with monkeypatch.context() as patch:
        patch.setattr("cartesia_nb.widgets.studio.LocalizeForm", fails)
        panel.list.chosen = TABS.index("Localize")
    (said,) = panel.panels[TABS.index("Localize")].children
    assert said.wrong == "A key is not sent to http://example.com. Use https."
    panel.list.chosen = 0
    panel.list.chosen = TABS.index("Localize")
    assert panel.panels[TABS.index("Localize")].children == (panel.forms["Localize"],)
    panel.close()


def test_closing_leaves_nothing_behind(connected):
    panel = studio()
    for number in range(len(TABS)):
        panel.list.chosen = number
    forms = list(panel.forms.values())
    panel.close()
    assert all(form.comm is None for form in forms)
