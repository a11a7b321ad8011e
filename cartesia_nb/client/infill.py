"""Infill: speech that fits between two pieces of speech."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from cartesia_nb.client.generated import Asked, provenance_of, speech_of, whole_audio
from cartesia_nb.client.texts import check_texts, check_transcript
from cartesia_nb.client.transport import Transport
from cartesia_nb.client.uploads import opened
from cartesia_nb.client.voice_names import VoiceNames
from cartesia_nb.wire import catalog
from cartesia_nb.wire.catalog import DEFAULTS
from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.exchange import Cost, Request
from cartesia_nb.wire.formats import OutputFormat
from cartesia_nb.wire.formats import output_format as read_format
from cartesia_nb.wire.multipart import Multipart

if TYPE_CHECKING:
    from cartesia_nb.speech.speech import Speech


class Infill:
    """Speech between two pieces of speech. Reached as ``client.infill``."""

    def __init__(self, transport: Transport, names: VoiceNames) -> None:
        self._transport, self._names = transport, names

    def bytes(
        self,
        transcript: str,
        *,
        left_audio: Any = None,
        right_audio: Any = None,
        voice_id: Any = DEFAULTS["voice"],
        model_id: str = DEFAULTS["infill_model"],
        language: str = "en",
        output_format: OutputFormat | Mapping[str, Any] | str = DEFAULTS["output_format"],
        fresh: bool = False,
    ) -> Speech:
        """Speak what stands between two pieces of speech, so that it fits both.

        Costs 300 credits and about 1 for each character. Cut the pieces at natural pauses and leave their
        silence in; longer texts give better results.

        Parameters
        ----------
        transcript : str
            What to say between the two, at least one letter or digit.
        left_audio, right_audio : path, bytes, file object, Speech or (samples, sample_rate), optional
            What comes before and after; one of them at least.
        voice_id : str, Resource, DataFrame row or mapping
            Who says it, as in ``tts.bytes``: the voice of the two pieces.
        model_id : str
            The model. One that this release does not know warns and is sent.
        language : str
            Of the text.
        output_format, fresh
            As in ``tts.bytes``.

        Returns
        -------
        Speech
            What is said between the two, without them: ``left + speech + right`` joins all three, if they
            have the same sample rate.

        Raises
        ------
        InputError
            Before anything is sent: nothing to say, no audio at all, no such file.
        APIError, ConnectionFailed, DeadlineExceeded, IncompleteBody, BadAnswer
            If the API cannot answer; audio that was cut off is never returned.

        Examples
        --------
        >>> import cartesia_nb
        >>> client = cartesia_nb.connect()
        >>> left = client.tts.bytes("We meet on Monday")
        >>> speech = client.infill.bytes("at ten in the morning.", left_audio=left)
        >>> whole = left + speech
        """
        check_transcript(transcript, self._transport.key())
        model_id = self._transport.settled(model_id)
        check_texts({"model_id": model_id, "language": language}, ("model_id", "language"))
        sides = {
            name: audio
            for name, audio in (("left_audio", left_audio), ("right_audio", right_audio))
            if audio is not None
        }
        if not sides:
            raise InputError(
                "there is nothing to fill in between.", advice="Give left_audio, right_audio, or both."
            )
        catalog.warn_unknown("infill model", model_id, catalog.INFILL_MODELS)
        catalog.warn_unknown("language", language, catalog.languages_of(model_id))
        written = read_format(self._transport.settled(output_format))
        method = "infill.bytes"
        version = self._transport.version_for(method)
        speaker = self._names.speaker(voice_id)
        fields = {
            "model_id": model_id,
            "language": language,
            "transcript": transcript,
            "voice_id": speaker.id,
        }
        with ExitStack() as stack:
            uploads = {name: stack.enter_context(opened(audio, name)) for name, audio in sides.items()}
            form = Multipart(
                [*fields.items(), *written.to_form()],
                [(name, upload.file) for name, upload in uploads.items()],
            )
            cost = Cost(catalog.infill_credits(transcript), model_id, speaker.id, characters=len(transcript))
            http = Request(
                method, "POST", "/infill/bytes", version, form=form, audio=True, cost=cost, fresh=fresh
            )
            answer = self._transport.send(http, whole_audio(written))
            told = {name: upload.provenance for name, upload in uploads.items()}
        request = {**fields, "output_format": written.to_wire(), **told}
        made = provenance_of(
            Asked(method, version, request),
            answer,
            model_id=model_id,
            voice_id=speaker.id,
            voice_name=speaker.name,
            credits=catalog.infill_credits(transcript),
        )
        return speech_of(answer.body, written, made, transcript=transcript)
