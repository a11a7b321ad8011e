"""What was called and what it costs; and the budget, which is kept."""

import json
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from scripted import Server, reply, wav
from secret import KEY

from cartesia_nb import budget, set_budget, usage
from cartesia_nb.record import ledger
from cartesia_nb.wire.errors import (
    BadRequest,
    CartesiaError,
    ConnectionFailed,
    DeadlineExceeded,
    InputError,
    OverBudget,
)

FORMAT = "raw:pcm_s16le@8000"
CLIP = wav(4.0, 16000)
VOICE = "a0000000-0000-0000-0000-00000000000b"
STREAM = b'data: {"type": "chunk", "data": "AAAAAAAA"}\n\ndata: {"type": "done"}\n\n'


def answer(asked):
    if asked.path.endswith("/sse"):
        return reply(STREAM, X_Request_Id="r1")
    if asked.path.startswith(("/tts", "/infill", "/voice-changer")):
        return reply(bytes(8000), X_Request_Id="r1")
    return reply({"text": "Hi", "id": "a", "name": "A"}, X_Request_Id="r1")


@pytest.fixture
def server():
    with Server(answer=answer) as server:
        yield server


@pytest.fixture
def client(client_of, server):
    return client_of(server)


def say(client, text="Hello", **how):
    return client.tts.bytes(text, voice=VOICE, output_format=FORMAT, **how)


#: What is called, and what it costs: credits, model, voice, characters, seconds.
PRICES = {
    "tts.bytes": (say, (5, "sonic-3.5", VOICE, 5, None)),
    "tts.sse": (
        lambda client: client.tts.sse("One two", voice=VOICE, output_format=FORMAT).collect(),
        (7, "sonic-3.5", VOICE, 7, None),
    ),
    "infill.bytes": (
        lambda client: client.infill.bytes("Hello", left_audio=CLIP, voice_id=VOICE, output_format=FORMAT),
        (305, "sonic-3", VOICE, 5, None),
    ),
    "voice_changer.bytes": (
        lambda client: client.voice_changer.bytes(CLIP, voice_id=VOICE, output_format=FORMAT),
        (60, None, VOICE, None, 4.0),
    ),
    "voice_changer.sse": (
        lambda client: client.voice_changer.sse(CLIP, voice_id=VOICE, output_format=FORMAT).collect(),
        (60, None, VOICE, None, 4.0),
    ),
    "stt.transcribe": (lambda client: client.stt.transcribe(CLIP), (2, "ink-whisper", None, None, 4.0)),
    "voices.localize": (
        lambda client: client.voices.localize(voice_id=VOICE, name="Mine", accent="castilian"),
        (None, None, VOICE, None, None),
    ),
    "fine_tunes.create": (
        lambda client: client.fine_tunes.create(
            name="Mine", description="It is mine.", language="en", model_id="sonic-2", dataset="d"
        ),
        (1_000_000, None, None, None, None),
    ),
}
TOLD = ["credits", "model_id", "voice_id", "characters", "seconds"]


def values(row, names):
    return tuple(None if row[name] is None or row[name] != row[name] else row[name] for name in names)


def rows():
    return usage().astype(object).where(usage().notna(), None)


@pytest.mark.parametrize("method", PRICES)
def test_each_call_is_a_row_with_its_price(method, client):
    call, price = PRICES[method]
    call(client)
    row = rows().iloc[-1]
    assert row["method"] == method
    if method != "fine_tunes.create":
        assert tuple(row[TOLD]) == price
    else:
        assert row["credits"] == 1_000_000
    assert tuple(row[["source", "backend", "request_id", "error"]]) == ("live", "api", "r1", None)
    assert row["version"] == "2026-08-14"
    assert row["latency"] > 0
    assert str(row["time"].tz) == "UTC"


def test_the_columns_are_the_same_with_and_without_rows(client):
    before = usage()
    assert list(before.columns) == list(ledger.CALL)
    assert before.dtypes.astype(str).to_dict() == dict(ledger.CALL)
    say(client)
    client.voices.get("a")
    assert usage().dtypes.astype(str).to_dict() == dict(ledger.CALL)
    assert usage().method.to_list() == ["tts.bytes", "voices.get"]
    assert usage("notebook").columns.to_list() == [
        "notebook", "calls", "stored", "characters", "credits", "first", "last", "sandbox",
    ]  # fmt: skip
    empty = usage("notebook", folder="nowhere")
    assert (len(empty), list(empty.columns)) == (0, list(usage("notebook").columns))


