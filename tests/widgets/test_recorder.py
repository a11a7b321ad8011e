"""The recorder's kernel side: a recording comes in parts, in whatever order, whole or not at all."""

import re
from datetime import UTC, datetime

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from scripted import wav

from cartesia_nb import OutputFormat, Speech, recorder
from cartesia_nb.speech.wav import write_wav
from cartesia_nb.widgets import modules
from cartesia_nb.widgets.recorder import NOT_WHOLE, Recorder
from cartesia_nb.wire.errors import InputError

PART = 50_000


@pytest.fixture
def sent(monkeypatch):
    """Messages that recorders send."""
    messages = []
    monkeypatch.setattr(Recorder, "send", lambda _, content, *_buffers: messages.append(content))
    return messages


class Page:
    """What a page does with a recording: it sends parts, asks, and says what is kept."""

    def __init__(self, shown, name="first", seconds=2.0, file=None, source="microphone"):
        self.shown, self.name = shown, name
        self.file = wav(seconds) if file is None else file
        self.parts = [self.file[at : at + PART] for at in range(0, len(self.file), PART)]
        self.about = {"recording": name, "source": source, "bytes": len(self.file), "parts": len(self.parts)}

    def say(self, message, *buffers):
        data = {"method": "custom", "content": message}
        self.shown._handle_msg({"content": {"data": data}, "buffers": [memoryview(b) for b in buffers]})

    def part(self, number, content=None):
        self.say({**self.about, "part": number}, self.parts[number] if content is None else content)

    def ask(self):
        self.say(self.about)

    def keep(self, kept, name=None):
        self.say({"recording": name or self.name, "keep": kept, "by": "view"})

    def hand_over(self):
        for number in range(len(self.parts)):
            self.part(number)
        self.ask()


def test_a_recording_becomes_a_speech(sent):
    mine = recorder()
    heard = []
    mine.observe(lambda change: heard.append(change["new"]), "speech")
    page = Page(mine)
    page.hand_over()
    assert sent == [{"recording": "first", "missing": [], "refused": ""}]
    assert heard == [mine.speech]
    assert bytes(mine.speech.data) == page.file
    assert mine.speech.output_format == OutputFormat("wav")
    assert (mine.speech.duration, mine.speech.sample_rate, mine.speech.samples.ndim) == (2.0, 44100, 1)
    assert mine._state["recording"] == "first"


def test_it_says_where_it_comes_from_and_pretends_nothing(sent):
    mine = recorder()
    Page(mine, source="me & you.mp3").hand_over()
    made = mine.speech.provenance
    assert (made["method"], made["source"]) == ("recorded", "me & you.mp3")
    assert abs((datetime.now(UTC) - datetime.fromisoformat(made["made_at"])).total_seconds()) < 60
    assert re.fullmatch("[0-9a-f]{64}", made["audio_sha256"])
    assert "backend" not in made
    assert (mine.speech.backend, mine.speech.transcript) == ("", "")


@pytest.mark.parametrize("order", [(3, 2, 1, 0), (1, 3, 0, 2), (0, 1, 2, 3, 0, 2), (2, 2, 0, 3, 1)])
def test_parts_come_in_any_order_and_more_than_once(sent, order):
    mine = recorder()
    page = Page(mine)
    for number in order:
        page.part(number)
    page.ask()
    assert bytes(mine.speech.data) == page.file


def test_lost_parts_are_asked_for_and_half_is_nothing(sent):
    mine = recorder()
    page = Page(mine)
    page.ask()
    for number in (0, 3):
        page.part(number)
    page.ask()
    assert mine.speech is None
    for number in (2, 1):
        page.part(number)
    assert mine.speech is None
    page.ask()
    assert [answer["missing"] for answer in sent] == [[0, 1, 2, 3], [1, 2], []]
    assert bytes(mine.speech.data) == page.file


def test_a_question_that_is_asked_again_is_answered_again(sent):
    mine = recorder()
    page = Page(mine)
    page.hand_over()
    first = mine.speech
    page.ask()
    page.part(1)
    page.ask()
    assert [answer["missing"] for answer in sent] == [[], [], []]
    assert mine.speech is first


@pytest.mark.parametrize("last", [b"", b"\0" * 100, b"\0" * 60_000], ids=["nothing", "too short", "too long"])
def test_a_part_of_the_wrong_length_is_refused(sent, last):
    mine = recorder()
    page = Page(mine)
    for number in range(4):
        page.part(number, last if number == 3 else None)
    page.ask()
    assert sent[-1]["refused"] == NOT_WHOLE
    assert mine.speech is None
    page.hand_over()
    assert mine.speech is not None


STEREO = write_wav(b"\0" * 44100, "pcm_s16le", 44100, 2)
FLOATS = write_wav(b"\0" * 44100, "pcm_f32le", 44100)
ODD_RATE = write_wav(b"\0" * 44100, "pcm_s16le", 12345)
EMPTY = write_wav(b"", "pcm_s16le", 44100)


