"""What browsing 5 000 voices costs in JupyterLab: until rows are seen, and with each key that is typed.

The page measures itself, and the other table in it: from the request to run a cell until rows of its
output are painted, and from a key to the painted answer.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

from pairs import Pair

sys.path.append(str(Path(__file__).parents[1] / "tests" / "browser"))
from chromium import find_chromium
from labharness import Lab, write_notebook

VOICES = 5000
# Each number that is typed narrows the search, and has fewer rows than the one before.
TYPED = "1234"

START = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import pandas as pd
from canned import voice
from cartesia_nb import explore
from itables import init_notebook_mode, show
init_notebook_mode(all_interactive=False, connected=False)
columns = ["id", "name", "tagline", "description", "language", "gender", "country", "accent"]
voices = pd.DataFrame([voice(number) for number in range({VOICES})])[columns]
"""
OURS, THEIRS = "explore(voices)", "show(voices, maxBytes=0)"
ROWS = {OURS: ".cartesia-explorer .body .row", THEIRS: "table.dataTable tbody tr"}
FIELDS = {OURS: ".cartesia-explorer input[type=search]", THEIRS: ".dt-search input"}
COUNTS = {OURS: ".cartesia-explorer .count", THEIRS: ".dt-info"}

# Seconds from the next request to run a cell until rows in it, other than those before, are painted.
FIRST_ROWS = """([index, rows]) => {
  const cell = document.querySelectorAll('.jp-NotebookPanel .jp-Notebook .jp-Cell')[index];
  const before = new Set(cell.querySelectorAll(rows));
  let start;
  window.measured = new Promise(done => {
    labharness.kernel.anyMessage.connect((_, { msg, direction }) => {
      if (direction === 'send' && msg.header.msg_type === 'execute_request') start ??= performance.now();
    });
    new MutationObserver((_, observer) => {
      if (!start || ![...cell.querySelectorAll(rows)].some(row => !before.has(row))) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => done((performance.now() - start) / 1000)));
    }).observe(cell, { childList: true, subtree: true });
  });
}"""
# Seconds from the next key until the count of rows that it leaves is painted.
ANSWER = """count => {
  let start;
  window.addEventListener('keydown', event => { start = event.timeStamp; }, { capture: true, once: true });
  window.measured = new Promise(done => new MutationObserver((_, observer) => {
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => done((performance.now() - start) / 1000)));
  }).observe(count, { childList: true, characterData: true, subtree: true }));
}"""


def first_rows(lab: Lab, table: str) -> float:
    """Run the cell of a table; return the seconds until its rows are seen."""
    index = [OURS, THEIRS].index(table) + 1
    lab.page.evaluate(FIRST_ROWS, [index, ROWS[table]])
    lab.run_cell(index)
    return float(lab.page.evaluate("window.measured"))


def answer(lab: Lab, table: str) -> Callable[[], float]:
    """Return what types a key into a table's search, the next one each time, and gives the seconds."""
    keys = cycle(enumerate(TYPED))

    def typed() -> float:
        place, key = next(keys)
        field = lab.page.locator(FIELDS[table]).last
        if place == 0:
            field.fill("")
        field.focus()
        lab.page.locator(COUNTS[table]).last.evaluate(ANSWER)
        lab.page.keyboard.press(key)
        return float(lab.page.evaluate("window.measured"))

    return typed


@contextmanager
def pairs() -> Iterator[list[Pair]]:
    """Yield the rows of this file; the JupyterLab that both tables are in runs as long."""
    if not find_chromium():
        print("no Chromium (make chromium installs it): the explorer is not measured", file=sys.stderr)
        yield []
        return
    with tempfile.TemporaryDirectory() as folder:
        notebook = write_notebook(Path(folder) / "voices.ipynb", START, OURS, THEIRS)
        with Lab(notebook) as lab:
            lab.run_cell(0)
            yield [
                Pair(
                    f"show {VOICES} voices, first rows",
                    "itables",
                    lambda: first_rows(lab, OURS),
                    lambda: first_rows(lab, THEIRS),
                    goal=1.0,
                    limit=1.0,
                ),
                Pair(
                    f"type a letter among {VOICES} voices",
                    "itables",
                    answer(lab, OURS),
                    answer(lab, THEIRS),
                    # Both answer in the next frame or two: what is beyond is chance.
                    goal=1.5,
                    limit=0.1,
                ),
            ]
