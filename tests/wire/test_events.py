"""Streams of messages, in every framing and cut anywhere."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartesia_nb.wire.errors import BadAnswer
from cartesia_nb.wire.events import EventReader

MESSAGES = [
    {"type": "chunk", "data": "AA==", "text": "“é”\r\n\u2028:"},
    {"a": 1},
    {"type": "done", "done": True},
]
TEXTS = [json.dumps(message, ensure_ascii=False).encode() for message in MESSAGES]

FRAMINGS = {
    "events": b"".join(b"data: " + text + b"\n\n" for text in TEXTS),
    "events, CRLF": b"".join(b"data: " + text + b"\r\n\r\n" for text in TEXTS),
    "events, CR": b"".join(b"data: " + text + b"\r\r" for text in TEXTS),
    "no blank after the colon": b"".join(b"data:" + text + b"\n\n" for text in TEXTS),
    "names, ids and comments": b": hello\n\n"
    + b"".join(b"event: chunk\nid: 7\nretry: 10\ndata: " + text + b"\n\n:\n\n" for text in TEXTS),
    "data on two lines": b"".join(b'data: {"x":\ndata: 1}\n\n' for _ in TEXTS),
    "a line each": b"".join(text + b"\n" for text in TEXTS),
    "a line each, CRLF": b"".join(text + b"\r\n\r\n" for text in TEXTS),
    "byte order mark": b"\xef\xbb\xbf" + b"".join(b"data: " + text + b"\n\n" for text in TEXTS),
    "end mark": b"".join(b"data: " + text + b"\n\n" for text in TEXTS) + b"data: [DONE]\n\n",
}


def expected(framing):
    return [{"x": 1}] * 3 if framing == "data on two lines" else MESSAGES


def read(*blocks):
    reader = EventReader()
    found = [message for block in blocks for message in reader.feed(block)]
    return found, reader.inside


@pytest.mark.parametrize("framing", FRAMINGS)
def test_every_framing_cut_at_every_byte(framing):
    stream = FRAMINGS[framing]
    assert read(stream)[0] == expected(framing)
    for cut in range(len(stream)):
        assert read(stream[:cut], stream[cut:])[0] == expected(framing), cut
    found, inside = read(*(stream[at : at + 1] for at in range(len(stream))))
    assert found == expected(framing)
    assert not inside


@given(framing=st.sampled_from(sorted(FRAMINGS)), cuts=st.lists(st.integers(0, 400), max_size=20))
def test_every_framing_cut_anywhere(framing, cuts):
    stream = FRAMINGS[framing]
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    blocks = [stream[start:end] for start, end in itertools.pairwise(edges)]
    assert read(*blocks)[0] == expected(framing)


def test_a_message_comes_as_soon_as_it_is_complete():
    reader = EventReader()
    assert list(reader.feed(b'data: {"a": 1}')) == []
    assert list(reader.feed(b"\n")) == []
    assert list(reader.feed(b"\n")) == [{"a": 1}]
    assert list(reader.feed(b'{"b": 2}\n')) == [{"b": 2}]


@pytest.mark.parametrize("rest", [b'data: {"a"', b'data: {"a": 1}\n', b'{"a": 1', b"eve"])
def test_the_end_inside_of_a_message_is_noticed(rest):
    assert read(FRAMINGS["events"] + rest) == (MESSAGES, True)


@pytest.mark.parametrize(
    ("broken", "what"),
    [
        (b"data: {broken\n\n", "broken JSON"),
        (b"data: [1]\n\n", "JSON"),
        (b"data: 7\n\n", "something else"),
        (b"<html><body>busy</body></html>\n", "a web page"),
        (b"Internal server error\n", "something else"),
        (b"data: " + b"[" * 100_000 + b"\n\n", "broken JSON"),
    ],
)
def test_what_is_no_message_is_an_error(broken, what):
    with pytest.raises(BadAnswer, match=f"the stream has {what} where a JSON object should be"):
        read(broken)
