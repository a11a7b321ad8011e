"""The tutorials, run from top to bottom: what a reader sees and hears in them, and what they leave behind."""

import ast
import base64
import html
import io
import itertools
import re
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import papermill
import pytest
import soundfile
from matplotlib.image import imread
from recogniser import transcribe, word_error_rate
from secret import KEY, given_away

from cartesia_nb import Client

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
WIDGET = "application/vnd.jupyter.widget-view+json"
FORM = "needs a running kernel"
LARGEST = 40_000


class Tutorial(NamedTuple):
    """A notebook, and what a reader finds in it.

    A row of a table is what stands in its cells, with " | " between them; a part of it will do. Players
    are counted from 0. Papermill changes `changes`, and ``sandbox`` to "off", so that a key counts; `said`
    are patterns of what is read at players then.
    A number in a row, or in a printed line, lies between the two bounds; a pattern of the whole line says
    which. Files are counted by their pattern, and turns are those of the agent in a call that is heard.
    """

    name: str
    players: int
    forms: int
    heard: dict[int, str]
    rows: tuple[str, ...]
    changes: dict[str, Any]
    said: tuple[str, ...]
    plots: int
    bounds: tuple[tuple[str, float, float], ...] = ()
    files: tuple[tuple[str, int], ...] = ()
    turns: int = 0


DIGITS = "zero one two three four five six seven eight nine".split()

