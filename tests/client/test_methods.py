"""Every method against the sandbox, in every version that has it; docs/methods.md lists them."""

import importlib.util
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import requests
from recogniser import transcribe, word_error_rate

from cartesia_nb import Client, Resource, Speech, Transcript
from cartesia_nb.wire.errors import APIError, InputError, NotFound
from cartesia_nb.wire.versions import LIMITED_METHODS, NEWEST, V2025_04, V2025_11

PAGE = Path(__file__).parents[2] / "docs" / "methods.md"
NOBODY = "00000000-0000-4000-8000-000000000000"
BRUNO = "694f9389-aac1-45b6-b726-9d9369183238"
TEXT = "The quick brown fox jumps over the lazy dog."


@pytest.fixture(scope="module")
def fox(sandbox):
    """Four seconds of speech."""
    client = Client(sandbox.key, base_url=sandbox.url)
    return client.tts.bytes(f"{TEXT} It never looks back at the dog.", output_format="wav:pcm_s16le@24000")


@pytest.fixture(params=[None, V2025_11, V2025_04], ids=lambda version: version or "unpinned")
def client(request, sandbox):
    return Client(sandbox.key, base_url=sandbox.url, version=request.param)


def pinned(client):
    return client._transport.options.version


def hears(speech, text=TEXT, most=0.25):
    heard = transcribe(np.atleast_1d(speech.samples), speech.sample_rate)
    assert word_error_rate(text, heard) <= most, heard
    return True


def gone(call, *arguments):
    with pytest.raises(NotFound):
        call(*arguments)
    return True


# -- agents -------------------------------------------------------------------------------------------


def agents_list(client, _fox):
    table = client.agents.list()
    assert {"agent_123", "agent_demo"} <= set(table.id)
    assert str(table.created_at.dtype) == "datetime64[ns, UTC]"
    assert table.deployment_count.sum() > 0


def agents_get(client, _fox):
    assert client.agents.get("agent_demo").id == "agent_demo"
    assert gone(client.agents.get, "agent_nobody")


def agents_update(client, _fox):
    before = client.agents.get("agent_123")
    changed = client.agents.update(
        "agent_123", tts_voice="bf0a246a-8642-498a-9950-80c35e9276b5", tts_language="en", description="new"
    )
    assert (changed.tts_voice, changed.description) == ("bf0a246a-8642-498a-9950-80c35e9276b5", "new")
    assert client.agents.get("agent_123").description == "new"
    client.agents.update("agent_123", description=before.description, tts_voice=before.tts_voice)


def agents_delete(client, _fox):
    doomed = [found for found in client.agents.list().id if found not in ("agent_123", "agent_demo")]
    client.agents.delete(doomed[-1])
    assert doomed[-1] not in set(client.agents.list().id)
    assert gone(client.agents.get, doomed[-1])


def agents_templates(client, _fox):
    table = client.agents.templates()
    assert len(table) > 1
    assert table.repo_url.str.startswith("http").all()


def agents_phone_numbers(client, _fox):
    table = client.agents.phone_numbers("agent_demo")
    assert table.number.str.contains("555").all()
    assert len(table) == 1


def agents_list_deployments(client, _fox):
    table = client.agents.list_deployments("agent_demo")
    assert (table.agent_id == "agent_demo").all()
    assert table.is_live.sum() == 1


def agents_get_deployment(client, _fox):
    known = client.agents.list_deployments("agent_demo").iloc[0]
    assert client.agents.get_deployment(known.id).status == known.status
    assert gone(client.agents.get_deployment, "ad_nobody")


def agents_list_calls(client, _fox):
    calls = client.agents.list_calls(agent_id="agent_demo")
    assert len(calls) > 30
    assert calls.id.is_unique
    assert calls.start_time.dropna().is_monotonic_decreasing
    assert calls.transcript.isna().all()
    told = client.agents.list_calls(agent_id="agent_demo", expand="transcript", limit=15)
    assert len(told) == 15
    assert told.transcript.map(lambda turns: isinstance(turns, list) and turns[0]["role"]).any()


def agents_get_call(client, _fox):
    call = client.agents.get_call("ac_abc123")
    assert call.transcript[0]["text"]
    assert gone(client.agents.get_call, "ac_nobody")


def agents_list_turns(client, _fox):
    turns = client.agents.list_turns("ac_abc123")
    assert {"user", "assistant"} <= set(turns.role)
    assert (turns.end >= turns.start).all()
    assert turns.start.is_monotonic_increasing


def agents_download_call_audio(client, _fox):
    recording = client.agents.download_call_audio("ac_abc123")
    turn = client.agents.list_turns("ac_abc123").query("role == 'assistant'").iloc[0]
    assert recording.duration >= turn.end
    assert hears(recording[turn.start : turn.end], turn.text)


