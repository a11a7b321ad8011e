"""The speech models of the API, and the languages that each of them speaks."""

from dataclasses import dataclass

from cartesia_nb.sandbox.errors import invalid

SONIC_2 = frozenset("en fr de es pt zh ja hi it ko nl pl ru sv tr".split())
SONIC_3 = SONIC_2 | set(
    "tl bg ro ar cs el fi hr ms sk da ta uk hu no vi bn th he ka id te gu kn ml mr pa".split()
)
SONIC_3_5 = SONIC_3 | {"or", "ur"}


@dataclass(frozen=True)
class Model:
    """A speech model: its languages, and whether ``generation_config`` has an effect on it."""

    id: str
    languages: frozenset[str]
    is_controllable: bool


def _family(ids: str, languages: frozenset[str], *, is_controllable: bool) -> dict[str, Model]:
    return {name: Model(name, languages, is_controllable) for name in ids.split()}


MODELS = {
    **_family("sonic-english", frozenset({"en"}), is_controllable=False),
    **_family(
        "sonic sonic-2024-10-19 sonic-2024-12-12 sonic-multilingual sonic-preview"
        " sonic-turbo sonic-turbo-2025-03-07 sonic-turbo-2025-06-04"
        " sonic-2 sonic-2-2025-03-07 sonic-2-2025-04-16 sonic-2-2025-05-08 sonic-2-2025-06-11",
        SONIC_2,
        is_controllable=False,
    ),
    **_family("sonic-3 sonic-3-2025-10-27 sonic-3-2026-01-12 sonic-3-latest", SONIC_3, is_controllable=True),
    **_family(
        "sonic-3.5 sonic-3.5-2026-05-04 sonic-3.6 sonic-3.6-2026-08-27 sonic-latest",
        SONIC_3_5,
        is_controllable=True,
    ),
}


def find_model(model_id: str) -> Model:
    """Return a model by its id, or refuse the request."""
    if model_id not in MODELS:
        raise invalid(f"There is no model {model_id!r}.", "model_not_found")
    return MODELS[model_id]
