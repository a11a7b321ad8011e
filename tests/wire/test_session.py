"""Requests and answers: what goes out, what comes back, what is sent again, and how it fails."""

import http.client
import logging
import socket
import threading
import time

import pytest
import secret
from scripted import Server, dripping, read_request, reply, reset, wav
from secret import SECRET, given_away

from cartesia_nb.wire import errors
from cartesia_nb.wire.exchange import Answer, Request
from cartesia_nb.wire.keys import Key
from cartesia_nb.wire.options import Options
from cartesia_nb.wire.retries import FIRST_BACKOFF
from cartesia_nb.wire.session import Session

KEY = Key(secret.KEY)
VERSION = "2026-08-14"
OK = reply({"ok": True})
GET = Request("voices.list", "GET", "/voices", VERSION)
POST = Request("tts.bytes", "POST", "/tts/bytes", VERSION, body={"transcript": "hi"}, audio=True)


def send(server, request=GET, **options):
    return Session().send(request, Options(server.url, KEY, **{"timeout": 20.0, **options}))


# -- what goes out ------------------------------------------------------------------------------------


def test_what_a_request_carries():
    with Server([OK]) as server:
        request = Request(
            "voices.list", "GET", "/voices", VERSION, query={"q": "a b&c", "expand[]": ["x", "y"]}
        )
        send(server, request, headers={"X-Mine": "yes"})
    asked = server.asked[0]
    assert asked.path == "/voices?q=a+b%26c&expand%5B%5D=x&expand%5B%5D=y"
    assert asked.headers["authorization"] == f"Bearer {secret.KEY}"
    assert asked.headers["cartesia-version"] == VERSION
    assert asked.headers["user-agent"].startswith("cartesia_nb/")
    assert asked.headers["x-mine"] == "yes"


def test_the_key_can_go_as_x_api_key():
    with Server([OK]) as server:
        send(server, auth_scheme="x-api-key")
    assert server.asked[0].headers["x-api-key"] == secret.KEY
    assert "authorization" not in server.asked[0].headers


def test_a_netrc_file_does_not_replace_the_key(tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with Server([OK]) as server:
        send(server)
        send(server, Request("api_status.get", "GET", "/", VERSION, needs_key=False))
    assert server.asked[0].headers["authorization"] == f"Bearer {secret.KEY}"
    assert "authorization" not in server.asked[1].headers


def test_a_proxy_does_not_see_what_goes_to_this_machine(monkeypatch):
    with Server([OK]) as proxy, Server([OK]) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        send(server)
    assert (len(proxy.asked), len(server.asked)) == (0, 1)


def test_connections_are_reused():
    with Server([OK]) as server:
        session = Session()
        for _ in range(5):
            session.send(GET, Options(server.url, KEY))
    assert (len(server.asked), server.connections) == (5, 1)


def test_cookies_are_not_kept():
    with Server([reply({}, Set_Cookie="a=b")]) as server:
        session = Session()
        session.send(GET, Options(server.url, KEY))
        session.send(GET, Options(server.url, KEY))
    assert "cookie" not in server.asked[1].headers


def test_a_redirect_is_not_followed():
    with Server([OK]) as other, Server([reply("", 307, Location=f"{other.url}/")]) as server:
        with pytest.raises(errors.BadAnswer, match="redirect"):
            send(server)
        with pytest.raises(errors.BadAnswer, match="redirect"):
            send(server, POST)
    assert other.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://api.cartesia.ai",
        "http://10.0.0.1:80",
        "ftp://127.0.0.1",
        "127.0.0.1:80",
        "https://a:b@c.de",
        "",
    ],
)
def test_a_key_goes_to_https_or_this_machine_only(url):
    with pytest.raises(errors.InputError):
        Options(url, KEY)


@pytest.mark.parametrize(
    "url", ["https://api.cartesia.ai/", "http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1"]
)
def test_base_urls_that_a_key_may_go_to(url):
    assert Options(url, KEY).base_url == url.rstrip("/")


@pytest.mark.parametrize("headers", [{"Authorization": "x"}, {"x-api-key": "x"}])
def test_headers_cannot_carry_a_key(headers):
    with pytest.raises(errors.InputError, match="api_key="):
        Options("https://api.cartesia.ai", KEY, headers=headers)


def test_headers_that_http_cannot_carry():
    with Server([OK]) as server, pytest.raises(errors.InputError, match="headers="):
        send(server, headers={"X-Mine": "a\r\nb"})
    assert server.asked == []


# -- what comes back ----------------------------------------------------------------------------------


