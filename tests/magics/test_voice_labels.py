"""The names of voices, as completion offers them: how they stand on the line, and when they are known."""

import threading
import time
from types import SimpleNamespace

import pytest
from completing import answered, asking, offered, running_kernel
from scripted import Server, reply
from secret import KEY, given_away

from cartesia_nb.client import client as shared
from cartesia_nb.client.defaults import default
from cartesia_nb.magics import voice_labels
from cartesia_nb.magics.voice_labels import VoiceLabels


def listed(*names):
    """Return the answer of a server that has voices of these names."""
    rows = [
        {"id": f"00000000-0000-0000-0000-{number:012}", "name": name} for number, name in enumerate(names)
    ]
    return {"data": rows, "has_more": False}


@pytest.fixture
def notebook(notebook):
    """End with nobody asking the server any more."""
    yield notebook
    answered()


@pytest.fixture
def voices(notebook):
    """Return a function that gives the server's voices these names, and makes them known."""

    def named(*names):
        everyone = listed(*names)
        by_path = {f"/voices/{row['id']}": row for row in everyone["data"]}
        notebook.server.answer = lambda asked: reply(by_path.get(asked.path, everyone))
        notebook.run("%cartesia voices")
        return notebook

    return named


# A name, what was typed of it, and how it stands on the line in the end.
NAMES = [
    ("Ada - Calm", "Ad‸", '"Ada - Calm"'),
    ("Ada - Calm", "ada - c‸", None),
    ("Ada - Calm", '"ada - c‸', '"Ada - Calm"'),
    ("Ada - Calm", "'ada - c‸", "'Ada - Calm'"),
    ("Ada - Calm", '"‸', '"Ada - Calm"'),
    ("Ada - Calm", '"ad‸" --model sonic-2', '"Ada - Calm" --model sonic-2'),
    ("Ada - Calm", "'ad‸'", "'Ada - Calm'"),
    ("Ada - Calm", "cal‸", '"Ada - Calm"'),
    ("Ada - Calm", '"cal‸', '"Ada - Calm"'),
    ("Ada - Calm", "alm‸", None),
    ("Ada (British)", "brit‸", '"Ada (British)"'),
    ("Ada (British)", '"(brit‸', '"Ada (British)"'),
    ("O'Brien", "o‸", "O'Brien"),
    ("O'Brien", "'o‸", '"O\'Brien"'),
    ("O'Brien", "'o‸'", None),
    ("Conan O'Brien", "con‸", '"Conan O\'Brien"'),
    ('Ada "the Voice"', "ad‸", "'Ada \"the Voice\"'"),
    ('Ada "the Voice"', '"ad‸', "'Ada \"the Voice\"'"),
    ('"Ada"', "'‸", "'\"Ada\"'"),
    ("Ada 'a' \"b\"", "ad‸", None),  # cannot stand on a line
    ("Ada\nCalm", "ad‸", None),
    ("-Ada", "‸", '"-Ada"'),
    ("Zoë Müller", "zo‸", '"Zoë Müller"'),
    ("明日香", "明‸", "明日香"),
    ("Ada\u00a0Calm", "ad‸", '"Ada\u00a0Calm"'),
]


@pytest.mark.parametrize(("name", "typed", "becomes"), NAMES)
def test_a_voice_is_offered_as_it_can_be_typed(voices, name, typed, becomes):
    notebook = voices(name, "Quentin Quick")
    found = offered(notebook, f"%cartesia tts --voice {typed}")
    if becomes is None:  # IPython may find something of its own
        assert [cell for cell in found if name in cell] == []
    else:
        assert [cell for cell in found if "Quentin" not in cell] == [f"%cartesia tts --voice {becomes}"]


@pytest.mark.parametrize("name", dict.fromkeys(name for name, _, becomes in NAMES if becomes))
def test_what_is_offered_is_the_voice_that_speaks(voices, name):
    notebook = voices("Quentin Quick", name)
    not_it = ('Quick"', "-o", "--raw", "--help")
    (cell,) = (cell for cell in offered(notebook, "%cartesia voice ‸") if not cell.endswith(not_it))
    notebook.run(cell)
    assert notebook.error is None
    assert default("voice") == "00000000-0000-0000-0000-000000000001"


def test_names_that_begin_so_come_before_those_with_a_word_that_does(voices):
    notebook = voices("Ada - Calm", "Calvin", "Bruno")
    assert offered(notebook, "%cartesia voice cal‸") == [
        "%cartesia voice Calvin",
        '%cartesia voice "Ada - Calm"',
    ]


# -- when they are known ------------------------------------------------------------------------------