TUTORIALS = (
    Tutorial(
        "02_exploring_voices",
        players=12,
        forms=1,
        heard={3: "Good evening. May I show you to your table?"},
        rows=(
            "0 | Sarah | Yours to change | en | feminine",
            "26 | Zelda | Game Master | general-american",
            "1 | Juno | Museum Guide | en | gender_neutral",
            "0 | 0.7 | 106.5",
            "1 | 1.4 | 213.0",
            "A | Bruno | 3.55 | 43",
            "voice | 694f9389-aac1-45b6-b726-9d9369183238 | this session",
        ),
        changes={"language": "fr", "sentence": "Bonsoir et bienvenue. Voici votre table.", "search": "calm"},
        said=("Quentin Bonsoir et bienvenue. Voici votre table.", "Rosalie Bonsoir et bienvenue."),
        plots=1,
    ),
    Tutorial(
        "03_cloning_and_localizing",
        players=5,
        forms=2,
        heard={
            2: "Every morning I walk along the river, listen to the birds, and think about the day "
            "that lies before me.",
            3: "I never said this, and yet it is my voice.",
        },
        rows=(
            "clip | 6.4 | -6.1 | -19.0 | -91.5 | 0.0 | Good for a clone.",
            "It is short: 3 to 10 seconds make the best clone.",
            "It is very quiet: come closer to the microphone.",
            "It is noisy: record in a quieter place",
            "name | Tutorial voice, localized",
            "language | es",
            "castilian | Castilian Spanish | es-ES",
            "0 | Sarah | Yours to change",
        ),
        changes={
            "sentence": "Whatever you write, I say it.",
            "language": "de",
            "greeting": "Guten Morgen. Heute scheint die Sonne.",
        },
        said=(
            "^Bruno Every morning I walk .* Tutorial voice Every morning I walk ",
            "^Whatever you write, I say it. .* voice Tutorial voice · ",
            "^Guten Morgen. Heute scheint die Sonne. .* voice Tutorial voice, localized · ",
        ),
        plots=1,
    ),
    Tutorial(
        "04_infill",
        players=4,
        forms=1,
        heard={
            2: "Welcome to the museum. The next tour begins at the main entrance, on Tuesday morning. "
            "Please bring your ticket.",
            3: "Welcome to the museum. The next tour begins at the main entrance, on Friday evening. "
            "Please bring your ticket.",
        },
        rows=("Tuesday | 4.6", "this phrase, by infill | 18 | 318", "all of it anew | 111 | 111"),
        changes={"correct": "on Sunday afternoon."},
        said=("begins at the main entrance on Sunday afternoon. Please bring your ticket.",),
        plots=2,
    ),
    Tutorial(
        "05_streaming_and_latency",
        players=10,
        forms=0,
        heard={
            1: "A letter is read when it is finished, and a telephone call is heard while it is spoken.",
            8: "Sixty ships, softly.",
        },
        rows=(
            "timestamps | 3",
            "seconds of speech | 30.575",
            "1 | 12000 | 0.25 | 0.500",
            "0 | wav:pcm_f32le@44100 | 357.3 | 1411.4",
            "3 | wav:pcm_mulaw@8000 | 16.3 | 64.2",
            "tts.sse | 5 | 1622",
            "in all | 17 | 2906",
        ),
        changes={"text": "This is the first sentence. And this is another one.", "sample_rate": 16000},
        said=("This is the first sentence. And this is another one.",),
        plots=3,
        bounds=(
            (r"seconds to the end of the stream \| ([\d.]+)", 0.01, 30.5),
            (r"6 \| ([\d.]+) \| .*", 30.5, 30.65),
            (r"Playing can begin after .* s; over the line, after ([\d.]+) s\.", 8.5, 40),
        ),
    ),
    Tutorial(
        "06_an_experiment",
        players=3,
        forms=0,
        heard={},  # names that no recogniser knows: how wrong it is stands in the tables
        rows=(
            "7 | Gus | gender_neutral",
            "8 | Sarah | names | Siobhan moved from Worcester to Llandudno in spring.",
            "in all | 1365",
            "The kettle is on and the cups are on the table.",
            "voice | Sarah | Bruno | Gus | all | Sarah | Bruno | Gus | all",
            "speech-27.wav | sandbox",
        ),
        changes={
            "voices_per_gender": 2,
            "texts": {"plain": ["Tea is ready."], "other": ["We meet at the old bridge."]},
            "folder": "other",
        },
        said=("Dorian We meet at the old bridge.", "6 speeches"),
        plots=2,
        bounds=(
            (r"(\d) errors in 6 words", 2, 2),
            (r"plain \|(?: [\d.]+ \|){3} ([\d.]+)", 0, 0.05),
            (r"names \|(?: [\d.]+ \|){3} ([\d.]+)", 0.31, 0.5),
            (r"names \|(?: [\d.]+ \|){7} ([\d.]+)", 0.1, 0.3),  # where Dr. is a doctor
            (r"Gus \| ([\d.]+) \| [\d.]+ \| [\d.]+", 0.02, 0.15),
            (r"Gus \| [\d.]+ \| [\d.]+ \| ([\d.]+)", 0.1, 0.3),
            (r"plain \| ([\d.]+) \| [\d.]+ \| 211\.0", 150, 250),
            (r".*results\.csv: 27 recordings, (\d+) credits; estimated were 1365\.", 1330, 1420),
        ),
        files=(("experiment/speech-??.wav", 27), ("experiment/results.csv", 1)),
    ),
    Tutorial(
        "07_call_analytics",
        players=1,
        forms=0,
        heard={},  # the turns of a call, one by one
        rows=(
            "1 | swift-parcel-help | Help line of a delivery company. | en | 5",
            "all | 3 | 44 | 435 | 38 | 520",
            "The telephone line was lost: no media for 10 s. | 10",
            "swift-parcel-help | 126.0 | 46.2",
            "I have noted the garden shed for nine six one four.",
            "50% | 19.62 | 12.28 | 0.62",
            "very_satisfied | 17",
            "ad_kwpc5b2jp2ljel3e | 2026-03-24 | 66 | 0.52 | 44.03 | 0.39",
            "ad_5ft42e7qmf6h4zve | 2026-07-01 | 42 | 0.21 | 43.02 | 0.90",
            "issue.resolved | 130 | 5",
        ),
        changes={"agent_name": "willow-street-clinic"},
        said=("42.67 s",),
        plots=6,
        bounds=(
            (r"(\d+) of 468 results failed\.", 16, 16),
            (r"metric_results\.csv: (\d+) results from 2026-05-05 to 2026-08-01", 468, 468),
        ),
        files=(("metric_results.csv", 1),),
        turns=5,
    ),
    Tutorial(
        "08_reproducible_research",
        players=3,
        forms=0,
        heard={
            0: "Whoever reads this again shall hear the same.",
            2: "Whoever reads this again shall hear the same.",
        },
        rows=(
            "0 | tts.bytes | sonic-3.5 | e07c00bc-4134-4eae-9ea4-1a55fb45746b | 45 | <NA> | 45 | False",
            "credits | 45",
            "tts.bytes | 45 | <NA> | 0 | stored",
            "2 | tts.bytes | 45 | <NA> | 45 | live",
            "stt.transcribe | <NA> | 2.874989 | 2 | live",
        ),
        changes={"sentence": "Once more, with a key."},
        said=("^Once more, with a key.", "Once more, with a key. .* · stored"),
        plots=0,
        bounds=(
            (r"(\d+) of 2000 credits are left; about 0 are spent in the sandbox\.", 2000, 2000),
            (
                r"About (\d+) credits in this session\. \d+ of them are the sandbox's, which charges nothing\.",
                92,
                92,
            ),
        ),
        files=(("answers.zip", 1), ("first_take.wav", 1), ("colleague/cartesia_record/store.json", 1)),
    ),
)


