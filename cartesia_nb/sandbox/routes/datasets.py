"""Datasets, and the audio files in them."""

from pathlib import PurePath

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cartesia_nb.sandbox import body
from cartesia_nb.sandbox.clip import file_pitch
from cartesia_nb.sandbox.clock import stamp
from cartesia_nb.sandbox.errors import ApiError, invalid
from cartesia_nb.sandbox.form import MAX_LONG_FORM, read_form
from cartesia_nb.sandbox.paging import cut_page, page_json
from cartesia_nb.sandbox.state import Row, State, new_id
from cartesia_nb.sandbox.workers import run

KIND, FILE_KIND = "dataset", "dataset_file"
FILE_FIELDS = ("id", "filename", "size", "created_at")
FILE_TYPES = tuple("wav mp3 flac ogg oga ogx aac wma m4a opus ac3 webm".split())


async def list_datasets(request: Request) -> Response:
    """List the datasets, the newest first."""
    return JSONResponse(page_json(cut_page(request.app.state.rows.all(KIND), request.query_params)))


async def create(request: Request) -> Response:
    """Keep a new dataset, without files."""
    rows: State = request.app.state.rows
    row = {"id": new_id("dataset"), **await _read_texts(request), "created_at": stamp(rows)}
    rows.put(KIND, row)
    return JSONResponse(row)


async def get(request: Request) -> Response:
    """Return one dataset."""
    return JSONResponse(_find(request))


async def update(request: Request) -> Response:
    """Change name and description."""
    texts = await _read_texts(request)
    request.app.state.rows.put(KIND, _find(request) | texts)
    return Response(status_code=204)


async def delete(request: Request) -> Response:
    """Delete a dataset with its files."""
    rows: State = request.app.state.rows
    dataset = _find(request)["id"]
    with rows.together():
        for file in dataset_files(rows, dataset):
            rows.delete(FILE_KIND, file["id"])
        rows.delete(KIND, dataset)
    return Response(status_code=204)


async def list_files(request: Request) -> Response:
    """List the files of a dataset, the newest first."""
    files = dataset_files(request.app.state.rows, _find(request)["id"])
    page = cut_page(files, request.query_params)
    return JSONResponse(page_json(page, lambda file: {name: file[name] for name in FILE_FIELDS}))


async def upload_file(request: Request) -> Response:
    """Add an audio file. Of its sound, only the pitch is remembered."""
    _find(request)
    file = (await read_form(request, MAX_LONG_FORM)).upload("file")
    # Bytes that never were a file have a name without an ending: then the content alone decides.
    ending = PurePath(file.name).suffix[1:].lower()
    if ending and ending not in FILE_TYPES:
        raise invalid(f"The name of a file must end in one of: {', '.join(FILE_TYPES)}.")
    pitch = await run(file_pitch, file)
    # Again: the dataset may have been deleted meanwhile.
    dataset = _find(request)["id"]
    rows: State = request.app.state.rows
    row = {"id": new_id("file"), "filename": file.name, "size": file.size, "created_at": stamp(rows)}
    rows.put(FILE_KIND, row | {"dataset": dataset, "pitch": pitch})
    return Response(status_code=204)


async def delete_file(request: Request) -> Response:
    """Delete a file of a dataset."""
    rows: State = request.app.state.rows
    dataset, file_id = _find(request)["id"], request.path_params["file_id"]
    if file_id not in [file["id"] for file in dataset_files(rows, dataset)]:
        raise ApiError(404, "Not found", f"There is no file {file_id!r} in this dataset.")
    rows.delete(FILE_KIND, file_id)
    return Response(status_code=204)


def dataset_files(rows: State, dataset: str) -> list[Row]:
    """Return the files of a dataset, each with its median ``pitch`` in Hz, None if it has none."""
    return [file for file in rows.all(FILE_KIND) if file["dataset"] == dataset]


async def _read_texts(request: Request) -> Row:
    fields = await body.read_json(request)
    return {
        "name": body.text("name", fields.get("name")),
        "description": body.prose("description", fields.get("description")),
    }


def _find(request: Request) -> Row:
    rows: State = request.app.state.rows
    return rows.find(KIND, request.path_params["id"], "dataset")


routes = [
    Route("/datasets", list_datasets),
    Route("/datasets", create, methods=["POST"]),
    Route("/datasets/{id}", get),
    Route("/datasets/{id}", update, methods=["PATCH"]),
    Route("/datasets/{id}", delete, methods=["DELETE"]),
    Route("/datasets/{id}/files", list_files),
    Route("/datasets/{id}/files", upload_file, methods=["POST"]),
    Route("/datasets/{id}/files/{file_id}", delete_file, methods=["DELETE"]),
]
