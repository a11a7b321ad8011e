"""The voice explorer as a person uses it: by mouse and by keyboard, with thousands of voices, in three applications."""

import re

import pytest
from labharness import Lab, write_notebook

SOUND = ["--autoplay-policy=no-user-gesture-required"]
SANDBOX = {"CARTESIA_NB_SANDBOX": "1"}
ADA, BRUNO = "e07c00bc-4134-4eae-9ea4-1a55fb45746b", "694f9389-aac1-45b6-b726-9d9369183238"

MANY = """
import pandas as pd
from cartesia_nb import explore

NAMES = ["Ada", "Bruno", "Tomás", "Zoë"]
HTML = '<img src=x onerror="window.broken = true"> & <b>bold</b>'
count = 5_000
numbers = range(count)
voices = pd.DataFrame({
    "id": [f"{number:08x}-0000-4000-8000-00000000beef" for number in numbers],
    "name": [f"{NAMES[number % 4]} {number}" for number in numbers],
    "tagline": "Calm Narrator",
    "description": [f"Reads number {number} to you." for number in numbers],
    "language": [("en", "de", "es")[number % 3] for number in numbers],
    "gender": [("feminine", "masculine", "gender_neutral")[number % 3] for number in numbers],
    "is_owner": [number < 7 for number in numbers],
    "country": [("US", "DE", None)[number % 3] for number in numbers],
    "created_at": pd.date_range("2026-01-01", periods=count, freq="h", tz="UTC"),
})
voices.loc[1234, ["name", "description"]] = HTML, HTML
many = explore(voices)
many
"""


class Shown:
    """An explorer in a cell, by what a person finds there."""

    def __init__(self, lab, index):
        self.lab, self.page, self.cell = lab, lab.page, lab.cell(index)
        self.grid = self.cell.get_by_role("grid", name="Voices")
        self.search = self.cell.get_by_role("searchbox", name="Search voices")
        self.sentence = self.cell.get_by_role("textbox", name="Sentence")
        self.grid.wait_for()

    def button(self, name, exact=True):
        return self.cell.get_by_role("button", name=name, exact=exact)

    def menu(self, name):
        return self.cell.get_by_role("combobox", name=name)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    @property
    def count(self):
        return self.cell.locator(".count").inner_text().replace("\u202f", " ")

    @property
    def names(self):
        """The names in sight, from the top down."""
        return self.grid.locator(".body .title").all_inner_texts()

    @property
    def at(self):
        """The row that the keyboard is at."""
        return self.page.locator(f"[id='{self.grid.get_attribute('aria-activedescendant')}']")

    def name_at(self):
        return self.at.locator(".title").inner_text()

    def focused(self):
        return self.page.evaluate(
            "(e => e.ariaLabel || e.labels?.[0]?.textContent || e.textContent)(document.activeElement)"
        )

    def heard(self):
        """Wait until something plays."""
        self.page.wait_for_function(
            "[...document.querySelectorAll('.cartesia-explorer audio')].some(a => !a.paused && a.currentTime > 0.05)"
        )

    def told(self, text):
        self.cell.locator(".state").get_by_text(text).wait_for()


@pytest.fixture(scope="module", params=[("lab", "light"), ("notebook", "dark")], ids="-".join)
def lab(request, tmp_path_factory):
    app, theme = request.param
    path = write_notebook(
        tmp_path_factory.mktemp("explorer") / "explorer.ipynb",
        MANY,
        "e = explore()\ne",
        "e.close(); many.close()",
    )
    with Lab(path, app=app, theme=theme, env=SANDBOX, flags=SOUND) as lab:
        lab.run_cell(0)
        yield lab


@pytest.fixture
def many(lab):
    """Five thousand voices, as they are when the cell has just been run."""
    lab.run_cell(0)
    return Shown(lab, 0)


@pytest.fixture
def few(lab):
    """The sandbox's voices, as they are when the cell has just been run."""
    lab.run_cell(1)
    return Shown(lab, 1)


# -- finding --------------------------------------------------------------------------------------------


def test_only_rows_in_sight_are_in_the_page(many):
    assert many.count == "5 000 of 5 000 voices"
    assert many.grid.get_attribute("aria-rowcount") == "5001"
    assert 8 <= many.grid.locator(".body .row").count() < 30
    many.grid.evaluate("grid => grid.scrollTop = 2500 * 46")
    many.grid.get_by_text("Ada 2500", exact=True).wait_for()
    assert many.grid.locator(".body .row").count() < 30
    places = [int(row.get_attribute("aria-rowindex")) for row in many.grid.locator(".body .row").all()]
    assert places == sorted(places)


