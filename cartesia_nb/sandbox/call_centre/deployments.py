"""The deployments of each agent: which ran when, and how fast its speech came."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from cartesia_nb.sandbox.call_centre.chance import NOW, iso, made_id, stream


@dataclass(frozen=True)
class Deployment:
    """One deployment of an agent.

    ``latency`` is the median time in seconds to the first byte of speech in the calls that it answers; a
    deployment that answers none has 0.
    """

    id: str
    agent_id: str
    created: datetime
    status: str
    latency: float


# Of each agent: days before now, status, latency. The last fast one is where speech began to come sooner.
_HISTORY: dict[str, tuple[tuple[float, str, float], ...]] = {
    "agent_123": (
        (117.3, "inactive", 0.46),
        (61.2, "build_error", 0),
        (60.9, "inactive", 0.44),
        (24.4, "deployed", 0.19),
    ),
    "agent_demo": (
        (130.1, "inactive", 0.52),
        (70.5, "deploy_error", 0),
        (45.2, "inactive", 0.5),
        (31.6, "deployed", 0.21),
        (0.02, "building", 0),
    ),
    made_id("agent", "osteria-luna"): (
        (108.4, "inactive", 0.4),
        (38.3, "deployed", 0.22),
        (12.7, "skipped", 0),
    ),
    made_id("agent", "hotel-seeblick"): ((103.2, "inactive", 0.48), (20.1, "deployed", 0.24)),
    made_id("agent", "fibra-norte-soporte"): (
        (96.6, "inactive", 0.55),
        (50.3, "build_error", 0),
        (49.8, "deployed", 0.3),
        (0.01, "queued", 0),
    ),
}
# Ids that requests in Cartesia's own documentation use.
_FIXED_IDS = {("agent_123", 3): "ad_abc123"}

_BUILD_ERROR = "ModuleNotFoundError: No module named 'calendar_client'"
_DEPLOY_ERROR = "The health check at /status did not answer within 60 s."
_PACKAGES = ("cartesia-line", "httpx", "pydantic", "python-dateutil", "tenacity", "structlog")


@cache
def deployments() -> tuple[Deployment, ...]:
    """Return all deployments, the newest of each agent first."""
    return tuple(
        Deployment(
            _FIXED_IDS.get((agent_id, number)) or made_id("ad", agent_id, number),
            agent_id,
            NOW - timedelta(days=days),
            status,
            latency,
        )
        for agent_id, history in _HISTORY.items()
        for number, (days, status, latency) in reversed(list(enumerate(history)))
    )


def deployments_of(agent_id: str) -> list[Deployment]:
    """Return the deployments of an agent, newest first."""
    return [deployment for deployment in deployments() if deployment.agent_id == agent_id]


def live_at(agent_id: str, moment: datetime) -> Deployment:
    """Return the deployment that answered an agent's calls at a moment."""
    return next(d for d in deployments_of(agent_id) if d.latency and d.created < moment)


def deployment_json(deployment: Deployment) -> dict[str, Any]:
    """Return a deployment as the API writes it.

    A stage that was never reached has the time at which the stage before it ended.
    """
    chance = stream("deployment", deployment.id)
    status, began = deployment.status, deployment.created + timedelta(seconds=chance.uniform(2, 30))
    built = began if status in ("queued", "skipped", "building") else _later(began, chance.uniform(50, 160))
    reached = deployment.latency or status == "deploy_error"
    deployed = _later(built, chance.uniform(15, 70)) if reached else built
    is_live = status == "deployed"
    return {
        "id": deployment.id,
        "agent_id": deployment.agent_id,
        "status": status,
        "is_pinned": is_live,
        "is_live": is_live,
        "env_var_collection_id": made_id("env", deployment.agent_id),
        "source_code_file_id": made_id("file", deployment.id),
        "git_commit_hash": f"{chance.getrandbits(160):040x}",
        "created_at": iso(deployment.created),
        "updated_at": iso(deployed),
        "build_started_at": iso(began),
        "build_completed_at": iso(built),
        "build_logs": _build_logs(deployment),
        "build_error": _BUILD_ERROR if status == "build_error" else None,
        "deployment_started_at": iso(built),
        "deployment_completed_at": iso(deployed),
        "deployment_error": _DEPLOY_ERROR if status == "deploy_error" else None,
    }


def _later(moment: datetime, seconds: float) -> datetime:
    return moment + timedelta(seconds=seconds)


def _build_logs(deployment: Deployment) -> str:
    if deployment.status in ("queued", "skipped"):
        return ""
    chance = stream("build", deployment.id)
    packages = chance.sample(_PACKAGES, 4)
    lines = ["Cloning the repository", "Found pyproject.toml", *(f"Installing {name}" for name in packages)]
    if deployment.status == "build_error":
        lines += [
            "Importing main.py",
            "Traceback (most recent call last):",
            f"  {_BUILD_ERROR}",
            "Build failed",
        ]
    elif deployment.status != "building":
        lines += ["Importing main.py", f"Image of {chance.randint(180, 420)} MB written", "Build succeeded"]
    return "\n".join(lines)
