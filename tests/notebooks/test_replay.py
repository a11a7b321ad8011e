"""Every tutorial replays without a key, the sandbox and the network: the same sounds, tables and words."""

import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest
from secret import given_away

#: The first test waits for all tutorials to run.
pytestmark = pytest.mark.timeout(900)

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
TUTORIALS = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
#: All of them together, saved with their outputs.
LARGEST = 3_000_000

WIDGET = "application/vnd.jupyter.widget-view+json"
#: The tag of a cell that tells what this run did, and what it cost; and who has such cells.
THIS_RUN = "of-this-run"
ABOUT_REPLAYS = "08_reproducible_research"
THIS_RUNS = {ABOUT_REPLAYS: 3}

#: What may differ elsewhere, and why.
DIFFERENT = (
    (r"( ·|,) stored(?=</div>|\))", ""),  # what a replay plays says where it comes from,
    (r"(?<='stored': )(True|False)", ""),  # in the provenance, too
    (r"(?<=http://127\.0\.0\.1):\d+", ""),  # the port of a sandbox is any that is free; a replay has none
)

#: Makes all ways out raise, in every Python that finds it.
GUARD = """
import socket, subprocess

class Forbidden(AssertionError):
    pass

def refuse(*args, **options):
    raise Forbidden("a replay must not do that")

socket.socket.connect = socket.socket.connect_ex = refuse
socket.create_connection = socket.getaddrinfo = refuse

class Process(subprocess.Popen):
    def __init__(self, args, *more, **options):
        if "cartesia_nb.sandbox" in args:
            refuse()
        super().__init__(args, *more, **options)

subprocess.Popen = Process
"""
WAYS_OUT = {
    "connect": "socket.socket().connect(('127.0.0.1', 9))",
    "connect_ex": "socket.socket().connect_ex(('127.0.0.1', 9))",
    "create_connection": "socket.create_connection(('127.0.0.1', 9))",
    "getaddrinfo": "socket.getaddrinfo('localhost', 9)",
    "the sandbox": "from cartesia_nb.sandbox import launch; launch.start()",
}


class Runs(NamedTuple):
    """A tutorial that ran twice."""

    name: str
    recorded: Path
    replayed: Path

    def notebooks(self):
        file = f"{self.name}.ipynb"
        return [nbformat.read(folder / file, as_version=4) for folder in (self.recorded, self.replayed)]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """The environment of whoever has no key and no network, and must not start a sandbox."""
    folder = tmp_path_factory.mktemp("guard")
    (folder / "sitecustomize.py").write_text(GUARD)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CARTESIA_")}
    return {**kept, "PYTHONPATH": str(folder), "HOME": str(tmp_path_factory.mktemp("home"))}


@pytest.fixture(scope="module")
def recorded(executed, record_folder):
    """All tutorials, executed; and the state of the folder of answers after that."""
    folders = {name: executed(name) for name in TUTORIALS}
    return folders, state(record_folder)


@pytest.fixture(scope="module")
def both(recorded, guarded, record_folder, tmp_path_factory):
    """A function that replays a tutorial, once for all tests, and returns what both runs left."""

    @cache
    def both_of(name):
        folder = tmp_path_factory.mktemp("replayed")
        done = execute(name, folder, guarded, "replay", record_folder)
        assert done.returncode == 0, done.stderr
        return Runs(name, recorded[0][name], folder)

    return both_of


@pytest.fixture(params=TUTORIALS)
def runs(request, both):
    return both(request.param)


def execute(name, folder, environment, mode, record_folder):
    command = [sys.executable, NOTEBOOKS / "execute.py", NOTEBOOKS / f"{name}.ipynb", "--out", folder]
    settings = {"CARTESIA_NB_RECORD": mode, "CARTESIA_NB_RECORD_FOLDER": str(record_folder)}
    environment = environment | settings
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=200, check=False)


