"""What the words do, what is kept, what is shown, and how it fails."""

import pytest
from scripted import Server, reply
from secret import KEY, given_away

from cartesia_nb import Speech
from cartesia_nb.client import client as shared
from cartesia_nb.magics.command import help_for
from cartesia_nb.magics.words import EXAMPLES, WORDS


def shown_speech(notebook):
    return [data["text/plain"] for data in notebook.shown if "<audio" in data.get("text/html", "")]


def test_save_writes_the_file_too(notebook, tmp_path):
    notebook.run(f"%cartesia tts --save {tmp_path}/a.mp3 hello")
    assert (tmp_path / "a.mp3").stat().st_size > 500
    assert len(shown_speech(notebook)) == 1


def test_names_are_filled_in_every_option(notebook, tmp_path):
    notebook.run("for i in (1, 2):\n    %cartesia tts --save take{i}.wav --volume {i} -o take{i} hi")
    assert notebook.error is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["take1.wav", "take2.wav"]
    assert [request["generation_config"] for request in notebook.requests] == [
        {"volume": 1.0},
        {"volume": 2.0},
    ]
    assert notebook["take2"].transcript == "hi"


def test_a_result_is_kept_and_shown_once(notebook):
    notebook.run("%cartesia tts -o kept hello")
    assert isinstance(notebook["kept"], Speech)
    assert len(shown_speech(notebook)) == 1


@pytest.mark.parametrize(
    "cell",
    [
        "x = %cartesia tts hello",
        "%cartesia x << tts hello",
        "%cartesia  x  <<  tts hello",
        "%cartesia x<<tts hello",
        "x=%cartesia tts hello\nx.duration;",
        "%%cartesia x << tts\nhello",
    ],
)
def test_an_assigned_result_is_not_shown(notebook, cell):
    notebook.run(cell)
    assert isinstance(notebook["x"], Speech)
    assert notebook.shown == []


def test_a_result_is_kept_twice_if_both_are_asked_for(notebook):
    notebook.run("%cartesia x << tts -o y hello")
    assert notebook["x"] is notebook["y"]
    notebook.run("get_ipython().run_line_magic('cartesia', 'z << tts hello')")
    assert notebook["z"].transcript == "hello"
    assert notebook.result.result is None


def test_every_result_in_a_cell_shows_once_in_order(notebook):
    notebook.run(
        "%cartesia tts one\nx = %cartesia tts two\n%cartesia tts three\nfor i in (4, 5):\n    %cartesia tts {i}"
    )
    assert notebook.texts == ["one", "two", "three", "4", "5"]
    assert [plain.split("'")[1] for plain in shown_speech(notebook)] == ["one", "three", "4", "5"]


def test_a_cell_magic_is_kept_and_shown(notebook):
    notebook.run("%%cartesia tts -o poem --volume 2\nline one\nline two?\n")
    assert notebook["poem"].transcript == "line one\nline two?"
    assert len(shown_speech(notebook)) == 1


def test_voices_are_a_frame(notebook):
    notebook.run("%cartesia voices -o found calm")
    assert list(notebook["found"].name) == ["Ada - Calm"]
    assert notebook.server.asked[0].path == "/voices?q=calm&limit=100"
    assert "text/html" in notebook.shown[0]
    notebook.run("%cartesia voices calm woman")
    assert notebook.server.asked[-1].path == "/voices?q=calm+woman&limit=100"


def test_status_says_where_calls_go(notebook):
    notebook.run("s = %cartesia status")
    assert (notebook["s"].ok, notebook["s"].base_url) == (True, notebook.server.url)


def test_the_sandbox_on_and_off(notebook, sandbox, monkeypatch):
    monkeypatch.setattr(shared, "running_sandbox", lambda: sandbox)
    notebook.run("%cartesia sandbox\nx = %cartesia tts hello")
    assert notebook.error is None
    assert "offline" in notebook.printed
    assert notebook["x"].backend == "sandbox"
    notebook.run("%cartesia sandbox off")
    assert f"{notebook.server.url} answers from now on" in notebook.printed
    notebook.run("%cartesia tts hello again")
    assert notebook.texts == ["hello again"]


