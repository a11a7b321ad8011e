"""The small print: what is easily overlooked, and what once went wrong."""

import base64
import io
import json
import multiprocessing
import os
import signal
import textwrap
import threading
import time
from contextlib import suppress

import nbformat
import numpy as np
import pandas as pd
import pytest
import soundfile
from nbclient import NotebookClient
from scripted import Server, dripping, reply, reset, wav
from secret import KEY, SECRET, given_away

from cartesia_nb import Client, OutputFormat, Speech, Transcript
from cartesia_nb.client.progress import Progress
from cartesia_nb.speech.codecs import encode
from cartesia_nb.wire import errors
from cartesia_nb.wire.catalog import UnknownIdWarning
from cartesia_nb.wire.events import EventReader

PCM = bytes(16000)
RAW = "raw:pcm_s16le@16000"
ID = "694f9389-aac1-45b6-b726-9d9369183238"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n"
DATA = base64.b64encode(PCM).decode()
CHUNK, DONE = {"type": "chunk", "data": DATA}, {"type": "done", "done": True}


def framed(body):
    return b"%x\r\n" % len(body) + body + b"\r\n"


def events(*messages):
    return b"".join(b"data: " + json.dumps(message).encode() + b"\n\n" for message in messages)


def stream(*messages, headers=b""):
    return HEAD + headers + b"\r\n" + framed(events(*messages)) + b"0\r\n\r\n"


def event_stream(*messages):
    return reply(events(*messages), Content_Type="text/event-stream")


def sse(script):
    with Server([script]) as server:
        return Client(KEY, base_url=server.url).tts.sse("Hello", output_format=RAW).collect()


def test_a_key_that_a_stream_echoes_in_a_header_is_masked():
    speech = sse(stream(CHUNK, DONE, headers=b"x-request-id: for " + KEY.encode() + b"\r\n"))
    assert speech.provenance["request_id"].startswith("for ")
    assert not given_away(speech.provenance["request_id"])


def test_the_first_chunk_is_the_one_that_is_timed():
    def script(sock):
        sock.sendall(HEAD + b"\r\n" + framed(events(CHUNK)))
        time.sleep(0.6)
        sock.sendall(framed(events(CHUNK, DONE)) + b"0\r\n\r\n")

    made = sse(script).provenance
    assert made["seconds_to_first_chunk"] < 0.5 < made["seconds"]


@pytest.mark.parametrize("error", [{"error": "No credits"}, {"error_code": "quota", "message": "No credits"}])
def test_an_error_without_a_type_is_an_error(error):
    with pytest.raises(errors.APIError, match="No credits") as caught:
        sse(stream(CHUNK, {**error, "status_code": 402}))
    assert caught.value.partial == PCM


@pytest.mark.parametrize("message", [{"status_code": 206}, {"done": False}, {"done": "true"}, {}])
def test_a_message_without_a_type_does_not_end_a_stream(message):
    with pytest.raises(errors.IncompleteBody, match="without saying that it is done"):
        sse(stream(CHUNK, message))
    assert bytes(sse(stream(CHUNK, message, CHUNK, DONE)).data) == 2 * PCM


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_message_on_two_lines_cut_anywhere(end):
    text = end.join([b'data: {"x":', b"data: 1}", b"", b""])
    for cut in range(len(text)):
        reader = EventReader()
        assert [*reader.feed(text[:cut]), *reader.feed(text[cut:])] == [{"x": 1}], cut


def test_the_lines_of_a_message_are_joined_by_a_line_end():
    with pytest.raises(errors.BadAnswer):
        list(EventReader().feed(b'data: {"x": 1\ndata: 2}\n\n'))


def test_a_web_page_with_a_colon_in_it_is_named():
    with pytest.raises(errors.BadAnswer, match="a web page"):
        sse(HEAD + b"\r\n" + framed(b'<a href="https://login">Sign in</a>\n') + b"0\r\n\r\n")


