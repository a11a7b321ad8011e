"""Run a notebook in a real browser and save what it shows.

    python tests/browser/lab_shot.py demo.ipynb --out shots --run-all
    python tests/browser/lab_shot.py demo.ipynb --out shots --cell 0 3 --theme dark --width 800
    python tests/browser/lab_shot.py demo.ipynb --out shots --app voila

Writes to the --out folder: page.png (the whole notebook), cell-00.png, cell-01.png, ... and
report.json. Exit status: 0 all well, 1 a cell, a widget callback or the page had an error
(each is printed), 2 the notebook could not be opened, or did not finish in time (the pictures
then show where it stood).
"""

import argparse
import json
import signal
import sys
import traceback
from pathlib import Path

from labharness import Lab, fake_microphone
from labserver import APPS, LabError
from playwright.sync_api import Error as BrowserError


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("notebook", type=Path)
    add("--out", type=Path, required=True, help="folder for the pictures and report.json")
    add("--run-all", action="store_true", help="run all cells first")
    add("--cell", type=int, nargs="+", default=[], metavar="N", help="run these cells, after --run-all")
    add("--app", choices=APPS, default="lab")
    add("--theme", choices=["light", "dark"], default="light")
    add("--width", type=int, default=1280)
    add("--python", default=sys.executable, help="interpreter of the kernel (default: this one)")
    add("--mic", type=Path, metavar="WAV", help="16-bit WAV file that plays as the microphone")
    add("--autoplay", action="store_true", help="let sound start without a click")
    add("--timeout", type=int, default=180, help="seconds for the cells to finish (default 180)")
    return parser.parse_args()


def browser_flags(args) -> list[str]:
    flags = fake_microphone(args.mic) if args.mic else []
    return [*flags, "--autoplay-policy=no-user-gesture-required"] if args.autoplay else flags


def look(args) -> dict:
    """Run and photograph the notebook; return its report, with `finished`."""
    with Lab(
        args.notebook,
        python=args.python,
        app=args.app,
        theme=args.theme,
        width=args.width,
        timeout=args.timeout,
        flags=browser_flags(args),
    ) as lab:
        unfinished = []
        try:
            if args.run_all and args.app != "voila":
                lab.run_all()
            for index in args.cell:
                lab.run_cell(index)
        except BrowserError as error:
            unfinished = [f"did not finish: {error.message.splitlines()[0]}"]
        lab.screenshots(args.out)
        report = lab.report()
    problems = unfinished + report["problems"]
    return {**report, "finished": not unfinished, "ok": not problems, "problems": problems}


def show(report):
    for cell in report["cells"]:
        durations = [audio["duration"] for audio in cell["audio"]]
        place = f"cell {cell['index']:2} {cell['type']:8} widgets {cell['widgets']:2}"
        print(f"{place} audio {durations} {cell['text'][:60]!r}")
    for problem in report["problems"]:
        print("PROBLEM", problem)
    print("timings", report["timings"])


def stop(signum, _frame):
    """Unwind the `with` block, so that all that was started is ended."""
    signal.alarm(0)
    raise TimeoutError("out of time" if signum == signal.SIGALRM else f"stopped by signal {signum}")


def main() -> int:
    args = arguments()
    for signum in (signal.SIGALRM, signal.SIGTERM):
        signal.signal(signum, stop)
    signal.alarm(args.timeout + 60)  # the last resort: nothing runs longer than this
    try:
        report = look(args)
    except (LabError, BrowserError, OSError):  # of which TimeoutError is one
        traceback.print_exc()
        return 2
    (args.out / "report.json").write_text(json.dumps(report, indent=1))
    show(report)
    return int(not report["ok"]) if report["finished"] else 2


if __name__ == "__main__":
    sys.exit(main())
