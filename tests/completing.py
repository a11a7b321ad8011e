"""What is offered in a cell, by a kernel or by a shell, and what the cell becomes when that is taken."""

import io
import threading
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from tempfile import NamedTemporaryFile

from IPython.core.completer import provisionalcompleter, rectify_completions
from jupyter_client.manager import KernelManager

#: Stands for the cursor.
CURSOR = "‸"


class Kernel:
    """A kernel, as a frontend sees it."""

    def __init__(self, client, errors):
        # A kernel writes what fails in completion to its own standard error, which a notebook may show.
        self.client, self.errors = client, errors

    def run(self, cell):
        answer = self.client.execute_interactive(cell, timeout=60, output_hook=unseen)
        assert answer["content"]["status"] == "ok", answer["content"]

    def offered(self, cell):
        """Return the cells that there would be, one for each completion; nothing may be printed."""
        before, after = cell.split(CURSOR)
        written = len(self.errors.read_text())
        found = self.answer(self.client.complete(before + after, len(before)))
        assert self.errors.read_text()[written:] == ""
        self.check_silence()
        start, end = found["cursor_start"], found["cursor_end"]
        assert end == len(before)
        return [before[:start] + match + after for match in found["matches"]]

    def check_silence(self):
        """Fail if anything was shown since this was asked last."""
        flushed = self.client.execute("import sys; sys.stdout.flush(); sys.stderr.flush()", silent=True)
        self.answer(flushed)
        idle = {"execution_state": "idle"}
        while (message := self.client.get_iopub_msg(timeout=30))["content"] != idle or (
            message["parent_header"]["msg_id"] != flushed
        ):
            assert message["msg_type"] == "status", message["content"]

    def answer(self, asked):
        while True:
            message = self.client.get_shell_msg(timeout=30)
            if message["parent_header"]["msg_id"] == asked:
                return message["content"]


@contextmanager
def running_kernel(folder):
    """Start a kernel in a folder, with the environment of this process; it ends with the block."""
    manager = KernelManager()
    with NamedTemporaryFile("w") as errors:
        manager.start_kernel(
            cwd=str(folder), stderr=errors, extra_arguments=["--HistoryManager.enabled=False"]
        )
        client = manager.blocking_client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=60)
            yield Kernel(client, Path(errors.name))
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


def unseen(message):
    """Take what a cell shows, and do nothing with it."""


def offered(notebook, cell):
    """Return the cells that there would be, as a kernel finds them; nothing may be printed."""
    before, after = cell.split(CURSOR)
    with provisionalcompleter(), redirect_stderr(io.StringIO()) as errors:
        found = list(notebook.shell.Completer.completions(before + after, len(before)))
        found = list(rectify_completions(before + after, found))
    assert errors.getvalue() == ""
    return [before[: match.start] + match.text + after for match in found]


def asking():
    """Return the threads of this process that ask for the names of voices."""
    return [thread for thread in threading.enumerate() if thread.name == "cartesia_nb voice names"]


def answered():
    """Wait until nobody asks any more."""
    for thread in asking():
        thread.join(60)
        assert not thread.is_alive()
