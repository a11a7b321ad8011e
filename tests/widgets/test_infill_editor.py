"""The form that puts other words into a recording, filled in as a person would."""

import threading

import numpy as np
import pytest
from filling import click, settle, visible, wrong
from recogniser import transcribe, word_error_rate
from scripted import Server, reply, wav
from secret import KEY, given_away

import cartesia_nb
from cartesia_nb import OutputFormat, Speech, infill_editor
from cartesia_nb.client import client as shared
from cartesia_nb.speech.codecs import encode
from cartesia_nb.speech.cut_points import NEAR, Cut
from cartesia_nb.widgets.infill.editor import InfillEditor
from cartesia_nb.widgets.infill.edits import Edits
from cartesia_nb.widgets.infill.loudness_step import described, loudness_step

SAID = "We meet on Tuesday at ten in the morning."


@pytest.fixture(scope="module")
def spoken(sandbox):
    """A recording with the times of its words."""
    client = cartesia_nb.Client(sandbox.key, base_url=sandbox.url)
    return client.tts.sse(SAID, voice="Bruno", add_timestamps=True).collect()


@pytest.fixture
def form(connected, spoken):
    form = settle(infill_editor(spoken))
    yield form
    form.close()


def replace(form, words, text):
    form.part.words.value = words
    form.new_words.value = text
    return click(form, form.replace_button)


def texts(speech):
    return [word.text for word in speech.timed_words]


def loudest_step(samples):
    return np.abs(np.diff(samples)).max()


def test_it_opens_with_what_is_known(form, spoken):
    assert form.part.words.control.words == SAID.split()
    assert form.voice.value == "Bruno"
    assert form.speech is spoken
    assert form.replace_button.description == "Replace (about 300 credits)"
    assert not visible(form.find_button)
    assert not visible(form.sentence)
    assert visible(form.part)


def test_words_are_replaced_and_the_rest_stays(form, spoken):
    replace(form, (3, 3), "Friday next week")
    assert wrong(form) == {}
    new = form.speech
    assert new.transcript == "We meet on Friday next week at ten in the morning."
    assert texts(new) == ["We", "meet", "on", "Friday next week", "at", "ten", "in", "the", "morning."]
    assert word_error_rate(new.transcript, transcribe(new.samples, new.sample_rate)) == 0
    edit = form.edits.current.edits[0]
    cut = edit["start"], edit["end"]
    tuesday = spoken.timed_words[3]
    assert cut == pytest.approx((tuesday.start, tuesday.end), abs=NEAR)
    # What stays is the same sound, sample for sample but for the cross-fade.
    rate = spoken.sample_rate
    before = round((cut[0] - 0.011) * rate)
    after = round((spoken.duration - cut[1] - 0.011) * rate)
    assert np.array_equal(new.samples[:before], spoken.samples[:before])
    assert np.array_equal(new.samples[-after:], spoken.samples[-after:])
    # Words before keep their times, those after keep their distance from the end.
    assert new.timed_words[:3] == spoken.timed_words[:3]
    for old, now in zip(spoken.timed_words[4:], new.timed_words[4:], strict=True):
        # The cut may take a little of the beginning of the first.
        assert new.duration - now.end == pytest.approx(spoken.duration - old.end, abs=1e-3)


def test_there_is_no_jump_where_the_parts_meet(form, spoken):
    replace(form, (3, 3), "Friday next week")
    new, rate = form.speech, form.speech.sample_rate
    usual = loudest_step(spoken.samples)
    for at in (anchor[1] for anchor in form.edits.current.anchors[1:-1]):
        joint = new.samples[round((at - 0.02) * rate) : round((at + 0.02) * rate)]
        assert loudest_step(joint) < usual / 2


