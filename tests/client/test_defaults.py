"""What magics and forms take where nothing is said: who says it, and how it is kept."""

import os
import resource
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from platformdirs import user_config_path
from secret import KEY, given_away

from cartesia_nb.client import defaults
from cartesia_nb.client.defaults import default, in_force, reset, save, set_defaults
from cartesia_nb.wire.catalog import DEFAULTS, UnknownIdWarning
from cartesia_nb.wire.errors import CartesiaError, InputError

BUILT_IN = {
    "voice": DEFAULTS["voice"],
    "model": "sonic-3.5",
    "language": None,
    "format": "wav:pcm_s16le@44100",
}
ANYTHING_ELSE = '# mine\n[project]\nname = "talk"  # two blanks\n\n# about it\n[tool.other]\nx = 1\n'


@pytest.fixture(autouse=True)
def nothing_was_set():
    reset()
    yield
    reset()


@pytest.fixture
def user():
    """The user's config.toml; there is none."""
    path = user_config_path("cartesia_nb", appauthor=False) / "config.toml"
    path.parent.mkdir(parents=True)
    return path


def project(folder=".", text='[tool.cartesia_nb]\nvoice = "project"\n'):
    """Write a pyproject.toml and return its path, as the working directory shows it."""
    path = Path(folder).resolve() / "pyproject.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def values():
    return {name: setting.value for name, setting in in_force().items()}


def test_what_is_built_in():
    assert values() == BUILT_IN
    assert {setting.origin for setting in in_force().values()} == {"built in"}
    assert set(defaults.SETTINGS) == set(BUILT_IN)


def test_the_session_goes_before_the_project_before_the_user_before_what_is_built_in(user):
    user.write_text('voice = "user"\nlanguage = "de"\nmodel = "sonic-3"\n')
    path = project(text='[tool.cartesia_nb]\nvoice = "project"\nlanguage = "fr"\n')
    set_defaults(voice="session")
    found = {name: (setting.value, setting.origin) for name, setting in in_force().items()}
    assert found == {
        "voice": ("session", "this session"),
        "language": ("fr", str(path)),
        "model": ("sonic-3", str(user)),
        "format": ("wav:pcm_s16le@44100", "built in"),
    }
    seen = [default("voice")]
    set_defaults(voice=None)
    seen.append(default("voice"))
    path.unlink()
    seen.append(default("voice"))
    user.unlink()
    seen.append(default("voice"))
    assert seen == ["session", "project", "user", DEFAULTS["voice"]]


def test_the_nearest_project_with_the_table_counts_alone(monkeypatch):
    project(text='[tool.cartesia_nb]\nvoice = "above"\nlanguage = "de"\n')
    project("a", '[tool.cartesia_nb]\nvoice = "near"\n')
    project("a/b", '[project]\nname = "without the table"\n')
    Path("a/b/c").mkdir()
    monkeypatch.chdir("a/b/c")
    assert (default("voice"), default("language")) == ("near", None)
    monkeypatch.chdir("../..")
    assert (default("voice"), default("language")) == ("near", None)
    project(text="[tool.cartesia_nb]\n")
    assert default("voice") == DEFAULTS["voice"]
    monkeypatch.chdir("..")
    assert (default("voice"), default("language")) == ("above", "de")


def test_a_change_is_noticed_whatever_the_clock_says(user):
    for path, head in ((project(), "[tool.cartesia_nb]\n"), (user, "")):
        for voice in ("one", "two"):  # as long, and as old
            path.write_text(f'{head}voice = "{voice}"\n')
            os.utime(path, (1e9, 1e9))
            assert default("voice") == voice
        path.unlink()
        assert default("voice") == DEFAULTS["voice"]


def test_a_file_that_did_not_change_is_not_parsed_again(monkeypatch):
    import tomllib

    project()
    in_force()
    monkeypatch.setattr(tomllib, "loads", None)
    assert default("voice") == "project"