def test_a_file_that_grows_meanwhile_is_sent_as_long_as_it_was(monkeypatch):
    class Growing(io.BytesIO):
        def read(self, size=-1):
            found = super().read(size)
            if size and not found:  # hashed to its end: now someone writes to it
                at = self.tell()
                self.write(b"more")
                self.seek(at)
            return found

    with Server([reply(b"", 204)]) as server:
        Client(KEY, base_url=server.url).datasets.upload_file("d", Growing(wav(0.1)))
    (asked,) = server.asked
    assert {name: content for name, _, _, content in asked.form()}["file"] == wav(0.1)


def test_half_a_character_in_a_file_name_and_in_a_text(tmp_path):
    name = os.fsdecode(b"\xff.wav")
    (tmp_path / name).write_bytes(wav(4.0))
    with Server([reply({"id": ID, "name": "n"})]) as server:
        client = Client(KEY, base_url=server.url)
        client.voices.clone(tmp_path / name, name="n", language="en")
        with pytest.raises(errors.InputError, match="name has half of a character"):
            client.voices.clone(tmp_path / name, name="\ud800", language="en")
    assert len(server.asked) == 1


def test_samples_just_above_full_scale_are_refused():
    with Server([reply(b"", 204)]) as server:
        client = Client(KEY, base_url=server.url)
        with pytest.raises(errors.InputError, match=r"one is 1\.5"):
            client.datasets.upload_file("d", (np.array([0.0, 1.5]), 24000))
        for rate in (999, 384_001, 10**30):
            with pytest.raises(errors.InputError, match="sample rate"):
                client.datasets.upload_file("d", (np.zeros(100), rate))
        for mark in (b"\xff\xf3", b"\xff\xf2"):
            client.datasets.upload_file("d", mark + bytes(50))
    assert [asked.form()[1][2] for asked in server.asked] == ["audio/mpeg"] * 2


def test_a_type_that_only_the_system_knows(tmp_path):
    (tmp_path / "take.aiff").write_bytes(b"FORM....")
    with Server([reply(b"", 204)]) as server:
        Client(KEY, base_url=server.url).datasets.upload_file("d", tmp_path / "take.aiff")
    assert server.asked[0].form()[1][2] == "audio/x-aiff"


def test_a_recording_above_2_gb_is_refused(monkeypatch):
    monkeypatch.setattr("cartesia_nb.client.stt.LARGEST_FILE", 1000)
    with Server([reply({"text": "a"})]) as server:
        with pytest.raises(errors.InputError, match="2 GB"):
            Client(KEY, base_url=server.url).stt.transcribe(wav())
    assert not server.asked


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (lambda client: client.stt.transcribe(wav(), language="tlh"), "language 'tlh'"),
        (
            lambda client: client.infill.bytes("so", left_audio=wav(), model_id="sonic-2", language="ta"),
            "'ta'",
        ),
        (lambda client: client.infill.bytes("so", left_audio=wav(), model_id="sonic-9"), "model 'sonic-9'"),
        (lambda client: client.voices.clone(wav(4.0), name="n", language="tlh"), "language 'tlh'"),
        (
            lambda client: client.voices.localize(
                voice_id=ID, name="n", description="d", language="tlh", original_speaker_gender="male"
            ),
            "language 'tlh'",
        ),
    ],
)
def test_what_this_release_does_not_know_warns_and_is_sent(call, what):
    with Server(
        answer=lambda asked: reply(wav()) if "infill" in asked.path else reply({"id": ID, "text": ""})
    ) as server:
        with pytest.warns(UnknownIdWarning, match=what):
            call(Client(KEY, base_url=server.url))
    assert len(server.asked) == 1


def test_a_changed_voice_is_shown_by_its_name():
    voices = reply({"data": [{"id": ID, "name": "Bert"}], "has_more": False})
    with Server([voices, reply(wav())]) as server:
        changed = Client(KEY, base_url=server.url).voice_changer.bytes(wav(), voice_id="bert")
    assert "voice Bert" in repr(changed)


