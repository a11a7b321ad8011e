"""How speech shows itself: static HTML that needs no kernel and no widget."""

from __future__ import annotations

import base64
import html as markup
from typing import TYPE_CHECKING

import numpy as np

from cartesia_nb.speech.caption import facts
from cartesia_nb.speech.codecs import Samples, finite, mono
from cartesia_nb.speech.timing import Timed
from cartesia_nb.speech.word_places import WIDTH, places

if TYPE_CHECKING:
    from cartesia_nb.speech.speech import Speech

COLUMNS, HALF_HEIGHT = 240, 24

#: How high a line of words is, in em.
LINE = 1.6

# All the script there is, and where a notebook is not trusted there is none: words are plain text then.
CLICK = "const at=event.target.dataset.start;if(at)this.querySelector('audio').currentTime=at"
HOVER = "if(event.target.dataset.start)event.target.style.cursor='pointer'"

# The sound stands in the <audio> itself: in a notebook that is not trusted, JupyterLab leaves it there,
# but takes it out of a <source>.
FRAME = """<div class="cartesia-speech" style="max-width:{width}em;margin:.4em 0;font-size:.95em"
 onclick="{click}" onmouseover="{hover}"><div style="overflow-x:auto">{waveform}
{words}</div>
<audio {element_id} controls preload="metadata" {autoplay} style="display:block;width:100%;height:2.4em"
 src="data:audio/mpeg;base64,{sound}">This browser does not play audio.</audio>
<div style="opacity:.75;font-size:.85em;margin-top:.3em">{facts}</div>
</div>"""

# A path as wide as its place, whose lines do not become wider with it.
WAVEFORM = """<svg viewBox="0 0 {columns} {height}" preserveAspectRatio="none" role="img"
 aria-label="waveform" style="display:block;width:100%;min-width:{width}em;height:4em;
 color:var(--jp-brand-color1,#2f6fde)"><path d="{path}" fill="none" stroke="currentColor"
 stroke-width="1.5" stroke-linecap="round" vector-effect="non-scaling-stroke"/></svg>"""
AT_TIMES = """<div style="position:relative;min-width:{width}em;height:{line}em;line-height:{line};
 white-space:nowrap">{words}</div>"""
AS_TEXT = """<div
 style="white-space:pre-wrap;max-height:12em;overflow-y:auto;line-height:{line}">{words}</div>"""


def html(speech: Speech) -> str:
    """Return the player of a speech: waveform, words, controls and facts, all in one piece."""
    return FRAME.format(
        width=WIDTH,
        click=CLICK,
        hover=HOVER,
        waveform=waveform(speech),
        words=words(speech),
        element_id=speech.element_id_attr(),  # type: ignore[no-untyped-call]
        autoplay=speech.autoplay_attr(),  # type: ignore[no-untyped-call]
        sound=base64.b64encode(speech.display_copy).decode(),
        facts=markup.escape(" · ".join(facts(speech.duration, speech.provenance))),
    )


def waveform(speech: Speech) -> str:
    """Return the waveform as SVG: as loud as it is, in the theme's colour, as wide as there is room."""
    return WAVEFORM.format(
        columns=COLUMNS,
        height=2 * HALF_HEIGHT,
        width=WIDTH if places(speech.timed_words, speech.duration) else 0,
        path=_path(speech.samples),
    )


def _path(samples: Samples) -> str:
    """Return one upright line a column, from its lowest to its highest sample."""
    whole = finite(mono(samples))
    columns = np.array_split(whole, COLUMNS) if len(whole) >= COLUMNS else [whole]
    lines = []
    for at, column in enumerate(columns):
        low, high = (float(column.min()), float(column.max())) if len(column) else (0.0, 0.0)
        top, bottom = HALF_HEIGHT * (1 - high), HALF_HEIGHT * (1 - low)
        lines.append(f"M{at}.5 {top - 0.3:.1f}V{bottom + 0.3:.1f}")
    return "".join(lines)


def words(speech: Speech) -> str:
    """Return what is said: each word under its sound if they fit there, else as text; "" if not known.

    A word whose time is known has it in ``data-start`` and ``data-end``, in seconds.
    """
    timed = speech.timed_words
    if not timed:
        said = markup.escape(speech.transcript)
        return AS_TEXT.format(line=LINE, words=said) if said else ""
    lefts = places(timed, speech.duration)
    if not lefts:
        return AS_TEXT.format(line=LINE, words=" ".join(_word(word) for word in timed))
    placed = (_word(word, left) for word, left in zip(timed, lefts, strict=True))
    return AT_TIMES.format(width=WIDTH, line=LINE, words=" ".join(placed))


def _word(word: Timed, left: float | None = None) -> str:
    place = "" if left is None else f' style="position:absolute;left:{left:.1%}"'
    time = f'data-start="{word.start:.3f}" data-end="{word.end:.3f}"'
    return f"<span {time}{place}>{markup.escape(word.text)}</span>"
