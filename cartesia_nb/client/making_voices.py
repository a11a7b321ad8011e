"""What it takes to make a voice, by cloning and by localizing, and to change one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cartesia_nb.client.texts import as_text, check_texts
from cartesia_nb.client.transport import Transport
from cartesia_nb.client.unset import UNSET, Unset
from cartesia_nb.client.uploads import opened
from cartesia_nb.client.voice_names import VoiceNames
from cartesia_nb.wire import catalog
from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.exchange import Answer, Cost, Request
from cartesia_nb.wire.multipart import Multipart
from cartesia_nb.wire.versions import NEWEST, V2025_04

#: Seconds of speech that make a good clone, and the longest clip that the API documents for any.
SHORTEST_CLIP, LONGEST_GOOD_CLIP, LONGEST_CLIP = 3.0, 10.0, 20.0
LONGEST_TAGLINE = 32

#: What localizing needs where no accent says it.
WITHOUT_ACCENT = ("description", "language", "original_speaker_gender")


def clone(transport: Transport, clip: Any, fields: Mapping[str, Any]) -> Answer:
    """Send a clip to make a voice of, after `check_clone` and `check_clip`."""
    texts = check_clone(fields)
    version = transport.version_for("voices.clone", texts)
    with opened(clip, "clip") as upload:
        check_clip(upload.seconds)
        form = Multipart(list(texts.items()), [("clip", upload.file)])
        return transport.send(Request("voices.clone", "POST", "/voices/clone", version, form=form))


def localize(transport: Transport, names: VoiceNames, voice: Any, fields: Mapping[str, Any]) -> Answer:
    """Ask for a voice that speaks as another one, after `check_localize`."""
    check_localize(fields, transport.options.version)
    arguments = fields if "accent" in fields else [*fields, "no accent"]
    version = transport.version_for("voices.localize", arguments)
    body = {"voice_id": names.speaker(voice).id, **fields}
    # What it costs is not documented.
    cost = Cost(None, voice_id=body["voice_id"])
    return transport.send(
        Request("voices.localize", "POST", "/voices/localize", version, body=body, cost=cost)
    )


def check_clip(seconds: float | None) -> None:
    """Refuse a clip that is too long to be cloned, and warn of one that is not the best.

    Raises
    ------
    InputError
        If it is longer than 20 seconds.
    """
    if seconds is None:
        return
    if seconds > LONGEST_CLIP:
        raise InputError(
            f"the clip has {seconds:.1f} s; a clone is made of {SHORTEST_CLIP:g} to {LONGEST_GOOD_CLIP:g} s.",
            advice="Cut it: speech[:10] of a Speech, (samples[: 10 * rate], rate) of samples.",
        )
    if not SHORTEST_CLIP <= seconds <= LONGEST_GOOD_CLIP:
        catalog.warn(
            f"the clip has {seconds:.1f} s; {SHORTEST_CLIP:g} to {LONGEST_GOOD_CLIP:g} s make the best clone."
        )


def check_clone(fields: Mapping[str, Any]) -> dict[str, str]:
    """Return what a clone's form says, as text.

    Raises
    ------
    InputError
        If something is not what it should be.
    """
    enhance = fields.get("enhance")
    if not isinstance(enhance, bool | None):
        raise InputError(f"enhance is True or False, not {enhance!r}.")
    check_texts({name: value for name, value in fields.items() if name != "enhance"}, {"name", "language"})
    catalog.warn_unknown("language", fields["language"], catalog.TTS_LANGUAGES)
    return {name: as_text(value) for name, value in fields.items() if value is not None}


def check_localize(body: Mapping[str, Any], pinned: str | None) -> None:
    """Refuse what cannot be localized.

    Raises
    ------
    InputError
        If something is missing or not what it should be.
    """
    if "accent" not in body:
        _check_without_accent(body, pinned)
    check_texts(body, {"name"})
    if len(body.get("tagline") or "") > LONGEST_TAGLINE:
        raise InputError(f"a tagline has at most {LONGEST_TAGLINE} characters.")
    if body.get("language"):
        catalog.warn_unknown("language", body["language"], catalog.LOCALIZE_LANGUAGES)
    _check_dialect(body.get("language"), body.get("dialect"))


def check_changes(body: Mapping[str, Any], pinned: str | None) -> None:
    """Refuse changes of a voice that cannot be.

    Raises
    ------
    InputError
        If there are none, or something is missing or not what it should be.
    """
    if not body:
        raise InputError("there is nothing to change.", advice="Give a name, description, gender or accent.")
    check_gender(body.get("gender"))
    if pinned == V2025_04 and not {"name", "description"} <= set(body):
        raise InputError(f"Cartesia-Version {V2025_04} wants name and description.", advice="Give both.")


def check_gender(gender: str | Unset | None) -> None:
    """Refuse a gender that no voice has; what is left out, or None, is none to refuse.

    Raises
    ------
    InputError
        If it is something else.
    """
    if gender is not UNSET and gender is not None and gender not in catalog.GENDERS:
        raise InputError(f"gender cannot be {gender!r}.", advice=f"It can be {', '.join(catalog.GENDERS)}.")


def _check_without_accent(body: Mapping[str, Any], pinned: str | None) -> None:
    if pinned == NEWEST:
        raise InputError(
            f"Cartesia-Version {NEWEST} localizes by accent.", advice="voices.list_accents() lists them."
        )
    missing = [name for name in WITHOUT_ACCENT if name not in body]
    if missing:
        raise InputError(
            f"localizing needs {', '.join(missing)} as well.",
            advice='Or an accent alone, such as accent="castilian".',
        )
    gender = body["original_speaker_gender"]
    if gender not in catalog.ORIGINAL_SPEAKER_GENDERS:
        raise InputError(
            f"original_speaker_gender cannot be {gender!r}.",
            advice=f"It can be {' or '.join(catalog.ORIGINAL_SPEAKER_GENDERS)}.",
        )


def _check_dialect(language: str | None, dialect: str | None) -> None:
    if dialect is None or language is None:
        return
    known = catalog.DIALECTS.get(language)
    if known is None:
        raise InputError(f"{language!r} has no dialects.", advice=f"{', '.join(catalog.DIALECTS)} have.")
    if dialect not in known:
        raise InputError(f"{language!r} has no dialect {dialect!r}.", advice=f"It can be {', '.join(known)}.")