@pytest.mark.filterwarnings("error")
def test_clips_at_the_limits_and_of_unknown_length_can_be_cloned():
    with Server([reply({"id": ID, "name": "n"})]) as server:
        client = Client(KEY, base_url=server.url)
        for clip in (wav(3.0), wav(10.0), b"\x1aE\xdf\xa3 webm"):
            client.voices.clone(clip, name="n", language="en")
        with pytest.warns(UserWarning, match="20.0 s"):
            client.voices.clone(wav(20.0, 8000), name="n", language="en")
    assert len(server.asked) == 4


@pytest.mark.parametrize("field", ["description", "language", "dialect", "tagline"])
def test_localizing_takes_texts_alone(field):
    told = {"description": "d", "language": "es", "original_speaker_gender": "male", field: ["mx"]}
    with pytest.raises(errors.InputError, match=f"{field} is a text"):
        Client(KEY).voices.localize(voice_id=ID, name="n", **told)


def test_a_voice_that_was_deleted_has_no_name_any_more():
    def answer(asked):
        if asked.verb == "DELETE":
            return reply(b"", 204)
        return reply({"data": [{"id": ID, "name": "Bert"}] if answer.there else [], "has_more": False})

    answer.there = True
    with Server(answer=answer) as server:
        client = Client(KEY, base_url=server.url)
        client.voices.list()
        client.voices.delete(ID)
        answer.there = False
        with pytest.raises(errors.UnknownVoice):
            client.tts.bytes("hi", voice="Bert")


@pytest.mark.parametrize("before", [{"limit": 1}, {"q": "ada"}])
def test_a_part_of_the_voices_does_not_make_a_name_unambiguous(before):
    both = [{"id": "a1", "name": "Ada"}, {"id": "a2", "name": "Ada"}]

    def answer(asked):
        data = both[:1] if len(server.asked) == 1 else both
        return reply({"data": data, "has_more": False}) if asked.verb == "GET" else reply(wav())

    with Server(answer=answer) as server:
        client = Client(KEY, base_url=server.url)
        client.voices.list(**before)
        with pytest.raises(errors.UnknownVoice, match="more than one"):
            client.tts.bytes("hi", voice="Ada")


def test_a_search_for_one_name_does_not_hide_the_others():
    voices = [{"id": "b1", "name": "Bert"}, {"id": "b2", "name": "Bert"}, {"id": "b3", "name": "Bertha"}]

    def answer(asked):
        if asked.verb == "POST":
            return reply(wav())
        return reply({"data": voices[2:] if "q=bertha" in asked.path else voices, "has_more": False})

    with Server(answer=answer) as server:
        client = Client(KEY, base_url=server.url)
        client.tts.bytes("hi", voice="bertha")
        with pytest.raises(errors.UnknownVoice, match="more than one"):
            client.tts.bytes("hi", voice="bert")


def test_a_localized_voice_can_speak_by_its_name_at_once():
    answers = [reply({"data": [], "has_more": False}), reply({"id": ID, "name": "Mine"}), reply(wav())]
    with Server(answers) as server:
        client = Client(KEY, base_url=server.url)
        client.voices.list()
        client.voices.localize(voice_id=ID, name="Mine", accent="castilian")
        assert client.tts.bytes("hi", voice="Mine").provenance["voice_name"] == "Mine"
    assert len(server.asked) == 3


def test_an_accent_id_never_leads_elsewhere():
    with Server([reply({"id": ID})]) as server:
        client = Client(KEY, base_url=server.url)
        client.voices.delete_accent(ID, "../../x?y")
        with pytest.raises(errors.InputError, match="accent id"):
            client.voices.delete_accent(ID, "..")
    assert [asked.path for asked in server.asked] == [f"/voices/{ID}/accents/..%2F..%2Fx%3Fy"]


