"""The official Python SDK keeps house with voices: lists, filters, changes, clones, localizes, accents."""

from datetime import UTC, datetime
from uuid import uuid4

import cartesia
import numpy as np
import pytest
from peers.rows import ids
from peers.sound import MAN, SENTENCE, VOICE, WAV, decode

from cartesia_nb.sandbox.speech.pitch import median_f0


@pytest.fixture
def own(client, clips):
    """Clone a voice for one test."""
    made = client.voices.clone(clip=clips.man, name=f"Clone {uuid4()}", language="en", accent="british")
    yield made
    if made.id in ids(client.voices.list(is_owner=True)):
        client.voices.delete(made.id)


def speak(client, voice, transcript=SENTENCE, **fields):
    answer = client.tts.generate(
        model_id="sonic-3.5", transcript=transcript, voice=voice, output_format=WAV, **fields
    )
    return decode(answer.read(), WAV)


@pytest.mark.calls("voices.list")
@pytest.mark.parametrize("limit", [1, 7, 100])
def test_pages_have_every_voice_once(client, limit):
    everyone = ids(client.voices.list(limit=100))
    assert len(everyone) > 30
    assert ids(client.voices.list(limit=limit)) == everyone
    page = client.voices.list(limit=limit)
    assert len(page.data) == min(limit, len(everyone))
    assert page.has_next_page()
    back = client.voices.list(limit=limit, ending_before=everyone[-1])
    assert sorted(ids(back)) == sorted(everyone[:-1])
    assert ids(client.voices.list(starting_after=everyone[-1])) == []


def test_there_are_ten_to_a_page(client):
    assert len(client.voices.list().data) == 10


def test_filters(client, own):
    everyone = list(client.voices.list(limit=100))
    mine = ids(client.voices.list(is_owner=True))
    assert own.id in mine
    assert mine == [voice.id for voice in everyone if voice.is_owner]
    assert sorted(mine + ids(client.voices.list(is_owner=False))) == sorted(ids(everyone))
    for gender in ("masculine", "feminine", "gender_neutral"):
        found = ids(client.voices.list(gender=gender))
        assert found == [voice.id for voice in everyone if voice.gender == gender] != []
    for q in (own.id, own.name.upper()):
        assert ids(client.voices.list(q=q)) == [own.id]
    assert ids(client.voices.list(q=str(uuid4()))) == []
    masculine = {voice.id for voice in everyone if voice.gender == "masculine"}
    assert set(ids(client.voices.list(q="radio", gender="masculine"))) < masculine


@pytest.mark.calls("voices.get")
def test_a_voice_is_as_in_the_list(client):
    for voice in client.voices.list(limit=100):
        assert client.voices.get(voice.id) == voice
        assert voice.locales[0].is_native
        assert not any(locale.is_native for locale in voice.locales[1:])
        assert voice.locales[0].locale.startswith(f"{voice.language}-")
        assert len(voice.tagline) <= 32
        assert voice.is_owner == (voice.access == "private") == (voice.visibility == "owner")
        assert voice.created_at.tzinfo


def test_the_preview_comes_when_it_is_asked_for(client):
    plain, more = client.voices.get(VOICE), client.voices.get(VOICE, expand=["preview_file_url"])
    assert "preview_file_url" not in plain.model_fields_set
    assert "preview_file_url" in more.model_fields_set
    listed = client.voices.list(limit=3, expand=["preview_file_url"]).data
    assert all("preview_file_url" in voice.model_fields_set for voice in listed)


@pytest.mark.calls("voices.update")
def test_a_change_stays(client, own):
    first = client.voices.get(own.id)
    changed = client.voices.update(
        own.id, name="Storm", description="Loud.", gender="gender_neutral", accent="australian"
    )
    assert (changed.name, changed.description) == ("Storm", "Loud.")
    assert (changed.gender, changed.accent) == ("gender_neutral", "australian")
    assert changed.locales[0].locale == "en-AU"
    assert client.voices.get(own.id) == changed
    assert client.voices.update(own.id, name="Calm").description == "Loud."
    assert client.voices.update(own.id, gender=None, accent=None).gender == first.gender
    assert client.voices.get(own.id).accent == first.accent == "british"


