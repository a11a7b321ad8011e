"""The line of Python that does what a form does, to be copied."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from anywidget import AnyWidget
from traitlets import Unicode, validate

from cartesia_nb.widgets.modules import script, style
from cartesia_nb.wire.masks import hide_keys


class Code(str):
    """A piece of Python that stands in a line as it is, such as the name of a variable."""

    __slots__ = ()


class CodeLine(AnyWidget):
    """A line of code with a button that copies it; where the page may not, the line is selected.

    It brings the style of forms (``static/form.css``) along, since each form has one.

    Attributes
    ----------
    code : str
        The line; an API key that was typed into a field is masked in it.

    Examples
    --------
    >>> line = CodeLine()
    >>> line.code = call_line("tts.bytes", "Hello!", voice="Ada", language=None)
    >>> line.code
    'cartesia_nb.connect().tts.bytes("Hello!", voice="Ada")'
    """

    _esm = script("code_line.js")
    _css = style("form.css")

    code = Unicode().tag(sync=True)

    @validate("code")
    def _without_keys(self, proposal: dict[str, Any]) -> str:
        return hide_keys(proposal["value"])

    def on_page(self, seen: Callable[[str], object]) -> None:
        """Call a function with the name of each page in which the line is shown: an id, new for each."""
        self.on_msg(lambda _, message, __: seen(message["page"]))


def call_line(method: str, *given: Any, **named: Any) -> str:
    """Return a call of a method of the client, as one would write it; what is None is left out.

    Examples
    --------
    >>> call_line("voices.clone", Code("clip"), name="Mine", language="en", enhance=True)
    'cartesia_nb.connect().voices.clone(clip, name="Mine", language="en", enhance=True)'
    """
    arguments = [written(value) for value in given]
    arguments += [f"{name}={written(value)}" for name, value in named.items() if value is not None]
    return f"cartesia_nb.connect().{method}({', '.join(arguments)})"


def written(value: Any) -> str:
    r"""Return a value as Python code, texts in double quotes.

    Examples
    --------
    >>> print(written({"SQL": 'the "sequel"'}), written(Code("clip")), written([1, None]))
    {"SQL": "the \"sequel\""} clip [1, None]
    """
    if isinstance(value, Code):
        return str(value)
    if isinstance(value, str):
        # JSON's escapes are Python's, too.
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(name)}: {written(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return repr(value)
