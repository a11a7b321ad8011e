"""Cutting sound by seconds, and joining it."""

from __future__ import annotations

from typing import Any

import numpy as np

from cartesia_nb.speech.codecs import Samples
from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.options import is_number

#: Seconds in which one sound fades into the next.
CROSS_FADE = 0.01
#: More seconds than any sound has, and fewer than a float can hold.
LONGEST = 1e9


def span(seconds: Any, duration: float) -> tuple[float, float]:
    """Return the beginning and end, in seconds, of a slice such as ``1.2:3.4``.

    As in a list, a negative number counts from the end, and what lies outside is left out.

    Raises
    ------
    InputError
        If it is no slice of seconds, or nothing lies in it.
    """
    if not isinstance(seconds, slice) or seconds.step is not None:
        raise InputError(f"speech is cut by seconds, as in speech[1.2:3.4], not by {seconds!r}.")
    for bound in (seconds.start, seconds.stop):
        if bound is not None and not (is_number(bound) and abs(bound) < LONGEST):
            raise InputError(f"speech is cut by numbers of seconds, not by {bound!r}.")
    start = _inside(seconds.start, 0.0, duration)
    end = _inside(seconds.stop, duration, duration)
    if start >= end:
        raise InputError(f"there is nothing from {start:g} s to {end:g} s; the speech has {duration:.2f} s.")
    return start, end


def _inside(bound: float | None, default: float, duration: float) -> float:
    if bound is None:
        return default
    bound = float(bound)
    return min(max(bound + duration if bound < 0 else bound, 0.0), duration)


def join(first: Samples, second: Samples, sample_rate: int) -> tuple[Samples, float]:
    """Join two sounds of the same sample rate, fading from one into the other.

    Parameters
    ----------
    first, second : ndarray of float32, shape (n,) or (n, channels)
        Both with as many channels.
    sample_rate : int
        In Hz.

    Returns
    -------
    joined : ndarray of float32
        Shorter than both together by the cross-fade: 10 ms, or half of the shorter one.
    start : float
        When the second begins, in seconds.
    """
    length = min(round(CROSS_FADE * sample_rate), len(first) // 2, len(second) // 2)
    rising = np.linspace(0, 1, length + 2, dtype=np.float32)[1:-1].reshape(-1, *[1] * (first.ndim - 1))
    ends = len(first) - length
    faded = first[ends:] * (1 - rising) + second[:length] * rising
    return np.concatenate([first[:ends], faded, second[length:]]), ends / sample_rate
