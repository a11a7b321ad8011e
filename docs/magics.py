"""Write magics.md: every word after %cartesia, from the table that the magic itself reads."""

from pathlib import Path

from cartesia_nb.magics.command import Command
from cartesia_nb.magics.options import HELP, KEEP, RAW, Option
from cartesia_nb.magics.words import OWN_WORDS, WORDS

PAGE = Path(__file__).with_name("magics.md")
HEAD = """# Every word after `%cartesia`

`%load_ext cartesia_nb` stands in a cell of its own. What follows here is what `%cartesia WORD --help`
shows, too; each example runs as it stands, one after the other, and each option has a test (`pytest
tests/magics/test_every_option.py -v` lists them). `python docs/magics.py` writes this page.

* **A line is for short text, a cell for prose**: `%cartesia tts hello`, or the text below `%%cartesia tts`.
  What is typed is what is sent, with every `?`, `\\`, `{` and emoji; one pair of quotes around the whole
  text is removed.
* **Options** stand before the text, or after it if it is in quotes.
* **Names of the notebook**: `{name}`, `{row.text}` and `{texts[0]}` in a text are filled, where they are
  known; no function is called, and what is no text (sound, a table, None) is an error. Where audio is
  wanted, the name of a variable will do: `%cartesia stt recording`.
* **Results** show once, in order. `x = %cartesia ...` and `%cartesia x << ...` keep one and do not show it,
  `-o x` keeps and shows it.
* **Tab** completes words, methods, options, their values, the names of voices, files, and variables that
  hold speech.
* **Every method of a client** is a word by its name, such as `%cartesia agents.list_calls --agent-id ID`;
  its options are its arguments. [methods.md](methods.md) lists them.
* **What holds where nothing is said** is the first of: this session's settings (`%cartesia defaults`,
  `%cartesia voice`), the table `[tool.cartesia_nb]` of the nearest `pyproject.toml` at or above the working
  directory that has one, your own `config.toml` (in the folder for settings of your system), and what is
  built in. A key or an address in one of these files is never used. Methods by their names, and Python, say
  everything themselves.

"""


def everybodys() -> str:
    """Return the options that every word has."""
    told = "; ".join(f"`{typed(option)}`: {option.help}" for option in (KEEP, RAW, HELP))
    return f"Every word has these options: {told}.\n"


def typed(option: Option) -> str:
    """Return how an option is typed."""
    return f"{option.flag} {option.value}{' ...' if option.many else ''}".strip()


def section(word: str, command: Command) -> str:
    """Return what the page says about a word."""
    parts = [
        f"## {word}\n",
        f"`%cartesia {word} {command.usage}`".replace(" `", "`"),
        f"\n{command.help[0].upper()}{command.help[1:]}.",
    ]
    if command.below:
        parts.append(f"`%%cartesia {word}` takes {command.below} below it.")
    if command.more:
        parts.append(f"\n{command.more}")
    if command.own_options:
        parts += ["\n| Option | |", "|---|---|"]
        rows = ((typed(option), option.help.replace("|", ",")) for option in command.own_options)
        parts += [f"| `{flag}` | {meaning} |" for flag, meaning in rows]
    cells = "\n\n".join(command.examples)
    return "\n".join([*parts, f"\n```\n{cells}\n```\n"])


def page() -> str:
    """Return the whole page."""
    own = "\n".join(f"* `%cartesia {word}`: {meaning}" for word, meaning in OWN_WORDS.items())
    return (
        HEAD
        + everybodys()
        + "\n"
        + "\n".join(section(*item) for item in WORDS.items())
        + f"\n## And\n\n{own}\n"
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
