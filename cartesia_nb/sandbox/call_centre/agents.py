"""The agents of the call centre, and the templates that agents start from."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cartesia_nb.sandbox.call_centre.chance import NOW, iso, made_id
from cartesia_nb.sandbox.catalogue import VOICES
from cartesia_nb.sandbox.voice import Voice


@dataclass(frozen=True)
class Agent:
    """An agent, and the calls that it gets.

    ``scenario`` names the file with what is said in its calls (an agent without one has no calls), ``share``
    weighs its part of all calls, and ``weekdays`` the days from Monday to Sunday. Calls come from ``opens``
    to ``closes``, in hours of the local day, which is ``utc_offset`` hours ahead of UTC.
    """

    id: str
    name: str
    description: str | None
    voice: str
    language: str
    number: str | None = None
    scenario: str | None = None
    share: float = 0
    utc_offset: int = 0
    opens: int = 0
    closes: int = 24
    weekdays: tuple[float, ...] = (1, 1, 1, 1, 1, 1, 1)
    age_days: int = 100

    @property
    def speaker(self) -> Voice:
        """The voice that the agent had in all its calls."""
        return next(voice for voice in VOICES if voice.name == self.voice)


AGENTS = (
    Agent(
        id="agent_123",
        name="willow-street-clinic",
        description="Front desk of a clinic: appointments and prescriptions.",
        voice="Hattie",
        language="en",
        number="+13125550142",
        scenario="clinic",
        share=5,
        utc_offset=-5,
        opens=8,
        closes=18,
        weekdays=(8, 6, 5, 5, 6, 1, 0),
        age_days=118,
    ),
    Agent(
        id="agent_demo",
        name="swift-parcel-help",
        description="Help line of a delivery company.",
        voice="Casper",
        language="en",
        number="+16175550117",
        scenario="parcels",
        share=7,
        utc_offset=-4,
        opens=7,
        closes=21,
        weekdays=(9, 7, 6, 6, 7, 4, 1),
        age_days=131,
    ),
    Agent(
        id=made_id("agent", "osteria-luna"),
        name="osteria-luna",
        description="Takes reservations for a restaurant.",
        voice="Cleo",
        language="en",
        number="+14155550188",
        scenario="restaurant",
        share=4,
        utc_offset=-7,
        opens=10,
        closes=22,
        weekdays=(0, 3, 4, 5, 9, 8, 4),
        age_days=109,
    ),
    Agent(
        id=made_id("agent", "hotel-seeblick"),
        name="hotel-seeblick",
        description="Rezeption eines Hotels am See.",
        voice="Liesel",
        language="de",
        number="+13125550163",
        scenario="hotel",
        share=3,
        utc_offset=2,
        opens=7,
        closes=23,
        weekdays=(4, 4, 5, 6, 7, 5, 4),
        age_days=104,
    ),
    Agent(
        id=made_id("agent", "fibra-norte-soporte"),
        name="fibra-norte-soporte",
        description="Servicio técnico de un proveedor de internet.",
        voice="Noemi",
        language="es",
        number="+16175550105",
        scenario="fibre",
        share=4,
        utc_offset=2,
        opens=9,
        closes=22,
        weekdays=(8, 7, 6, 6, 5, 3, 2),
        age_days=97,
    ),
    # Just begun: no number, no deployment, no call.
    Agent(
        id=made_id("agent", "librairie-du-canal"),
        name="librairie-du-canal",
        description=None,
        voice="Sabine",
        language="fr",
        age_days=3,
    ),
)


def first_summary(agent: Agent, deployment_count: int) -> dict[str, Any]:
    """Return an agent as the API writes it, before anybody changes it."""
    created = iso(NOW - timedelta(days=agent.age_days))
    repository = {"git_repository": {"provider": "github", "account": "example", "name": agent.name}}
    numbers = [{"id": made_id("pn", agent.number), "number": agent.number}] if agent.number else None
    return {
        "id": agent.id,
        "name": agent.name,
        "description": agent.description,
        "created_at": created,
        "updated_at": created,
        "tts_voice": agent.speaker.id,
        "tts_language": agent.language,
        "webhook_id": made_id("webhook", agent.name) if agent.number else None,
        "deleted_at": None,
        **(repository if deployment_count else {}),
        "git_deploy_branch": "main" if deployment_count else None,
        "phone_numbers": numbers,
        "has_text_to_agent_run": deployment_count > 0,
        "deployment_count": deployment_count,
    }


def phone_numbers(agent_id: str) -> list[dict[str, Any]]:
    """Return the telephone numbers of an agent: one, or none."""
    return [
        {
            "agent_id": agent.id,
            "number": agent.number,
            "created_at": iso(NOW - timedelta(days=agent.age_days - 1)),
            "updated_at": iso(NOW - timedelta(days=agent.age_days - 1)),
            "is_cartesia_managed": True,
        }
        for agent in AGENTS
        if agent.id == agent_id and agent.number
    ]


# Name, description, variables that its environment must have, dependencies.
_TEMPLATES: tuple[tuple[str, str | None, list[str] | None, list[str] | None], ...] = (
    ("basic-chat", "Answers questions, and nothing more.", ["LLM_API_KEY"], ["cartesia-line", "httpx"]),
    (
        "appointment-scheduler",
        "Books appointments in a calendar.",
        ["CALENDAR_URL", "LLM_API_KEY"],
        ["httpx"],
    ),
    ("form-filler", "Asks one question after the other, and writes a form.", ["LLM_API_KEY"], None),
    ("echo", None, None, None),
)


def templates() -> list[dict[str, Any]]:
    """Return the templates that agents can start from."""
    since = iso(NOW - timedelta(days=200))
    return [
        {
            "id": made_id("template", name),
            "name": name,
            "description": description,
            "repo_url": "https://git.example/agent-templates",
            "root_dir": name,
            "required_env_vars": variables,
            "dependencies": dependencies,
            "owner_id": made_id("user", "templates"),
            "created_at": since,
            "updated_at": since,
        }
        for name, description, variables, dependencies in _TEMPLATES
    ]
