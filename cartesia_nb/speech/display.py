"""How speech shows itself: static HTML that needs no kernel and no widget."""

from __future__ import annotations

import base64
import html as markup
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from cartesia_nb.speech.codecs import Samples, finite, mono

if TYPE_CHECKING:
    from cartesia_nb.speech.speech import Speech

COLUMNS, HALF_HEIGHT = 240, 24
LONGEST_QUOTE = 60

FRAME = """<div class="cartesia-speech" style="max-width:44em;margin:.4em 0;font-size:.95em">
<svg viewBox="0 0 {columns} {height}" preserveAspectRatio="none" role="img" aria-label="waveform"
 style="display:block;width:100%;height:3.4em;color:var(--jp-brand-color1,#2f6fde)"><path
 d="{wave}" stroke="currentColor" stroke-width=".7" fill="none"/></svg>
<audio {element_id} controls preload="metadata" {autoplay} style="display:block;width:100%;height:2.4em">
<source src="data:{mimetype};base64,{sound}" type="{mimetype}"/>This browser does not play audio.</audio>
{transcript}<div style="opacity:.7;font-size:.85em">{facts}</div>
</div>"""


def facts(speech: Speech) -> list[str]:
    """Return what is worth knowing about a speech, in short phrases."""
    made = speech.provenance
    known = [f"{speech.duration:.2f} s", _voice(made), str(made.get("model_id") or ""), origin(made)]
    return [fact for fact in [*known, "stored" if made.get("stored") else ""] if fact]


def origin(made: Mapping[str, Any]) -> str:
    """Return what a provenance says about the cost, and whether the sandbox stood in for the API."""
    price = made.get("credits")
    cost = "" if price is None else f"about {price} credit{'' if price == 1 else 's'}"
    if made.get("backend") == "sandbox":
        return "made by the sandbox, not by Cartesia" + (f" (there {cost})" if cost else "")
    return cost


def _voice(made: Mapping[str, Any]) -> str:
    if made.get("voice_name"):
        return f"voice {made['voice_name']}"
    voice = str(made.get("voice_id") or "")
    return f"voice {voice[:8]}…" if voice else ""


def html(speech: Speech) -> str:
    """Return the player of a speech: waveform, controls, transcript and facts, all in one piece."""
    said = markup.escape(speech.transcript)
    return FRAME.format(
        columns=COLUMNS,
        height=2 * HALF_HEIGHT,
        wave=waveform(speech.samples),
        element_id=speech.element_id_attr(),  # type: ignore[no-untyped-call]
        autoplay=speech.autoplay_attr(),  # type: ignore[no-untyped-call]
        mimetype="audio/mpeg",
        sound=base64.b64encode(speech.display_copy).decode(),
        transcript=f'<div style="white-space:pre-wrap;margin:.3em 0">{said}</div>\n' if said else "",
        facts=markup.escape(" · ".join(facts(speech))),
    )


def waveform(samples: Samples) -> str:
    """Return the path of a waveform: one upright line a column, from its lowest to its highest sample."""
    whole = finite(mono(samples))
    columns = np.array_split(whole, COLUMNS) if len(whole) >= COLUMNS else [whole]
    lines = []
    for at, column in enumerate(columns):
        low, high = (float(column.min()), float(column.max())) if len(column) else (0.0, 0.0)
        top, bottom = HALF_HEIGHT * (1 - high), HALF_HEIGHT * (1 - low)
        lines.append(f"M{at}.5 {top - 0.3:.1f}V{bottom + 0.3:.1f}")
    return "".join(lines)


def short(text: str) -> str:
    """Return the beginning of a text, on one line."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"
