"""Run the sandbox: ``python -m cartesia_nb.sandbox``."""

import argparse
import os
import signal
import sys
import threading
from importlib.util import find_spec

from cartesia_nb.sandbox.loopback import is_loopback

REQUIRED = ("hibari", "soxr", "starlette", "uvicorn")


def main() -> None:
    """Serve until stopped."""
    arguments = _read_arguments()
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda *_: os._exit(0))
    if arguments.until_eof:
        threading.Thread(target=_exit_at_eof, daemon=True).start()
    from cartesia_nb.sandbox.server import serve

    serve(arguments.host, arguments.port)


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m cartesia_nb.sandbox",
        description="Serve an offline stand-in for the Cartesia API on the loopback interface. "
        'When it accepts connections, one line of JSON says where: {"url": "http://127.0.0.1:PORT"}.',
    )
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="the port (default: a free one)")
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
