"""What the short words do beside their options, and what each says to bad input."""

import json

import pandas as pd
import pytest
from answers import ADA, answer
from memory_keyring import memory_keyring
from scripted import reply, wav
from secret import KEY, SECRET, given_away

from cartesia_nb.client import client as shared
from cartesia_nb.client.defaults import in_force, set_defaults
from cartesia_nb.speech.speeches import Speeches
from cartesia_nb.wire.errors import InputError


@pytest.fixture
def clip(notebook):
    notebook.shell.user_ns["clip"] = wav(4.0)
    return notebook


def fails_at(number, path="/tts/bytes"):
    """Answer as ever, but the n-th request for a path with an error."""
    count = iter(range(1, 100))

    def scripted(asked):
        if asked.path == path and next(count) == number:
            return reply("No credits", 402)
        return answer(asked)

    return scripted


# -- say, compare -------------------------------------------------------------------------------------


def test_say_speaks_each_line_by_itself(notebook):
    notebook.run("%%cartesia say -o lines\nOne?\n\n  Two, {x}.  \n\t\nThree")
    assert notebook.texts == ["One?", "  Two, {x}.  ", "Three"]
    assert isinstance(notebook["lines"], Speeches)
    assert [speech.transcript for speech in notebook["lines"]] == notebook.texts
    assert len(notebook.shown) == 1
    assert notebook.shown[0]["text/html"].count("<audio") == 3


def test_say_looks_its_voice_up_once(notebook):
    notebook.run("%%cartesia say --voice Ada\none\ntwo\nthree")
    assert len(notebook.sent("/voices")) == 1
    assert {request["voice"]["id"] for request in notebook.requests} == {ADA["id"]}


def test_a_speed_in_a_word_is_not_one_in_a_number_too(notebook):
    notebook.run("%cartesia tts --speed fast --volume 2 hi")
    assert notebook.requests[0]["speed"] == "fast"
    assert notebook.requests[0]["generation_config"] == {"volume": 2.0}


def test_say_finds_a_line_that_cannot_be_said_before_the_first_is_charged(notebook):
    for bad in ("...", KEY, "\ud800"):
        notebook.run(f"%%cartesia say\nfine\n{bad}\nfine")
        assert notebook.error is not None
        assert notebook.texts == []
        assert given_away(str(notebook.error)) == []


def test_what_was_said_before_a_failure_is_kept(notebook):
    notebook.server.answer = fails_at(3)
    notebook.run("%%cartesia say\none\ntwo\nthree\nfour")
    assert "Add credits" in str(notebook.error)
    assert "What was made before, 2 in number, is in the variable unsaved_speech." in str(notebook.error)
    assert [speech.transcript for speech in notebook["unsaved_speech"]] == ["one", "two"]
    assert len(notebook.texts) == 3


