"""The methods that the official Python SDK has, found in the SDK itself."""

import inspect
from collections.abc import Iterator

from cartesia import Cartesia
from cartesia._resource import SyncAPIResource

SDK = "cartesia 4.2.0 for Python"

# The property of a test's report that names an SDK and a method of it.
CALL = "call of an SDK"


def find_methods() -> tuple[dict[str, type], set[str]]:
    """Return the methods that call over HTTP, like ``voices.list``, each with its class, and the sockets."""
    found = dict(_methods(Cartesia(api_key="sk_car_nobody"), ""))
    # Only a call over HTTP has a body to add something to.
    calls = {
        name: owner
        for name, owner in found.items()
        if "extra_body" in inspect.signature(getattr(owner, name.rpartition(".")[2])).parameters
    }
    return calls, set(found) - set(calls)


def _methods(owner: object, prefix: str) -> Iterator[tuple[str, type]]:
    for name, member in inspect.getmembers(owner):
        if name.startswith(("_", "with_")):
            continue
        if isinstance(member, SyncAPIResource):
            yield from _methods(member, f"{prefix}{name}.")
        elif inspect.ismethod(member) and member.__module__.startswith("cartesia.resources"):
            yield f"{prefix}{name}", type(owner)
        elif name == "get_status":
            yield name, type(owner)
