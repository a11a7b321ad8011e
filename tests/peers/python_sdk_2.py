"""Call every method of ``cartesia`` 2.0.17, the official SDK of 2024-11-13, and say what it makes of the answers.

A program for an environment of that SDK's own: ``python python_sdk_2.py URL KEY FOLDER``. For each method it
prints a line of JSON with ``method``, ``error`` (null if all is well) and ``speech``: WAV files in the folder,
and what they should say.
"""

import base64
import inspect
import io
import json
import sys
import time
import wave
from pathlib import Path
from uuid import uuid4

import httpx
from cartesia import Cartesia
from cartesia.core.api_error import ApiError
from cartesia.tts.utils.tts import concat_audio_segments

URL, KEY, FOLDER = sys.argv[1:4]
WOMAN, MAN = "e07c00bc-4134-4eae-9ea4-1a55fb45746b", "694f9389-aac1-45b6-b726-9d9369183238"
SENTENCE = "The small boats drift slowly past the quiet harbor."
WAV = {"container": "wav", "encoding": "pcm_s16le", "sample_rate": 24000}
RAW = WAV | {"container": "raw"}
SPEECH = {"model_id": "sonic-2", "language": "en", "transcript": SENTENCE, "output_format": WAV}
SPEECH |= {"voice": {"mode": "id", "id": WOMAN}}
# In forms the format is written flat.
FLAT = {f"output_format_{name}": value for name, value in WAV.items()}
CLONE = {"language": "en", "mode": "similarity"}

client = Cartesia(api_key=KEY, base_url=URL)
checks = {}


def check(method):
    def keep(function):
        checks[method] = function
        return function

    return keep


def speak(**fields):
    return b"".join(client.tts.bytes(**SPEECH | fields))


