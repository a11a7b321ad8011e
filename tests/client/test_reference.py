"""The example calls of the API reference, as Python, unpinned, against the sandbox.

Where an example says ``"id"``, the id of something that was just made stands here; ids that look like ids
are the reference's own.
"""
# ruff: noqa: ARG005 - every example is called alike

import pytest

from cartesia_nb import Client

VOICE = "694f9389-aac1-45b6-b726-9d9369183238"
MP3 = {"container": "mp3", "sample_rate": 44100, "bit_rate": 128000}
PROMPT = "Task:\nEvaluate how engaged and satisfied the user is.\n\nReturn:\nOnly the category: HIGH, MEDIUM or LOW.\n"

# In the order of the reference. `made` has ids of what there is.
EXAMPLES = {
    "agents.list": lambda client, made: client.agents.list(),
    "agents.get": lambda client, made: client.agents.get("agent_123"),
    "agents.update": lambda client, made: client.agents.update(
        "agent_123", tts_voice="bf0a246a-8642-498a-9950-80c35e9276b5", tts_language="en"
    ),
    "agents.templates": lambda client, made: client.agents.templates(),
    "agents.listCalls": lambda client, made: client.agents.list_calls(agent_id="agent_demo"),
    "agents.getCall": lambda client, made: client.agents.get_call("ac_abc123"),
    "agents.phoneNumbers": lambda client, made: client.agents.phone_numbers("agent_demo"),
    "agents.listMetrics": lambda client, made: client.agents.list_metrics(),
    "agents.getMetric": lambda client, made: client.agents.get_metric("am_abc123"),
    "agents.createMetric": lambda client, made: client.agents.create_metric(
        name="evaluate-user-satisfaction", display_name="Evaluate User Satisfaction", prompt=PROMPT
    ),
    "agents.listMetricResults": lambda client, made: client.agents.list_metric_results(),
    "agents.exportMetricResults": lambda client, made: client.agents.export_metric_results(),
    "agents.addMetricToAgent": lambda client, made: client.agents.add_metric_to_agent("agent_123", "am_abc123"),
    "agents.removeMetricFromAgent": lambda client, made: client.agents.remove_metric_from_agent("agent_123", "am_abc123"),
    "agents.listDeployments": lambda client, made: client.agents.list_deployments("agent_demo"),
    "agents.getDeployment": lambda client, made: client.agents.get_deployment("ad_abc123"),
    "agents.delete": lambda client, made: client.agents.delete(made["agent"]),
    "apiStatus.get": lambda client, made: client.api_status.get(),
    "auth.accessToken": lambda client, made: client.auth.access_token(grants={"tts": True, "stt": True}, expires_in=60),
    "datasets.list": lambda client, made: client.datasets.list(),
    "datasets.create": lambda client, made: client.datasets.create(name="name", description="description"),
    "datasets.get": lambda client, made: client.datasets.get(made["dataset"]),
    "datasets.update": lambda client, made: client.datasets.update(
        made["dataset"], name="name", description="description"
    ),
    "datasets.listFiles": lambda client, made: client.datasets.list_files(made["dataset"]),
    "fineTunes.list": lambda client, made: client.fine_tunes.list(),
    "fineTunes.create": lambda client, made: client.fine_tunes.create(
        name="name", description="description", language="en", model_id="sonic-2", dataset=made["dataset"]
    ),
    "fineTunes.get": lambda client, made: client.fine_tunes.get(made["fine_tune"]),
    "fineTunes.listVoices": lambda client, made: client.fine_tunes.list_voices(made["fine_tune"]),
    "fineTunes.delete": lambda client, made: client.fine_tunes.delete(made["fine_tune"]),
    "datasets.deleteFile": lambda client, made: client.datasets.delete_file(made["dataset"], made["file"]),
    "datasets.delete": lambda client, made: client.datasets.delete(made["dataset"]),
    "infill.bytes": lambda client, made: client.infill.bytes(
        left_audio="file.wav", right_audio="file.wav", model_id="sonic-2", language="en",
        transcript="middle segment", voice_id=VOICE, output_format=MP3,
    ),
    "pronunciationDicts.list": lambda client, made: client.pronunciation_dicts.list(),
    "pronunciationDicts.create": lambda client, made: client.pronunciation_dicts.create(name="name", items=None),
    "pronunciationDicts.get": lambda client, made: client.pronunciation_dicts.get(made["dictionary"]),
    "pronunciationDicts.update": lambda client, made: client.pronunciation_dicts.update(made["dictionary"]),
    "pronunciationDicts.pin": lambda client, made: client.pronunciation_dicts.pin(made["dictionary"]),
    "pronunciationDicts.unpin": lambda client, made: client.pronunciation_dicts.unpin(made["dictionary"]),
    "pronunciationDicts.delete": lambda client, made: client.pronunciation_dicts.delete(made["dictionary"]),
    "stt.transcribe": lambda client, made: client.stt.transcribe(file="file.wav", model="ink-whisper", language="en"),
    "tts.bytes": lambda client, made: client.tts.bytes(
        model_id="sonic-2", transcript="Hello, world!", voice={"mode": "id", "id": VOICE}, language="en",
        output_format=MP3,
    ),
    "tts.sse": lambda client, made: list(client.tts.sse(
        model_id="sonic-2", transcript="Hello, world!", voice={"mode": "id", "id": VOICE}, language="en",
        output_format={"container": "raw", "sample_rate": 44100, "encoding": "pcm_f32le"},
    )),
    "voiceChanger.bytes": lambda client, made: client.voice_changer.bytes(
        clip="file.wav", voice_id=VOICE, output_format=MP3
    ),
    "voiceChanger.sse": lambda client, made: list(client.voice_changer.sse(
        clip="file.wav", voice_id=VOICE, output_format=MP3
    )),
    "voices.list": lambda client, made: client.voices.list(gender=None),
    "voices.clone": lambda client, made: client.voices.clone(
        clip="file.wav", name="A high-similarity cloned voice", description="Copied from Cartesia docs", language="en"
    ),
    "voices.delete": lambda client, made: client.voices.delete(made["voice"]),
    "voices.update": lambda client, made: client.voices.update(
        "8f7d3c2e-1a2b-3c4d-5e6f-7g8h9i0j1k2l", name="Sarah Peninsular Spanish",
        description="Sarah Voice in Peninsular Spanish", gender="feminine",
    ),
    "voices.get": lambda client, made: client.voices.get(VOICE),
    "voices.localize": lambda client, made: client.voices.localize(
        voice_id=VOICE, name="Sarah Peninsular Spanish", description="Sarah Voice in Peninsular Spanish",
        language="es", original_speaker_gender="female", dialect="pe",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def client(sandbox):
    return Client(sandbox.key, base_url=sandbox.url)


@pytest.fixture(scope="module")
def clip(client):
    return client.tts.bytes(
        "This is a clip of about five seconds, in which somebody talks about the weather."
    ).data


@pytest.fixture(scope="module")
def made(client, clip):
    dataset = client.datasets.create(name="name", description="description").id
    for _ in range(2):
        client.datasets.upload_file(dataset, clip)
    tune = {"name": "n", "description": "d", "language": "en", "model_id": "sonic-2", "dataset": dataset}
    return {
        "agent": client.agents.list().query("id not in ['agent_123', 'agent_demo']").id.iloc[0],
        "dataset": dataset,
        "file": client.datasets.list_files(dataset).id[0],
        "fine_tune": client.fine_tunes.create(**tune).id,
        "dictionary": client.pronunciation_dicts.create(name="name").id,
        "voice": client.voices.clone(clip, name="n", language="en").id,
    }


def test_there_is_an_example_of_each_method():
    assert len(EXAMPLES) == 50


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example(name, client, made, clip, tmp_path):
    (tmp_path / "file.wav").write_bytes(clip)
    EXAMPLES[name](client, made)