def test_progress_counts_and_goes_away(monkeypatch):
    monkeypatch.setattr("cartesia_nb.client.progress.PATIENCE", -1)
    with Progress("stt", "files", 3) as progress:
        for done in (1, 2, 3):
            progress.show(done)
            assert progress.bar.n == done
    assert progress.bar.disable  # closed
    assert not progress.bar.leave


def test_progress_in_a_notebook_shows_and_leaves_nothing_behind():
    cell = """
        from cartesia_nb.client import progress
        progress.PATIENCE, progress.PACE = -1, 0
        with progress.Progress("stt", "files", 3) as line:
            for done in (1, 2, 3):
                line.show(done)
    """
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(textwrap.dedent(cell))])
    shown = []

    class Watching(NotebookClient):
        def process_message(self, message, cell, index):
            shown.append(message["content"].get("data", {}).get("text/plain", ""))
            return super().process_message(message, cell, index)

    Watching(notebook).execute()
    assert any(line.startswith("stt:") and "2/3" in line for line in shown)
    assert [output.data for output in notebook.cells[0].outputs] == [{"text/plain": "", "text/html": ""}]


def test_a_speech_cannot_last_for_ever():
    with pytest.raises(errors.InputError, match="duration is a number"):
        Client(KEY).tts.bytes("hi", duration=float("inf"))


def test_the_first_chunk_of_a_changed_voice_is_timed():
    body = b'data: {"data": "%s"}\n\ndata: {"done": true}\n\n' % base64.b64encode(bytes(100))
    with Server([reply(body, Content_Type="text/event-stream")]) as server:
        changed = Client(KEY, base_url=server.url).voice_changer.sse(wav(), output_format="raw").collect()
    assert changed.provenance["seconds_to_first_chunk"] > 0


def test_a_cut_goes_to_the_nearest_sample():
    whole = Speech(wav(1.0, 24000), OutputFormat("wav", sample_rate=24000))
    assert len(whole[0.7 / 24000 :].samples) == 23999
    assert len(whole[: 1.7 / 24000].samples) == 2


def test_one_channel_and_two_cannot_be_joined():
    file = io.BytesIO()
    soundfile.write(file, np.zeros((24000, 2)), 24000, format="WAV", subtype="PCM_16")
    one = Speech(wav(1.0, 24000), OutputFormat("wav", sample_rate=24000))
    with pytest.raises(errors.InputError, match="1 channel and 24000 Hz with 2 channels"):
        one + Speech(file.getvalue(), OutputFormat("wav", sample_rate=24000))


def test_joined_phonemes_are_later_too():
    one = Speech(wav(1.0, 24000), OutputFormat("wav", sample_rate=24000), phonemes=[("w", 0.0, 0.1)])
    assert [round(start, 3) for start in (one + one).phonemes.start] == [0.0, 0.99]


def test_the_spectrogram_shows_80_db():
    figure = Speech(wav(1.0, 24000), OutputFormat("wav", sample_rate=24000)).plot()
    low, high = figure.axes[1].images[0].get_clim()
    assert high - low == pytest.approx(80)


def test_what_a_transcript_was_given_can_change_without_it():
    made = {"request": {"model": "m"}}
    heard = Transcript("a", provenance=made)
    made["request"]["model"] = "other"
    assert heard.provenance["request"]["model"] == "m"


@pytest.mark.parametrize("error", [{"type": "error", "status_code": 400, "message": f"{KEY[7:]} is wrong"}])
def test_a_stream_error_shows_no_piece_of_the_key(error):
    with Server([event_stream(error)]) as server:
        with pytest.raises(errors.BadRequest) as caught:
            Client(KEY, base_url=server.url).tts.sse("hi", output_format="raw").collect()
    assert not given_away(str(caught.value) + repr(caught.value))


