"""The form that makes a voice speak another language, or with another accent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipywidgets import Dropdown, Text

from cartesia_nb.client.client import connect
from cartesia_nb.client.resource import Resource
from cartesia_nb.widgets.code_line import call_line
from cartesia_nb.widgets.field import Field
from cartesia_nb.widgets.form import Form
from cartesia_nb.widgets.languages import DIALECTS, NAMES, SENTENCES, choices
from cartesia_nb.widgets.name_field import NameField
from cartesia_nb.widgets.shelf import Shelf
from cartesia_nb.widgets.trial import Take, Trial
from cartesia_nb.widgets.voice_field import DEFAULT, VoiceField
from cartesia_nb.widgets.work_line import show
from cartesia_nb.wire import catalog
from cartesia_nb.wire.masks import hide_keys
from cartesia_nb.wire.versions import LIMITED

if TYPE_CHECKING:
    import pandas as pd

ABOUT = "The same voice in another language, or with another accent. What it costs is not documented."
LANGUAGE, ACCENT = "another language", "another accent"
#: What each way asks of the version, in the words of the table of versions.
NEEDS = {LANGUAGE: "no accent", ACCENT: "accent"}


class LocalizeForm(Form):
    """The form that `localize_form` shows."""

    def __init__(self, voice: Any = None, shelf: Shelf | None = None) -> None:
        super().__init__("Localize a voice", ABOUT, self.python, shelf)
        self.voice = VoiceField(DEFAULT if voice is None else voice)
        self.way = Field(Dropdown(description="Make it speak", options=ways(connect().version)))
        self.language = Field(
            Dropdown(description="Language", options=choices(catalog.LOCALIZE_LANGUAGES), value="es")
        )
        self.dialect = Field(Dropdown(description="Dialect"))
        self.gender = Field(
            Dropdown(
                description="Gender of the original speaker", options=["", *catalog.ORIGINAL_SPEAKER_GENDERS]
            )
        )
        self.accent = NameField("Accent", "the accents", _all_accents)
        self.name = Field(Text(description="Name of the new voice"))
        self.trial = Trial(self, self._takes, times=2, text="Speak with both voices")
        self.localize_button = self.button("Localize voice", self._localize, style="primary")
        show(self.trial, visible=False)
        # With the options, the names, comes what is known of the voice that is chosen.
        self.watch(self.voice, self._meet, "options")
        for field in (self.voice, self.way, self.language, self.accent):
            self.watch(field, self._adapt)
        self._meet()
        self._adapt()
        choice = (self.voice, self.way, self.language, self.dialect, self.gender, self.accent)
        self.lay_out(*choice, self.name, self.localize_button, self.trial)

    def python(self) -> str:
        """Return the call that localizes."""
        return call_line("voices.localize", **{**self._arguments(), "voice_id": self.voice.written()})

    def _adapt(self) -> None:
        """Let only be seen what matters for what is chosen, and say what is known of it."""
        by_language = self.way.value == LANGUAGE
        dialects = catalog.DIALECTS.get(self.language.value, ())
        for field, matters in (
            (self.language, by_language),
            (self.dialect, by_language and bool(dialects)),
            (self.gender, by_language),
            (self.accent, not by_language),
        ):
            show(field, matters)
        options = [("any", ""), *((DIALECTS.get(dialect, dialect), dialect) for dialect in dialects)]
        if list(self.dialect.control.options) != options:
            self.dialect.control.options = options
            self.dialect.value = ""
        self.name.control.placeholder = hide_keys(self._usual_name())
        if not by_language:
            self.accent.load()

    def _meet(self) -> None:
        """Say the gender of the voice that is chosen, where it is known."""
        self.gender.value = catalog.SPEAKER_GENDERS.get(str(self.voice.known().get("gender")), "")

    def _usual_name(self) -> str:
        by_language = self.way.value == LANGUAGE
        goal = NAMES[self.language.value] if by_language else self.accent.value or "accent"
        return f"{self.voice.called() or 'Voice'} ({goal})"

    def _arguments(self) -> dict[str, Any]:
        name = self.name.value or self._usual_name()
        told = {"voice_id": self.voice.id(), "name": name}
        if self.way.value == ACCENT:
            return {**told, "accent": self.accent.id()}
        described = f"{self.voice.called()}, in {NAMES[self.language.value]}"
        given = {
            "language": self.language.value,
            "dialect": self.dialect.value or None,
            "description": self.voice.known().get("description") or described,
            "original_speaker_gender": self.gender.value or None,
        }
        return told | {name: value for name, value in given.items() if value is not None}

    def _localize(self) -> None:
        self.voice.load()
        self.voice.needed("Type part of the name of a voice, or its id.")
        if self.way.value == ACCENT:
            self.accent.needed("Type part of the name of an accent.")
        else:
            self.gender.needed("It is not known of this voice: choose it.")
        arguments, original = self._arguments(), self.voice.called()
        self.line.work.start(
            "Localizing",
            lambda: self._ask(arguments),
            lambda made: self._keep(made, original, arguments),
        )

    def _ask(self, arguments: dict[str, Any]) -> tuple[Resource, str]:
        speaker = self.voice.speaker()
        return connect().voices.localize(**{**arguments, "voice_id": speaker}), speaker.id

    def _keep(self, made: tuple[Resource, str], original: str, arguments: dict[str, Any]) -> None:
        voice, original_id = made
        self._speakers = [(original, original_id), (voice["name"], voice["id"])]
        self._spoken = voice["language"]
        self.keep(f"Localized: {voice['name']}", arguments, voice)
        # What a person wrote stays; only our own sentences follow the language.
        if self.trial.sentence.value in {"", *SENTENCES.values()}:
            self.trial.sentence.value = SENTENCES.get(voice["language"], "")
        show(self.trial, visible=True)

    def _takes(self) -> list[Take]:
        return [Take(name, {"voice": voice, "language": self._spoken}) for name, voice in self._speakers]


def ways(version: str | None) -> list[str]:
    """Return the ways to localize that a pinned version knows; all of them if none is pinned.

    Examples
    --------
    >>> ways(None), ways("2025-04-16")
    (['another language', 'another accent'], ['another language'])
    """
    known = LIMITED["voices.localize"]
    return [way for way, need in NEEDS.items() if version in (None, *known[need])]


def _all_accents() -> pd.DataFrame:
    accents = connect().voices.list_accents()
    return accents[accents.is_localizable.fillna(value=True)]


def localize_form(voice: Any = None) -> LocalizeForm:
    """Show a form that makes a voice speak another language, or with another accent.

    Parameters
    ----------
    voice : str, Resource or DataFrame row, optional
        The voice to start from, as in ``voices.localize``; the default voice if left out.

    Returns
    -------
    LocalizeForm
        Its `result` is what it made last, the voice or the speech; `results` has all of it.

    Examples
    --------
    >>> form = localize_form("Ada")
    >>> form.voice.fetch.join()
    >>> form.language.value = "de"
    >>> form.localize_button.click()
    >>> form.line.work.join()
    >>> form.result.language
    'de'
    """
    return LocalizeForm(voice)
