"""A table of every word and option of ``%cartesia``, and what each does to what is sent or kept.

``pytest tests/magics/test_every_option.py -v`` prints it.
"""

import importlib.util
import inspect
import json
from pathlib import Path

import pytest
from memory_keyring import memory_keyring
from scripted import wav
from secret import KEY

import cartesia_nb
from cartesia_nb.client.defaults import in_force
from cartesia_nb.magics import methods
from cartesia_nb.magics.command import Typed
from cartesia_nb.magics.methods import method_command, method_names, methods_of
from cartesia_nb.magics.words import WORDS
from cartesia_nb.record.modes import set_recording

ADA = "00000000-0000-0000-0000-000000000001"
BY_ID = {"mode": "id", "id": ADA}
PAGE = Path(__file__).parents[2] / "docs" / "magics.md"
EVERYBODYS = ("-o", "--raw", "--help")


def body(path, **fields):
    """The last request for a path has these fields."""

    def check(notebook):
        sent = json.loads(notebook.sent(path)[-1].body)
        assert fields.items() <= sent.items()

    return check


def form(path, *fields):
    """The last form for a path has these texts."""

    def check(notebook):
        assert set(fields) <= set(notebook.sent(path)[-1].texts())

    return check


def query(text):
    """The last list of voices was asked for like this."""

    def check(notebook):
        assert notebook.sent("/voices")[-1].path == f"/voices?{text}"

    return check


def saved(*names):
    """These files are there, and can be played."""

    def check(notebook):
        assert all(Path(name).stat().st_size > 400 for name in names)

    return check


def holds(name, value, origin="this session"):
    """A default has this value."""

    def check(notebook):
        found = in_force()[name]
        assert (found.value, found.origin) == (value, origin)

    return check


def written(notebook):
    """The settings are in the project's file."""
    assert 'language = "de"' in Path("pyproject.toml").read_text()


def in_users_file(notebook):
    """The setting is in the user's file, which counts after the session has forgotten it."""
    found = in_force()["language"]
    assert (found.value, Path(found.origin).name) == ("de", "config.toml")


def kept_key(*keys):
    """The keyring has these keys, and no others."""

    def check(notebook):
        assert list(notebook.keyring.kept.values()) == list(keys)

    return check


def previewed(notebook):
    """The table has a column of previews."""
    assert list(notebook["kept"].columns[:3]) == ["id", "name", "preview"]


def another_take(path, cell):
    """Each time that the cell runs, the server is asked: what is stored does not do."""

    def check(notebook):
        set_recording("cache")
        before = len(notebook.sent(path))
        for stored_or_not in (cell, cell, cell.replace("--fresh", ""), cell.replace("--fresh", "")):
            notebook.run(stored_or_not)
        assert len(notebook.sent(path)) == before + 3

    return check


def fresh(cell, path):
    return cell, another_take(path, cell)


def dry(cell, path, credits):
    """It says what it would cost, and sends nothing."""

    def check(notebook):
        assert notebook.sent(path) == []
        assert notebook.shown[-1]["text/plain"].count("credits") == 1
        told = f"about {credits} credits" if credits else "0 credits, and more that is not known"
        assert told in notebook.printed

    return cell, check


def in_folder(notebook):
    """Answers are kept in this folder."""
    notebook.run("%cartesia tts hi")
    assert [path.parts[0] for path in Path().glob("*/tts.bytes/*.json")] == ["answers"]


def by_notebook(notebook):
    """The table has a row for each notebook."""
    assert list(notebook["kept"].columns[:3]) == ["notebook", "calls", "stored"]


# What all words that speak have in common: the option, and what it does to tts.bytes.
SPEAKING = {
    "--model": ("--model sonic-2", {"model_id": "sonic-2"}),
    "--language": ("--language de", {"language": "de"}),
    "--format": (
        "--format wav:pcm_s16le@8000",
        {"output_format": {"container": "wav", "encoding": "pcm_s16le", "sample_rate": 8000}},
    ),
    "--speed": ("--speed 1.2", {"generation_config": {"speed": 1.2}}),
    "--emotion": ("--emotion happy", {"generation_config": {"emotion": "happy"}}),
    "--volume": ("--volume 0.5", {"generation_config": {"volume": 0.5}}),
    "--dict": ("--dict tech", {"pronunciation_dict_id": "pdict_1"}),
}
SPOKEN = {
    "tts": "%cartesia tts {} hi",
    "say": "%%cartesia say {}\nhi",
    "compare": "%%cartesia compare {} --voices Ada\nhi",
}

