"""Which notebook it is that runs."""

from __future__ import annotations

import hashlib
import os
import re
import sys
import unicodedata
from pathlib import PurePath

#: Says it where nobody else does: set by whoever executes a notebook.
VARIABLE = "CARTESIA_NB_NOTEBOOK"
#: What Jupyter's server sets for a kernel: the path of its notebook.
JUPYTER = "JPY_SESSION_NAME"
#: The variable that VS Code puts into a kernel.
VS_CODE = "__vsc_ipynb_file__"
LONGEST_LABEL = 32


def notebook_name() -> str:
    """Return the name of the notebook, without folder and extension; "" where it is not known.

    Examples
    --------
    >>> notebook_name()
    ''
    """
    # VS Code's server is told of another path in every session.
    path = os.environ.get(VARIABLE) or _of_vs_code() or os.environ.get(JUPYTER)
    return file_label(PurePath(path).stem) if path else ""


def file_label(name: str) -> str:
    """Return a name as it can stand in a file's name, which may have 255 bytes in all.

    Examples
    --------
    >>> file_label("My notebook.v2")
    'My_notebook_v2'
    """
    label = re.sub(r"[^\w-]+", "_", unicodedata.normalize("NFC", name)).strip("_")
    if len(label) <= LONGEST_LABEL:
        return label
    # So that two long names with the same beginning stay apart.
    return f"{label[: LONGEST_LABEL - 9]}_{hashlib.sha256(label.encode()).hexdigest()[:8]}"


def _of_vs_code() -> str:
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return str(shell.user_ns.get(VS_CODE, "")) if shell is not None else ""
