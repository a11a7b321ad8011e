"""Speech as a stream of events: whole, in order, and on its way before all of it is made."""

import base64
import json
import time

import numpy as np
import psutil
import pytest

VOICE = "e07c00bc-4134-4eae-9ea4-1a55fb45746b"
TEXT = "Small boats drift past the harbor."
LONG = "The lighthouse keeper counts the ships, and the ships count on him. " * 280
RAW = {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 24000}
WIDTHS = {"pcm_f32le": 4, "pcm_s16le": 2, "pcm_mulaw": 1, "pcm_alaw": 1}


def post(api, transcript=TEXT, *, version="2026-08-14", stream=False, **fields):
    body = {
        "model_id": "sonic-3.5",
        "transcript": transcript,
        "voice": {"mode": "id", "id": VOICE},
        "output_format": RAW,
    }
    return api.post("/tts/sse", version=version, json=body | fields, stream=stream)


def events(response):
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"].startswith("text/event-stream")
    assert response.text.endswith("\n\n")
    lines = response.text[:-2].split("\n\n")
    assert all(line.startswith("data: ") for line in lines)
    return [json.loads(line.removeprefix("data: ")) for line in lines]


def audio(events):
    return [base64.b64decode(event["data"], validate=True) for event in events if event["type"] == "chunk"]


@pytest.mark.parametrize("encoding", WIDTHS)
@pytest.mark.parametrize("rate", [8000, 22050, 48000])
def test_the_sound_is_that_of_bytes(api, encoding, rate):
    output = RAW | {"encoding": encoding, "sample_rate": rate}
    text = f'{TEXT}<break time="300ms"/> {TEXT} {TEXT}'
    chunks = audio(events(post(api, text, output_format=output)))
    assert b"".join(chunks) == api.speak(text, output_format=output).content
    assert all(len(chunk) % WIDTHS[encoding] == 0 for chunk in chunks)
    assert max(map(len, chunks)) <= 0.25 * rate * WIDTHS[encoding] + WIDTHS[encoding]
    assert len(chunks) > 10


def test_the_shape_of_events(api):
    found = events(post(api, context_id="mine"))
    assert {event["type"] for event in found[:-1]} == {"chunk"}
    for event in found[:-1]:
        assert set(event) == {"type", "data", "step_time", "status_code", "done", "context_id"}
        assert (event["status_code"], event["done"], event["context_id"]) == (206, False, "mine")
        assert 0 <= event["step_time"] < 60_000
    assert found[-1] == {"type": "done", "done": True, "status_code": 206, "context_id": "mine"}
    made_up = {event["context_id"] for event in events(post(api))}
    assert len(made_up) == 1
    assert made_up != {event["context_id"] for event in events(post(api))}


def test_timestamps(api):
    found = events(post(api, add_timestamps=True, add_phoneme_timestamps=True))
    (words,) = (event["word_timestamps"] for event in found if event["type"] == "timestamps")
    assert words["words"] == TEXT.split()
    assert len(words["start"]) == len(words["end"]) == len(words["words"])
    (phonemes,) = (event["phoneme_timestamps"] for event in found if event["type"] == "phoneme_timestamps")
    assert "".join(phonemes["phonemes"]).startswith("smˈɔlbˈoʊts")
    assert len(phonemes["start"]) == len(phonemes["end"]) == len(phonemes["phonemes"])
    seconds = sum(map(len, audio(found))) / 48000
    assert words["start"][0] > 0
    assert words["end"][-1] < seconds
    assert not {"timestamps", "phoneme_timestamps"} & {event["type"] for event in events(post(api))}


def test_times_of_a_long_text_go_on_from_piece_to_piece(api):
    found = events(post(api, LONG[:1500], add_timestamps=True))
    rows = [event["word_timestamps"] for event in found if event["type"] == "timestamps"]
    assert len(rows) > 3
    starts = [start for row in rows for start in row["start"]]
    assert starts == sorted(starts)
    assert [word for row in rows for word in row["words"]] == LONG[:1500].split()
    assert sum(map(len, audio(found))) / 48000 - 2 < starts[-1]


def test_other_languages_have_words_but_no_phonemes(api):
    found = events(post(api, "Guten Morgen, die Sonne scheint.", language="de", add_timestamps=True))
    assert [event["word_timestamps"]["words"] for event in found if event["type"] == "timestamps"] == [
        ["Guten", "Morgen,", "die", "Sonne", "scheint."]
    ]
    refused = post(api, "Guten Morgen.", language="de", add_phoneme_timestamps=True)
    assert refused.status_code == 400
    assert "en only" in refused.json()["message"]


