"""Text to speech."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

import numpy as np
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cartesia_nb.sandbox import body
from cartesia_nb.sandbox.errors import invalid
from cartesia_nb.sandbox.output_format import OutputFormat, RawStream, encode, read_output_format
from cartesia_nb.sandbox.speech.synthesis import (
    PHONEME_LANGUAGES,
    Utterance,
    speak_stream,
    synthesize,
)
from cartesia_nb.sandbox.speech.timing import Timed
from cartesia_nb.sandbox.speech_request import read_utterance
from cartesia_nb.sandbox.sse import Event, stream, timed
from cartesia_nb.sandbox.workers import run

TIMESTAMPS = ("add_timestamps", "add_phoneme_timestamps", "use_normalized_timestamps")

# Seconds of sound in an event.
CHUNK_SECONDS = 0.25


async def speak_bytes(request: Request) -> Response:
    """Speak a transcript and answer with the audio as a whole."""
    fields = await body.read_json(request)
    utterance = read_utterance(request.app.state.rows, fields, request.state.version)
    output = read_output_format(body.record("output_format", fields.get("output_format")))
    save = body.boolean("save", body.given(fields, "save", False))
    audio = await run(_render, utterance, output)
    headers = {"Cartesia-File-ID": str(uuid4())} if save else {}
    return Response(audio, media_type=output.media_type, headers=headers)


def _render(utterance: Utterance, output: OutputFormat) -> bytes:
    return encode(synthesize(utterance).samples, output)


async def speak_sse(request: Request) -> Response:
    """Speak a transcript and answer with events: sound, and the times of words and phonemes if asked for.

    Times are those of the words as the transcript has them; ``use_normalized_timestamps`` is checked but
    has no effect.
    """
    fields = await body.read_json(request)
    utterance = read_utterance(request.app.state.rows, fields, request.state.version)
    output = read_output_format(body.record("output_format", fields.get("output_format")))
    if output.container != "raw":
        raise invalid("output_format.container must be raw: a stream of events has no other.")
    flags = {name: body.boolean(name, body.given(fields, name, False)) for name in TIMESTAMPS}
    if flags["add_phoneme_timestamps"] and utterance.language not in PHONEME_LANGUAGES:
        spoken = ", ".join(PHONEME_LANGUAGES)
        raise invalid(f"The sandbox knows the times of phonemes in {spoken} only: leave them out.")
    context_id = body.text("context_id", body.given(fields, "context_id", str(uuid4())))
    common = {"done": False, "status_code": 206, "context_id": context_id}
    events = (common | event for event in timed(_events(utterance, output, flags)))
    return await stream(request, events)


def _events(utterance: Utterance, output: OutputFormat, flags: dict[str, bool]) -> Iterator[Event]:
    raw = RawStream(output)
    for piece in speak_stream(utterance):
        if flags["add_timestamps"] and piece.words:
            yield {"type": "timestamps", "word_timestamps": _columns("words", piece.words)}
        if flags["add_phoneme_timestamps"] and piece.phonemes:
            columns = _columns("phonemes", piece.phonemes)
            yield {"type": "phoneme_timestamps", "phoneme_timestamps": columns}
        yield from _chunks(raw.encode(piece.samples), output)
    yield from _chunks(raw.encode(np.zeros(0, np.float32), last=True), output)
    yield {"type": "done", "done": True}


def _chunks(data: bytes, output: OutputFormat) -> Iterator[Event]:
    size = round(CHUNK_SECONDS * output.sample_rate) * output.sample_width
    for start in range(0, len(data), size):
        yield {"type": "chunk", "data": b64encode(data[start : start + size]).decode()}


def _columns(name: str, rows: Sequence[Timed]) -> dict[str, list[Any]]:
    return {
        name: [row.text for row in rows],
        "start": [round(row.start, 3) for row in rows],
        "end": [round(row.end, 3) for row in rows],
    }


routes = [
    Route("/tts/bytes", speak_bytes, methods=["POST"]),
    Route("/tts/sse", speak_sse, methods=["POST"]),
]
