"""Forms as a person uses them: by mouse, by keyboard alone, in both themes, and in a saved notebook."""

import re

import nbformat
import pytest
from labharness import Lab, write_notebook
from nbconvert import HTMLExporter
from scripted import wav

SETUP = """
from cartesia_nb import *
talk = connect().tts.bytes("This is how I speak, whenever I am asked to say something about myself.")
"""
FORMS = (
    "clone_form(talk)", "transcribe_form(talk)", "change_form()", "dictionary_editor()", "studio()",
    "localize_form()", "change_form(talk)",
)  # fmt: skip
CLONE, TRANSCRIBE, CHANGE, DICTIONARY, STUDIO, LOCALIZE, CHANGE_TALK = range(1, len(FORMS) + 1)

# What a screen reader says of a control besides its name.
DESCRIBED = """control => ({
  invalid: control.getAttribute("aria-invalid"),
  text: control.getAttribute("aria-describedby").split(" ")
               .map(id => document.getElementById(id).textContent).join(" "),
})"""
FOCUSED = """() => {
  const { labels, ariaLabel, textContent } = document.activeElement;
  return labels?.[0]?.textContent.trim() || ariaLabel || textContent.trim();
}"""


@pytest.fixture(scope="module", params=[("lab", "light"), ("notebook", "dark")], ids="-".join)
def lab(request, sandbox, tmp_path_factory):
    app, theme = request.param
    cells = [f"form_{number} = {form}\nform_{number}" for number, form in enumerate(FORMS, start=1)]
    path = write_notebook(tmp_path_factory.mktemp("forms") / "forms.ipynb", SETUP, *cells)
    env = {"CARTESIA_BASE_URL": sandbox.url, "CARTESIA_API_KEY": sandbox.key}
    with Lab(path, app=app, theme=theme, env=env) as lab:
        lab.run_all()
        yield lab


@pytest.fixture
def cell(lab):
    """Give a cell, run anew: its form is empty."""

    def run(index):
        lab.run_cell(index)
        lab.wait_idle()
        return lab.cell(index)

    return run


def button(cell, name):
    return cell.get_by_role("button", name=name, exact=True)


def shelf(cell):
    return cell.locator(".cartesia-speech")


def tabbed(lab, count, typed):
    """Go through so many controls with Tab, from the one that has the focus; type what is to be typed.

    Returns what a screen reader calls them; the last one has the focus.
    """
    order = []
    for _ in range(count):
        order.append(lab.page.evaluate(FOCUSED))
        if order[-1] in typed:
            lab.page.keyboard.type(typed[order[-1]])
            lab.wait_idle()  # the choice of a language lets the dialects be seen, or hides them
        if len(order) < count:
            lab.page.keyboard.press("Tab")
    return order


def test_a_voice_is_cloned_and_heard_by_keyboard_alone(lab, cell):
    clone, press, type_ = cell(CLONE), lab.page.keyboard.press, lab.page.keyboard.type
    clone.get_by_text("Good for a clone.").wait_for()
    clone.get_by_label("Recording", exact=True).focus()
    assert tabbed(lab, 8, {"Name of the new voice": "Mine"}) == [
        "Recording", "Choose a file …", "Name of the new voice", "Description", "Language spoken",
        "Base voice", "Clean the recording of noise", "Clone voice",
    ]  # fmt: skip
    press("Enter")
    clone.get_by_label("Test sentence").wait_for()
    assert clone.get_by_text("Cloned: Mine").is_visible()
    press("Tab")
    assert lab.page.evaluate(FOCUSED) == "Test sentence"
    press("Control+a")
    type_("Hello there.")
    clone.get_by_text("Costs about 12 credits.").wait_for()
    press("Tab")
    press("Enter")
    shelf(clone).nth(1).wait_for()
    assert clone.locator("figcaption").all_inner_texts() == ["The recording", "Mine"]
    lab.wait_idle()
    assert lab.python("[one.transcript for one in form_1.result][1]") == "Hello there."
    audio = clone.locator("audio").nth(1)
    audio.focus()
    press("Space")
    lab.page.wait_for_function("audio => audio.currentTime > 0.1", arg=audio.element_handle())