def test_the_sides_are_sent_as_they_are_cut(form, spoken):
    replace(form, (3, 3), "Friday")
    parts = form.speech.provenance["parts"]
    edit = form.edits.current.edits[0]
    assert [part["method"] for part in parts] == ["cut", "infill.bytes", "cut"]
    assert (parts[0]["start"], parts[0]["end"]) == (0.0, edit["start"])
    assert (parts[2]["start"], parts[2]["end"]) == (edit["end"], spoken.duration)
    request = parts[1]["request"]
    assert request["model_id"] == "sonic-3"
    assert parts[1]["voice_name"] == "Bruno"
    assert request["output_format"]["sample_rate"] == spoken.sample_rate
    assert {"left_audio", "right_audio"} <= set(request)


@pytest.mark.parametrize(("words", "side"), [((0, 1), "right_audio"), ((6, 8), "left_audio")])
def test_at_an_end_there_is_only_one_side(form, words, side):
    replace(form, words, "Come back")
    infill = next(part for part in form.speech.provenance["parts"] if part.get("method") == "infill.bytes")
    assert {"left_audio", "right_audio"} & set(infill["request"]) == {side}
    assert "Come back" in form.speech.transcript


def test_all_of_it_is_refused_with_a_way_out(form, spoken):
    replace(form, (0, 8), "Something else")
    assert "all of it is selected" in form.part.words.note.wrong.lower()
    assert "tts.bytes" in form.part.words.note.wrong
    assert form.speech is spoken
    assert form.new_words.value == "Something else"


def test_nothing_selected_and_nothing_written_are_said_where_they_are_missing(form):
    form.new_words.value = "Friday"
    click(form, form.replace_button)
    assert wrong(form.part)["words"].startswith("Nothing is selected.")
    form.part.words.value = (3, 3)
    assert wrong(form.part) == {}
    form.new_words.value = " "
    click(form, form.replace_button)
    assert wrong(form)["new_words"].startswith("New words is empty.")
    form.new_words.value = "?!"
    click(form, form.replace_button)
    assert "nothing to say" in wrong(form)["new_words"]
    form.new_words.value, form.voice.value = "Friday", "Nobody"
    click(form, form.replace_button)
    assert wrong(form)["voice"].startswith("No voice is called 'Nobody'.")


def test_words_and_waveform_show_the_same(form, spoken):
    on, tuesday = spoken.timed_words[2:4]
    form.part.words.value = (2, 3)
    assert form.part.selection == (on.start, tuesday.end)
    # A drag over most of a word means the word.
    form.part.takes.select((tuesday.start + 0.1, tuesday.end - 0.1))
    assert form.part.words.value == (3, 3)
    assert form.part.selection == (tuesday.start, tuesday.end)
    form.part.words.value = None
    assert form.part.selection is None
    form.part.takes.select((tuesday.start, tuesday.end))
    form.part.takes.select(None)
    assert form.part.words.value is None


def test_without_snapping_the_selection_stays_as_it_is(form, spoken):
    tuesday = spoken.timed_words[3]
    form.part.snap.value = False
    rough = (tuesday.start + 0.1, tuesday.end - 0.1)
    form.part.takes.select(rough)
    assert form.part.selection == rough
    assert form.part.words.value == (3, 3)
    form.part.snap.value = True
    assert form.part.selection == (tuesday.start, tuesday.end)


def test_undo_and_redo_go_several_steps(form, spoken):
    replace(form, (3, 3), "Friday")
    first = form.speech
    replace(form, (5, 5), "eleven")
    second = form.speech
    assert second.transcript == "We meet on Friday at eleven in the morning."
    click(form, form.undo_button)
    assert form.speech is first
    assert form.part.words.value == (5, 5)
    click(form, form.undo_button)
    assert form.speech is spoken
    click(form, form.undo_button)
    assert form.line.note.wrong == "There is nothing to undo."
    click(form, form.redo_button)
    form.part.words.value = (0, 1)
    click(form, form.redo_button)
    assert form.speech is second
    click(form, form.undo_button)
    assert form.part.words.value == (0, 1)
    click(form, form.redo_button)
    click(form, form.redo_button)
    assert form.line.note.wrong == "There is nothing to redo."
    click(form, form.undo_button)
    replace(form, (8, 8), "evening.")
    assert form.speech.transcript == "We meet on Friday at ten in the evening."
    assert [edit["text"] for edit in form.edits.current.edits] == ["Friday", "evening."]
    click(form, form.redo_button)
    assert form.line.note.wrong == "There is nothing to redo."


