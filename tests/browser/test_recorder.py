"""The recorder as a person uses it: speaks, stops, listens, trims, by mouse and by keyboard; and what goes wrong."""

import base64
import io

import numpy as np
import pytest
import soundfile
from labharness import Lab, fake_microphone, write_notebook

from cartesia_nb import Client
from cartesia_nb.speech.wav import read_wav, write_wav

SAID = "The weather is fine today, and we are going to the lake."
RECORDER = "from cartesia_nb import recorder\nr = recorder(12, countdown=False)\nr"
LONGER = "from cartesia_nb import recorder\nr = recorder(60, countdown=False)\nr"
SHORT = "short = recorder(2)\nshort"

WATCH_MICROPHONE = """() => {
  window.streams = [];
  const get = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async asked => {
    window.asked = asked.audio;
    const stream = await get(asked);
    window.streams.push(stream);
    return stream;
  };
}"""
LISTENS = "window.streams.some(s => s.getTracks().some(t => t.readyState === 'live'))"
LOSE = """most => {
  const send = WebSocket.prototype.send;
  window.lost = 0;
  WebSocket.prototype.send = function (data) {
    const size = data.byteLength ?? data.length;
    if (size > 400_000 && window.lost < most) window.lost += 1;
    else send.call(this, data);
  };
}"""
DROP = """([bytes, ...names]) => {
  const dropped = new DataTransfer();
  for (const name of names) dropped.items.add(new File([Uint8Array.from(atob(bytes), c => c.charCodeAt(0))], name));
  return dropped;
}"""


@pytest.fixture(scope="module")
def client(sandbox):
    return Client(sandbox.key, base_url=sandbox.url)


@pytest.fixture(scope="module")
def voice(client, tmp_path_factory):
    """A file that plays as the microphone: a sentence and a second of silence, again and again."""
    spoken = read_wav(client.tts.bytes(SAID).data)
    path = tmp_path_factory.mktemp("voice") / "voice.wav"
    path.write_bytes(write_wav(spoken.samples + bytes(2 * 44100), "pcm_s16le", 44100))
    return path


class Shown:
    """A recorder in a cell, by what a person finds there."""

    def __init__(self, lab, index):
        self.lab, self.cell, self.page = lab, lab.cell(index), lab.page
        self.root = self.cell.locator(".cartesia-recorder")
        self.root.wait_for()

    def button(self, name):
        return self.cell.get_by_role("button", name=name, exact=True)

    def slider(self, name):
        return self.cell.get_by_role("slider", name=name)

    def says(self, text):
        self.cell.get_by_role("status").get_by_text(text).wait_for()

    def complains(self, text):
        self.cell.get_by_role("alert").get_by_text(text).wait_for()

    @property
    def listens(self):
        return self.page.evaluate(LISTENS)

    def record(self, seconds):
        self.button("Record").click()
        self.button("Stop").wait_for()
        self.page.wait_for_timeout(1000 * seconds)
        self.button("Stop").click()
        self.handed_over()

    def choose(self, name, content):
        file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        self.root.locator("input[type=file]").set_input_files([file])

    def drop(self, content, *names):
        dropped = self.page.evaluate_handle(DROP, [base64.b64encode(content).decode(), *names])
        for event in ("dragenter", "dragover", "drop"):
            self.root.dispatch_event(event, {"dataTransfer": dropped})

    def handed_over(self):
        self.says("Python has it as .speech")
        self.lab.wait_idle()

    def duration(self, name="r"):
        return self.lab.python(f"{name}.speech and {name}.speech.duration")

    def data(self):
        return base64.b64decode(self.lab.python("__import__('base64').b64encode(r.speech.data).decode()"))

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def focused(self):
        return self.page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.textContent")

    def drag(self, name, part):
        """Drag one of the ends to a part of the waveform's width."""
        handle, wave = self.slider(name).bounding_box(), self.slider("Position").bounding_box()
        across = wave["y"] + wave["height"] / 2
        self.page.mouse.move(handle["x"] + handle["width"] / 2, across)
        self.page.mouse.down()
        self.page.mouse.move(wave["x"] + wave["width"] * part, across, steps=4)
        self.page.mouse.up()
        self.lab.wait_idle()

    def until_audio(self, condition):
        """Wait for a condition on the `audio` that was played last, in JavaScript."""
        audio = self.page.evaluate_handle("window.heard")
        self.page.wait_for_function(f"audio => {condition}", arg=audio)


