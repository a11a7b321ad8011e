"""Several ES modules become one."""

import re

import pytest

from cartesia_nb.widgets import modules


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(modules, "STATIC", tmp_path)
    return tmp_path


def test_a_module_stands_once_and_before_those_that_import_it(folder):
    (folder / "room").mkdir()
    (folder / "a.js").write_text('import { b } from "./room/b.js";\nimport { c } from "./c.js";\na();\n')
    (folder / "room" / "b.js").write_text('import { c } from "../c.js";\nexport function b() {}\n')
    (folder / "c.js").write_text("export function c() {}\n")
    lines = [line for line in modules.script("a.js").splitlines() if line]
    assert lines == ["export function c() {}", "export function b() {}", "a();"]


def test_the_player_has_every_module_and_no_import_left():
    script = modules.script("player.js")
    assert "import" not in re.sub("//.*", "", script)
    assert "http" not in script
    for name in ("received", "waveform", "timedWords", "region", "drags", "playback", "keys", "render"):
        assert script.count(f"function {name}(") == 1


def test_top_level_names_differ():
    names = re.findall(
        r"^(?:export )?(?:async )?(?:function|const|let) (\w+)", modules.script("player.js"), re.MULTILINE
    )
    assert len(names) > 20
    assert sorted(names) == sorted(set(names))
