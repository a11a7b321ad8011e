"""The official Python SDK speaks and listens: what it gets has the format, the words and the times."""

import base64
import io
import itertools
import time

import cartesia
import numpy as np
import pytest
from peers.sound import MAN, MP3, RAW, SENTENCE, SUBTYPES, VOICE, WAV, check_speech, check_words, decode
from recogniser import word_error_rate

from cartesia_nb.sandbox.speech.pitch import median_f0

SPEECH = {"model_id": "sonic-3.5", "transcript": SENTENCE, "voice": VOICE, "output_format": WAV}
RATES = (8000, 16000, 22050, 24000, 44100, 48000)
FORMATS = [
    {"container": container, "encoding": encoding, "sample_rate": 24000}
    for container, encoding in itertools.product(("wav", "raw"), SUBTYPES)
]
FORMATS += [WAV | {"sample_rate": rate} for rate in RATES]
FORMATS += [MP3 | {"bit_rate": rate} for rate in (32000, 64000, 96000, 128000, 192000)]
CHANGED = {"output_format_container": "wav", "output_format_encoding": "pcm_s16le"}
CHANGED |= {"output_format_sample_rate": 24000, "voice_id": MAN}


@pytest.mark.calls("tts.generate")
@pytest.mark.parametrize("output", FORMATS, ids=lambda output: "-".join(map(str, output.values())))
def test_every_format_is_understood(client, output):
    audio = client.tts.generate(**SPEECH | {"output_format": output}).read()
    samples = check_speech(SENTENCE, audio, output)
    assert 2 < len(samples) / output["sample_rate"] < 5


def speak(client, transcript=SENTENCE, **fields):
    return decode(client.tts.generate(**SPEECH | {"transcript": transcript} | fields).read(), WAV)


def test_a_voice_is_named_in_three_ways(client):
    ways = [speak(client, voice=voice) for voice in (VOICE, {"id": VOICE}, {"mode": "id", "id": VOICE})]
    assert np.array_equal(ways[0], ways[1])
    assert np.array_equal(ways[0], ways[2])
    assert median_f0(speak(client, voice=MAN)) < 0.8 * median_f0(ways[0])


def test_speed_and_volume(client):
    plain, fast, loud = (
        speak(client, generation_config=config) for config in ({}, {"speed": 1.5}, {"volume": 2.0})
    )
    assert len(fast) == pytest.approx(len(plain) / 1.5, rel=0.1)
    assert np.abs(loud).mean() > 1.5 * np.abs(plain).mean()
    assert len(speak(client, speed="slow")) > 1.1 * len(plain)


@pytest.mark.parametrize("named", [{"language": "de"}, {"locale": "de-DE"}])
def test_another_language_is_not_english(client, named):
    german = client.tts.generate(**SPEECH | {"transcript": "Der Zug fährt durch das schöne Tal."} | named)
    with pytest.raises(AssertionError, match="heard"):
        check_speech("Der Zug fährt durch das schöne Tal.", german.read(), WAV)
    assert not np.array_equal(speak(client, **named), speak(client))


def test_a_dictionary_says_it_otherwise(client):
    made = client.pronunciation_dicts.create(name="ships", items=[{"text": "boats", "alias": "trains"}])
    check_words(
        SENTENCE.replace("boats", "trains"), speak(client, pronunciation_dict_id=made.id), WAV["sample_rate"]
    )


def test_a_saved_file_has_an_id(client):
    saved = client.tts.with_raw_response.generate(**SPEECH, save=True)
    assert saved.headers["Cartesia-File-ID"]
    assert saved.headers["Content-Type"] == "audio/wav"
    assert "Cartesia-File-ID" not in client.tts.with_raw_response.generate(**SPEECH).headers


@pytest.mark.calls("tts.bytes")
def test_the_older_name_of_generate(client, clips):
    with pytest.deprecated_call():
        parts = client.tts.bytes(**SPEECH)
    assert b"".join(parts) == clips.woman


