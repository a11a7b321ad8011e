"""The official Python SDK keeps datasets, fine-tunes and dictionaries, and gets tokens."""

import cartesia
import pytest
from peers.rows import check_pages, ids
from peers.sound import RAW, SENTENCE, VOICE, WAV, decode
from recogniser import word_error_rate

from cartesia_nb.sandbox.speech.pitch import median_f0

SPEECH = {"model_id": "sonic-3.5", "transcript": SENTENCE, "voice": VOICE, "output_format": WAV}
ITEMS = [{"text": "boats", "alias": "trains"}, {"text": "AI", "alias": "robots", "case_sensitive": True}]


@pytest.mark.calls("datasets.create", "datasets.retrieve", "datasets.list")
def test_datasets_are_kept(client):
    made = [client.datasets.create(name=f"Set {n}", description="" if n else "First.") for n in range(5)]
    assert [row.name for row in made] == [f"Set {n}" for n in range(5)]
    assert made[0].description == "First."
    assert made[0].created_at <= made[-1].created_at
    for row in made:
        assert client.datasets.retrieve(row.id) == row
        assert row in client.datasets.list(limit=100).data
    check_pages(client.datasets.list, ids(made))


@pytest.mark.calls("datasets.update", "datasets.delete")
def test_datasets_change_and_go(client):
    made = client.datasets.create(name="Old", description="Old.")
    assert client.datasets.update(made.id, name="New", description="New.") is None
    found = client.datasets.retrieve(made.id)
    assert (found.name, found.description, found.created_at) == ("New", "New.", made.created_at)
    assert client.datasets.delete(made.id) is None
    assert made.id not in ids(client.datasets.list(limit=100))
    with pytest.raises(cartesia.NotFoundError):
        client.datasets.retrieve(made.id)


@pytest.mark.calls("datasets.files.upload", "datasets.files.list", "datasets.files.delete")
def test_files_of_datasets(client, clips):
    dataset = client.datasets.create(name="Recordings", description="").id
    for number in range(4):
        file = (f"take {number}.wav", clips.man, "audio/wav")
        assert client.datasets.files.upload(dataset, file=file, purpose="fine_tune") is None
    files = list(client.datasets.files.list(dataset))
    assert [file.filename for file in files] == [f"take {n}.wav" for n in (3, 2, 1, 0)]
    assert {file.size for file in files} == {len(clips.man)}
    check_pages(lambda **page: client.datasets.files.list(dataset, **page), ids(files)[::-1])
    assert client.datasets.files.delete(files[1].id, id=dataset) is None
    assert ids(client.datasets.files.list(dataset)) == ids([files[0], *files[2:]])
    with pytest.raises(cartesia.NotFoundError):
        client.datasets.files.delete(files[1].id, id=dataset)
    with pytest.raises(cartesia.BadRequestError):
        client.datasets.files.upload(dataset, file=b"no sound at all", purpose="fine_tune")


@pytest.fixture
def fine_tune(client, clips):
    """Begin a fine-tune on a man's recording."""
    dataset = client.datasets.create(name="Man", description="").id
    client.datasets.files.upload(dataset, file=("man.wav", clips.man), purpose="fine_tune")
    return client.fine_tunes.create(
        name="Tuned",
        description="A man.",
        language="en",
        model_id="sonic-3-2026-01-12",
        dataset=dataset,
        accent="british",
    )


@pytest.mark.calls("fine_tunes.create", "fine_tunes.retrieve", "fine_tunes.list", "fine_tunes.list_voices")
def test_a_fine_tune_becomes_a_voice(client, clips, fine_tune, advance):
    assert (fine_tune.name, fine_tune.description, fine_tune.language) == ("Tuned", "A man.", "en")
    assert (fine_tune.llm_model_id, fine_tune.accent) == ("sonic-3-2026-01-12", "british")
    assert fine_tune.status == "created"
    assert client.fine_tunes.retrieve(fine_tune.id) == fine_tune
    assert list(client.fine_tunes.list_voices(fine_tune.id)) == []
    advance(120)
    assert client.fine_tunes.retrieve(fine_tune.id).status == "training"
    advance(600)
    assert client.fine_tunes.list(limit=1).data[0].status == "completed"
    (voice,) = client.fine_tunes.list_voices(fine_tune.id)
    assert voice == client.voices.get(voice.id)
    assert (voice.name, voice.accent, voice.is_owner) == ("Tuned", "british", True)
    spoken = client.tts.generate(**SPEECH | {"voice": voice.id}).read()
    assert median_f0(decode(spoken, WAV)) == pytest.approx(median_f0(decode(clips.man, WAV)), rel=0.1)