def test_an_error_whose_status_is_no_number():
    with Server([event_stream({"type": "error", "status_code": "busy", "message": "Too many"})]) as server:
        with pytest.raises(errors.ServerError, match="Too many"):
            Client(KEY, base_url=server.url).tts.sse("hi", output_format="raw").collect()


def test_the_length_of_what_stands_before_does_not_count():
    file = io.BytesIO(wav(25.0, 8000) + wav(4.0, 8000))
    file.seek(len(wav(25.0, 8000)))
    with Server([reply({"id": ID, "name": "n"})]) as server:
        Client(KEY, base_url=server.url).voices.clone(file, name="n", language="en")
    assert len(server.asked) == 1


def test_a_signature_counts_where_it_belongs_alone():
    with Server([reply(b"", 204)]) as server:
        Client(KEY, base_url=server.url).datasets.upload_file("d", b"raw ID3 OggS")
    assert server.asked[0].form()[1][1:3] == ("audio", "application/octet-stream")


def test_a_language_that_the_api_does_not_tell():
    with Server([reply({"text": "a", "language": None})]) as server:
        client = Client(KEY, base_url=server.url)
        assert client.stt.transcribe(wav()).language == ""
        assert client.stt.transcribe([wav()]).language.isna().all()


def test_an_infill_with_a_voice_by_its_name():
    voices = reply({"data": [{"id": ID, "name": "Bert"}], "has_more": False})
    with Server([voices, reply(wav())]) as server:
        speech = Client(KEY, base_url=server.url).infill.bytes("so", left_audio=wav(), voice_id="bert")
    assert dict(server.asked[1].texts())["voice_id"] == ID
    assert "voice Bert" in repr(speech)


def test_a_tagline_of_32_characters():
    with Server([reply({"id": ID, "name": "n"})]) as server:
        Client(KEY, base_url=server.url).voices.localize(voice_id=ID, name="n", accent="x", tagline="t" * 32)
    assert server.asked[0].json()["tagline"] == "t" * 32


def test_a_forked_process_has_deadlines_too():
    def child(url, found):
        try:
            Client(KEY, base_url=url, timeout=1).tts.bytes("hi")
        except errors.DeadlineExceeded:
            found.put("late")

    fork = multiprocessing.get_context("fork")
    head = b"HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\nContent-Length: 99999\r\n\r\n"
    with Server([reply({"data": [], "has_more": False}), dripping(head, 10)]) as server:
        Client(KEY, base_url=server.url).voices.list()  # the thread runs
        found = fork.Queue()
        process = fork.Process(target=child, args=(server.url, found))
        process.start()
        assert found.get(timeout=5) == "late"
        process.join()


# The defect "answers swapped after a fork": fails now
def test_a_forked_process_has_connections_of_its_own():
    answer = reply({"data": [], "has_more": False})
    with Server([answer]) as server:
        client = Client(KEY, base_url=server.url)
        client.voices.list()
        process = multiprocessing.get_context("fork").Process(target=client.voices.list)
        process.start()
        process.join()
        client.voices.list()
    assert (len(server.asked), server.connections) == (3, 2)


# -- what went wrong once -----------------------------------------------------------------------------

HEARD = {"text": "Hi.", "duration": 1.0}
LOUD = (20_000 * np.sin(np.arange(24000) / 20)).astype(np.int64)


@pytest.mark.parametrize("samples", [LOUD, list(map(int, LOUD)), pd.Series(LOUD), LOUD.astype(np.int32)])
def test_wide_integers_are_not_sent_as_silence(samples):
    with Server([reply(HEARD)]) as server:
        with pytest.raises(errors.InputError, match="int16"):
            Client(KEY, base_url=server.url).stt.transcribe((samples, 24000))
    assert not server.asked


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.tts.bytes("hi", model_id=KEY),
        lambda client: client.tts.bytes("hi", language=SECRET),
        lambda client: client.voices.clone(wav(4.0), name="n", language="en", description=f"my {KEY}"),
        lambda client: client.voices.list(q=SECRET),
        lambda client: client.voices.get(KEY),
        lambda client: client.datasets.create(name=KEY, description="d"),
    ],
)
def test_the_key_is_sent_in_no_argument(call, recwarn):
    with Server([reply({})]) as server:
        with pytest.raises(errors.InputError, match="contains the API key") as caught:
            call(Client(KEY, base_url=server.url))
    assert not server.asked
    assert not given_away(str(caught.value))
    assert not [found for found in recwarn if KEY in str(found.message)]