# The sound is in no element of the page: what plays last is kept here.
HEAR = """() => {
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () { window.heard = this; return play.call(this); };
}"""


@pytest.fixture(scope="module", params=[("lab", "light"), ("notebook", "dark")], ids="-".join)
def lab(request, voice, tmp_path_factory):
    app, theme = request.param
    path = write_notebook(tmp_path_factory.mktemp("recorder") / "recorder.ipynb", RECORDER, "r", SHORT)
    with Lab(path, app=app, theme=theme, flags=fake_microphone(voice)) as lab:
        lab.page.evaluate(WATCH_MICROPHONE)
        lab.page.evaluate(HEAR)
        lab.run_cell(0)
        yield lab


@pytest.fixture
def shown(lab):
    """The recorder, as it is when it has just been run."""
    lab.run_cell(0)
    return Shown(lab, 0)


@pytest.fixture
def full(shown):
    """A recorder that has four seconds, from a file."""
    shown.choose("four.wav", tone(4))
    shown.handed_over()
    return shown


def tone(seconds, rate=44100, channels=1, level=0.3, kind="WAV"):
    at = np.arange(int(seconds * rate)) / rate
    sound = level * np.sin(2 * np.pi * 300 * at) * (1 + np.sin(2 * np.pi * at)) / 2
    file = io.BytesIO()
    soundfile.write(file, np.stack([sound] * channels, axis=1), rate, format=kind)
    return file.getvalue()


# -- the microphone ------------------------------------------------------------------------------------


def test_what_is_said_is_what_is_recorded(shown, client, voice):
    assert shown.page.evaluate("window.streams.length") == 0
    assert shown.lab.python("r.speech") is None
    shown.record(8)
    assert not shown.listens
    assert shown.page.evaluate("window.asked") == {
        "echoCancellation": False, "noiseSuppression": False, "autoGainControl": False, "channelCount": 1,
    }  # fmt: skip
    said = client.stt.transcribe(shown.data()).text
    assert "weather is fine today" in said
    assert "going to the lake" in said
    # Nothing on the way makes it another sound: some of it is in the microphone's, sample by sample.
    recorded = np.frombuffer(read_wav(shown.data()).samples, "<i2")
    loudest = int(np.argmax(np.abs(recorded[44100:-44100]))) + 44100
    piece = recorded[loudest - 1000 : loudest + 1000].tobytes()
    assert piece in read_wav(voice.read_bytes()).samples * 2
    assert shown.focused() == "Play"


def test_it_counts_down_if_it_is_told_to(shown):
    shown.cell.get_by_label("Count down").check()
    shown.button("Record").click()
    for left in (3, 2, 1):
        shown.says(f"Recording begins in {left}")
    assert shown.cell.get_by_role("meter", name="Level").get_attribute("aria-valuetext") in ("good", "quiet")
    shown.says("Recording from Fake")
    shown.lab.wait_idle()
    assert shown.lab.python("r.countdown") is True
    shown.button("Stop").click()


@pytest.mark.parametrize("state", ["counting", "recording"])
def test_escape_gives_up_and_lets_go_of_the_microphone(shown, state):
    shown.lab.python(f"setattr(r, 'countdown', {state == 'counting'})")
    shown.button("Record").click()
    shown.says("Recording begins in 2" if state == "counting" else "Recording from")
    assert shown.listens
    shown.press("Escape")
    shown.button("Record").wait_for()
    assert not shown.listens
    shown.page.wait_for_timeout(1500)  # nothing goes on behind it
    assert shown.cell.get_by_role("status").inner_text() == ""
    assert shown.duration() is None


def test_it_stops_by_itself(lab):
    lab.run_cell(2)
    shown = Shown(lab, 2)
    shown.cell.get_by_label("Count down").uncheck()
    shown.button("Record").click()
    shown.handed_over()
    assert 1.7 < shown.duration("short") <= 2
    assert not shown.listens


def test_the_one_before_stays_until_there_is_another(full):
    full.button("Record again").click()
    full.says("Recording from")
    assert full.focused() == "Stop"
    full.press("Escape")
    full.slider("Start").wait_for()
    assert full.duration() == 4
    full.button("Record again").click()
    full.says("Recording from")
    full.page.wait_for_timeout(1500)
    full.press("Space")
    full.handed_over()
    assert 1 < full.duration() < 4