def test_the_answer():
    with Server([reply(b"\x00\x01", x_request_id="r-1")]) as server:
        answer = send(server, POST)
    assert (answer.status, answer.body, answer.request_id, answer.attempts) == (200, b"\x00\x01", "r-1", 1)
    assert 0 < answer.seconds < 10


STATUSES = [
    (400, errors.BadRequest), (401, errors.AuthenticationError), (402, errors.PaymentRequired),
    (403, errors.PermissionDenied), (404, errors.NotFound), (409, errors.Conflict), (422, errors.Unprocessable),
    (429, errors.RateLimited), (500, errors.ServerError), (503, errors.ServerError), (418, errors.APIError),
]  # fmt: skip


@pytest.mark.parametrize(("status", "kind"), STATUSES)
def test_errors_in_json_and_in_plain_text(status, kind):
    newer = {
        "error_code": "voice_not_found", "title": "Voice not found", "message": "No such voice",
        "request_id": "r-9", "doc_url": "https://docs.example/e",
    }  # fmt: skip
    with Server(
        [reply(newer, status), reply("Voice not found: No such voice", status, x_request_id="r-8")]
    ) as server:
        with pytest.raises(kind) as first:
            send(server, retries=0)
        with pytest.raises(kind) as second:
            send(server, retries=0)
    error = first.value
    assert type(error) is kind
    assert (error.status, error.code, error.title) == (status, "voice_not_found", "Voice not found")
    assert (error.request_id, error.doc_url) == ("r-9", "https://docs.example/e")
    assert "\n" not in str(error)
    assert f"{status}: No such voice." in str(error)
    assert "r-9" in str(error)
    assert (second.value.code, second.value.request_id) == (None, "r-8")
    assert f"{status}: Voice not found: No such voice" in str(second.value)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"error": "quota exceeded"}, "quota exceeded"),
        ({"error": {"message": "inner", "title": "T"}}, "inner"),
        ({"title": "only a title"}, "only a title"),
        ("<html><body>Bad gateway</body></html>", "a web page"),
        ("", "no reason given"),
        ([1, 2], "[1, 2]"),
        ("a\nb\n\nc", "a b c"),
        ("x" * 10_000, "x" * 100),
    ],
)
def test_error_bodies_of_every_shape_make_one_line(body, said):
    with Server([reply(body, 400)]) as server, pytest.raises(errors.BadRequest) as caught:
        send(server)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 700


# -- what is sent again -------------------------------------------------------------------------------


def pauses(monkeypatch):
    slept = []
    monkeypatch.setattr("cartesia_nb.wire.call.time.sleep", slept.append)
    return slept


@pytest.mark.parametrize(
    "first",
    [
        reply("", 500),
        reply("", 502),
        reply("", 429),
        reply("", 408),
        reset,
        reply(b"abc", length=9, Connection="close"),
    ],
)
def test_a_read_is_sent_again(first, monkeypatch):
    slept = pauses(monkeypatch)
    with Server([first, OK]) as server:
        answer = send(server)
    assert (answer.json(), answer.attempts, len(server.asked)) == ({"ok": True}, 2, 2)
    assert FIRST_BACKOFF * 0.7 <= slept[0] <= FIRST_BACKOFF


@pytest.mark.parametrize(
    ("status", "headers"), [(429, {}), (429, {"Retry-After": "7"}), (503, {"Retry-After": "7"})]
)
def test_what_makes_audio_is_sent_again_where_the_server_cannot_have_begun(status, headers, monkeypatch):
    slept = pauses(monkeypatch)
    with Server([reply("", status, **headers), reply(b"sound")]) as server:
        answer = send(server, POST)
    assert (answer.body, answer.attempts) == (b"sound", 2)
    assert slept == ([7.0] if headers else slept)
    assert server.asked[0].body == server.asked[1].body


@pytest.mark.parametrize(
    "first",
    [
        reply("", 500),
        reply("", 502),
        reply("", 503),
        reply("", 408),
        reset,
        reply(b"abc", length=9, Connection="close"),
    ],
)
def test_what_makes_audio_is_not_sent_again_where_it_may_have_been_charged(first):
    with Server([first, reply(b"sound")]) as server, pytest.raises(errors.CartesiaError):
        send(server, POST)
    assert len(server.asked) == 1


def test_a_wait_of_more_than_a_minute_is_an_error_at_once():
    with Server([reply("slow down", 429, Retry_After="61"), OK]) as server, pytest.raises(errors.RateLimited):
        send(server, timeout=300)
    assert len(server.asked) == 1


