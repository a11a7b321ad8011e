"""When each word of a known text is heard in a recording of it.

The English engine speaks the text, too, and tells when each word is heard there. The two recordings are
laid upon each other by dynamic time warping of what their sounds are like.
"""

import numpy as np
import numpy.typing as npt

from cartesia_nb.sandbox.pitch_match import match_pitch
from cartesia_nb.sandbox.speech import english
from cartesia_nb.sandbox.speech.pitch import median_f0
from cartesia_nb.sandbox.speech.samples import RATE, Samples
from cartesia_nb.sandbox.speech.speakers import FEMALE
from cartesia_nb.sandbox.speech.timing import Timed, audible, trimmed
from cartesia_nb.sandbox.speech.transcript import Text, parse

HOP, WINDOW, TRANSFORM = 240, 600, 1024
BANDS, CEPSTRA = 32, 13
LOWEST_HZ, HIGHEST_HZ = 100, 8000

Matrix = npt.NDArray[np.float32]


def align(samples: Samples, text: str) -> list[Timed]:
    """Return the words of an English text with their times in samples at 24 kHz of up to half a minute.

    Raises
    ------
    SpeechError
        If the engine cannot read the text.
    """
    f0 = median_f0(samples)
    speaker, pitch = match_pitch(f0) if f0 else (FEMALE, 1.0)
    texts = [part for part in parse(text) if isinstance(part, Text)]
    words: list[Timed] = []
    parts: list[Samples] = []
    length = 0
    for spoken in english.speak(texts, speaker, pitch, seed=0):
        words += [word.moved(length / RATE) for word in spoken.words]
        parts.append(spoken.samples)
        length += len(spoken.samples)
    place = _warp(features(np.concatenate(parts)), features(samples))
    heard = audible(samples)
    return [trimmed(_moved(word, place), heard) for word in words]


def _moved(word: Timed, place: npt.NDArray[np.float64]) -> Timed:
    """Return a word at the time that corresponds to its own."""
    frames = np.array([word.start, word.end]) * RATE / HOP
    start, end = np.interp(frames, np.arange(len(place)), place) * HOP / RATE
    return Timed(word.text, float(start), float(end))


def features(samples: Samples) -> Matrix:
    """Return mel-frequency cepstral coefficients every 10 ms, shape (frames, 13), of mean 0, spread 1."""
    padded = np.pad(samples, (WINDOW // 2, WINDOW))
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP][: len(samples) // HOP + 1]
    power = np.abs(np.fft.rfft(frames * np.hanning(WINDOW).astype(np.float32), TRANSFORM)) ** 2
    # Nothing counts that is 60 dB quieter than the loudest.
    bands = power @ _mel_filters().T
    logs = np.log(np.maximum(bands, 1e-6 * max(1e-9, float(bands.max(initial=0)))))
    order = np.arange(CEPSTRA)[:, None] * np.pi / BANDS
    cepstra = logs @ np.cos(order * (np.arange(BANDS) + 0.5)).T
    even: Matrix = (cepstra - cepstra.mean(axis=0)) / (cepstra.std(axis=0) + 1e-3)
    return even.astype(np.float32)


def _mel_filters() -> npt.NDArray[np.float64]:
    """Return triangles of equal width in mel, shape (bands, frequencies)."""
    lowest, highest = (float(np.log1p(hz / 700)) for hz in (LOWEST_HZ, HIGHEST_HZ))
    edges = 700 * np.expm1(np.linspace(lowest, highest, BANDS + 2))
    frequencies = np.fft.rfftfreq(TRANSFORM, 1 / RATE)
    rising = (frequencies - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - frequencies) / (edges[2:] - edges[1:-1])[:, None]
    filters: npt.NDArray[np.float64] = np.maximum(0, np.minimum(rising, falling))
    return filters


def _warp(reference: Matrix, heard: Matrix) -> npt.NDArray[np.float64]:
    """Return for each frame of the reference its place in what was heard, in frames."""
    squares = (reference**2).sum(axis=1)[:, None] + (heard**2).sum(axis=1)
    cost = np.sqrt(np.maximum(0, squares - 2 * reference @ heard.T))
    total = _accumulate(cost)
    place = np.zeros(len(reference))
    count = np.zeros(len(reference))
    row, column = len(reference) - 1, len(heard) - 1
    while row >= 0 and column >= 0:
        place[row] += column
        count[row] += 1
        steps = (total[row, column], total[row, column + 1], total[row + 1, column])
        best = int(np.argmin(steps))
        row -= best != 2
        column -= best != 1
    return place / np.maximum(count, 1)


def _accumulate(cost: Matrix) -> npt.NDArray[np.float64]:
    """Return the least cost of reaching each pair of frames, with a border of infinity before the first ones.

    The pairs of one diagonal depend on earlier ones only, so a diagonal is computed at a time.
    """
    rows, columns = cost.shape
    total = np.full((rows + 1, columns + 1), np.inf)
    total[0, 0] = 0
    for diagonal in range(rows + columns - 1):
        row = np.arange(max(0, diagonal - columns + 1), min(rows, diagonal + 1))
        column = diagonal - row
        before = np.minimum(total[row, column], np.minimum(total[row, column + 1], total[row + 1, column]))
        total[row + 1, column + 1] = cost[row, column] + before
    return total