def test_what_was_said_before_an_interrupt_is_kept(notebook, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("cartesia_nb.client.progress.Progress.show", interrupted)
    notebook.run("%%cartesia say\none\ntwo")
    assert isinstance(notebook.error, KeyboardInterrupt)
    assert [speech.transcript for speech in notebook["unsaved_speech"]] == ["one"]
    assert notebook.error._render_traceback_() == [
        "KeyboardInterrupt: stopped. What was made before, 1 in number, is in the variable unsaved_speech."
    ]
    notebook.shell.run_line_magic("xmode", "Verbose")
    notebook.run("%%cartesia say\none\ntwo")
    assert not hasattr(notebook.error, "_render_traceback_")
    assert "unsaved_speech" in "".join(notebook.error.__notes__)
    notebook.shell.run_line_magic("xmode", "Context")


@pytest.mark.parametrize(
    "step", ["cartesia_nb.magics.magic.display", "cartesia_nb.speech.speech.Speech.save"]
)
def test_what_was_said_before_it_could_be_shown_or_saved_is_kept(notebook, monkeypatch, step):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(step, interrupted)
    notebook.run("%cartesia tts --save a.wav hello")
    assert isinstance(notebook.error, KeyboardInterrupt)
    assert notebook["unsaved_speech"].transcript == "hello"
    assert "unsaved_speech" in notebook.error._render_traceback_()[0]


def test_speech_that_is_in_the_way_of_a_folder_is_kept(notebook, tmp_path):
    (tmp_path / "line-2.wav").mkdir()
    notebook.run("%%cartesia say --save line.wav\none\ntwo")
    assert "line.wav could not be written: 'line-2.wav' is a folder" in str(notebook.error)
    assert not isinstance(notebook.error, InputError)  # that would say that nothing was charged
    assert [speech.transcript for speech in notebook["unsaved_speech"]] == ["one", "two"]


def test_compare_shows_the_voices_side_by_side(notebook):
    notebook.run('%cartesia compare "Which one?" --voices Ada {chosen} -o both')
    assert "no voice is called '{chosen}'" in str(notebook.error)
    assert notebook.texts == []  # all voices are looked up before the first speaks
    notebook.shell.user_ns["chosen"] = {"id": "00000000-0000-0000-0000-000000000002", "name": "Bo"}
    notebook.run('%cartesia compare "Which one?" --voices Ada {chosen} -o both')
    assert [speech.provenance["voice_name"] for speech in notebook["both"]] == ["Ada - Calm", "Bo"]
    assert notebook.texts == ["Which one?"] * 2
    html = notebook.shown[0]["text/html"]
    assert html.index("Ada - Calm") < html.index("Bo")


@pytest.fixture
def table(notebook):
    """A notebook with a table of two voices, and rows of it, in the ways that rows are taken."""
    voices = pd.DataFrame({"id": [ADA["id"], f"{ADA['id'][:-1]}2"], "name": ["Ada - Calm", "Bo"]})
    series, named = voices.iloc[1], list(voices.itertuples())[1]
    notebook.shell.user_ns.update(voices=voices, series=series, named=named, names=["Ada", "Ada - Calm"])
    return notebook


@pytest.mark.parametrize("row", ["series", "named", "voices.iloc[1]"])
def test_a_row_of_a_table_is_a_voice(table, row):
    table.run(f"row = {row}\n%cartesia tts --voice {{row}} hi")
    assert table.error is None
    assert table.requests[-1]["voice"]["id"] == table["series"].id


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("{voices}", ["Ada - Calm", "Bo"]),
        ("{names} {series}", ["Ada - Calm", "Ada - Calm", "Bo"]),
        ("{named} Ada", ["Bo", "Ada - Calm"]),
    ],
)
def test_a_table_or_a_list_of_voices_is_compared(table, typed, heard):
    table.run(f'c = %cartesia compare "hi" --voices {typed}')
    assert table.error is None
    assert [speech.provenance["voice_name"] for speech in table["c"]] == heard
    table.shell.user_ns["nobody"] = table["voices"][:0]
    table.run('%cartesia compare "hi" --voices {nobody}')
    assert "there is no voice to compare" in str(table.error)


def test_a_text_to_compare_may_stand_after_two_dashes(notebook):
    notebook.run("%cartesia compare --voices Ada Ada -- --well, then")
    assert notebook.texts == ["--well, then"] * 2


@pytest.mark.parametrize("nothing", [None, "", " "])
@pytest.mark.parametrize(
    "flag", ["--voice", "--model", "--language", "--format", "--speed", "--emotion", "--dict", "--save", "-o"]
)
def test_a_variable_that_holds_nothing_is_no_value(notebook, flag, nothing):
    notebook.shell.user_ns["empty"] = nothing
    notebook.run(f"%cartesia tts {flag} {{empty}} hi")
    assert f"{flag} wants a value" in str(notebook.error)
    assert notebook.server.asked == []


