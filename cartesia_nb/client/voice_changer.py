"""Voice changer: the same speech with another voice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from cartesia_nb.client.generated import Asked, Received, provenance_of, speech_of, whole_audio
from cartesia_nb.client.streams import SpeechStream
from cartesia_nb.client.transport import Transport
from cartesia_nb.client.uploads import opened
from cartesia_nb.client.voice_names import Speaker, VoiceNames
from cartesia_nb.wire.catalog import DEFAULTS, voice_changer_credits
from cartesia_nb.wire.exchange import Cost, Request
from cartesia_nb.wire.formats import OutputFormat
from cartesia_nb.wire.formats import output_format as read_format
from cartesia_nb.wire.multipart import Multipart

if TYPE_CHECKING:
    from cartesia_nb.speech.speech import Speech


class VoiceChanger:
    """The same speech with another voice. Reached as ``client.voice_changer``."""

    def __init__(self, transport: Transport, names: VoiceNames) -> None:
        self._transport, self._names = transport, names

    def bytes(
        self,
        clip: Any,
        *,
        voice_id: Any = DEFAULTS["voice"],
        output_format: OutputFormat | Mapping[str, Any] | str = DEFAULTS["output_format"],
        fresh: bool = False,
    ) -> Speech:
        """Say again what is said in a recording, in the same way, with another voice.

        Costs 15 credits for each second of the recording.

        Parameters
        ----------
        clip : path, bytes, file object, Speech or (samples, sample_rate)
            The recording.
        voice_id : str, Resource, DataFrame row or mapping
            The voice to speak with, as in ``tts.bytes``.
        output_format, fresh
            As in ``tts.bytes``.

        Returns
        -------
        Speech
            What was said, whole.

        Raises
        ------
        InputError
            Before anything is sent: no such file, an unknown voice name, a format that does not exist.
        APIError, ConnectionFailed, DeadlineExceeded, IncompleteBody, BadAnswer
            If the API cannot answer; audio that was cut off is never returned.

        Examples
        --------
        >>> import cartesia_nb
        >>> client = cartesia_nb.connect()
        >>> hello = client.tts.bytes("Hello!", voice="Ada")
        >>> deeper = client.voice_changer.bytes(hello, voice_id="Bruno")
        """
        written = read_format(self._transport.settled(output_format))
        with self._asked("bytes", clip, voice_id, written, fresh=fresh) as asked:
            answer = self._transport.send(asked.http, whole_audio(written))
        return speech_of(answer.body, written, asked.provenance(answer))

    def sse(
        self,
        clip: Any,
        *,
        voice_id: Any = DEFAULTS["voice"],
        output_format: OutputFormat | Mapping[str, Any] | str = DEFAULTS["stream_format"],
        fresh: bool = False,
    ) -> SpeechStream:
        """Say again what is said in a recording with another voice, and get it while it is being made.

        Costs as `bytes` does, also when the stream is left before its end.

        Parameters
        ----------
        clip, voice_id, fresh
            As in `bytes`.
        output_format : str, mapping or OutputFormat
            As in ``tts.bytes``. Chunks of wav and mp3 are pieces of one file.

        Returns
        -------
        SpeechStream
            Go through it for the events as they arrive (``Chunk``, ``Done``), or ``.collect()`` them into
            one `Speech`.

        Raises
        ------
        InputError, APIError, ConnectionFailed, DeadlineExceeded
            As in `bytes`; what breaks after the beginning is raised by the stream.

        Examples
        --------
        >>> import cartesia_nb
        >>> client = cartesia_nb.connect()
        >>> hello = client.tts.bytes("Hello!", voice="Ada")
        >>> deeper = client.voice_changer.sse(hello, voice_id="Bruno").collect()
        """
        written = read_format(self._transport.settled(output_format))
        with self._asked("sse", clip, voice_id, written, fresh=fresh) as asked:
            stream = self._transport.stream(asked.http)

        def finish(stream: SpeechStream) -> Speech:
            made = asked.provenance(stream.received)
            made["seconds_to_first_chunk"] = stream.seconds_to_first_chunk
            return speech_of(stream.data, written, made)

        return SpeechStream(stream, finish)

    @contextmanager
    def _asked(
        self, name: str, clip: Any, voice_id: Any, written: OutputFormat, *, fresh: bool
    ) -> Iterator[_Change]:
        """Give the request that was meant, with the clip open."""
        method = f"voice_changer.{name}"
        version = self._transport.version_for(method)
        speaker = self._names.speaker(voice_id)
        with opened(clip, "clip") as upload:
            form = Multipart([("voice[id]", speaker.id), *written.to_form()], [("clip", upload.file)])
            request = {
                "voice": {"id": speaker.id},
                "output_format": written.to_wire(),
                "clip": upload.provenance,
            }
            # What a kind of file costs whose length only others can read is not known.
            price = None if upload.seconds is None else voice_changer_credits(upload.seconds)
            cost = Cost(price, voice_id=speaker.id, seconds=upload.seconds)
            path = f"/voice-changer/{name}"
            yield _Change(
                Request(method, "POST", path, version, form=form, audio=True, cost=cost, fresh=fresh),
                Asked(method, version, request),
                speaker,
            )


class _Change(NamedTuple):
    http: Request
    asked: Asked
    speaker: Speaker

    def provenance(self, received: Received) -> dict[str, Any]:
        price = self.http.cost.credits if self.http.cost else None
        cost = {} if price is None else {"credits": price}
        return provenance_of(
            self.asked, received, voice_id=self.speaker.id, voice_name=self.speaker.name, **cost
        )
