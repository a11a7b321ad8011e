"""Voice changer: what a clip says, in another voice."""

from base64 import b64encode
from collections.abc import Iterator
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cartesia_nb.sandbox import body
from cartesia_nb.sandbox.catalogue import find_voice
from cartesia_nb.sandbox.form import Upload, read_form
from cartesia_nb.sandbox.output_format import OutputFormat, encode, read_output_format
from cartesia_nb.sandbox.pitch_match import ENGINE_HZ, match_pitch
from cartesia_nb.sandbox.speech.pitch import median_f0
from cartesia_nb.sandbox.speech.psola import change_voice
from cartesia_nb.sandbox.speech.recording import read_recording
from cartesia_nb.sandbox.speech.samples import Samples
from cartesia_nb.sandbox.sse import Event, json_line, stream, timed
from cartesia_nb.sandbox.versions import LOCALES
from cartesia_nb.sandbox.voice import Voice
from cartesia_nb.sandbox.workers import run

# Bytes of the file in an event.
CHUNK_BYTES = 32768
# A result that misses the pitch by more than this is made once more.
TOLERANCE = 0.02


class Change(NamedTuple):
    """A clip, whose voice to give it, and what to answer with."""

    clip: Upload
    voice: Voice
    output: OutputFormat


async def change_bytes(request: Request) -> Response:
    """Answer with the changed audio as a whole."""
    change = await _read_change(request)
    return Response(await run(_render, change), media_type=change.output.media_type)


async def change_sse(request: Request) -> Response:
    """Answer with the pieces of the changed file, of any container, in their order.

    Until 2025-04-16 an event is a line of JSON with a type; later it is a server-sent event, without one.
    """
    change = await _read_change(request)
    if request.state.version < LOCALES:
        typed = ({"type": "done" if event["done"] else "chunk"} | event for event in _events(change))
        return await stream(request, typed, json_line)
    return await stream(request, _events(change))


async def _read_change(request: Request) -> Change:
    form = await read_form(request)
    voice = find_voice(request.app.state.rows, body.text("voice[id]", form.texts.get("voice[id]")))
    output = read_output_format(form.nested("output_format", numbers=("sample_rate", "bit_rate")))
    return Change(form.upload("clip"), voice, output)


def _render(change: Change) -> bytes:
    return encode(speak_as(change.voice, read_recording(change.clip)), change.output)


def speak_as(voice: Voice, samples: Samples) -> Samples:
    """Return a clip in the pitch of a voice, with formants moved from where its own pitch makes them likely.

    A clip in which nothing is voiced keeps its sound.
    """
    f0 = median_f0(samples)
    if f0 is None:
        return samples
    wanted = ENGINE_HZ * voice.speaker.pitch * voice.pitch
    formant = voice.speaker.formant / match_pitch(f0)[0].formant
    changed = change_voice(samples, wanted / f0, formant)
    reached = median_f0(changed) or wanted
    if abs(reached / wanted - 1) > TOLERANCE:
        changed = change_voice(samples, wanted / f0 * wanted / reached, formant)
    return changed


def _events(change: Change) -> Iterator[Event]:
    def chunks() -> Iterator[Event]:
        audio = _render(change)
        for start in range(0, len(audio), CHUNK_BYTES):
            yield {"data": b64encode(audio[start : start + CHUNK_BYTES]).decode()}

    common = {"status_code": 206, "done": False, "sample_rate": change.output.sample_rate}
    for event in timed(chunks()):
        yield common | event
    yield {"status_code": 200, "done": True}


routes = [
    Route("/voice-changer/bytes", change_bytes, methods=["POST"]),
    Route("/voice-changer/sse", change_sse, methods=["POST"]),
]
