"""What a notebook used, as a paragraph."""

import json

import pytest
from scripted import Server, reply

import cartesia_nb
from cartesia_nb.record import modes
from cartesia_nb.record.citation import cite
from cartesia_nb.wire.errors import BadRequest, IncompleteBody

FORMAT = "raw:pcm_s16le@8000"
VOICE = "a0000000-0000-0000-0000-00000000000b"


def answer(asked):
    if asked.path.startswith("/voices"):
        return reply({"data": [{"id": VOICE, "name": "Ada"}], "has_more": False})
    return reply(bytes(8000))


def speak(client_of, folder, server):
    client = client_of(server)
    modes.set_recording("cache", folder)
    client.tts.bytes("Hello", voice="Ada", output_format=FORMAT)
    client.tts.bytes("Hello", output_format=FORMAT, model_id="sonic-3")


def test_nothing_was_used():
    assert cite() == "Nothing was made or heard with Cartesia's API yet."


def test_models_voices_versions_and_dates_are_named(client_of, folder):
    with Server(answer=answer) as server:
        speak(client_of, folder, server)
    told = cite().splitlines()
    day = str(cartesia_nb.usage().time.iloc[0])[:10]
    assert "- Methods: tts.bytes" in told
    assert "- Models: sonic-3, sonic-3.5" in told
    assert f"- Voices: Ada ({VOICE}), e07c00bc-4134-4eae-9ea4-1a55fb45746b" in told
    assert "- API versions: 2026-08-14" in told
    assert f"- Dates: {day}" in told
    assert f"- Software: cartesia_nb {cartesia_nb.__version__}" in told
    assert "sandbox" not in cite()


def test_what_was_stored_is_as_old_as_its_answer(client_of, folder):
    with Server(answer=answer) as server:
        speak(client_of, folder, server)
        for entry in folder.glob("tts.bytes/*.json"):
            told = json.loads(entry.read_text())
            entry.write_text(json.dumps({**told, "made_at": "2025-03-04T05:06:07+00:00"}))
        speak(client_of, folder, server)
    assert "- Dates: 2025-03-04 to " in cite()


@pytest.mark.parametrize(
    "failure", [reply({"message": "no"}, 400), reply(bytes(100), length=200, Connection="close")]
)
def test_what_failed_is_not_cited(failure, client_of, folder):
    with Server([failure]) as server:
        client = client_of(server)
        modes.set_recording("cache", folder)
        with pytest.raises((BadRequest, IncompleteBody)):
            client.tts.bytes("Hello", voice=VOICE, output_format=FORMAT)
    assert cite().startswith("Nothing")


def test_the_sandbox_is_named(sandbox, client_of, folder):
    speak(client_of, folder, sandbox)
    assert cite().endswith("All of it was made by the offline sandbox of cartesia_nb, not by Cartesia.")
    with Server(answer=answer) as server:
        speak(client_of, folder / "other", server)
    assert "Some of it was made by the offline sandbox" in cite()


def test_earlier_kernels_of_the_notebook_are_cited(client_of, folder, notebook, monkeypatch):
    notebook("one")
    with Server(answer=answer) as server:
        speak(client_of, folder, server)
    before = cite()
    monkeypatch.setattr(cartesia_nb.record.ledger, "_rows", [])
    assert cite() == before
    notebook("two")
    assert cite().startswith("Nothing")


def test_damaged_look_ups_are_passed_over(client_of, folder):
    with Server(answer=answer) as server:
        speak(client_of, folder, server)
    (entry,) = folder.glob("voices.by_name/*.json")
    for text in ("{", "[]", "5", '{"name": "Ada"}', "[" * 100_000):
        entry.write_text(json.dumps(json.loads(entry.read_text()) | {"text": text}))
        assert VOICE in cite()
    entry.write_text("{")
    assert VOICE in cite()
