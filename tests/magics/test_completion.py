"""What a kernel offers after %cartesia, and what a line becomes when that is taken.

In these cells, ‸ is the cursor.
"""

from pathlib import Path

import pytest
from completing import answered, offered, running_kernel

from cartesia_nb.magics.completion import candidates
from cartesia_nb.magics.place import Place
from cartesia_nb.wire import catalog
from cartesia_nb.wire.formats import SHORT_FORMS

# Files and folders beside the notebook, and what its cells have defined.
FILES = (
    "a=b.wav",
    "clip.wav",
    "my clip.MP3",
    "notes.txt",
    ".hidden.wav",
    "it's.flac",
    "calls/one.wav",
    "two words/a.ogg",
)
DEFINED = """
import numpy as np
from cartesia_nb import Speech
name, names, count, _secret = "Ada", ["Ada"], 3, 1
greeting = %cartesia tts hello
"""


@pytest.fixture(scope="module")
def kernel(sandbox, tmp_path_factory):
    folder = tmp_path_factory.mktemp("beside")
    home = tmp_path_factory.mktemp("home")
    (home / "mine.wav").touch()
    for file in FILES:
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CARTESIA_API_KEY", sandbox.key)
        patch.setenv("CARTESIA_BASE_URL", sandbox.url)
        patch.setenv("HOME", str(home))
        with running_kernel(folder) as kernel:
            kernel.run("%load_ext cartesia_nb")
            kernel.run("%cartesia voices")  # from now on, their names are known
            kernel.run(DEFINED)
            yield kernel