def test_the_players_know_which_places_are_the_same(form, spoken):
    assert len(form.part.takes.players) == 1
    replace(form, (3, 3), "Friday next week")
    original, now = form.part.takes.players
    assert (original.speech, now.speech) == (spoken, form.speech)
    assert (visible(original), visible(now)) == (False, True)
    form.part.takes.turn.shown = 0
    assert (visible(original), visible(now)) == (True, False)
    replace(form, (5, 5), "eleven")
    places = np.array(form.part.takes.turn.anchors)
    assert (np.diff(places, axis=0) >= 0).all()
    for number in (1, 4, 8):
        word = spoken.timed_words[number]
        moved = form.speech.timed_words[number]
        found = np.interp(word.end, places[:, 0], places[:, 1])
        assert found == pytest.approx(moved.end, abs=0.002)
    click(form, form.undo_button)
    click(form, form.undo_button)
    assert len(form.part.takes.players) == 1


def test_the_player_stands_before_the_joint(form):
    replace(form, (8, 8), "evening.")
    edit = form.edits.current.edits[0]
    assert form.part.takes.players[-1].position == pytest.approx(edit["start"] - 1.0)


def test_what_is_kept_lies_on_the_shelf(form):
    click(form, form.keep_button)
    assert form.line.note.wrong.startswith("Nothing has changed yet.")
    assert form.result is None
    replace(form, (3, 3), "Friday")
    click(form, form.keep_button)
    assert form.result is form.speech
    assert list(form.results.action) == ["Edited: the recording"]
    assert form.results.arguments[0]["edits"][0]["text"] == "Friday"
    shown = form.shelf._repr_html_()
    assert shown.count("<audio") == 2
    assert shown.index("Original") < shown.index("New")


def test_the_line_of_python_does_the_same(form, spoken):
    form.part.words.value, form.new_words.value = (3, 3), "Friday"
    line = form.code.code
    made = eval(line, {"cartesia_nb": cartesia_nb, "clip": spoken})
    click(form, form.replace_button)
    assert np.array_equal(made.samples, form.speech.samples)
    assert 'voice_id="Bruno"' in line
    form.part.words.value = (0, 0)
    assert form.code.code.startswith("cartesia_nb.connect().infill.bytes(")
    assert "left_audio" not in form.code.code


def test_the_line_names_what_the_notebook_has(connected, spoken, shell):
    shell.user_ns["talk"] = spoken
    form = settle(infill_editor(spoken))
    shell.user_ns["editor"] = form
    form.part.words.value = (3, 3)
    assert form.code.code.startswith("talk[:")
    replace(form, (3, 3), "Friday")
    form.part.words.value = (4, 4)
    assert form.code.code.startswith("editor.speech[:")