def seconds(audio):
    with wave.open(io.BytesIO(audio)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (24000, 1, 2)
        return file.getnframes() / 24000


def refused(status, words, call, *args, **fields):
    """Fail unless a call is refused in the way of the old versions: as text."""
    refusal = None
    try:
        answer = call(*args, **fields)
        if inspect.isgenerator(answer):
            list(answer)
    except ApiError as error:
        refusal = error
    assert refusal is not None, f"{call.__name__} was not refused"
    assert refusal.status_code == status, refusal
    assert isinstance(refusal.body, str), refusal
    assert words in refusal.body, refusal


@check("api_status.get")
def _():
    info = client.api_status.get()
    assert info.ok
    assert info.version


@check("auth.access_token")
def _():
    token = client.auth.access_token(grants={"tts": True}, expires_in=60).token
    headers = {"Authorization": f"Bearer {token}", "Cartesia-Version": "2024-11-13"}
    assert httpx.post(f"{URL}/tts/bytes", json=SPEECH, headers=headers, timeout=60).content == speak()
    assert httpx.get(f"{URL}/voices/", headers=headers).status_code == 403
    refused(400, "3600", client.auth.access_token, expires_in=3601)


@check("tts.bytes")
def _():
    audio = speak()
    assert 2 < seconds(audio) < 5
    assert len(speak(output_format=RAW)) == round(seconds(audio) * 48000)
    fast = speak(model_id="sonic-3", generation_config={"speed": 1.5})
    assert seconds(fast) < 0.8 * seconds(audio)
    assert seconds(speak(speed="slow")) > 1.1 * seconds(audio)
    assert seconds(speak(duration=1)) <= 1
    refused(400, "sonic-99", client.tts.bytes, **SPEECH | {"model_id": "sonic-99"})
    refused(404, "voice", client.tts.bytes, **SPEECH | {"voice": {"mode": "id", "id": str(uuid4())}})
    refused(
        400, "mode", client.tts.bytes, **SPEECH | {"voice": {"mode": "embedding", "embedding": [0.1] * 192}}
    )
    return {"tts.bytes.wav": (audio, SENTENCE)}


@check("tts.sse")
def _():
    began = time.perf_counter()
    long = client.tts.sse(**SPEECH | {"output_format": RAW, "transcript": f"{SENTENCE} " * 60})
    assert next(long).type == "chunk"
    first = time.perf_counter() - began
    assert list(long)[-1].type == "done"
    assert first < 0.4 * (time.perf_counter() - began)
    timed = {"add_timestamps": True, "add_phoneme_timestamps": True, "context_id": "mine"}
    events = list(client.tts.sse(**SPEECH | {"output_format": RAW}, **timed))
    assert {event.context_id for event in events} == {"mine"}
    assert (events[-1].type, events[-1].done) == ("done", True)
    # The SDK drops what it cannot read without a word.
    sound = b"".join(base64.b64decode(event.data) for event in events if event.type == "chunk")
    assert sound == speak(output_format=RAW)
    (words,) = (event.word_timestamps for event in events if event.type == "timestamps")
    (phonemes,) = (event.phoneme_timestamps for event in events if event.type == "phoneme_timestamps")
    assert words.words == SENTENCE.split()
    for times in (words, phonemes):
        assert times.start == sorted(times.start)
        assert all(start < end for start, end in zip(times.start, times.end, strict=True))
        assert len(sound) / 48000 - 0.7 < times.end[-1] <= len(sound) / 48000


@check("infill.bytes")
def _():
    texts = "She packed her yellow jacket", "and a warm red hat", "before the long voyage."
    left, right = speak(transcript=texts[0]), speak(transcript=texts[2])
    fields = {"model_id": "sonic-2", "language": "en", "transcript": texts[1], "voice_id": WOMAN, **FLAT}
    fields |= {"left_audio": left, "right_audio": right}
    middle = b"".join(client.infill.bytes(**fields))
    assert 0.8 < seconds(middle) < 2
    controls = {"voice_experimental_controls_speed": "slow", "voice_experimental_controls_emotion": ["anger"]}
    refused(400, "experimental controls", client.infill.bytes, **fields, **controls)
    refused(404, "voice", client.infill.bytes, **fields | {"voice_id": str(uuid4())})
    whole = concat_audio_segments(left, middle, right, format="wav")
    assert abs(seconds(whole) - sum(map(seconds, (left, middle, right)))) < 0.01
    return {"infill.bytes.wav": (whole, " ".join(texts))}


@check("stt.transcribe")
def _():
    audio = speak()
    heard = client.stt.transcribe(
        file=("speech.wav", audio), model="ink-whisper", language="en", timestamp_granularities=["word"]
    )
    assert heard.text == SENTENCE, heard.text
    assert heard.language == "en"
    assert abs(heard.duration - seconds(audio)) < 0.1
    assert [word.word for word in heard.words] == SENTENCE.split()
    times = [time for word in heard.words for time in (word.start, word.end)]
    assert times == sorted(times)
    assert heard.duration - 1 < times[-1] <= heard.duration
    raw = {"file": speak(output_format=RAW), "model": "ink-whisper"}
    assert client.stt.transcribe(**raw, encoding="pcm_s16le", sample_rate=24000).text == SENTENCE
    assert client.stt.transcribe(file=audio, model="ink-whisper").words is None
    refused(400, "ink-whisper", client.stt.transcribe, file=audio, model="ink-1")


@check("voice_changer.bytes")
def _():
    clip = speak()
    audio = b"".join(client.voice_changer.bytes(clip=clip, voice_id=MAN, **FLAT))
    assert audio != clip
    assert abs(seconds(audio) - seconds(clip)) < 0.1
    refused(400, "audio", client.voice_changer.bytes, clip=b"no sound at all", voice_id=MAN, **FLAT)
    return {"voice_changer.bytes.wav": (audio, SENTENCE)}


@check("voice_changer.sse")
def _():
    clip = speak()
    *chunks, done = client.voice_changer.sse(clip=clip, voice_id=MAN, **FLAT)
    assert {chunk.type for chunk in chunks} == {"chunk"}
    assert (done.type, done.done) == ("done", True)
    whole = b"".join(client.voice_changer.bytes(clip=clip, voice_id=MAN, **FLAT))
    assert b"".join(base64.b64decode(chunk.data) for chunk in chunks) == whole


@check("voices.list")
def _():
    everyone = list(client.voices.list(limit=100))
    ids = [voice.id for voice in everyone]
    assert len(ids) == len(set(ids)) > 30
    for limit in (1, 7):
        assert [voice.id for voice in client.voices.list(limit=limit)] == ids
    assert len(client.voices.list().items) == 10
    # The SDK's pages go on forward only.
    assert [voice.id for voice in client.voices.list(limit=5, ending_before=ids[7]).items] == ids[2:7]
    starred = [voice.id for voice in client.voices.list(is_starred=True)]
    expanded = client.voices.list(limit=100, expand=["is_starred"])
    assert starred == [voice.id for voice in expanded if voice.is_starred] != []
    assert {voice.is_starred for voice in everyone} == {None}
    mine = {voice.id for voice in client.voices.list(is_owner=True)}
    assert mine == {voice.id for voice in everyone if voice.is_owner}
    genders = ("masculine", "feminine", "gender_neutral")
    by_gender = [voice.id for gender in genders for voice in client.voices.list(gender=gender)]
    assert set(by_gender) <= set(ids)
    assert len(by_gender) == len(set(by_gender)) > 30


@check("voices.get")
def _():
    for listed in client.voices.list(limit=20).items:
        assert client.voices.get(listed.id) == listed
    refused(404, "voice", client.voices.get, str(uuid4()))


@check("voices.clone")
def _():
    clip = speak(voice={"mode": "id", "id": MAN})
    made = client.voices.clone(clip=clip, name="Double", description="Mine.", enhance=False, **CLONE)
    assert (made.name, made.description, made.language, made.is_public) == ("Double", "Mine.", "en", False)
    assert client.voices.list().items[0].id == made.id
    assert client.voices.get(made.id).is_owner
    refused(400, "mode", client.voices.clone, clip=clip, name="x", **CLONE | {"mode": "magic"})
    refused(400, "clip", client.voices.clone, clip=b"", name="x", **CLONE)
    audio = speak(voice={"mode": "id", "id": made.id})
    client.voices.delete(made.id)
    return {"voices.clone.wav": (audio, SENTENCE)}


@check("voices.update")
def _():
    made = client.voices.clone(clip=speak(), name="Old", **CLONE)
    changed = client.voices.update(made.id, name="New", description="New.")
    assert (changed.id, changed.name, changed.description) == (made.id, "New", "New.")
    assert client.voices.get(made.id) == changed
    client.voices.delete(made.id)
    refused(403, "catalogue", client.voices.update, WOMAN, name="Mine", description="")


@check("voices.delete")
def _():
    made = client.voices.clone(clip=speak(), name="Gone", **CLONE)
    assert client.voices.delete(made.id) is None
    refused(404, made.id, client.voices.get, made.id)
    refused(404, made.id, client.voices.delete, made.id)
    assert made.id not in {voice.id for voice in client.voices.list(limit=100)}


@check("voices.localize")
def _():
    fields = {"voice_id": MAN, "name": "Bruno", "description": "", "original_speaker_gender": "male"}
    made = client.voices.localize(**fields, language="es", dialect="mx")
    assert (made.name, made.language) == ("Bruno", "es")
    assert client.voices.get(made.id).language == "es"
    client.voices.delete(made.id)
    refused(400, "mx", client.voices.localize, **fields, language="es", dialect="uk")
    refused(404, "voice", client.voices.localize, **fields | {"voice_id": str(uuid4())}, language="de")


# The sandbox has no voice embeddings: what needs one is refused, and the SDK can say why.
@check("voices.create")
def _():
    embedding = {"name": "x", "description": "x", "embedding": [0.1] * 192}
    refused(405, "POST /voices", client.voices.create, **embedding)


@check("voices.mix")
def _():
    refused(405, "POST /voices/mix", client.voices.mix, voices=[{"id": WOMAN, "weight": 1}])


def find_methods(owner=client, prefix=""):
    """Return the names of all methods that call over HTTP."""
    for name, member in inspect.getmembers(owner):
        if name.startswith("_"):
            continue
        if inspect.ismethod(member):
            if "request_options" in inspect.signature(member).parameters:
                yield f"{prefix}{name}"
        elif not prefix and type(member).__module__.startswith("cartesia."):
            yield from find_methods(member, f"{name}.")


def judge(method):
    speech = {}
    if method not in checks:
        return {"method": method, "error": "no check calls it", "speech": speech}
    try:
        for name, (audio, text) in (checks[method]() or {}).items():
            Path(FOLDER, name).write_bytes(audio)
            speech[name] = text
    except Exception as error:  # noqa: BLE001 - whatever goes wrong is the verdict
        at = error.__traceback__.tb_next
        place = f" in line {at.tb_lineno}" if at else ""
        return {"method": method, "error": f"{type(error).__name__}{place}: {error}", "speech": speech}
    return {"method": method, "error": None, "speech": speech}


for method in sorted({*find_methods(), *checks}):
    print(json.dumps(judge(method)), flush=True)