#: Word and option -> a cell, and what must be true after it.
TABLE = {
    **{
        (word, flag): (cell.format(typed), body("/tts/bytes", transcript="hi", **sent))
        for word, cell in SPOKEN.items()
        for flag, (typed, sent) in SPEAKING.items()
    },
    ("tts", "--voice"): ("%cartesia tts --voice Ada hi", body("/tts/bytes", voice=BY_ID)),
    ("tts", "--save"): ("%cartesia tts --save a.mp3 hi", saved("a.mp3")),
    ("say", "--voice"): ("%%cartesia say --voice Ada\nhi", body("/tts/bytes", voice=BY_ID)),
    ("say", "--save"): ("%%cartesia say --save a.wav\nhi\nho", saved("a-1.wav", "a-2.wav")),
    ("compare", "--voices"): ('%cartesia compare "hi" --voices "ada - calm" Ada', body("/tts/bytes", voice=BY_ID)),
    ("compare", "--save"): ('%cartesia compare "hi" --save a.wav --voices Ada Ada', saved("a-1.wav", "a-2.wav")),
    ("infill", "--voice"): ("%cartesia infill clip hi --voice Ada", form("/infill/bytes", ("voice_id", ADA))),
    ("infill", "--model"): ("%cartesia infill clip hi --model sonic-2", form("/infill/bytes", ("model_id", "sonic-2"))),
    ("infill", "--language"): ("%cartesia infill clip hi --language de", form("/infill/bytes", ("language", "de"))),
    ("infill", "--format"): (
        "%cartesia infill clip hi --format wav:pcm_s16le@8000",
        form("/infill/bytes", ("output_format[sample_rate]", "8000")),
    ),
    ("infill", "--save"): ("%cartesia infill clip hi --save a.wav", saved("a.wav")),
    ("change", "--voice"): ("%cartesia change clip --voice Ada", form("/voice-changer/bytes", ("voice[id]", ADA))),
    ("change", "--format"): (
        "%cartesia change clip --format wav:pcm_s16le@8000",
        form("/voice-changer/bytes", ("output_format[sample_rate]", "8000")),
    ),
    ("change", "--save"): ("%cartesia change clip --save a.flac", saved("a.flac")),
    ("stt", "--language"): ("%cartesia stt clip --language de", form("/stt", ("language", "de"))),
    ("stt", "--model"): (
        "%cartesia stt clip --model ink-whisper-2025-06-04",
        form("/stt", ("model", "ink-whisper-2025-06-04")),
    ),
    ("voices", "--language"): ("%cartesia voices --language de", query("language=de&limit=100")),
    ("voices", "--gender"): ("%cartesia voices --gender feminine", query("gender=feminine&limit=100")),
    ("voices", "--mine"): ("%cartesia voices --mine", query("is_owner=true&limit=100")),
    ("voices", "--limit"): ("%cartesia voices --limit 7", query("limit=7")),
    ("voices", "--preview"): ("%cartesia voices --preview -o kept", previewed),
    ("clone", "--name"): ("%cartesia clone clip --name Me", form("/voices/clone", ("name", "Me"), ("language", "en"))),
    ("clone", "--language"): ("%cartesia clone clip --name Me --language de", form("/voices/clone", ("language", "de"))),
    ("clone", "--description"): (
        '%cartesia clone clip --name Me --description "in the attic"',
        form("/voices/clone", ("description", "in the attic")),
    ),
    ("clone", "--base-voice-id"): (
        f"%cartesia clone clip --name Me --base-voice-id {ADA}",
        form("/voices/clone", ("base_voice_id", ADA)),
    ),
    ("clone", "--enhance"): ("%cartesia clone clip --name Me --enhance", form("/voices/clone", ("enhance", "true"))),
    ("clone", "--accent"): (
        "%cartesia clone clip --name Me --accent castilian",
        form("/voices/clone", ("accent", "castilian")),
    ),
    ("localize", "--name"): ("%cartesia localize Ada de --name Ida", body("/voices/localize", name="Ida", language="de")),
    ("localize", "--description"): (
        "%cartesia localize Ada de --description Ida",
        body("/voices/localize", description="Ida"),
    ),
    ("localize", "--dialect"): ("%cartesia localize Ada es --dialect pe", body("/voices/localize", dialect="pe")),
    ("localize", "--gender"): (
        "%cartesia localize Ada de --gender male",
        body("/voices/localize", original_speaker_gender="male"),
    ),
    ("localize", "--accent"): ("%cartesia localize Ada --accent castilian", body("/voices/localize", accent="castilian")),
    ("defaults", "--voice"): ("%cartesia defaults --voice Ada", holds("voice", ADA)),
    ("defaults", "--model"): ("%cartesia defaults --model sonic-2", holds("model", "sonic-2")),
    ("defaults", "--language"): ("%cartesia defaults --language de", holds("language", "de")),
    ("defaults", "--format"): ("%cartesia defaults --format mp3", holds("format", "mp3")),
    ("defaults", "--save"): ("%cartesia defaults --language de --save", written),
    ("defaults", "--user"): (
        "%cartesia defaults --language de --save --user\n%cartesia defaults --reset",
        in_users_file,
    ),
    ("defaults", "--reset"): (
        "%cartesia defaults --language de\n%cartesia defaults --reset",
        holds("language", None, "built in"),
    ),
    ("tts", "--fresh"): fresh("%cartesia tts --fresh hi", "/tts/bytes"),
    ("say", "--fresh"): fresh("%%cartesia say --fresh\nhi", "/tts/bytes"),
    ("compare", "--fresh"): fresh('%cartesia compare "hi" --fresh --voices Ada', "/tts/bytes"),
    ("infill", "--fresh"): fresh("%cartesia infill clip hi --fresh", "/infill/bytes"),
    ("change", "--fresh"): fresh("%cartesia change clip --fresh", "/voice-changer/bytes"),
    ("stt", "--fresh"): fresh("%cartesia stt clip --fresh", "/stt"),
    ("tts", "--dry-run"): dry("%cartesia tts --dry-run hi", "/tts/bytes", 2),
    ("say", "--dry-run"): dry("%%cartesia say --dry-run\nhi\nyou", "/tts/bytes", 5),
    ("compare", "--dry-run"): dry('%cartesia compare "hi" --dry-run --voices Ada Ada', "/tts/bytes", 4),
    ("infill", "--dry-run"): dry("%cartesia infill clip hi --dry-run", "/infill/bytes", 302),
    ("change", "--dry-run"): dry("%cartesia change clip --dry-run", "/voice-changer/bytes", 60),
    ("stt", "--dry-run"): dry("%cartesia stt clip clip --dry-run", "/stt", 4),
    ("localize", "--dry-run"): dry("%cartesia localize Ada de --dry-run", "/voices/localize", 0),
    ("record", "--folder"): ("%cartesia record cache --folder answers", in_folder),
    ("usage", "--notebooks"): ("%cartesia usage --notebooks -o kept", by_notebook),
    ("login", "--keyring"): ("%cartesia login --keyring", kept_key(KEY)),
    ("logout", "--keyring"): (
        "%cartesia login --keyring\n%cartesia logout --keyring",
        kept_key(),
    ),
}  # fmt: skip

