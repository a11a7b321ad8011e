"""What looks like an API key is masked in every text that is shown."""

from __future__ import annotations

import re

# Not ASCII, so that it is in no key itself.
MASK = "…"
PREFIX = re.compile(r"sk_car_(?:admin_|sandbox_)?")
ANY_KEY = re.compile(rf"({PREFIX.pattern})[A-Za-z0-9_\-]+")


def hide_keys(text: str) -> str:
    """Return `text` with everything that looks like an API key masked."""
    return ANY_KEY.sub(rf"\1{MASK}", text)
