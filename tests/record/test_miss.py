"""A replay without an answer says what is asked, what is nearest, and what differs."""

import pytest
from scripted import Server, reply, wav

from cartesia_nb.wire.errors import NotStored

FORMAT = "raw:pcm_s16le@8000"


@pytest.fixture
def replay(client_of):
    """Return a client that replays four calls."""
    with Server(
        [reply(bytes(8000)), reply(bytes(8000)), reply({"text": "Hi"}), reply({"id": "a"})]
    ) as server:
        client = client_of(server)
        client.tts.bytes("The weather is fine today.", output_format=FORMAT)
        client.tts.bytes("Something else altogether, and much longer.", output_format="raw:pcm_s16le@16000")
        client.stt.transcribe(wav(1.0))
        client.voices.get("a")
    return client_of(mode="replay")


def missed(call):
    with pytest.raises(NotStored) as caught:
        call()
    return str(caught.value)


def test_a_miss_names_the_request_the_nearest_and_what_differs(replay, folder):
    told = missed(lambda: replay.tts.bytes("The weather is fine to-day.", output_format=FORMAT))
    assert told.startswith(
        f"replay: there is no stored answer to tts.bytes 'The weather is fine to-day.' in {folder}."
    )
    assert "The nearest, of 2" in told
    assert (
        "differs: transcript changed from 'The weather is fine today.' to 'The weather is fine to-day.'."
        in told
    )
    assert told.endswith("Run the cell once with a key: %cartesia record cache, or CARTESIA_NB_RECORD=cache.")


def test_each_thing_that_differs_is_named(replay):
    told = missed(
        lambda: replay.tts.bytes(
            "The weather is fine today.", output_format="raw:pcm_s16le@16000", language="de"
        )
    )
    assert "output_format.sample_rate changed from 8000 to 16000; language 'de' is new." in told


def test_what_is_gone_is_named(client_of):
    with Server([reply(bytes(8000))]) as server:
        client_of(server).tts.bytes("Hello", output_format=FORMAT, language="de")
    told = missed(lambda: client_of(mode="replay").tts.bytes("Hello", output_format=FORMAT))
    assert "language 'de' is gone." in told


def test_long_differences_are_cut(replay):
    told = missed(lambda: replay.tts.bytes("word " * 1000, output_format="mp3", language="de", save=True))
    assert len(told) < 600
    assert "and 2 more" in told or "and 3 more" in told or "and 1 more" in told


def test_another_path_or_file_is_named(replay):
    assert "path changed from '/voices/a' to '/voices/b'" in missed(lambda: replay.voices.get("b"))
    assert "file changed from" in missed(lambda: replay.stt.transcribe(wav(2.0)))
    granularities = missed(lambda: replay.stt.transcribe(wav(1.0), timestamp_granularities=None))
    assert "timestamp_granularities[] 'word' is gone" in granularities


def test_nothing_of_the_kind(replay, client_of, tmp_path):
    assert "Nothing of agents.list is stored." in missed(replay.agents.list)
    empty = client_of(mode="replay", record_folder=tmp_path / "nowhere")
    assert "Nothing of tts.bytes is stored." in missed(lambda: empty.tts.bytes("Hello"))
    assert not (tmp_path / "nowhere").exists()


def test_another_take_that_was_never_made(replay):
    told = missed(lambda: replay.tts.bytes("The weather is fine today.", output_format=FORMAT, fresh=True))
    assert "Another take of it (fresh) was never made." in told