def agents_list_metrics(client, _fox):
    table = client.agents.list_metrics()
    assert "am_abc123" in set(table.id)
    assert table.prompt.str.len().min() > 10


def agents_get_metric(client, _fox):
    assert client.agents.get_metric("am_abc123").id == "am_abc123"
    assert gone(client.agents.get_metric, "am_nobody")


def agents_create_metric(client, _fox):
    name = f"metric-{len(client.agents.list_metrics())}"
    made = client.agents.create_metric(name=name, display_name="A metric", prompt="Was the caller content?")
    assert client.agents.get_metric(made.id) == made
    assert made.id in set(client.agents.list_metrics().id)


def agents_add_metric_to_agent(client, _fox):
    client.agents.add_metric_to_agent("agent_demo", "am_abc123")
    assert gone(client.agents.add_metric_to_agent, "agent_demo", "am_nobody")


def agents_remove_metric_from_agent(client, _fox):
    client.agents.add_metric_to_agent("agent_demo", "am_abc123")
    client.agents.remove_metric_from_agent("agent_demo", "am_abc123")
    assert not client.agents.list_metric_results(metric_id="am_abc123").empty


def agents_list_metric_results(client, _fox):
    table = client.agents.list_metric_results(agent_id="agent_demo")
    assert len(table) > 30
    assert table.id.is_unique
    assert (table.agent_id == "agent_demo").all()
    assert str(table.created_at.dtype) == "datetime64[ns, UTC]"
    assert any(name.startswith("json_result.") for name in table)
    if pinned(client) != V2025_04:
        day = table.created_at.max().strftime("%Y-%m-%d")
        assert 0 < len(client.agents.list_metric_results(agent_id="agent_demo", start_date=day)) < len(table)


def agents_export_metric_results(client, _fox):
    table = client.agents.export_metric_results(agent_id="agent_demo", metric_id="am_abc123")
    listed = client.agents.list_metric_results(agent_id="agent_demo", metric_id="am_abc123")
    assert set(table.id) == set(listed.id)
    assert client.agents.export_metric_results(call_id="ac_nobody").empty
    path = client.agents.export_metric_results(metric_id="am_abc123", path="results.csv")
    assert len(pd.read_csv(path)) >= len(table)


# -- api_status, auth ---------------------------------------------------------------------------------


def api_status_get(client, _fox):
    assert client.api_status.get().ok is True


def auth_access_token(client, _fox):
    token = client.auth.access_token(grants={"tts": True}, expires_in=60).token
    other = Client(token, base_url=client.base_url, version=pinned(client))
    assert other.tts.bytes("Hi").duration > 0
    with pytest.raises(APIError) as refused:
        other.voices.list()
    assert refused.value.status == 403


# -- datasets, fine-tunes -----------------------------------------------------------------------------


def a_dataset(client, *files):
    made = client.datasets.create(name="Readings", description="For a voice")
    for file in files:
        client.datasets.upload_file(made.id, file)
    return made


def datasets_list(client, _fox):
    ids = [a_dataset(client).id for _ in range(3)]
    table = client.datasets.list(page_size=2)
    assert set(ids) <= set(table.id)
    assert table.id.is_unique


def datasets_create(client, _fox):
    assert a_dataset(client).description == "For a voice"


def datasets_get(client, _fox):
    made = a_dataset(client)
    assert client.datasets.get(made.id) == made


def datasets_update(client, _fox):
    made = a_dataset(client)
    client.datasets.update(made.id, name="Other", description="New")
    assert (client.datasets.get(made.id).name, client.datasets.get(made.id).description) == ("Other", "New")


def datasets_delete(client, _fox):
    made = a_dataset(client)
    client.datasets.delete(made.id)
    assert gone(client.datasets.get, made.id)


def datasets_list_files(client, fox):
    made = a_dataset(client, fox, fox)
    files = client.datasets.list_files(made.id, page_size=1)
    assert files["size"].to_list() == [len(fox.data)] * 2
    assert files.id.is_unique


def datasets_upload_file(client, fox):
    made = a_dataset(client)
    fox.save("fox.wav")
    client.datasets.upload_file(made.id, "fox.wav")
    assert client.datasets.list_files(made.id).filename.to_list() == ["fox.wav"]


def datasets_delete_file(client, fox):
    made = a_dataset(client, fox)
    client.datasets.delete_file(made.id, client.datasets.list_files(made.id).id[0])
    assert client.datasets.list_files(made.id).empty


def a_fine_tune(client, fox):
    return client.fine_tunes.create(
        name="Fox",
        description="d",
        language="en",
        model_id="sonic-3-2026-01-12",
        dataset=a_dataset(client, fox).id,
    )


