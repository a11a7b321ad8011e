r"""What a person types is what is sent, through IPython's own rewriting."""

import re

import pytest
from answers import ADA
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scripted import wav

from cartesia_nb.magics import lines
from cartesia_nb.wire.errors import InputError

TEXTS = [
    "how are you?", "how are you??", "what!", "a trailing backslash \\", "two \\\\", "it's", 'say "no" to it',
    "‘curly’ “quotes”", "'tis the season", '"yes" and "no"', "'a' or 'b'", "costs $5 and {not a name}", "{} is empty", "{0}",
    "{a + b}", "{len(text)}", "100 % sure", "%timeit is a magic", "!ls", "? first", "- milk", "-5 degrees", "--- hi",
    "—dash", "--well, then", "tab\there", "twice  blanks   three", "trailing blanks   ", "🎈 naïve façade", "שלום עולם",
    "مرحبا {x}", "你好，世界。", "a;", "a # no comment", "x = 3", "a << b", "c:\\new\\table", "\\n is not a line end",
    "In [3]: text", ">>> prompt", "... dots first", "u\u2028v\u2029w", "a\x0bb\x0cc\x85d", "None", "<b>bold</b> & more",
    "f'{x}'", "a=b", "ends with =", "@user #tag", "~/path", "`code`", "$HOME", "$$", "%%cartesia tts", "e\u0301",
    "zero\u200bwidth", "\ufeffbom", "[1](/x/)", "(unbalanced", "a [", '""" three', "''' three", '"unbalanced', 'end of quote"',
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_line_arrives_as_typed(notebook, text):
    notebook.run(f"%cartesia tts {text}")
    assert notebook.error is None
    assert notebook.texts == [text]
    assert len(notebook.shown) == 1


@pytest.mark.parametrize(
    "text", [*TEXTS, "", "two\nlines", "\n\nblank lines around\n", "    indented", "%%other\nmagic?"]
)
def test_a_cell_arrives_as_typed(notebook, text):
    if not re.search(r"\w", text):
        text += " word"
    notebook.run(f"%%cartesia tts\n{text}")
    assert notebook.error is None
    assert notebook.texts == [text.removesuffix("\n")]


@pytest.mark.parametrize("text", ["how are you?", "it's \\", "{x} and $y", "“q”", "- dash"])
@pytest.mark.parametrize(
    "cell",
    [
        "before = 1\n%cartesia tts {}\nafter = 2",
        "if True:\n    %cartesia tts {}",
        "for _ in range(1):\n\tif True:\n\t\t%cartesia tts {}",
        "x = %cartesia tts {}",
        "def f():\n    return 3\n%cartesia x << tts {}",
        "!true it's\n%cartesia tts {}",
        "%pwd\nd = {{}}\nd['k'] = %cartesia tts {}",
        "# it's a comment\n%cartesia tts {}",
        's = """%cartesia"""\n%cartesia tts {}',
        "\n\n%cartesia tts {}\n\n",
        "import asyncio\nawait asyncio.sleep(0)\n%cartesia tts {}",
        "!true \\(\n%cartesia tts {}",
        "for _ in range(1):\n    if True:\n        found = %cartesia voices\n        y = 3\n    z = 4\n    %cartesia tts {}",
    ],
)
def test_a_line_arrives_as_typed_wherever_it_stands(notebook, cell, text):
    notebook.run(
        cell.replace("{}", text, 1)
        if "{{}}" not in cell
        else cell.replace("{{}}", "dict()").replace("{}", text)
    )
    assert notebook.error is None
    assert notebook.texts == [text]


@pytest.mark.parametrize(
    "cell",
    [
        's = """\n%cartesia tts hello\n"""',
        "cartesia = 5\nx = (7\n%cartesia\n)",
        "cartesia = 5\nx = 7 \\\n%cartesia",
        "'''\nx = %cartesia tts hello\n'''",
    ],
)
def test_what_only_looks_like_our_line_is_left_alone(notebook, cell):
    notebook.run(cell)
    assert notebook.error is None
    assert notebook.server.asked == []


def test_an_indented_cell_magic_is_one_and_its_text_keeps_its_blanks(notebook):
    notebook.run("  %%cartesia tts\n  one?\n    two")
    assert notebook.texts == ["  one?\n    two"]
    assert len(notebook.shown) == 1


@pytest.mark.parametrize("magic", ["capture shown", "time"])
def test_a_line_below_another_cell_magic_is_read_as_ever(notebook, magic):
    notebook.run(f"%%{magic}\n%cartesia tts it's you?")
    notebook.run(f"  %%{magic}\n  %cartesia tts it's you?")
    assert notebook.texts == ["it's you?"] * 2


def test_what_another_cell_magic_writes_is_left_alone(notebook, tmp_path):
    notebook.run("%%writefile lines.txt\n%cartesia tts hello\n")
    assert (tmp_path / "lines.txt").read_text() == "%cartesia tts hello\n"
    assert notebook.texts == []


def test_a_long_cell_is_not_read_again_for_each_of_its_lines(monkeypatch):
    read = []
    tokens = lines.make_tokens_by_line
    monkeypatch.setattr(lines, "make_tokens_by_line", lambda given: read.extend(given) or tokens(given))
    lines.keep_as_typed(["if True:\n", "    x = 3\n"] + ["%cartesia tts it's\n"] * 100)
    assert len(read) < 300


def test_line_numbers_in_tracebacks_stay(notebook):
    notebook.run("%cartesia tts one\n%cartesia tts two?\n1/0")
    assert notebook.error.__traceback__.tb_next.tb_lineno == 3


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ('"hello"', "hello"),
        ("'hello'", "hello"),
        ('"  blanks inside  "', "  blanks inside  "),
        ('"hello"   ', "hello"),
        ('"hello " -o x', "hello "),
        ('"five and "six inches"', 'five and "six inches'),
        ('"He said "no"."', 'He said "no".'),
        ("'it's fine'", "it's fine"),
        ('"hello" --volume 1.5', "hello"),
        ('"--raw"', "--raw"),
        ("-- --raw", "--raw"),
        ("--volume 1.5 hello", "hello"),
        ("--volume=1.5 hello", "hello"),
        ('--volume 1.5 "hello" --language en', "hello"),
        ('"hello" she said', '"hello" she said'),
        ('"hello" -o x she said', '"hello" -o x she said'),
        ("-oh no", "-oh no"),
    ],
)
@pytest.mark.filterwarnings("ignore:-o is a part of the text")
def test_quotes_around_the_whole_and_options_are_not_text(notebook, typed, text):
    notebook.run(f"%cartesia tts {typed}")
    assert notebook.error is None
    assert notebook.texts == [text]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("{name} has {n}", "Ada has 3"),
        ("{texts[0]}, {texts[-1]}", "one, three"),
        ("{row.text} {by['key']}", "said seven"),
        ("{missing} {name.nothing} {texts[9]} {n.n.n}", "{missing} {name.nothing} {texts[9]} {n.n.n}"),
        ("{name()} {print(1)} {name + n} {{name}}", "{name()} {print(1)} {name + n} {Ada}"),
        ("--raw {name}", "{name}"),
        ("{In} {exit} {Out}", "{In} {exit} {Out}"),
        ("{odd.worse} {5is} {" + "-" * 3000 + "n}", "{odd.worse} {5is} {" + "-" * 3000 + "n}"),
        ("$name $n", "$name $n"),
        ("{texts[i]} {by[key]} {texts[j]} {texts[i + 1]}", "two seven {texts[j]} {texts[i + 1]}"),
    ],
)
def test_names_from_the_notebook_are_filled(notebook, typed, text):
    notebook.run(
        "from types import SimpleNamespace\nname, n, texts = 'Ada', 3, ['one', 'two', 'three']\n"
        "i, key = 1, 'key'\n"
        "row, by = SimpleNamespace(text='said'), {'key': 'seven'}\n"
        "class Odd:\n    worse = property(lambda self: 1 / 0)\nodd = Odd()"
    )
    notebook.run(f"%cartesia tts {typed}")
    assert notebook.texts == [text]


