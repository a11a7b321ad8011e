"""A shell of its own for each test, with the magic loaded and a server that writes down what it is sent."""

import atexit
import json

import pytest
from answers import answer
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from scripted import Server
from secret import KEY
from traitlets.config import Config

from cartesia_nb.client import client as shared
from cartesia_nb.client.defaults import reset


class Notebook:
    """Runs cells, and says what they showed, what went wrong, and which texts arrived at the server."""

    def __init__(self, shell, server):
        self.shell, self.server = shell, server

    def run(self, cell):
        with capture_output() as shown:
            self.result = self.shell.run_cell(cell)
        self.shown = [output.data for output in shown.outputs]
        self.printed = shown.stdout
        return self.result

    @property
    def error(self):
        return self.result.error_in_exec or self.result.error_before_exec

    def __getitem__(self, name):
        return self.shell.user_ns[name]

    @property
    def requests(self):
        return [json.loads(asked.body) for asked in self.server.asked if asked.path == "/tts/bytes"]

    def sent(self, path):
        """Return the requests for a path."""
        return [asked for asked in self.server.asked if asked.path.partition("?")[0] == path]

    @property
    def texts(self):
        return [request["transcript"] for request in self.requests]


@pytest.fixture
def notebook(monkeypatch):
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    with Server(answer=answer) as server:
        monkeypatch.setattr(shared, "_shared", shared.Client(KEY, base_url=server.url))
        shell.run_line_magic("load_ext", "cartesia_nb")
        yield Notebook(shell, server)
    shell.atexit_operations()
    atexit.unregister(shell.atexit_operations)
    InteractiveShell.clear_instance()
    reset()