@pytest.mark.parametrize("typed", ["--speed", "--volume", "-o"])
def test_a_value_of_many_lines_is_told_in_one(notebook, typed):
    notebook.shell.user_ns["many"] = pd.DataFrame({"n": range(9)})
    notebook.run(f"%cartesia tts {typed} {{many}} hi")
    assert notebook.error.as_line
    assert "of the type DataFrame" in str(notebook.error)
    assert "\n" not in str(notebook.error)


def test_a_key_that_is_not_this_clients_is_not_spoken_either(notebook):
    other = KEY.replace(SECRET, SECRET[::-1])
    notebook.run(f"%cartesia tts my key is {other}")
    assert "contains the API key" in str(notebook.error)
    assert notebook.texts == []


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("%cartesia compare hello there", "there is no voice to compare. Write %cartesia compare"),
        ('%cartesia compare --voices Ada "hello"', "there is nothing to say"),
        ("%cartesia compare --voices Ada", "there is nothing to say"),
        ("%%cartesia say\n\n  \n", "there is nothing to say. %cartesia say --help"),
        ("%%cartesia say --save nowhere/a.wav\nhi", "there is no folder 'nowhere'"),
        ("%cartesia infill clip", "%cartesia infill wants TEXT. It takes LEFT TEXT [RIGHT]."),
        ("%cartesia infill - hi -", "there is nothing to fill in between"),
        ("%cartesia infill clip ...", "there is nothing to say in '...'"),
        ('%cartesia infill clip "he said "no"." clip', "a quote that is not closed"),
        ("%cartesia infill clip hi clip clip", "too many words for %cartesia infill"),
        ("%%cartesia infill clip hi clip\nhi", "too many words for %cartesia infill. It takes LEFT [RIGHT]."),
        ("%cartesia infill nowhere.wav hi", "there is no such file"),
        ("%cartesia change", "%cartesia change wants CLIP. It takes CLIP."),
        ("%cartesia change 5five", "there is no such file"),
        ("%cartesia change clop", "there is neither a variable nor a file 'clop'. Did you mean clip?"),
        ("%cartesia infill clip on friday", "there is neither a variable nor a file 'friday'. Here is "),
        ("%cartesia stt", "%cartesia stt wants FILE. It takes FILE ..."),
        ("%cartesia stt *.wav", "no file is like '*.wav'. Here is "),
        ("%cartesia stt clip --language", "--language wants a value, CODE: what is spoken"),
        ("%cartesia clone clip", "a voice needs a name. Write %cartesia clone CLIP --name NAME."),
        ("%cartesia clone clip --nam Me", "Did you mean --name?"),
        ("%cartesia clone clip --name 'O'Brien'", "a quote that is not closed, or text right after one"),
        ('%cartesia clone clip --name "Me', "a quote that is not closed"),
        ("%cartesia stt a**b", "'a**b' is no pattern: "),
        ("%cartesia stt ~nobody-of-this-name/*.wav", "is no pattern: "),
        ("%cartesia voice Ada - Calm", "a name of more than one word stands in quotes"),
        ("%cartesia localize Ada - Calm de", "a name of more than one word stands in quotes"),
        ("%cartesia defaults --voice Ada --user", "--user says where to save. Write --save --user."),
        ("%cartesia localize Ada", "localizing wants a language, or an accent"),
        ("%cartesia localize Ada de --accent castilian", "localizing wants a language, or an accent"),
        ("%cartesia localize Adda de", "Did you mean 'Ada - Calm'?"),
        ("%cartesia localize Ada es --dialect xx", "'es' has no dialect 'xx'. It can be mx, pe."),
        ("%cartesia voices --gender loud", "gender cannot be 'loud'. It can be masculine"),
        ("%cartesia voices --limit few", "--limit wants a whole number, not 'few'"),
        ("%cartesia voices --limit -1", "--limit wants a whole number"),
        ("%cartesia voice Adda", "Did you mean 'Ada - Calm'?"),
        ("%cartesia tts --dict tach hi", "there is no dictionary 'tach'. Did you mean 'tech'?"),
        ("%%cartesia dict\na = b", "the dictionary has no name. Write %%cartesia dict NAME."),
        ("%%cartesia dict new\n\n", "the dictionary is empty"),
        ("%%cartesia dict new", "the dictionary is empty"),
        ("%%cartesia tts", "there is nothing to say"),
        ("%%cartesia dict new\na = b\nnginx", "line 2 is not `word = alias`: 'nginx'"),
        ("%%cartesia dict new\na = b\n\na = c", "line 3: 'a' stands twice"),
        ("%cartesia defaults --format ogg", "format: container cannot be 'ogg'"),
        ("%cartesia defaults --save", "this session has set nothing to save"),
        ("%cartesia defaults --language de --save", "there is no pyproject.toml here"),
        ("%cartesia help ttz", "Did you mean %cartesia tts?"),
        ("%%cartesia voices\ncalm", "%%cartesia voices takes no text below it"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_made(clip, cell, said):
    clip.run(cell)
    assert said in str(clip.error)
    assert clip.error.as_line
    assert not [asked for asked in clip.server.asked if asked.verb != "GET"]


def test_voices_after_a_text_without_quotes_are_a_part_of_it(notebook):
    with pytest.warns(UserWarning, match="--voices is a part of the text here"):
        notebook.run("%cartesia compare hello --voices Ada")
    assert 'Write %cartesia compare "the text in quotes" --voices Ada Bruno.' in str(notebook.error)
    assert notebook.texts == []


# -- infill, change, stt ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "sides"),
    [
        ('%cartesia infill left "how are you?" right', {"left_audio": 1.0, "right_audio": 2.0}),
        ("%cartesia infill left 'how are you?'", {"left_audio": 1.0}),
        ('%cartesia infill - "how are you?" right', {"right_audio": 2.0}),
        ("%%cartesia infill left right\nhow are you?", {"left_audio": 1.0, "right_audio": 2.0}),
        ("%%cartesia infill left\nhow are you?", {"left_audio": 1.0}),
        ("%%cartesia infill - takes['last']\nhow are you?", {"right_audio": 2.0}),
        ("%cartesia infill l.wav 'how are you?' right", {"left_audio": 1.0, "right_audio": 2.0}),
    ],
)
def test_the_sides_of_an_infill(notebook, tmp_path, cell, sides):
    left, right = wav(1.0), wav(2.0)
    notebook.shell.user_ns.update(left=left, right=right, takes={"last": right})
    (tmp_path / "l.wav").write_bytes(left)
    notebook.run(f"{cell}\n" if cell.startswith("%%") else cell)
    assert notebook.error is None
    sent = notebook.sent("/infill/bytes")[0]
    assert ("transcript", "how are you?") in sent.texts()
    files = {name: content for name, file, _, content in sent.form() if file}
    assert files == {name: wav(seconds) for name, seconds in sides.items()}