@pytest.mark.parametrize(
    "held",
    [
        "b'RIFF'", "bytearray(9)", "None", "['Ada']", "{'a': 1}", "print", "re", "object()", "numpy.zeros(3)",
        "pandas.DataFrame({'a': [1]})", "pandas.Series(['a'])", "pandas.NA", "cartesia_nb.Speeches([])",
    ],
)  # fmt: skip
def test_what_is_no_text_is_not_spoken(notebook, held):
    notebook.run(f"import re, numpy, pandas, cartesia_nb\nheld = {held}\n%cartesia tts I hold {{held}}.")
    assert "{held} is no text here, but of the type" in str(notebook.error)
    assert notebook.texts == []
    notebook.run("%cartesia tts --raw I hold {held}.")
    assert notebook.texts == ["I hold {held}."]


@pytest.mark.parametrize(
    ("held", "text"),
    [
        ("True", "True"), ("1.5", "1.5"), ("numpy.float32(1.5)", "1.5"), ("numpy.int64(3)", "3"), ("Path('a.wav')", "a.wav"),
        ("date(2026, 8, 14)", "2026-08-14"), ("pandas.Timestamp('2026-08-14')", "2026-08-14 00:00:00"),
        ("Decimal('1.10')", "1.10"), ("ValueError('why')", "why"), ("pandas.Series(['a'])[0]", "a"), ("''", ""),
    ],
)  # fmt: skip
def test_what_has_a_text_is_spoken_as_it_prints(notebook, held, text):
    notebook.run(
        "import numpy, pandas\nfrom pathlib import Path\nfrom datetime import date\nfrom decimal import Decimal"
    )
    notebook.run(f"held = {held}\n%cartesia tts I hold {{held}}.")
    assert notebook.texts == [f"I hold {text}."]


