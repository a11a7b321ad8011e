"""WAV headers of every kind are read, or it is said why not."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from cartesia_nb.speech.wav import FORMAT_TAGS, read_wav, write_wav
from cartesia_nb.wire.errors import BadAnswer

KINDS = st.sampled_from(sorted(FORMAT_TAGS))


@given(encoding=KINDS, rate=st.integers(1, 400_000), channels=st.integers(1, 8), frames=st.integers(0, 50))
def test_what_is_written_is_read(encoding, rate, channels, frames):
    samples = bytes(range(256)) * 7
    samples = samples[: frames * channels * FORMAT_TAGS[encoding][1] // 8]
    found = read_wav(write_wav(samples, encoding, rate, channels))
    assert (found.encoding, found.sample_rate, found.channels, found.samples) == (
        encoding,
        rate,
        channels,
        samples,
    )


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    for file in (data, b"RIFF" + data, b"RIFF\0\0\0\0WAVE" + data, b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0" + data):
        try:
            found = read_wav(file)
        except BadAnswer as error:
            assert str(error)  # noqa: PT017 - either is fine, but nothing else is
        else:
            assert found.samples in file


@given(
    encoding=KINDS,
    cut=st.integers(0, 400),
    promised=st.sampled_from([0, 0x7FFFFFFF, 0xFFFFFFFF, 0x7FFFF000, None]),
)
def test_a_cut_is_noticed_unless_the_header_says_streamed(encoding, cut, promised):
    samples = bytes(400)
    whole = write_wav(samples, encoding, 16000)
    start = len(whole) - len(samples)
    if promised is not None:
        whole = whole[: start - 4] + struct.pack("<I", promised) + whole[start:]
    width = FORMAT_TAGS[encoding][1] // 8
    file = whole[: start + cut]
    if cut == len(samples) or (promised is not None and cut % width == 0):
        assert read_wav(file).samples == samples[:cut]
        return
    try:
        read_wav(file)
    except BadAnswer as error:
        assert error.partial == file  # noqa: PT017
    else:
        raise AssertionError(f"{cut} of {len(samples)} bytes passed for whole")