def test_what_was_stored_costs_nothing(client, folder):
    for _ in range(3):
        say(client)
    assert usage().source.to_list() == ["live", "stored", "stored"]
    assert usage().credits.to_list() == [5, 0, 0]
    (total,) = usage("notebook", folder=folder).to_dict("records")
    assert (total["calls"], total["stored"], total["credits"], total["characters"]) == (3, 2, 5, 15)


def test_what_was_refused_costs_nothing(client_of):
    with Server([reply({"message": "no", "request_id": "r9"}, 400)]) as server, pytest.raises(BadRequest):
        say(client_of(server))
    with pytest.raises(InputError):
        say(client_of(mode="cache"))  # without a key
    assert usage().credits.to_list() == [0, 0]
    assert usage().error.to_list() == ["BadRequest", "MissingKey"]
    assert usage().request_id.iloc[0] == "r9"


#: Where no request arrives, as it goes out from there: the address, the proxy, what is told.
UNREACHED = {
    "nobody listens": ("http://127.0.0.1:1", "", "nothing answers"),
    "no TLS": ("https://127.0.0.1:{port}", "", "no secure connection"),
    "a dead proxy": ("https://api.example", "http://127.0.0.1:1", "the proxy on the way"),
    "silent before TLS": ("https://127.0.0.1:{silent}", "", r"within 1 s\. with_options"),
}


@pytest.mark.parametrize("where", UNREACHED)
def test_what_was_never_sent_costs_nothing(where, client_of, folder, monkeypatch):
    url, proxy, told = UNREACHED[where]
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    set_budget(5)
    with Server() as server, socket.create_server(("127.0.0.1", 0)) as silent:
        ports = {"port": server.url.rpartition(":")[2], "silent": silent.getsockname()[1]}
        lost = client_of(base_url=url.format(**ports), api_key=KEY, timeout=1, retries=0)
        for _ in range(2):
            with pytest.raises((ConnectionFailed, DeadlineExceeded), match=told) as failed:
                say(lost)
            assert not failed.value.sent
    assert usage().credits.to_list() == [0, 0]
    assert not (folder / ledger.FILE).exists()


def test_what_got_no_answer_may_have_been_charged(client_of):
    with (
        Server([lambda sock: sock.close()]) as server,
        pytest.raises(ConnectionFailed, match="may have been charged") as failed,
    ):
        say(client_of(server))
    assert failed.value.sent
    assert usage().credits.to_list() == [5]


def test_what_broke_off_may_have_been_charged(client_of):
    with Server([reply(bytes(100), length=200, Connection="close")]) as server, pytest.raises(CartesiaError):
        say(client_of(server))
    assert usage().credits.to_list() == [5]
    assert usage().error.to_list() == ["IncompleteBody"]


def test_the_totals_are_of_each_notebook(client, notebook, folder):
    notebook("one")
    say(client)
    notebook("two")
    say(client, "Goodbye")
    say(client)
    totals = usage("notebook", folder=folder).set_index("notebook")
    assert totals.credits.to_dict() == {"one": 5, "two": 7}
    assert totals.stored.to_dict() == {"one": 0, "two": 1}


def test_lines_that_are_none_are_passed_over(client, folder):
    say(client)
    good = (folder / ledger.FILE).read_bytes()
    bad = [b"{", b"[]", b"5", b'{"credits": "5"}', b"\xff", b"[" * 100_000, b'{"time": 1, "method": "a"}']
    forged = good.replace(b'"credits": 5', b'"credits": 1e999')
    (folder / ledger.FILE).write_bytes(b"\n".join([*bad, forged.strip(), good.strip(), good[:50]]))
    say(client, "Goodbye")
    assert usage("notebook", folder=folder).credits.to_list() == [12]
    assert (folder / ledger.FILE).read_bytes().splitlines()[-2] == good[:50]


@pytest.mark.parametrize("length", [1, 100, -2, -1])
def test_a_line_that_was_cut_off_costs_no_other(length, client, folder):
    """A kill in the middle of a write may leave the first part of a line, or all but its end."""
    say(client)
    path = folder / ledger.FILE
    line = path.read_bytes()
    path.write_bytes(line + line[:length])
    say(client, "Goodbye")
    counted = 2 if length == -1 else 1  # of the first call: without its line end, a line is whole
    total = usage("notebook", folder=folder)
    assert (total.calls.to_list(), total.credits.to_list()) == ([counted + 1], [5 * counted + 7])


def test_a_file_that_cannot_be_read_is_an_error(client, folder):
    (folder / ledger.FILE).mkdir(parents=True)
    with pytest.raises(CartesiaError, match=r"calls\.jsonl cannot be read"):
        usage("notebook", folder=folder)


