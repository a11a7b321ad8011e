"""The API versions that the sandbox serves. They are dates, so comparing them as text orders them."""

from typing import Final

# Versions by what they brought.
LOCALES: Final = "2025-11-04"
JSON_ERRORS: Final = "2026-03-01"
ACCENTS: Final = "2026-08-14"

VERSIONS: Final = ("2024-11-13", "2025-04-16", LOCALES, JSON_ERRORS, ACCENTS)
NEWEST: Final = VERSIONS[-1]