def fine_tunes_list(client, fox):
    made = a_fine_tune(client, fox)
    assert made.id in set(client.fine_tunes.list().id)


def fine_tunes_create(client, fox):
    assert a_fine_tune(client, fox).status in ("created", "training")


def fine_tunes_get(client, fox):
    made = a_fine_tune(client, fox)
    assert client.fine_tunes.get(made.id).name == "Fox"


def fine_tunes_delete(client, fox):
    made = a_fine_tune(client, fox)
    client.fine_tunes.delete(made.id)
    assert gone(client.fine_tunes.get, made.id)


def fine_tunes_list_voices(client, fox):
    made = a_fine_tune(client, fox)
    assert client.fine_tunes.list_voices(made.id).empty
    clock = f"{client.base_url}/sandbox/clock"
    requests.post(clock, json={"advance": 7200}, headers={"X-API-Key": "any"}, timeout=9)
    assert client.fine_tunes.get(made.id).status == "completed"
    (voice,) = client.fine_tunes.list_voices(made.id).id
    assert hears(client.tts.bytes(TEXT, voice=voice))


# -- pronunciation dictionaries -----------------------------------------------------------------------


def a_dictionary(client, **items):
    return client.pronunciation_dicts.create(name="Words", items=items or {"fox": "cat"})


def pronunciation_dicts_list(client, _fox):
    made = a_dictionary(client)
    table = client.pronunciation_dicts.list()
    assert made.id in set(table.id)
    assert table.pinned.dtype == "boolean"


def pronunciation_dicts_create(client, _fox):
    made = a_dictionary(client)
    options = {"pronunciation_dict_id": made.id}
    if pinned(client) == V2025_04:
        options = {"pronunciation_dict_ids": [made.id], "model_id": "sonic-2"}
    assert "cat" in transcribe(client.tts.bytes(TEXT, **options).samples, 44100).lower()


def pronunciation_dicts_get(client, _fox):
    made = a_dictionary(client)
    assert client.pronunciation_dicts.get(made.id) == made
    assert gone(client.pronunciation_dicts.get, "pdict_nobody")


def pronunciation_dicts_update(client, _fox):
    made = a_dictionary(client)
    words = pd.DataFrame({"text": ["dog"], "alias": ["cow"]})
    changed = client.pronunciation_dicts.update(made.id, name="Other", items=words)
    assert changed.name == "Other"
    assert [(item["text"], item["alias"]) for item in changed["items"]] == [("dog", "cow")]


def pronunciation_dicts_delete(client, _fox):
    made = a_dictionary(client)
    client.pronunciation_dicts.delete(made.id)
    assert gone(client.pronunciation_dicts.get, made.id)


def pronunciation_dicts_pin(client, _fox):
    made = a_dictionary(client)
    client.pronunciation_dicts.pin(made.id)
    assert client.pronunciation_dicts.get(made.id).pinned is True


def pronunciation_dicts_unpin(client, _fox):
    made = a_dictionary(client)
    client.pronunciation_dicts.pin(made.id)
    client.pronunciation_dicts.unpin(made.id)
    assert client.pronunciation_dicts.get(made.id).pinned is False


# -- speech -------------------------------------------------------------------------------------------


def tts_bytes(client, _fox):
    speech = client.tts.bytes(TEXT, output_format="mp3")
    assert isinstance(speech, Speech)
    assert hears(speech)
    assert (speech.backend, speech.mimetype) == ("sandbox", "audio/mpeg")


def tts_sse(client, _fox):
    stream = client.tts.sse(TEXT, add_timestamps=True, add_phoneme_timestamps=True, context_id="mine")
    kinds = [event.type for event in stream]
    assert {"chunk", "timestamps", "phoneme_timestamps"} < set(kinds)
    assert kinds[-1] == "done"
    speech = stream.collect()
    assert hears(speech)
    words = speech.words
    assert " ".join(words.word) == TEXT
    assert words.start.is_monotonic_increasing
    assert words.end.iloc[-1] <= speech.duration
    assert len(speech.phonemes) > len(words)


def infill_bytes(client, fox):
    left, right = fox[:1.2], fox[2.0:]
    middle = client.infill.bytes(
        "and the cat", left_audio=left, right_audio=right, output_format="wav:pcm_s16le@24000"
    )
    assert hears(middle, "and the cat", most=0.34)
    assert (left + middle + right).duration > left.duration + right.duration


def voice_changer_bytes(client, fox):
    changed = client.voice_changer.bytes(fox, voice_id=BRUNO)
    assert abs(changed.duration / fox.duration - 1) < 0.03
    assert hears(changed, fox.transcript)
    assert changed.provenance["credits"] == int(np.ceil(15 * fox.duration))


def voice_changer_sse(client, fox):
    changed = client.voice_changer.sse(fox, voice_id=BRUNO).collect()
    assert hears(changed, fox.transcript)