def test_there_are_no_clicks_where_pieces_meet(api):
    output = RAW | {"sample_rate": 44100, "encoding": "pcm_f32le"}
    sound = np.frombuffer(b"".join(audio(events(post(api, LONG[:1000], output_format=output)))), "<f4")
    steps = np.abs(np.diff(sound))
    # Speech has its greatest steps inside words; a seam in a pause would stand out there.
    quiet = np.convolve(np.abs(sound), np.ones(441) / 441, "same")[:-1] < 0.001
    assert steps[quiet].max() < 0.02


def test_the_first_sound_does_not_wait_for_the_last(api):
    post(api).close()
    began = time.perf_counter()
    with post(api, LONG[:6000], stream=True) as response:
        lines = response.iter_lines()
        first = next(lines)
        first_after = time.perf_counter() - began
        *_, last, _ = lines
    whole_after = time.perf_counter() - began
    assert json.loads(first.removeprefix(b"data: "))["type"] == "chunk"
    assert json.loads(last.removeprefix(b"data: "))["type"] == "done"
    assert first_after < 0.25 * whole_after


def test_work_ends_when_the_client_goes_away(start_api):
    api = start_api()
    post(api).close()
    server = psutil.Process(api.sandbox._process.pid)
    with post(api, LONG, stream=True) as response:
        next(response.iter_lines())
    time.sleep(1.5)
    before = sum(server.cpu_times()[:2])
    time.sleep(1.5)
    assert sum(server.cpu_times()[:2]) - before < 0.2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"output_format": RAW | {"container": "wav"}}, "must be raw"),
        ({"output_format": {"container": "mp3", "sample_rate": 44100, "bit_rate": 128000}}, "must be raw"),
        ({"transcript": "?!"}, "nothing in it"),
        ({"transcript": "漢字だけ"}, "nothing in it that can be spoken"),
        ({"transcript": f'{LONG[:1500]}<speed ratio="7"/>Hello.'}, "0.6 to 1.5"),
        ({"transcript": f"{LONG[:1500]} <<ʁ>>"}, "'ʁ'"),
        ({"transcript": f"{LONG[:1500]} <<ə>>", "language": "de"}, "English only"),
        ({"add_timestamps": "yes"}, "add_timestamps"),
        ({"use_normalized_timestamps": 1}, "use_normalized_timestamps"),
        ({"context_id": 5}, "context_id"),
        ({"model_id": "sonic-99"}, "sonic-99"),
    ],
)
def test_wrong_requests_are_refused_before_anything_is_streamed(api, fields, words):
    response = post(api, **({"transcript": TEXT} | fields))
    assert response.status_code == 400
    assert words in response.json()["message"]


# Too slow for the half hour that the sandbox speaks at most.
ENDLESS = {"transcript": f'<speed ratio="0.6"/>{LONG}', "generation_config": {"speed": 0.6}, "speed": "slow"}
TELEPHONE = {"container": "raw", "encoding": "pcm_mulaw", "sample_rate": 8000}


def test_what_goes_wrong_later_is_the_last_event(api):
    response = post(api, **ENDLESS, output_format=TELEPHONE)
    *_, before, last, nothing = response.text.split("\n\n")
    assert json.loads(before.removeprefix("data: "))["type"] == "chunk"
    name, data = last.split("\n")
    assert name == "event: error"
    event = json.loads(data.removeprefix("data: "))
    assert event["request_id"] == response.headers["X-Request-Id"]
    assert (event["type"], event["done"], event["status_code"]) == ("error", True, 400)
    assert "30 minutes" in event["message"]
    assert event["title"]
    assert event["error_code"] is None
    assert not nothing


def test_the_last_event_of_an_older_version_when_things_go_wrong(api):
    last = events(post(api, **ENDLESS, output_format=TELEPHONE, version="2025-11-04"))[-1]
    assert last["error"].startswith("Invalid request: ")
    assert (last["type"], last["done"], last["status_code"]) == ("error", True, 400)


def test_duration_cuts_streams_of_old_versions(api):
    found = events(post(api, version="2025-04-16", model_id="sonic-2", duration=0.8, add_timestamps=True))
    assert len(b"".join(audio(found))) == 0.8 * 48000
    (words,) = (event["word_timestamps"] for event in found if event["type"] == "timestamps")
    assert words["end"][-1] <= 0.8