# The cell with the cursor, and all the cells that it may become.
EXACTLY = {
    "a word": ("%cartesia com‸", ["%cartesia compare"]),
    "a word in capitals": ("%cartesia COM‸", ["%cartesia compare"]),
    "what the magic does itself": ("%cartesia deb‸", ["%cartesia debug"]),
    "a word, indented": ("if 1:\n\t%cartesia com‸", ["if 1:\n\t%cartesia compare"]),
    "a word in the second line": ("x = 1\n%cartesia com‸", ["x = 1\n%cartesia compare"]),
    "a word before more lines": ("%cartesia com‸\nx = 1", ["%cartesia compare\nx = 1"]),
    "a word that is assigned": ("x = %cartesia com‸", ["x = %cartesia compare"]),
    "a word that is assigned at once": ("x=%cartesia  com‸", ["x=%cartesia  compare"]),
    "a word whose result is kept": ("%cartesia x << com‸", ["%cartesia x << compare"]),
    "a word of a cell": ("%%cartesia com‸", ["%%cartesia compare"]),
    "a word of a cell below an empty line": ("\n%%cartesia com‸", ["\n%%cartesia compare"]),
    "a word of an indented cell": ("  %%cartesia com‸", ["  %%cartesia compare"]),
    "words that take a text below them": (
        "%%cartesia ‸",
        [f"%%cartesia {word}" for word in ("tts", "say", "compare", "infill", "dict")],
    ),
    "a method of a cell": ("%%cartesia tts.by‸", ["%%cartesia tts.bytes"]),
    "a word for help": ("%cartesia help com‸", ["%cartesia help compare"]),
    "a section": ("%cartesia pronunciation‸", ["%cartesia pronunciation_dicts."]),
    "a method": ("%cartesia agents.list_c‸", ["%cartesia agents.list_calls"]),
    "a method for help": ("%cartesia help voices.clo‸", ["%cartesia help voices.clone"]),
    "an option": ("%cartesia tts --vol‸", ["%cartesia tts --volume"]),
    "an option after another": ("%cartesia tts --raw --vol‸", ["%cartesia tts --raw --volume"]),
    "an option before a text": ("%cartesia tts --vol‸ hello", ["%cartesia tts --volume hello"]),
    "an option after a text": ('%cartesia tts "he said" --vol‸', ['%cartesia tts "he said" --volume']),
    "an option after quotes in quotes": (
        '%cartesia tts "He said "no"." --vol‸',
        ['%cartesia tts "He said "no"." --volume'],
    ),
    "an option of a method": ("%cartesia voices.list --gen‸", ["%cartesia voices.list --gender"]),
    "an option after several values": (
        '%cartesia compare "Hi" --voices Ada Bruno --mod‸',
        ['%cartesia compare "Hi" --voices Ada Bruno --model'],
    ),
    "genders": (
        "%cartesia voices --gender ‸",
        [f"%cartesia voices --gender {gender}" for gender in catalog.GENDERS],
    ),
    "speeds": ("%cartesia tts --speed ‸", [f"%cartesia tts --speed {speed}" for speed in catalog.SPEEDS]),
    "speeds after =": (
        "%cartesia tts --speed=‸",
        [f"%cartesia tts --speed={speed}" for speed in catalog.SPEEDS],
    ),
    "languages": (
        "%cartesia tts --language ‸ hello",
        [f"%cartesia tts --language {code} hello" for code in catalog.TTS_LANGUAGES],
    ),
    "languages to localize to": (
        "%cartesia localize Ada p‸",
        ["%cartesia localize Ada pt", "%cartesia localize Ada pl"],
    ),
    "models": (
        "%cartesia tts --model son‸",
        [f"%cartesia tts --model {model}" for model in catalog.TTS_MODELS],
    ),
    "models that listen": (
        "%cartesia stt --model ‸",
        [f"%cartesia stt --model {model}" for model in catalog.STT_MODELS],
    ),
    "emotions": (
        "%cartesia tts --emotion ca‸",
        ["%cartesia tts --emotion calm"],
    ),
    "formats": (
        "%cartesia tts --format=mp3‸",
        [f"%cartesia tts --format={form}" for form in SHORT_FORMS if form.startswith("mp3")],
    ),
    "on or off": ("%cartesia sandbox o‸", ["%cartesia sandbox on", "%cartesia sandbox off"]),
    "a voice": ("%cartesia tts --voice Br‸", ["%cartesia tts --voice Bruno"]),
    "a voice after =": ("%cartesia tts --voice=br‸", ["%cartesia tts --voice=Bruno"]),
    "a voice in opened quotes": ('%cartesia tts --voice "br‸', ['%cartesia tts --voice "Bruno"']),
    "a voice in quotes that are closed": ("%cartesia tts --voice 'br‸'", ["%cartesia tts --voice 'Bruno'"]),
    "a voice, after =, in quotes": ("%cartesia tts --voice='br‸", ["%cartesia tts --voice='Bruno'"]),
    "a second voice": (
        '%cartesia compare "Hi" --voices Ada Br‸',
        ['%cartesia compare "Hi" --voices Ada Bruno'],
    ),
    "a voice before an option": (
        '%cartesia compare "Hi" --voices Br‸ --model sonic-2',
        ['%cartesia compare "Hi" --voices Bruno --model sonic-2'],
    ),
    "a voice as a word": ("%cartesia voice br‸", ["%cartesia voice Bruno"]),
    "a voice in a cell": ("%%cartesia tts --voice br‸\nHello.", ["%%cartesia tts --voice Bruno\nHello."]),
    "a file": ("%cartesia stt cl‸", ["%cartesia stt clip.wav"]),
    "a file with = in its name": ("%cartesia stt a=‸", ["%cartesia stt a=b.wav"]),
    "a file with a blank": ("%cartesia change my‸", ['%cartesia change "my clip.MP3"']),
    "a file with a blank in quotes": ("%cartesia change 'my c‸", ["%cartesia change 'my clip.MP3'"]),
    "a file with a quote": ("%cartesia clone it‸", ["%cartesia clone it's.flac"]),
    "a file with a quote in quotes": ("%cartesia clone 'it‸", ['%cartesia clone "it\'s.flac"']),
    "a second file": ("%cartesia stt greeting cl‸", ["%cartesia stt greeting clip.wav"]),
    "a folder": ("%cartesia stt cal‸", ["%cartesia stt calls/"]),
    "a file in a folder": ("%cartesia stt calls/‸", ["%cartesia stt calls/one.wav"]),
    "a folder with a blank": ("%cartesia stt two‸", ['%cartesia stt "two words/']),
    "a file in a folder with a blank": ('%cartesia stt "two words/‸', ['%cartesia stt "two words/a.ogg"']),
    "a hidden file": ("%cartesia stt '.h‸", ["%cartesia stt '.hidden.wav'"]),
    "a file in one's home": ("%cartesia stt ~/‸", ["%cartesia stt ~/mine.wav"]),
    "a file of any kind": ("%cartesia tts --save no‸", ["%cartesia tts --save notes.txt"]),
    "speech": ("%cartesia change gr‸", ["%cartesia change greeting"]),
    "speech to the left": ("%cartesia infill gr‸", ["%cartesia infill greeting"]),
    "speech to the right": (
        '%cartesia infill greeting "on" gr‸',
        ['%cartesia infill greeting "on" greeting'],
    ),
    "speech to the right of a cell's text": (
        "%%cartesia infill greeting gr‸",
        ["%%cartesia infill greeting greeting"],
    ),
    "a voice for a method": ("%cartesia tts.bytes --voice Bru‸", ["%cartesia tts.bytes --voice Bruno"]),
    "a model for a method": (
        "%cartesia tts.sse --model-id sonic-tu‸",
        [f"%cartesia tts.sse --model-id {model}" for model in catalog.TTS_MODELS if "turbo" in model],
    ),
    "any variable for a method": ("%cartesia voices.clone coun‸", ["%cartesia voices.clone count"]),
    "a name in a text": (
        "%cartesia tts Dear {na‸}, hello",
        ["%cartesia tts Dear {name}, hello", "%cartesia tts Dear {names}, hello"],
    ),
    "a name in quoted text": ('%cartesia tts "Dear {cou‸"', ['%cartesia tts "Dear {count"']),
    "a name in a path": ("%cartesia tts --save take{cou‸", ["%cartesia tts --save take{count"]),
    "a name in a text among words": ('%cartesia infill a "{cou‸', ['%cartesia infill a "{count']),
    "a name below": (
        "%%cartesia tts\nDear {na‸},\nhello",
        ["%%cartesia tts\nDear {name},\nhello", "%%cartesia tts\nDear {names},\nhello"],
    ),
}