#: Word -> a cell in which it works, with a place for options.
WORKS = {
    "tts": "%cartesia tts {} hi",
    "say": "%%cartesia say {}\nhi",
    "compare": '%cartesia compare "hi" {} --voices Ada',
    "infill": "%cartesia infill clip hi {}",
    "change": "%cartesia change clip {}",
    "stt": "%cartesia stt clip {}",
    "voices": "%cartesia voices calm {}",
    "voice": "%cartesia voice {}",
    "clone": "%cartesia clone clip --name Me {}",
    "localize": "%cartesia localize Ada de {}",
    "dict": "%cartesia dict {}",
    "record": "%cartesia record {}",
    "usage": "%cartesia usage {}",
    "budget": "%cartesia budget {}",
    "cite": "%cartesia cite {}",
    "defaults": "%cartesia defaults {}",
    "login": "%cartesia login {}",
    "logout": "%cartesia logout {}",
    "sandbox": "%cartesia sandbox off {}",
    "status": "%cartesia status {}",
}
SILENT = {"budget", "cite", "login", "logout", "sandbox"}  # they print, and give nothing


@pytest.fixture
def studio(notebook, tmp_path, monkeypatch):
    """A notebook with a clip, a project, and a keyring."""
    (tmp_path / "pyproject.toml").write_text("")
    notebook.shell.user_ns["clip"] = wav(4.0)
    notebook.keyring = memory_keyring(monkeypatch)
    monkeypatch.setattr("getpass.getpass", lambda _: KEY)
    monkeypatch.setenv("CARTESIA_BASE_URL", notebook.server.url)
    return notebook


def test_the_table_has_every_word_and_option():
    of_their_own = {
        (word, flag) for word, command in WORDS.items() for flag in command.table if flag not in EVERYBODYS
    }
    assert set(TABLE) == of_their_own
    assert set(WORKS) == set(WORDS)
    assert all({*EVERYBODYS} <= set(command.table) for command in WORDS.values())


