"""The citation of the package says what the package says."""

import re
import tomllib
from pathlib import Path

import cartesia_nb

PROJECT = Path(__file__).parents[2]


def test_the_citation_has_the_version_and_the_licence_of_the_package():
    citation = (PROJECT / "CITATION.cff").read_text(encoding="utf-8")
    told = dict(re.findall(r"^([a-z-]+): (.+)$", citation, re.MULTILINE))
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert told["version"] == cartesia_nb.__version__
    assert told["license"] == project["license"]
    assert project["description"] in told["title"]
    assert f"- name: {project['authors'][0]['name']}\n" in citation
