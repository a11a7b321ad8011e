"""Every value that the official Python SDK has a name for is known to the sandbox."""

from typing import Literal, get_args, get_origin

import cartesia
import pytest
from cartesia import types
from peers.sound import VOICE, WAV

SPEECH = {"model_id": "sonic-3.5", "transcript": "Hi.", "voice": VOICE, "output_format": WAV}
SPOKEN = {"en", "de", "es", "fr", "it"}


def values(kind):
    if get_origin(kind) is Literal:
        return set(get_args(kind))
    return {value for part in get_args(kind) for value in values(part)}


def is_spoken(call, *args, **fields):
    """Tell whether a call is made; if not, the language must be the reason."""
    try:
        call(*args, **fields)
    except cartesia.BadRequestError as error:
        if error.body["error_code"] != "language_not_supported":
            raise
        return False
    return True


def test_emotions(client):
    assert len(values(types.Emotion)) == 58
    for emotion in values(types.Emotion):
        client.tts.generate(**SPEECH, generation_config={"emotion": emotion})
    with pytest.raises(cartesia.BadRequestError, match="emotion"):
        client.tts.generate(**SPEECH, generation_config={"emotion": "hungry"})


def test_models(client, clips):
    for model in values(types.TTSModel):
        client.tts.generate(**SPEECH | {"model_id": model})
    for model in values(types.InfillModel):
        fields = {"model_id": model, "language": "en", "transcript": "Hi.", "voice_id": VOICE}
        client.tts.infill(**fields, output_format=WAV, left_audio=clips.woman)
    for model in values(types.STTBatchModel):
        client.stt.transcribe(file=clips.woman, model=model)
    for kind in (types.TTSModel, types.InfillModel, types.STTBatchModel):
        assert values(kind)


def test_languages(client):
    languages = values(types.SupportedLanguage)
    assert len(languages) == 44
    assert {each for each in languages if is_spoken(client.tts.generate, **SPEECH, language=each)} == SPOKEN


def test_accents(client, clips):
    accents = {accent.id: accent for accent in client.voices.list_accents().accents}
    assert values(types.VoiceAccent) == set(accents)
    for accent in accents.values():
        fields = {"voice_id": VOICE, "name": "Everywhere", "accent": accent.id}
        assert accent.is_localizable == is_spoken(client.voices.localize, **fields)
        assert accent.is_localizable == (accent.language in SPOKEN)
    made = client.voices.clone(clip=clips.woman, name="Traveller", language="en").id
    for accent in values(types.AttachVoiceAccent):
        added = is_spoken(client.voices.add_accents, made, accents=[accent])
        assert added == (accents[accent].language in SPOKEN)
    with pytest.raises(cartesia.BadRequestError, match="cannot be added"):
        client.voices.add_accents(made, accents=["california"])