def test_numbers_of_numpy_are_numbers():
    with Server([reply({"ok": True})]) as server:
        client = Client(KEY, base_url=server.url, timeout=np.float32(20), retries=np.int64(1))
        assert client.api_status.get().ok
    with Server([dripping(b"")]) as server, pytest.raises(errors.DeadlineExceeded):
        Client(KEY, base_url=server.url, timeout=1).api_status.get()


TONE = np.sin(np.arange(48000) / 20).astype(np.float32)
MP3 = encode(TONE, 24000, ".mp3")


def cut_between_frames(data):
    """Return the beginning of an MP3, up to the end of some frame in the middle."""
    from cartesia_nb.speech.mp3 import _frame, after_tag

    at = after_tag(data)
    while at < len(data) // 2:
        at += _frame(data, at).length
    return data[:at]


@pytest.mark.parametrize("rest", [b"upstream timed out", b"\xff", b"\xff\xfb\x00\x00junk"])
def test_an_mp3_that_ends_in_something_else_is_cut(rest):
    cut = cut_between_frames(MP3) + rest
    with Server([reply(cut, Content_Type="audio/mpeg")]) as server:
        with pytest.raises(errors.IncompleteBody) as caught:
            Client(KEY, base_url=server.url).tts.bytes("hi", output_format="mp3@24000")
    assert caught.value.partial == cut


@pytest.mark.parametrize("rest", [b"", bytes(100), b"TAG" + bytes(125), b"APETAGEX" + bytes(24)])
def test_an_mp3_may_end_in_a_tag(rest):
    with Server([reply(MP3 + rest, Content_Type="audio/mpeg")]) as server:
        assert Client(KEY, base_url=server.url).tts.bytes("hi", output_format="mp3@24000").duration > 1.9


@pytest.mark.parametrize("kind", ["application/problem+json", "application/xml", "text/html", "image/png"])
def test_raw_samples_come_as_audio_alone(kind):
    with Server([reply(b"<p>Sign in</p>", Content_Type=kind)]) as server:
        with pytest.raises(errors.BadAnswer, match="instead of audio"):
            Client(KEY, base_url=server.url).tts.bytes("hi", output_format="raw:pcm_s16le@24000")


