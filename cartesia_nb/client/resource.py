"""`Resource`: a single thing that the API answered with."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from cartesia_nb.wire.masks import MASK, hide_keys


class Resource(Mapping[str, Any]):
    """A read-only mapping whose fields are attributes, too.

    Parameters
    ----------
    kind : str
        What it is, such as ``"Voice"``.
    fields : mapping
        As the API sent them.
    hidden : tuple of str
        Fields that are not shown, only read.

    Examples
    --------
    >>> voice = Resource("Voice", {"id": "a1", "name": "Ada"})
    >>> voice.name, voice["name"]
    ('Ada', 'Ada')
    >>> voice
    Voice(id='a1', name='Ada')
    """

    __slots__ = ("_fields", "_hidden", "_kind")

    _kind: str
    _fields: Mapping[str, Any]
    _hidden: tuple[str, ...]

    def __init__(self, kind: str, fields: Mapping[str, Any], hidden: tuple[str, ...] = ()) -> None:
        object.__setattr__(self, "_kind", kind)
        object.__setattr__(self, "_fields", MappingProxyType(dict(fields)))
        object.__setattr__(self, "_hidden", hidden)

    def __getitem__(self, name: str) -> Any:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __getattr__(self, name: str) -> Any:
        # Pickle and copy look for attributes before there are fields.
        if not name.startswith("_") and name in self._fields:
            return self._fields[name]
        raise AttributeError(f"this {self._kind} has no {name!r}; it has {', '.join(self._fields)}")

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a {self._kind} is read-only: the API's own methods change it")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(name for name in self._fields if name.isidentifier())]

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._kind, dict(self._fields), self._hidden)

    def __repr__(self) -> str:
        return hide_keys(f"{self._kind}({', '.join(f'{name}={value!r}' for name, value in self._shown())})")

    def _shown(self) -> Iterator[tuple[str, Any]]:
        return ((name, MASK if name in self._hidden else value) for name, value in self._fields.items())

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th style='text-align:left'>{html.escape(name)}</th>"
            f"<td style='text-align:left'>{html.escape(_text(value))}</td></tr>"
            for name, value in self._shown()
        )
        caption = f"<caption style='text-align:left;font-weight:600'>{html.escape(self._kind)}</caption>"
        return hide_keys(f"<table>{caption}{rows}</table>")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else repr(value)
