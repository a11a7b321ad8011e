"""The player as a person uses it: by mouse, by keyboard, in a saved notebook and without its kernel."""

import base64
import re
from pathlib import Path

import nbformat
import pytest
from labharness import Lab, write_notebook
from nbclient import NotebookClient
from nbconvert import HTMLExporter

SPEECH = """
import io, numpy as np, soundfile
from cartesia_nb import OutputFormat, Speech, player

WORDS = [("One", 0.5, 0.9), ("small", 1.0, 1.4), ("step", 2.0, 2.4), ("here.", 4.0, 4.5)]

def tone(seconds, rate=48000, words=WORDS):
    at = np.arange(int(seconds * rate)) / rate
    noise = np.random.default_rng(1).standard_normal(len(at))
    sound = (0.2 * np.sin(2 * np.pi * 180 * at) + 0.05 * noise) * (1 + np.sin(2 * np.pi * 2 * at)) / 2
    file = io.BytesIO()
    soundfile.write(file, sound.astype(np.float32), rate, format="WAV", subtype="PCM_16")
    made = {"voice_name": "Ada", "model_id": "sonic-3.5", "credits": 20}
    text = "One small step here."
    return Speech(file.getvalue(), OutputFormat("wav"), transcript=text, words=words, provenance=made)

speech = tone(6)
"""
SOUND = "audio => ({ at: audio.currentTime, paused: audio.paused, rate: audio.playbackRate, pitch: audio.preservesPitch })"
COUNT_SEEKS = "audio => { audio.seeks = 0; audio.addEventListener('seeking', () => audio.seeks++); }"
REVOKED = """() => {
  window.revoked = [];
  const revoke = URL.revokeObjectURL;
  URL.revokeObjectURL = url => { window.revoked.push(url); revoke.call(URL, url); };
}"""


class Shown:
    """A player in a cell, by what a person finds there."""

    def __init__(self, lab, index):
        self.lab, self.cell, self.page = lab, lab.cell(index), lab.page
        self.slider = self.cell.get_by_role("slider", name="Position")
        self.slider.wait_for()

    def button(self, name):
        return self.cell.get_by_role("button", name=name)

    def word(self, text):
        return self.cell.locator(".words").get_by_text(text, exact=True)

    @property
    def sound(self):
        return self.cell.locator(".cartesia-player audio").evaluate(SOUND)

    def until(self, condition):
        """Wait for a condition on `audio`, in JavaScript."""
        audio = self.cell.locator(".cartesia-player audio").element_handle()
        self.page.wait_for_function(f"audio => {condition}", arg=audio)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def drag(self, start, end):
        """Drag in the waveform, from one part of its width to another."""
        box = self.slider.bounding_box()
        across = box["y"] + box["height"] / 2
        self.page.mouse.move(box["x"] + box["width"] * start, across)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + box["width"] * end, across, steps=4)
        self.page.mouse.up()

    def focused(self):
        return self.page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.textContent")


@pytest.fixture(scope="module", params=[("lab", "light"), ("notebook", "dark")], ids="-".join)
def lab(request, tmp_path_factory):
    app, theme = request.param
    path = write_notebook(
        tmp_path_factory.mktemp("player") / "player.ipynb", SPEECH, "p = player(speech)\np", "p", "speech"
    )
    with Lab(path, app=app, theme=theme) as lab:
        lab.run_all()
        yield lab


@pytest.fixture
def shown(lab):
    """The player, as it is when it has just been run."""
    lab.run_cell(1)
    return Shown(lab, 1)


def test_a_click_plays_and_pauses(shown):
    assert not shown.cell.locator(".cartesia-speech").is_visible()
    shown.button("Play").click()
    shown.until("audio.currentTime > 0.6")
    shown.cell.locator(".spoken").get_by_text("One").wait_for(state="attached")
    shown.button("Pause").click()
    assert shown.sound["paused"]
    shown.button("Play").wait_for()
    shown.lab.wait_idle()
    assert shown.lab.python("p.position") == pytest.approx(shown.sound["at"], abs=0.01)


