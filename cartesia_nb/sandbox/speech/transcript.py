"""From a transcript with markup to the texts and pauses that an engine can take one by one."""

import re
from unicodedata import digit

from cartesia_nb.sandbox.speech.errors import SpeechError

# Engines need memory in proportion to the square of the text they get at once.
MAX_PIECE = 250
MAX_PAUSE_SECONDS = 120

BREAK = re.compile(r"""<break\s+time\s*=\s*["'](\d+(?:\.\d+)?)(ms|s)["']\s*/?>""", re.IGNORECASE)
OTHER_TAG = re.compile(r"</?(?:break|emotion|speed|spell|volume)\b[^<>]*>", re.IGNORECASE)
# In order of preference: after a sentence, after a clause, between words.
CUTS = (re.compile(r"[.!?…]\s|\n"), re.compile(r"[,;:—]\s"), re.compile(r"\s"))

# Engines read a longer number wrongly or not at all, and need seconds or forever for a longer word.
LONG_NUMBER = re.compile(r"([\d.,]{24})(?=\d)")
LONG_WORD = re.compile(r"(\S{45})(?=\S)")


def parse(transcript: str) -> list[str | float]:
    """Return texts of at most 250 characters and pauses in seconds, in the order of the transcript.

    ``<break time="1s"/>`` becomes a pause. Other tags are taken out: no engine of the sandbox obeys them.

    Raises
    ------
    SpeechError
        If nothing in it can be spoken, or the pauses are longer than two minutes together.
    """
    items: list[str | float] = []
    at = 0
    for tag in BREAK.finditer(transcript):
        items += _pieces(transcript[at : tag.start()])
        items.append(float(tag[1]) / (1000 if tag[2].lower() == "ms" else 1))
        at = tag.end()
    items += _pieces(transcript[at:])
    if not any(isinstance(item, str) for item in items):
        raise SpeechError("The transcript has nothing in it to speak.")
    if sum(item for item in items if isinstance(item, float)) > MAX_PAUSE_SECONDS:
        raise SpeechError(f"The breaks are longer than {MAX_PAUSE_SECONDS} seconds together.")
    return items


def _pieces(marked_up: str) -> list[str]:
    """Cut a text where it hurts least; pieces without a letter or digit are dropped."""
    rest = _readable(OTHER_TAG.sub(" ", marked_up))
    pieces = []
    while len(rest) > MAX_PIECE:
        head = rest[:MAX_PIECE]
        ends = ([mark.end() for mark in pattern.finditer(head)] for pattern in CUTS)
        cut = next((found[-1] for found in ends if found), MAX_PIECE)
        pieces.append(rest[:cut])
        rest = rest[cut:].lstrip()
    pieces.append(rest)
    return [piece for piece in pieces if any(map(str.isalnum, piece))]


def _readable(text: str) -> str:
    """Break up endless words and numbers, and write digits in other shapes, like a raised 2, plainly."""
    plain = "".join(str(digit(char)) if char.isdigit() and not char.isdecimal() else char for char in text)
    return LONG_WORD.sub(r"\1 ", LONG_NUMBER.sub(r"\1 ", plain)).strip()
