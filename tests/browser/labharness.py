"""Drive a notebook in a real browser: JupyterLab, Notebook 7 or Voila in headless Chromium.

    with Lab("demo.ipynb") as lab:                  # server + kernel + browser, all private
        lab.run_all()                               # Run > Run All Cells, then wait until idle
        lab.cell(2).get_by_label("Name").fill("Ada")
        lab.cell(2).get_by_role("button", name="Greet").click()
        lab.wait_idle()                             # until the callback has finished in Python
        assert lab.python("greeted") == ["Ada"]     # the value of an expression in the kernel
        assert lab.report()["problems"] == []       # what every cell shows, and every error
        lab.screenshots("shots")                    # page.png, cell-00.png, cell-01.png, ...

Cells are numbered from 0 and counted over all cells, markdown included. `lab.page` is the
Playwright page and `lab.cell(i)` a Playwright locator, so anything Playwright can do is one
call away. The notebook file is written by `lab.save()` alone, and everything started is ended on exit.

- A Lab takes about 12 seconds to open and close: share one through a module fixture. Several may
  be open at once.
- `wait_idle()` waits for the kernel. For work in the page (a recording, a sound) wait for what the
  page shows: `lab.cell(2).get_by_text("saved").wait_for()`.
- A cell to be tested while it runs: `lab.run_cell(3, wait=False)`.
- An error in a cell tagged `raises-exception` is no problem. A request to another host is blocked
  and stands in `report()["external_requests"]`.
- Microphone: `Lab(nb, flags=fake_microphone("voice.wav"))`. Permission denied:
  `flags=["--use-fake-device-for-media-stream"]`. No microphone: no flag.
- Sound before any click: `flags=["--autoplay-policy=no-user-gesture-required"]`. Every Playwright
  call counts as a click, so a *blocked* autoplay cannot be shown with a Lab.
- Playwright's sync API does not work inside a running asyncio loop (async tests).
- `lab.python`, `run_all`, `run_cell` and callback errors are not available with Voila.
"""

import ast
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import ClassVar, Self

import labscripts
import nbformat
from chromium import find_chromium
from labserver import APPS, JupyterServer, LabError
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import sync_playwright

