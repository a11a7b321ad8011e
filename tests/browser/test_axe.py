"""axe-core finds nothing wrong with any form, as it opens and with something in it, in light and in dark."""

import re

import pytest
from labharness import Lab, write_notebook

SETUP = """import cartesia_nb
client = cartesia_nb.connect()
speech = client.tts.sse("We meet on Monday at ten o'clock.", add_timestamps=True).collect()
"""
FORMS = {
    "player": "cartesia_nb.player(speech)",
    "explore": "shown = cartesia_nb.explore(); shown.join(); shown",
    "recorder": "cartesia_nb.recorder()",
    "clone": "cartesia_nb.clone_form(speech)",
    "localize": "cartesia_nb.localize_form('Ada')",
    "change": "cartesia_nb.change_form(speech)",
    "transcribe": "form = cartesia_nb.transcribe_form(speech); form",
    "infill": "cartesia_nb.infill_editor(speech)",
    "dictionary": "cartesia_nb.dictionary_editor()",
    "studio": "cartesia_nb.studio()",
}
SPEECH = "speech"  # Speech's own static player
FAILED = (
    """cartesia_nb.connect("sk_car_example", base_url="http://127.0.0.1:9", retries=0)
explorer = cartesia_nb.explore(); explorer.join(); explorer""",
    """clone = cartesia_nb.clone_form(speech); clone.base.fetch.join(); clone.name.value = "Mine"
clone.clone_button.click(); clone.line.work.join(); clone""",
    "editor = cartesia_nb.dictionary_editor(); editor.name.fetch.join(); editor.save_button.click(); editor",
    "cartesia_nb.recorder()",  # there is no microphone
)

JUDGE = """async (cell) => {
  const found = await axe.run(cell, {
    resultTypes: ["violations"],
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
  });
  return found.violations.flatMap((rule) => rule.nodes
    .filter((node) => node.target.flat().length)
    .map((node) => `${rule.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`));
}"""


@pytest.fixture(scope="module", params=["light", "dark"])
def lab(request, tmp_path_factory, sandbox, axe):
    folder = tmp_path_factory.mktemp(request.param)
    notebook = write_notebook(folder / "forms.ipynb", SETUP, *FORMS.values(), SPEECH, *FAILED)
    environment = {"CARTESIA_API_KEY": sandbox.key, "CARTESIA_BASE_URL": sandbox.url}
    with Lab(notebook, theme=request.param, env=environment) as lab:
        lab.run_all()
        lab.page.evaluate(axe)
        yield lab


@pytest.mark.axe
@pytest.mark.parametrize("form", [*FORMS, "speech"])
def test_axe_finds_nothing_wrong(lab, form):
    cell = 1 + [*FORMS, "speech"].index(form)
    lab.cell(cell).scroll_into_view_if_needed()
    output = lab.cell(cell).locator(".jp-Cell-outputWrapper")
    assert output.inner_text().strip()
    assert output.evaluate(JUDGE) == []


@pytest.mark.axe
@pytest.mark.parametrize("number", range(len(FAILED)))
def test_axe_finds_nothing_wrong_with_what_says_that_something_failed(lab, number):
    cell = lab.cell(len(FORMS) + 2 + number)
    cell.scroll_into_view_if_needed()
    if FAILED[number] == "cartesia_nb.recorder()":
        cell.get_by_role("button", name="Record").click()
    cell.get_by_text(re.compile(r"127\.0\.0\.1:9|is empty|no microphone")).first.wait_for()
    assert cell.locator(".jp-Cell-outputWrapper").evaluate(JUDGE) == []


@pytest.mark.axe
def test_axe_sees_what_is_wrong(lab):
    """Guard: an image without a name is found."""
    lab.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<div id=bad><img src=x></div>')")
    found = lab.page.locator("#bad").evaluate(
        "async (at) => (await axe.run(at)).violations.map(rule => rule.id)"
    )
    assert "image-alt" in found
