"""Words as the English engine's phonemes, each of which knows its word."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from cartesia_nb.sandbox.speech.phonemes import from_ipa
from cartesia_nb.sandbox.speech.transcript import IPA, Text, Word

if TYPE_CHECKING:
    from hibari import Hibari

# The engine hears longer sentences badly.
MAX_LETTERS = 400

# Letters that no text has: each stands for a run of IPA until the engine has normalized the words around it.
PLACEHOLDERS = range(0xE000, 0xF8FF)


class Letter(NamedTuple):
    """One letter of the engine's alphabet, and the number of the word that it belongs to."""

    letter: str
    word: int


def check_ipa(texts: Iterable[Text]) -> None:
    """Refuse phones that are none of English."""
    for text in texts:
        for written in IPA.findall(text.spoken):
            from_ipa(written)


def read(engine: "Hibari", words: Sequence[Word]) -> Iterator[list[Letter]]:
    """Yield the letters of each sentence."""
    phonemes: dict[int, str] = {}
    texts = [_with_placeholders(word.spoken, phonemes) for word in words]
    owners = iter([number for number, text in enumerate(texts) for _ in text.split()])
    for sentence in engine.split_sentences("".join(texts)):
        tokens = sentence.split()
        letters = _letters(engine, tokens, list(islice(owners, len(tokens))), phonemes)
        for start in range(0, len(letters), MAX_LETTERS):
            yield letters[start : start + MAX_LETTERS]


def _with_placeholders(text: str, phonemes: dict[int, str]) -> str:
    """Replace IPA, and add to ``phonemes`` what each placeholder stands for, as the engine writes it."""

    def put_away(found: "re.Match[str]") -> str:
        placeholder = PLACEHOLDERS[len(phonemes)]
        phonemes[placeholder] = f"[x](/{from_ipa(found[0])}/)"
        return chr(placeholder)

    # The engine's own notation is none of the transcript's.
    return IPA.sub(put_away, text.replace("](", "] ("))


def _letters(
    engine: "Hibari", tokens: Sequence[str], owners: Sequence[int], phonemes: dict[int, str]
) -> list[Letter]:
    from hibari.g2p.normalize import normalize

    normal = normalize(" ".join(tokens)).split()
    read_as = engine.g2p.phonemize_tokens(engine.g2p.tokenize(" ".join(normal).translate(phonemes)))
    letters, group = [], 0
    word_of = _owners(tokens, normal, owners)
    for token in read_as:
        word = word_of[min(group, len(word_of) - 1)]
        letters += [Letter(letter, word) for letter in token.phonemes or "" if letter in engine.vocab]
        if token.whitespace:
            letters.append(Letter(" ", word))
            group += 1
    while letters and letters[-1].letter == " ":
        letters.pop()
    return letters


def _owners(tokens: Sequence[str], normal: Sequence[str], owners: Sequence[int]) -> list[int]:
    """Return the word that each normalized one comes from: "$5" is the word of "five" and of "dollars"."""
    found = []
    for _, start, end, first, last in SequenceMatcher(a=tokens, b=normal, autojunk=False).get_opcodes():
        for place in range(last - first):
            position = start + place * (end - start) // (last - first)
            found.append(owners[min(position, len(owners) - 1)])
    return found