def test_names_inside_of_a_function_are_filled(notebook):
    notebook.run("very = 'bitter'\ndef say(word):\n    %cartesia tts the {very} {word}\nsay('end')")
    assert notebook.error is None
    assert notebook.texts == ["the bitter end"]


@pytest.mark.parametrize(
    "target",
    ["имя", "é", "d['a=b']", "d['#%!']", "l[i % 2]", "o.x", "a, b", "x = y", "x: object", 'd["it\'s"]'],
)
def test_everything_that_can_be_assigned_to(notebook, target):
    notebook.run("from types import SimpleNamespace\nd, l, i, o = {}, [0, 0], 3, SimpleNamespace()")
    notebook.run(f"{target} = %cartesia tts how are you?")
    assert notebook.texts == ["how are you?"]
    assert notebook.shown == []
    if target == "a, b":
        assert isinstance(notebook.error, TypeError)
    else:
        assert notebook.error is None


def test_a_terminal_waits_for_the_text_below_a_cell_magic(notebook):
    complete = notebook.shell.input_transformer_manager.check_complete
    assert complete("%%cartesia tts\nhello\n")[0] == "incomplete"
    assert complete("%cartesia tts (hello")[0] == "complete"


def test_windows_line_ends_are_line_ends(notebook):
    notebook.run("%cartesia tts one?\r\n%cartesia tts two\r\n")
    notebook.run("%%cartesia tts\r\nthree?\r\nfour\r\n")
    assert notebook.texts == ["one?", "two", "three?\nfour"]


def test_loading_in_the_same_cell_warns(notebook):
    for cell in ("%unload_ext cartesia_nb", "%load_ext cartesia_nb"):
        notebook.shell.run_cell(cell, store_history=True)
    notebook.shell.run_cell("%unload_ext cartesia_nb")
    with pytest.warns(UserWarning, match="a cell of its own"):
        notebook.shell.run_cell("%load_ext cartesia_nb\n%cartesia tts hello", store_history=True)


def test_an_option_at_the_end_of_a_text_warns_and_is_sent(notebook):
    for end, flag in (
        ("--save x.wav", "--save"),
        ("--save=x.wav", "--save"),
        ("-o x", "-o"),
        ("--raw", "--raw"),
    ):
        with pytest.warns(UserWarning, match=f"{flag} is a part of the text"):
            notebook.run(f"%cartesia tts hello {end}")
        assert notebook.texts[-1] == f"hello {end}"


