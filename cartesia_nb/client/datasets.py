"""Datasets, which fine-tunes learn from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cartesia_nb.client.ids import path_segment
from cartesia_nb.client.paging import LARGEST_PAGE, all_rows
from cartesia_nb.client.resource import Resource
from cartesia_nb.client.texts import check_texts
from cartesia_nb.client.transport import Transport
from cartesia_nb.client.uploads import opened
from cartesia_nb.wire.exchange import Request
from cartesia_nb.wire.multipart import Multipart

if TYPE_CHECKING:
    import pandas as pd


class Datasets:
    """Datasets and their files. Reached as ``client.datasets``. All of it costs nothing.

    Examples
    --------
    >>> import cartesia_nb
    >>> client = cartesia_nb.connect()
    >>> readings = client.datasets.create(name="Readings", description="For a voice of my own")
    >>> client.datasets.upload_file(readings.id, client.tts.bytes("The first sentence."))
    >>> client.datasets.list_files(readings.id).filename.to_list()
    ['audio.wav']
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, limit: int | None = None, page_size: int = LARGEST_PAGE) -> pd.DataFrame:
        """List your datasets.

        Parameters
        ----------
        limit : int, optional
            At most so many in all.
        page_size : int
            Datasets asked for at once, 1 to 100.

        Returns
        -------
        DataFrame
            A row for each dataset: ``id``, ``name``, ``description``, ``created_at``.
        """
        from cartesia_nb.frames import DATASET, frame  # imports pandas

        rows, _ = all_rows(self._transport, "datasets.list", "/datasets/", limit=limit, page_size=page_size)
        return frame(rows, DATASET)

    def create(self, *, name: str, description: str) -> Resource:
        """Make an empty dataset.

        Parameters
        ----------
        name, description : str
            For people.

        Returns
        -------
        Resource
            With ``id``, ``name``, ``description``, ``created_at``.
        """
        body = {"name": name, "description": description}
        answer = self._transport.call("datasets.create", "POST", "/datasets/", body=body)
        return Resource("Dataset", answer.json_object())

    def get(self, id: str) -> Resource:
        """Get one dataset; `NotFound` if there is none with this id."""
        return Resource("Dataset", self._transport.call("datasets.get", "GET", _path(id)).json_object())

    def update(self, id: str, *, name: str, description: str) -> None:
        """Rename or describe a dataset anew.

        Parameters
        ----------
        id : str
            The id of the dataset.
        name, description : str
            The new ones; the API wants both.
        """
        body = {"name": name, "description": description}
        self._transport.call("datasets.update", "PATCH", _path(id), body=body)

    def delete(self, id: str) -> None:
        """Delete a dataset with all its files. There is no way back."""
        self._transport.call("datasets.delete", "DELETE", _path(id))

    def list_files(self, id: str, *, limit: int | None = None, page_size: int = LARGEST_PAGE) -> pd.DataFrame:
        """List the files of a dataset.

        Parameters
        ----------
        id : str
            The id of the dataset.
        limit : int, optional
            At most so many in all.
        page_size : int
            Files asked for at once, 1 to 100.

        Returns
        -------
        DataFrame
            A row for each file: ``id``, ``filename``, ``size`` (bytes), ``created_at``.
        """
        from cartesia_nb.frames import DATASET_FILE, frame  # imports pandas

        path = f"{_path(id)}/files"
        rows, _ = all_rows(self._transport, "datasets.list_files", path, limit=limit, page_size=page_size)
        return frame(rows, DATASET_FILE)

    def upload_file(self, id: str, file: Any, *, purpose: str = "fine_tune") -> None:
        """Add a recording to a dataset.

        Parameters
        ----------
        id : str
            The id of the dataset.
        file : path, bytes, file object, Speech or (samples, sample_rate)
            The recording: wav, mp3, flac, ogg, oga, ogx, aac, wma, m4a, opus, ac3 or webm.
        purpose : str
            What it is for; the API documents ``"fine_tune"`` alone.

        Raises
        ------
        InputError
            If there is no such file, or nothing in it.
        """
        check_texts({"purpose": purpose}, {"purpose"})
        method = "datasets.upload_file"
        version = self._transport.version_for(method)
        with opened(file, "file") as upload:
            form = Multipart([("purpose", purpose)], [("file", upload.file)])
            self._transport.send(Request(method, "POST", f"{_path(id)}/files", version, form=form))

    def delete_file(self, id: str, file_id: str) -> None:
        """Delete a file of a dataset. There is no way back.

        Parameters
        ----------
        id, file_id : str
            The ids of the dataset and of the file.
        """
        path = f"{_path(id)}/files/{path_segment(file_id, 'file id')}"
        self._transport.call("datasets.delete_file", "DELETE", path)


def _path(id: str) -> str:
    return f"/datasets/{path_segment(id, 'dataset id')}"