def test_a_wait_past_the_deadline_is_an_error_at_once():
    with Server([reply("slow down", 429, Retry_After="30"), OK]) as server, pytest.raises(errors.RateLimited):
        send(server, timeout=5)
    assert len(server.asked) == 1


def test_an_unreadable_retry_after_means_our_own_backoff(monkeypatch):
    slept = pauses(monkeypatch)
    with Server([reply("", 429, Retry_After="soon"), OK]) as server:
        send(server)
    assert slept[0] <= FIRST_BACKOFF


def test_retries_are_counted(monkeypatch):
    pauses(monkeypatch)
    with Server([reply("", 500)]) as server, pytest.raises(errors.ServerError):
        send(server, retries=3)
    assert len(server.asked) == 4


def test_no_connection_is_tried_again_even_for_audio(monkeypatch):
    slept = pauses(monkeypatch)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        with pytest.raises(errors.ConnectionFailed, match=rf"nothing answers at 127.0.0.1:{port}"):
            Session().send(POST, Options(f"http://127.0.0.1:{port}", KEY))
    assert len(slept) == 2


def test_only_what_may_have_been_charged_is_said_to_be():
    with Server([reset]) as server, pytest.raises(errors.ConnectionFailed, match="may have been charged"):
        send(server, POST)
    with pytest.raises(errors.ConnectionFailed) as caught:
        send(server, POST, retries=0)  # the server is gone
    assert "charged" not in str(caught.value)


# -- how it fails -------------------------------------------------------------------------------------


def test_a_name_that_no_dns_knows(monkeypatch):
    pauses(monkeypatch)
    with pytest.raises(errors.ConnectionFailed, match="no-such-host.invalid could not be found"):
        Session().send(GET, Options("https://no-such-host.invalid", KEY))


def test_a_body_cut_short_keeps_what_came():
    with (
        Server([reply(b"half", length=100, Connection="close")]) as server,
        pytest.raises(errors.IncompleteBody) as caught,
    ):
        send(server, POST)
    assert caught.value.partial == b"half"
    assert "4 bytes came" in str(caught.value)


def test_chunks_cut_short():
    cut = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nwo"
    with Server([cut]) as server, pytest.raises(errors.IncompleteBody) as caught:
        send(server, POST)
    assert caught.value.partial.startswith(b"hello")


def test_whole_chunks_are_whole():
    whole = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    with Server([whole]) as server:
        assert send(server, POST).body == b"hello"


def test_a_body_without_length_and_chunks_cannot_be_known_to_be_whole():
    with (
        Server([b"HTTP/1.1 200 OK\r\n\r\nhello"]) as server,
        pytest.raises(errors.IncompleteBody, match="neither") as caught,
    ):
        send(server, POST)
    assert caught.value.partial == b"hello"


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nbegins",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"",
    ],
    ids=["body", "headers", "status line"],
)
def test_a_server_that_drips_is_ended_by_the_deadline(head):
    started = time.monotonic()
    with (
        Server([dripping(head)]) as server,
        pytest.raises(errors.DeadlineExceeded, match="within 1 s") as caught,
    ):
        send(server, POST, timeout=1)
    assert time.monotonic() - started < 5
    assert caught.value.partial.startswith(b"begins" if b"Length" in head else b"")
    assert len(server.asked) == 1


def test_a_silent_server_is_ended_by_the_deadline():
    silent = threading.Event()
    with (
        Server([lambda _: silent.wait(20)]) as server,
        pytest.raises(errors.DeadlineExceeded, match="within 1 s"),
    ):
        send(server, POST, timeout=1)
    silent.set()


@pytest.mark.parametrize(
    ("body", "told"),
    [("<html>welcome</html>", "a web page"), ('{"a": ', "broken JSON"), ("[1", "broken JSON")],
)
def test_json_that_is_none(body, told):
    with Server([reply(body, Content_Type="text/html")]) as server:
        answer = send(server)
    with pytest.raises(errors.BadAnswer, match=f"200 with {told} instead of JSON"):
        answer.json()


def test_a_deadline_does_not_touch_the_next_call_on_the_connection():
    with Server([OK]) as server:
        session = Session()
        session.send(GET, Options(server.url, KEY, timeout=0.4))
        time.sleep(0.6)
        session.send(GET, Options(server.url, KEY))
    assert server.connections == 1


def test_no_thread_stays_behind():
    with Server([OK]) as server:
        send(server)  # the one thread that watches all deadlines stays
        before = threading.active_count()
        for _ in range(20):
            send(server)
    deadline = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert threading.active_count() <= before