CHROMIUM_FLAGS = [
    "--no-sandbox",  # needed as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A test never leaves the machine: any other host fails at once, and is reported.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
LOOPBACK = "http://127.0.0.1:"


class Lab:
    """One notebook, open in one browser page, with its own server and kernel.

    python      interpreter of the kernel (it needs ipykernel); default: the current one
    app         "lab", "notebook" or "voila" (which runs all cells itself when it opens)
    theme       "light" or "dark"
    width, height   size of the browser window
    timeout     seconds allowed for each single wait
    chromium    path of the browser; default: the one that `chromium.find_chromium` finds
    flags       more Chromium flags, such as fake_microphone(wav)
    env         more environment variables for the server and its kernel
    """

    def __init__(
        self,
        notebook,
        *,
        python=sys.executable,
        app="lab",
        theme="light",
        width=1280,
        height=900,
        timeout=60,
        chromium=None,
        flags=(),
        env=None,
    ):
        if app not in APPS:
            raise ValueError(f"app is one of {APPS}, not {app!r}")
        self.notebook = Path(notebook).resolve(strict=True)
        # not resolved: a virtual environment's interpreter is a link
        self.interpreter = str(Path(shutil.which(python) or python).absolute())
        self.app, self.theme = app, theme
        self.size = {"width": width, "height": height}
        self.timeout, self.chromium, self.flags = timeout, chromium, list(flags)
        self.env = env or {}
        self.console, self.external_requests, self.timings = [], [], {}
        self._phase = "startup"

    # -- start and stop ---------------------------------------------------------------------

    def __enter__(self) -> Self:
        with ExitStack() as started:
            folder = Path(started.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
            self._server = JupyterServer(
                self.notebook,
                python=self.interpreter,
                app=self.app,
                theme=self.theme,
                env=self.env,
                folder=folder,
                timeout=self.timeout,
            )
            with self._timed("server"):
                started.enter_context(self._server)
            with self._timed("browser"):
                started.enter_context(self._browser())
            with self._timed("open"):
                self._open(self._server.url)
            self._started = started.pop_all()
        return self

    def __exit__(self, *_):
        self._started.close()

    @contextmanager
    def _browser(self) -> Iterator[None]:
        path = self.chromium or find_chromium()
        if not path:
            raise LabError("no Chromium found (make chromium installs it)")
        with shared_driver() as driver:
            # launch() makes a new, empty user-data-dir and removes it at the end
            browser = driver.chromium.launch(
                executable_path=path, headless=True, args=CHROMIUM_FLAGS + self.flags
            )
            try:
                self.page = browser.new_page(viewport=self.size)
                self._listen()
                yield
            finally:
                browser.close()

    def _listen(self):
        page = self.page
        page.set_default_timeout(self.timeout * 1000)
        page.on("console", lambda m: self._log(m.type, m.text, m.location["url"]))
        page.on("pageerror", lambda e: self._log("exception", e.stack or e.message, ""))
        page.on("request", lambda r: is_elsewhere(r.url) and self.external_requests.append(r.url))

    def _open(self, url):
        self.page.goto(url)
        if self.app == "voila":
            self._phase = "run"  # Voila runs and draws the notebook as it opens
            self.page.wait_for_selector("#rendered_cells", state="visible")
            self.wait_idle()
            return
        try:
            self.page.wait_for_function(labscripts.IS_OPEN)
        except BrowserError as error:
            message = f"the notebook did not open: {error.message}\n{self._server.last_words()}"
            raise LabError(message) from None
        self.page.evaluate(labscripts.WATCH_KERNEL)
        if self.app == "lab":
            self.page.wait_for_selector("#jupyterlab-splash", state="detached")
            # room for the notebook
            self.page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
        self._phase = "run"

    # -- use --------------------------------------------------------------------------------

    def run_all(self):
        """Run > Run All Cells in the menu, then wait until the kernel is idle."""

        def click():
            self.page.locator(".lm-MenuBar-item", has_text="Run").first.click()
            self.page.locator(".lm-Menu-item", has_text="Run All Cells").first.click()

        with self._timed("run_all"):
            self._run(click)

    def run_cell(self, index, *, wait=True):
        """Click into cell `index` and press Ctrl+Enter; with wait=False, leave it running."""

        def press():
            self.cell(index).locator(".jp-InputArea-editor").click()
            self.page.keyboard.press("Control+Enter")

        self._run(press, wait=wait)

    def _run(self, act, *, wait=True):
        if self.app == "voila":
            raise LabError("Voila runs the notebook itself, as it opens")
        sent = self.page.evaluate("labharness.sent")
        act()
        self.page.wait_for_function("n => labharness.sent > n", arg=sent)
        if wait:
            self.wait_idle()

    def wait_idle(self, settle=0.3, timeout=None):
        """Wait until the kernel has finished all it was asked and was quiet for `settle` seconds.

        It also waits for messages of widgets, so it is the thing to call after a click.
        """
        if self.app == "voila":  # its kernel is out of reach: wait until the page stays as it is
            self.page.evaluate(labscripts.QUIET, [1000, 15000])
        else:
            self.page.wait_for_timeout(50)  # a click's message leaves in a later task
            self.page.wait_for_function(
                labscripts.IDLE, arg=settle * 1000, timeout=timeout and timeout * 1000
            )

    def save(self):
        """Save the notebook where it was opened from, as Ctrl+S does."""
        self.page.keyboard.press("Control+s")
        self.page.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")

    def cell(self, index):
        """Playwright locator of cell `index`."""
        return self.page.locator(self._cells).nth(index)

    def python(self, expression):
        """Value of a Python expression in the kernel, through JSON (tuples come as lists)."""
        as_json = f"__import__('json').dumps({expression}, default=repr)"
        value = self.page.evaluate(labscripts.PYTHON, [as_json, self.timeout])
        if value["status"] != "ok":
            raise LabError(f"{expression}: {value['ename']}: {value['evalue']}")
        return json.loads(ast.literal_eval(value["data"]["text/plain"]))

    # -- look -------------------------------------------------------------------------------

    def report(self):
        """What the page shows now, as a dict for JSON; `problems` says what is wrong, in words."""
        cells = self.page.evaluate(labscripts.CELLS, self._cells)
        callbacks = [] if self.app == "voila" else self.page.evaluate("labharness.errors")
        problems = [wrong for cell in cells for wrong in cell_problems(cell)]
        problems += [f"callback ({c['in']}): {c['error']}" for c in callbacks]
        problems += [
            f"console: {m['text'].partition(chr(10))[0]} [{m['url']}]" for m in self.console if m["counts"]
        ]
        return {
            "notebook": self.notebook.name,
            "app": self.app,
            "ok": not problems,
            "problems": problems,
            "cells": cells,
            "callback_errors": callbacks,
            "console": self.console,
            "external_requests": self.external_requests,
            "timings": self.timings,
        }

    def screenshots(self, folder):
        """Save page.png (the whole notebook, however long) and one cell-NN.png for each cell."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        with self._timed("screenshots"):
            height = self.page.evaluate(labscripts.FIT, self._cells)
            self.page.set_viewport_size({**self.size, "height": height})
            self.page.wait_for_timeout(300)  # let the layout follow
            self.page.evaluate(labscripts.FIT, self._cells)
            self.page.screenshot(path=folder / "page.png")
            for index in range(self.page.locator(self._cells).count()):
                if self.cell(index).is_visible():
                    self.cell(index).screenshot(path=folder / f"cell-{index:02}.png")
            self.page.set_viewport_size(self.size)

    @property
    def _cells(self):
        return "[cell-index]" if self.app == "voila" else ".jp-NotebookPanel .jp-Notebook .jp-Cell"

    def _log(self, kind, text, url):
        """Keep an error or a warning of the page, and decide whether it counts as a problem.

        These do not: warnings, messages from before the notebook was open (the application's own),
        and the failure of a request to another host (see external_requests). A lost connection
        does: it loses messages.
        """
        if kind not in ("error", "warning", "exception"):
            return
        wrong = kind != "warning" or "Connection lost" in text
        counts = wrong and self._phase == "run" and not is_elsewhere(url)
        entry = {"type": kind, "phase": self._phase, "text": text, "url": url.split("?")[0], "counts": counts}
        self.console.append(entry)

    @contextmanager
    def _timed(self, name):
        start = time.monotonic()
        try:
            yield
        finally:
            self.timings[name] = round(time.monotonic() - start, 2)


class Driver:
    """Playwright's driver: it allows a process one, so all Labs share it."""

    running: ClassVar = None
    users: ClassVar = 0


@contextmanager
def shared_driver() -> Iterator:
    if not Driver.running:
        Driver.running = sync_playwright().start()
    Driver.users += 1
    try:
        yield Driver.running
    finally:
        Driver.users -= 1
        if not Driver.users:
            driver, Driver.running = Driver.running, None
            driver.stop()


def cell_problems(cell) -> list[str]:
    wrong = [] if cell["error_expected"] else list(cell["errors"])
    wrong += ["a widget could not be shown"] * bool(cell["broken_widgets"])
    wrong += [f"audio: {audio['error']}" for audio in cell["audio"] if audio["error"]]
    return [f"cell {cell['index']}: {what}" for what in wrong]


def is_elsewhere(url) -> bool:
    """Whether a URL leads to another host."""
    return url.startswith("http") and not url.startswith(LOOPBACK)


def fake_microphone(wav) -> list[str]:
    """Flags that make Chromium play a 16-bit PCM WAV file, in a loop, as the microphone."""
    return [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={Path(wav).resolve(strict=True)}",
    ]


def write_notebook(path, *sources) -> Path:
    """Write a notebook of code cells; a source that begins with %%md is a markdown cell."""
    cells = [
        nbformat.v4.new_markdown_cell(source[4:].lstrip())
        if source.startswith("%%md")
        else nbformat.v4.new_code_cell(source)
        for source in sources
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return Path(path)
