"""A notebook that used every form still shows and plays what was made, without a kernel and without widgets."""

import re

import nbformat
from labharness import Lab, write_notebook
from nbconvert import HTMLExporter

SETUP = """import cartesia_nb
client = cartesia_nb.connect()
talk = client.tts.sse("We meet on Monday at ten o'clock, as ever.", voice="Bruno", add_timestamps=True).collect()
def press(form, button):
    form.line.work.join(30)
    button.click()
    form.line.work.join(30)
    assert form.result is not None
"""
FORMS = (
    "cartesia_nb.player(talk)",
    "explorer = cartesia_nb.explore(); explorer",
    "clone = cartesia_nb.clone_form(talk); clone",
    "localize = cartesia_nb.localize_form('Ada'); localize",
    "change = cartesia_nb.change_form(talk); change",
    "transcribe = cartesia_nb.transcribe_form(talk); transcribe",
    "editor = cartesia_nb.infill_editor(talk); editor",
    "words = cartesia_nb.dictionary_editor(); words",
    "cartesia_nb.recorder()",
)
USE = """
clone.name.value = "Mine"
press(clone, clone.clone_button)
press(clone, clone.trial.button)
localize.language.value, localize.name.value = "es", "Ada in Madrid"
press(localize, localize.localize_button)
press(localize, localize.trial.button)
press(change, change.change_button)
press(transcribe, transcribe.transcribe_button)
editor.part.words.value = (3, 3)
editor.new_words.value = "Friday"
editor.line.work.join(30); editor.replace_button.click(); editor.line.work.join(30)
press(editor, editor.keep_button)
words.name.value = "tech"
words.table.fill([{"text": "nginx", "alias": "engine x"}])
press(words, words.save_button)
"""
# What is to be read on each form's shelf, by the number of its cell.
SHELVES = {
    2: "Preview",
    3: "Cloned: Mine",
    4: "Localized",
    5: "Changed",
    6: "We meet on Monday",
    7: "Friday",
    8: "nginx",
}


def test_what_every_form_made_is_there_without_a_kernel(tmp_path, sandbox):
    path = write_notebook(tmp_path / "forms.ipynb", SETUP, *FORMS, USE)
    environment = {"CARTESIA_API_KEY": sandbox.key, "CARTESIA_BASE_URL": sandbox.url}
    with Lab(path, env=environment) as lab:
        for index in range(len(FORMS) + 1):
            lab.run_cell(index)
        lab.cell(2).get_by_role("button", name="Play Ada").first.click()
        lab.wait_idle()
        lab.run_cell(len(FORMS) + 1)
        assert lab.report()["problems"] == []
        lab.save()
        shown = export(path)
        (tmp_path / "forms.html").write_text(shown, encoding="utf-8")
        page = lab.page
        page.route(re.compile("^https?://(?!127)"), lambda route: route.abort())
        page.goto((tmp_path / "forms.html").as_uri())
        cells = page.locator(".jp-CodeCell")
        for number, text in SHELVES.items():
            cells.nth(number).get_by_text(text).first.wait_for()
        sounds = [cells.nth(number).locator("audio") for number in (1, 2, 3, 4, 5, 6, 7)]
        assert all(sound.count() for sound in sounds)
        for sound in sounds:
            sound.first.focus()
            page.keyboard.press("Space")
            page.wait_for_function("audio => audio.currentTime > 0.1", arg=sound.first.element_handle())


def export(path):
    """Return the notebook as HTML, without what it may know of widgets."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.pop("widgets", None)
    html, _ = HTMLExporter().from_notebook_node(notebook)
    return html