@pytest.mark.calls("voices.delete")
def test_a_deleted_voice_is_gone(client, own):
    assert client.voices.delete(own.id) is None
    assert own.id not in ids(client.voices.list(limit=100))
    with pytest.raises(cartesia.NotFoundError):
        client.voices.get(own.id)
    with pytest.raises(cartesia.NotFoundError):
        speak(client, own.id)


@pytest.mark.calls("voices.clone")
def test_a_clone_speaks_like_its_clip(client, clips):
    before = datetime.now(UTC)
    made = client.voices.clone(
        clip=("clip.wav", clips.man, "audio/wav"), name="Double", language="en", description="Mine."
    )
    assert (made.name, made.description, made.language) == ("Double", "Mine.", "en")
    assert (made.access, made.visibility) == ("private", "owner")
    assert made.created_at >= before.replace(microsecond=0)
    listed = client.voices.list().data[0]
    assert (listed.id, listed.name, listed.is_owner) == (made.id, "Double", True)
    assert listed.created_at == made.created_at
    spoken, clip = speak(client, made.id), decode(clips.man, WAV)
    assert median_f0(spoken) == pytest.approx(median_f0(clip), rel=0.1)
    client.voices.delete(made.id)


def test_a_clone_needs_speech(client):
    with pytest.raises(cartesia.BadRequestError):
        client.voices.clone(clip=b"no sound at all", name="Nobody", language="en")


@pytest.mark.calls("voices.localize")
def test_a_localized_voice_speaks_the_other_language(client):
    made = client.voices.localize(
        voice_id=MAN, name="Bruno, aus Berlin", accent="high-german", tagline="Am Abend", description="Warm."
    )
    voice = client.voices.get(made.id)
    assert (voice.language, voice.accent, voice.locales[0].locale) == ("de", "high-german", "de-DE")
    assert (voice.name, voice.tagline, voice.description) == ("Bruno, aus Berlin", "Am Abend", "Warm.")
    text = "Der Zug fährt durch das schöne Tal."
    own_language = speak(client, made.id, text)
    assert np.array_equal(own_language, speak(client, made.id, text, language="de"))
    assert not np.array_equal(own_language, speak(client, made.id, text, language="en"))
    with pytest.raises(cartesia.BadRequestError):
        client.voices.localize(voice_id=MAN, name="Nobody", accent="klingon")
    with pytest.raises(cartesia.NotFoundError):
        client.voices.localize(voice_id=str(uuid4()), name="Nobody", accent="high-german")
    client.voices.delete(made.id)


@pytest.mark.calls("voices.list_accents")
def test_accents_are_sorted_and_known_to_the_voices(client):
    accents = client.voices.list_accents().accents
    assert [accent.id for accent in accents] == sorted(accent.id for accent in accents)
    assert len(accents) == 79
    known = {accent.id: accent for accent in accents}
    for voice in client.voices.list(limit=100):
        assert known[voice.accent].locale == voice.locales[0].locale
    for accent in accents:
        assert accent.locale.startswith(f"{accent.language}-")
    defaults = [accent.locale for accent in accents if accent.is_locale_default]
    assert sorted(defaults) == sorted({accent.locale for accent in accents})


@pytest.mark.calls("voices.add_accents", "voices.delete_accent")
def test_accents_come_and_go(client, own):
    more = client.voices.add_accents(own.id, accents=["high-german", "parisian"])
    assert [locale.locale for locale in more.locales] == ["en-GB", "de-DE", "fr-FR"]
    assert client.voices.get(own.id) == more
    less = client.voices.delete_accent("high-german", id=own.id)
    assert [locale.locale for locale in less.locales] == ["en-GB", "fr-FR"]
    assert client.voices.get(own.id) == less
    with pytest.raises(cartesia.NotFoundError):
        client.voices.delete_accent("high-german", id=own.id)
    with pytest.raises(cartesia.BadRequestError):
        client.voices.delete_accent("british", id=own.id)
    with pytest.raises(cartesia.PermissionDeniedError):
        client.voices.add_accents(VOICE, accents=["parisian"])
