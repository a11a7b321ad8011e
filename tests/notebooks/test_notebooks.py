"""Notebooks run without a browser: the tutorials, and how a notebook stops at an error."""

import base64
import json
import re
from pathlib import Path

import nbformat
import papermill
import pytest
import soundfile
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook
from recogniser import transcribe, word_error_rate
from scripted import Server, reply, wav
from secret import KEY, given_away

PROJECT = Path(__file__).parents[2]

# What a person types, which IPython itself would rewrite.
TYPED = [
    "how are you?",
    "a trailing backslash \\",
    'it\'s "so" {odd} $HOME',
    "- dash",
    "🎈 שלום",
    "“q”",
    "what??",
]

BROKEN = {
    "no key": (
        "",
        None,
        "MissingKey: no API key is known. Type it after %cartesia login, set CARTESIA_API_KEY",
    ),
    "bad key": (
        KEY,
        reply(f"Bad key {KEY}", 401),
        "AuthenticationError: the API answered 401: Bad key sk_car_…",
    ),
    "no credits": (KEY, reply("No credits", 402), "PaymentRequired: the API answered 402"),
    "cut short": (
        KEY,
        reply(b"half", length=99, Connection="close"),
        "IncompleteBody: the answer of 127.0.0.1",
    ),
    "half a wav": (KEY, reply(wav()[:3000]), "IncompleteBody: half a WAV file"),
    "a web page": (KEY, reply("<html>hi</html>"), "BadAnswer: 127.0.0.1"),
}


def notebook_of(*cells):
    return new_notebook(cells=[new_code_cell(cell) for cell in cells])


@pytest.fixture(scope="module")
def quickstart(executed):
    """The folder that executing the quickstart leaves behind."""
    return executed("01_quickstart")


def test_the_quickstart_leaves_a_notebook_its_html_and_sound(quickstart):
    names = {path.name for path in quickstart.iterdir()}
    assert {"01_quickstart.ipynb", "01_quickstart.html", "quickstart.wav", "quickstart.mp3"} <= names
    assert (quickstart / "01_quickstart.html").read_text(encoding="utf-8").count("<audio") == 4


def test_a_recogniser_understands_the_quickstart(quickstart):
    samples, rate = soundfile.read(quickstart / "quickstart.wav", dtype="float32")
    assert word_error_rate("One line of Python, and it speaks.", transcribe(samples, rate)) <= 0.15


def test_the_players_of_the_quickstart_hold_what_was_said(quickstart):
    notebook = nbformat.read(quickstart / "01_quickstart.ipynb", as_version=4)
    html = "".join(
        o.data.get("text/html", "") for c in notebook.cells for o in c.get("outputs", []) if "data" in o
    )
    (quickstart / "first.mp3").write_bytes(base64.b64decode(re.search(r"base64,([^\"]+)", html)[1]))
    samples, rate = soundfile.read(quickstart / "first.mp3", dtype="float32")
    said = "Hello! This sentence was typed into a notebook cell."
    assert word_error_rate(said, transcribe(samples, rate)) <= 0.12


def test_the_quickstart_gives_no_key_away(quickstart):
    for path in quickstart.iterdir():
        assert given_away(path.read_bytes().decode("utf-8", "replace")) == [], path.name


def test_the_tutorials_are_stored_without_outputs():
    for path in (PROJECT / "notebooks").glob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            assert not cell.get("outputs"), path.name
            assert cell.get("execution_count") is None, path.name


def test_text_arrives_as_typed_through_a_kernel(monkeypatch):
    with Server([reply(wav(0.1))]) as server:
        monkeypatch.setenv("CARTESIA_API_KEY", KEY)
        monkeypatch.setenv("CARTESIA_BASE_URL", server.url)
        cells = [f"%cartesia tts {text}" for text in TYPED] + [
            f"%%cartesia tts\n{text}\n... next" for text in TYPED
        ]
        notebook = notebook_of("%load_ext cartesia_nb", *cells)
        NotebookClient(notebook, timeout=60).execute()
    assert [json.loads(asked.body)["transcript"] for asked in server.asked] == [
        *TYPED,
        *(f"{text}\n... next" for text in TYPED),
    ]
    shown = [[output.output_type for output in cell.outputs] for cell in notebook.cells[1:]]
    assert shown == [["display_data"]] * len(cells)


@pytest.mark.parametrize(("key", "script", "said"), BROKEN.values(), ids=BROKEN)
def test_a_failing_magic_is_one_line_and_stops_the_notebook(monkeypatch, tmp_path, key, script, said):
    with Server([script or reply(wav())]) as server:
        monkeypatch.setenv("CARTESIA_API_KEY", key)
        monkeypatch.setenv("CARTESIA_BASE_URL", server.url)
        notebook = notebook_of("%load_ext cartesia_nb", "%cartesia tts --save a.wav hello", "after = 1")
        client = NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(tmp_path)}})
        with pytest.raises(CellExecutionError):
            client.execute()
    (output,) = notebook.cells[1].outputs
    assert output.output_type == "error"
    assert output.traceback == [f"{output.ename}: {output.evalue}"]
    assert output.traceback[0].startswith(said)
    assert "\n" not in output.traceback[0]
    assert notebook.cells[2].outputs == []
    assert notebook.cells[2].execution_count is None
    assert list(tmp_path.iterdir()) == []
    assert given_away(nbformat.writes(notebook)) == []


def test_papermill_stops_at_a_failing_magic(tmp_path):
    nbformat.write(
        notebook_of("%load_ext cartesia_nb", "%cartesia tts ...", "after = 1"), tmp_path / "in.ipynb"
    )
    with pytest.raises(papermill.PapermillExecutionError, match="nothing to say"):
        papermill.execute_notebook(
            tmp_path / "in.ipynb", tmp_path / "out.ipynb", kernel_name="python3", progress_bar=False
        )
    assert "after = 1" in (tmp_path / "out.ipynb").read_text()
    ran = nbformat.read(tmp_path / "out.ipynb", as_version=4).cells
    assert [cell.execution_count for cell in ran if cell.source == "after = 1"] == [None]