def test_a_working_directory_that_was_removed(monkeypatch):
    Path("gone").mkdir()
    monkeypatch.chdir("gone")
    Path.cwd().rmdir()
    assert values() == BUILT_IN
    with pytest.raises(InputError, match=r"no pyproject\.toml"):
        save({"voice": "e07c"})


def test_a_home_that_is_closed_to_its_user_has_no_settings(monkeypatch):
    def closed(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", closed)
    assert values() == BUILT_IN


def test_the_session_is_all_threads():
    threads = [threading.Thread(target=set_defaults, kwargs={name: "mp3"}) for name in ("voice", "format")]
    for thread in threads:
        thread.start()
        thread.join()
    assert (default("voice"), default("format")) == ("mp3", "mp3")
    reset()
    assert values() == BUILT_IN


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"voices": "a"}, "Did you mean 'voice'"),
        ({"speed": "1"}, "no setting 'speed'"),
        ({"voice": 5}, "voice is a text, not int"),
        ({"voice": ["a"]}, "voice is a text, not list"),
        ({"language": "  "}, "language is a text, not empty"),
        ({"voice": "half \ud83d"}, "voice cannot be"),
        ({"voice": "two\nlines"}, "voice cannot be"),
        ({"format": "mp4"}, "format: container cannot be 'mp4'"),
        ({"format": "wav:pcm_s16le@1"}, "format: sample_rate"),
        ({"voice": KEY}, "voice cannot be 'sk_car_…'"),
        ({"api_key": KEY}, "CARTESIA_API_KEY"),
        ({"base_url": "http://elsewhere"}, "CARTESIA_BASE_URL"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("user", [None, False, True])
def test_what_cannot_be_set_leaves_everything_as_it_was(settings, said, user):
    path = project()
    before = path.read_bytes()
    with pytest.raises(InputError) as caught:
        set_defaults(model="sonic-2", **settings) if user is None else save(
            {"model": "sonic-2", **settings}, user=user
        )
    assert said in str(caught.value)
    assert given_away(repr(caught.value) + caught.value.advice) == []
    assert (values(), path.read_bytes()) == ({**BUILT_IN, "voice": "project"}, before)
    assert not user_config_path("cartesia_nb").exists()


def test_one_asks_for_settings_that_there_are():
    with pytest.raises(InputError, match="Did you mean 'format'"):
        default("output_format")


def test_what_is_not_known_warns_when_it_is_set_and_not_when_it_is_read():
    project()
    for change in (set_defaults, lambda **new: save(new), lambda **new: save(new, user=True)):
        with pytest.warns(UnknownIdWarning, match="'sonic-9' is not known") as caught:
            change(model="sonic-9")
        assert caught[0].filename == __file__
        with pytest.warns(UnknownIdWarning, match="'xx' is not known"):
            change(language="xx")
    assert (default("model"), default("language")) == ("sonic-9", "xx")
    reset()
    assert (default("model"), default("language")) == ("sonic-9", "xx")


BROKEN = {
    "voice = ": "no TOML",
    "voice = 5": "voice is a text, not int",
    'format = "mp4"': "format: container cannot be 'mp4'",
    'format = {container = "mp3"}': "format is a text, not dict",
    'voice = ""': "voice is a text, not empty",
    f'voice = "{KEY}"': "voice cannot be 'sk_car_…'",
    f'voice = ["{KEY}"]': "voice is a text, not list",
    f"voice = {'[' * 9999}": "no TOML",
}  # fmt: skip


@pytest.mark.parametrize("line", BROKEN, ids=range(len(BROKEN)))
@pytest.mark.parametrize("whose", ["user", "project"])
def test_what_is_broken_names_the_file_and_the_setting(line, whose, user):
    path = user if whose == "user" else project()
    path.write_text(line if whose == "user" else f"[tool.cartesia_nb]\n{line}\n")
    for _ in range(2):
        with pytest.raises(InputError) as caught:
            in_force()
        assert str(path) in str(caught.value)
        assert BROKEN[line] in str(caught.value)
        assert given_away(str(caught.value)) == []
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["tool.cartesia_nb = 5", "tool = 5 # cartesia_nb", "tool = ['cartesia_nb']"])
def test_a_table_that_is_none(text):
    path = project(text=text)
    for ask in (in_force, lambda: save({"voice": "e07c"})):
        with pytest.raises(InputError, match="is a table, not") as caught:
            ask()
        assert str(path) in str(caught.value)
    assert path.read_text() == text


