"""Binder opens the quickstart with nothing installed (`make binder` does its steps, which need pip's index)."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

PROJECT = Path(__file__).parents[2]
BINDER = PROJECT / "binder"
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_start_switches_the_sandbox_on_and_becomes_what_it_is_told_to_run():
    shown = "import os, sys; print(os.environ['CARTESIA_NB_SANDBOX'], os.getpid(), sys.argv[1:])"
    command = [BINDER / "start", sys.executable, "-c", shown, "lab", "with space", "*"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        printed = process.stdout.read()
    assert printed == f"1 {process.pid} ['lab', 'with space', '*']\n"


def test_the_image_gets_the_package_with_what_the_notebooks_need(tmp_path):
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "$@" >> calls\n')
    python.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    subprocess.run([BINDER / "postBuild"], cwd=tmp_path, env={**os.environ, "PATH": path}, check=True)
    (install, *_) = (tmp_path / "calls").read_text().splitlines()
    extras = set(re.search(r"pip install .*\.\[([\w,]+)\]$", install)[1].split(","))
    assert extras == {"sandbox", "plot"} <= set(PYPROJECT["optional-dependencies"])


def test_a_failed_installation_is_no_image(tmp_path):
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\ncase "$*" in *install*) exit 1;; esac\n')
    python.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run([BINDER / "postBuild"], env={**os.environ, "PATH": path}, check=False)
    assert done.returncode == 1


def test_its_python_is_one_that_the_package_runs_on():
    _, version = (BINDER / "runtime.txt").read_text().strip().split("-")
    lowest = PYPROJECT["requires-python"].removeprefix(">=")
    assert tuple(map(int, version.split("."))) >= tuple(map(int, lowest.split(".")))


@pytest.mark.parametrize("document", ["README.md", "docs/notebooks.md"])
def test_its_address_opens_the_quickstart_in_jupyterlab(document):
    [address] = re.findall(r"https://mybinder\.org/v2/\S+[^\s`,]", (PROJECT / document).read_text("utf-8"))
    [place] = parse_qs(urlsplit(address).query)["urlpath"]
    assert place == "lab/tree/notebooks/01_quickstart.ipynb"
    assert (PROJECT / place.removeprefix("lab/tree/")).exists()