def test_unloading_takes_it_all_away(notebook):
    notebook.shell.run_line_magic("unload_ext", "cartesia_nb")
    notebook.run("%cartesia tts hello")
    assert "not found" in str(notebook.error)
    notebook.shell.run_line_magic("load_ext", "cartesia_nb")
    notebook.shell.run_line_magic("reload_ext", "cartesia_nb")
    notebook.run("%cartesia tts are you there?")
    assert notebook.texts == ["are you there?"]


# A line cannot hold a line end; a carriage return is one, too, once a notebook is saved.
TYPED = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r\0"), max_size=40)


@given(TYPED)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_arrives_altered(notebook, text):
    """Either it arrives as typed, without quotes around the whole, or it is refused and nothing is sent."""
    notebook.server.asked.clear()
    notebook.run(f"%cartesia tts {text}")
    stripped = text.strip()
    allowed = {text, stripped[1:-1]} if stripped[:1] in ("'", '"') else {text}
    if text.startswith("-- "):
        allowed = {text[3:]}
    if notebook.error is None:
        assert notebook.texts == [text] or set(notebook.texts) <= allowed
    else:
        assert type(notebook.error).__name__ == "InputError"
        assert notebook.texts == []


@given(TYPED)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_below_a_cell_magic_arrives_altered(notebook, text):
    notebook.server.asked.clear()
    notebook.run(f"%%cartesia tts\nwords {text}\n{text}.")
    assert notebook.texts == [f"words {text}\n{text}."]


def fuzzed(strategy, examples=100):
    """Give a test texts of a strategy."""
    quiet = [HealthCheck.function_scoped_fixture]
    return lambda test: given(strategy)(
        settings(max_examples=examples, deadline=None, suppress_health_check=quiet)(test)
    )


def refused(notebook):
    """Nothing was sent, and a line says why."""
    assert isinstance(notebook.error, InputError)
    return notebook.server.asked == []


@fuzzed(TYPED)
def test_no_line_of_say_arrives_altered(notebook, text):
    notebook.server.asked.clear()
    notebook.run(f"%%cartesia say --voice {ADA['id']}\nfirst {text}\n{text}\n{text} last")
    lines = [line for line in f"first {text}\n{text}\n{text} last".split("\n") if line.strip()]
    assert notebook.texts == lines or refused(notebook)
    if any(char.isalnum() for char in text):
        assert notebook.texts == lines


@pytest.mark.filterwarnings("ignore:--voices is a part of the text")
@fuzzed(TYPED)
def test_no_text_to_compare_arrives_altered(notebook, text):
    notebook.server.asked.clear()
    notebook.run(f'%cartesia compare "a {text} z" --voices {ADA["id"]} {ADA["id"]}')
    assert notebook.texts == [f"a {text} z"] * 2 or refused(notebook)


@fuzzed(TYPED)
def test_no_text_to_fill_in_arrives_altered(notebook, text):
    notebook.shell.user_ns["clip"] = wav(1.0)
    word = f"cartesia infill --voice {ADA['id']}"
    for cell in (f'%{word} clip "{text}" clip', f"%%{word} clip clip\n{text}"):
        notebook.server.asked.clear()
        notebook.run(cell)
        sent = [dict(asked.texts())["transcript"] for asked in notebook.sent("/infill/bytes")]
        assert sent == [text] or refused(notebook)


@fuzzed(TYPED.filter(lambda text: "=" not in text and text.strip()))
def test_no_word_of_a_dictionary_arrives_altered(notebook, text):
    notebook.server.asked.clear()
    notebook.run(f"%%cartesia dict --raw new\n{text} = {text}!\nother = {text}")
    sent = [asked.json()["items"] for asked in notebook.server.asked if asked.verb == "POST"]
    word = text.strip()
    wanted = [{"text": word, "alias": f"{text}!".strip()}, {"text": "other", "alias": word}]
    assert sent == [wanted] or (word == "other" and refused(notebook))
