"""The words after ``%cartesia``: short ones for daily work, and every method of a client by its name."""

from __future__ import annotations

from cartesia_nb.magics import hearing, pronouncing, recording, session, speaking, voicing
from cartesia_nb.magics.command import Command, indented
from cartesia_nb.wire.catalog import nearest

#: The short words, in the order of the help.
WORDS: dict[str, Command] = {
    **speaking.WORDS,
    **hearing.WORDS,
    **voicing.WORDS,
    **pronouncing.WORDS,
    **recording.WORDS,
    **session.WORDS,
}
#: What the magic itself does.
OWN_WORDS = {
    "help [WORD]": "show this, or the help of a word; %cartesia WORD --help and WORD? do, too",
    "debug": "show the last error with its whole traceback",
}

#: What the help of the magic as a whole shows; they run one after the other.
EXAMPLES = (
    *WORDS["tts"].examples,
    "%cartesia stt greeting",
    *WORDS["compare"].examples,
    *WORDS["dict"].examples[:2],
)


def command_for(word: str) -> Command | None:
    """Return the command behind a word; what methods there are is only looked at for a dotted one."""
    if "." not in word:
        return WORDS.get(word)
    from cartesia_nb.magics.methods import method_command

    return method_command(word)


def other_words(word: str) -> str:
    """Say which words resemble one that does not exist."""
    if word.startswith("-"):
        return "Options follow the word: %cartesia tts -o x hello."
    known: list[str] = [*WORDS, *(own.split()[0] for own in OWN_WORDS)]
    if "." in word:
        from cartesia_nb.magics.methods import method_names

        known = method_names()
    near = nearest(word, known, 1)
    if near:
        return f"Did you mean %cartesia {near[0]}?"
    return f"The words are {', '.join(WORDS)}; %cartesia tts speaks a text."


def overview() -> str:
    """Return the help of ``%cartesia`` as a whole."""
    told = {f"{word} {command.usage}": command.help for word, command in WORDS.items()} | OWN_WORDS
    width = max(map(len, told))
    return "\n".join(
        [
            "%cartesia WORD ... speaks with Cartesia's voice API. The words:",
            "",
            *(f"  {typed:{width}}  {meaning}" for typed, meaning in told.items()),
            "",
            "Every method of a client is a word, too, such as voices.clone or agents.list_calls.",
            "%cartesia WORD --help says more. x = %cartesia ... and %cartesia x << ... keep the result,",
            "-o x keeps and shows it. {name} in a text is filled from the notebook, where it is known;",
            "where audio is wanted, the name of a variable will do.",
            "",
            "Examples:",
            indented(EXAMPLES),
        ]
    )