def test_a_short_deadline_does_not_wait_for_a_long_one():
    ended = []

    def patient():
        with pytest.raises(errors.DeadlineExceeded):
            send(server, timeout=4)
        ended.append(time.monotonic())

    with Server([dripping(b"")]) as server:
        thread = threading.Thread(target=patient)
        began = time.monotonic()
        thread.start()
        time.sleep(0.3)
        with pytest.raises(errors.DeadlineExceeded):
            send(server, timeout=0.5)
        assert time.monotonic() - began < 3
        thread.join()
    assert 3.9 < ended[0] - began < 7


@pytest.mark.parametrize("body", [b"[" * 100_000, b"{", b""])
def test_json_that_cannot_be_read(body):
    with Server([reply(body), reply(body, 400)]) as server:
        answer = send(server)
        with pytest.raises(errors.BadAnswer):
            answer.json()
        with pytest.raises(errors.BadRequest):
            send(server)


CUT = {
    "no number": ({"Content-Length": "abc"}, "neither a length nor chunks"),
    "negative": ({"Content-Length": "-5"}, "neither a length nor chunks"),
    "two codings": ({"Transfer-Encoding": "gzip, chunked"}, "unknown transfer encoding"),
    "identity": ({"Transfer-Encoding": "identity, chunked"}, "unknown transfer encoding"),
}


@pytest.mark.parametrize(("headers", "said"), CUT.values(), ids=CUT)
def test_framings_that_say_nothing(headers, said):
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with Server([f"HTTP/1.1 200 OK\r\n{head}\r\nhello".encode()]) as server:
        with pytest.raises(errors.IncompleteBody, match=said) as caught:
            send(server, POST)
    assert caught.value.partial in (b"hello", b"")


@pytest.mark.parametrize(
    "script",
    [
        reply(b"half", 206, Content_Range="bytes 0-3/9"),
        reply(b"packed", Content_Encoding="br"),
        reply(b"packed", Content_Encoding="zz"),
        reply({"error": "quota exceeded"}),
        reply("<html>", Content_Type="text/html; charset=utf-8"),
    ],
)
def test_what_is_no_audio(script):
    with Server([script]) as server, pytest.raises(errors.BadAnswer):
        send(server, POST)
    assert len(server.asked) == 1


def test_an_error_without_framing_is_still_one_answer():
    with Server([b"HTTP/1.0 404 Not Found\r\n\r\nno such thing"]) as server:
        with pytest.raises(errors.NotFound, match="no such thing"):
            send(server)
    assert len(server.asked) == 1


def test_no_content_needs_no_framing():
    with Server([b"HTTP/1.1 204 No Content\r\n\r\n"]) as server:
        assert send(server).body == b""


def test_a_413_with_retry_after_is_not_sent_again():
    with Server([reply("too large", 413, Retry_After="0"), reply(b"sound")]) as server:
        with pytest.raises(errors.APIError):
            send(server, POST)
    assert len(server.asked) == 1


def test_a_long_wait_is_named():
    with Server([reply("slow down", 429, Retry_After="3600")]) as server:
        with pytest.raises(errors.RateLimited, match="asks to wait 3600 s"):
            send(server)


def test_the_request_id_of_the_body_goes_before_that_of_the_header():
    with Server(
        [reply({"message": "m", "request_id": "body", "doc_url": 5}, 400, x_request_id="header")]
    ) as server:
        with pytest.raises(errors.BadRequest) as caught:
            send(server)
    assert (caught.value.request_id, caught.value.doc_url) == ("body", None)