def test_a_file_in_another_encoding_is_an_error(user):
    user.write_bytes('voice = "Zoë"'.encode("utf-16"))
    with pytest.raises(InputError, match="no TOML"):
        in_force()
    user.write_bytes('voice = "Zoë"\r\n'.encode("utf-8-sig"))
    assert default("voice") == "Zoë"
    save({"language": "de"}, user=True)
    assert user.read_bytes() == 'voice = "Zoë"\r\nlanguage = "de"\r\n'.encode()


def test_a_file_that_cannot_be_read_is_an_error(user, monkeypatch):
    user.write_text('voice = "user"\n')

    def refuse(_path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(InputError, match=r"config\.toml could not be read: Permission denied"):
        in_force()


def test_a_broken_project_that_is_none_of_ours_does_not_matter():
    project(text="[project\n")
    assert values() == BUILT_IN
    with pytest.raises(InputError, match="no TOML"):
        save({"voice": "e07c"})


@pytest.mark.parametrize("whose", ["user", "project"])
def test_other_names_in_a_file_warn_once(whose, user):
    path = user if whose == "user" else project()
    path.write_text(("" if whose == "user" else "[tool.cartesia_nb]\n") + 'lang = "de"\nvoice = "a"\nx = 1\n')
    with pytest.warns(UserWarning, match="there is no setting") as caught:
        assert default("voice") == "a"
    assert caught[0].filename == __file__
    assert [str(one.message) for one in caught] == [
        f"{path}: there is no setting 'lang'. Did you mean 'language'?",
        f"{path}: there is no setting 'x'. There are voice, model, language, format.",
    ]
    assert default("language") is None  # and no warning again


@pytest.mark.parametrize(
    ("name", "belongs"),
    [
        ("api_key", "CARTESIA_API_KEY"),
        ("API-Key", "CARTESIA_API_KEY"),
        ("access_token", "CARTESIA_API_KEY"),
        ("secret", "CARTESIA_API_KEY"),
        ("base_url", "CARTESIA_BASE_URL"),
        ("base-url", "CARTESIA_BASE_URL"),
    ],
)
@pytest.mark.parametrize("whose", ["user", "project"])
def test_a_file_never_sets_a_key_or_where_it_goes(name, belongs, whose, user, monkeypatch):
    path = user if whose == "user" else project()
    head = "" if whose == "user" else "[tool.cartesia_nb]\n"
    path.write_text(f'{head}voice = "a"\n{name} = "{KEY[7:]}"\n')
    with pytest.warns(UserWarning, match=f"{name}.*not used.*{belongs}") as caught:
        assert default("voice") == "a"
    assert str(path) in str(caught[0].message)
    shown = str(caught[0].message) + repr(in_force())
    assert given_away(shown) == []


def test_saving_changes_our_lines_alone():
    path = project(text=ANYTHING_ELSE)
    assert save({"voice": "e07c", "format": "mp3"}, voice_name="Ada") == path
    assert path.read_text() == (
        ANYTHING_ELSE + '\n[tool.cartesia_nb]\nvoice = "e07c"  # Ada\nformat = "mp3"\n'
    )
    assert in_force()["voice"] == defaults.Default("e07c", str(path))
    save({"voice": None, "format": "wav"})
    assert path.read_text() == ANYTHING_ELSE + '\n[tool.cartesia_nb]\nformat = "wav"\n'


def test_a_voice_and_the_name_beside_it_go_together():
    path = project(text='[tool.cartesia_nb]\nvoice = "694f"  # Bruno\nmodel = "sonic-3"  # for a reason\n')
    save({"voice": "694f", "model": "sonic-2"})
    assert path.read_text().splitlines()[1:] == [
        'voice = "694f"  # Bruno',
        'model = "sonic-2"  # for a reason',
    ]
    save({"voice": "e07c"})
    assert path.read_text().splitlines()[1] == 'voice = "e07c"'
    save({"voice": "e07c"}, voice_name='Ada\n[tool.cartesia_nb]\r\x00 #1\u2028"')
    assert path.read_text().splitlines()[1] == 'voice = "e07c"  # Ada [tool.cartesia_nb] #1 "'


def test_saving_for_the_user_makes_the_file():
    path = save({"voice": "e07c"}, user=True, voice_name="Ada")
    assert path == user_config_path("cartesia_nb") / "config.toml"
    assert path.read_text() == 'voice = "e07c"  # Ada\n'
    save({"language": "de", "voice": None}, user=True)
    assert path.read_text() == 'language = "de"\n'
    assert not Path("pyproject.toml").exists()


def test_saving_goes_to_the_nearest_project(monkeypatch):
    above = project(text="")
    near = project("a", "")
    Path("a/b").mkdir()
    monkeypatch.chdir("a/b")
    assert save({"voice": "e07c"}) == near
    assert above.read_text() == ""


def test_saving_without_a_project_is_an_error_that_says_what_to_do():
    with pytest.raises(InputError, match=r"no pyproject\.toml here.*user=True"):
        save({"voice": "e07c"})
    assert os.listdir() == []


def test_saving_what_is_there_leaves_the_file_alone():
    path = project(text=ANYTHING_ELSE)
    before = path.stat()
    save({"voice": None})
    save({})
    assert path.stat() == before


def test_line_ends_of_windows_stay():
    path = project()
    path.write_bytes(ANYTHING_ELSE.replace("\n", "\r\n").encode())
    save({"voice": "e07c"}, voice_name="Ada")
    assert b"\n" not in path.read_bytes().replace(b"\r\n", b"")
    assert default("voice") == "e07c"


def test_a_link_stays_a_link():
    project("elsewhere", "")
    Path("pyproject.toml").symlink_to("elsewhere/pyproject.toml")
    save({"voice": "e07c"})
    assert Path("pyproject.toml").is_symlink()
    assert "e07c" in Path("elsewhere/pyproject.toml").read_text()


def test_a_full_disk_leaves_the_file_as_it_was():
    path = project()
    before = path.read_bytes()
    room = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 1, room[1]))
    try:
        with pytest.raises(
            CartesiaError, match=r"pyproject\.toml could not be written: File too large"
        ) as caught:
            save({"model": "sonic-2"})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, room)
    assert not isinstance(caught.value, InputError)
    assert (path.read_bytes(), os.listdir()) == (before, ["pyproject.toml"])


def test_a_folder_that_cannot_be_made():
    user_config_path().parent.mkdir(parents=True, exist_ok=True)
    user_config_path().write_text("a file in its place")
    with pytest.raises(CartesiaError, match="could not be written"):
        save({"voice": "e07c"}, user=True)


def test_a_way_of_writing_that_cannot_be_changed_is_an_error():
    path = project(text="tool = {}\n")
    with pytest.raises(InputError, match="by hand"):
        save({"voice": "e07c"})
    assert path.read_text() == "tool = {}\n"


def test_threads_that_save_at_once_lose_nothing():
    path = project(text="")
    wanted = {"voice": "e07c", "model": "sonic-2", "language": "de", "format": "mp3"}
    start = threading.Barrier(len(wanted))

    def run(name):
        start.wait()
        save({name: wanted[name]})

    for _ in range(5):
        path.write_text("")
        threads = [threading.Thread(target=run, args=(name,)) for name in wanted]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert values() == wanted


def test_it_loads_nothing_before_it_is_needed():
    code = (
        "import sys, cartesia_nb.client.defaults\n"
        "print(*{'tomllib', 'tomlkit', 'platformdirs', 'keyring', 'requests', 'pandas'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == ""
