"""The infill editor as a person uses it: by mouse, by keyboard alone, in three applications."""

import pytest
from labharness import Lab, write_notebook

SANDBOX = {"CARTESIA_NB_SANDBOX": "1"}
SOUND = ["--autoplay-policy=no-user-gesture-required"]

MAKE = """
import cartesia_nb
from cartesia_nb import infill_editor
say = cartesia_nb.connect().tts.sse
speech = say("We meet on Tuesday at ten in the morning.", voice="Bruno", add_timestamps=True).collect()
"""
SHOW = "editor = infill_editor(speech)\neditor"
NEW = "We meet on Friday next week at ten in the morning."


class Shown:
    """An editor in a cell, by what a person finds there."""

    def __init__(self, lab, index=1):
        self.lab, self.page, self.cell = lab, lab.page, lab.cell(index)
        self.option("Tuesday").wait_for()
        # The name of the voice comes by itself; while it does, nothing else is to move.
        self.cell.locator(".cartesia-live").first.wait_for()

    def option(self, word):
        return self.cell.get_by_role("option", name=word, exact=True)

    def button(self, name, exact=False):
        return self.cell.get_by_role("button", name=name, exact=exact)

    @property
    def chosen(self):
        return self.cell.locator('[role="option"][aria-selected="true"]').all_inner_texts()

    def audio(self, number=0):
        return self.cell.locator(".cartesia-player audio").nth(number)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def tab_to(self, name):
        """Go there by Tab, as a keyboard does; the name is what a screen reader says."""
        focused = """() => {
          const at = document.activeElement;
          const label = document.getElementById(at.getAttribute('aria-labelledby'));
          const own = at.closest('.widget-inline-hbox')?.querySelector('label');
          return at.ariaLabel ?? label?.textContent ?? own?.textContent ?? at.textContent;
        }"""
        for _ in range(40):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(focused).startswith(name):
                return
        raise AssertionError(f"Tab does not come to {name}")

    def drag(self, start, end):
        """Drag with Shift held in the waveform that is seen, from one part of its width to another."""
        slider = self.cell.get_by_role("slider", name="Position")
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        across = box["y"] + box["height"] / 2
        self.page.keyboard.down("Shift")
        self.page.mouse.move(box["x"] + box["width"] * start, across)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + box["width"] * end, across, steps=4)
        self.page.mouse.up()
        self.page.keyboard.up("Shift")

    def until_new(self):
        self.button("Original", exact=True).wait_for()
        self.lab.wait_idle()


@pytest.fixture(scope="module", params=[("lab", "light"), ("notebook", "dark")], ids="-".join)
def lab(request, tmp_path_factory):
    app, theme = request.param
    path = write_notebook(tmp_path_factory.mktemp("infill") / "infill.ipynb", MAKE, SHOW)
    with Lab(path, app=app, theme=theme, env=SANDBOX, flags=SOUND) as lab:
        lab.run_all()
        yield lab


@pytest.fixture
def shown(lab):
    """An editor that has just been opened."""
    lab.run_cell(1)
    return Shown(lab)


def test_by_mouse(shown):
    lab = shown.lab
    shown.option("Tuesday").click()
    assert shown.chosen == ["Tuesday"]
    shown.cell.get_by_label("New words").fill("Friday next week")
    shown.button("Replace (about 316 credits)").click()
    shown.until_new()
    assert lab.python("editor.speech.transcript") == NEW
    assert shown.chosen == ["Friday next week"]
    shown.button("Undo").click()
    shown.option("Tuesday").wait_for()
    lab.wait_idle()
    assert shown.button("Original", exact=True).count() == 0
    shown.button("Redo").click()
    shown.until_new()
    shown.button("Keep").click()
    lab.wait_idle()
    assert lab.python("editor.result is editor.speech")
    assert shown.cell.locator(".cartesia-speech audio").count() == 2
    assert lab.report()["problems"] == []


def test_a_drag_over_words_or_over_their_sound(shown):
    lab = shown.lab
    first, last = shown.option("on").bounding_box(), shown.option("ten").bounding_box()
    shown.page.mouse.move(first["x"] + 5, first["y"] + 5)
    shown.page.mouse.down()
    shown.page.mouse.move(last["x"] + 5, last["y"] + 5, steps=6)
    shown.page.mouse.up()
    lab.wait_idle()
    words = lab.python("editor.speech.words.values.tolist()")
    assert shown.chosen == ["on", "Tuesday", "at", "ten"]
    assert lab.python("editor.part.selection") == [words[2][1], words[5][2]]
    assert shown.cell.locator(".region").is_visible()

    duration = lab.python("editor.speech.duration")
    start, end = words[3][1] + 0.1, words[3][2] - 0.05
    shown.drag(start / duration, end / duration)
    lab.wait_idle()
    assert shown.chosen == ["Tuesday"]
    assert lab.python("editor.part.selection") == words[3][1:]
    shown.option("meet").click()
    shown.option("at").click(modifiers=["Shift"])
    assert shown.chosen == ["meet", "on", "Tuesday", "at"]