def test_a_deadline_ends_a_call_on_a_connection_that_was_used_before():
    with Server([OK, dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")]) as server:
        session = Session()
        session.send(GET, Options(server.url, KEY))
        started = time.monotonic()
        with pytest.raises(errors.DeadlineExceeded):
            session.send(POST, Options(server.url, KEY, timeout=1))
    assert time.monotonic() - started < 5
    assert server.connections == 1


def test_a_connection_that_rested_long_is_not_used_again(monkeypatch):
    with Server([OK]) as server:
        session = Session()
        session.send(GET, Options(server.url, KEY))
        monkeypatch.setattr("cartesia_nb.wire.connection.LONGEST_REST", 0.0)
        session.send(GET, Options(server.url, KEY))
    assert server.connections == 2


def test_a_slow_upload_may_take_longer_than_connecting(monkeypatch):
    monkeypatch.setattr("cartesia_nb.wire.call.CONNECT_TIMEOUT", 0.5)
    big = Request("x", "POST", "/x", VERSION, body={"x": "y" * 20_000_000}, audio=True)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            connection, _ = server.accept()
            with connection:
                time.sleep(1.5)  # far more than the buffers hold is still to be sent
                read_request(connection.makefile("rb"))
                connection.sendall(reply(b"sound"))

        threading.Thread(target=serve, daemon=True).start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        assert Session().send(big, Options(url, KEY)).body == b"sound"


def test_a_certificate_that_nobody_vouches_for(monkeypatch):
    pauses(monkeypatch)
    plain = "https" + Server([OK]).__enter__().url[4:]
    with pytest.raises(errors.ConnectionFailed, match="no secure connection"):
        Session().send(GET, Options(plain, KEY))


def test_a_proxy_that_does_not_work(monkeypatch):
    pauses(monkeypatch)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    with pytest.raises(errors.ConnectionFailed, match="proxy on the way to api.cartesia.ai"):
        Session().send(GET, Options("https://api.cartesia.ai", KEY))


def test_an_interrupt_leaves_no_frames_with_the_key(monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("http.client.HTTPConnection.getresponse", interrupted)
    with Server([OK]) as server, pytest.raises(KeyboardInterrupt) as caught:
        send(server, POST)
    assert caught.value.__context__ is None
    assert {entry.path.name for entry in caught.traceback} <= {"test_session.py", "session.py"}


# -- the key ------------------------------------------------------------------------------------------


def test_a_server_that_echoes_the_key_does_not_make_it_shown():
    echo = {
        "message": f"bad key {secret.KEY}, or {SECRET[:10]}... or {SECRET[3:9]} or sk_car_other_Abcdefghij"
    }
    with Server([reply(echo, 401)]) as server, pytest.raises(errors.AuthenticationError) as caught:
        send(server)
    assert given_away(str(caught.value)) == []
    assert "bad key sk_car_…" in str(caught.value)
    assert "Abcdefgh" not in str(caught.value)


@pytest.mark.parametrize(
    "script",
    [
        reply(f"Authorization: Bearer {secret.KEY}"),
        reply("<x>", Content_Type=f"text/{SECRET}"),
        reply("no", 401, x_request_id=secret.KEY),
        reply('{"message": "' + "".join(f"\\u{ord(char):04x}" for char in SECRET) + '"}', 401),
        reply("no", 307, Location=f"https://example.com/{SECRET}"),
    ],
)
def test_no_echo_of_the_key_is_shown(script):
    with Server([script]) as server, pytest.raises(errors.CartesiaError) as caught:
        send(server, POST)
    assert given_away(str(caught.value) + repr(caught.value) + repr(vars(caught.value))) == []


def test_a_header_that_echoes_the_key_is_masked():
    with Server([reply(b"sound", x_request_id=secret.KEY)]) as server:
        assert given_away(str(send(server, POST).headers)) == []


def test_logs_and_debug_output_do_not_have_the_key(caplog, capfd, monkeypatch):
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)
    with caplog.at_level(logging.DEBUG), Server([OK, reply("", 500)]) as server:
        send(server)
        with pytest.raises(errors.ServerError):
            send(server, POST)
    printed = capfd.readouterr()
    assert "POST /tts/bytes: 500" in caplog.text
    assert given_away(caplog.text + printed.out + printed.err) == []


def test_an_error_has_no_frames_or_context_of_the_libraries_below():
    with Server([reset]) as server, pytest.raises(errors.ConnectionFailed) as caught:
        send(server, POST)
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    assert {entry.path.name for entry in caught.traceback} <= {"test_session.py", "session.py"}


def test_wav_of_the_scripts_is_a_wav():
    assert wav()[:4] == b"RIFF"


@pytest.mark.parametrize("name", ["Accept-Encoding", "accept-encoding", "ACCEPT-ENCODING"])
def test_audio_comes_uncompressed_whatever_headers_say(name):
    with Server([reply(b"sound", Content_Type="audio/wav")]) as server:
        Session().send(POST, Options(server.url, KEY, headers={name: "gzip"}))
    assert server.asked[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    "name", ["User-Agent", "user-agent", "Cartesia-Version", "CARTESIA-VERSION", "accept"]
)
def test_headers_of_the_user_go_before_ours(name):
    with Server([reply({})]) as server:
        Session().send(GET, Options(server.url, KEY, headers={name: "mine"}))
    assert server.asked[0].headers[name.lower()] == "mine"


def test_answers_that_are_no_audio_may_be_compressed():
    with Server([reply({})]) as server:
        Session().send(GET, Options(server.url, KEY))
    assert "gzip" in server.asked[0].headers["accept-encoding"]


def test_a_list_is_json_but_no_object():
    with pytest.raises(errors.BadAnswer, match="with JSON instead of a JSON object"):
        Answer(200, {}, b"[1]", 1, 0.1).json_object()
