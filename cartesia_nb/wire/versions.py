"""Which `Cartesia-Version` knows which method and argument.

A call is sent with the newest version that knows the method and every argument given, unless a
version is pinned.
"""

from __future__ import annotations

from collections.abc import Iterable

from cartesia_nb.wire.errors import InputError

NEWEST, V2025_11, V2025_04 = "2026-08-14", "2025-11-04", "2025-04-16"

#: Newest first.
VERSIONS = (NEWEST, V2025_11, V2025_04)

#: The methods that not every version has.
LIMITED_METHODS: dict[str, tuple[str, ...]] = {
    "voices.preview": (NEWEST, V2025_11),
    "voices.list_accents": (NEWEST,),
    "voices.add_accents": (NEWEST,),
    "voices.delete_accent": (NEWEST,),
    "pronunciation_dicts.pin": (V2025_04,),
    "pronunciation_dicts.unpin": (V2025_04,),
}

_TTS = {
    "locale": (NEWEST,),
    "normalization": (NEWEST,),
    "generation_config": (NEWEST, V2025_11),
    "pronunciation_dict_id": (NEWEST, V2025_11),
    "pronunciation_dict_ids": (V2025_04,),
    "duration": (V2025_04,),
}

#: method -> argument -> the versions that know it, the one to send first. An argument that is not listed
#: is known to all.
LIMITED: dict[str, dict[str, tuple[str, ...]]] = {
    "agents.export_metric_results": {
        "start_date": (NEWEST, V2025_11),
        "end_date": (NEWEST, V2025_11),
    },
    "agents.list_metric_results": {
        "start_date": (NEWEST, V2025_11),
        "end_date": (NEWEST, V2025_11),
    },
    "auth.access_token": {
        "grants=agent": (NEWEST, V2025_11),
    },
    "tts.bytes": _TTS,
    "tts.sse": _TTS,
    "voices.clone": {
        "enhance": (V2025_04,),
        "accent": (NEWEST,),
    },
    "voices.get": {
        "expand": (NEWEST, V2025_11),
    },
    "voices.localize": {
        # The API reference localizes by dialect; newer versions know dialects too, but want an accent.
        "dialect": (V2025_04, V2025_11, NEWEST),
        "accent": (NEWEST,),
        "tagline": (NEWEST,),
        "no accent": (V2025_11, V2025_04),
    },
    "voices.update": {
        "accent": (NEWEST,),
    },
    "voices.list": {
        "q": (NEWEST, V2025_11),
        "language": (V2025_11,),
        "is_starred": (V2025_04,),
        "expand=preview_file_url": (NEWEST, V2025_11),
        "expand=is_starred": (V2025_04,),
    },
}


def check_version(version: str) -> str:
    """Return `version` if it is one that this package speaks.

    Raises
    ------
    InputError
        If it is not.
    """
    if version not in VERSIONS:
        raise InputError(
            f"Cartesia-Version {version!r} is not one that this package speaks.",
            advice=f"It speaks {', '.join(VERSIONS)}.",
        )
    return version


def choose(method: str, given: Iterable[str], pinned: str | None = None, newest: str = NEWEST) -> str:
    """Choose the version for one call.

    Parameters
    ----------
    method : str
        Such as ``"voices.list"``.
    given : iterable of str
        The names of the arguments that were given; ``"expand=is_starred"`` for one whose value matters.
    pinned : str, optional
        The version that was asked for.
    newest : str
        The newest that there was when a folder of stored answers was begun.

    Returns
    -------
    str
        The pinned version, or else the newest that knows everything; one after `newest` only if it has to
        be.

    Raises
    ------
    InputError
        If the pinned version does not know an argument, or no version knows all of them together.
    """
    known = LIMITED.get(method, {})
    limits = {f"{method}({name})": known[name] for name in given if name in known}
    if method in LIMITED_METHODS:
        limits[method] = LIMITED_METHODS[method]
    if pinned:
        for name, versions in limits.items():
            if pinned not in versions:
                raise InputError(
                    f"{name} does not exist in Cartesia-Version {pinned}.",
                    advice=f"Use version={versions[0]!r}, or leave the version open.",
                )
        return pinned
    known_then = sorted(next(iter(limits.values()), VERSIONS), key=lambda version: version > newest)
    for version in known_then:
        if all(version in versions for versions in limits.values()):
            return version
    wanted = "; ".join(f"{name} needs {' or '.join(versions)}" for name, versions in limits.items())
    raise InputError(f"no Cartesia-Version knows all of this together: {wanted}.")