def test_a_recording_is_meant_by_its_name_or_as_a_file(clip, tmp_path):
    (tmp_path / "my clip.wav").write_bytes(wav(4.0))
    (tmp_path / "bare").write_bytes(wav(4.0))
    clip.run("s = %cartesia tts hello\nwhich = 'clip'")
    for given in ("clip", '"my clip.wav"', "{clip}", "bare", "{which}", "s"):
        clip.run(f"%cartesia change {given}")
        assert clip.error is None, given
    sizes = [len(asked.form()[-1][3]) for asked in clip.sent("/voice-changer/bytes")]
    assert sizes == [len(wav(4.0))] * 5 + [len(wav(0.1))]


def test_stt_of_one_is_a_transcript_and_of_many_a_frame(clip, tmp_path):
    for name in ("b.wav", "a.wav"):
        (tmp_path / name).write_bytes(wav(1.0))
    clip.shell.user_ns["many"] = [wav(1.0), "a.wav"]
    clip.run("one = %cartesia stt clip")
    assert str(clip["one"]) == "Hi."
    clip.run("two = %cartesia stt a.wav b.wav")
    assert list(clip["two"].file) == ["a.wav", "b.wav"]
    clip.run("wild = %cartesia stt *.wav")
    assert list(clip["wild"].file) == ["a.wav", "b.wav"]
    clip.run(f"home = %cartesia stt {tmp_path}/b*.wav")
    assert list(clip["home"].file) == ["b.wav"]
    clip.run("several = %cartesia stt many clip")
    assert list(clip["several"].text) == ["Hi."] * 3
    clip.shell.user_ns["files"] = pd.DataFrame({"path": ["a.wav", "b.wav"]}).path
    clip.run("column = %cartesia stt files")
    assert list(clip["column"].file) == ["a.wav", "b.wav"]
    clip.run("%%cartesia say -o lines\none\ntwo")
    clip.run("spoken = %cartesia stt lines\nfirst = %cartesia stt lines[0]")
    assert list(clip["spoken"].text) == ["Hi.", "Hi."]
    assert str(clip["first"]) == "Hi."
    clip.shell.user_ns["samples"] = ([0.0] * 8000, 8000)
    clip.run("sound = %cartesia stt samples")
    assert str(clip["sound"]) == "Hi."
    (tmp_path / "odd[1].wav").write_bytes(wav(1.0))
    clip.run("odd = %cartesia stt odd[1].wav")
    assert str(clip["odd"]) == "Hi."


