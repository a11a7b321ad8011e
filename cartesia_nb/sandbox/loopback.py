"""Which hosts are this very machine."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address means this very machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