@pytest.mark.parametrize("file", [STEREO, FLOATS, ODD_RATE, EMPTY, b"RIFF", b"no sound at all"])
def test_what_is_no_recording_is_refused_and_the_one_before_stays(sent, file):
    mine = recorder()
    Page(mine).hand_over()
    before = mine.speech
    Page(mine, "second", file=file).hand_over()
    assert sent[-1]["refused"] == NOT_WHOLE
    assert mine.speech is before
    assert mine._state["recording"] == "first"


def test_one_that_is_too_long_is_refused_in_words(sent):
    mine = recorder(1.5)
    Page(mine, seconds=2.0).hand_over()
    assert sent[-1]["refused"] == "It lasts 2.0 s; 1.5 s is the most here."
    assert mine.speech is None


def test_parts_of_another_recording_are_no_parts_of_this_one(sent):
    mine = recorder()
    old, new = Page(mine, "old"), Page(mine, "new", seconds=2.0, file=wav(2.0)[:44] + b"\1\0" * 88_200)
    for number in (0, 1, 2):
        old.part(number)
    new.part(3)
    new.ask()
    assert sent[-1]["missing"] == [0, 1, 2]
    new.hand_over()
    assert bytes(mine.speech.data) == new.file
    old.part(3)
    old.ask()
    assert sent[-1]["missing"] == [0, 1, 2]
    assert bytes(mine.speech.data) == new.file


def test_what_is_kept_is_cut_from_the_whole(sent):
    mine = recorder()
    page = Page(mine)
    page.hand_over()
    whole = mine.speech
    page.keep([0.5, 1.25])
    assert mine.speech.duration == 0.75
    assert np.array_equal(mine.speech.samples, whole.samples[22050:55125])
    assert mine.speech.provenance["parts"][0]["method"] == "recorded"
    page.keep([0.25, 2.0])
    assert mine.speech.duration == 1.75
    page.keep(None)
    assert mine.speech is whole


def test_what_is_kept_of_another_recording_means_nothing(sent):
    mine = recorder()
    page = Page(mine)
    page.keep([0.5, 1.0])
    assert mine.speech is None
    page.hand_over()
    whole = mine.speech
    for kept, name in [([0.5, 1.0], "other"), ([0.5, 2.5], None), ([1.0, 0.5], None), ([-1.0, 1.0], None)]:
        page.keep(kept, name)
        assert mine.speech is whole
        assert mine._state["kept"] is None
    page.keep([0.5, 1.0])
    Page(mine, "second").hand_over()
    assert mine.speech.duration == 2.0
    assert mine._state == {"recording": "second", "kept": None, "by": ""}


def test_a_new_view_gets_the_recording(sent, monkeypatch):
    mine = recorder()
    page = Page(mine)
    page.say({"send": "sound", "id": "7"})
    assert sent == []
    page.hand_over()
    page.keep([0.5, 1.0])
    parts = []
    monkeypatch.setattr(Recorder, "send", lambda _, content, buffers: parts.append((content, *buffers)))
    page.say({"send": "sound", "id": "7"})
    assert [content for content, _ in parts] == [{"id": "7", "parts": 1}]
    assert parts[0][1] == page.file


def shown_html(widget):
    return InteractiveShell.instance().display_formatter.format(widget)[0].get("text/html")


def test_it_shows_the_recording_where_there_are_no_widgets(sent):
    mine = recorder()
    assert shown_html(mine) is None
    assert repr(mine) == "Recorder(nothing is recorded yet)"
    Page(mine).hand_over()
    assert "<audio" in shown_html(mine)
    assert repr(mine) == "Recorder(Speech(2.00 s))"
    mine.close()
    assert "<audio" in shown_html(mine)
    assert mine.speech.duration == 2.0


def test_a_saved_notebook_has_no_sound_in_it(sent):
    mine = recorder()
    before = len(str(mine.get_state()))
    Page(mine).hand_over()
    assert len(str(mine.get_state())) < before + 100


@pytest.mark.parametrize("longest", [0, -3, 0.5, 601, float("nan"), float("inf"), "30", None, True])
def test_longest_is_a_number_of_seconds(longest):
    with pytest.raises(InputError, match=r"longest is a number of seconds.*1 to 600"):
        recorder(longest)


def test_longest_and_countdown_can_be_set_later(sent):
    mine = recorder(countdown=False)
    assert (mine.longest, mine.countdown) == (30.0, False)
    mine.longest, mine.countdown = 5, True
    assert (mine.longest, mine.countdown) == (5.0, True)
    with pytest.raises(InputError):
        mine.longest = 0
    Page(mine, seconds=6.0).hand_over()
    assert mine.speech is None


def test_the_speech_comes_from_the_page_alone():
    with pytest.raises(Exception, match="read-only"):
        recorder().speech = Speech(wav(1.0), OutputFormat("wav"))


def test_the_script_is_one_module_whose_names_differ():
    text = modules.script("recorder/recorder.js")
    names = re.findall(r"^(?:export )?(?:async )?(?:function|const|let) (\w+)", text, re.MULTILINE)
    assert sorted(names) == sorted(set(names))
    assert "import" not in re.sub("//.*", "", text)