def test_a_microphone_that_is_pulled_out_leaves_what_it_heard(shown):
    shown.button("Record").click()
    shown.says("Recording from")
    shown.page.wait_for_timeout(1500)
    shown.page.evaluate(
        "() => { const [t] = window.streams.at(-1).getTracks(); t.stop(); t.dispatchEvent(new Event('ended')); }"
    )
    shown.complains("The microphone went away. What it had heard until then is kept.")
    shown.handed_over()
    assert shown.duration() > 1


@pytest.mark.parametrize("end", ["run again", "closed", "left"])
def test_nothing_listens_when_it_is_gone(shown, end):
    shown.button("Record").click()
    shown.says("Recording from")
    assert shown.listens
    if end == "run again":
        shown.lab.run_cell(0)
    elif end == "closed":
        shown.lab.python("r.close()")
        shown.root.wait_for(state="detached")
    else:
        shown.page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide'))")
    shown.page.wait_for_function(f"!{LISTENS}", timeout=5000)  # long before it would stop by itself


# -- listening and trimming ----------------------------------------------------------------------------


def test_trim_by_mouse(full):
    full.drag("Start", 0.25)
    full.drag("End", 0.5)
    start, end = full.lab.python("r._state['kept']")
    assert (start, end) == (pytest.approx(1, abs=0.05), pytest.approx(2, abs=0.05))
    assert full.duration() == pytest.approx(end - start, abs=0.001)
    full.cell.get_by_text("s are kept: ").wait_for()
    full.drag("Start", 0.9)  # not past the other
    assert full.duration() == pytest.approx(0.1, abs=0.001)
    full.drag("Start", -0.1)
    full.drag("End", 1.1)
    assert full.duration() == 4
    assert full.lab.python("r.speech.provenance['method']") == "recorded"


def test_trim_by_keyboard(full):
    lab, cells = full.lab, full.page.locator(".jp-Cell").count()
    full.button("Play").focus()
    visited = []
    for _ in range(7):
        visited.append(full.focused())
        full.press("Tab")
    assert visited[:6] == ["Play", "Position", "Start", "End", "Record again", "Choose a file …"]
    full.slider("Start").focus()
    full.press("Shift+ArrowRight", "Shift+ArrowRight", *["ArrowRight"] * 5, "ArrowLeft")
    assert full.slider("Start").get_attribute("aria-valuetext") == "1.20 seconds"
    full.press("Tab", "Shift+ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowRight")
    lab.wait_idle()
    assert lab.python("r._state['kept']") == [pytest.approx(1.2), pytest.approx(3.45)]
    assert full.duration() == pytest.approx(2.25, abs=0.001)
    assert full.slider("End").get_attribute("aria-valuenow") == "3.45"
    full.press("b", "d", "d")  # elsewhere, commands of the notebook
    full.press("End", "Shift+Tab", "Home")
    lab.wait_idle()
    assert full.duration() == 4
    assert full.page.locator(".jp-Cell").count() == cells


def test_what_is_kept_is_what_is_heard(full):
    full.slider("Start").focus()
    full.press(*["Shift+ArrowRight"] * 4)
    full.slider("End").focus()
    full.press(*["Shift+ArrowLeft"] * 2)
    full.button("Play").click()
    full.until_audio("audio.currentTime > 2.1 && audio.currentTime < 3.2")
    full.button("Pause").wait_for()
    full.until_audio("audio.paused")
    full.button("Play").wait_for()
    assert full.page.evaluate("window.heard.currentTime") == pytest.approx(2.0)
    full.press("Space")
    full.until_audio("!audio.paused")
    full.press("Space")
    full.until_audio("audio.paused")


def test_two_views_show_the_same(full):
    full.lab.run_cell(1)
    second = Shown(full.lab, 1)
    second.slider("End").focus()
    second.press("Shift+ArrowLeft")
    full.lab.wait_idle()
    assert full.slider("End").get_attribute("aria-valuenow") == "3.50"
    second.choose("two.wav", tone(2))
    second.handed_over()
    assert full.slider("End").get_attribute("aria-valuenow") == "2.00"
    assert full.duration() == 2


# -- files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.wav", tone(3, 48000, 2)),
        ("b.mp3", tone(3, kind="MP3")),
        ("c.flac", tone(3, 16000, kind="FLAC")),
        ("d.ogg", tone(3, kind="OGG")),
    ],
)
def test_a_file_is_chosen(shown, name, content):
    shown.choose(name, content)
    shown.handed_over()
    assert shown.duration() == pytest.approx(3, abs=0.1)
    assert shown.lab.python("[r.speech.sample_rate, r.speech.samples.ndim]") == [44100, 1]
    assert shown.lab.python("r.speech.provenance['source']") == name
    assert shown.lab.python("float(abs(r.speech.samples).max())") == pytest.approx(0.3, abs=0.02)


