"""Between the International Phonetic Alphabet and the English engine's own letters."""
# ruff: noqa: RUF001, RUF002 - these are the letters of IPA

import re

from cartesia_nb.sandbox.speech.errors import SpeechError

# The engine has one letter for what IPA writes as two or with a mark. Longer ones come first.
TO_ENGINE = {
    "d͡ʒ": "ʤ",
    "t͡ʃ": "ʧ",
    "dʒ": "ʤ",
    "tʃ": "ʧ",
    "eɪ": "A",
    "aɪ": "I",
    "oʊ": "O",
    "əʊ": "O",
    "aʊ": "W",
    "ɔɪ": "Y",
    "ɝ": "ɜɹ",
    "ɚ": "əɹ",
    "m̩": "ᵊm",
    "n̩": "ᵊn",
    "l̩": "ᵊl",
    "ɾ": "T",
    "ʔ": "t",
    "ɫ": "l",
    "r": "ɹ",
    "g": "ɡ",
    "ʍ": "w",
    "e": "ɛ",
    "o": "O",
    "a": "ɑ",
    "ɒ": "ɑ",
    "ɨ": "ᵻ",
    "ʰ": "",
    "ː": "",
    "ˑ": "",
    ".": "",
    "'": "ˈ",
}
TO_IPA = {
    "A": "eɪ",
    "I": "aɪ",
    "O": "oʊ",
    "W": "aʊ",
    "Y": "ɔɪ",
    "T": "ɾ",
    "ʤ": "dʒ",
    "ʧ": "tʃ",
    "ᵊ": "ə",
    "ᵻ": "ɨ",
}

STRESSES = "ˈˌ"
MARKS = "ːʰʲᵝ̃"
VOWELS = "AIOWYæɐɑəɛiɪɔɜuʊʌᵊᵻ"
CONSONANTS = "bdðfhjklmnŋpɹsʃtTvwzʒθɡʤʧ"

_spelling = re.compile("|".join(map(re.escape, TO_ENGINE)))
_stress_before_consonants = re.compile(rf"([{STRESSES}])([{CONSONANTS}]+)")


def from_ipa(written: str) -> str:
    """Return the engine's letters for phones like ``<<h|ə|ˈ|l|oʊ>>``.

    Raises
    ------
    SpeechError
        If one of them is no sound of American English.
    """
    phones = written.removeprefix("<<").removesuffix(">>").replace("|", "")
    letters = _spelling.sub(lambda found: TO_ENGINE[found[0]], phones)
    unknown = [letter for letter in letters if letter not in VOWELS + CONSONANTS + STRESSES]
    if unknown:
        raise SpeechError(
            f"The sandbox's English engine has no phone {unknown[0]!r}, as in {written}. Write phones of "
            "American English in IPA, split by |, like <<h|ə|l|ˈ|oʊ>>."
        )
    if not letters.strip(STRESSES):
        raise SpeechError(f"{written} has no phones in it.")
    # IPA puts the mark before the syllable, the engine before its vowel.
    return _stress_before_consonants.sub(r"\2\1", letters)


def to_ipa(letter: str) -> str:
    """Return the IPA of one of the engine's letters."""
    return TO_IPA.get(letter, letter)


def is_phone(letter: str) -> bool:
    """Tell whether a letter of the engine is a sound: no mark, space or punctuation."""
    return letter.isalpha() and letter not in STRESSES + MARKS
