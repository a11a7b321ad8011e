"""`Transcript`: what was heard, and when."""

from __future__ import annotations

import copy
import html
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cartesia_nb.speech.display import origin, short
from cartesia_nb.speech.timing import Timed

if TYPE_CHECKING:
    import pandas as pd

FRAME = """<div class="cartesia-transcript" style="max-width:44em;margin:.4em 0;font-size:.95em">
<div style="line-height:1.6">{text}</div>
<div style="opacity:.7;font-size:.85em">{facts}</div>
</div>"""


class Transcript:
    """What was heard in a recording. ``str()`` of it is the text.

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
        spoken = " ".join(
            f'<span title="{word.start:.2f} to {word.end:.2f} s">{html.escape(word.text)}</span>'
            for word in self.timed_words
        )
        text = spoken or html.escape(self.text) or "<em>no words were heard</em>"
        return FRAME.format(text=text, facts=html.escape(" · ".join(self._facts())))

    def _facts(self) -> list[str]:
        made = self._provenance
        known = [
            "" if self.duration is None else f"{self.duration:.2f} s",
            self.language,
            str(made.get("model_id") or ""),
            origin(made),
        ]
        return [fact for fact in known if fact]