def test_words_that_are_not_known_are_found(connected, spoken):
    plain = Speech(spoken.as_file(".wav"), OutputFormat("wav"), provenance={"method": "recording"})
    form = settle(infill_editor(plain))
    seconds = -(-spoken.duration // 2)
    assert form.find_button.description == f"Find when each word is said (about {seconds:.0f} credits)"
    assert visible(form.find_button)
    assert not visible(form.part.snap)
    click(form, form.find_button)
    assert texts(form.speech) == SAID.split()
    assert not visible(form.find_button)
    assert form.speech.provenance["method"] == "recording"
    replace(form, (3, 3), "Friday")
    assert form.speech.transcript == "We meet on Friday at ten in the morning."
    click(form, form.undo_button)
    assert texts(form.speech) == SAID.split()


def test_a_phrase_that_was_put_in_can_be_found_word_by_word(form):
    replace(form, (3, 3), "Friday next week")
    assert visible(form.find_button)
    click(form, form.find_button)
    assert texts(form.speech)[3:6] == ["Friday", "next", "week"]
    assert len(form.edits.versions) == 2


def test_without_words_a_part_is_replaced_all_the_same(connected, spoken):
    form = settle(infill_editor((spoken.samples, spoken.sample_rate)))
    tuesday = spoken.timed_words[3]
    form.part.takes.select((tuesday.start, tuesday.end))
    form.new_words.value = "Friday"
    click(form, form.replace_button)
    heard = connected.stt.transcribe(form.speech).text
    assert word_error_rate("We meet on Friday at ten in the morning.", heard) == 0
    assert (form.speech.transcript, form.speech.timed_words) == ("", ())


def test_a_text_can_be_spoken_first(connected):
    form = settle(infill_editor())
    assert not visible(form.part)
    form.sentence.value = "Good morning to you."
    assert form.speak_button.description == "Speak (about 20 credits)"
    made = eval(form.code.code, {"cartesia_nb": cartesia_nb})
    assert (made.transcript, texts(made)[1]) == ("Good morning to you.", "morning")
    click(form, form.speak_button)
    settle(form)
    assert texts(form.speech) == ["Good", "morning", "to", "you."]
    assert not visible(form.sentence)
    replace(form, (1, 1), "evening")
    assert form.speech.transcript == "Good evening to you."


def test_a_recording_that_is_known_at_once_waits_for_the_form(connected, spoken, monkeypatch):
    arrange = InfillEditor._arrange

    def late(form):
        form.clip.look.join(0.3)
        arrange(form)

    monkeypatch.setattr(InfillEditor, "_arrange", late)
    form = settle(infill_editor(spoken))
    assert wrong(form) == {}
    assert form.speech is spoken


def test_another_recording_begins_anew(form, connected):
    replace(form, (3, 3), "Friday")
    other = connected.tts.bytes("Good night.", voice="Ada")
    form.clip.keep("other", other)
    settle(form)
    assert form.speech is other
    assert form.edits.current.edits == ()
    # What was paid for is kept.
    assert form.result.transcript == "We meet on Friday at ten in the morning."
    assert list(form.results.action) == ["Edited: the recording"]
    assert form.voice.value == "Ada"
    assert form.part.words.control.words == []
    assert "not known" in form.part.words.note.text


@pytest.mark.parametrize("rate", [11025, 32000])
def test_a_rate_that_the_service_does_not_speak_at_is_refused(connected, rate):
    form = settle(infill_editor((np.zeros(rate, np.float32), rate)))
    assert f"cannot be spoken at {rate} Hz" in wrong(form)["clip"]
    assert "24000" in wrong(form)["clip"]
    assert form.speech is None


def test_a_recording_that_is_too_long_is_refused(connected, monkeypatch):
    monkeypatch.setattr("cartesia_nb.widgets.clip.LONGEST_HEARD", 0.1)
    form = settle(infill_editor((np.zeros(8000, np.float32), 8000)))
    assert "600 seconds" in wrong(form)["clip"]


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 24000, 48000])
def test_the_new_words_come_at_the_rate_of_the_recording(connected, rate):
    spoken = connected.tts.sse(SAID, add_timestamps=True, output_format=f"raw:pcm_s16le@{rate}").collect()
    form = settle(infill_editor(spoken))
    replace(form, (3, 3), "Friday")
    assert form.speech.sample_rate == rate
    assert form.speech.transcript == "We meet on Friday at ten in the morning."


def test_both_channels_are_edited(connected, spoken):
    both = np.stack([spoken.samples, spoken.samples / 2], axis=1)
    data = encode(both, spoken.sample_rate, ".wav")
    form = settle(infill_editor(Speech(data, OutputFormat("wav"), words=spoken.timed_words)))
    replace(form, (3, 3), "Friday")
    assert form.speech.samples.shape[1] == 2
    assert form.speech.transcript == "We meet on Friday at ten in the morning."


def test_what_was_told_of_new_words_goes_with_them(form, monkeypatch):
    monkeypatch.setattr("cartesia_nb.widgets.infill.editor.loudness_step", lambda *_: -12.0)
    replace(form, (3, 3), "Friday")
    assert form.new_words.note.text == "The new words are 12 dB softer than what surrounds them."
    form.undo_button.click()
    assert form.new_words.note.text == ""