def state(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def is_of_this_run(cell):
    return THIS_RUN in cell.metadata.get("tags", [])


def is_nothing(output):
    """Tell what is left of a progress line, which only slow work shows."""
    return not any(output.data.values())


def heard(notebook):
    """Return the hash of each sound that is played, and of each audio that it was made of, in their order."""
    outputs = [output for cell in code(notebook) for output in cell.outputs]
    pages = [output.get("data", {}).get("text/html", "") for output in outputs]
    played = [
        hash_of(sound)
        for page in pages
        for sound in re.findall(r'src="data:audio/mpeg;base64,([^"]+)"', page)
    ]
    told = json.dumps([output.get("metadata", {}) for output in outputs])
    return played, re.findall(r'"audio_sha256": "([0-9a-f]{64})"', told)


def hash_of(text):
    return hashlib.sha256(text.encode()).hexdigest()


def shown(notebook):
    """Return what a reader sees, as texts by the number of the cell and the kind."""
    seen = {}
    for number, cell in enumerate(code(notebook)):
        outputs = [] if is_of_this_run(cell) else cell.outputs
        told = {(number, "printed"): said(outputs)}
        pages = [output.data for output in outputs if "data" in output and not is_nothing(output)]
        for place, data in enumerate(pages):
            told |= {(number, place, kind): text for kind, text in data.items() if kind != WIDGET}
        seen |= {where: without_differences(text) for where, text in told.items()}
    return seen


def said(outputs):
    """Return what is printed, in one piece: a kernel hands it on when it has time."""
    return "".join(output.text for output in outputs if output.output_type == "stream")


def printed(notebook):
    return "".join(said(cell.outputs) for cell in code(notebook))


def without_differences(text):
    for pattern, instead in DIFFERENT:
        text = re.sub(pattern, instead, text)
    return text


def test_the_same_sounds_in_the_same_order(runs):
    first, second = map(heard, runs.notebooks())
    assert second == first
    assert all(first)


def test_the_same_tables_plots_players_and_words(runs):
    first, second = map(shown, runs.notebooks())
    assert second.keys() == first.keys()
    assert [place for place, text in first.items() if second[place] != text] == []
    assert len(first) > 10


def test_only_what_tells_of_the_run_itself_may_differ(runs):
    notebook, _ = runs.notebooks()
    assert sum(map(is_of_this_run, code(notebook))) == THIS_RUNS.get(runs.name, 0)


def test_the_notebook_about_replays_finds_that_they_are_the_same_and_cost_nothing(both):
    first, second = map(printed, both(ABOUT_REPLAYS).notebooks())
    for words in ("The same, loaded", "The same, to the last sample", "Our colleague hears the same"):
        assert f"{words}: True\n" in first
    assert "It would cost about 45 credits." in first
    assert "About 92 credits in this session." in first
    assert "It would cost about 0 credits." in second
    assert "About 0 credits in this session." in second


@pytest.mark.parametrize("way", WAYS_OUT.values(), ids=WAYS_OUT)
def test_the_guard_bars_each_way_out(guarded, way):
    done = subprocess.run(
        [sys.executable, "-c", f"import socket; {way}"],
        env=guarded,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.splitlines()[-1].endswith("Forbidden: a replay must not do that")


def test_what_is_not_replayed_fails_behind_the_guard(guarded, record_folder, tmp_path):
    done = execute("01_quickstart", tmp_path, guarded, "off", record_folder)
    assert done.returncode == 1
    assert "Forbidden: a replay must not do that" in done.stderr


def test_a_replay_leaves_the_folder_as_it_was(recorded, runs, record_folder):
    assert state(record_folder) == recorded[1]


def test_no_file_gives_a_key_away(runs, record_folder):
    for folder in (runs.recorded, runs.replayed, record_folder):
        for name, content in contents(folder):
            text = content.decode("utf-8", "replace")
            assert given_away(text) == [], name
            assert not re.search(r"sk_car_\w{6}", text), name  # the sandbox's own


def contents(folder):
    """Yield every file, and every file in a zip."""
    for path in folder.rglob("*"):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                yield from ((f"{path}/{name}", archive.read(name)) for name in archive.namelist())
        elif path.is_file():
            yield str(path), path.read_bytes()


def test_all_of_them_with_their_outputs_are_small(recorded, capsys):
    sizes = {name: (folder / f"{name}.ipynb").stat().st_size for name, folder in recorded[0].items()}
    with capsys.disabled():
        print("\n" + json.dumps(sizes, indent=1), f"{sum(sizes.values())} of {LARGEST} bytes")
    assert sum(sizes.values()) < LARGEST
