"""`Client`, and the one that a notebook shares."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cartesia_nb.client.transport import Transport
from cartesia_nb.record.record import Record
from cartesia_nb.wire.catalog import BASE_URL
from cartesia_nb.wire.errors import CartesiaError, InputError
from cartesia_nb.wire.keys import Key
from cartesia_nb.wire.options import DEFAULT_RETRIES, DEFAULT_TIMEOUT, Options, is_loopback

if TYPE_CHECKING:
    from cartesia_nb.client.agents import Agents
    from cartesia_nb.client.api_status import ApiStatus
    from cartesia_nb.client.auth import Auth
    from cartesia_nb.client.datasets import Datasets
    from cartesia_nb.client.fine_tunes import FineTunes
    from cartesia_nb.client.infill import Infill
    from cartesia_nb.client.pronunciation_dicts import PronunciationDicts
    from cartesia_nb.client.stt import Stt
    from cartesia_nb.client.tts import Tts
    from cartesia_nb.client.voice_changer import VoiceChanger
    from cartesia_nb.client.voices import Voices
    from cartesia_nb.sandbox.launch import Sandbox

SANDBOX_VARIABLE = "CARTESIA_NB_SANDBOX"
#: Where the sandbox would be, in a replay: nothing is started, and nothing sent.
NO_SANDBOX = "http://127.0.0.1"


class Client:
    """Cartesia's API.

    Making a client sends nothing. One client may be shared between threads.

    Parameters
    ----------
    api_key : str, optional
        By default the key in ``CARTESIA_API_KEY``, or in the system keyring.
    base_url : str, optional
        By default ``CARTESIA_BASE_URL``, or ``https://api.cartesia.ai``. A key is sent to https, or to
        this machine.
    version : str, optional
        A `Cartesia-Version` to use for every call, by default ``CARTESIA_VERSION``. With neither, each
        call is sent with the newest version that knows the method and every argument given.
    timeout : float
        Seconds for a whole call with all its tries; only the look-up of a host's name may take longer.
    retries : int
        How many times a request may be sent again. What makes audio is sent again only where the
        server cannot have begun.
    headers : mapping, optional
        More headers.
    auth_scheme : {"bearer", "x-api-key"}
        The header that carries the key.
    record : {"cache", "replay", "refresh", "off"}, optional
        What is done with answers: by default what ``%cartesia record`` or ``CARTESIA_NB_RECORD`` says, or
        else ``cache``: speech that was made once is not paid for twice. See `set_recording`.
    record_folder : path, optional
        Where answers are kept; by default ``CARTESIA_NB_RECORD_FOLDER``, or ``cartesia_record`` in the
        working directory.

    Raises
    ------
    InputError
        If one of these is impossible.

    Notes
    -----
    With ``CARTESIA_NB_SANDBOX=1`` in the environment, a client made without `api_key` and `base_url` talks
    to the offline sandbox, which is started if need be.

    Examples
    --------
    >>> client = Client(api_key="sk_car_example")
    >>> client
    Client(https://api.cartesia.ai)
    """

    def __init__(
        self,
        api_key: str | Key | None = None,
        *,
        base_url: str | None = None,
        version: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        retries: int = DEFAULT_RETRIES,
        headers: Mapping[str, str] | None = None,
        auth_scheme: str = "bearer",
        record: str | None = None,
        record_folder: str | os.PathLike[str] | None = None,
    ) -> None:
        # At once, and under the same name: a traceback may show variables.
        api_key = as_key(api_key)
        kept = Record(record, record_folder)
        if api_key is None and base_url is None and sandbox_wanted():
            api_key, base_url = _place_of_sandbox(replays=kept.replays)
        options = Options(
            base_url=base_url or _base_url(),
            key=api_key,
            timeout=timeout,
            retries=retries,
            headers=headers or {},
            version=version or os.environ.get("CARTESIA_VERSION") or None,
            auth_scheme=auth_scheme,
        )
        self._transport = Transport(options, kept.at(local=is_loopback(options.base_url)))

    def with_options(
        self,
        *,
        timeout: float | None = None,
        retries: int | None = None,
        headers: Mapping[str, str] | None = None,
        version: str | None = None,
    ) -> Client:
        """Return a copy with some options changed, on the same connections.

        Parameters
        ----------
        timeout, retries, headers, version
            As in `Client`; what is left out stays as it is. Headers are added to those there are.

        Examples
        --------
        >>> import cartesia_nb
        >>> cartesia_nb.connect().with_options(timeout=10).api_status.get().ok
        True
        """
        changes: dict[str, Any] = {"timeout": timeout, "retries": retries, "version": version}
        if headers is not None:
            changes["headers"] = {**self._transport.options.headers, **headers}
        copy = object.__new__(type(self))
        copy._transport = self._transport.with_options(
            **{name: value for name, value in changes.items() if value is not None}
        )
        return copy

    def check_transcript(self, transcript: str) -> None:
        """Refuse a text that cannot be spoken, as every method that speaks does; nothing is sent.

        Raises
        ------
        InputError
            If there is nothing to say in it, or it gives the API key away.

        Examples
        --------
        >>> import cartesia_nb
        >>> cartesia_nb.connect().check_transcript("This can be said.")
        """
        from cartesia_nb.client.texts import check_transcript

        check_transcript(transcript, self._transport.key())

    @property
    def record(self) -> Record:
        """What is done with calls and answers: the mode, and the folder."""
        return self._transport.record

    @property
    def base_url(self) -> str:
        """Where requests go."""
        return self._transport.options.base_url

    @property
    def version(self) -> str | None:
        """The `Cartesia-Version` of every call; None where each has the newest that fits."""
        return self._transport.options.version

    @cached_property
    def agents(self) -> Agents:
        """Agents, their calls, deployments and metrics."""
        from cartesia_nb.client.agents import Agents

        return Agents(self._transport)

    @cached_property
    def api_status(self) -> ApiStatus:
        """Whether the API is up."""
        from cartesia_nb.client.api_status import ApiStatus

        return ApiStatus(self._transport)

    @cached_property
    def auth(self) -> Auth:
        """Access tokens."""
        from cartesia_nb.client.auth import Auth

        return Auth(self._transport)

    @cached_property
    def datasets(self) -> Datasets:
        """Datasets and their files."""
        from cartesia_nb.client.datasets import Datasets

        return Datasets(self._transport)

    @cached_property
    def fine_tunes(self) -> FineTunes:
        """Fine-tunes and their voices."""
        from cartesia_nb.client.fine_tunes import FineTunes

        return FineTunes(self._transport)

    @cached_property
    def infill(self) -> Infill:
        """Speech between two pieces of speech."""
        from cartesia_nb.client.infill import Infill

        return Infill(self._transport, self.voices.names)

    @cached_property
    def pronunciation_dicts(self) -> PronunciationDicts:
        """How certain words are said."""
        from cartesia_nb.client.pronunciation_dicts import PronunciationDicts

        return PronunciationDicts(self._transport)

    @cached_property
    def stt(self) -> Stt:
        """Speech to text."""
        from cartesia_nb.client.stt import Stt

        return Stt(self._transport)

    @cached_property
    def tts(self) -> Tts:
        """Text to speech."""
        from cartesia_nb.client.tts import Tts

        return Tts(self._transport, self.voices.names)

    @cached_property
    def voice_changer(self) -> VoiceChanger:
        """The same speech with another voice."""
        from cartesia_nb.client.voice_changer import VoiceChanger

        return VoiceChanger(self._transport, self.voices.names)

    @cached_property
    def voices(self) -> Voices:
        """The voices that there are."""
        from cartesia_nb.client.voices import Voices

        return Voices(self._transport)

    def __repr__(self) -> str:
        version = self._transport.options.version
        return f"Client({self.base_url}{', version ' + version if version else ''})"


_shared: Client | None = None
#: The client of the API that the sandbox stands in for; None where it does not.
_instead_of: Client | None = None
_sandbox: Sandbox | None = None
_lock = threading.RLock()


def connect(api_key: str | Key | None = None, *, sandbox: bool | None = None, **options: Any) -> Client:
    """Return the client that magics and forms share.

    Parameters
    ----------
    api_key : str, optional
        As in `Client`.
    sandbox : bool, optional
        True starts the offline sandbox, if it is not running, and talks to it; False goes back to the API.
    **options
        Further arguments of `Client`.

    Returns
    -------
    Client
        The one there is; a new one, shared from now on, if any argument is given. It stays with the
        sandbox, or with the API, unless the arguments say otherwise.

    Raises
    ------
    InputError
        If the arguments are impossible.
    CartesiaError
        If the sandbox does not start.

    Examples
    --------
    >>> import cartesia_nb
    >>> cartesia_nb.connect() is cartesia_nb.connect()
    True
    """
    api_key = as_key(api_key)
    own_place = api_key is not None or "base_url" in options
    with _lock:
        if sandbox and own_place:
            raise InputError("the sandbox has a key and a base URL of its own; give none with sandbox=True.")
        if sandbox or (sandbox is None and _instead_of and options and not own_place):
            return _go_to_sandbox(options)
        if sandbox is False and _instead_of and not options and not own_place:
            return _share(_instead_of)
        if sandbox is False:
            return _share(Client(api_key, **{"base_url": _base_url(), **options}))
        if _shared is None or own_place or options:
            return _share(Client(api_key, **options))
        return _shared


def shared() -> Client | None:
    """Return the client that is shared, if there is one; nothing is made or started."""
    return _shared


def disconnect() -> None:
    """Forget the shared client, so that the next `connect` makes one and looks for a key anew.

    Where the sandbox stands in, it stays: the client that it stands in for is forgotten.
    """
    global _shared, _instead_of
    with _lock:
        _shared, _instead_of = (_shared, Client(base_url=_base_url())) if _instead_of else (None, None)


def _share(client: Client, instead_of: Client | None = None) -> Client:
    global _shared, _instead_of
    _shared, _instead_of = client, instead_of
    return client


def _go_to_sandbox(options: Mapping[str, Any]) -> Client:
    replays = Record(options.get("record"), options.get("record_folder")).replays
    key, place = _place_of_sandbox(replays=replays)
    # Where the environment asks for the sandbox, the client before was the sandbox's already.
    api = _shared if _shared and _shared.base_url != place else Client(base_url=_base_url())
    return _share(Client(key, base_url=place, **options), _instead_of or api)


def _place_of_sandbox(*, replays: bool) -> tuple[Key | None, str]:
    """Return the key and the URL of the sandbox, started if need be; a replay needs none."""
    if replays:
        return None, NO_SANDBOX
    sandbox = running_sandbox()
    return Key(sandbox.key), sandbox.url


def as_key(api_key: str | Key | None) -> Key | None:
    """Return an API key so that it does not show itself."""
    return api_key if api_key is None or isinstance(api_key, Key) else Key(api_key)


def _base_url() -> str:
    return os.environ.get("CARTESIA_BASE_URL") or BASE_URL


def sandbox_wanted() -> bool:
    """Tell whether the environment asks for the sandbox."""
    return os.environ.get(SANDBOX_VARIABLE, "").strip().lower() not in ("", "0", "false", "no", "off")


def running_sandbox() -> Sandbox:
    """Return the sandbox of this process, started if need be; it ends with the process."""
    global _sandbox  # noqa: PLW0603
    from cartesia_nb.sandbox import launch

    with _lock:
        if _sandbox is None or not _sandbox.alive:
            try:
                _sandbox = launch.start()
            except launch.SandboxError as error:
                raise CartesiaError(" ".join(str(error).split())) from None
        return _sandbox