@pytest.mark.parametrize(("cell", "becomes"), EXACTLY.values(), ids=EXACTLY)
def test_completions_make_the_cell_that_one_wants(kernel, cell, becomes):
    assert kernel.offered(cell) == becomes


def test_all_words_and_sections_are_offered(kernel):
    offered = kernel.offered("%cartesia ‸")
    assert offered[:2] == ["%cartesia tts", "%cartesia say"]
    assert {"%cartesia help", "%cartesia voices", "%cartesia voices.", "%cartesia agents."} <= set(offered)


def test_every_voice_is_offered_by_name(kernel):
    offered = kernel.offered("%cartesia tts --voice ‸")
    assert len(offered) > 40
    assert offered[0] == "%cartesia tts --voice Ada"


def test_options_come_after_what_is_wanted_more(kernel):
    offered = [cell.removeprefix("%cartesia stt ") for cell in kernel.offered("%cartesia stt ‸")]
    files = ["a=b.wav", "calls/", "clip.wav", "it's.flac", '"my clip.MP3"', '"two words/']
    assert offered[:7] == ["greeting", *files]
    assert offered[7:] == ["--language", "--model", "--fresh", "--dry-run", "-o", "--raw", "--help"]


def test_variables_are_those_that_one_has_made(kernel):
    offered = [cell.split()[-1] for cell in kernel.offered("%cartesia voices.clone ‸")]
    assert offered[:6] == ["Speech", "count", "greeting", "name", "names", "np"]
    assert not {"_secret", "In", "exit", "get_ipython"} & set(offered)


@pytest.mark.parametrize("given", ["--voice Ada", "--voice=Ada", "--voice 'A b'", "--raw --voice Ada"])
def test_an_option_is_not_offered_twice(kernel, given):
    offered = kernel.offered(f"%cartesia tts {given} --‸")
    assert offered[0].endswith("--model") or given == "--model"
    assert not [cell for cell in offered if cell.count("--voice") > 1]


def test_an_option_that_has_no_value_yet_wants_one_first(kernel):
    assert "%cartesia compare --voices --model" not in kernel.offered("%cartesia compare --voices ‸")
    assert "%cartesia compare --voices Ada --model" in kernel.offered("%cartesia compare --voices Ada ‸")