def test_a_transcript_shows_its_words_with_their_times(clip):
    clip.run("%cartesia stt clip")
    html = clip.shown[0]["text/html"]
    assert "Hi." in html
    assert "0.00" in html


# -- voices, dictionaries -----------------------------------------------------------------------------


def test_the_voice_of_this_session(notebook):
    notebook.run("v = %cartesia voice")
    assert notebook["v"].name == "Ada - Calm"
    assert in_force()["voice"].origin == "built in"  # to look is not to choose
    notebook.run("%cartesia voice Ada")
    assert in_force()["voice"].origin == "this session"
    assert "Ada - Calm" in notebook.shown[0]["text/html"]
    notebook.run("%cartesia tts hi")
    assert notebook.requests[-1]["voice"]["id"] == ADA["id"]
    notebook.run(f"%cartesia tts --voice {ADA['id'][:-1]}9 hi")
    assert notebook.requests[-1]["voice"]["id"][-1] == "9"


def test_defaults_hold_for_all_that_speaks_and_say_where_they_come_from(clip, tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.cartesia_nb]\nlanguage = "de"\nmodel = "sonic-2"\n')
    set_defaults(model="sonic-3", format="wav:pcm_s16le@8000", voice=ADA["id"])
    clip.run(
        "%cartesia tts hi\n%cartesia infill clip hi\n%cartesia change clip\n%cartesia clone clip --name Me"
    )
    assert clip.error is None
    spoken = clip.requests[0]
    assert (spoken["model_id"], spoken["language"], spoken["output_format"]["sample_rate"]) == (
        "sonic-3",
        "de",
        8000,
    )
    filled = dict(clip.sent("/infill/bytes")[0].texts())
    assert (filled["language"], filled["voice_id"], filled["model_id"]) == ("de", ADA["id"], "sonic-3")
    assert ("voice[id]", ADA["id"]) in clip.sent("/voice-changer/bytes")[0].texts()
    assert ("language", "de") in clip.sent("/voices/clone")[0].texts()
    clip.run("%cartesia tts --model sonic-turbo --language fr hi")
    assert (clip.requests[-1]["model_id"], clip.requests[-1]["language"]) == ("sonic-turbo", "fr")
    clip.run("d = %cartesia defaults")
    table = clip["d"].set_index("setting")
    assert table.loc["model", "value"] == "sonic-3"
    assert list(table["from"]) == [
        "this session",
        "this session",
        str(tmp_path / "pyproject.toml"),
        "this session",
    ]
    clip.run("%cartesia tts.bytes hi")
    assert clip.requests[-1]["model_id"] == "sonic-3.5"  # a method by its name is the method as it is