def test_a_search_narrows_as_it_is_typed(many):
    many.search.press_sequentially("tomas 4998")
    many.grid.get_by_text("Tomás 4998", exact=True).wait_for()
    assert many.count == "1 of 5 000 voices"
    many.search.fill("number 77 ")
    assert "Bruno 77" in many.names
    many.search.fill("00001387-0000")
    assert many.names == ["Zoë 4999"]
    many.search.fill("nobody of this name")
    assert many.count == "0 of 5 000 voices"
    many.cell.get_by_text("No voice is like that.").wait_for()
    many.button("Clear all").click()
    assert many.count == "5 000 of 5 000 voices"
    assert many.focused() == "Search voices"


def test_names_come_before_descriptions(many):
    many.search.fill("ada 12")
    assert many.names[0] == "Ada 12"


def test_filters_combine(many):
    many.menu("Language").select_option("German (1 667)")
    assert many.count == "1 667 of 5 000 voices"
    many.menu("Owner").select_option("Yours (7)")
    assert many.names == ["Bruno 1", "Ada 4"]
    many.menu("Country").select_option("Germany (1 667)")
    many.search.fill("ada")
    assert many.names == ["Ada 4"]
    assert many.menu("Gender").locator("option").all_inner_texts() == [
        "Any gender",
        "Feminine (1\u202f667)",
        "Masculine (1\u202f667)",
        "Neutral (1\u202f666)",
    ]
    assert many.menu("Accent").count() == 0  # these rows have none


def test_a_column_or_the_menu_orders(many):
    head = many.grid.get_by_role("columnheader", name="Name")
    head.click()
    assert (many.names[0], head.get_attribute("aria-sort")) == (
        '<img src=x onerror="window.broken = true"> & <b>bold</b>',
        "ascending",
    )
    assert many.names[1:3] == ["Ada 0", "Ada 4"]
    head.click()
    assert (many.names[0], head.get_attribute("aria-sort")) == ("Zoë 4999", "descending")
    assert many.menu("Order").input_value() == "-name"
    head.click()
    assert (many.names[0], head.get_attribute("aria-sort")) == ("Ada 0", None)
    many.menu("Order").select_option("Age, newest first")
    assert many.names[0] == "Zoë 4999"
    # what has no country stands last, whichever way
    for order in ("Country, A to Z", "Country, Z to A"):
        many.menu("Order").select_option(order)
        many.grid.focus()
        many.press("End")
        assert many.at.locator(".country").inner_text() == ""


def test_names_are_text_not_markup(many):
    many.search.fill("onerror")
    many.grid.click(position={"x": 200, "y": 60})
    assert many.count == "1 of 5 000 voices"
    assert many.cell.locator(".details h4").inner_text().startswith("<img src=x")
    assert many.cell.locator("img, b").count() == 0
    assert many.page.evaluate("window.broken") is None


# -- by keyboard ----------------------------------------------------------------------------------------


def test_the_list_by_keyboard(many):
    cells = many.page.locator(".jp-Cell").count()
    many.grid.focus()
    for keys, name in [
        (["ArrowDown", "ArrowDown", "ArrowUp"], "Bruno 1"),
        (["End"], "Zoë 4999"),
        (["ArrowDown"], "Zoë 4999"),
        (["Home"], "Ada 0"),
        (["PageDown"], "Zoë 7"),
        (["PageUp"], "Ada 0"),
    ]:
        many.press(*keys)
        assert many.name_at() == name, keys
    box, place = many.grid.bounding_box(), many.at.bounding_box()
    assert box["y"] <= place["y"] <= box["y"] + box["height"] - place["height"]
    # the notebook has uses of its own for arrows and Enter
    many.press("ArrowDown", "Enter", "Escape")
    assert many.page.locator(".jp-Cell.jp-mod-active").get_by_role("grid").count() == 1
    assert many.focused() == "Search voices"
    many.grid.focus()
    # letters search; they are commands of the notebook elsewhere: b adds a cell, d d deletes one
    many.press("b", "r", "u", "n", "o", "Space", "7", "7")
    assert many.search.input_value() == "bruno 77"
    many.press("ArrowDown", "ArrowDown")
    assert many.name_at() == "Bruno 77" if len(many.names) == 1 else many.names[1] == many.name_at()
    many.press("Backspace")
    assert many.search.input_value() == "bruno 7"
    many.press("Escape")
    assert many.search.input_value() == ""
    for name in ("Copy id", "Copy"):
        many.button(name).focus()
        many.press("b")
    many.lab.wait_idle()
    assert many.page.locator(".jp-Cell").count() == cells


