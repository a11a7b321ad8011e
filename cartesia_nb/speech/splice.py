"""Splicing: a part of a speech is taken out, and another put in its place."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cartesia_nb.speech import codecs
from cartesia_nb.speech.cut_points import Cut
from cartesia_nb.speech.speech import Speech
from cartesia_nb.speech.timing import Timed, later
from cartesia_nb.speech.wav import write_wav
from cartesia_nb.speech.word_spans import around
from cartesia_nb.wire.formats import OutputFormat

#: What lies further below the loudest moment of a piece is the silence around its words, in dB.
SILENCE = -40.0
#: In seconds.
FRAME = 0.01


class Spliced(NamedTuple):
    """A speech with a new part, from `start` to `end` in seconds: there what stays begins again."""

    speech: Speech
    start: float
    end: float


def sides(speech: Speech, cut: Cut) -> tuple[Speech | None, Speech | None]:
    """Return what stays before and after a part that is cut out; None where nothing does."""
    left = speech[: cut.start] if cut.start > 0 else None
    right = speech[cut.end :] if cut.end < speech.duration else None
    return left, right


def splice(speech: Speech, cut: Cut, piece: Speech) -> Spliced:
    """Put a piece in the place of a part, with cross-fades of 10 ms.

    Words before the part keep their times, those after it are moved. If the times of the piece's words
    are not known, all that it says counts as one word: when it begins and ends can be heard.

    Parameters
    ----------
    speech : Speech
    cut : Cut
        The part.
    piece : Speech
        With the same sample rate; one channel may fill several.

    Returns
    -------
    Spliced
        The whole, and where the piece stands in it. What is said, and when, is only known if the times of
        the words around it are.

    Raises
    ------
    InputError
        If the sample rates differ.

    Examples
    --------
    >>> import cartesia_nb
    >>> say = cartesia_nb.connect().tts.bytes
    >>> done = splice(say("We meet on Tuesday at ten."), Cut(0.5, 0.9), say("now"))
    >>> round(done.start, 2), done.speech.provenance["method"]
    (0.49, 'join')
    """
    left, right = sides(speech, cut)
    fitted = _with_channels(piece, speech)
    until = fitted if left is None else left + fitted
    whole = until if right is None else until + right
    start = until.duration - fitted.duration
    end = until.duration if right is None else whole.duration - right.duration
    words: tuple[Timed, ...] = ()
    if speech.timed_words:
        before, after = around(speech.timed_words, *cut)
        words = (*before, *later(_spoken(fitted), start), *later(after, end - cut.end))
    text = " ".join(word.text for word in words)
    told = Speech(whole.data, whole.output_format, transcript=text, words=words, provenance=whole.provenance)
    return Spliced(told, start, end)


def _spoken(piece: Speech) -> tuple[Timed, ...]:
    """Return the words of a piece, or all that it says as one."""
    return piece.timed_words or (Timed(piece.transcript, *heard(piece.samples, piece.sample_rate)),)


def heard(samples: codecs.Samples, sample_rate: int) -> tuple[float, float]:
    """Return when the first and the last sound are heard, in seconds; all of it if there is only silence.

    Its first and last 10 ms do not count: they may belong to what it was made to fit.
    """
    whole = codecs.finite(codecs.mono(samples))
    size = max(1, round(FRAME * sample_rate))
    peaks = np.maximum.reduceat(np.abs(whole), np.arange(0, len(whole), size))
    peaks[0] = peaks[-1] = 0.0
    loud = np.flatnonzero(peaks > max(float(peaks.max()) * 10 ** (SILENCE / 20), 1e-6))
    if not len(loud):
        return 0.0, len(whole) / sample_rate
    first, last = int(loud[0]) * size, min((int(loud[-1]) + 1) * size, len(whole))
    return first / sample_rate, last / sample_rate


def _with_channels(piece: Speech, like: Speech) -> Speech:
    """Return a piece with as many channels as another speech, where it has only one."""
    channels = like.samples.shape[1:]
    if not channels or piece.samples.ndim > 1:
        return piece
    samples = np.repeat(piece.samples[:, None], channels[0], axis=1)
    data = write_wav(codecs.samples_as("pcm_f32le", samples), "pcm_f32le", piece.sample_rate, channels[0])
    written = OutputFormat("wav", "pcm_f32le", piece.sample_rate)
    return Speech(
        data, written, transcript=piece.transcript, words=piece.timed_words, provenance=piece.provenance
    )
