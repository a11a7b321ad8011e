"""Infill: speech between two recordings."""

import re
from collections.abc import Mapping
from typing import Any

import soxr
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cartesia_nb.sandbox import body
from cartesia_nb.sandbox.catalogue import find_voice
from cartesia_nb.sandbox.errors import invalid
from cartesia_nb.sandbox.form import Upload, read_form
from cartesia_nb.sandbox.models import Model, find_model
from cartesia_nb.sandbox.output_format import OutputFormat, encode_at_rate, read_output_format
from cartesia_nb.sandbox.speech.infill import fit_between
from cartesia_nb.sandbox.speech.recording import read_recording
from cartesia_nb.sandbox.speech.samples import RATE
from cartesia_nb.sandbox.speech.synthesis import Utterance, synthesize
from cartesia_nb.sandbox.speech_request import NO_CONTROLS, read_language, read_transcript
from cartesia_nb.sandbox.workers import run

SIDES = ("left_audio", "right_audio")
FIRST_SONIC = re.compile(r"sonic(-english|-multilingual|-preview|-2024-.*)?")


async def infill_bytes(request: Request) -> Response:
    """Answer with the speech that goes between the two recordings, or after or before the only one."""
    form, version = await read_form(request), request.state.version
    sides = {name: form.upload(name) for name in SIDES if name in form.files}
    if not sides:
        raise invalid("Send left_audio or right_audio, or both, as files.")
    if any(part.startswith("voice[__experimental_controls]") for part in form.texts):
        raise invalid(NO_CONTROLS)
    model = _read_model(form.texts)
    voice = find_voice(request.app.state.rows, body.text("voice_id", form.texts.get("voice_id")))
    output = read_output_format(form.nested("output_format", numbers=("sample_rate", "bit_rate")))
    utterance = Utterance(
        read_transcript(form.texts),
        read_language(form.texts, version, voice, model),
        voice.speaker,
        voice.pitch,
        is_controllable=model.is_controllable,
    )
    audio = await run(_render, sides, utterance, output)
    return Response(audio, media_type=output.media_type)


def _read_model(texts: Mapping[str, Any]) -> Model:
    model = find_model(body.text("model_id", texts.get("model_id")))
    if FIRST_SONIC.fullmatch(model.id):
        raise invalid(f"{model.id} cannot infill: sonic-2, sonic-turbo, sonic-3 and newer models can.")
    return model


def _render(sides: Mapping[str, Upload], utterance: Utterance, output: OutputFormat) -> bytes:
    rate = output.sample_rate
    left, right = (read_recording(sides[name], rate=rate) if name in sides else None for name in SIDES)
    middle = soxr.resample(synthesize(utterance).samples, RATE, rate)
    return encode_at_rate(fit_between(middle, left, right, rate), output)


routes = [Route("/infill/bytes", infill_bytes, methods=["POST"])]
