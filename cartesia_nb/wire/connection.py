"""The connections below `requests`: kept alive, watched by a deadline, silent about headers."""

from __future__ import annotations

import socket
import time
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.poolmanager import PoolManager

from cartesia_nb.wire.deadline import CURRENT

# A connection that rested longer is not used again: routers forget it without a word, and a request
# sent into the void cannot be sent again, since it may have been charged.
LONGEST_REST = 55.0
POOL_SIZE = 32
#: Seconds to connect, and between two arrivals of data.
CONNECT_TIMEOUT, READ_TIMEOUT = 5.0, 60.0
KEEP_ALIVE = (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


class _Watched:
    """What our HTTP and HTTPS connections have in common."""

    sock: socket.socket | None
    # http.client prints headers, and with them the key, when its own class has a level.
    debuglevel = 0
    last_used = 0.0

    def _new_conn(self) -> socket.socket:
        sock: socket.socket = super()._new_conn()  # type: ignore[misc]
        _watch(sock)
        return sock

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        _watch(self.sock, reached=True)  # for TLS, another object than the one before the handshake
        self._patient()

    def request(self, *args: Any, **options: Any) -> None:
        if self.sock is not None:
            _watch(self.sock, reached=True)
            self._patient()
        super().request(*args, **options)  # type: ignore[misc]
        self.last_used = time.monotonic()

    def _patient(self) -> None:
        """Let sending wait as long as reading; urllib3 gives it the few seconds of connecting."""
        if self.sock is not None:
            self.sock.settimeout(READ_TIMEOUT)

    @property
    def is_connected(self) -> bool:
        rested = time.monotonic() - self.last_used
        return rested < LONGEST_REST and super().is_connected  # type: ignore[misc]


def _watch(sock: socket.socket | None, *, reached: bool = False) -> None:
    deadline = CURRENT.get()
    if deadline is not None:
        deadline.reached |= reached
        deadline.watch(sock)


class _PlainConnection(_Watched, HTTPConnection):
    default_socket_options = [*HTTPConnection.default_socket_options, KEEP_ALIVE]  # noqa: RUF012


class _TLSConnection(_Watched, HTTPSConnection):
    default_socket_options = [*HTTPSConnection.default_socket_options, KEEP_ALIVE]  # noqa: RUF012


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _TLSConnection


class Adapter(HTTPAdapter):
    """The transport of our session, directly and through proxies."""

    def __init__(self) -> None:
        super().__init__(pool_maxsize=POOL_SIZE)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Make the pool with our connections, as `requests` asks an adapter to do."""
        super().init_poolmanager(*args, **options)
        _use_our_connections(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Make the pool behind a proxy with our connections."""
        return _use_our_connections(super().proxy_manager_for(proxy, **options))


def _use_our_connections(pools: PoolManager) -> PoolManager:
    pools.pool_classes_by_scheme = {"http": _PlainPool, "https": _TLSPool}
    return pools