def test_usage_is_by_call_or_by_notebook():
    with pytest.raises(InputError, match="call or notebook"):
        usage("year")


@pytest.mark.parametrize("method", PRICES)
def test_a_budget_refuses_before_anything_is_sent(method, client, server):
    call, (price, *_) = PRICES[method]
    set_budget((price or 1) - 1)
    with pytest.raises(OverBudget, match="budget of"):
        call(client)
    assert not server.asked
    if price:
        set_budget(price)
        call(client)
        assert len(server.asked) == 1


def test_what_the_sandbox_says_does_not_use_up_the_budget(client_of, notebook, folder, monkeypatch):
    notebook("one")
    set_budget(7)
    with Server([reply(bytes(8000), Server="cartesia_nb-sandbox/1")]) as here:
        sandbox = client_of(here)
        say(sandbox)
        with pytest.raises(OverBudget, match="of the budget of 7 5 are spent"):
            say(sandbox, "Goodbye")
    with monkeypatch.context() as patch, Server(answer=answer) as there:
        patch.setattr("cartesia_nb.client.client.is_loopback", lambda _url: False)
        api = client_of(there)
        say(api, "Goodbye")
        with pytest.raises(OverBudget, match="of the budget of 7 7 are spent"):
            say(api)
    assert (ledger.spent(local=True), ledger.spent()) == (5, 7)
    monkeypatch.setattr(ledger, "_rows", [])  # another kernel
    assert (ledger.spent(folder, local=True), ledger.spent(folder)) == (5, 7)
    (total,) = usage("notebook", folder=folder).to_dict("records")
    assert (total["credits"], total["sandbox"]) == (12, 5)


def test_what_costs_nothing_needs_no_budget(client, server):
    say(client)
    set_budget(0)
    assert say(client).provenance["stored"]
    client.voices.get("a")
    with pytest.raises(OverBudget, match="5 are spent"):
        say(client, "Goodbye")
    assert len(server.asked) == 2
    assert budget() == 0


def test_a_file_of_unknown_length_is_refused_under_a_budget(client, server):
    set_budget(10**6)
    with pytest.raises(OverBudget, match="is not known"):
        client.voice_changer.bytes(b"\x1aE\xdf\xa3 who knows", voice_id=VOICE, output_format=FORMAT)
    assert not server.asked


def test_threads_at_once_keep_the_budget(client_of):
    together = threading.Barrier(4)

    def slow(_asked):
        together.wait(10)
        return reply(bytes(8000))

    def try_to(number):
        try:
            return bool(say(client, f"Text {number}"))
        except OverBudget:
            return False

    set_budget(4 * 6)
    with Server(answer=slow) as server, ThreadPoolExecutor(8) as pool:
        client = client_of(server)
        assert sum(pool.map(try_to, range(8))) == 4
    assert ledger.spent(local=True) == 24


OTHER_KERNEL = """
from cartesia_nb import Client
client = Client({key!r}, base_url={url!r}, record="cache", record_folder={folder!r})
client.tts.bytes("Ten letter", output_format="raw:pcm_s16le@8000")
"""


def test_other_kernels_of_the_notebook_count_also_while_they_run(client, server, folder, notebook):
    code = OTHER_KERNEL.format(key=KEY, url=server.url, folder=str(folder))
    notebook("one")
    set_budget(20)
    subprocess.run([sys.executable, "-c", code], check=True)
    say(client)
    assert ledger.spent(folder, local=True) == 15
    with pytest.raises(OverBudget, match="15 are spent"):
        say(client, "Goodbye")
    notebook("two")
    say(client, "Goodbye")
    assert len(server.asked) == 3


def test_a_call_is_counted_once(client, folder, notebook):
    notebook("one")
    for text in ("Hello", "Hello", "Goodbye"):
        say(client, text)
    assert ledger.spent(folder, local=True) == 12
    assert len(ledger.of_this_notebook(folder)) == 3


@pytest.mark.parametrize("credits", [-1, 1.5, "100", True, [5]])
def test_a_budget_is_a_number_of_credits(credits):
    with pytest.raises(InputError, match="whole number of credits"):
        set_budget(credits)


def test_nothing_is_written_where_nothing_is_kept(client_of, server, folder):
    say(client_of(server, "off"))
    assert usage().credits.to_list() == [5]
    assert not folder.exists()


def test_no_key_and_no_text_is_in_the_file(client, folder):
    say(client, "A private matter")
    line = json.loads((folder / ledger.FILE).read_bytes())
    assert "private" not in json.dumps(line)
    assert set(line) == {*ledger.CALL, "entry", "id", "local"} - {"error"}
