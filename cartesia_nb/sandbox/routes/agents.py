"""Agents: list, read, change and delete them; their telephone numbers, deployments and templates."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cartesia_nb.sandbox import body
from cartesia_nb.sandbox.call_centre.agents import phone_numbers, templates
from cartesia_nb.sandbox.call_centre.deployments import deployment_json, deployments, deployments_of
from cartesia_nb.sandbox.call_centre.staff import all_agents, is_there, need_agent
from cartesia_nb.sandbox.catalogue import find_voice
from cartesia_nb.sandbox.clock import stamp
from cartesia_nb.sandbox.errors import ApiError, invalid
from cartesia_nb.sandbox.models import SONIC_3_5
from cartesia_nb.sandbox.state import State


async def list_agents(request: Request) -> Response:
    """List the agents, all at once."""
    return JSONResponse({"summaries": all_agents(request.app.state.rows)})


async def get(request: Request) -> Response:
    """Return one agent."""
    return JSONResponse(_agent(request))


async def update(request: Request) -> Response:
    """Change an agent. Null takes a description away, and leaves what an agent must have as it is."""
    agent, fields, rows = _agent(request), await body.read_json(request), request.app.state.rows
    changes: dict[str, str | None] = {
        name: read(rows, fields[name]) for name, read in CHANGES.items() if fields.get(name) is not None
    }
    if "description" in fields:
        changes["description"] = _description(fields["description"])
    if changes.get("name") in {other["name"] for other in all_agents(rows) if other["id"] != agent["id"]}:
        raise invalid(f"There is another agent {changes['name']!r}: names are unique.")
    changed = agent | changes | {"updated_at": stamp(rows)}
    rows.put("agent", changed)
    return JSONResponse(changed)


def _name(_rows: State, value: object) -> str:
    return body.text("name", value)


def _voice(rows: State, value: object) -> str:
    try:
        return find_voice(rows, body.text("tts_voice", value)).id
    except ApiError as error:
        raise invalid(f"tts_voice: {error.message}", error.code) from error


def _language(_rows: State, value: object) -> str:
    language = body.text("tts_language", value)
    if language not in SONIC_3_5:
        message = f"tts_language must be one of {', '.join(sorted(SONIC_3_5))}, not {language!r}."
        raise invalid(message, "language_not_supported")
    return language


def _description(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise invalid("description must be a string or null.")
    return value


CHANGES: dict[str, Callable[[State, object], str]] = {
    "name": _name,
    "tts_voice": _voice,
    "tts_language": _language,
}


async def delete(request: Request) -> Response:
    """Delete an agent: its calls, deployments and results can then no longer be seen either."""
    request.app.state.rows.delete("agent", _agent(request)["id"])
    return Response(status_code=204)


async def list_templates(_request: Request) -> Response:
    """List the templates for new agents."""
    return JSONResponse({"templates": templates()})


async def list_phone_numbers(request: Request) -> Response:
    """List an agent's telephone numbers."""
    return JSONResponse(phone_numbers(_agent(request)["id"]))


async def list_deployments(request: Request) -> Response:
    """List an agent's deployments, the newest first."""
    return JSONResponse([deployment_json(d) for d in deployments_of(_agent(request)["id"])])


async def get_deployment(request: Request) -> Response:
    """Return one deployment."""
    wanted, rows = request.path_params["deployment_id"], request.app.state.rows
    for deployment in deployments():
        if deployment.id == wanted and is_there(rows, deployment.agent_id):
            return JSONResponse(deployment_json(deployment))
    raise ApiError(404, "Not found", f"There is no deployment {wanted!r}.")


def _agent(request: Request) -> dict[str, Any]:
    return need_agent(request.app.state.rows, request.path_params["agent_id"])


# What stands for itself comes before {agent_id}, which would match it too.
routes = [
    Route("/agents", list_agents),
    Route("/agents/templates", list_templates),
    Route("/agents/deployments/{deployment_id}", get_deployment),
    Route("/agents/{agent_id}", get),
    Route("/agents/{agent_id}", update, methods=["PATCH"]),
    Route("/agents/{agent_id}", delete, methods=["DELETE"]),
    Route("/agents/{agent_id}/phone-numbers", list_phone_numbers),
    Route("/agents/{agent_id}/deployments", list_deployments),
]