def test_a_voice_is_localized_and_heard_by_keyboard_alone(lab, cell):
    localize, press, type_ = cell(LOCALIZE), lab.page.keyboard.press, lab.page.keyboard.type
    voice = localize.get_by_label("Voice", exact=True)
    voice.focus()
    press("Control+a")
    typed = {"Voice": "Bruno", "Language": "Spa", "Name of the new voice": "Bruno in Lima"}
    assert tabbed(lab, 7, typed) == [
        "Voice", "Make it speak", "Language", "Dialect", "Gender of the original speaker",
        "Name of the new voice", "Localize voice",
    ]  # fmt: skip
    press("Enter")
    localize.get_by_text("Localized: Bruno in Lima").wait_for()
    assert localize.get_by_label("Gender of the original speaker").input_value() == "male"
    press("Tab")
    assert lab.page.evaluate(FOCUSED) == "Test sentence"
    press("Control+a")
    type_("Buenos días.")
    press("Tab")
    press("Enter")
    shelf(localize).nth(1).wait_for()
    assert localize.locator("figcaption").all_inner_texts() == ["Bruno", "Bruno in Lima"]
    lab.wait_idle()
    assert lab.python("[s.provenance['request']['language'] for s in form_6.result][1]") == "es"


def test_a_voice_is_localized_by_mouse(lab, cell):
    localize = cell(LOCALIZE)
    localize.get_by_label("Voice", exact=True).fill("Ada")
    localize.get_by_label("Language", exact=True).select_option("German")
    localize.get_by_label("Name of the new voice").fill("Ada in Bonn")
    button(localize, "Localize voice").click()
    localize.get_by_text("Localized: Ada in Bonn").wait_for()
    lab.wait_idle()
    assert lab.python("form_6.result.language") == "de"


def test_a_recording_is_changed_by_keyboard_alone(lab, cell):
    change, press = cell(CHANGE_TALK), lab.page.keyboard.press
    change.get_by_text("Costs about").wait_for()
    change.get_by_label("New voice").focus()
    press("Control+a")
    assert tabbed(lab, 2, {"New voice": "Bruno"}) == ["New voice", "Change voice"]
    press("Enter")
    shelf(change).nth(1).wait_for()
    assert change.locator("figcaption").all_inner_texts() == ["The recording", "Bruno"]
    lab.wait_idle()
    assert lab.python("form_7.result.provenance['voice_name']") == "Bruno"
    assert 'voice_id="Bruno"' in change.get_by_label("The same in Python").inner_text()


def test_a_recording_is_changed_by_mouse(lab, cell):
    change = cell(CHANGE_TALK)
    change.get_by_label("New voice").fill("Bruno")
    button(change, "Change voice").click()
    shelf(change).nth(1).wait_for()
    lab.wait_idle()
    assert lab.python("form_7.result.provenance['voice_name']") == "Bruno"


def test_a_recording_is_transcribed_by_keyboard_alone(lab, cell):
    transcribe, press = cell(TRANSCRIBE), lab.page.keyboard.press
    transcribe.get_by_label("Recording", exact=True).focus()
    assert tabbed(lab, 5, {}) == ["Recording", "Choose a file …", "Language spoken", "Model", "Transcribe"]
    press("Enter")
    transcribe.locator("[data-start]", has_text="asked").wait_for()
    lab.wait_idle()
    assert "asked" in lab.python("form_2.result.text")


def test_what_is_wrong_is_said_where_it_is_and_nothing_is_lost(lab, cell):
    clone = cell(CLONE)
    clone.get_by_label("Description").fill("Kept.")
    button(clone, "Clone voice").click()
    name = clone.get_by_label("Name of the new voice")
    clone.get_by_role("alert").get_by_text("Name of the new voice is empty.").wait_for()
    assert name.evaluate(DESCRIBED) == {
        "invalid": "true", "text": " Name of the new voice is empty. Give the new voice a name.",
    }  # fmt: skip
    assert clone.get_by_label("Description").input_value() == "Kept."
    name.fill("Mine")
    lab.wait_idle()
    assert name.evaluate(DESCRIBED) == {"invalid": "false", "text": " "}


def test_a_file_of_the_persons_own_computer(lab, cell, tmp_path):
    (tmp_path / "my talk.wav").write_bytes(wav(15.0))
    change = cell(CHANGE)
    with lab.page.expect_file_chooser() as chooser:
        button(change, "Choose a file …").click()
    chooser.value.set_files(tmp_path / "my talk.wav")
    change.get_by_text("15.0 s. Costs about 225 credits.").wait_for()
    assert change.get_by_label("Recording", exact=True).input_value() == "my talk.wav"
    lab.wait_idle()
    assert lab.python("len(form_3.clip.clip().given)") == len(wav(15.0))


