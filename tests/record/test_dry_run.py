"""A dry run sends nothing that costs, and says what would be."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from scripted import Server, reply, wav

from cartesia_nb import set_budget, usage
from cartesia_nb.record.dry_run import NotSent, dry_run
from cartesia_nb.wire.errors import InputError

FORMAT = "raw:pcm_s16le@8000"
CLIP = wav(4.0, 16000)
VOICE = "a0000000-0000-0000-0000-00000000000b"
COSTLY = {
    "tts.bytes": (5, lambda client: client.tts.bytes("Hello", output_format=FORMAT)),
    "tts.sse": (5, lambda client: client.tts.sse("Hello", output_format=FORMAT).collect()),
    "infill.bytes": (
        305,
        lambda client: client.infill.bytes("Hello", left_audio=CLIP, output_format=FORMAT),
    ),
    "voice_changer.bytes": (60, lambda client: client.voice_changer.bytes(CLIP, output_format=FORMAT)),
    "voice_changer.sse": (60, lambda client: client.voice_changer.sse(CLIP, output_format=FORMAT).collect()),
    "stt.transcribe": (2, lambda client: client.stt.transcribe(CLIP)),
    "voices.localize": (
        None,
        lambda client: client.voices.localize(voice_id=VOICE, name="Mine", accent="castilian"),
    ),
    "fine_tunes.create": (
        1_000_000,
        lambda client: client.fine_tunes.create(
            name="Mine", description="It is mine.", language="en", model_id="sonic-2", dataset="d"
        ),
    ),
}


@pytest.fixture
def server():
    with Server([reply(bytes(8000))]) as server:
        yield server


@pytest.mark.parametrize("mode", ["cache", "off", "refresh"])
@pytest.mark.parametrize("method", COSTLY)
def test_nothing_that_costs_is_sent(method, mode, client_of, server, folder):
    price, call = COSTLY[method]
    reached = []
    with dry_run() as planned:
        call(client_of(server, mode))
        reached.append("the end")
    assert not server.asked
    assert not folder.exists()
    assert not reached
    (told,) = planned
    assert (told["method"], told["credits"], told["stored"]) == (method, price, False)
    assert len(usage()) == 0


def test_what_is_stored_costs_nothing(client_of, server):
    client_of(server).tts.bytes("Hello", output_format=FORMAT)
    with dry_run() as planned:
        client_of(server).tts.bytes("Hello", output_format=FORMAT)
    assert (planned[0]["stored"], planned[0]["credits"], planned[0]["characters"]) == (True, 0, 5)
    assert len(server.asked) == 1


def test_what_costs_nothing_is_sent(client_of):
    with Server([reply({"data": [{"id": VOICE, "name": "Ada"}], "has_more": False})]) as server:
        with dry_run() as planned:
            client_of(server).tts.bytes("Hello", voice="Ada", output_format=FORMAT)
        assert [asked.verb for asked in server.asked] == ["GET"]
    assert planned[0]["voice_id"] == VOICE


def test_a_list_is_planned_to_its_end(client_of, server):
    with dry_run() as planned:
        heard = client_of(server).stt.transcribe([CLIP, wav(2.0), wav(10.0)])
    assert [row["credits"] for row in planned] == [2, 1, 5]
    assert len(heard) == 3
    assert not server.asked


def test_threads_send_nothing_either(client_of, server):
    client = client_of(server)
    with dry_run() as planned, ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: client.tts.bytes(f"Text {number}", output_format=FORMAT), range(4)))
    assert not server.asked
    assert {row["credits"] for row in planned} == {6}


def test_one_in_another_and_after_an_error(client_of, server):
    client = client_of(server)
    with dry_run() as outer:
        with dry_run() as inner:
            client.tts.bytes("Hello", output_format=FORMAT)
        client.tts.bytes("Goodbye", output_format=FORMAT)
    assert (len(outer), len(inner)) == (1, 1)
    with pytest.raises(InputError), dry_run():
        client.tts.bytes("")
    client.tts.bytes("Hello", output_format=FORMAT)
    assert len(server.asked) == 1


def test_a_budget_does_not_stop_a_plan(client_of, server):
    set_budget(1)
    with dry_run() as planned:
        client_of(server).tts.bytes("Hello", output_format=FORMAT)
    assert planned[0]["credits"] == 5
    assert str(NotSent("dry run: x was not sent."))