def stt_transcribe(client, fox):
    heard = client.stt.transcribe(fox)
    assert isinstance(heard, Transcript)
    assert word_error_rate(fox.transcript, heard.text) <= 0.1
    assert heard.duration == pytest.approx(fox.duration, abs=0.01)
    assert heard.words.end.iloc[-1] <= fox.duration
    table = client.stt.transcribe([fox, fox], timestamp_granularities=None)
    assert table.text.to_list() == [heard.text] * 2


# -- voices -------------------------------------------------------------------------------------------


def a_voice(client, fox):
    return client.voices.clone(fox, name="Fox", description="d", language="en")


def voices_list(client, _fox):
    table = client.voices.list(page_size=7)
    assert len(table) > 35
    assert table.id.is_unique
    feminine = client.voices.list(gender="feminine")
    assert 0 < len(feminine) < len(table)
    assert len(client.voices.list(gender=None, limit=5)) == 5
    if pinned(client) is None:
        starred = client.voices.list(is_starred=True, expand=["is_starred"])
        assert starred.is_starred.all()
        assert 0 < len(starred) < 10


def voices_clone(client, fox):
    made = a_voice(client, fox)
    assert (made.name, made.language) == ("Fox", "en")
    assert client.voices.get(made.id).is_owner is True
    assert made.id in set(client.voices.list(is_owner=True).id)
    assert hears(client.tts.bytes(TEXT, voice=made))


def voices_delete(client, fox):
    made = a_voice(client, fox)
    client.voices.delete(made.id)
    assert gone(client.voices.get, made.id)


def voices_update(client, fox):
    made = a_voice(client, fox)
    changed = client.voices.update(made.id, name="Wolf", description="grey", gender="masculine")
    assert (changed.name, changed.gender) == ("Wolf", "masculine")
    assert client.voices.get(made.id).description == "grey"


def voices_get(client, _fox):
    assert client.voices.get(BRUNO).language == "en"
    assert gone(client.voices.get, NOBODY)


def voices_preview(client, fox):
    preview = client.voices.preview(BRUNO)
    assert hears(preview, "Hello! I am Bruno, and this is how my voice sounds.")
    assert (preview.provenance["voice_id"], preview.backend) == (BRUNO, "sandbox")
    assert client.voices.preview(a_voice(client, fox).id) is None


def voices_localize(client, _fox):
    told = {"description": "d", "language": "es", "original_speaker_gender": "male"}
    made = client.voices.localize(voice_id=BRUNO, name="Bruno in Madrid", dialect="pe", **told)
    assert client.voices.get(made.id).language == "es"
    if pinned(client) is None:
        client.voices.localize(voice_id=BRUNO, name="Bruno in Mexico", accent="mexican")
    assert client.tts.bytes("Buenos días.", voice=made.id).duration > 0.3


def voices_list_accents(client, _fox):
    table = client.voices.list_accents()
    assert {"castilian", "mexican", "general-american"} <= set(table.id)


def voices_add_accents(client, fox):
    made = a_voice(client, fox)
    changed = client.voices.add_accents(made.id, accents=["castilian"])
    assert "es-ES" in {item["locale"] for item in changed.locales}


def voices_delete_accent(client, fox):
    made = a_voice(client, fox)
    client.voices.add_accents(made.id, accents=["castilian"])
    changed = client.voices.delete_accent(made.id, "castilian")
    assert "es-ES" not in {item["locale"] for item in changed.locales}


def documented():
    return re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("name", documented())
def test_a_method(name, client, fox):
    known = LIMITED_METHODS.get(name, (None, NEWEST, V2025_11, V2025_04))
    version = pinned(client)
    scenario = globals()[name.replace(".", "_")]
    if version is None or version in known:
        scenario(client, fox)
        return
    section, method = name.split(".")
    arguments = {"add_accents": {"id": BRUNO, "accents": ["castilian"]}, "list_accents": {}}.get(
        method, {"id": BRUNO} | ({"accent_id": "castilian"} if method == "delete_accent" else {})
    )
    with pytest.raises(InputError, match=f"does not exist in Cartesia-Version {version}"):
        getattr(getattr(client, section), method)(**arguments)


def test_there_are_fifty_and_five():
    names = documented()
    assert len(names) == len(set(names)) == 50 + 5 + 2
    assert {"agents.list_turns", "voices.preview"} < set(names)


def test_the_page_is_what_the_code_says():
    spec = importlib.util.spec_from_file_location("methods", PAGE.with_suffix(".py"))
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    assert PAGE.read_text(encoding="utf-8") == writer.page(), "run python docs/methods.py"


def test_single_things_are_resources(client, fox):
    assert isinstance(client.voices.get(BRUNO), Resource)