@pytest.fixture
def clock(monkeypatch):
    """Return a clock that only the test moves: `.now`, in seconds."""
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(voice_labels, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


@pytest.fixture
def share(monkeypatch):
    """Return a function that makes a client for a server the shared one."""

    def sharing(server):
        client = shared.Client(KEY, base_url=server.url, retries=0) if server else None
        monkeypatch.setattr(shared, "_shared", client)
        return client

    return sharing


def held(*names):
    """Return an event, and a script that sends these names once it is set."""
    event = threading.Event()

    def script(sock):
        event.wait(60)
        sock.sendall(reply(listed(*names), Connection="close"))

    return event, script


def test_names_come_by_themselves_in_a_kernel(sandbox, monkeypatch, tmp_path):
    monkeypatch.setenv("CARTESIA_API_KEY", sandbox.key)
    monkeypatch.setenv("CARTESIA_BASE_URL", sandbox.url)
    with running_kernel(tmp_path) as kernel:
        kernel.run("%load_ext cartesia_nb")
        end = time.monotonic() + 60
        while kernel.offered("%cartesia tts --voice Br‸") != ["%cartesia tts --voice Bruno"]:
            assert time.monotonic() < end
            time.sleep(0.1)
        # To look for names has decided nothing: settings may follow.
        kernel.run("from cartesia_nb.client.client import shared\nassert shared() is None")


def test_a_server_that_never_answers_keeps_nobody_waiting(notebook, share):
    event, script = held("Ada")
    with Server([script]) as server:
        share(server)
        assert "%cartesia voice --raw" in offered(notebook, "%cartesia voice ‸")
        assert offered(notebook, "%cartesia tts --vol‸") == ["%cartesia tts --volume"]
        (thread,) = asking()  # one for both
        assert thread.daemon
        event.set()
        answered()
        assert offered(notebook, "%cartesia voice a‸") == ["%cartesia voice Ada"]


def test_names_that_were_met_are_there_at_once(share):
    event, script = held("Ada")
    with Server([script]) as server:
        share(server).voices.names.remember([{"id": "x", "name": "Mine"}])
        labels = VoiceLabels()
        assert labels.now() == ["Mine"]
        event.set()
        answered()
        assert labels.now() == ["Ada", "Mine"]


@pytest.mark.parametrize("failure", [reply(f"Bad key {KEY}", 401), b"", reply({"data": 5}), reply("<html>")])
def test_a_failed_question_is_asked_again_later(share, clock, failure, capfd):
    with Server([failure, reply(listed("Ada"))]) as server:
        share(server)
        labels = VoiceLabels()
        for seconds, known, asked in [(0, [], 1), (29, [], 1), (2, ["Ada"], 2)]:
            clock.now += seconds
            labels.now()
            answered()
            assert labels.now() == known
            assert len(server.asked) == asked
    assert capfd.readouterr() == ("", "")


def test_names_are_asked_for_again_after_a_while_and_stay_meanwhile(share, clock):
    event, script = held("Ada", "Bruno")
    with Server([reply(listed("Ada"), Connection="close"), script, reply("No", 500)]) as server:
        share(server)
        labels = VoiceLabels()
        labels.now()
        answered()
        clock.now += 299
        assert labels.now() == ["Ada"]
        assert asking() == []
        clock.now += 2
        assert labels.now() == ["Ada"]
        event.set()
        answered()
        assert labels.now() == ["Ada", "Bruno"]
        clock.now += 301
        labels.now()
        answered()
        assert labels.now() == ["Ada", "Bruno"]
        assert len(server.asked) == 3


def test_another_client_has_other_names(share):
    labels = VoiceLabels()
    with Server([reply(listed("Ada"))]) as one, Server([reply(listed("Bruno"))]) as other:
        for server, names in [(one, ["Ada"]), (other, ["Bruno"]), (one, ["Ada"])]:
            share(server)
            assert labels.now() == []
            answered()
            assert labels.now() == names


def test_a_late_answer_of_another_client_changes_nothing(share):
    event, script = held("Ada")
    labels = VoiceLabels()
    with Server([script]) as slow, Server([reply(listed("Bruno"))]) as quick:
        share(slow)
        labels.now()
        (late,) = asking()
        share(quick)
        labels.now()
        (thread,) = (thread for thread in asking() if thread is not late)
        thread.join(60)
        event.set()
        answered()
        assert labels.now() == ["Bruno"]


def test_without_a_key_there_are_no_names_and_no_error(notebook, share, capfd):
    share(None)
    offered(notebook, "%cartesia tts --voice ‸")
    answered()
    offered(notebook, "%cartesia tts --voice ‸")
    assert capfd.readouterr() == ("", "")
    assert shared.shared() is None


def test_a_refused_key_is_not_printed(notebook, share, capfd, caplog):
    caplog.set_level("DEBUG")
    with Server([reply(f"Bad key {KEY}", 401)]) as server:
        share(server)
        offered(notebook, "%cartesia tts --voice ‸")
        answered()
    assert capfd.readouterr() == ("", "")
    assert "401" in caplog.text
    assert given_away(caplog.text) == []


def test_completion_does_not_change_how_a_name_is_looked_up(share):
    with Server([reply(listed("Ada"))]) as server:
        client = share(server)
        VoiceLabels().now()
        answered()
        client.voices.names.speaker("Ada")
        assert [asked.path for asked in server.asked] == ["/voices?limit=100", "/voices?q=Ada&limit=100"]
