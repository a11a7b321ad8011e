"""Completion after ``%cartesia``: words, methods, options, their values, voices, files and variables.

IPython asks a matcher for it, in every frontend alike. A matcher never waits for the network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult, context_matcher
from IPython.display import Audio

from cartesia_nb.client.uploads import CONTENT_TYPES
from cartesia_nb.magics.methods import SECTIONS, methods_of
from cartesia_nb.magics.place import Place, place
from cartesia_nb.magics.voice_labels import VoiceLabels
from cartesia_nb.magics.words import OWN_WORDS, WORDS

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

MATCHER = "cartesia_nb"
# Before IPython's own, which cost more and know nothing of these lines.
FIRST = 1000

# What is read as it stands: no blank in it, and no quote or dash that would begin something else.
BARE = re.compile(r"[^\s\"'-]\S*")


def matcher_for(shell: InteractiveShell) -> Callable[[CompletionContext], SimpleMatcherResult]:
    """Return what IPython asks for completions in one shell."""
    voices = VoiceLabels()

    @context_matcher(identifier=MATCHER, priority=FIRST)  # type: ignore[untyped-decorator]
    def complete(context: CompletionContext) -> SimpleMatcherResult:
        found = place(context.text_until_cursor, context.full_text.split("\n")[: context.cursor_line])
        if found is None:
            return SimpleMatcherResult(completions=[])
        after = context.line_with_cursor[context.cursor_position :]
        # IPython shows no more than its limit: what is beyond it need not be made.
        known = candidates(found, shell, voices.now())[: context.limit]
        offered = [(kind, quoted(text, found.mark, after)) for kind, text in known]
        flags = [("option", flag) for flag in found.flags]
        return SimpleMatcherResult(
            completions=[SimpleCompletion(text=text, type=kind) for kind, text in [*offered, *flags] if text],
            matched_fragment=found.begun,
            suppress=True,
            ordered=True,
        )

    return complete  # type: ignore[no-any-return]


def candidates(found: Place, shell: InteractiveShell, labels: Sequence[str]) -> list[tuple[str, str]]:
    """Return the words, voices, files and variables that may stand in a place, each with its kind."""
    begun, offers = found.begun.removeprefix(found.mark), found.offers
    known: dict[str, list[str]] = {}
    if isinstance(offers, tuple):
        known["value"] = beginning(offers, begun)
    elif offers == "words":
        known["word"] = beginning(_words(begun), begun)
    elif offers in ("voices", "speaker"):
        known["voice"] = beginning(labels, begun, later=True)
    elif offers == "audio":
        known["speech"] = beginning(_variables(shell, Audio), begun)
        known["path"] = _files(begun, CONTENT_TYPES)
    if offers in ("names", "speaker", "anything"):
        known["variable"] = beginning(_variables(shell), begun)
    if offers in ("files", "anything"):
        known["path"] = _files(begun)
    return [(kind, text) for kind, texts in known.items() for text in texts]


def beginning(known: Sequence[str], begun: str, *, later: bool = False) -> list[str]:
    """Return what begins like this, in any case; with `later`, what has a word that does comes after it.

    Examples
    --------
    >>> beginning(["Ada - Calm", "Bruno", "Calvin"], "cal", later=True)
    ['Calvin', 'Ada - Calm']
    """
    word = re.compile(rf"(?<!\w){re.escape(begun)}", re.IGNORECASE)
    first = {text: None for text in known if word.match(text)}
    return [*first, *(text for text in known if later and text not in first and word.search(text))]


def quoted(text: str, mark: str = "", after: str = "") -> str | None:
    """Put a text into quotes, if it must stand in them; None if it cannot stand on a line.

    Parameters
    ----------
    text : str
        A name, or a path; that of a folder stays open, since it goes on.
    mark : str
        The quote that was typed already.
    after : str
        What follows the cursor: an editor may have closed the quote by itself.

    Examples
    --------
    >>> quoted("Ada"), quoted("Ada - Calm"), quoted("Ada", "'"), quoted("Ada", "'", "' --raw")
    ('Ada', '"Ada - Calm"', "'Ada'", "'Ada")
    """
    if not mark and BARE.fullmatch(text):
        return text
    closed = bool(mark) and after.startswith(mark)
    marks = [mark] if closed else [mark or '"', '"', "'"]
    fitting = next((each for each in marks if each not in text and "\n" not in text), None)
    if fitting is None:
        return None
    return f"{fitting}{text}{'' if closed or text.endswith('/') else fitting}"


def _words(begun: str) -> list[str]:
    section, dot, _ = begun.partition(".")
    if dot:
        return [f"{section}.{name}" for name in methods_of(section)]
    return [*WORDS, *(own.split()[0] for own in OWN_WORDS), *(f"{section}." for section in SECTIONS)]


def _variables(shell: InteractiveShell, kind: type = object) -> list[str]:
    """Return the variables that hold such a thing, without IPython's own and those with an underscore."""
    # A list: another thread may add one meanwhile. And types: isinstance runs code of what it is asked of.
    return sorted(
        name
        for name, value in list(shell.user_ns.items())
        if isinstance(name, str) and not name.startswith("_") and name not in shell.user_ns_hidden
        if issubclass(type(value), kind)
    )


def _files(begun: str, extensions: Container[str] | None = None) -> list[str]:
    """Return the files and folders that a path may go on to; none where nobody may look."""
    folder, slash, name = begun.rpartition("/")
    found = []
    try:
        for path in Path(f"{folder}{slash}").expanduser().iterdir():
            if not path.name.startswith(name) or (path.name.startswith(".") and not name.startswith(".")):
                continue
            if path.is_dir():
                found.append(f"{folder}{slash}{path.name}/")
            elif extensions is None or path.suffix.lower() in extensions:
                found.append(f"{folder}{slash}{path.name}")
    except (OSError, RuntimeError, ValueError):  # no such folder, no such person's home, no path at all
        return []
    return sorted(found)
