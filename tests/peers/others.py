"""The official SDKs that cannot live in the environment of the tests: each is judged by a program of its own."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cartesia_nb.sandbox import launch

HERE = Path(__file__).parent
# Where `make peers` puts them, each in a folder named after it.
INSTALLED = Path(__file__).parents[2] / ".peers"
SECONDS = 200


@dataclass(frozen=True)
class Other:
    """An SDK, its program with the checks in ``checks``, and the interpreter and the folder that it needs."""

    name: str
    program: str
    checks: str
    pattern: str
    interpreter: str
    folder: Path

    @property
    def is_installed(self):
        """Whether the SDK is there, and something to run it with."""
        return (self.folder / ".installed").exists() and shutil.which(self.interpreter) is not None

    @property
    def methods(self):
        """The methods that the program calls, as its source says."""
        sources = [file.read_text("utf-8") for file in sorted(HERE.glob(self.checks))]
        return [name for source in sources for name in re.findall(self.pattern, source, re.MULTILINE)]

    def judge(self, heard):
        """Run the program against a sandbox of its own; return its verdicts, with what it was told aloud in ``heard``."""
        sandbox = launch.start()
        program = [self.interpreter, HERE / self.program, sandbox.url, sandbox.key, heard, self.folder]
        try:
            done = subprocess.run(program, check=False, capture_output=True, text=True, timeout=SECONDS)
        finally:
            sandbox.stop()
        assert done.returncode == 0, done.stderr
        return {verdict["method"]: verdict for verdict in map(json.loads, done.stdout.splitlines())}


PYTHON_2 = Other(
    "cartesia 2.0.17 for Python",
    "python_sdk_2.py",
    "python_sdk_2.py",
    r'^@check\("([\w.]+)"\)$',
    str(INSTALLED / "cartesia-2.0.17/bin/python"),
    INSTALLED / "cartesia-2.0.17",
)
JAVASCRIPT = Other(
    "cartesia-js 4.2.0 for JavaScript",
    "javascript_sdk.mjs",
    "javascript/*.mjs",
    r'^  "([\w.]+)": async',
    "node",
    INSTALLED / "cartesia-js-4.2.0",
)
OTHERS = {other.name: other for other in (PYTHON_2, JAVASCRIPT)}
