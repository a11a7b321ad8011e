"""Changing a TOML text: what was asked for changes, and not a byte else."""

import difflib
import tomllib

import pytest

from cartesia_nb.client.toml_lines import changed

TABLE = ("tool", "cartesia_nb")
NEW = {"voice": "e07c", "language": "de"}
NEW_LINES = ['+voice = "e07c"  # Ada', '+language = "de"']

PROJECT = """\
# A project of ours.
[project]
name = "talk"   # two blanks
dependencies = [
  "requests",  # for the talk
]


# about the linter
[tool.ruff]
line-length = 110

[tool.cartesia_nb]
voice = "694f"  # Bruno
format = 'mp3'  # small

# about the tests
[tool.pytest.ini_options]
addopts = "-ra"
"""


def difference(old, new):
    """Return the lines taken out of a text and put into it, in order."""
    lines = difflib.ndiff(old.splitlines(), new.splitlines())
    return [line[0] + line[2:] for line in lines if line[0] in "+-"]


def test_lines_change_where_they_stand_and_new_ones_follow_them():
    new = changed(PROJECT, TABLE, NEW, {"voice": "Ada"})
    old_line = "voice = \"694f\"  # Bruno\nformat = 'mp3'  # small\n"
    assert new == PROJECT.replace(
        old_line, 'voice = "e07c"  # Ada\nformat = \'mp3\'  # small\nlanguage = "de"\n'
    )


def test_a_comment_stays_unless_another_is_given():
    assert difference(PROJECT, changed(PROJECT, TABLE, {"format": "wav"}, {})) == [
        "-format = 'mp3'  # small",
        '+format = "wav"  # small',
    ]
    assert difference(PROJECT, changed(PROJECT, TABLE, {"voice": "e07c"}, {"voice": ""})) == [
        '-voice = "694f"  # Bruno',
        '+voice = "e07c"',
    ]


def test_none_takes_a_line_out():
    new = changed(PROJECT, TABLE, {"voice": None, "language": None}, {})
    assert difference(PROJECT, new) == ['-voice = "694f"  # Bruno']


@pytest.mark.parametrize(
    "text",
    [
        '[project]\nname = "x"\n',
        '[project]\nname = "x"',
        '[project]\nname = "x"\n\n\n\n# the end  ',
        "\n\n[tool.a]\nx = 1\n\n# about the project\n[project]\n\n[tool.b]\ny = 2\n",
        '[[tool.source]]\nname = "x"\n\n[[tool.source]]\nname = "y"\n',
        '# [tool.cartesia_nb]\n# voice = "x"\n',
        '[tool.cartesia_nb.other]\nmode = "x"\n\n[project]\n',
        "[tool.cartesia_nb]\n\n# about x\n[x]\n",
        '[tool.cartesia_nb]\nformat = "mp3"',
        "",
    ],
)  # fmt: skip
def test_whatever_the_layout_only_our_lines_are_new(text):
    new = changed(text, TABLE, NEW, {"voice": "Ada"})
    assert [line for line in difference(text, new) if line not in ("+", "+[tool.cartesia_nb]")] == NEW_LINES
    assert tomllib.loads(new)["tool"]["cartesia_nb"].items() >= NEW.items()
    assert new.endswith("\n")


@pytest.mark.parametrize(
    "text",
    [
        'tool.cartesia_nb.voice = "a"\n[project]\nname = "x"\n',
        'tool = {cartesia_nb = {voice = "a"}}\n[project]\nname = "x"\n',
        '[tool]\ncartesia_nb = {voice = "a"}\n\n[tool.x]\ny = 1\n',
        '[tool]\ncartesia_nb.voice = "a"\n\n[tool.x]\ny = 1\n',
        '[tool]\n  [tool.cartesia_nb]\n    voice = "a"\n  [tool.b]\n    c = 1\n',
        '["tool"."cartesia_nb"]\n"voice" = [1, \n2]\n',
        '[tool.cartesia_nb]\nvoice = "a"\n\n[x]\ny = 1\n\n[tool.cartesia_nb.other]\nmode = "x"\n',
    ],
)  # fmt: skip
def test_rare_ways_to_write_a_table_are_understood(text):
    wanted = tomllib.loads(text)
    wanted["tool"]["cartesia_nb"] |= NEW
    assert tomllib.loads(changed(text, TABLE, NEW, {"voice": "Ada"})) == wanted


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("tool = {}\n", NEW),
        ("[tool.cartesia_nb\n", NEW),
        # with its last setting, the table itself would be gone
        ('tool.cartesia_nb.voice = "a"\n', {"voice": None}),
    ],
)
def test_what_cannot_be_changed_alone_is_an_error(text, settings):
    with pytest.raises(ValueError, match=r"twice|Expected|more would change"):
        changed(text, TABLE, settings, {})


def test_line_ends_stay_those_of_the_file():
    windows = PROJECT.replace("\n", "\r\n")
    assert changed(windows, TABLE, NEW, {"voice": "Ada"}) == changed(
        PROJECT, TABLE, NEW, {"voice": "Ada"}
    ).replace("\n", "\r\n")
    assert changed("a = 1\r\nb = 2\n", (), {"c": "x"}, {}) == 'a = 1\r\nb = 2\nc = "x"\n'


@pytest.mark.parametrize("value", ['say "hi"', "back\\slash", "#1 🎈", "'", "a = b"])
def test_any_value_is_read_back(value):
    for text in (PROJECT, ""):
        new = changed(text, TABLE, {"voice": value}, {"voice": "Ada #1"})
        assert tomllib.loads(new)["tool"]["cartesia_nb"]["voice"] == value


def test_the_top_of_a_text():
    assert changed("", (), NEW, {}) == 'voice = "e07c"\nlanguage = "de"\n'
    new = changed("# mine\n[other]\nx = 1\n", (), {"voice": "e07c"}, {})
    assert [line for line in new.splitlines() if line] == ["# mine", 'voice = "e07c"', "[other]", "x = 1"]
