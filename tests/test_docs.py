"""The examples in docstrings run, and links in documents lead somewhere."""

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import cartesia_nb
from cartesia_nb.client import client as shared

PROJECT = Path(__file__).parents[1]


def modules():
    found = pkgutil.walk_packages(cartesia_nb.__path__, "cartesia_nb.")
    return ["cartesia_nb", *(module.name for module in found if not module.name.endswith("__main__"))]


def examples(name):
    return [test for test in doctest.DocTestFinder().find(importlib.import_module(name)) if test.examples]


@pytest.mark.parametrize("name", [name for name in modules() if examples(name)])
def test_the_examples_in_docstrings_run(name, sandbox, monkeypatch):
    monkeypatch.setattr(shared, "_shared", shared.Client(sandbox.key, base_url=sandbox.url))
    runner = doctest.DocTestRunner()
    for test in examples(name):
        runner.run(test)
    assert runner.failures == 0
    assert runner.tries > 0


def test_public_methods_have_examples():
    names = {test.name for name in modules() for test in examples(name)}
    for method in ("tts.Tts.bytes", "voices.Voices.list", "voices.Voices.get", "api_status.ApiStatus.get"):
        assert f"cartesia_nb.client.{method}" in names


def test_links_in_documents_lead_somewhere():
    for path in PROJECT.glob("**/*.md"):
        if any(part.startswith(".") for part in path.relative_to(PROJECT).parts):
            continue
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"
