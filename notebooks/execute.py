"""Execute notebooks without a browser: `python notebooks/execute.py NOTEBOOK... --out DIR`.

Each notebook runs in folder DIR, in a kernel of this interpreter that knows no one's IPython
settings. DIR gets the executed notebook, its HTML and whatever the notebook saves. A notebook that
fails leaves only NAME.failed.ipynb, so that half a run is never taken for a whole one: older results
of the same name are removed first. Exit status: 0 all ran, 1 one failed (the rest are not begun).

What the API answers is kept in DIR/cartesia_record, unless CARTESIA_NB_RECORD and CARTESIA_NB_RECORD_FOLDER
say otherwise: `CARTESIA_NB_RECORD=replay python notebooks/execute.py ...` replays an earlier run, without
a key and without the network.
"""

import argparse
import os
import re
import sys
import tempfile
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert import HTMLExporter

ANSI_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("notebooks", nargs="+", type=Path, metavar="NOTEBOOK")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="made if it is missing")
    parser.add_argument("--timeout", type=int, default=120, metavar="S", help="seconds for one cell (120)")
    return parser.parse_args()


def run(notebook: nbformat.NotebookNode, name: str, folder: Path, timeout: int) -> str | None:
    """Execute the cells and fill in their outputs, with `folder` as the working directory.

    Parameters
    ----------
    notebook
        Changed in place; after an error it holds the outputs up to there and none beyond.
    name
        Under which its answers are kept, and its calls are counted.
    folder
        Where the cells run.
    timeout
        Seconds that one cell may take.

    Returns
    -------
    str or None
        What failed: a line with the number of the cell (from 1, all cells count) and the error,
        then the cell's traceback if it has one. None if all cells ran.
    """
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    begun: list[int] = []
    with tempfile.TemporaryDirectory() as private:
        # With no folders to search, the only kernel known is this interpreter's own.
        manager = AsyncKernelManager(
            kernel_name="python3",
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),
            transport="ipc",  # files in a private folder, no port
            connection_file=f"{private}/kernel.json",
        )
        client = NotebookClient(
            notebook,
            km=manager,
            timeout=timeout,
            # As JupyterLab saves it: a form without a kernel is a sentence, not 100 kB of script.
            store_widget_state=False,
            resources={"metadata": {"path": str(folder)}},
            on_cell_start=lambda cell, cell_index: begun.append(cell_index + 1),  # noqa: ARG005
        )
        try:
            settings = {"IPYTHONDIR": private, "CARTESIA_NB_NOTEBOOK": name}
            client.execute(env={**os.environ, **settings}, cleanup_kc=True)
        except CellExecutionError as error:
            return f"cell {begun[-1]}: {error.ename}: {error.evalue}\n{error.traceback.strip()}"
        except (CellTimeoutError, DeadKernelError) as error:
            return f"cell {begun[-1]}: {str(error).splitlines()[0]}"
    return None


def execute(source: Path, folder: Path, timeout: int) -> None:
    """Execute one notebook; say on standard output what was written, or exit with what failed."""
    executed, html = folder / source.name, folder / f"{source.stem}.html"
    failed = folder / f"{source.stem}.failed.ipynb"
    if executed.resolve() == source.resolve():
        sys.exit(f"{source}: --out is the folder of the notebook itself, which would be overwritten")
    notebook = nbformat.read(source, as_version=4)
    for old in (executed, html, failed):
        old.unlink(missing_ok=True)
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    if failure := run(notebook, source.stem, folder, timeout):
        nbformat.write(notebook, failed)
        sys.exit(ANSI_COLOURS.sub("", f"{source}: {failure}"))
    nbformat.write(notebook, executed)
    page, _ = HTMLExporter().from_notebook_node(notebook, {"metadata": {"name": source.stem}})
    html.write_text(page, encoding="utf-8")
    after = sorted(path for path in folder.iterdir() if path.is_file())
    written = [str(path) for path in after if path.stat().st_mtime_ns != before.get(path)]
    print(f"Wrote {', '.join(written)}.")


def main() -> None:
    """Execute every notebook that is named."""
    args = arguments()
    args.out.mkdir(parents=True, exist_ok=True)
    for source in args.notebooks:
        execute(source, args.out, args.timeout)


if __name__ == "__main__":
    main()
