"""The shelf: ordinary outputs that are updated in place, and never too large."""

import pytest
from IPython.utils.capture import capture_output

from cartesia_nb.widgets import shelf as module
from cartesia_nb.widgets.shelf import Shelf

AUDIO = "data:audio/mpeg;base64,"


@pytest.fixture
def outputs(shell):
    """What is sent to the page, as (display id, is it an update, HTML)."""
    sent = []

    def publish(data, metadata=None, *, transient=None, update=False, **_):
        sent.append((transient["display_id"], update, data["text/html"]))

    shell.display_pub.publish = publish
    return sent


class Made:
    def __init__(self, text):
        self.text = text

    def _repr_html_(self):
        return self.text


def test_what_is_put_on_it_appears_in_the_output_that_is_there(outputs):
    shelf = Shelf()
    shelf.put("Before", Made("<b>early</b>"))
    assert outputs == []
    shelf.display()
    shelf.put("Then", Made("<b>late</b>"))
    (first, was_update, early), (second, is_update, both) = outputs
    assert first == second
    assert (was_update, is_update) == (False, True)
    assert "<b>early</b>" in early
    assert both.index("<b>late</b>") < both.index("<b>early</b>")


def test_in_a_page_that_was_loaded_anew_new_results_show_in_the_form(outputs):
    shelf = Shelf()
    shelf.display()
    shelf.seen_in("first")
    shelf.put("Before", Made("<b>early</b>"))
    shelf.seen_in("first")
    assert shelf.live.value == ""
    shelf.seen_in("second")
    assert "loaded anew" in shelf.live.value
    shelf.put("Then", Made("<b>late</b>"))
    assert "<b>late</b>" in shelf.live.value
    assert "<b>early</b>" not in shelf.live.value
    shelf.display()
    shelf.seen_in("second")
    shelf.put("Again", Made("<b>later</b>"))
    assert shelf.live.value == ""


def test_in_another_widget_results_show_in_the_form(outputs):
    shelf = Shelf()
    shelf.put("Before", Made("<b>early</b>"))
    shelf.seen_in("page")
    assert "<b>early</b>" in shelf.live.value
    shelf.put("Then", Made("<b>late</b>"))
    assert "<b>late</b>" in shelf.live.value
    assert "loaded anew" not in shelf.live.value
    assert outputs == []


def test_in_voila_results_show_in_the_form(outputs, monkeypatch):
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.8")
    shelf = Shelf()
    shelf.display()
    shelf.put("Then", Made("<b>late</b>"))
    assert "<b>late</b>" in shelf.live.value
    assert outputs == []


def test_it_plays_without_a_kernel(connected):
    shelf = Shelf()
    shelf.put("Hello", connected.tts.bytes("Hello!"))
    assert AUDIO in shelf._repr_html_()
    assert "Hello!" in shelf._repr_html_()


def test_titles_and_texts_are_no_markup():
    shelf = Shelf()
    shelf.put("<script>", "<i>x</i>")
    assert "&lt;script&gt;" in shelf._repr_html_()
    assert "&lt;i&gt;x" in shelf._repr_html_()


def test_the_oldest_make_room():
    shelf = Shelf()
    for number in range(module.MOST + 2):
        shelf.put(f"number {number}!", "")
    shown = shelf._repr_html_()
    assert "number 0!" not in shown
    assert "number 2!" in shown
    assert ".results" in shown
    assert repr(shelf) == "Shelf(10 results)"


def test_no_message_becomes_too_large(monkeypatch):
    monkeypatch.setattr(module, "LARGEST", 1000)
    shelf = Shelf()
    for number in range(3):
        shelf.put(f"number {number}!", "x" * 600)
    assert "number 2!" in shelf._repr_html_()
    assert "number 1!" not in shelf._repr_html_()
    shelf.put("large", "x" * 2000)
    assert "x" * 2000 in shelf._repr_html_()


def test_an_empty_one_shows_nothing():
    assert Shelf()._repr_html_() == ""
    with capture_output() as shown:
        repr(Shelf())
    assert shown.stdout == ""