# Where nothing of ours stands: words, options, voices, and names of the notebook.
NOT_OURS = {
    "a text": "%cartesia tts com‸",
    "a text that looks like options": "%cartesia tts hello --vol‸",
    "a text after --": "%cartesia compare --voices Ada -- hello Br‸",
    "a text with an option in it": "%cartesia tts hello --voice Br‸",
    "a text that begins with quotes": '%cartesia tts "hello" world --vol‸',
    "a text in quotes that is not over": '%cartesia tts "hello --vol‸',
    "a text below": "%%cartesia tts\ncom‸",
    "a line below": "%%cartesia tts\n%cartesia com‸",
    "another cell magic": "%%writefile a.txt\n%cartesia com‸",
    "a string": 'text = """\n%cartesia com‸',
    "brackets": "f(\n%cartesia com‸",
    "a line that does not begin with it": "print('x = %cartesia com‸",
    "a comment": "# %cartesia com‸",
    "another magic": "%cartesian com‸",
    "a cell magic below the first line": "x = 1\n%%cartesia com‸",
    "a word that does not exist": "%cartesia nonsense --vol‸",
    "the right of a quote that was closed": '%cartesia tts --voice "Br"‸',
    "a second word for help": "%cartesia help tts com‸",
    "indentation that fits nothing": "if 1:\n        x = 1\n    y = 2\n%cartesia com‸",
}


@pytest.mark.parametrize("cell", NOT_OURS.values(), ids=NOT_OURS)
def test_nothing_is_offered_elsewhere(kernel, cell):
    ours = ("compare", "--volume", "Bruno", '"Bruno"')
    assert [offered for offered in kernel.offered(cell) if offered.endswith(ours)] == []


@pytest.mark.parametrize(
    ("cell", "becomes"),
    [
        ("coun‸", "count"),
        ("%cartesia tts hi\nnp.linspa‸", "%cartesia tts hi\nnp.linspace"),
        ("%load_e‸", "%load_ext"),
        ("%cartesi‸", "%cartesia"),
        ("%%cartesi‸", "%%cartesia"),
        ("open('cli‸", "open('clip.wav"),
        ("x = coun‸", "x = count"),
    ],
)
def test_pythons_own_completion_is_unharmed(kernel, cell, becomes):
    assert becomes in kernel.offered(cell)


ODD = [
    *("%cartesia tts --voice '‸", '%cartesia tts "‸', "%cartesia tts\t--vo‸", "%cartesia\ttts --vo‸"),
    *("%cartesia tts --voice=‸", "%cartesia tts =‸", "%cartesia = ‸", "x = y = %cartesia ‸"),
    *("%cartesia tts --‸", "%cartesia tts -‸", "%cartesia tts --voice --‸", "%cartesia stt a=‸"),
    *("%cartesia stt ~nobody-at-all/‸", f"%cartesia stt {'x' * 300}/‸"),
    *(
        "%cartesia stt clip.wav/‸",
        "%cartesia stt /proc/1/task/1/cwd/x‸",
        "%cartesia stt [*‸",
        "%cartesia stt \\‸",
    ),
    *(
        "%cartesia tts {‸",
        "%cartesia tts {0‸",
        "%cartesia tts {é‸",
        "%cartesia tts {{‸",
        "%cartesia tts }{na‸",
    ),
    *(
        "%cartesia agents.‸",
        "%cartesia .‸",
        "%cartesia nothing.‸",
        "%cartesia voices.list.‸",
        "%cartesia __‸",
    ),
    *("%cartesia tts --voice 🎈 --model ‸", "é = %cartesia ‸", "%cartesia tts --voice (‸", "%cartesia ?‸"),
    *("%%cartesia‸", "%%cartesia ‸", "%%cartesia tts --‸\n", "%%cartesia nonsense\n{na‸", "‸%cartesia", "‸"),
    *("x\0 = %cartesia ‸", "'''\n‸%cartesia tts", "%cartesia <<‸", "%cartesia x <<‸", "%cartesia x <‸"),
]


@pytest.mark.parametrize("cell", ODD)
def test_odd_cells_are_no_errors(kernel, cell):
    kernel.offered(cell)