def test_a_click_on_a_word_moves_there(shown):
    shown.word("step").click()
    shown.lab.wait_idle()
    assert shown.sound["at"] == pytest.approx(2.0)
    assert shown.lab.python("p.position") == 2.0
    assert shown.cell.locator(".spoken").all_inner_texts() == ["step"]
    assert shown.slider.get_attribute("aria-valuetext") == "2.0 of 6.0 seconds: step"
    assert shown.slider.get_attribute("aria-valuenow") == "2.00"


@pytest.mark.parametrize("width", [1280, 620])
def test_words_stand_under_their_sound(shown, width):
    shown.page.set_viewport_size({"width": width, "height": 900})
    wave, drawn = shown.slider.bounding_box(), shown.slider.locator("svg").first.bounding_box()
    assert (wave["x"], wave["width"]) == (drawn["x"], drawn["width"])
    for text, start in [("One", 0.5), ("step", 2.0), ("here.", 4.0)]:
        box = shown.word(text).bounding_box()
        assert (box["x"] - wave["x"]) / wave["width"] * 6 == pytest.approx(start, abs=0.1)
        assert box["y"] >= wave["y"] + wave["height"]
    shown.page.set_viewport_size(shown.lab.size)


def test_a_drag_in_the_waveform_moves_the_position(shown):
    shown.drag(0.2, 0.75)
    shown.lab.wait_idle()
    assert shown.lab.python("[p.position, p.selection]") == [pytest.approx(4.5, abs=0.05), None]
    assert shown.focused() == "Position"


def test_in_a_pause_no_word_is_marked(shown):
    shown.drag(0.4, 0.5)
    assert shown.slider.get_attribute("aria-valuetext") == "3.0 of 6.0 seconds"
    assert shown.cell.locator(".spoken").count() == 0


def test_all_of_it_by_keyboard(shown):
    lab, cells = shown.lab, shown.page.locator(".jp-Cell").count()
    shown.button("Play").focus()
    visited = []
    for _ in range(5):
        visited.append(shown.focused())
        shown.press("Tab")
    assert visited[:3] + visited[4:] == ["Play", "Position", "Loop", "Download"]
    shown.slider.focus()
    for keys, seconds in [
        (["ArrowRight"], 1.0),
        (["ArrowRight", "ArrowLeft"], 1.0),
        (["Shift+ArrowRight"], 2.0),
        (["Shift+ArrowRight", "Shift+ArrowRight"], 6.0),
        (["Shift+ArrowLeft"], 4.0),
        (["End"], 6.0),
        (["Home"], 0.0),
        (["Shift+ArrowLeft"], 0.0),
    ]:
        shown.press(*keys)
        assert shown.sound["at"] == pytest.approx(seconds), keys
    shown.press("Space")
    shown.until("audio.currentTime > 0.1")
    shown.press("Space")
    assert shown.sound["paused"]
    # letters are commands of the notebook elsewhere: b adds a cell, d d deletes one
    shown.press("b", "d", "d", "ArrowDown")
    assert shown.focused() == "Position"
    lab.wait_idle()
    assert shown.page.locator(".jp-Cell").count() == cells


def test_the_space_bar_presses_the_button_that_has_the_focus(shown):
    shown.button("Loop").focus()
    shown.press("Space")
    assert shown.button("Loop").get_attribute("aria-pressed") == "true"
    assert shown.sound["paused"]


def test_a_region_by_mouse_loops(shown):
    shown.page.keyboard.down("Shift")
    shown.drag(0.3, 0.25)
    shown.page.keyboard.up("Shift")
    shown.lab.wait_idle()
    assert shown.lab.python("p.selection") == [pytest.approx(1.5, abs=0.03), pytest.approx(1.8, abs=0.03)]
    assert shown.button("Loop").get_attribute("aria-pressed") == "true"
    # from outside of it, it begins at its start, and then goes back there
    shown.press("End")
    shown.cell.locator(".cartesia-player audio").evaluate(COUNT_SEEKS)
    shown.press("Space")
    shown.until("audio.seeks >= 3")
    assert 1.4 < shown.sound["at"] < 2.5
    shown.press("Space", "Escape")
    shown.lab.wait_idle()
    assert shown.lab.python("p.selection") is None
    assert shown.button("Loop").get_attribute("aria-pressed") == "false"