def test_saved_defaults_have_the_name_of_the_voice_beside_it(notebook, tmp_path):
    (tmp_path / "pyproject.toml").write_text("# mine\n")
    notebook.run("%cartesia defaults --voice Ada\n%cartesia defaults --save")
    assert f"Written to {tmp_path / 'pyproject.toml'}." in notebook.printed
    assert (tmp_path / "pyproject.toml").read_text() == (
        f'# mine\n\n[tool.cartesia_nb]\nvoice = "{ADA["id"]}"  # Ada - Calm\n'
    )


def test_more_voices_than_have_their_preview_warn(notebook):
    many = [{**ADA, "id": f"{ADA['id'][:-2]}{number}", "name": f"V{number}"} for number in range(10, 22)]
    notebook.server.answer = lambda asked: (
        reply({"data": many, "has_more": False}) if asked.path.startswith("/voices?") else answer(asked)
    )
    with pytest.warns(UserWarning, match="The first 10 of 12 voices have their preview"):
        notebook.run("v = %cartesia voices --preview")
    assert len(notebook["v"]) == 12


def test_a_voice_that_does_not_exist_is_no_default(notebook):
    notebook.server.answer = lambda asked: (
        reply("No such voice", 404) if asked.path.startswith("/voices/") else answer(asked)
    )
    notebook.run(f"%cartesia defaults --voice {ADA['id'][:-1]}9")
    assert "No such voice" in str(notebook.error)
    assert in_force()["voice"].origin == "built in"


def test_defaults_that_cannot_be_do_not_reset_others(notebook):
    notebook.run("%cartesia defaults --language de\n%cartesia defaults --reset --format ogg")
    assert "container cannot be 'ogg'" in str(notebook.error)
    assert in_force()["language"].value == "de"
    notebook.run("%cartesia defaults --reset --model sonic-2")
    assert (in_force()["language"].value, in_force()["model"].value) == (None, "sonic-2")


def test_what_is_said_of_a_voice_with_another_accent_is_sent(notebook):
    notebook.run("%cartesia localize Ada --accent castilian --description Ida --gender male --dialect pe")
    assert notebook.error is None
    sent = notebook.sent("/voices/localize")[0].json()
    assert sent == {
        "voice_id": ADA["id"],
        "name": "Ada - Calm (castilian)",
        "accent": "castilian",
        "description": "Ida",
        "original_speaker_gender": "male",
        "dialect": "pe",
    }


@pytest.mark.parametrize("gender", ["gender_neutral", None])
def test_a_voice_without_a_gender_asks_for_one(notebook, gender):
    notebook.server.answer = lambda asked: (
        reply({**ADA, "gender": gender, "description": "Calm."})
        if asked.path.startswith("/voices/")
        else answer(asked)
    )
    notebook.run("%cartesia localize Ada de")
    assert "Say --gender male or --gender female." in str(notebook.error)
    notebook.run("%cartesia localize Ada de --gender female")
    assert notebook.error is None
    sent = notebook.sent("/voices/localize")[0].json()
    assert sent["name"] == "Ada - Calm (de)"
    assert sent["original_speaker_gender"] == "female"
    assert sent["description"] == "Calm."


def test_a_dictionary_is_made_once_and_then_changed(notebook):
    notebook.run("%%cartesia dict tech\nnginx = engine x\n== = double = equals\n C# =see sharp\n")
    assert notebook.error is None
    (changed,) = [asked for asked in notebook.server.asked if asked.verb == "PATCH"]
    assert changed.path == "/pronunciation-dicts/pdict_1"
    assert {item["text"]: item["alias"] for item in changed.json()["items"]} == {
        "nginx": "engine x",
        "==": "double = equals",
        "C#": "see sharp",
    }
    notebook.run("%%cartesia dict other\na = b")
    assert json.loads(notebook.server.asked[-1].body)["name"] == "other"
    notebook.run("d = %cartesia dict tech\nl = %cartesia dict\n%cartesia tts --dict {d} hi")
    assert (notebook["d"].id, list(notebook["l"].id)) == ("pdict_1", ["pdict_1"])
    assert notebook.requests[-1]["pronunciation_dict_id"] == "pdict_1"