@pytest.mark.calls("tts.generate_sse")
@pytest.mark.parametrize("encoding", SUBTYPES)
def test_a_stream_has_the_sound_of_the_whole(client, encoding):
    output = RAW | {"encoding": encoding}
    with client.tts.generate_sse(**SPEECH | {"output_format": output}, context_id="mine") as stream:
        *chunks, done = stream
    assert {(chunk.type, chunk.done, chunk.status_code) for chunk in chunks} == {("chunk", False, 206)}
    assert {event.context_id for event in [*chunks, done]} == {"mine"}
    assert (done.type, done.done) == ("done", True)
    whole = client.tts.generate(**SPEECH | {"output_format": output}).read()
    assert b"".join(chunk.audio for chunk in chunks) == whole
    assert len(chunks) > 5


@pytest.mark.calls("tts.sse")
def test_times_of_words_and_phonemes(client):
    text = f"{SENTENCE} Nobody hears them. {SENTENCE}"
    fields = SPEECH | {"transcript": text, "output_format": RAW}
    events = list(client.tts.sse(**fields, add_timestamps=True, add_phoneme_timestamps=True))
    seconds = len(b"".join(event.audio for event in events if event.type == "chunk")) / 48000
    words = [event.word_timestamps for event in events if event.type == "timestamps"]
    phonemes = [event.phoneme_timestamps for event in events if event.type == "phoneme_timestamps"]
    assert [word for event in words for word in event.words] == text.split()
    assert len([sound for event in phonemes for sound in event.phonemes]) > len(text.split())
    for found in (words, phonemes):
        starts = [start for event in found for start in event.start]
        ends = [end for event in found for end in event.end]
        assert starts == sorted(starts)
        assert all(start < end for start, end in zip(starts, ends, strict=True))
        assert all(end <= start + 0.001 for end, start in zip(ends[:-1], starts[1:], strict=True))
        assert 0 <= starts[0] < 0.5
        assert seconds - 0.7 < ends[-1] <= seconds


def test_a_word_is_where_its_times_say(client):
    fields = SPEECH | {"output_format": RAW}
    events = list(client.tts.sse(**fields, add_timestamps=True))
    samples = decode(b"".join(event.audio for event in events if event.type == "chunk"), RAW)
    (times,) = (event.word_timestamps for event in events if event.type == "timestamps")
    at = times.words.index("quiet")
    half = round(24000 * times.start[at])
    check_words("The small boats drift slowly past the", samples[:half], 24000)
    check_words("quiet harbor", samples[half:], 24000)


def test_the_first_chunk_comes_before_the_last_is_made(client):
    long = SPEECH | {"transcript": f"{SENTENCE} " * 60, "output_format": RAW}
    began = time.perf_counter()
    with client.tts.generate_sse(**long) as stream:
        next(stream)
        first = time.perf_counter() - began
        assert list(stream)[-1].type == "done"
    assert first < 0.4 * (time.perf_counter() - began)


def test_a_stream_is_raw(client):
    with pytest.raises(cartesia.BadRequestError, match="raw"):
        client.tts.generate_sse(**SPEECH)


@pytest.mark.calls("tts.infill")
@pytest.mark.parametrize("output", [WAV, RAW | {"sample_rate": 44100}, MP3])
def test_infill_goes_between(client, output):
    texts = "She packed her yellow jacket", "and a warm red hat", "before the long voyage."
    early, late = (
        client.tts.generate(**SPEECH | {"transcript": texts[side], "output_format": WAV}).read()
        for side in (0, 2)
    )
    fields = {"model_id": "sonic-3", "language": "en", "transcript": texts[1], "voice_id": VOICE}
    fields |= {"output_format": output}
    middle = decode(client.tts.infill(**fields, left_audio=early, right_audio=late).read(), output)
    assert 0.8 < len(middle) / output["sample_rate"] < 2
    if output == WAV:
        check_words(" ".join(texts), np.concatenate([decode(early, WAV), middle, decode(late, WAV)]), 24000)
        tail = client.tts.infill(**fields, left_audio=("left.wav", early, "audio/wav")).read()
        check_words(" ".join(texts[:2]), np.concatenate([decode(early, WAV), decode(tail, WAV)]), 24000)
        with pytest.raises(cartesia.BadRequestError, match="left_audio or right_audio"):
            client.tts.infill(**fields)