def test_the_row_at_hand_is_there_for_screen_readers_when_it_is_out_of_sight(many):
    many.grid.focus()
    many.press("ArrowDown")
    many.grid.evaluate("grid => grid.scrollTop = 2500 * 46")
    many.grid.get_by_text("Ada 2500", exact=True).wait_for()
    assert many.name_at() == "Bruno 1"
    many.press("ArrowDown")
    assert many.grid.evaluate("grid => grid.scrollTop") < 1000


def test_python_knows_the_voice_at_hand(many):
    many.grid.focus()
    many.press("ArrowDown")
    many.page.wait_for_function(
        "() => [...document.querySelectorAll('.cartesia-code code')].some(e => e.textContent.includes('00000001-'))"
    )
    many.lab.wait_idle()
    assert many.lab.python("many.voice") == "00000001-0000-4000-8000-00000000beef"


def test_the_focus_goes_from_the_search_to_the_code(few):
    few.search.focus()
    visited = []
    for _ in range(20):
        visited.append(few.focused())
        few.press("Tab")
        if visited[-1] == "Copy":
            break
    wanted = ["Search voices", "Language", "Gender", "Owner", "Country", "Accent"]
    wanted += ["the preview, which costs nothing", "Sentence", "Order", "Voices", "Copy id", "Use as default"]
    assert visited[:12] == wanted
    assert visited[-1] == "Copy"


ROLES = """
- searchbox "Search voices"
- combobox "Language"
- combobox "Gender"
- combobox "Owner"
- combobox "Country"
- combobox "Accent"
- group "Hear":
  - radio "the preview, which costs nothing" [checked]
  - radio "a sentence:"
  - textbox "Sentence"
- status: 43 of 43 voices
- combobox "Order"
- grid "Voices":
  - rowgroup:
    - row:
      - columnheader "Hear"
      - columnheader "Name"
      - columnheader "Description"
  - rowgroup:
    - row:
      - gridcell:
        - button "Play Sarah"
      - gridcell "Sarah Yours to change"
"""


def test_screen_readers_find_names_and_roles(few):
    snapshot = few.cell.aria_snapshot()
    for line in ROLES.strip().splitlines():
        assert line.strip().rstrip(":") in snapshot, f"{line}\n{snapshot[:4000]}"
    assert few.grid.get_attribute("aria-multiselectable") == "true"
    assert few.cell.locator("[role=status]").first.get_attribute("aria-live") in (None, "polite")


def test_all_of_it_without_a_mouse(few):
    few.search.focus()
    few.press(*"bruno", "Enter")
    few.heard()
    few.button("Stop Bruno").wait_for()
    few.press("ArrowDown", "Space", "Escape", "Escape", *"ada", "ArrowDown", "Space", "Escape", "Escape")
    few.lab.wait_idle()
    assert few.lab.python("e.page.marked") == [BRUNO, ADA]
    few.button("Compare blind").focus()
    few.press("Enter")
    few.button("Choose A").wait_for()
    few.button("Choose A").focus()
    few.press("Enter")
    few.cell.get_by_text("was A, your choice").wait_for()
    few.lab.wait_idle()
    [chosen] = few.lab.python("list(e.choices.chosen)")
    assert chosen in (ADA, BRUNO)


# -- hearing --------------------------------------------------------------------------------------------


def test_a_click_plays_the_preview_and_another_stops_it(few):
    few.search.fill("ada")
    few.button("Play Ada").click()
    few.heard()
    assert few.focused() == "Voices"
    few.button("Stop Ada").click()
    few.button("Play Ada").wait_for()
    assert few.cell.locator(".cartesia-explorer audio").evaluate("audio => audio.paused")
    few.lab.wait_idle()
    assert few.lab.python("[e.result.provenance['method'], e.voice]") == ["voices.preview", ADA]
    few.cell.get_by_text("Ada: preview").wait_for()
    few.cell.locator(".cartesia-speech audio").wait_for()


def test_a_sentence_is_spoken_at_the_price_that_was_shown(few):
    few.sentence.fill("Good morning!")
    few.cell.get_by_text("about 13 credits").first.wait_for()
    assert few.cell.get_by_role("radio", name="a sentence:").is_checked()
    few.sentence.fill('<break time="1s"/>Hi 😀')
    few.cell.get_by_text("about 5 credits").first.wait_for()
    few.sentence.fill("Good morning!")
    few.grid.get_by_text("Ada", exact=True).dblclick()
    few.heard()
    few.lab.wait_idle()
    assert few.lab.python("e.result.provenance['credits']") == 13
    assert few.lab.python("list(e.results.text)") == ["Good morning!"]


