r"""What a person types is what is sent.

IPython rewrites a cell before a magic sees it: ``how are you?`` becomes a request for help, a trailing
``\`` joins two lines, prompts such as ``...`` vanish. This transformer runs before all that and turns our
lines into plain Python calls that carry the text as a string.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from IPython.core.inputtransformer2 import make_tokens_by_line

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Given before the command when its result is to be shown, since nothing takes it.
SHOW = "--show"

CELL = re.compile(r"[ \t]*%%cartesia(?:[ \t]+(?P<rest>.*))?")
LINE = re.compile(
    r"(?P<indent>[ \t]*)(?:(?P<target>[^\W\d].*?)[ \t]*=[ \t]*)?%cartesia(?:[ \t](?P<rest>.*))?"
)
# Another line that only IPython understands; tokens after it would be wrong.
SPECIAL = re.compile(r"[ \t]*(?:[%!?,;/]|[A-Za-z_][^=#]*=[ \t]*[%!])|.*\?[ \t]*$")

STATEMENT = "cartesia_statement"


def keep_as_typed(lines: Sequence[str]) -> list[str]:
    """Rewrite the ``%cartesia`` lines, or the ``%%cartesia`` cell, of a cell into plain Python.

    Parameters
    ----------
    lines : sequence of str
        The cell, each line with its end, as IPython gives it to a transformer.

    Returns
    -------
    list of str
        The same number of lines unless it is a ``%%cartesia`` cell, which becomes one.
    """
    cell = "".join(lines).replace("\r\n", "\n")
    if "%cartesia" not in cell:
        return list(lines)
    # Only "\n" ends a line here: others, such as U+2028, may stand in a text.
    typed = cell.removesuffix("\n").split("\n")
    first = next((number for number, line in enumerate(typed) if line.strip()), 0)
    found = CELL.fullmatch(typed[first])
    if found:
        # IPython refuses an empty body in words of its own.
        body = "\n".join(typed[first + 1 :]) or "\n"
        return [f"get_ipython().run_cell_magic('cartesia', {_shown(found['rest'])!r}, {body!r})\n"]
    if typed[first].lstrip().startswith("%%"):  # another cell magic: its body is not ours
        return list(lines)
    return [f"{line}\n" for line in _rewritten(typed)]


# IPython's check for a complete cell leaves out transformers that say this.
keep_as_typed.has_side_effects = True  # type: ignore[attr-defined]


def _rewritten(typed: list[str]) -> list[str]:
    rewritten = []
    plain: list[str] = []  # the lines so far, with a harmless statement for each that is not Python
    for line in typed:
        found = _our_line(line)
        special = found or SPECIAL.match(line)
        if special and _begins_statement(plain):
            rewritten.append(_call(found) if found else line)
            indent = line[: len(line) - len(line.lstrip())]
            # Nothing that stands above a statement at the margin is still open.
            plain = [*(plain if indent else []), f"{indent}pass\n"]
        else:
            rewritten.append(line)
            plain.append(f"{line}\n")
    return rewritten


def _our_line(line: str) -> re.Match[str] | None:
    """Match a line that is ours: the magic alone, or assigned to what Python can assign to."""
    found = LINE.fullmatch(line)
    if found and found["target"]:
        try:
            ast.parse(f"{found['target']} = 0")
        except SyntaxError:
            return None
    return found


def _begins_statement(before: list[str]) -> bool:
    """Tell whether a line after these begins a statement, and does not go on with one."""
    tokens = make_tokens_by_line([*before, f"{STATEMENT}\n"])
    first = [next((token.string for token in line if token.string.strip()), "") for line in tokens]
    return STATEMENT in first


def _call(found: re.Match[str]) -> str:
    target, rest = found["target"], found["rest"] or ""
    line, takes = (rest, f"{target} = ") if target else (_shown(rest), "")
    return f"{found['indent']}{takes}get_ipython().run_line_magic('cartesia', {line!r})"


def _shown(rest: str | None) -> str:
    return f"{SHOW} {rest or ''}"