def check_changed(audio, clip):
    before, after = decode(clip, WAV), check_speech(SENTENCE, audio, WAV)
    assert len(after) == pytest.approx(len(before), rel=0.05)
    assert median_f0(after) < 0.8 * median_f0(before)


@pytest.mark.calls("voice_changer.generate", "voice_changer.change_voice_bytes")
def test_another_voice_says_the_same(client, clips):
    audio = client.voice_changer.generate(clip=clips.woman, **CHANGED).read()
    check_changed(audio, clips.woman)
    again = client.voice_changer.change_voice_bytes(clip=("clip.wav", clips.woman), **CHANGED)
    assert again.read() == audio
    mp3 = {"output_format_container": "mp3", "output_format_bit_rate": 128000, "voice_id": MAN}
    answer = client.voice_changer.generate(clip=clips.woman, output_format_sample_rate=44100, **mp3)
    check_speech(SENTENCE, answer.read(), MP3)


@pytest.mark.calls("voice_changer.generate_sse", "voice_changer.change_voice_sse")
def test_another_voice_in_pieces(client, clips):
    with client.voice_changer.generate_sse(clip=clips.woman, **CHANGED) as stream:
        *chunks, done = stream
    assert {(chunk.done, chunk.status_code, chunk.sample_rate) for chunk in chunks} == {(False, 206, 24000)}
    assert (done.done, done.status_code) == (True, 200)
    check_changed(b"".join(base64.b64decode(chunk.data) for chunk in chunks), clips.woman)
    with pytest.deprecated_call():
        assert client.voice_changer.change_voice_sse(clip=clips.woman, **CHANGED) is None


@pytest.mark.calls("stt.transcribe")
@pytest.mark.parametrize("output", [WAV, MP3], ids=["wav", "mp3"])
def test_speech_is_heard(client, output):
    audio = client.tts.generate(**SPEECH | {"output_format": output}).read()
    file = (f"speech.{output['container']}", io.BytesIO(audio))
    heard = client.stt.transcribe(file=file, model="ink-whisper", language="en")
    assert word_error_rate(SENTENCE, heard.text) == 0
    assert heard.duration == pytest.approx(len(decode(audio, output)) / output["sample_rate"], abs=0.1)
    assert (heard.type, heard.language, heard.words) == ("transcript", "en", None)
    assert heard.request_id


def test_times_of_words_that_are_heard(client, clips):
    heard = client.stt.transcribe(file=clips.woman, model="ink-whisper", timestamp_granularities=["word"])
    assert word_error_rate(SENTENCE, " ".join(word.word for word in heard.words)) == 0
    times = [time for word in heard.words for time in (word.start, word.end)]
    assert times == sorted(times)
    assert heard.duration - 1 < times[-1] <= heard.duration


@pytest.mark.parametrize("encoding", SUBTYPES)
def test_sound_without_a_header_is_heard(client, encoding):
    raw = client.tts.generate(**SPEECH | {"output_format": RAW | {"encoding": encoding}}).read()
    heard = client.stt.transcribe(file=raw, model="ink-whisper", encoding=encoding, sample_rate=24000)
    assert word_error_rate(SENTENCE, heard.text) == 0


def test_what_is_no_speech_is_refused(client):
    with pytest.raises(cartesia.BadRequestError):
        client.stt.transcribe(file=b"no sound at all", model="ink-whisper")
    with pytest.raises(cartesia.BadRequestError, match="ink-whisper"):
        client.stt.transcribe(file=b"no sound at all", model="ink-2")