# Beside its field, the browser would open the file in the place of the notebook.
@pytest.mark.parametrize("place", [".cartesia-field", "h3", ".cartesia-code"])
def test_a_file_is_dropped_on_its_form(lab, cell, place):
    change = cell(CHANGE)
    drop = """async place => {
      const files = new DataTransfer();
      files.items.add(new File([new Uint8Array(await (await fetch(window.sound)).arrayBuffer())], "drop.wav"));
      place.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
    }"""
    sound = "data:audio/wav;base64," + __import__("base64").b64encode(wav(0.5)).decode()
    lab.page.evaluate("sound => { window.sound = sound; }", sound)
    change.locator(place).first.evaluate(drop)
    change.get_by_text("0.5 s. Costs about 8 credits.").wait_for()


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["a.wav", "b.wav"], "One sound file at a time, please."),
        (["folder"], "folder cannot be read: not found"),
        (["empty.wav"], "The recording is empty."),
    ],
)
def test_what_cannot_be_taken_is_told_at_the_field(lab, cell, names, words):
    change = cell(CHANGE)
    drop = """(place, names) => {
      const files = new DataTransfer();
      for (const name of names) files.items.add(new File([], name));
      const slice = File.prototype.slice;
      if (names[0] === "folder") File.prototype.slice = () => ({ arrayBuffer: () => Promise.reject(Error("not found")) });
      place.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
      File.prototype.slice = slice;
    }"""
    change.locator(".cartesia-field").first.evaluate(drop, names)
    change.get_by_role("alert").get_by_text(words).wait_for()


def test_a_text_may_be_dropped_into_a_field(lab, cell):
    drop = """field => {
      const text = new DataTransfer();
      text.setData("text/plain", "talk.wav");
      return field.dispatchEvent(new DragEvent("drop", { dataTransfer: text, bubbles: true, cancelable: true }));
    }"""
    assert cell(CHANGE).get_by_label("Recording", exact=True).evaluate(drop), "the browser does it"


def test_a_click_on_a_word_that_was_heard_plays_it(lab, cell):
    transcribe = cell(TRANSCRIBE)
    button(transcribe, "Transcribe").click()
    word = transcribe.locator("[data-start]", has_text="asked")
    word.click()
    at = transcribe.locator("audio").evaluate("audio => audio.currentTime")
    assert at == pytest.approx(float(word.get_attribute("data-start")), abs=0.01)
    lab.wait_idle()
    assert "asked" in lab.python("list(form_2.result.words.word)")


def test_a_dictionary_by_keyboard(lab, cell):
    editor, press, type_ = cell(DICTIONARY), lab.page.keyboard.press, lab.page.keyboard.type
    editor.get_by_label("Dictionary", exact=True).focus()
    type_("tech")
    for text in (None, "nginx", "engine x"):
        press("Tab")
        if text:
            type_(text)
    button(editor, "Add a word").focus()
    press("Enter")
    editor.get_by_label("Word 2", exact=True).wait_for()
    button(editor, "Save").focus()
    press("Enter")
    editor.get_by_text("Saved: tech").wait_for()
    editor.get_by_label("Test sentence").fill("We run nginx.")
    button(editor, "Speak without and with it").focus()
    press("Enter")
    shelf(editor).nth(1).wait_for()
    lab.wait_idle()
    lab.python("connect().pronunciation_dicts.delete(form_4._saved[0])")


def test_the_line_of_python_is_copied_or_selected(lab, cell):
    clone = cell(CLONE)
    clone.get_by_label("Name of the new voice").fill("Mine")
    line = 'cartesia_nb.connect().voices.clone(talk, name="Mine", language="en")'
    clone.get_by_label("The same in Python").get_by_text("Mine").wait_for()
    assert clone.get_by_label("The same in Python").text_content() == line
    answer = """refused => {
      navigator.clipboard.writeText = async text => { window.copied = text; if (refused) throw "no"; };
    }"""
    lab.page.evaluate(answer, arg=False)
    button(clone, "Copy").click()
    clone.get_by_text("Copied").wait_for()
    assert lab.page.evaluate("window.copied") == line
    lab.page.evaluate(answer, arg=True)
    button(clone, "Copy").click()
    clone.get_by_text("Selected: copy it with the keyboard").wait_for()
    assert lab.page.evaluate("getSelection().toString()") == line


