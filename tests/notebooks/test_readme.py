"""A newcomer copies the README's cells into a notebook, one after the other."""

import re
from pathlib import Path

from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from secret import KEY

README = Path(__file__).parents[2] / "README.md"


def cells():
    blocks = re.findall(
        r"^```(python)?\n(.*?)\n```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return [text for language, text in blocks if language or text.startswith("%")]


def test_the_cells_of_the_readme_run_in_order(sandbox, monkeypatch, tmp_path):
    monkeypatch.setenv("CARTESIA_API_KEY", KEY)
    monkeypatch.setenv("CARTESIA_BASE_URL", sandbox.url)
    monkeypatch.setenv("CARTESIA_NB_RECORD", "cache")
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells()])
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute()
    loaded, hello, *_, stored = notebook.cells
    assert not loaded.outputs
    assert "<audio" in hello.outputs[0].data["text/html"]
    assert stored.source.startswith("%cartesia budget")
    players = [output.data["text/html"] for output in stored.outputs if "data" in output]
    told = [" · stored" in player for player in players if "<audio" in player]
    assert told == [False, True]
    assert {"day.mp3", "same.flac", "cartesia_record"} <= {path.name for path in tmp_path.iterdir()}
    assert not [
        output for cell in notebook.cells for output in cell.outputs if output.get("name") == "stderr"
    ]
