"""Run the sandbox: ``python -m cartesia_nb.sandbox``."""

import argparse
import os
import signal
import sys
import threading
from importlib.util import find_spec
from pathlib import Path

from cartesia_nb.sandbox.loopback import is_loopback

REQUIRED = ("hibari", "jwt", "python_multipart", "soxr", "starlette", "uvicorn")


def main() -> None:
    """Serve until stopped."""
    arguments = _read_arguments()
    # What was answered is committed: to end at once loses nothing.
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda *_: os._exit(0))
    if arguments.until_eof:
        threading.Thread(target=_exit_at_eof, daemon=True).start()
    from cartesia_nb.sandbox.server import serve
    from cartesia_nb.sandbox.state import StateError

    try:
        serve(arguments.host, arguments.port, arguments.data)
    except StateError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m cartesia_nb.sandbox",
        description="Serve an offline stand-in for the Cartesia API on the loopback interface. "
        'When it accepts connections, one line of JSON says where: {"url": "http://127.0.0.1:PORT"}.',
    )
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="the port (default: a free one)")
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="remember in this folder what is made (default: forget it)"
    )
    parser.add_argument("--until-eof", action="store_true", help="stop when standard input ends")
    arguments = parser.parse_args()
    if missing := [name for name in REQUIRED if find_spec(name) is None]:
        parser.exit(2, f'The sandbox needs {", ".join(missing)}: pip install "cartesia_nb[sandbox]"\n')
    if not is_loopback(arguments.host):
        parser.error(f"--host {arguments.host}: the sandbox serves the loopback interface only")
    if not 0 <= arguments.port <= 65535:
        parser.error(f"--port {arguments.port}: a port is a number up to 65535")
    return arguments


def _exit_at_eof() -> None:
    """End with the parent: however it ends, its side of the pipe closes."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
