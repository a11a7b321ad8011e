"""The harness itself, and what a person sees who has a sentence and `%cartesia tts`."""

import zlib
from pathlib import Path

import pytest
from labharness import Lab, write_notebook

FORM = """
import ipywidgets as w
greeted = []
name, button, out = w.Text(description="Name"), w.Button(description="Greet"), w.Output()
@button.on_click
def _(_):
    greeted.append(name.value)
    with out:
        print("Hello", name.value)
w.VBox([name, button, out])
"""
TONE = """
import numpy as np
from IPython.display import Audio
Audio(np.sin(np.arange(22050) / 10), rate=22050)
"""

# The length that an <audio> shows is what its file says; this is what there is to hear.
DECODED_SECONDS = """async () => {
  const file = await fetch(document.querySelector('audio').currentSrc);
  const sound = await new OfflineAudioContext(1, 1, 44100).decodeAudioData(await file.arrayBuffer());
  return sound.duration;
}"""


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    notebook = write_notebook(tmp_path_factory.mktemp("form") / "form.ipynb", FORM, TONE)
    with Lab(notebook) as lab:
        lab.run_all()
        yield lab


def test_harness_fills_and_clicks_a_form(form):
    form.cell(0).get_by_label("Name").fill("Ada")
    form.cell(0).get_by_role("button", name="Greet").click()
    form.wait_idle()
    assert form.python("greeted") == ["Ada"]
    assert "Hello Ada" in form.cell(0).inner_text()


def test_harness_sees_a_tone_and_no_problems(form):
    report = form.report()
    assert report["cells"][1]["audio"][0]["duration"] == pytest.approx(1.0)
    assert report["problems"] == []
    assert report["external_requests"] == []


def test_harness_reports_what_goes_wrong(tmp_path):
    notebook = write_notebook(
        tmp_path / "wrong.ipynb",
        "1 / 0",
        "from IPython.display import HTML\nHTML('<img src=\"http://example.com/pixel.png\">')",
        "import ipywidgets as w\nbutton = w.Button(description='Break')\n"
        "button.on_click(lambda _: {}['missing'])\nbutton",
    )
    with Lab(notebook) as lab:
        for index in range(3):
            lab.run_cell(index)
        lab.cell(2).get_by_role("button", name="Break").click()
        lab.wait_idle()
        report = lab.report()
    assert set(report["external_requests"]) == {"http://example.com/pixel.png"}
    assert report["problems"] == [
        "cell 0: ZeroDivisionError: division by zero",
        "callback (comm_msg): KeyError: 'missing'",
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_first_words(theme, tmp_path):
    """A cell with a sentence plays it: one sound, as long as the kernel says, and nothing from outside."""
    notebook = write_notebook(
        tmp_path / "first.ipynb",
        "%load_ext cartesia_nb",
        '%cartesia tts "hello"',
        'x = %cartesia tts "hello"',
    )
    with Lab(notebook, theme=theme, env={"CARTESIA_NB_SANDBOX": "1"}) as lab:
        lab.run_all()
        report = lab.report()
        assert report["problems"] == []
        assert report["external_requests"] == []
        seconds = lab.python("x.duration")
        lab.cell(1).locator(".jp-OutputArea-output").screenshot(path="speech.png")
        heard = lab.page.evaluate(DECODED_SECONDS)
    nothing, [audio], assigned = [cell["audio"] for cell in report["cells"]]
    assert nothing == assigned == []
    assert audio["duration"] == pytest.approx(seconds, abs=0.15)
    assert heard == pytest.approx(seconds, abs=0.15)
    assert audio["src"].startswith("data:audio/mpeg;base64,")
    assert shades(Path("speech.png")) > 20


def shades(png: Path) -> int:
    """Count the different bytes in a PNG's pixels; a blank picture has two or three."""
    data, pixels, at = png.read_bytes(), b"", 8
    while at < len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        pixels += data[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += length + 12
    return len(set(zlib.decompress(pixels)))
