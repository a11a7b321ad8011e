"""The API key: where it comes from, where it may go, and how it stays unseen."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.masks import MASK, PREFIX, hide_keys

if TYPE_CHECKING:
    from requests import PreparedRequest

VARIABLE = "CARTESIA_API_KEY"
KEYRING_SERVICE, KEYRING_USER = "cartesia_nb", "api_key"

# No run of this many characters of a secret is ever shown.
SHOWN_AT_MOST = 5


class Key:
    """An API key that never shows itself.

    The text is reachable only through `reveal`; `repr`, pickling and tracebacks do not have it.

    Parameters
    ----------
    text : str
        The key. Blanks around it are removed.
    source : str
        Where it comes from, for the error.

    Raises
    ------
    InputError
        If the text is empty, or holds something that no HTTP header can carry.
    """

    __slots__ = ("__text",)

    def __init__(self, text: str, source: str = "api_key=") -> None:
        usable = isinstance(text, str) and text.isascii() and text.strip().isprintable()
        if not usable or len(text.split()) != 1:
            del text  # a traceback may show variables
            raise InputError(f"the API key in {source} is empty or has characters that no key has.")
        text = text.strip()
        # A function, since whatever prints attributes prints a string, too.
        self.__text: Callable[[], str] = lambda: text

    def reveal(self) -> str:
        """Return the text of the key."""
        return self.__text()

    def hide_in(self, text: str) -> str:
        """Return `text` with every trace of this key, and whatever looks like a key, masked."""
        text = hide_keys(text)
        shown = bytearray(b"+" * len(text))
        for piece in self._pieces():
            at = text.find(piece)
            while at >= 0:
                shown[at : at + len(piece)] = b"-" * len(piece)
                at = text.find(piece, at + 1)
        runs = re.finditer(r"\++|-+", shown.decode())
        return "".join(text[r.start() : r.end()] if r[0][0] == "+" else MASK for r in runs)

    def shows_in(self, text: str) -> bool:
        """Tell whether `text` gives a part of this key away."""
        return any(piece in text for piece in self._pieces())

    def stands_in(self, text: str) -> bool:
        """Tell whether the whole secret of this key is in `text`."""
        secret = self._secret()
        return len(secret) > SHOWN_AT_MOST and secret in text

    def _pieces(self) -> list[str]:
        """Return each run of characters that is too long to be shown."""
        secret, length = self._secret(), SHOWN_AT_MOST + 1
        return [secret[i : i + length] for i in range(len(secret) - SHOWN_AT_MOST)]

    def _secret(self) -> str:
        return PREFIX.sub("", self.reveal(), count=1)

    def __repr__(self) -> str:
        found = PREFIX.match(self.reveal())
        return f"Key({found[0] if found else ''}{MASK})"

    def __reduce__(self) -> Any:
        raise TypeError("an API key is not written anywhere: give it again with api_key= or CARTESIA_API_KEY")


def find_key() -> Key | None:
    """Look for an API key in the environment, then in the system keyring.

    Returns
    -------
    Key or None
        None when there is none.
    """
    if os.environ.get(VARIABLE):
        return Key(os.environ[VARIABLE], VARIABLE)
    found = _from_keyring()
    return Key(found, "the keyring") if found else None


def _from_keyring() -> str | None:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:  # the extra `keyring` is not installed
        return None
    try:
        found: str | None = keyring.get_password(KEYRING_SERVICE, KEYRING_USER)
    except KeyringError:  # a machine without a keyring, such as a server
        return None
    return found


def keep_key(key: Key) -> None:
    """Keep a key in the system keyring, in the place of the one that is there.

    A key in ``CARTESIA_API_KEY`` still goes first.

    Raises
    ------
    InputError
        If the extra `keyring` is not installed, or this machine keeps no keys.
    """
    with _system_keyring() as keyring:
        keyring.set_password(KEYRING_SERVICE, KEYRING_USER, key.reveal())
        # A keyring that was turned off takes everything and keeps nothing.
        kept = keyring.get_password(KEYRING_SERVICE, KEYRING_USER) == key.reveal()
    if not kept:
        raise _no_keyring("it kept nothing")


def forget_key() -> bool:
    """Take the key out of the system keyring.

    Returns
    -------
    bool
        False if there was none.

    Raises
    ------
    InputError
        If the extra `keyring` is not installed, or this machine keeps no keys.
    """
    with _system_keyring() as keyring:
        if keyring.get_password(KEYRING_SERVICE, KEYRING_USER) is None:
            return False
        keyring.delete_password(KEYRING_SERVICE, KEYRING_USER)
    return True


@contextmanager
def _system_keyring() -> Iterator[Any]:
    """Give the keyring; what goes wrong with it is said in one line."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        raise InputError(
            "the system keyring cannot be used: the extra is not installed.",
            advice=f'pip install "cartesia_nb[keyring]", or set {VARIABLE} before starting Jupyter.',
        ) from None
    try:
        yield keyring
    except KeyringError as error:
        raise _no_keyring(type(error).__name__) from None


def _no_keyring(why: str) -> InputError:
    return InputError(
        f"the system keyring cannot be used ({why}).",
        advice=f"Unlock it, if there is one; else set {VARIABLE} before starting Jupyter.",
    )


class KeyAuth:
    """Puts the key into a request.

    `requests` gives an auth object the last word over headers and over a ``.netrc`` file.

    Parameters
    ----------
    key : Key
        The key to send.
    scheme : {"bearer", "x-api-key"}
        The header that carries it: ``Authorization: Bearer`` or ``X-API-Key``.
    """

    def __init__(self, key: Key, scheme: str = "bearer") -> None:
        self.key, self.scheme = key, scheme

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Set the header, as `requests` asks an auth object to do."""
        if self.scheme == "bearer":
            request.headers["Authorization"] = f"Bearer {self.key.reveal()}"
        else:
            request.headers["X-API-Key"] = self.key.reveal()
        return request