def test_a_step_in_loudness_is_measured_and_told(spoken):
    cut = Cut(0.7, 1.2)
    piece = spoken[1.2:2.2]
    soft = Speech(encode(piece.samples / 4, 44100, ".wav"), OutputFormat("wav"))
    difference = loudness_step(spoken, cut, soft) - loudness_step(spoken, cut, piece)
    assert difference == pytest.approx(-12.04, abs=0.3)
    assert described(difference) == "The new words are 12 dB softer than what surrounds them."
    assert described(3.0) == ""


class Fire:
    """A service that fails at first, and waits for a word."""

    def __init__(self):
        self.failing, self.go, self.asked = True, threading.Event(), []

    def __call__(self, asked):
        if not asked.path.startswith("/infill"):
            return reply({"data": [], "has_more": False})
        self.asked.append(asked)
        if self.failing:
            return reply({"error_code": "oops", "message": "the machine is on fire"}, status=500)
        self.go.wait(30)
        return reply(wav(0.5))


@pytest.fixture
def fire(monkeypatch):
    fire = Fire()
    with Server(answer=fire) as server:
        monkeypatch.setattr(shared, "_shared", shared.Client(KEY, base_url=server.url))
        yield fire
        fire.go.set()


def ready(spoken):
    form = settle(infill_editor(spoken))
    form.part.words.value, form.new_words.value = (3, 3), "Friday"
    form.voice.value = "00000000-0000-4000-8000-000000000000"
    return form


def test_a_failure_of_the_service_can_be_tried_again(fire, spoken):
    form = ready(spoken)
    click(form, form.replace_button)
    assert "the machine is on fire" in form.line.note.wrong
    assert (form.speech, form.new_words.value) == (spoken, "Friday")
    fire.failing = False
    fire.go.set()
    click(form, form.line.retry)
    assert form.line.note.wrong == ""
    assert form.speech.transcript == "We meet on Friday at ten in the morning."


def test_while_it_works_it_can_be_cancelled_but_not_undone(fire, spoken):
    fire.failing = False
    form = ready(spoken)
    form.replace_button.click()
    assert visible(form.line.cancel)
    form.undo_button.click()
    assert "still going on" in form.line.note.wrong
    form.line.cancel.click()
    assert "may still be carried out, and charged" in form.line.note.text
    fire.go.set()
    settle(form)
    assert form.speech is spoken
    assert len(form.edits.versions) == 1


def test_another_recording_calls_off_what_goes_on(fire, spoken):
    fire.failing = False
    form = ready(spoken)
    form.replace_button.click()
    other = Speech(wav(1.0), OutputFormat("wav"))
    form.clip.keep("other", other)
    form.clip.look.join()
    fire.go.set()
    settle(form)
    assert form.speech is other
    assert "may still be carried out, and charged" in form.line.note.text


def test_nothing_is_sent_before_it_is_asked_for(fire, spoken):
    form = ready(spoken)
    assert fire.asked == []
    form.part.words.value = (0, 8)
    click(form, form.replace_button)
    form.new_words.value = f"my key is {KEY}"
    form.part.words.value = (3, 3)
    click(form, form.replace_button)
    assert fire.asked == []
    assert "contains the API key" in wrong(form)["new_words"]
    assert not given_away(form.new_words.note.wrong + form.line.note.wrong)


def test_closing_takes_the_players_away(connected, spoken):
    form = settle(infill_editor(spoken))
    [first] = form.part.takes.players
    replace(form, (3, 3), "Friday")
    assert first.comm is None
    players = form.part.takes.players
    assert len(players) == 2
    form.close()
    assert all(player.comm is None for player in players)


def test_edits_of_nothing():
    edits = Edits.of(Speech(wav(1.0), OutputFormat("wav")))
    assert edits.current.anchors == [(0.0, 0.0), (1.0, 1.0)]
