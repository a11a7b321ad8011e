"""The tutorials are executed once for all tests, and what the sandbox answers is kept."""

import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from secret import KEY

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="session")
def record_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of answers that all tutorials share."""
    return tmp_path_factory.mktemp("recorded") / "cartesia_record"


@pytest.fixture(scope="session")
def executed(
    impersonal: None, record_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    """Return a function that executes a tutorial as a reader would, where the API cannot be reached.

    It returns the folder that is left behind, with what was printed in ``log.txt``. A second call for the same
    tutorial executes nothing.
    """

    @cache
    def folder_of(name: str) -> Path:
        folder = tmp_path_factory.mktemp("out")
        _execute(name, folder, record_folder)
        return folder

    return folder_of


def _execute(name: str, folder: Path, record_folder: Path) -> None:
    command = [sys.executable, NOTEBOOKS / "execute.py", NOTEBOOKS / f"{name}.ipynb", "--out", folder]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CARTESIA_API_KEY", KEY)  # there, but not used: the notebook asks for the sandbox
        patch.setenv("CARTESIA_BASE_URL", NOWHERE)
        patch.setenv("CARTESIA_NB_RECORD", "cache")
        patch.setenv("CARTESIA_NB_RECORD_FOLDER", str(record_folder))
        ran = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert ran.returncode == 0, ran.stderr
    (folder / "log.txt").write_text(ran.stdout + ran.stderr)