def test_a_voice_without_preview_says_what_the_sentence_costs(few):
    few.search.fill("sarah")
    few.button("Play Sarah").click()
    few.told("The API has no preview of Sarah.")
    few.search.fill("")  # the offer is still Sarah's
    assert few.lab.python("len(e.results)") == 0
    few.button("Speak the sentence (about 33 credits)").click()
    few.heard()
    few.lab.wait_idle()
    assert few.lab.python("e.result.transcript") == "Hello! This is what I sound like."


def test_a_wrong_sentence_is_told_where_it_stands(few):
    few.sentence.fill("...")
    few.press("Enter")
    few.cell.get_by_role("alert").get_by_text("nothing to say").wait_for()
    assert few.sentence.get_attribute("aria-invalid") == "true"
    few.sentence.fill("All right.")
    few.press("Enter")
    few.heard()
    assert few.sentence.get_attribute("aria-invalid") == "false"


def test_a_failure_is_shown_with_a_retry(few):
    few.lab.python("__import__('cartesia_nb').connect(api_key='wrong', base_url='http://127.0.0.1:9')")
    few.search.fill("bruno")
    few.button("Play Bruno").click()
    few.button("Try again").wait_for()
    assert few.cell.locator(".state .wrong").inner_text()
    few.lab.python("__import__('cartesia_nb').connect(sandbox=True)")
    few.button("Try again").click()
    few.heard()


def test_four_voices_are_compared_with_the_price_before(few):
    for name in ("Ada", "Bruno", "Cleo", "Dorian"):
        few.cell.get_by_role("checkbox", name=f"Compare {name}").click()
    few.cell.get_by_role("checkbox", name="Compare Edith").click()
    few.told("Four voices at most can be compared")
    assert not few.cell.get_by_role("checkbox", name="Compare Edith").is_checked()
    few.cell.get_by_text("4 × 33, about 132 credits").wait_for()
    few.button("Take Dorian out").click()
    few.cell.get_by_text("3 × 33, about 99 credits").wait_for()
    few.button("Compare").click()
    few.cell.locator(".takes").get_by_role("button", name="Play Cleo").click()
    few.heard()
    assert few.cell.locator(".take strong").all_inner_texts() == ["Ada", "Bruno", "Cleo"]
    few.lab.wait_idle()
    assert few.lab.python("[len(e.result), len(e.choices)]") == [3, 0]
    few.cell.locator(".cartesia-speeches audio").nth(2).wait_for()


def test_a_blind_comparison_tells_names_after_the_choice(few):
    for name in ("Ada", "Bruno"):
        few.cell.get_by_role("checkbox", name=f"Compare {name}").click()
    few.button("Compare blind").click()
    few.button("Play Voice B").click()
    few.heard()
    booth = few.cell.locator(".takes")
    assert not re.search("Ada|Bruno", booth.inner_html())
    assert few.cell.locator(".cartesia-speeches").count() == 0
    few.button("Choose B").click()
    few.cell.get_by_text("was B, your choice").wait_for()
    assert sorted(few.cell.locator(".take strong").all_inner_texts()) == ["Ada", "Bruno"]
    few.lab.wait_idle()
    chosen = few.cell.locator(".take.chosen strong").inner_text()
    assert few.lab.python("list(e.choices.chosen)") == [{"Ada": ADA, "Bruno": BRUNO}[chosen]]
    few.cell.locator(".cartesia-speeches").wait_for()


def test_the_default_and_the_id(few):
    few.search.fill("bruno")
    few.button("Use as default").click()
    few.button("Is the default").wait_for()
    assert (
        few.lab.python("__import__('cartesia_nb.client.defaults').client.defaults.default('voice')") == BRUNO
    )
    few.button("Copy id").click()
    # where the page may not use the clipboard, the id is selected
    few.cell.locator(".state").get_by_text(re.compile("copied|selected")).wait_for()
    few.search.fill("ada")
    few.button("Use as default").click()
    few.button("Is the default").wait_for()


# -- together -------------------------------------------------------------------------------------------


def test_two_views_share_marks_and_only_one_plays(few):
    few.lab.run_cell(1)
    few = Shown(few.lab, 1)
    few.lab.python("(lambda display: display.display(e.page))(__import__('IPython').display)")
    few.cell.get_by_role("checkbox", name="Compare Ada").first.click()
    few.lab.wait_idle()
    assert few.lab.python("e.page.marked") == [ADA]


