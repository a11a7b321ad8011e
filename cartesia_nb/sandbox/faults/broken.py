"""Faults that break the body of an answer: what the request asks for is done."""

from starlette.types import Message

from cartesia_nb.sandbox.errors import ApiError
from cartesia_nb.sandbox.faults.exchange import Answer, Exchange
from cartesia_nb.sandbox.faults.setting import Setting
from cartesia_nb.sandbox.sse import MEDIA_TYPE, data_line, error_event, json_line

_END = b"\n\n"


async def slow_first_byte(exchange: Exchange, setting: Setting) -> None:
    """Keep the client waiting for the answer, which then comes as ever."""

    async def send_late(message: Message) -> None:
        if message["type"] == "http.response.start":
            await exchange.pause(setting.seconds)
        await exchange.send(message)

    await exchange.app(exchange.scope, exchange.receive, send_late)


async def stall(exchange: Exchange, setting: Setting) -> None:
    """Fall silent in the middle of the body."""
    answer = await exchange.work()
    head = _head(answer, setting)
    await exchange.send_start(answer)
    await exchange.send_part(head)
    if await exchange.pause(setting.seconds):
        await exchange.send_end(answer.body[len(head) :])


async def drip(exchange: Exchange, setting: Setting) -> None:
    """Send the body byte by byte."""
    answer = await exchange.work()
    await exchange.send_start(answer)
    for at in range(len(answer.body)):
        await exchange.send_part(answer.body[at : at + 1])
        if not await exchange.pause(setting.seconds):
            return
    await exchange.send_end()


async def cut(exchange: Exchange, setting: Setting) -> None:
    """Close the connection before the body has the length that was told, or its last chunk."""
    answer = await exchange.work()
    tells_length = setting.framing == "length" if setting.framing else not answer.is_stream
    await exchange.send_start(answer, answer.headers_for(len(answer.body) if tells_length else None))
    await exchange.send_part(_head(answer, setting))
    await exchange.hang_up()


async def cut_quietly(exchange: Exchange, setting: Setting) -> None:
    """Close the connection in a body that only the connection's end ends."""
    answer = await exchange.work()
    await exchange.send_bare(answer, _head(answer, setting))
    await exchange.hang_up()


async def reset(exchange: Exchange, setting: Setting) -> None:
    """Reset the connection in the middle of the body."""
    answer = await exchange.work()
    await exchange.send_start(answer)
    await exchange.send_part(_head(answer, setting))
    await exchange.hang_up(reset=True)


async def broken_json(exchange: Exchange, setting: Setting) -> None:
    """Send half of the JSON, and say that it is all."""
    if answer := await exchange.work_for("application/json"):
        await exchange.send_whole(answer, _head(answer, setting))


async def half_audio(exchange: Exchange, setting: Setting) -> None:
    """Send half of the audio, and say that it is all."""
    if answer := await exchange.work_for("audio/"):
        await exchange.send_whole(answer, _head(answer, setting))


async def never_done(exchange: Exchange, _setting: Setting) -> None:
    """Leave out the last event of a stream."""
    if answer := await exchange.work_for(MEDIA_TYPE):
        await exchange.send_whole(answer, b"".join(_events(answer)[:-1]))


async def half_event(exchange: Exchange, _setting: Setting) -> None:
    """End a stream in the middle of its middle event."""
    if answer := await exchange.work_for(MEDIA_TYPE):
        events = _events(answer)
        half = len(events) // 2
        middle = b"".join(events[half : half + 1])
        await exchange.send_whole(answer, b"".join(events[:half]) + middle[: len(middle) // 2])


async def end_in_error(exchange: Exchange, _setting: Setting) -> None:
    """End a stream with an error in place of its second half."""
    if answer := await exchange.work_for(MEDIA_TYPE):
        events = _events(answer)
        write = data_line if _END in answer.body else json_line
        error = ApiError(500, "Internal server error", "The header Sandbox-Fault asked for this.")
        last = write(error_event(exchange.request, error)).encode()
        await exchange.send_whole(answer, b"".join([*events[: len(events) // 2], last]))


def _head(answer: Answer, setting: Setting) -> bytes:
    """Return the part of a body that still arrives."""
    return answer.body[: len(answer.body) // 2 if setting.after is None else setting.after]


def _events(answer: Answer) -> list[bytes]:
    """Return the events of a stream, each with its end: an empty line, or in old versions just a line's."""
    end = _END if _END in answer.body else b"\n"
    return [event + end for event in answer.body.split(end) if event]
