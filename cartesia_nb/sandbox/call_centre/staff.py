"""The agents as they are now, and the metrics that judge them: what requests can change."""

from cartesia_nb.sandbox.call_centre.agents import AGENTS, first_summary
from cartesia_nb.sandbox.call_centre.deployments import deployments_of
from cartesia_nb.sandbox.call_centre.metrics import METRICS, metric_json
from cartesia_nb.sandbox.state import Row, State


def all_agents(rows: State) -> list[Row]:
    """Return the agents as the API writes them."""
    _seed(rows)
    return rows.all("agent")


def need_agent(rows: State, agent_id: str) -> Row:
    """Return an agent, or refuse the request."""
    _seed(rows)
    return rows.find("agent", agent_id, "agent")


def is_there(rows: State, agent_id: str) -> bool:
    """Tell whether an agent still exists."""
    _seed(rows)
    return rows.get("agent", agent_id) is not None


def all_metrics(rows: State) -> list[Row]:
    """Return the metrics as the API writes them, the newest first."""
    _seed(rows)
    return rows.all("metric")


def need_metric(rows: State, metric_id: str) -> Row:
    """Return a metric, or refuse the request."""
    _seed(rows)
    return rows.find("metric", metric_id, "metric")


def judge_by(rows: State, agent_id: str, metric_id: str) -> None:
    """Let a metric judge the later calls of an agent; both must exist."""
    rows.put("agent_metric", {"id": _pair(rows, agent_id, metric_id)})


def judge_no_longer_by(rows: State, agent_id: str, metric_id: str) -> None:
    """Undo `judge_by`; both must exist."""
    rows.delete("agent_metric", _pair(rows, agent_id, metric_id))


def _pair(rows: State, agent_id: str, metric_id: str) -> str:
    return f"{need_agent(rows, agent_id)['id']}/{need_metric(rows, metric_id)['id']}"


def _seed(rows: State) -> None:
    """Give a new sandbox the staff that it begins with."""
    rows.seed("agent", (first_summary(agent, len(deployments_of(agent.id))) for agent in reversed(AGENTS)))
    oldest_first = sorted(METRICS, key=lambda metric: metric.created)
    rows.seed("metric", (metric_json(metric) for metric in oldest_first))
    pairs = (f"{agent}/{metric.id}" for metric in METRICS for agent in metric.agents)
    rows.seed("agent_metric", ({"id": pair} for pair in pairs))