def test_loop_makes_drags_choose_and_plays_all_again(shown):
    shown.button("Loop").click()
    shown.slider.focus()
    shown.press("End", "ArrowLeft", "Space")
    shown.until("audio.currentTime > 5.2")
    shown.until("audio.currentTime < 1")
    shown.press("Space")
    shown.drag(0.5, 0.6)
    shown.lab.wait_idle()
    assert shown.lab.python("p.selection") == [pytest.approx(3.0, abs=0.03), pytest.approx(3.6, abs=0.03)]


def test_a_region_by_keyboard(shown):
    shown.slider.focus()
    shown.press("ArrowRight", "i", "ArrowRight", "ArrowRight", "o", "l")
    shown.lab.wait_idle()
    assert shown.lab.python("p.selection") == [1.0, 3.0]
    assert shown.button("Loop").get_attribute("aria-pressed") == "true"


def test_python_chooses_a_region(shown):
    region = shown.cell.locator(".region")
    assert not region.is_visible()
    shown.lab.python("setattr(p, 'selection', (1.5, 3.0))")
    region.wait_for(state="visible")
    box, wave = region.bounding_box(), shown.slider.bounding_box()
    assert (box["x"] - wave["x"]) / wave["width"] == pytest.approx(0.25, abs=0.01)
    assert box["width"] / wave["width"] == pytest.approx(0.25, abs=0.01)


def test_speed_keeps_the_pitch(shown):
    shown.cell.get_by_label("Speed").select_option("2×")
    assert (shown.sound["rate"], shown.sound["pitch"]) == (2, True)
    shown.cell.get_by_label("Speed").select_option("0.5×")
    assert shown.sound["rate"] == 0.5


def test_the_download_is_the_file_as_received(shown):
    with shown.page.expect_download() as download:
        shown.button("Download").click()
    assert download.value.suggested_filename == "one-small-step-here.wav"
    received = shown.lab.python("__import__('base64').b64encode(speech.data).decode()")
    assert Path(download.value.path()).read_bytes() == base64.b64decode(received)


def test_two_views_share_a_region_and_closing_leaves_nothing(shown):
    lab, page = shown.lab, shown.page
    lab.run_cell(2)
    second = Shown(lab, 2)
    shown.page.keyboard.down("Shift")
    second.drag(0.5, 0.75)
    shown.page.keyboard.up("Shift")
    shown.cell.locator(".region").wait_for(state="visible")
    assert shown.sound["at"] == 0
    sources = {
        view.cell.locator(".cartesia-player audio").evaluate("audio => audio.src") for view in (shown, second)
    }
    page.evaluate(REVOKED)
    lab.python("p.close()")
    for view in (shown, second):
        view.slider.wait_for(state="detached")
        view.cell.locator(".cartesia-speech").wait_for(state="visible")
    page.wait_for_function("count => window.revoked.length >= count", arg=2)
    assert set(page.evaluate("window.revoked")) >= sources


def test_the_static_player_seeks_by_word(lab):
    cell = lab.cell(3)
    cell.locator("[data-start]").get_by_text("step").click()
    assert cell.locator("audio").evaluate("audio => audio.currentTime") == pytest.approx(2.0)


def test_no_errors_in_the_end(lab):
    report = lab.report()
    assert report["problems"] == []
    assert report["external_requests"] == []


# -- a kernel that is busy, gone or anew; a notebook that is saved and exported -------------------------

BUSY = """
import pathlib, time
from ipywidgets import VBox
p = player(speech)
display(VBox([p]))
while not pathlib.Path("go").exists():
    time.sleep(0.05)
"""


@pytest.fixture
def one(tmp_path):
    """A notebook with one player, in a JupyterLab of its own."""
    path = write_notebook(tmp_path / "one.ipynb", SPEECH, "p = player(speech)\np")
    with Lab(path) as lab:
        lab.run_all()
        yield Shown(lab, 1)


