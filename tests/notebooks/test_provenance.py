"""A saved notebook tells how each sound in it was made, in the metadata of the outputs that show them."""

import json

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook

TEXT = "Only once in this output."
CELLS = {
    "setup": "%load_ext cartesia_nb\nimport cartesia_nb\nclient = cartesia_nb.connect()",
    "a line": f"%cartesia tts --voice Ada {TEXT}",
    "a list": f"%cartesia compare --voices Ada Bruno -- {TEXT}",
    "a stream": "speech = client.tts.sse('With words.', voice='Ada', add_timestamps=True).collect()\nspeech",
    "a sum": "speech[:0.5] + speech",
    "a table": "cartesia_nb.Speeches([speech]).frame()",
    "a player": "cartesia_nb.player(speech)",
    "a form": "form = cartesia_nb.change_form(speech); form",
    "pressed": "form.line.work.join(30); form.change_button.click(); form.line.work.join(30)",
    "a file": "cartesia_nb.Speech.load(speech.save('x.mp3'))",
    "no sound": "cartesia_nb.Speeches([])",
}


@pytest.fixture(scope="module")
def notebook(sandbox, tmp_path_factory):
    """Return the notebook, run, saved and read again."""
    folder = tmp_path_factory.mktemp("notebook")
    notebook = new_notebook(cells=[new_code_cell(source) for source in CELLS.values()])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CARTESIA_API_KEY", sandbox.key)
        patch.setenv("CARTESIA_BASE_URL", sandbox.url)
        resources = {"metadata": {"path": str(folder)}}
        NotebookClient(notebook, timeout=120, resources=resources).execute()
    nbformat.write(notebook, folder / "x.ipynb")
    return nbformat.read(folder / "x.ipynb", as_version=4)


def metadata(notebook, cell):
    """Return the metadata of a cell's last output."""
    return notebook.cells[list(CELLS).index(cell)].outputs[-1].get("metadata", {})


def made(notebook, cell):
    return metadata(notebook, cell)["cartesia_nb"]["speeches"]


def test_each_output_tells_how_its_sounds_were_made(notebook):
    nbformat.validate(notebook)
    (line,) = made(notebook, "a line")
    assert (line["voice_name"], line["request"]["transcript"], line["backend"]) == ("Ada", TEXT, "sandbox")
    assert len(line["audio_sha256"]) == 64
    assert [one["voice_name"] for one in made(notebook, "a list")] == ["Ada", "Bruno"]
    (stream,) = made(notebook, "a stream")
    assert stream["request"]["transcript"] == "With words."
    (joined,) = made(notebook, "a sum")
    assert [part["method"] for part in joined["parts"]] == ["cut", stream["method"]]
    assert made(notebook, "a table") == made(notebook, "a player") == made(notebook, "a file") == [stream]
    assert [one["method"] for one in made(notebook, "a form")] == [stream["method"], "voice_changer.bytes"]
    assert metadata(notebook, "no sound") == {}


def test_it_is_small(notebook):
    assert json.dumps(metadata(notebook, "a line")).count(TEXT) == 1
    assert len(json.dumps(metadata(notebook, "a stream"))) < 1500


def test_it_does_not_change_what_is_shown(notebook):
    html, _ = HTMLExporter().from_notebook_node(notebook)
    assert html.count("<audio") == 1 + 2 + 1 + 1 + 1 + 1 + 2 + 1