def test_by_keyboard_alone(shown):
    lab = shown.lab
    shown.cell.get_by_label("Recording").focus()
    shown.tab_to("Words")
    shown.press("ArrowRight", "ArrowRight", "ArrowRight", "Shift+ArrowRight")
    assert shown.chosen == ["on", "Tuesday"]
    shown.press("Escape")
    lab.wait_idle()
    assert (shown.chosen, lab.python("editor.part.selection")) == ([], None)
    shown.press("End", "ArrowLeft")
    assert shown.chosen == ["the"]
    shown.press("Home", "ArrowRight", "ArrowRight", "ArrowRight")
    assert shown.chosen == ["Tuesday"]
    shown.tab_to("New words")
    shown.page.keyboard.type("Friday next week")
    shown.tab_to("Replace")
    lab.wait_idle()
    shown.press("Enter")
    shown.until_new()
    assert lab.python("editor.speech.transcript") == NEW
    shown.tab_to("Undo")
    shown.press("Enter")
    shown.option("Tuesday").wait_for()
    lab.wait_idle()
    assert lab.report()["problems"] == []


def test_a_region_by_keys_in_the_waveform(shown):
    lab = shown.lab
    shown.cell.get_by_label("Recording").focus()
    shown.tab_to("Position")
    shown.press(*["Shift+ArrowRight"] * 4, "i", "Shift+ArrowRight", "o")
    lab.wait_idle()
    assert shown.chosen == ["Tuesday"]
    words = lab.python("editor.speech.words.values.tolist()")
    assert lab.python("editor.part.selection") == words[3][1:]


def test_turning_to_the_original_keeps_the_place(shown):
    lab = shown.lab
    shown.option("Tuesday").click()
    shown.cell.get_by_label("New words").fill("Friday next week")
    shown.button("Replace").click()
    shown.until_new()
    original, new = shown.audio(0), shown.audio(1)
    for audio in (original, new):
        audio.wait_for(state="attached")
    ends = lab.python("[version.speech.words.end.to_list() for version in editor.edits.versions]")
    at, then = ends[1][5], ends[0][5]  # the end of "ten"
    assert then < at - 0.3
    new.evaluate("(audio, at) => { audio.currentTime = at; }", at)
    shown.button("Original", exact=True).click()
    lab.wait_idle()
    assert original.evaluate("audio => audio.currentTime") == pytest.approx(then, abs=0.01)
    assert shown.button("Original", exact=True).get_attribute("aria-pressed") == "true"
    assert shown.cell.locator(".words").get_by_text("Tuesday").is_visible()
    # It plays on where it was, in the other.
    original.evaluate("audio => audio.play()")
    shown.button("New", exact=True).click()
    assert original.evaluate("audio => audio.paused")
    handle = new.element_handle()
    shown.page.wait_for_function("([audio, at]) => audio.currentTime > at", arg=[handle, at])
    assert original.evaluate("audio => audio.currentTime") >= then - 0.01
    new.evaluate("audio => { audio.currentTime = 0; return audio.play(); }")
    shown.cell.locator(".cartesia-turn").evaluate(
        "group => { for (const n of [0, 1, 0, 1, 0]) group.children[n].click(); }"
    )
    shown.page.wait_for_function("audio => !audio.paused", arg=original.element_handle())
    assert new.evaluate("audio => audio.paused")
    lab.wait_idle()
    assert lab.report()["problems"] == []


def test_what_is_wrong_stands_at_its_place(shown):
    shown.button("Replace").click()
    shown.cell.get_by_role("alert").get_by_text("Nothing is selected.").wait_for()
    shown.option("We").click()
    shown.option("morning.").click(modifiers=["Shift"])
    shown.button("Replace").click()
    shown.cell.get_by_role("alert").get_by_text("All of it is selected").wait_for()
    shown.option("Tuesday").click()
    shown.button("Replace").click()
    shown.cell.get_by_role("alert").get_by_text("New words is empty.").wait_for()
    assert shown.cell.get_by_label("New words").get_attribute("aria-invalid") == "true"


def test_in_voila(tmp_path):
    path = write_notebook(tmp_path / "dashboard.ipynb", MAKE, SHOW)
    with Lab(path, app="voila", env=SANDBOX, flags=SOUND) as lab:
        shown = Shown(lab)
        shown.option("Tuesday").click()
        shown.cell.get_by_label("New words").fill("Friday next week")
        shown.button("Replace").click()
        shown.option("Friday next week").wait_for()
        shown.button("Original", exact=True).click()
        shown.cell.locator(".words").get_by_text("Tuesday").wait_for()
        shown.button("Keep").click()
        shown.cell.locator(".cartesia-speech audio").nth(1).wait_for(state="attached")
        assert lab.report()["problems"] == []