def test_two_dictionaries_of_one_name(notebook):
    two = [{"id": f"pdict_{number}", "name": "tech", "items": []} for number in (1, 2)]
    notebook.server.answer = lambda asked: (
        reply({"data": two, "has_more": False}) if "dicts" in asked.path else answer(asked)
    )
    for cell in ("%cartesia tts --dict tech hi", "%%cartesia dict tech\na = b"):
        notebook.run(cell)
        assert "Give the id of one: pdict_1, pdict_2." in str(notebook.error)
    for given in ("pdict_2", "{second}"):
        notebook.shell.user_ns["second"] = two[1]
        notebook.run(f"%%cartesia dict {given}\na = b\n")
        assert (notebook.server.asked[-1].verb, notebook.server.asked[-1].path[-8:]) == ("PATCH", "/pdict_2")
        notebook.run(f"%cartesia dict {given}")
        assert (notebook.server.asked[-1].verb, notebook.server.asked[-1].path[-8:]) == ("GET", "/pdict_2")
    notebook.run("all_ = %cartesia dict\nrow = all_.iloc[1]")
    for given in ("pdict_2", "{second}", "{row}"):
        notebook.run(f"%cartesia tts --dict {given} hi")
        assert notebook.error is None
        assert notebook.requests[-1]["pronunciation_dict_id"] == "pdict_2"
    for cell in ("%cartesia tts --dict {all_} hi", "%%cartesia dict {all_}\na = b", "%cartesia dict {all_}"):
        notebook.run(cell)
        assert "a dictionary is a name, an id, or a row with an id, not DataFrame" in str(notebook.error)


# -- keys ---------------------------------------------------------------------------------------------


@pytest.fixture
def prompt(notebook, monkeypatch):
    """A notebook in which somebody types what `typed` says."""
    monkeypatch.setattr(shared, "_shared", None)
    monkeypatch.setenv("CARTESIA_BASE_URL", notebook.server.url)
    notebook.keyring = memory_keyring(monkeypatch)
    notebook.typed = KEY
    monkeypatch.setattr("getpass.getpass", lambda _: notebook.typed)
    return notebook


def test_login_tries_the_key_and_uses_it(prompt):
    prompt.run("%cartesia login")
    assert prompt.error is None
    assert "answers from now on" in prompt.printed
    prompt.run("%cartesia tts hi")
    assert prompt.error is None
    assert {asked.headers["authorization"] for asked in prompt.server.asked} == {f"Bearer {KEY}"}
    assert prompt.keyring.kept == {}
    prompt.run("%cartesia logout")
    assert "No key is known any more." in prompt.printed
    prompt.run("%cartesia tts hi")
    assert "no API key is known" in str(prompt.error)


def test_a_key_that_does_not_work_is_not_kept(prompt):
    prompt.server.answer = lambda _: reply("Bad key", 401)
    prompt.run("%cartesia login --keyring")
    assert "Check the API key" in str(prompt.error)
    assert prompt.keyring.kept == {}
    assert shared.shared() is None


@pytest.mark.parametrize(
    "typed", [f"%cartesia login {KEY}", f"%cartesia login {SECRET}", f"%cartesia login --key {KEY}"]
)
def test_a_key_in_a_cell_is_refused_and_not_shown(prompt, typed):
    prompt.run(typed)
    assert prompt.error is not None
    assert given_away(str(prompt.error)) == []
    assert prompt.server.asked == []


