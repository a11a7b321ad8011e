"""The line of Python that a form shows is Python."""

import pytest

from cartesia_nb.widgets.code_line import Code, call_line, written


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
