"""What a request asks for, and the name that follows from it.

The name must not change from release to release: stored answers are found by it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.exchange import Request

#: What is another one in every run, and changes nothing in the answer.
VOLATILE = ("context_id",)


def what_is_asked(request: Request) -> dict[str, Any]:
    """Return all that the answer depends on: no key, no address of a server, uploads by their hashes.

    Raises
    ------
    InputError
        If something in it cannot be sent.

    Examples
    --------
    >>> what_is_asked(Request("voices.get", "GET", "/voices/1", "2026-08-14"))
    {'method': 'voices.get', 'version': '2026-08-14', 'path': '/voices/1'}
    """
    form = request.form
    asked = {
        "method": request.method,
        "version": request.version,
        "path": None if request.known_by else request.path,
        "known_by": request.known_by,
        "query": request.query,
        "body": _lasting(request.body or {}),
        "fields": [list(field) for field in form.fields] if form else None,
        "files": form.hashes if form else None,
    }
    # As JSON has it, so that what is stored and what is asked can be compared.
    try:
        text = json.dumps({name: value for name, value in asked.items() if value})
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"an argument cannot be sent as JSON: {error}.") from None
    plain: dict[str, Any] = json.loads(text)
    return plain


def hash_of(asked: Mapping[str, Any]) -> str:
    """Return the SHA-256 by which a store knows what is asked.

    Examples
    --------
    >>> hash_of({"method": "voices.get", "path": "/voices/1"})[:8]
    '6bcff8cb'
    """
    canonical = json.dumps(asked, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def flat(asked: Mapping[str, Any], name: str = "") -> dict[str, Any]:
    """Return what is asked as one value for each field: ``body.voice.id``.

    Examples
    --------
    >>> flat({"path": "/stt", "files": {"file": "1a"}})
    {'path': '/stt', 'files.file': '1a'}
    """
    fields: dict[str, Any] = {}
    for part, value in asked.items():
        whole = f"{name}.{part}" if name else part
        inner = _by_name(value) if whole == "fields" else value
        fields |= flat(inner, whole) if isinstance(inner, Mapping) else {whole: value}
    return fields


def _by_name(fields: Iterable[Sequence[str]]) -> dict[str, str]:
    """Return the fields of a form; the values of a name that comes more than once stand together."""
    found: dict[str, str] = {}
    for name, value in fields:
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _lasting(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in VOLATILE}