def test_the_tabs_of_the_studio_by_keyboard(lab, cell):
    studio, press = cell(STUDIO), lab.page.keyboard.press
    studio.get_by_role("tab", name="Record").focus()
    assert studio.get_by_role("tabpanel", name="Record").is_visible()
    press("End")
    studio.get_by_role("tabpanel", name="Pronounce").wait_for()
    press("ArrowRight")
    press("ArrowLeft")
    press("ArrowLeft")
    studio.get_by_role("tabpanel", name="Transcribe").get_by_text("What is said in a recording").wait_for()
    assert studio.get_by_role("tab", name="Transcribe").get_attribute("aria-selected") == "true"
    press("Tab")
    assert lab.page.evaluate(FOCUSED) == "Recording"
    assert studio.locator('[tabindex="0"][role="tab"]').count() == 1
    lab.wait_idle()
    assert lab.python("list(form_5.forms)")[0] == "Record"


def test_a_form_that_is_closed_is_gone(lab, cell):
    change = cell(CHANGE)
    lab.python("form_3.close()")
    button(change, "Change voice").wait_for(state="detached")
    threads = "[one.name for one in __import__('threading').enumerate() if 'cartesia' in one.name]"
    assert lab.python(threads) == ["cartesia_nb deadlines"]


def test_no_errors_in_the_end(lab):
    report = lab.report()
    assert report["problems"] == []
    assert report["external_requests"] == []


# -- a server that never answers, a second view, and a saved notebook -----------------------------------

SILENT = """
import socket
from cartesia_nb import *
silent = socket.create_server(("127.0.0.1", 0))
sandbox = connect()
talk = sandbox.tts.bytes("Hello!")
connect("sk_car_example", base_url="http://127.0.0.1:%d" % silent.getsockname()[1])
"""


@pytest.fixture
def own(sandbox, tmp_path):
    """Open a notebook of its own."""
    opened = []

    def open_(*cells):
        env = {"CARTESIA_BASE_URL": sandbox.url, "CARTESIA_API_KEY": sandbox.key}
        opened.append(Lab(write_notebook(tmp_path / "own.ipynb", *cells), env=env))
        lab = opened[0].__enter__()
        lab.run_all()
        return lab

    yield open_
    for lab in opened:
        lab.__exit__()


def test_what_hangs_can_be_cancelled(own):
    lab = own(SILENT, "form = transcribe_form(talk)\nform", "form")
    form = lab.cell(1)
    button(form, "Transcribe").click()
    form.get_by_text("Transcribing …").wait_for()
    assert button(lab.cell(2), "Cancel").is_visible()
    button(form, "Cancel").click()
    form.get_by_text("Cancelled. What was sent already may still be carried out, and charged.").wait_for()
    lab.python("form.line.work.join(10)")
    assert lab.python("form.line.work._thread.is_alive()") is False
    lab.python("connect(base_url=sandbox.base_url)")
    button(form, "Retry").click()
    shelf(form).wait_for()
    assert shelf(lab.cell(2)).count() == 1
    assert lab.report()["problems"] == []


def test_in_a_page_that_was_loaded_anew_new_results_are_seen_too(own):
    lab = own(SETUP, "form = transcribe_form(talk)\nform")
    form = lab.cell(1)
    button(form, "Transcribe").click()
    shelf(form).wait_for()
    lab.wait_idle()
    assert form.get_by_text("This page was loaded anew.").count() == 0
    lab.save()
    lab.page.reload()
    form.get_by_text("This page was loaded anew.").wait_for()
    assert shelf(form).count() == 1
    button(form, "Transcribe").click()
    shelf(form).nth(1).wait_for()


def test_a_saved_notebook_is_small_and_plays_when_exported(own, tmp_path):
    lab = own(SETUP, "form = change_form(talk)\nform")
    button(lab.cell(1), "Change voice").click()
    shelf(lab.cell(1)).nth(1).wait_for()
    lab.wait_idle()
    lab.save()
    path = tmp_path / "own.ipynb"
    assert path.stat().st_size < 200_000
    html, _ = HTMLExporter().from_notebook_node(nbformat.read(path, as_version=4))
    assert "a form that needs a running kernel" in html
    (tmp_path / "own.html").write_text(html, encoding="utf-8")
    page = lab.page
    page.route(re.compile("^https?://(?!127)"), lambda route: route.abort())
    page.goto((tmp_path / "own.html").as_uri())
    audio = page.locator("audio").nth(1)
    audio.focus()
    page.keyboard.press("Space")
    page.wait_for_function("audio => audio.currentTime > 0.1", arg=audio.element_handle())