def test_channels_become_one(shown):
    left = np.frombuffer(read_wav(tone(2)).samples, "<i2")
    both = np.stack([left, np.zeros_like(left)], axis=1)
    shown.choose("left.wav", write_wav(both.tobytes(), "pcm_s16le", 44100, 2))
    shown.handed_over()
    assert shown.lab.python("float(abs(r.speech.samples).max())") == pytest.approx(0.15, abs=0.01)


def test_the_same_file_can_be_chosen_again(shown):
    with shown.page.expect_file_chooser() as chooser:
        shown.button("Choose a file …").click()
    file = {"name": "a.wav", "mimeType": "audio/wav", "buffer": tone(3)}
    chooser.value.set_files([file])
    shown.handed_over()
    assert shown.root.locator("input[type=file]").input_value() == ""  # or a browser would see no change
    shown.drag("End", 0.5)
    with shown.page.expect_file_chooser() as chooser:
        shown.button("Choose a file …").click()
    chooser.value.set_files([file])
    shown.handed_over()
    assert shown.duration() == 3


def test_a_file_is_dropped(shown):
    shown.drop(tone(2), "dropped.wav")
    shown.handed_over()
    assert shown.duration() == 2
    shown.drop(tone(2), "one.wav", "two.wav")
    shown.complains("One sound file at a time, please.")
    assert shown.duration() == 2


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("letter.txt", b"Dear Ada,", "This browser finds no sound in letter.txt that it can read. WAV, MP3"),
        ("empty.wav", b"", "This browser finds no sound in empty.wav"),
        ("cut.mp3", tone(3, kind="MP3")[100:110], "This browser finds no sound in cut.mp3"),
        ("<b>x</b>.wav", b"x", "This browser finds no sound in <b>x</b>.wav"),
        ("long.wav", tone(13.2), "long.wav lasts 13.2 s; this takes up to 12 s. Choose a shorter file, or show recorder(14)."),
        ("blink.wav", tone(0.05), "That was too short: there is less than a tenth of a second of sound."),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_is_told_in_words(full, name, content, words):
    full.choose(name, content)
    full.complains(words)
    full.slider("Start").wait_for()  # what was there before
    assert full.duration() == 4


def test_silence_is_told_and_kept(shown):
    shown.choose("silence.wav", tone(2, level=0.001))
    shown.complains("Almost nothing can be heard. Is the microphone muted")
    shown.handed_over()
    assert shown.duration() == 2
    shown.choose("loud.wav", tone(2))
    shown.handed_over()
    assert shown.cell.get_by_role("alert").inner_text() == ""


# -- a microphone that cannot be had -------------------------------------------------------------------

REFUSE = """([name, forbidden]) => {
  Object.defineProperty(document.featurePolicy, "allowsFeature", { value: () => !forbidden, configurable: true });
  const devices = { getUserMedia: () => Promise.reject(new DOMException("no", name)) };
  Object.defineProperty(navigator, "mediaDevices", { value: name ? devices : undefined, configurable: true });
}"""


@pytest.mark.parametrize(
    ("name", "forbidden", "words"),
    [
        ("NotReadableError", False, "another program may have it"),
        ("AbortError", False, "The microphone did not start"),
        ("OddError", False, "The microphone did not start: no"),
        ("NotAllowedError", False, "The microphone is not allowed."),
        ("NotAllowedError", True, "Where this notebook is shown, no page may use the microphone."),
        ("", False, "pages on https or localhost only"),
    ],
)
def test_why_there_is_no_microphone_is_told_in_words(full, name, forbidden, words):
    full.page.evaluate(REFUSE, [name, forbidden])
    full.button("Record again").click()
    full.complains(words)
    full.page.evaluate(
        "() => { delete navigator.mediaDevices; delete document.featurePolicy.allowsFeature; }"
    )
    assert full.focused() == "Play"
    assert full.duration() == 4


def test_no_errors_in_the_end(lab):
    report = lab.report()
    assert report["problems"] == []
    assert report["external_requests"] == []


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ([], "There is no microphone. Connect one and record again, or choose a file."),
        (["--use-fake-device-for-media-stream"], "The microphone is not allowed. Allow it in the browser"),
    ],
    ids=["none", "denied"],
)
def test_without_a_microphone_a_file_is_the_way(tmp_path, flags, words):
    with Lab(write_notebook(tmp_path / "r.ipynb", RECORDER), flags=flags) as lab:
        lab.run_cell(0)
        shown = Shown(lab, 0)
        shown.button("Record").click()
        shown.complains(words)
        shown.choose("two.wav", tone(2))
        shown.handed_over()
        assert shown.duration() == 2
        assert lab.report()["problems"] == []


