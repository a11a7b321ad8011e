"""`%cartesia` in JupyterLab, as a person uses it: Tab, a key that is typed, and every daily word."""

import pytest
from labharness import Lab, write_notebook
from secret import KEY, given_away

LOAD = "%load_ext cartesia_nb"
WORDS = (
    "%cartesia",
    '%cartesia tts "hello"',
    "%%cartesia say -o lines\nThe first line.\nThe second line.",
    '%cartesia compare "Which of us do you like?" --voices Ada Bruno',
    '%cartesia infill {lines[0]} "and more"',
    "%cartesia change {lines[0]} --voice Bruno",
    "%cartesia stt {lines[0]}",
    "%cartesia voices calm --preview",
    "%cartesia voice",
    "%cartesia tts -o recording This is how I speak, when nobody listens.",
    "%cartesia clone recording --name Mine",
    "%cartesia localize Ada es",
    "%%cartesia dict tech\nnginx = engine x",
    "%cartesia defaults --voice Ada",
    "%cartesia status",
)
AUDIO = {1: 1, 2: 2, 3: 2, 4: 1, 5: 1, 7: 1, 9: 1}  # word's cell -> players in it


@pytest.fixture(scope="module")
def environment(sandbox):
    return {"CARTESIA_API_KEY": sandbox.key, "CARTESIA_BASE_URL": sandbox.url}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_daily_word_shows_what_it_made(tmp_path, environment, theme):
    notebook = write_notebook(tmp_path / "words.ipynb", LOAD, *WORDS)
    with Lab(notebook, theme=theme, env=environment) as lab:
        lab.run_all()
        report = lab.report()
    assert report["problems"] == []
    assert report["external_requests"] == []
    cells = report["cells"][1:]
    assert {at: len(cell["audio"]) for at, cell in enumerate(cells) if cell["audio"]} == AUDIO
    assert all(audio["duration"] > 0.3 for cell in cells for audio in cell["audio"])
    assert all(cell["text"] for cell in cells)


def test_tab_completes_a_voice_and_the_cell_runs(tmp_path, environment):
    notebook = write_notebook(tmp_path / "tab.ipynb", f"{LOAD}\n%cartesia voices -o all", "", "%cartesia tt")
    with Lab(notebook, env=environment) as lab:
        lab.run_cell(0)
        editor = lab.cell(1).locator(".jp-InputArea-editor")
        editor.click()
        lab.page.keyboard.type("%cartesia localize Ada e")
        lab.page.keyboard.press("Tab")
        lab.page.locator(".jp-Completer-item", has_text="es").click()
        lab.page.keyboard.type(" --name ")
        lab.page.keyboard.type('"Ada in Madrid"')
        lab.run_cell(1)
        lab.page.keyboard.press("Escape")
        lab.cell(2).locator(".jp-InputArea-editor").click()
        lab.page.keyboard.press("End")
        lab.page.keyboard.press("Tab")  # one answer: taken at once
        lab.page.keyboard.type("s --voice Ada")
        lab.page.keyboard.press("Backspace")
        lab.page.keyboard.press("Tab")
        lab.page.locator(".jp-Completer-item", has_text="Ada in Madrid").click()
        lab.page.keyboard.type(" Hola.")
        source = lab.cell(2).locator(".cm-content").inner_text()
        lab.run_cell(2)
        report = lab.report()
    assert source == '%cartesia tts --voice "Ada in Madrid" Hola.'
    assert report["problems"] == []
    assert len(report["cells"][2]["audio"]) == 1


def test_a_key_is_typed_where_nobody_sees_it(tmp_path, sandbox):
    notebook = write_notebook(tmp_path / "login.ipynb", LOAD, "%cartesia login", "%cartesia status")
    with Lab(notebook, env={"CARTESIA_BASE_URL": sandbox.url}) as lab:
        lab.run_cell(0)
        lab.run_cell(1, wait=False)
        field = lab.cell(1).locator("input.jp-Stdin-input")
        field.wait_for()
        assert field.get_attribute("type") == "password"
        field.fill(KEY)
        field.press("Enter")
        lab.cell(1).get_by_text("answers from now on").wait_for()
        lab.wait_idle()
        lab.run_cell(2)
        page = lab.page.content()
        report = lab.report()
    assert report["problems"] == []
    assert "base_url" in report["cells"][2]["text"]
    assert given_away(page) == []
