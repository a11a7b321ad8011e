"""`python notebooks/execute.py`: what it leaves behind, and what it says when a notebook fails."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

SCRIPT = Path(__file__).parents[2] / "notebooks" / "execute.py"


def notebook(path: Path, *sources: str) -> Path:
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def execute(*args: object) -> subprocess.CompletedProcess:
    command = [sys.executable, str(SCRIPT), *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_good_notebook_runs_in_the_out_folder_with_this_interpreter(tmp_path):
    source = notebook(
        tmp_path / "good.ipynb",
        "open('saved.txt', 'w').write('x')",
        "import os, sys\nprint(os.getcwd())\nprint(sys.executable)\nprint(os.environ['CARTESIA_NB_NOTEBOOK'])",
    )
    done = execute(source, "--out", "results/here")
    assert done.returncode == 0, done.stderr
    out = Path("results/here")
    assert done.stdout == f"Wrote {out}/good.html, {out}/good.ipynb, {out}/saved.txt.\n"
    [output] = nbformat.read(out / "good.ipynb", as_version=4).cells[1].outputs
    assert output.text.splitlines() == [str(out.resolve()), sys.executable, "good"]
    assert sys.executable in (out / "good.html").read_text()


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("{}['missing']", "cell 2: KeyError: 'missing'"),
        ("%nosuchmagic", "cell 2: UsageError: Line magic function `%nosuchmagic` not found."),
        ("import time; time.sleep(60)", "cell 2: A cell timed out while it was being executed"),
        ("import os; os._exit(1)", "cell 2: Kernel died"),
    ],
)
def test_failed_notebook_says_why_and_leaves_nothing_that_looks_whole(tmp_path, cell, message):
    out = tmp_path / "out"
    out.mkdir()
    for older in ("bad.ipynb", "bad.html"):
        (out / older).write_text("from an earlier run")
    source = notebook(tmp_path / "bad.ipynb", "print('begun')", cell, "print('never')")
    done = execute(source, "--out", out, "--timeout", 5)
    assert done.returncode == 1
    assert done.stdout == ""
    assert f"bad.ipynb: {message}" in done.stderr
    assert [path.name for path in out.iterdir()] == ["bad.failed.ipynb"]
    first, _, last = nbformat.read(out / "bad.failed.ipynb", as_version=4).cells
    assert first.outputs[0].text == "begun\n"
    assert last.outputs == []


def test_out_folder_of_the_notebook_itself_is_refused(tmp_path):
    source = notebook(tmp_path / "here.ipynb", "1")
    before = source.read_text()
    done = execute(source, "--out", tmp_path)
    assert done.returncode == 1
    assert "would be overwritten" in done.stderr
    assert source.read_text() == before