@pytest.mark.calls("fine_tunes.delete")
def test_fine_tunes_go_with_their_voices(client, fine_tune, advance):
    others = [
        client.fine_tunes.create(
            name=f"Tuned {n}",
            description="",
            language="en",
            model_id="sonic-3-2026-01-12",
            dataset=fine_tune.dataset,
        )
        for n in range(3)
    ]
    check_pages(client.fine_tunes.list, ids([fine_tune, *others]))
    advance(700)
    (voice,) = client.fine_tunes.list_voices(fine_tune.id)
    assert client.fine_tunes.delete(fine_tune.id) is None
    with pytest.raises(cartesia.NotFoundError):
        client.fine_tunes.retrieve(fine_tune.id)
    with pytest.raises(cartesia.NotFoundError):
        client.voices.get(voice.id)
    assert fine_tune.id not in ids(client.fine_tunes.list(limit=100))


def test_a_fine_tune_needs_a_dataset(client):
    with pytest.raises(cartesia.NotFoundError):
        client.fine_tunes.create(
            name="x", description="", language="en", model_id="sonic-3-2026-01-12", dataset="dataset_nobody"
        )


@pytest.mark.calls("pronunciation_dicts.create", "pronunciation_dicts.retrieve", "pronunciation_dicts.list")
def test_dictionaries_are_kept(client):
    made = [client.pronunciation_dicts.create(name=f"Words {n}", items=ITEMS[:n]) for n in range(3)]
    assert [len(row.items) for row in made] == [0, 1, 2]
    assert (made[2].items[1].text, made[2].items[1].alias) == ("AI", "robots")
    assert made[2].items[1].case_sensitive
    assert {row.pinned for row in made} == {False}
    for row in made:
        assert client.pronunciation_dicts.retrieve(row.id) == row
    check_pages(client.pronunciation_dicts.list, ids(made))


@pytest.mark.calls("pronunciation_dicts.update", "pronunciation_dicts.delete")
def test_dictionaries_change_and_go(client):
    made = client.pronunciation_dicts.create(name="Old", items=ITEMS)
    renamed = client.pronunciation_dicts.update(made.id, name="New")
    assert (renamed.name, renamed.items) == ("New", made.items)
    changed = client.pronunciation_dicts.update(made.id, items=ITEMS[:1])
    assert (changed.name, changed.items) == ("New", made.items[:1])
    assert client.pronunciation_dicts.retrieve(made.id) == changed
    assert client.pronunciation_dicts.delete(made.id) is None
    assert made.id not in ids(client.pronunciation_dicts.list(limit=100))
    with pytest.raises(cartesia.NotFoundError):
        client.tts.generate(**SPEECH, pronunciation_dict_id=made.id)


@pytest.mark.calls("access_token.create")
def test_a_token_opens_what_it_was_granted_for_and_ends(client, connect, clips, advance):
    token = client.access_token.create(grants={"tts": True, "stt": False}, expires_in=600).token
    with connect(api_key=None, token=token) as guest:
        assert guest.tts.generate(**SPEECH).read() == clips.woman
        assert list(guest.tts.generate_sse(**SPEECH | {"output_format": RAW}))[-1].type == "done"
        for refused in (
            lambda: guest.stt.transcribe(file=clips.woman, model="ink-whisper"),
            guest.voices.list,
            guest.access_token.create,
        ):
            with pytest.raises(cartesia.PermissionDeniedError):
                refused()
        advance(601)
        with pytest.raises(cartesia.AuthenticationError, match="expired"):
            guest.tts.generate(**SPEECH)
    with pytest.raises(cartesia.BadRequestError, match="3600"):
        client.access_token.create(expires_in=3601)


def test_a_token_for_listening(client, connect, clips):
    with connect(api_key=None, token=client.access_token.create(grants={"stt": True}).token) as guest:
        heard = guest.stt.transcribe(file=clips.woman, model="ink-whisper")
        assert word_error_rate(SENTENCE, heard.text) == 0
        with pytest.raises(cartesia.PermissionDeniedError):
            guest.tts.generate(**SPEECH)
