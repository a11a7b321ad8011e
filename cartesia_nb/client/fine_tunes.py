"""Fine-tunes: models that learned a voice from a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartesia_nb.client.ids import path_segment
from cartesia_nb.client.paging import LARGEST_PAGE, all_rows
from cartesia_nb.client.resource import Resource
from cartesia_nb.client.transport import Transport
from cartesia_nb.wire.catalog import FINE_TUNE_CREDITS
from cartesia_nb.wire.exchange import Cost

if TYPE_CHECKING:
    import pandas as pd


class FineTunes:
    """Fine-tunes and the voices that came out of them. Reached as ``client.fine_tunes``.

    Examples
    --------
    >>> import cartesia_nb
    >>> cartesia_nb.connect().fine_tunes.list().columns[:3].to_list()
    ['id', 'name', 'description']
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, limit: int | None = None, page_size: int = LARGEST_PAGE) -> pd.DataFrame:
        """List your fine-tunes. Costs nothing.

        Parameters
        ----------
        limit : int, optional
            At most so many in all.
        page_size : int
            Fine-tunes asked for at once, 1 to 100.

        Returns
        -------
        DataFrame
            A row for each: ``id``, ``name``, ``description``, ``language``, ``model_id``, ``dataset``,
            ``status`` (created, training, completed, failed).
        """
        from cartesia_nb.frames import FINE_TUNE, frame  # imports pandas

        rows, _ = all_rows(
            self._transport, "fine_tunes.list", "/fine-tunes/", limit=limit, page_size=page_size
        )
        return frame(rows, FINE_TUNE)

    def create(self, *, name: str, description: str, language: str, model_id: str, dataset: str) -> Resource:
        """Train a voice on a dataset.

        Costs a million credits when it succeeds.

        Parameters
        ----------
        name, description : str
            For people.
        language : str
            Of the recordings, such as ``"en"``.
        model_id : str
            The model to start from, such as ``"sonic-3-2026-01-12"``.
        dataset : str
            The id of the dataset: at least half an hour of speech.

        Returns
        -------
        Resource
            With ``id`` and ``status``.
        """
        body = {
            "name": name,
            "description": description,
            "language": language,
            "model_id": model_id,
            "dataset": dataset,
        }
        cost = Cost(FINE_TUNE_CREDITS, model_id)
        answer = self._transport.call("fine_tunes.create", "POST", "/fine-tunes/", body=body, cost=cost)
        return Resource("FineTune", answer.json_object())

    def get(self, id: str) -> Resource:
        """Get one fine-tune; `NotFound` if there is none with this id."""
        return Resource("FineTune", self._transport.call("fine_tunes.get", "GET", _path(id)).json_object())

    def delete(self, id: str) -> None:
        """Delete a fine-tune. There is no way back."""
        self._transport.call("fine_tunes.delete", "DELETE", _path(id))

    def list_voices(
        self, id: str, *, limit: int | None = None, page_size: int = LARGEST_PAGE
    ) -> pd.DataFrame:
        """List the voices that came out of a fine-tune.

        Parameters
        ----------
        id : str
            The id of the fine-tune.
        limit : int, optional
            At most so many in all.
        page_size : int
            Voices asked for at once, 1 to 100.

        Returns
        -------
        DataFrame
            As ``client.voices.list`` has it.
        """
        from cartesia_nb.frames import VOICE, frame  # imports pandas

        path = f"{_path(id)}/voices"
        rows, version = all_rows(
            self._transport, "fine_tunes.list_voices", path, limit=limit, page_size=page_size
        )
        return frame(rows, VOICE[version])


def _path(id: str) -> str:
    return f"/fine-tunes/{path_segment(id, 'fine-tune id')}"
