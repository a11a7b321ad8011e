"""Pronunciation dictionaries: what to say in the place of certain words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Pronunciation:
    """An entry of a dictionary: say ``alias`` for ``text``.

    Without ``case_sensitive``, an entry in lowercase Latin letters is found in all capitalizations, any
    other one exactly as it is. False finds all capitalizations of any entry, true finds the entry as it
    is, and if it is lowercase also with a capital at its start.
    """

    text: str
    alias: str
    case_sensitive: bool | None = None

    @property
    def pattern(self) -> str:
        """The regular expression that finds the entry as a whole word."""
        exact = re.escape(self.text)
        is_lowercase = self.text.isascii() and self.text == self.text.lower()
        if self.case_sensitive is False or (self.case_sensitive is None and is_lowercase):
            found = f"(?i:{exact})"
        elif self.case_sensitive and is_lowercase:
            found = f"(?:{exact}|{re.escape(self.text[:1].upper() + self.text[1:])})"
        else:
            found = exact
        return rf"(?<!\w){found}(?!\w)"


class Lexicon:
    """The entries that a transcript needs, in the order in which they are tried.

    Longer ones come first, and of equally long ones the first given.
    """

    def __init__(self, entries: Sequence[Pronunciation], transcript: str) -> None:
        # A long pattern takes long for every character of the transcript.
        folded = transcript.casefold()
        found = (entry for entry in entries if entry.text.casefold() in folded)
        self._entries = sorted(found, key=lambda entry: -len(entry.text))
        self.pattern = "|".join(entry.pattern for entry in self._entries) or r"(?!)"

    def alias(self, found: str) -> str:
        """Return what to say for a text that `pattern` found."""
        return next(entry.alias for entry in self._entries if re.fullmatch(entry.pattern, found))