# -- help ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["%cartesia", "%cartesia --help", "%cartesia help", "%cartesia -h"])
def test_the_overview_names_every_word(notebook, typed):
    notebook.run(typed)
    assert all(f"  {word}" in notebook.printed for word in WORDS)
    assert notebook.shown == []


@pytest.mark.parametrize("typed", ["%cartesia?", "?%cartesia"])
def test_question_mark_shows_the_same(notebook, typed):
    notebook.run(typed)
    assert all(f"  {word}" in notebook.printed for word in WORDS)


@pytest.mark.parametrize("word", WORDS)
def test_every_word_has_help_with_every_option(notebook, word):
    for typed in (f"%cartesia {word} --help", f"%cartesia {word}?"):
        notebook.run(typed)
        assert notebook.printed.strip() == help_for(word, WORDS[word]).strip()
    assert all(flag in notebook.printed for flag in WORDS[word].table)
    assert notebook.server.asked == []


@pytest.mark.parametrize("word", [*WORDS, "help"])
def test_the_examples_of_the_help_work(notebook, word, sandbox, monkeypatch):
    """As they stand, one after the other, in a notebook that has nothing but them."""
    monkeypatch.setattr(shared, "_shared", shared.Client(sandbox.key, base_url=sandbox.url))
    monkeypatch.setattr(shared, "running_sandbox", lambda: sandbox)
    monkeypatch.setattr("getpass.getpass", lambda _: sandbox.key)
    monkeypatch.setenv("CARTESIA_BASE_URL", sandbox.url)
    examples = EXAMPLES if word == "help" else WORDS[word].examples
    assert examples
    for example in examples:
        notebook.run(example)
        assert notebook.error is None, example
        assert notebook.shown or notebook.printed or "%cartesia" not in example


# -- failures -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("%cartesia ttz hello", "Did you mean %cartesia tts?"),
        ("%cartesia --voice Ada tts hello", "Options follow the word: %cartesia tts -o x hello."),
        ("%cartesia tts --voice -- hello", "--voice wants a value"),
        ("%cartesia qqq", "The words are tts, say, compare, infill"),
        ("%cartesia tts", "there is nothing to say"),
        ("%cartesia tts ...", "nothing to say in '...'"),
        ("%cartesia tts --voise Ada hello", "Did you mean --voice?"),
        ("%cartesia tts --frobnicate hello", "put the text in quotes, or -- before it"),
        ('%cartesia tts "hello" --voise Ada', "Did you mean --voice?"),
        ("%cartesia tts --voice", "--voice wants a value, VOICE"),
        ("%cartesia tts --voice Adda hello", "no voice is called 'Adda'. Did you mean 'Ada - Calm'?"),
        ("%cartesia tts --speed 9 hello", "--speed cannot be '9'. It can be 0.6 to 1.5"),
        ("%cartesia tts --volume loud hello", "--volume cannot be 'loud'"),
        ("%cartesia tts --format ogg hello", "It can be wav, mp3, raw"),
        ("%cartesia tts --save nowhere/a.wav hello", "there is no folder 'nowhere'"),
        ("%cartesia tts --save a.doc hello", "speech cannot be saved as '.doc'"),
        ("%cartesia tts -o 3x hello", "a result cannot be kept as '3x': no variable has such a name"),
        ("%cartesia tts -o class hello", "a result cannot be kept as 'class'"),
        ("%cartesia None << tts hello", "a result cannot be kept as 'None'"),
        ("%cartesia tts --voice 'Ada hello", "has a quote that is not closed"),
        ('%cartesia tts --emotion "happy"ly hello', "or text right after one"),
        ('%cartesia tts --voice "" hello', "--voice wants a value, VOICE, not ''"),
        ("%%cartesia tts hello\nhello again", "the text stands twice"),
        ("%cartesia status please", "too many words for %cartesia status. It takes none."),
        ("%cartesia sandbox maybe", "It can be on or off"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_sent(notebook, typed, said):
    notebook.run(typed)
    assert said in str(notebook.error)
    assert notebook.texts == []
    lines = notebook.error._render_traceback_()
    assert len(lines) == 1
    assert lines[0].count("\n") == 0
    assert said in lines[0]


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (reply("Bad key", 401), "Check the API key"),
        (reply("No credits", 402), "Add credits"),
        (reply("Too many", 429), "Wait a moment"),
        (reply("Oops", 500), "try again later"),
        (reply(b"half", length=99, Connection="close"), "ended early: 4 bytes came"),
    ],
)
def test_failures_of_the_service_are_one_line_and_nothing_is_half_written(
    notebook, monkeypatch, tmp_path, script, said
):
    with Server([script]) as server:
        monkeypatch.setattr(shared, "_shared", shared.Client(KEY, base_url=server.url, retries=0))
        notebook.run(f"%cartesia tts --save {tmp_path}/a.wav hello")
    assert said in notebook.error._render_traceback_()[0]
    assert list(tmp_path.iterdir()) == []


