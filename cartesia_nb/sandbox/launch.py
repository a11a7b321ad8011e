"""Start a sandbox beside this process, and stop it with this process."""

import atexit
import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

TIME_LIMIT_SECONDS = 60
STOP_SECONDS = 5


class SandboxError(RuntimeError):
    """The sandbox did not start; the message says why."""


@dataclass
class Sandbox:
    """A running sandbox: its URL, and a key made for it alone."""

    url: str
    key: str = field(repr=False)
    _process: "subprocess.Popen[bytes]" = field(repr=False)

    @property
    def alive(self) -> bool:
        """Whether the sandbox still runs."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End the sandbox; more than once does no harm."""
        atexit.unregister(self.stop)
        _end(self._process)


def start(data: "str | os.PathLike[str] | None" = None) -> Sandbox:
    """Start a sandbox on a free port of the loopback interface; it ends with this process at the latest.

    Parameters
    ----------
    data
        A folder in which it remembers what is made, made if need be; without one it begins afresh.

    Raises
    ------
    SandboxError
        If it does not come up, with the end of what it wrote to its standard error.
    """
    with tempfile.TemporaryFile() as errors:
        process = _spawn(errors, [] if data is None else ["--data", str(Path(data).absolute())])
        try:
            url = _read_url(process)
        except BaseException:
            _end(process)
            raise
        if url is None:
            _end(process)
            errors.seek(0)
            reason = errors.read().decode(errors="replace").strip()
            raise SandboxError(f"The sandbox did not start: {reason[-2000:] or 'it gave no reason.'}")
    sandbox = Sandbox(url, f"sk_car_sandbox_{secrets.token_hex(16)}", process)
    atexit.register(sandbox.stop)
    return sandbox


def _spawn(errors: IO[bytes], options: list[str]) -> "subprocess.Popen[bytes]":
    """Start the process, out of reach of an interrupt meant for this one, and without anyone's API key."""
    return subprocess.Popen(  # noqa: S603 - the program is ours, and the options are no shell's
        [sys.executable, "-m", "cartesia_nb.sandbox", "--port", "0", "--until-eof", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env={name: value for name, value in os.environ.items() if not name.upper().startswith("CARTESIA_")},
        # Python imports from the working directory first, where a notebook's author may keep an html.py.
        cwd=Path(__file__).parents[2],
        start_new_session=True,
    )


def _read_url(process: "subprocess.Popen[bytes]") -> str | None:
    timer = threading.Timer(TIME_LIMIT_SECONDS, process.kill)
    timer.start()
    line = cast(IO[bytes], process.stdout).readline()
    timer.cancel()
    url: str | None = json.loads(line)["url"] if line else None
    return url


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait(STOP_SECONDS)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