@pytest.mark.parametrize(("word", "flag"), TABLE, ids=lambda part: part)
def test_option(studio, word, flag):
    cell, check = TABLE[word, flag]
    assert flag in cell
    studio.run(cell)
    assert studio.error is None
    check(studio)


@pytest.mark.parametrize("word", WORKS)
def test_option_o_keeps_the_result_and_shows_it(studio, word):
    studio.run(WORKS[word].format("-o kept"))
    assert studio.error is None
    assert (studio["kept"] is None) == (word in SILENT)
    assert len(studio.shown) == (word not in SILENT)


@pytest.mark.parametrize("word", [word for word, command in WORDS.items() if command.below])
def test_option_raw_leaves_braces_alone(studio, word):
    studio.shell.user_ns["name"] = "Ada"
    cells = {
        "infill": "%%cartesia infill clip{}\n{{name}}",
        "dict": "%%cartesia dict tech{}\n{{name}} = aida",
        "compare": "%%cartesia compare{} --voices Ada\n{{name}}",
    }
    cell = cells.get(word, f"%%cartesia {word}{{}}\n{{{{name}}}}")
    for option, sent in (("", "Ada"), (" --raw", "{name}")):
        studio.run(cell.format(option))
        assert studio.error is None
        assert sent.encode() in studio.server.asked[-1].body


@pytest.mark.parametrize("word", [word for word, command in WORDS.items() if not command.below])
def test_option_raw_does_no_harm(studio, word):
    studio.run(WORKS[word].format("--raw"))
    assert studio.error is None


# -- methods ------------------------------------------------------------------------------------------

SAMPLES = {
    "int": ("3", 3),
    "float": ("2.5", 2.5),
    "Sequence[str]": ("a,b", ["a", "b"]),
    "str": ("[x y]", "[x y]"),
}


def sample(parameter):
    """Return what to type for a parameter, and what it means."""
    kinds = str(parameter.annotation).split(" | ")
    if kinds[0] in SAMPLES:
        return SAMPLES[kinds[0]]
    return ("{'a': 1}", {"a": 1})


@pytest.mark.parametrize("word", method_names())
def test_every_option_of_a_method_is_its_argument(notebook, monkeypatch, word):
    """Each option alone, and all together, arrive as the arguments that the signature has."""
    section, _, name = word.partition(".")
    method = methods_of(section)[name]
    got = {}

    def recorded(self, *words, **options):
        inspect.signature(method).bind(self, *words, **options)
        got.update(words=words, options=options)

    recorded.__signature__ = inspect.signature(method)
    client = cartesia_nb.connect()
    monkeypatch.setattr(type(getattr(client, section)), name, recorded)
    parameters = list(inspect.signature(method).parameters.values())[1:]
    words = ["w" for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    named = [p for p in parameters if p.kind is p.KEYWORD_ONLY]
    typed, meant = [], {}
    for parameter in named:
        flag = f"--{parameter.name.replace('_', '-')}"
        if "bool" in str(parameter.annotation).split(" | "):
            typed.append(flag)
            meant[parameter.name] = True
        else:
            value, means = sample(parameter)
            typed.append(f'{flag} "{value}"')
            meant[parameter.name] = means
    notebook.run(f"%cartesia {word} {' '.join([*typed, *words])}")
    assert notebook.error is None
    assert got == {"words": tuple(words), "options": meant}
    off = [option.name for option in method_command(word).options if option.flag.startswith("--no-")]
    assert methods._arguments(dict.fromkeys(off, True)) == dict.fromkeys(
        (name.removeprefix("no_") for name in off), False
    )


@pytest.mark.parametrize("typed", ["word", "[word]", "\"['word']\"", "{kinds}"])
def test_a_list_is_read_however_it_is_written(studio, typed):
    studio.shell.user_ns["kinds"] = ["word"]
    studio.run(f"%cartesia stt.transcribe clip --timestamp-granularities {typed}")
    form("/stt", ("timestamp_granularities[]", "word"))(studio)


def test_a_variable_that_holds_none_is_null_for_a_method(studio):
    studio.shell.user_ns["nothing"] = None
    studio.run(f"%cartesia voices.update {ADA} --name Ada --gender {{nothing}}")
    assert json.loads(studio.server.asked[-1].body) == {"name": "Ada", "gender": None}


def test_what_was_typed_is_what_a_command_gets():
    """Guard of the other tests: a command sees nothing but these three."""
    assert [*inspect.signature(Typed).parameters] == ["options", "words", "text"]


def test_the_page_of_words_is_what_the_magic_reads():
    spec = importlib.util.spec_from_file_location("magics_page", PAGE.with_suffix(".py"))
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    assert PAGE.read_text(encoding="utf-8") == writer.page(), "run python docs/magics.py"