def test_a_silent_microphone_is_told(tmp_path):
    silence = tmp_path / "silence.wav"
    silence.write_bytes(write_wav(bytes(2 * 44100), "pcm_s16le", 44100))
    with Lab(write_notebook(tmp_path / "r.ipynb", RECORDER), flags=fake_microphone(silence)) as lab:
        lab.run_cell(0)
        shown = Shown(lab, 0)
        shown.record(1.5)
        shown.complains("Almost nothing can be heard")
        assert shown.duration() > 1


# -- messages that are lost, a kernel that is busy -----------------------------------------------------


def test_lost_parts_are_sent_again(tmp_path):
    with Lab(write_notebook(tmp_path / "r.ipynb", LONGER)) as lab:
        lab.run_cell(0)
        shown = Shown(lab, 0)
        lab.page.evaluate(LOSE, 3)
        content = tone(30)
        shown.choose("thirty.wav", content)
        shown.says("Python has it as .speech")
        assert lab.page.evaluate("window.lost") == 3
        assert read_wav(shown.data()).samples == read_wav(content).samples
        lab.page.evaluate(LOSE, 1000)
        shown.choose("other.wav", tone(20))
        shown.complains("Parts of the recording are lost on their way to Python, again and again.")
        assert shown.duration() == 30


BUSY = "import pathlib, time\nwhile not pathlib.Path('go').exists():\n    time.sleep(0.05)"


def test_a_busy_kernel_gets_it_later(tmp_path):
    with Lab(write_notebook(tmp_path / "r.ipynb", RECORDER, BUSY)) as lab:
        lab.run_cell(0)
        shown = Shown(lab, 0)
        lab.run_cell(1, wait=False)
        shown.choose("four.wav", tone(4))
        shown.says("Python does not have it yet: a cell may be running.")
        shown.slider("Start").focus()
        shown.press("Shift+ArrowRight", "Shift+ArrowRight")
        (tmp_path / "go").touch()
        shown.handed_over()
        assert shown.duration() == 3
        assert shown.slider("Start").get_attribute("aria-valuenow") == "1.00"
        assert lab.report()["problems"] == []


HOLD = """() => {
  const send = WebSocket.prototype.send;
  window.held = [];
  WebSocket.prototype.send = function (data) {
    const text = typeof data === "string" ? data : new TextDecoder().decode(data);
    if (window.held && text.includes('"send":"sound"')) window.held.push(() => send.call(this, data));
    else send.call(this, data);
  };
}"""


def test_what_comes_late_from_the_kernel_disturbs_no_recording(tmp_path, voice):
    with Lab(write_notebook(tmp_path / "r.ipynb", RECORDER, "r"), flags=fake_microphone(voice)) as lab:
        lab.run_cell(0)
        first = Shown(lab, 0)
        first.choose("four.wav", tone(4))
        first.handed_over()
        lab.page.evaluate(HOLD)
        lab.run_cell(1, wait=False)
        second = Shown(lab, 1)
        second.says("The recording is on its way from the kernel")
        second.button("Record").click()
        second.says("Recording from")
        lab.page.evaluate(
            "() => { const { held } = window; window.held = null; held.forEach(send => send()); }"
        )
        lab.wait_idle()
        second.says("Recording from")
        second.button("Stop").click()
        second.handed_over()
        duration = second.duration()
        assert duration not in (None, 4)
        first.cell.locator(f"[aria-label=End][aria-valuenow='{duration:.2f}']").wait_for()


def test_it_is_back_when_the_page_is_loaded_again(tmp_path):
    path = write_notebook(tmp_path / "r.ipynb", RECORDER)
    with Lab(path) as lab:
        lab.run_cell(0)
        shown = Shown(lab, 0)
        shown.choose("four.wav", tone(4))
        shown.handed_over()
        shown.drag("End", 0.5)
        lab.page.keyboard.press("Control+s")
        lab.page.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")
        assert path.stat().st_size < 100_000  # no sound in it
        lab.page.reload()
        again = Shown(lab, 0)
        again.slider("End").wait_for()
        assert float(again.slider("End").get_attribute("aria-valuenow")) == pytest.approx(2, abs=0.05)
