"""The line of Python that a form shows is Python."""

import pytest
from secret import KEY, given_away

from cartesia_nb.widgets.code_line import Code, CodeLine, call_line, written


@pytest.mark.parametrize(
    "value",
    [
        "", 'a "quote" and a \'', "back\\slash\n\t", "Grüße 你好 🙂", "\u2028\x7f\x00", 1.5, True, None,
        {"a": 'b"', "c": "d"}, [{"text": "a", "alias": "b"}],
    ],
)  # fmt: skip
def test_values_are_written_as_python_reads_them(value):
    assert eval(written(value)) == value


def test_code_stands_as_it_is():
    assert call_line("stt.transcribe", Code("memo.speech"), language=None, model="x") == (
        'cartesia_nb.connect().stt.transcribe(memo.speech, model="x")'
    )


def test_a_key_that_is_typed_into_a_field_is_not_in_the_line():
    line = CodeLine()
    line.code = call_line("voices.clone", Code("clip"), name=KEY)
    assert not given_away(line.code)
    assert line.code.startswith('cartesia_nb.connect().voices.clone(clip, name="sk_car_')