@pytest.mark.parametrize("typed", ["", "  ", "a b"])
def test_nothing_typed_is_no_key(prompt, typed):
    prompt.typed = typed
    prompt.run("%cartesia login")
    assert "the API key in the prompt is empty" in str(prompt.error)


def test_nobody_there_to_type(prompt, monkeypatch):
    def nobody(_):
        raise EOFError

    monkeypatch.setattr("getpass.getpass", nobody)
    prompt.run("%cartesia login")
    assert "nobody is there to type a key. Set CARTESIA_API_KEY instead." in str(prompt.error)


def test_logout_says_where_a_key_still_is(prompt, monkeypatch):
    prompt.run("%cartesia login --keyring\n%cartesia logout")
    assert "takes the one in the keyring (%cartesia logout --keyring removes it)" in prompt.printed
    monkeypatch.setenv("CARTESIA_API_KEY", KEY)
    prompt.run("%cartesia logout --keyring")
    assert "takes the one in CARTESIA_API_KEY" in prompt.printed
    assert prompt.keyring.kept == {}


# -- help, debug --------------------------------------------------------------------------------------


def test_help_of_a_word_however_it_is_asked_for(notebook):
    shown = []
    for typed in ("help tts", "tts --help", "tts?", "help  tts ", "tts --voice Ada --help"):
        notebook.run(f"%cartesia {typed}")
        shown.append(notebook.printed)
    assert len(set(shown)) == 1
    assert "%%cartesia tts takes the text below it" in shown[0]
    notebook.run("%cartesia help voices.clone")
    assert "In Python:" in notebook.printed
    assert ">>> mine = client.voices.clone(clip" in notebook.printed


def test_what_a_method_takes_as_another_does_is_said_in_full(notebook):
    notebook.run("%cartesia tts.sse --help")
    assert "As in" not in notebook.printed
    assert "but raw alone can be streamed" in notebook.printed
    notebook.run("%cartesia voice_changer.bytes --help")
    assert "As in" not in notebook.printed


def test_debug_shows_the_last_error_with_its_traceback(notebook):
    notebook.run("%cartesia debug")
    assert "No %cartesia line has failed yet." in notebook.printed
    notebook.run("%cartesia tts --speed 9 hi")
    notebook.run("%cartesia tts --voice Adda hi")
    notebook.run("1/0")
    notebook.run("%cartesia debug")
    assert notebook.error is None
    assert "no voice is called 'Adda'" in notebook.printed
    assert "speaking.py" in notebook.printed
    assert "voice_names.py" in notebook.printed


@pytest.mark.parametrize("typed", ["help debug", "debug?", "debug --help", "help help"])
def test_the_words_of_the_magic_itself_are_explained(notebook, typed):
    notebook.run(f"%cartesia {typed}")
    assert notebook.error is None
    assert "show the last error with its whole traceback" in notebook.printed


def test_debug_has_no_part_of_the_key(notebook):
    notebook.server.answer = lambda _: reply({"message": f"bad key {KEY}"}, 401)
    notebook.run("%cartesia tts hi")
    notebook.run("%cartesia debug")
    assert "401" in notebook.printed
    assert given_away(notebook.printed) == []


# -- record, usage, budget -----------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["5_", "_5", "1__0", "5.5", "-1", "five", "٥_"])
def test_a_budget_that_is_no_number_of_credits_is_refused(notebook, typed):
    notebook.run(f"%cartesia budget {typed}")
    assert isinstance(notebook.error, InputError)
    assert "whole number of credits" in str(notebook.error)


def test_a_dry_run_says_what_it_did_not_send(notebook):
    notebook.run("%cartesia tts --dry-run --voice Ada hi")
    assert "It would cost about 2 credits. Nothing that costs was sent." in notebook.printed
    assert notebook.texts == []


def test_another_folder_is_told_of(notebook, tmp_path):
    notebook.run(f"%cartesia record verify --folder {tmp_path / 'old'}")
    assert f"From now on, answers are kept in {tmp_path / 'old'}." in notebook.printed
