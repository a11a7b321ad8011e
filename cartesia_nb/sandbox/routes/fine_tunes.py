"""Fine-tunes: voices that take their pitch from a dataset, ten minutes later by the sandbox's clock."""

from functools import partial
from statistics import median
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cartesia_nb.sandbox import body
from cartesia_nb.sandbox.accents import choose_accent
from cartesia_nb.sandbox.clock import stamp
from cartesia_nb.sandbox.errors import invalid
from cartesia_nb.sandbox.models import find_model
from cartesia_nb.sandbox.own_voices import forget_voices, make_voice, own_voices
from cartesia_nb.sandbox.paging import cut_page, page_json
from cartesia_nb.sandbox.pitch_match import TAGLINE, match_pitch
from cartesia_nb.sandbox.routes.datasets import KIND as DATASET
from cartesia_nb.sandbox.routes.datasets import dataset_files
from cartesia_nb.sandbox.state import Row, State, new_id
from cartesia_nb.sandbox.versions import ACCENTS
from cartesia_nb.sandbox.voice import voice_json

KIND = "fine_tune"
FIELDS = ("id", "name", "description", "language", "model_id", "dataset")
# When training begins, and when it is done.
BEGIN_SECONDS, READY_SECONDS = 60, 600


async def list_fine_tunes(request: Request) -> Response:
    """List the fine-tunes, the newest first."""
    rows: State = request.app.state.rows
    page = cut_page(rows.all(KIND), request.query_params)
    return JSONResponse(page_json(page, partial(_write, request)))


async def create(request: Request) -> Response:
    """Begin to train a voice on the files that a dataset has now."""
    fields = await body.read_json(request)
    rows: State = request.app.state.rows
    row = _read(fields, request.state.version)
    files = dataset_files(rows, rows.find(DATASET, row["dataset"], "dataset")["id"])
    if not files:
        raise invalid("The dataset has no files: upload some first.")
    pitches = [file["pitch"] for file in files if file["pitch"] is not None]
    row |= {
        "id": new_id("fine_tune"),
        "begins_at": stamp(rows, BEGIN_SECONDS),
        "ready_at": stamp(rows, READY_SECONDS),
        "succeeds": bool(pitches),
    }
    with rows.together():
        rows.put(KIND, row)
        if pitches:
            _make_voice(rows, row, median(pitches))
    return JSONResponse(_write(request, row))


def _read(fields: dict[str, Any], version: str) -> Row:
    model = find_model(body.text("model_id", fields.get("model_id")))
    language = body.text("language", fields.get("language"))
    if language not in model.languages:
        raise invalid(f"{model.id} does not speak {language!r}.", "language_not_supported")
    named = fields.get("accent") if version >= ACCENTS else None
    accent = choose_accent(language, None if named is None else body.text("accent", named))
    return {
        "name": body.text("name", fields.get("name")),
        "description": body.prose("description", fields.get("description")),
        "language": language,
        "model_id": model.id,
        "dataset": body.text("dataset", fields.get("dataset")),
        "accent": accent.id,
    }


def _make_voice(rows: State, row: Row, pitch_hz: float) -> None:
    speaker, pitch = match_pitch(pitch_hz)
    make_voice(
        rows,
        fine_tune=row["id"],
        created_at=row["ready_at"],
        name=row["name"],
        tagline=TAGLINE,
        description=row["description"],
        gender=None,
        accent=row["accent"],
        speaker=speaker,
        pitch=pitch,
    )


async def get(request: Request) -> Response:
    """Return one fine-tune."""
    return JSONResponse(_write(request, _find(request)))


async def delete(request: Request) -> Response:
    """Delete a fine-tune with its voice."""
    rows: State = request.app.state.rows
    fine_tune = _find(request)["id"]
    with rows.together():
        forget_voices(rows, fine_tune)
        rows.delete(KIND, fine_tune)
    return Response(status_code=204)


async def list_voices(request: Request) -> Response:
    """List the voices of a fine-tune: one when it is completed, none before."""
    voices = own_voices(request.app.state.rows, _find(request)["id"])
    page = cut_page(voices, request.query_params, id_of=lambda voice: voice.id)
    return JSONResponse(page_json(page, lambda voice: voice_json(voice, request.state.version)))


def _write(request: Request, row: Row) -> dict[str, Any]:
    fields = FIELDS if request.state.version < ACCENTS else (*FIELDS, "accent")
    return {name: row[name] for name in fields} | {"status": _status(row, stamp(request.app.state.rows))}


def _status(row: Row, now: str) -> str:
    if now < row["begins_at"]:
        return "created"
    if now < row["ready_at"]:
        return "training"
    return "completed" if row["succeeds"] else "failed"


def _find(request: Request) -> Row:
    rows: State = request.app.state.rows
    return rows.find(KIND, request.path_params["id"], "fine-tune")


routes = [
    Route("/fine-tunes", list_fine_tunes),
    Route("/fine-tunes", create, methods=["POST"]),
    Route("/fine-tunes/{id}", get),
    Route("/fine-tunes/{id}", delete, methods=["DELETE"]),
    Route("/fine-tunes/{id}/voices", list_voices),
]