def test_it_fits_into_a_narrow_window(few):
    few.page.set_viewport_size({"width": 560, "height": 900})
    few.grid.locator(".body .description").first.wait_for(state="hidden")
    assert few.grid.evaluate("grid => grid.scrollWidth <= grid.clientWidth")
    name = few.grid.locator(".body .title").first.bounding_box()
    assert name["width"] > 60
    few.page.set_viewport_size(few.lab.size)


def test_no_errors_and_no_requests_elsewhere(lab):
    report = lab.report()
    assert report["problems"] == []
    assert report["external_requests"] == []


def test_closing_takes_it_away(few):
    few.lab.run_cell(2)
    few.grid.wait_for(state="detached")


# -- a kernel that is busy, no voices, no service; a dashboard --------------------------------------------

WAITING = """
import pathlib, time
import cartesia_nb
from cartesia_nb import explore
e = explore(cartesia_nb.connect(sandbox=True).voices.list())
display(e)
while not pathlib.Path("go").exists():
    time.sleep(0.05)
"""


def test_a_busy_kernel_and_an_empty_list_and_no_service_are_told_in_words(tmp_path):
    path = write_notebook(
        tmp_path / "words.ipynb",
        WAITING,
        "explore(e.voices[:0])",
        "cartesia_nb.connect(api_key='wrong', base_url='http://127.0.0.1:9')\nexplore()",
        "cartesia_nb.connect(sandbox=True)",
    )
    with Lab(path) as lab:
        lab.run_cell(0, wait=False)
        lab.cell(0).get_by_text("The kernel has not sent the voices yet: it may be busy.").wait_for()
        (tmp_path / "go").touch()
        Shown(lab, 0)
        lab.run_cell(1)
        lab.cell(1).get_by_text("There are no voices here.").wait_for()
        lab.run_cell(2)
        failed = lab.cell(2).get_by_text("The voices could not be loaded:")
        failed.wait_for()
        lab.run_cell(3)
        lab.cell(2).get_by_role("button", name="Try again").click()
        assert Shown(lab, 2).count == "43 of 43 voices"
        report = lab.report()
        assert report["problems"] == report["external_requests"] == []


SLOW = """
import threading, cartesia_nb
from cartesia_nb import explore
client = cartesia_nb.connect(sandbox=True)
voices, tts, gate, spoken = client.voices.list(), client.tts.bytes, threading.Event(), []

def slowly(text, **how):
    gate.wait(60)
    spoken.append(how["voice"]["name"])
    return tts(text, **how)

client.tts.bytes = slowly
e = explore(voices)
e
"""


def test_what_takes_long_says_so_and_the_latest_wish_comes_next(tmp_path):
    with Lab(write_notebook(tmp_path / "slow.ipynb", SLOW), flags=SOUND) as lab:
        lab.run_all()
        shown = Shown(lab, 0)
        shown.sentence.fill("Here I am.")
        shown.button("Play Ada").click()
        shown.told("Getting Ada ready …")
        shown.grid.locator(".row.waiting").get_by_text("Ada", exact=True).wait_for()
        shown.button("Play Bruno").click()
        shown.button("Play Cleo").click()
        # the list can be used meanwhile, and what is waited for can be taken back
        shown.grid.locator(".row.waiting").get_by_text("Cleo", exact=True).wait_for()
        shown.press("Home", "ArrowDown")
        assert shown.name_at() == "Ada"
        lab.python("gate.set()")
        shown.heard()
        shown.button("Stop Cleo").wait_for()
        lab.wait_idle()
        assert lab.python("[spoken, list(e.results.name)]") == [["Ada", "Cleo"]] * 2
        lab.python("gate.clear()")
        shown.button("Play Dorian").click()
        shown.button("Cancel").click()
        shown.told("Cancelled. What was sent already may still be carried out, and charged.")
        shown.grid.locator(".row.waiting").wait_for(state="detached")
        lab.python("gate.set()")
        lab.wait_idle()
        assert shown.cell.locator("audio").first.evaluate("audio => audio.paused")
        assert lab.report()["problems"] == []


def test_in_voila(tmp_path):
    path = write_notebook(tmp_path / "dashboard.ipynb", "from cartesia_nb import explore\nexplore()")
    with Lab(path, app="voila", env=SANDBOX, flags=SOUND) as lab:
        shown = Shown(lab, 0)
        shown.search.fill("ada")
        shown.button("Play Ada").click()
        shown.heard()
        shown.search.fill("")
        for name in ("Ada", "Bruno"):
            shown.cell.get_by_role("checkbox", name=f"Compare {name}").click()
        shown.button("Compare blind").click()
        shown.button("Choose A").click()
        shown.cell.get_by_text("was A, your choice").wait_for()
        assert lab.report()["problems"] == []