def each(tutorials):
    return pytest.mark.parametrize("tutorial", tutorials, ids=lambda tutorial: tutorial.name)


class Ran(NamedTuple):
    """A tutorial after it was executed, with the folder that it ran in."""

    tutorial: Tutorial
    notebook: nbformat.NotebookNode
    folder: Path


@pytest.fixture(scope="module", params=TUTORIALS, ids=lambda tutorial: tutorial.name)
def ran(request, executed):
    folder = executed(request.param.name)
    return Ran(request.param, nbformat.read(folder / f"{request.param.name}.ipynb", as_version=4), folder)


def outputs(notebook):
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def pages(notebook):
    """Return the HTML of each output that has some."""
    return [output.data["text/html"] for output in outputs(notebook) if "text/html" in output.get("data", {})]


def sounds(notebook):
    """Return what each player plays, in their order."""
    return [
        base64.b64decode(sound)
        for page in pages(notebook)
        for sound in re.findall(r'<audio[^>]* src="data:audio/mpeg;base64,([^"]+)"', page)
    ]


def text_of(page):
    """Return what is read on a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def rows(notebook):
    """Return each row of each table, as in `Tutorial`."""
    found = [row for page in pages(notebook) for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL)]
    cells = [re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL) for row in found]
    return [" | ".join(filter(None, map(text_of, row))) for row in cells]


def lines(notebook):
    """Return the rows of the tables, and the lines that are printed."""
    printed = [output.text for output in outputs(notebook) if output.get("name") == "stdout"]
    return [*rows(notebook), *"".join(printed).splitlines()]


def parameters(notebook):
    """Return the names in the cells that papermill changes."""
    tagged = [cell.source for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    return [[line.targets[0].id for line in ast.parse(source).body] for source in tagged]


def test_each_player_and_form_shows(ran):
    assert len(sounds(ran.notebook)) == ran.tutorial.players
    widgets = [output.data for output in outputs(ran.notebook) if WIDGET in output.get("data", {})]
    assert sum(FORM in data.get("text/html", "") for data in widgets) == ran.tutorial.forms


def test_its_page_has_the_players_and_says_what_a_form_needs(ran):
    page = (ran.folder / f"{ran.tutorial.name}.html").read_text(encoding="utf-8")
    assert page.count("<audio") == ran.tutorial.players
    assert page.count(FORM) == ran.tutorial.forms


def test_a_recogniser_understands_what_is_said(ran):
    played = sounds(ran.notebook)
    for number, said in ran.tutorial.heard.items():
        samples, rate = soundfile.read(io.BytesIO(played[number]), dtype="float32")
        heard = transcribe(samples, rate)
        assert word_error_rate(said, heard) <= 0.1, heard


def test_the_tables_say_what_the_text_promises(ran):
    found = rows(ran.notebook)
    missing = [wanted for wanted in ran.tutorial.rows if not any(wanted in row for row in found)]
    assert missing == [], "\n".join(found)


def test_the_numbers_are_those_that_the_text_talks_about(ran):
    found = lines(ran.notebook)
    for pattern, low, high in ran.tutorial.bounds:
        numbers = [float(line[1]) for line in (re.fullmatch(pattern, line) for line in found) if line]
        assert numbers, (pattern, found)
        assert all(low <= number <= high for number in numbers), (pattern, numbers)


def test_each_plot_shows_something(ran):
    plots = [o.data["image/png"] for o in outputs(ran.notebook) if "image/png" in o.get("data", {})]
    assert len(plots) == ran.tutorial.plots
    for plot in plots:
        pixels = imread(io.BytesIO(base64.b64decode(plot)))
        colour = pixels[..., :3].max(axis=-1) - pixels[..., :3].min(axis=-1)
        assert (colour > 0.2).mean() > 0.001  # more than axes and text, which are black, grey and white


def test_what_it_saves_is_there(ran):
    for pattern, count in ran.tutorial.files:
        assert len(list(ran.folder.glob(pattern))) == count, pattern


def test_a_call_sounds_as_its_transcript_says(ran):
    turns = [row.split(" | ") for row in rows(ran.notebook) if re.match(r"\d+ \| assistant \| ", row)]
    assert len(turns) == ran.tutorial.turns
    samples, rate = soundfile.read(io.BytesIO(sounds(ran.notebook)[0]), dtype="float32")
    for _, _, start, end, _, text in turns:
        heard = transcribe(samples[int(float(start) * rate) : int(float(end) * rate)], rate)
        # Numbers are said digit by digit, and written down as figures.
        heard = re.sub(r"\d", lambda figure: f" {DIGITS[int(figure[0])]} ", heard)
        assert word_error_rate(text, heard) <= 0.25, heard


def test_nothing_is_shown_that_a_reader_should_not_see(ran):
    assert [output for output in outputs(ran.notebook) if output.get("name") == "stderr"] == []
    for output in outputs(ran.notebook):
        shown = [output.get("text", ""), output.get("data", {}).get("text/plain", "")]
        assert not re.search(r"\bat 0x[0-9a-f]+|Warning|Traceback", "\n".join(shown)), shown
    for path in ran.folder.iterdir():
        if path.is_file():
            assert given_away(path.read_bytes().decode("utf-8", "replace")) == [], path.name


@each(TUTORIALS)
def test_papermill_changes_what_is_said_with_a_key_and_nothing_is_left(
    tutorial, sandbox, monkeypatch, tmp_path
):
    monkeypatch.setenv("CARTESIA_API_KEY", KEY)
    monkeypatch.setenv("CARTESIA_BASE_URL", sandbox.url)
    monkeypatch.setenv("CARTESIA_NB_RECORD", "cache")
    mine = Client(sandbox.key, base_url=sandbox.url).voices
    before = list(mine.list(is_owner=True).id)
    source = NOTEBOOKS / f"{tutorial.name}.ipynb"
    changes = {"sandbox": "off", **tutorial.changes}
    assert set(changes) <= set(*parameters(nbformat.read(source, as_version=4)))
    changed = papermill.execute_notebook(
        source, tmp_path / "out.ipynb", changes, kernel_name="python3", cwd=tmp_path, progress_bar=False
    )
    read = [text_of(page) for page in pages(changed) if "<audio" in page]
    assert [said for said in tutorial.said if not any(re.search(said, text) for text in read)] == [], read
    assert sandbox.url in str(outputs(changed)[0])
    assert list(mine.list(is_owner=True).id) == before


@each(TUTORIALS)
def test_it_is_stored_small_without_what_it_shows_and_with_parameters(tutorial):
    source = NOTEBOOKS / f"{tutorial.name}.ipynb"
    notebook = nbformat.read(source, as_version=4)
    nbformat.validate(notebook)
    assert source.stat().st_size < LARGEST
    assert set(notebook.metadata) == {"kernelspec", "language_info"}  # no state of widgets
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert 8 <= len(code) <= 16
    assert [cell.source for cell in code if cell.outputs or cell.execution_count is not None] == []
    (names,) = parameters(notebook)
    assert 2 <= len(names) <= 5


def test_each_notebook_leads_to_the_next_and_the_readme_to_all():
    stored = sorted(NOTEBOOKS.glob("*.ipynb"))
    for here, after in itertools.pairwise(stored):
        last = nbformat.read(here, as_version=4).cells[-1].source
        assert re.search(rf"^\* Next: \[{after.name}\]\({after.name}\) \w", last, re.MULTILINE), here.name
    readme = (NOTEBOOKS.parent / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"\]\(notebooks/(\w+\.ipynb)\)", readme) == [path.name for path in stored]