def test_no_key_is_one_line_with_the_ways_on(notebook, monkeypatch):
    monkeypatch.setattr(shared, "_shared", None)
    notebook.run("%cartesia tts hello")
    (line,) = notebook.error._render_traceback_()
    assert all(way in line for way in ("CARTESIA_API_KEY", "keyring", "%cartesia sandbox"))


def test_speech_that_could_not_be_saved_is_not_lost(notebook, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    notebook.run(f"%cartesia tts --save {tmp_path}/a.wav hello")
    assert "No space left on device" in str(notebook.error)
    assert "unsaved_speech" in str(notebook.error)
    assert notebook["unsaved_speech"].transcript == "hello"
    assert list(tmp_path.iterdir()) == []


def test_the_full_traceback_is_one_setting_away(notebook):
    notebook.run("%cartesia ttz hello")
    error = notebook.error
    notebook.shell.run_line_magic("xmode", "Verbose")
    shown = "\n".join(error._render_traceback_())
    assert "magics/magic.py" in shown.replace("\\", "/")
    assert "has no word" in shown
    notebook.shell.run_line_magic("xmode", "Context")


def test_our_frames_are_folded_where_a_dataclass_raises(notebook):
    notebook.run(
        "import cartesia_nb\ncartesia_nb.connect().tts.bytes('hi', output_format={'container': 'flac'})"
    )
    shown = "\n".join(notebook.error._render_traceback_())
    assert "It can be wav, mp3, raw" in shown
    assert "formats.py" not in shown
    assert "__post_init__" not in shown


def test_from_python_the_users_frames_stay_and_ours_are_folded(notebook):
    notebook.run("import cartesia_nb\ndef speak():\n    return cartesia_nb.connect().tts.bytes('')\nspeak()")
    shown = "\n".join(notebook.error._render_traceback_())
    assert "speak" in shown
    assert "nothing to say" in shown
    assert "cartesia_nb/" not in shown


def test_no_traceback_has_the_key_even_with_all_variables_shown(notebook):
    notebook.shell.run_line_magic("xmode", "Verbose")
    echo = reply({"message": f"bad key {KEY}"}, 401)
    with Server([echo]) as server:
        notebook.shell.user_ns["key"] = server.url
        shared._shared = shared.Client(KEY, base_url=server.url, retries=0)
        notebook.shell.user_ns["secret"] = lambda: KEY  # what the user's own variables show is the user's
        cells = [
            "%cartesia tts hello",
            "import cartesia_nb; cartesia_nb.connect().tts.bytes('hello')",
            "cartesia_nb.Client(secret(), timeout=-1)",
            "cartesia_nb.connect(secret(), timeout=-1)",
            "cartesia_nb.Client(secret() + ' ', version=secret())",
            "cartesia_nb.connect().tts.bytes('hello', voice=secret())",
        ]
        for cell in cells:
            notebook.run(cell)
            shown = "\n".join(notebook.error._render_traceback_())
            assert "Error" in shown
            assert given_away(shown) == [], f"{cell}\n{shown}"
    notebook.shell.run_line_magic("xmode", "Context")