@pytest.mark.parametrize("body", [b"<html><body>Sign in</body></html>", b"\xff\xfe\x00"])
def test_a_page_is_no_export(body, tmp_path):
    with Server([reply(body, Content_Type="text/csv")]) as server:
        with pytest.raises(errors.BadAnswer, match="instead of CSV"):
            Client(KEY, base_url=server.url).agents.export_metric_results(path=tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("status", [401, 402])
def test_what_concerns_every_recording_stops_the_list(status):
    with Server([reply(HEARD), reply("No", status)]) as server, pytest.warns(UserWarning, match="3 of 4"):
        table = Client(KEY, base_url=server.url).stt.transcribe([wav()] * 4)
    assert len(server.asked) == 2
    assert table.error.isna().to_list() == [True, False, False, False]
    assert table.error[3] == table.error[1]


def test_a_list_without_a_key_is_no_table():
    with pytest.raises(errors.MissingKey):
        Client().stt.transcribe([wav()])


@pytest.mark.parametrize("duration", ["NaN", "Infinity", "null", '"soon"', "true"])
def test_a_duration_that_is_none_is_read_from_the_file(duration):
    body = f'{{"text": "Hi.", "language": 5, "duration": {duration}}}'
    with Server([reply(body, Content_Type="application/json")]) as server:
        heard = Client(KEY, base_url=server.url).stt.transcribe(wav(2.0))
    assert heard.duration == 2.0
    assert "5" in repr(heard)


def test_a_pipe_cannot_be_in_a_list():
    reader, writer = os.pipe()
    os.close(writer)
    with os.fdopen(reader, "rb") as file, Server([reply(HEARD)]) as server:
        with pytest.raises(errors.InputError, match="only once"):
            Client(KEY, base_url=server.url).stt.transcribe([wav(), file])
    assert not server.asked


def test_all_granularities_are_remembered():
    with Server([reply(HEARD)]) as server:
        heard = Client(KEY, base_url=server.url).stt.transcribe(
            wav(), timestamp_granularities=["word", "segment"]
        )
    assert heard.provenance["request"]["timestamp_granularities"] == ["word", "segment"]


KEPT = b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_streams_share_a_connection():
    with Server([KEPT + framed(events(CHUNK, DONE)) + b"0\r\n\r\n"]) as server:
        client = Client(KEY, base_url=server.url)
        for _ in range(5):
            assert client.tts.sse("Hello", output_format=RAW).collect().duration == 0.5
    assert (len(server.asked), server.connections) == (5, 1)


def test_a_server_that_does_not_end_its_stream_is_not_waited_for():
    def script(sock):
        sock.sendall(KEPT + framed(events(CHUNK, DONE)))
        time.sleep(5)

    with Server([script]) as server:
        began = time.monotonic()
        assert Client(KEY, base_url=server.url).tts.sse("Hello", output_format=RAW).collect().duration == 0.5
    assert time.monotonic() - began < 3


def test_collecting_again_after_an_error_is_the_same_error():
    with Server([stream(CHUNK)]) as server:
        found = Client(KEY, base_url=server.url).tts.sse("Hello", output_format=RAW)
        for _ in range(2):
            with pytest.raises(errors.IncompleteBody, match="without saying that it is done") as caught:
                found.collect()
            assert caught.value.partial == PCM


def test_a_stream_can_be_closed_by_another_thread():
    def script(sock):
        sock.sendall(HEAD + b"\r\n" + framed(events(CHUNK)))
        with suppress(OSError):
            sock.recv(1)  # until the client hangs up

    with Server([script]) as server:
        found = Client(KEY, base_url=server.url).tts.sse("Hello", output_format=RAW)
        next(found)
        threading.Timer(0.3, found.close).start()
        began = time.monotonic()
        with pytest.raises(errors.IncompleteBody):
            found.collect()
        assert time.monotonic() - began < 5


def test_a_stream_collected_in_four_threads():
    with Server([stream(CHUNK, CHUNK, DONE)]) as server:
        found = Client(KEY, base_url=server.url).tts.sse("Hello", output_format=RAW)
        results = []
        threads = [threading.Thread(target=lambda: results.append(found.collect())) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(results) == 4
    assert len({id(speech) for speech in results}) == 1


def test_null_is_no_error():
    speech = sse(stream({"data": DATA, "error": None, "done": False}, {"done": True, "error": None}))
    assert bytes(speech.data) == PCM


def test_joined_words_are_all_or_none():
    timed = Speech(wav(1.0), OutputFormat(), transcript="one", words=[("one", 0.0, 1.0)])
    untimed = Speech(wav(1.0), OutputFormat(), transcript="two")
    assert (timed + untimed).words.empty
    assert (timed + untimed)[:].transcript == ""
    unknown = timed + Speech(wav(1.0), OutputFormat())
    assert (unknown.transcript, len(unknown.words)) == ("", 0)
    assert ((timed + timed).transcript, len((timed + timed).words)) == ("one one", 2)


def test_speeches_can_be_summed():
    assert sum([Speech(wav(0.5), OutputFormat())] * 3).duration == pytest.approx(1.48)
    with pytest.raises(TypeError):
        1 + Speech(wav(0.5), OutputFormat())


def test_a_cut_has_at_least_one_sample_and_plain_numbers():
    whole = Speech(wav(1.0), OutputFormat())
    with pytest.raises(errors.InputError, match="not one sample"):
        whole[0.1:0.1000001]
    with pytest.raises(errors.InputError):
        whole[10**400 :]
    json.dumps(dict(whole[np.float32(0.25) : np.float64(0.5)].provenance))


@pytest.mark.parametrize("length", [4, 8, 11])
def test_a_few_bytes_of_a_wav_are_a_cut_one(length):
    with Server([reply(wav()[:length])]) as server:
        with pytest.raises(errors.IncompleteBody) as caught:
            Client(KEY, base_url=server.url).tts.bytes("hi")
    assert caught.value.partial == wav()[:length]


def test_no_tagline_is_fine():
    with Server([reply({"id": ID, "name": "n"})]) as server:
        client = Client(KEY, base_url=server.url)
        client.voices.localize(voice_id=ID, name="n", accent="castilian", tagline=None)
    assert server.asked[0].json()["tagline"] is None


def test_files_that_cannot_be_read_are_named(tmp_path):
    closed = (tmp_path / "a.wav").open("wb+")
    closed.close()
    write_only = (tmp_path / "b.wav").open("wb")
    for given in (closed, write_only, "x" * 5000, ([[1, 2], [3]], 24000)):
        with pytest.raises(errors.InputError, match="file"):
            Client(KEY).datasets.upload_file("d", given)
    write_only.close()


def test_an_answer_that_never_came_is_not_sent_again_in_a_stream():
    with Server([reset]) as server:
        with pytest.raises(errors.ConnectionFailed, match="may have been charged"):
            Client(KEY, base_url=server.url).tts.sse("hi")
    assert len(server.asked) == 1


def test_a_wav_that_says_that_it_is_streamed_has_no_known_length():
    streamed = wav(4.0, promised=0)
    assert soundfile.info(io.BytesIO(wav(4.0))).duration == 4.0
    with Server([reply({"id": ID, "name": "n"})]) as server:
        Client(KEY, base_url=server.url).voices.clone(streamed, name="n", language="en")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.voices.list(q="half \ud83c"),
        lambda client: client.datasets.create(name="half \ud83c", description="d"),
        lambda client: client.tts.bytes("hi", voice="half \ud83c"),
    ],
)
def test_half_a_character_is_sent_nowhere(call):
    with Server([reply({"data": [], "has_more": False})]) as server:
        with pytest.raises(errors.InputError, match="half of a character"):
            call(Client(KEY, base_url=server.url))
    assert not server.asked


def test_an_interrupt_keeps_what_was_transcribed(monkeypatch):
    with Server([reply(HEARD), reply(HEARD), lambda _sock: os.kill(os.getpid(), signal.SIGINT)]) as server:
        with pytest.raises(KeyboardInterrupt) as caught:
            Client(KEY, base_url=server.url).stt.transcribe([wav()] * 4)
    assert caught.value.partial.text.to_list() == ["Hi.", "Hi."]
    assert "2 recordings" in caught.value.__notes__[0]


def test_an_interrupted_stream_does_not_pass_for_whole():
    def script(sock):
        sock.sendall(HEAD + b"\r\n" + framed(events(CHUNK)))
        time.sleep(0.3)
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1)

    with Server([script]) as server:
        found = Client(KEY, base_url=server.url).tts.sse("Hello", output_format=RAW)
        with pytest.raises(KeyboardInterrupt):
            found.collect()
        for _ in range(2):
            with pytest.raises(errors.IncompleteBody, match="before its end") as caught:
                found.collect()
            assert caught.value.partial == PCM
