"""From a transcript with markup to the pieces that an engine can take one by one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, takewhile
from unicodedata import digit

from cartesia_nb.sandbox.speech.errors import SpeechError
from cartesia_nb.sandbox.speech.pronunciation import Lexicon, Pronunciation

# Engines need memory in proportion to the square of the text they get at once.
MAX_PIECE = 250
MAX_PAUSE_SECONDS = 120
RATIOS = {"speed": (0.6, 1.5), "volume": (0.5, 2.0)}

# Engines read a longer number wrongly or not at all, and need seconds or forever for a longer word.
LONG_NUMBER = re.compile(r"([\d.,]{24})(?=\d)")
MAX_WORD = 45
MAX_SPELLED = 80
MAX_IPA = 100

SPELL = r"(?i:<spell\s*>)(?P<spell>[^<]*)(?i:</spell\s*>)"
TAG = r"<(?P<tag>(?i:break|speed|volume))\b(?P<attributes>[^<>]*)>"
NO_EFFECT = r"(?i:</?(?:break|emotion|speed|spell|volume)\b[^<>]*>)"
IPA = re.compile(r"<<[^<>\s]+>>")
BREAK = re.compile(r"""\s*time\s*=\s*["'](\d+(?:\.\d+)?)(ms|s)["']\s*/?""", re.IGNORECASE)
RATIO = re.compile(r"""\s*ratio\s*=\s*["'](\d+(?:\.\d+)?)["']\s*/?""", re.IGNORECASE)

# In order of preference: after a sentence, after a clause; else between any words.
CUTS = (re.compile(r"[.!?…]\s|\n"), re.compile(r"[,;:—]\s"))


@dataclass(frozen=True)
class Word:
    """A word as the transcript has it, and the text to read in its place, with the space behind it.

    IPA in that text stands between ``<<`` and ``>>``, its phones split by ``|``.
    """

    written: str
    spoken: str

    @property
    def has_sound(self) -> bool:
        """Whether there is more in it than punctuation."""
        return any(map(str.isalnum, self.spoken))


@dataclass(frozen=True)
class Pace:
    """What the tags before a place ask for, as factors."""

    speed: float = 1.0
    volume: float = 1.0


@dataclass(frozen=True)
class Text:
    """Words with at most 250 characters to speak together, for an engine to speak at once."""

    words: tuple[Word, ...]
    pace: Pace = Pace()

    @property
    def spoken(self) -> str:
        """The text to read."""
        return "".join(word.spoken for word in self.words)


@dataclass(frozen=True)
class Pause:
    """Silence of so many seconds, at the usual pace."""

    seconds: float
    pace: Pace = Pace()


def parse(
    transcript: str, pronunciations: Sequence[Pronunciation] = (), *, is_controllable: bool = True
) -> list[Text | Pause]:
    """Return the texts and pauses of a transcript in their order.

    ``<break time="1s"/>`` becomes a pause, what is in ``<spell>`` is read character by character, and
    ``<speed ratio="1.2"/>`` and ``<volume ratio="0.8"/>`` count until the next of their kind, if the model
    is controllable. Other tags, like ``<emotion>``, are taken out: no engine of the sandbox obeys them.

    Raises
    ------
    SpeechError
        If nothing in it can be spoken, the pauses are longer than two minutes together, or a tag is wrong.
    """
    items: list[Text | Pause] = []
    words: list[Word] = []
    pace = Pace()
    for part in _parts(transcript, Lexicon(pronunciations, transcript)):
        if isinstance(part, Word):
            words.append(part)
            continue
        items += _pieces(words, pace)
        words = []
        if part["tag"].lower() == "break":
            items.append(Pause(_pause(part), pace))
        elif is_controllable:
            pace = _changed(pace, part)
    items += _pieces(words, pace)
    _check(items)
    return items


def _check(items: Sequence[Text | Pause]) -> None:
    if not any(isinstance(item, Text) for item in items):
        raise SpeechError("The transcript has nothing in it to speak.")
    if sum(item.seconds for item in items if isinstance(item, Pause)) > MAX_PAUSE_SECONDS:
        raise SpeechError(f"The breaks are longer than {MAX_PAUSE_SECONDS} seconds together.")


def _parts(transcript: str, lexicon: Lexicon) -> Iterator["Word | re.Match[str]"]:
    """Split a transcript into its words, and the matches of the tags between them."""
    written = spoken = ""
    for match in _units(lexicon).finditer(transcript):
        ends_word = any(match[name] is not None for name in ("tag", "no_effect", "space"))
        reading = "" if ends_word else _reading(match, lexicon)
        if spoken and (ends_word or len(spoken) + len(reading) > MAX_WORD):
            yield Word(written, LONG_NUMBER.sub(r"\1 ", spoken) + (match["space"] or " "))
            written = spoken = ""
        if match["tag"] is not None:
            yield match
        if ends_word:
            written = ""
        else:
            written += match[0] if match["spell"] is None else match["spell"]
            spoken += reading
    if spoken:
        yield Word(written, LONG_NUMBER.sub(r"\1 ", spoken))


def _units(lexicon: Lexicon) -> "re.Pattern[str]":
    """Return what finds the parts of a transcript: in the end, each character is one."""
    return re.compile(
        rf"{SPELL}|{TAG}|(?P<no_effect>{NO_EFFECT})|(?P<ipa>{IPA.pattern})"
        rf"|(?P<entry>{lexicon.pattern})|(?P<space>\s+)|.",
        re.DOTALL,
    )


def _reading(match: "re.Match[str]", lexicon: Lexicon) -> str:
    """Return what to read for a part of a word."""
    if match["spell"] is not None:
        if len(match["spell"]) > MAX_SPELLED:
            raise SpeechError(f"<spell> can have at most {MAX_SPELLED} characters in it.")
        return ", ".join(_plain(char).upper() for char in match["spell"] if char.isalnum())
    if match["ipa"] is not None:
        if len(match["ipa"]) > MAX_IPA:
            raise SpeechError(f"IPA between << and >> can have at most {MAX_IPA} characters.")
        return match["ipa"]
    return lexicon.alias(match["entry"]) if match["entry"] is not None else _plain(match[0])


def _plain(char: str) -> str:
    """Write a digit in another shape, like a raised 2, plainly."""
    return str(digit(char)) if char.isdigit() and not char.isdecimal() else char


def _pause(tag: "re.Match[str]") -> float:
    found = BREAK.fullmatch(tag["attributes"])
    if not found:
        raise SpeechError(f'{tag[0]} must be written like <break time="1s"/> or <break time="500ms"/>.')
    return float(found[1]) / (1000 if found[2].lower() == "ms" else 1)


def _changed(pace: Pace, tag: "re.Match[str]") -> Pace:
    name = tag["tag"].lower()
    low, high = RATIOS[name]
    found = RATIO.fullmatch(tag["attributes"])
    if not found or not low <= float(found[1]) <= high:
        raise SpeechError(f'{tag[0]} must be written like <{name} ratio="1.2"/>, from {low} to {high}.')
    return replace(pace, **{name: float(found[1])})


def _pieces(words: Sequence[Word], pace: Pace) -> list[Text]:
    """Cut words into texts where it hurts least; texts without a letter or digit are dropped."""
    rest, texts = list(words), []
    while rest:
        ends = accumulate(len(word.spoken) for word in rest)
        fitting = max(1, sum(1 for _ in takewhile(lambda end: end <= MAX_PIECE, ends)))
        cut = _best_cut(rest, fitting)
        texts.append(Text(tuple(rest[:cut]), pace))
        rest = rest[cut:]
    return [text for text in texts if any(word.has_sound for word in text.words)]


def _best_cut(words: Sequence[Word], fitting: int) -> int:
    """Return after how many of the first ``fitting`` words to cut."""
    if fitting == len(words):
        return fitting
    for pattern in CUTS:
        for count in range(fitting, 0, -1):
            if pattern.search(words[count - 1].spoken):
                return count
    return fitting