def test_without_the_extension_there_is_nothing_of_it(kernel):
    kernel.run("%unload_ext cartesia_nb")
    try:
        assert "%cartesia compare" not in kernel.offered("%cartesia com‸")
    finally:
        kernel.run("%load_ext cartesia_nb")
    kernel.run("%reload_ext cartesia_nb")
    assert kernel.offered("%cartesia com‸") == ["%cartesia compare"]


# -- in this process: IPython's other ways to ask, and variables and folders that are odd --------------


@pytest.fixture
def notebook(notebook):
    """End with nobody asking the server any more."""
    yield notebook
    answered()


def test_ipythons_older_way_to_ask(notebook):
    with pytest.warns(PendingDeprecationWarning):
        found = notebook.shell.complete("", "  x = %cartesia tts --vol hello", 25)
    assert found == ("--vol", ["--volume"])


def test_a_terminal_offers_the_same(notebook):
    from IPython.terminal.ptutils import IPythonPTCompleter
    from prompt_toolkit.completion import CompleteEvent
    from prompt_toolkit.document import Document

    completer = IPythonPTCompleter(ipy_completer=notebook.shell.Completer)
    found = list(completer.get_completions(Document("%cartesia tts --vol"), CompleteEvent()))
    assert [(one.text, one.start_position) for one in found] == [("--volume", -5)]


def test_without_jedi_it_is_the_same(notebook):
    notebook.shell.Completer.use_jedi = False
    assert offered(notebook, "%cartesia com‸") == ["%cartesia compare"]
    assert offered(notebook, "%cartesia tts --vol‸") == ["%cartesia tts --volume"]


BROKEN = """
class Raises(dict):
    def __getattribute__(self, name):
        raise RuntimeError("no")

    __iter__ = __len__ = __contains__ = __eq__ = __repr__ = None

class Meta(type):
    def __getattribute__(cls, name):
        raise RuntimeError("no")

class Other(metaclass=Meta): pass

broken, broken_too, broken_class = Raises(), Other(), Other
globals()[7] = "a name that is no text"
"""


def test_broken_variables_are_offered_like_others(notebook, capfd):
    notebook.run(BROKEN)
    assert notebook.error is None
    names = ["broken", "broken_class", "broken_too"]
    assert offered(notebook, "%cartesia tts {bro‸") == [f"%cartesia tts {{{name}" for name in names]
    assert offered(notebook, "%cartesia voices.clone broken_‸")[0] == "%cartesia voices.clone broken_class"
    assert not [cell for cell in offered(notebook, "%cartesia stt ‸") if "broken" in cell]
    assert capfd.readouterr() == ("", "")


def test_a_folder_that_nobody_may_read_is_empty(notebook, monkeypatch, capfd):
    def denied(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.iterdir", denied)
    assert not [cell for cell in offered(notebook, "%cartesia stt ‸") if "/" in cell]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("begun", ["~nobody-at-all/", "\0/", f"{'x' * 300}/", "clip.wav/", "no/such/folder/"])
def test_what_is_no_folder_has_no_files(notebook, begun):
    # Not through IPython, whose own completion fails at some of these.
    Path("clip.wav").touch()
    assert candidates(Place(begun, "files"), notebook.shell, []) == []


def test_ten_thousand_variables(notebook):
    notebook.shell.user_ns |= {f"name_{number}": number for number in range(10_000)}
    assert offered(notebook, "%cartesia tts {name_999‸")[:2] == [
        "%cartesia tts {name_999",
        "%cartesia tts {name_9990",
    ]


def test_a_variable_that_appears_while_they_are_looked_at(notebook, capfd):
    class Grows(dict):
        """Makes a variable whenever it is asked for one, as another thread might."""

        def __contains__(self, name):
            notebook.shell.user_ns[f"another_{len(notebook.shell.user_ns)}"] = 1
            return super().__contains__(name)

    notebook.shell.user_ns["name"] = "Ada"
    notebook.shell.user_ns_hidden = Grows(notebook.shell.user_ns_hidden)
    assert "%cartesia tts {name" in offered(notebook, "%cartesia tts {na‸")
    assert capfd.readouterr() == ("", "")