def test_a_busy_kernel_is_waited_for_in_words(tmp_path):
    with Lab(write_notebook(tmp_path / "busy.ipynb", SPEECH, BUSY)) as lab:
        lab.run_cell(0)
        lab.run_cell(1, wait=False)
        lab.cell(1).get_by_text("The sound is on its way from the kernel").wait_for()
        lab.cell(1).get_by_text("it may be busy. If it was restarted, run this cell again").wait_for()
        (tmp_path / "go").touch()
        Shown(lab, 1).button("Play").click()
        Shown(lab, 1).until("audio.currentTime > 0.1")
        assert lab.cell(1).get_by_role("status").inner_text() == ""
        assert lab.report()["problems"] == []


def test_it_plays_on_when_the_kernel_is_gone(one):
    page = one.page
    page.locator(".lm-MenuBar-item", has_text="Kernel").first.click()
    page.locator(".lm-Menu-item", has_text="Restart Kernel…").click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    one.cell.get_by_text("The kernel is not there any more").wait_for()
    one.word("step").click()
    one.button("Play").click()
    one.until("audio.currentTime > 2.1")
    with page.expect_download() as download:
        one.button("Download").click()
    assert Path(download.value.path()).stat().st_size == 6 * 48000 * 2 + 44
    one.lab.save()
    page.reload()
    copy = one.cell.locator(".cartesia-speech audio")
    copy.wait_for()
    nothing = one.cell.get_by_text("model not found")
    nothing.wait_for(state="attached")
    assert not nothing.is_visible()
    copy.focus()
    page.keyboard.press("Space")
    page.wait_for_function("audio => audio.currentTime > 0.1", arg=copy.element_handle())


def test_an_output_widget_may_hold_it(tmp_path):
    inside = "from ipywidgets import Output\nout = Output()\nprint('before')\ndisplay(out)\nwith out: display(player(speech))"
    with Lab(write_notebook(tmp_path / "out.ipynb", SPEECH, inside)) as lab:
        lab.run_all()
        shown = Shown(lab, 1)
        assert shown.slider.is_visible()
        assert lab.cell(1).get_by_text("before", exact=True).is_visible()
        assert not lab.cell(1).locator(".cartesia-speech").is_visible()


def test_it_is_back_when_the_page_is_loaded_again(one):
    one.word("small").click()
    one.lab.wait_idle()
    one.lab.python("setattr(p, 'selection', (1.0, 2.0))")
    one.lab.save()
    one.page.reload()
    again = Shown(one.lab, 1)
    again.cell.locator(".region").wait_for(state="visible")
    assert again.sound["at"] == pytest.approx(1.0)
    again.button("Play").click()
    again.until("audio.currentTime > 1.1")
    assert not again.cell.locator(".cartesia-speech").is_visible()


def test_a_notebook_that_ran_without_a_page_plays_when_exported(tmp_path):
    notebook = nbformat.read(write_notebook(tmp_path / "x.ipynb", SPEECH, "player(speech)"), as_version=4)
    NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert "widgets" in notebook.metadata
    html, _ = HTMLExporter().from_notebook_node(notebook)
    assert html.count("<audio") == 1


def test_a_saved_notebook_is_small_and_plays_when_exported(tmp_path):
    ten = ["player(tone(8, 44100))"] * 10
    path = write_notebook(tmp_path / "ten.ipynb", SPEECH, *ten, "import cartesia_nb; cartesia_nb.recorder()")
    before = path.stat().st_size
    with Lab(path) as lab:
        lab.run_all()
        Shown(lab, 10)
        lab.save()
        assert path.stat().st_size - before < 1_000_000
        html, _ = HTMLExporter().from_notebook_node(nbformat.read(path, as_version=4))
        (tmp_path / "ten.html").write_text(html, encoding="utf-8")
        page = lab.page
        page.route(re.compile("^https?://(?!127)"), lambda route: route.abort())
        page.goto((tmp_path / "ten.html").as_uri())
        page.locator(".cartesia-speech").nth(9).wait_for()
        assert page.locator("audio").count() == 10
        page.locator("[data-start]", has_text="step").first.click()
        audio = page.locator("audio").first
        audio.focus()
        page.keyboard.press("Space")
        page.wait_for_function("audio => audio.currentTime > 2.2", arg=audio.element_handle())
