"""A key of any shape shows in no repr, no error and no log, however a server echoes it."""

import logging
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scripted import Server, reply

from cartesia_nb import Client
from cartesia_nb.wire.errors import APIError, BadAnswer, CartesiaError

PREFIXES = st.sampled_from(["", "sk_car_", "sk_car_admin_", "sk-"])
# No vowels: six letters of a word, such as those of "Starting", would stand in our own texts as well.
CONSONANTS = "".join(letter for letter in string.ascii_letters if letter not in "aeiouyAEIOUY")
SECRETS = st.text(CONSONANTS + string.digits + "_-.~+/=", min_size=12, max_size=80)


def sent_key(asked):
    return asked.headers["authorization"].removeprefix("Bearer ")


ECHOES = {
    "in a plain error": lambda key: reply(f"Unauthorized: {key} is not known", 401),
    "in a JSON error": lambda key: reply({"message": f"bad {key}", "title": key, "request_id": key, "error_code": key}, 401),
    "in a header": lambda key: reply("no", 403, x_request_id=key),
    "in a web page": lambda key: reply(f"<html>{key}</html>", 502),
    "in an odd body": lambda key: reply(f"{key}"),
    "in a redirect": lambda key: reply("", 302, Location=f"https://elsewhere/?key={key}"),
    "in a stream": lambda key: reply(f'data: {{"type": "error", "status_code": 400, "error": "{key}"}}\n\n'.encode()),
}  # fmt: skip


@pytest.mark.parametrize("echo", ECHOES)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(prefix=PREFIXES, secret=SECRETS)
def test_an_echo_is_masked(echo, caplog, prefix, secret):
    key = prefix + secret
    with caplog.at_level(logging.DEBUG), Server(answer=lambda asked: ECHOES[echo](sent_key(asked))) as server:
        client = Client(key, base_url=server.url, retries=0)
        with pytest.raises((APIError, BadAnswer)) as caught:
            if echo == "in a stream":
                client.tts.sse("Hi").collect()
            else:
                client.voices.get("a")
        assert sent_key(server.asked[0]) == key
    error = caught.value
    shown = [str(error), repr(error), error.message, error.advice, str(vars(error)), caplog.text]
    shown += [repr(client), repr(client.with_options(timeout=5)), repr(vars(client))]
    shown += [str(client._transport.options), repr(client._transport.key())]
    pieces = {secret[at : at + 6] for at in range(len(secret) - 5)}
    # What is ours, and not the server's, may have six characters of a secret by chance only.
    assert not [piece for piece in pieces for text in shown if piece in text and piece not in server.url]


def test_an_error_of_ours_with_a_key_in_its_input():
    key = "sk_car_" + "Tq7WmZ2kLp" * 2
    with pytest.raises(CartesiaError) as caught:
        Client(key).tts.bytes("Hi", output_format=f"wav:{key}")
    assert "Tq7WmZ" not in str(caught.value)
