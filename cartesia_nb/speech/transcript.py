"""`Transcript`: what was heard, and when."""

from __future__ import annotations

import copy
import html
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cartesia_nb.speech.caption import origin, short
from cartesia_nb.speech.timing import Timed

if TYPE_CHECKING:
    import pandas as pd

#: How many words show their times: those of an hour would be two megabytes.
TIMES_SHOWN = 300
#: How high a line is, in em.
LINE, LINE_WITH_TIMES = 1.6, 2.3

FRAME = """<div class="cartesia-transcript" style="max-width:44em;margin:.4em 0;font-size:.95em">
{text}
{rest}<div style="opacity:.7;font-size:.85em">{facts}</div>
</div>"""
TEXT = '<div lang="{language}" dir="auto" style="white-space:pre-wrap;line-height:{line}">{text}</div>'
REST = """<details style="margin:.3em 0">
<summary>The rest, without times: {more:,} of {count:,} words</summary>
{text}</details>
"""
# A time is for the eyes: it is neither copied with the text nor read aloud. Where a notebook is not
# trusted, JupyterLab takes away what makes it one, and the brackets show.
WORD = (
    '<ruby title="{start:.2f} to {end:.2f} s">{text}<rp> (</rp><rt aria-hidden="true" style="font-size:.65em;'
    'padding:0 .25em;opacity:.7;-webkit-user-select:none;user-select:none">{start:.2f}</rt><rp>)</rp></ruby>'
)


class Transcript:
    """What was heard in a recording. ``str()`` of it is the text.

    A notebook shows each word under the time when it begins, in seconds; of a long recording the first
    300, and the others as text.

    Parameters
    ----------
    text : str
        What was heard.
    language : str, optional
        Such as ``"en"``; "" if not known.
    duration : float, optional
        Of the recording, in seconds; None if not known.
    words : sequence of (text, start, end), optional
        When each word was said, in seconds.
    provenance : mapping, optional
        How it was made.

    Attributes
    ----------
    text, language, duration
        As above.
    words : DataFrame
        ``word``, ``start`` and ``end`` in seconds; empty where the times were not asked for.
    provenance : mapping
        Has ``method``, ``version``, ``request``, ``backend``, ``made_at``, ``credits`` and more.

    Examples
    --------
    >>> heard = Transcript("Hello!", language="en", duration=0.7, words=[("Hello!", 0.1, 0.6)])
    >>> print(heard)
    Hello!
    >>> heard.words.word.to_list()
    ['Hello!']
    """

    def __init__(
        self,
        text: str,
        *,
        language: str = "",
        duration: float | None = None,
        words: Iterable[tuple[str, float, float]] = (),
        provenance: Mapping[str, Any] | None = None,
    ) -> None:
        self.text, self.language, self.duration = text, language, duration
        self.timed_words = tuple(Timed(*word) for word in words)
        self._provenance = copy.deepcopy(dict(provenance or {}))

    @property
    def provenance(self) -> Mapping[str, Any]:
        """How it was made; a copy, since what happened does not change."""
        return MappingProxyType(copy.deepcopy(self._provenance))

    @property
    def words(self) -> pd.DataFrame:
        """When each word was said: ``word``, ``start`` and ``end`` in seconds; empty if not asked for."""
        from cartesia_nb.frames import WORD, frame  # imports pandas

        return frame([dict(zip(WORD, word, strict=True)) for word in self.timed_words], WORD)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Transcript({', '.join([repr(short(self.text)), *self._facts()])})"

    def _repr_html_(self) -> str:
        placed, end = _placed(self.text, self.timed_words)
        timed = "".join(html.escape(before) + _with_time(word) for before, word in placed[:TIMES_SHOWN])
        plain = html.escape("".join(before + word.text for before, word in placed[TIMES_SHOWN:]) + end)
        more = len(placed) - TIMES_SHOWN
        text = (timed if more > 0 else timed + plain) or "<em>no words were heard</em>"
        return FRAME.format(
            text=self._paragraph(text, LINE_WITH_TIMES if timed else LINE),
            rest=REST.format(more=more, count=len(placed), text=self._paragraph(plain, LINE))
            if more > 0
            else "",
            facts=html.escape(" · ".join(self._facts())),
        )

    def _paragraph(self, text: str, line: float) -> str:
        return TEXT.format(language=html.escape(self.language), line=line, text=text.strip())

    def _facts(self) -> list[str]:
        made = self._provenance
        known = [
            "" if self.duration is None else f"{self.duration:.2f} s",
            self.language,
            str(made.get("model_id") or ""),
            origin(made),
        ]
        return [fact for fact in known if fact]


def _with_time(word: Timed) -> str:
    return WORD.format(text=html.escape(word.text), start=word.start, end=word.end)


def _placed(text: str, words: Sequence[Timed]) -> tuple[list[tuple[str, Timed]], str]:
    """Return each word with what stands before it in a text, and what follows the last.

    Words that are not those of the text, one after the other, take its place, with a blank before each.
    """
    placed, at = [], 0
    for word in words:
        start = text.find(word.text, at)
        if start < 0 or any(letter.isalnum() for letter in text[at:start]):
            return [(" ", word) for word in words], ""
        placed.append((text[at:start], word))
        at = start + len(word.text)
    return placed, text[at:]
