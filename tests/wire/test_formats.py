"""Output formats, however they are written."""

import itertools

import pytest

from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.formats import BIT_RATES, ENCODINGS, SAMPLE_RATES, OutputFormat, output_format


@pytest.mark.parametrize(
    ("written", "wire"),
    [
        (None, {"container": "wav", "encoding": "pcm_s16le", "sample_rate": 44100}),
        ("wav", {"container": "wav", "encoding": "pcm_s16le", "sample_rate": 44100}),
        ("wav@8000", {"container": "wav", "encoding": "pcm_s16le", "sample_rate": 8000}),
        ("raw:pcm_f32le@24000", {"container": "raw", "encoding": "pcm_f32le", "sample_rate": 24000}),
        ("mp3", {"container": "mp3", "sample_rate": 44100, "bit_rate": 128000}),
        ("mp3:64000@22050", {"container": "mp3", "sample_rate": 22050, "bit_rate": 64000}),
        (
            {"container": "mp3", "sample_rate": 8000},
            {"container": "mp3", "sample_rate": 8000, "bit_rate": 128000},
        ),
        (OutputFormat("raw"), {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 44100}),
    ],
)
def test_ways_to_write_a_format(written, wire):
    assert output_format(written).to_wire() == wire


def every_format():
    for rate in SAMPLE_RATES:
        yield from (OutputFormat(*pair, rate) for pair in itertools.product(("wav", "raw"), ENCODINGS))
        yield from (OutputFormat("mp3", None, rate, bit_rate) for bit_rate in BIT_RATES)


@pytest.mark.parametrize("each", list(every_format()), ids=str)
def test_every_format_survives_its_short_form_and_the_wire(each):
    assert output_format(str(each)) == output_format(each.to_wire()) == each


@pytest.mark.parametrize(
    ("written", "allowed"),
    [
        ("ogg", "wav, mp3, raw"),
        ("wave", "Did you mean 'wav'"),
        ("wav:pcm_s24le", "pcm_s16le, pcm_f32le, pcm_mulaw, pcm_alaw"),
        ("wav@44000", "8000, 16000, 22050, 24000, 44100, 48000"),
        ("wav:64000", "wav has no bit_rate"),
        ("mp3:pcm_s16le", "mp3 has no encoding"),
        ("mp3:65000", "32000, 64000, 96000, 128000, 192000"),
        ("mp3 at 3", "Examples"),
        ({"container": "wav", "rate": 8000}, "output_format has no rate"),
        ({"container": "wav", "sample_rate": "44100"}, "sample_rate cannot be '44100'"),
        ({"container": "wav", "sample_rate": 44100.0}, "sample_rate cannot be 44100.0"),
        (7, "not int"),
    ],
)
def test_a_format_that_does_not_exist_says_which_do(written, allowed):
    with pytest.raises(InputError) as caught:
        output_format(written)
    assert allowed in str(caught.value)
