"""Did the audio say what it should? The sandbox's recogniser, which knows nothing of its speech, and a score."""

import re

from cartesia_nb.sandbox.speech.recogniser import transcribe

__all__ = ["transcribe", "word_error_rate"]

SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def word_error_rate(said: str, heard: str) -> float:
    """Return word errors divided by words said; case, punctuation and number spelling do not count."""
    wanted, got = _words(said), _words(heard)
    row = list(range(len(got) + 1))
    for i, want in enumerate(wanted, 1):
        diagonal, row[0] = row[0], i
        for j, have in enumerate(got, 1):
            substitution = diagonal + (want != have)
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, substitution)
    return row[-1] / len(wanted)


def _words(text: str) -> list[str]:
    spelled = re.sub(r"\d{1,2}(?!\d)", lambda m: f" {_spell(int(m[0]))} ", text.lower())
    return re.sub(r"[^a-z0-9 ]", "", re.sub(r"[-\s]+", " ", spelled)).split()


def _spell(number: int) -> str:
    if number < len(SMALL):
        return SMALL[number]
    tens, ones = divmod(number, 10)
    return TENS[tens - 2] + (f" {SMALL[ones]}" if ones else "")
