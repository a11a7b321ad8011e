"""Agents, their calls, deployments and metrics."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cartesia_nb.client.generated import Asked, provenance_of, speech_of
from cartesia_nb.client.ids import path_segment
from cartesia_nb.client.metric_results import exported, join_pages, read_csv, read_filters, tidy
from cartesia_nb.client.paging import LARGEST_PAGE, all_rows, unpaged_rows
from cartesia_nb.client.resource import Resource
from cartesia_nb.client.transport import Transport
from cartesia_nb.client.turns import turns_of
from cartesia_nb.client.unset import UNSET, Unset, given
from cartesia_nb.speech.files import check_target, write_whole
from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.exchange import Request
from cartesia_nb.wire.formats import OutputFormat

if TYPE_CHECKING:
    import pandas as pd

    from cartesia_nb.speech.speech import Speech

METRIC_NAME = re.compile(r"[a-z0-9_.-]+")


class Agents:
    """Voice agents. Reached as ``client.agents``. Nothing here costs credits.

    Examples
    --------
    >>> import cartesia_nb
    >>> agents = cartesia_nb.connect().agents
    >>> calls = agents.list_calls(agent_id=agents.list().id[0], limit=5)
    >>> turns = agents.list_turns(calls[calls.status == "completed"].id.iloc[0])
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> pd.DataFrame:
        """List your agents.

        Returns
        -------
        DataFrame
            A row for each: ``id``, ``name``, ``tts_voice``, ``tts_language``, ``deployment_count`` and more.
        """
        from cartesia_nb.frames import AGENT, frame  # imports pandas

        return frame(self._rows("agents.list", "/agents", "summaries"), AGENT)

    def get(self, agent_id: str) -> Resource:
        """Get one agent; `NotFound` if there is none with this id."""
        return self._resource("agents.get", "AgentSummary", _path(agent_id))

    def update(
        self,
        agent_id: str,
        *,
        name: str | Unset | None = UNSET,
        description: str | Unset | None = UNSET,
        tts_voice: str | Unset | None = UNSET,
        tts_language: str | Unset | None = UNSET,
    ) -> Resource:
        """Change an agent.

        Parameters
        ----------
        agent_id : str
            The id of the agent.
        name, description : str, optional
            For people.
        tts_voice : str, optional
            The id of the voice that it speaks with.
        tts_language : str, optional
            The language that it speaks, such as ``"en"``.

        Returns
        -------
        Resource
            The agent as it is now.
        """
        changes = {
            "name": name,
            "description": description,
            "tts_voice": tts_voice,
            "tts_language": tts_language,
        }
        body = given(changes)
        if not body:
            raise InputError("there is nothing to change.", advice=f"Give {', '.join(changes)}.")
        answer = self._transport.call("agents.update", "PATCH", _path(agent_id), body=body)
        return Resource("AgentSummary", answer.json_object())

    def delete(self, agent_id: str) -> None:
        """Delete an agent. There is no way back."""
        self._transport.call("agents.delete", "DELETE", _path(agent_id))

    def templates(self) -> pd.DataFrame:
        """List the templates that Cartesia gives to start an agent from.

        Returns
        -------
        DataFrame
            A row for each: ``id``, ``name``, ``description``, ``repo_url``, ``root_dir`` and more.
        """
        from cartesia_nb.frames import AGENT_TEMPLATE, frame  # imports pandas

        return frame(
            self._rows("agents.templates", "/agents/templates", "templates"),
            AGENT_TEMPLATE,
        )

    def phone_numbers(self, agent_id: str) -> pd.DataFrame:
        """List the phone numbers of an agent.

        Returns
        -------
        DataFrame
            A row for each: ``number``, ``is_cartesia_managed`` and more.
        """
        from cartesia_nb.frames import PHONE_NUMBER, frame  # imports pandas

        return frame(
            self._rows("agents.phone_numbers", f"{_path(agent_id)}/phone-numbers"),
            PHONE_NUMBER,
        )

    def list_deployments(self, agent_id: str) -> pd.DataFrame:
        """List the deployments of an agent.

        Returns
        -------
        DataFrame
            A row for each: ``id``, ``status``, ``is_live``, ``is_pinned``, its times, commit and errors.
        """
        from cartesia_nb.frames import DEPLOYMENT, frame  # imports pandas

        return frame(
            self._rows("agents.list_deployments", f"{_path(agent_id)}/deployments"),
            DEPLOYMENT,
        )

    def get_deployment(self, deployment_id: str) -> Resource:
        """Get one deployment; `NotFound` if there is none with this id."""
        path = f"/agents/deployments/{path_segment(deployment_id, 'deployment id')}"
        return self._resource("agents.get_deployment", "Deployment", path)

    def list_calls(
        self,
        *,
        agent_id: str,
        expand: str | Unset = UNSET,
        limit: int | None = None,
        page_size: int = LARGEST_PAGE,
    ) -> pd.DataFrame:
        """List the calls of an agent, newest first.

        Parameters
        ----------
        agent_id : str
            The id of the agent.
        expand : {"transcript"}, optional
            Adds what was said, as a list of turns in each row.
        limit : int, optional
            At most so many in all.
        page_size : int
            Calls asked for at once, 1 to 100.

        Returns
        -------
        DataFrame
            A row for each call: ``id``, ``agent_id``, ``status``, ``start_time``, ``end_time``, ``summary``
            and more.
        """
        from cartesia_nb.frames import CALL, frame  # imports pandas

        if expand is not UNSET and expand != "transcript":
            raise InputError(f"expand cannot be {expand!r}.", advice="It can be 'transcript'.")
        if not isinstance(agent_id, str) or not agent_id.strip():
            raise InputError(f"agent id is a text such as 'agent_123', not {agent_id!r}.")
        query = given({"agent_id": agent_id, "expand": expand})
        rows, _ = all_rows(
            self._transport, "agents.list_calls", "/agents/calls", query, limit=limit, page_size=page_size
        )
        return frame(rows, CALL)

    def get_call(self, call_id: str) -> Resource:
        """Get one call with its transcript; `NotFound` if there is none with this id."""
        path = f"/agents/calls/{path_segment(call_id, 'call id')}"
        return self._resource("agents.get_call", "AgentCall", path)

    def list_metrics(self, *, limit: int | None = None, page_size: int = LARGEST_PAGE) -> pd.DataFrame:
        """List your metrics: questions that a language model answers about each call.

        Parameters
        ----------
        limit : int, optional
            At most so many in all.
        page_size : int
            Metrics asked for at once, 1 to 100.

        Returns
        -------
        DataFrame
            A row for each: ``id``, ``name``, ``display_name``, ``prompt``, ``created_at``.
        """
        from cartesia_nb.frames import METRIC, frame  # imports pandas

        rows, _ = all_rows(
            self._transport, "agents.list_metrics", "/agents/metrics", limit=limit, page_size=page_size
        )
        return frame(rows, METRIC)

    def get_metric(self, metric_id: str) -> Resource:
        """Get one metric; `NotFound` if there is none with this id."""
        path = f"/agents/metrics/{path_segment(metric_id, 'metric id')}"
        return self._resource("agents.get_metric", "Metric", path)

    def create_metric(self, *, name: str, prompt: str, display_name: str | Unset | None = UNSET) -> Resource:
        """Make a metric.

        Parameters
        ----------
        name : str
            Of lowercase letters, digits, ``_``, ``-`` and ``.``.
        prompt : str
            What the language model is asked about a call.
        display_name : str, optional
            For people.

        Returns
        -------
        Resource
            With ``id``, ``name``, ``prompt``.
        """
        if not isinstance(name, str) or not METRIC_NAME.fullmatch(name):
            raise InputError(
                f"a metric cannot be called {name!r}.", advice="Use lowercase letters, digits, _, - and ."
            )
        body = given({"name": name, "display_name": display_name, "prompt": prompt})
        answer = self._transport.call("agents.create_metric", "POST", "/agents/metrics", body=body)
        return Resource("Metric", answer.json_object())

    def add_metric_to_agent(self, agent_id: str, metric_id: str) -> None:
        """Let a metric judge every later call of an agent."""
        path = f"{_path(agent_id)}/metrics/{path_segment(metric_id, 'metric id')}"
        self._transport.call("agents.add_metric_to_agent", "POST", path)

    def remove_metric_from_agent(self, agent_id: str, metric_id: str) -> None:
        """Let a metric no longer judge the calls of an agent; its results stay."""
        path = f"{_path(agent_id)}/metrics/{path_segment(metric_id, 'metric id')}"
        self._transport.call("agents.remove_metric_from_agent", "DELETE", path)

    def download_call_audio(self, call_id: str) -> Speech:
        """Download the recording of a call.

        Returns
        -------
        Speech
            The whole recording, a WAV file.

        Raises
        ------
        NotFound
            If there is no such call, or no recording of it.
        """
        method, path = "agents.download_call_audio", f"/agents/calls/{path_segment(call_id, 'call id')}/audio"
        version = self._transport.version_for(method)
        answer = self._transport.send(Request(method, "GET", path, version, audio=True))
        made = provenance_of(Asked(method, version, {"call_id": call_id}), answer)
        return speech_of(answer.body, OutputFormat(), made)

    def list_turns(self, call_id: str) -> pd.DataFrame:
        """List what was said in a call, turn by turn.

        Parameters
        ----------
        call_id : str
            The id of the call.

        Returns
        -------
        DataFrame
            A row for each turn: ``role``, ``text``, ``start`` and ``end`` (seconds), ``time_to_first_byte``
            (of the speech), ``tool_calls``, ``end_reason``. Empty for a call without a transcript.
        """
        from cartesia_nb.frames import TURN, frame  # imports pandas

        return frame(turns_of(self.get_call(call_id)), TURN)

    def list_metric_results(
        self,
        *,
        agent_id: str | Unset = UNSET,
        deployment_id: str | Unset = UNSET,
        metric_id: str | Unset = UNSET,
        call_id: str | Unset = UNSET,
        start_date: str | date | Unset = UNSET,
        end_date: str | date | Unset = UNSET,
        limit: int | None = None,
        page_size: int = LARGEST_PAGE,
    ) -> pd.DataFrame:
        """List what metrics found in calls.

        Parameters
        ----------
        agent_id, deployment_id, metric_id, call_id : str, optional
            Only the results of these.
        start_date, end_date : str, date or datetime, optional
            Only the results from then to then, both included (since Cartesia-Version 2025-11-04): a day such
            as ``"2026-08-01"`` is a whole one, and what names no time zone is UTC.
        limit : int, optional
            At most so many in all.
        page_size : int
            Results asked for at once, 1 to 100.

        Returns
        -------
        DataFrame
            A row for each result, tidy: ``metric_name``, ``result``, ``value``, ``created_at`` and more; each
            field of a JSON result is a column such as ``json_result.score``.
        """
        from cartesia_nb.frames import METRIC_RESULT, frame  # imports pandas

        rows, _ = all_rows(
            self._transport,
            "agents.list_metric_results",
            "/agents/metrics/results",
            read_filters(agent_id, deployment_id, metric_id, call_id, start_date, end_date),
            limit=limit,
            page_size=page_size,
        )
        return frame(tidy(rows), METRIC_RESULT)

    def export_metric_results(
        self,
        *,
        agent_id: str | Unset = UNSET,
        deployment_id: str | Unset = UNSET,
        metric_id: str | Unset = UNSET,
        call_id: str | Unset = UNSET,
        start_date: str | date | Unset = UNSET,
        end_date: str | date | Unset = UNSET,
        path: str | os.PathLike[str] | None = None,
    ) -> pd.DataFrame | Path:
        """Export what metrics found in calls: in one piece, at most 100 000 results.

        Parameters
        ----------
        agent_id, deployment_id, metric_id, call_id, start_date, end_date : str or date, optional
            As in `list_metric_results`. Pinned to Cartesia-Version 2025-04-16, the export comes in pages,
            which are put together.
        path : path, optional
            Write the CSV there as it came, and return the path.

        Returns
        -------
        DataFrame or Path
            As `list_metric_results` has it; empty where there is nothing.

        Raises
        ------
        BadRequest
            If there are more than 100 000 results: narrow the filters.
        """
        from cartesia_nb.frames import METRIC_RESULT, frame  # imports pandas

        target = None if path is None else check_target(path)
        filters = read_filters(agent_id, deployment_id, metric_id, call_id, start_date, end_date)
        text = join_pages(exported(self._transport, filters))
        if target is not None:
            write_whole(target, text.encode())
            return target
        return frame(read_csv(text), METRIC_RESULT)

    def _rows(self, method: str, path: str, within: str = "") -> Sequence[Mapping[str, Any]]:
        return unpaged_rows(self._transport, method, path, within)

    def _resource(self, method: str, kind: str, path: str) -> Resource:
        return Resource(kind, self._transport.call(method, "GET", path).json_object())


def _path(agent_id: str) -> str:
    return f"/agents/{path_segment(agent_id, 'agent id')}"
