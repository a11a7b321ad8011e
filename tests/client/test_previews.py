"""Previews of voices: they are heard, and the key goes nowhere else for them."""

import io

import numpy as np
import pytest
import requests
from scripted import Server, reply, wav
from secret import KEY, SECRET, given_away
from urllib3 import HTTPResponse

from cartesia_nb import Client
from cartesia_nb.speech.codecs import encode
from cartesia_nb.wire.errors import APIError, BadAnswer, IncompleteBody, InputError, NotFound, UnknownVoice

ADA = "e07c00bc-4134-4eae-9ea4-1a55fb45746b"
SARAH = "8f7d3c2e-1a2b-3c4d-5e6f-7g8h9i0j1k2l"
MP3 = encode(np.sin(np.arange(22050) / 20).astype(np.float32), 44100, ".mp3")


def voice(address):
    return reply({"id": ADA, "name": "Ada", "preview_file_url": address})


class Api(Server):
    """Tells a voice's address, with its own URL for {here}, and answers there with `audio`."""

    def __init__(self, address="{here}/files/file_1/download?format=playback", audio=b"", path=""):
        audio = audio or reply(MP3, Content_Type="audio/mpeg")
        audios = iter(audio if isinstance(audio, list) else [audio])

        def answer(asked):
            if asked.path.startswith(f"{path}/voices"):
                return voice(address.format(here=self.url) if isinstance(address, str) else address)
            return next(audios)

        super().__init__(answer=answer)
        self.path = path

    def preview(self, id=ADA, **options):
        return Client(KEY, base_url=self.url + self.path, **options).voices.preview(id)


# -- what is heard ------------------------------------------------------------------------------------


def test_the_sandbox_has_previews(sandbox):
    voices = Client(sandbox.key, base_url=sandbox.url).voices
    preview = voices.preview("ada")
    assert preview.samples.ndim == 1
    assert 1 < preview.duration < 15
    assert np.abs(preview.samples).max() > 0.05
    assert preview.display_copy == preview.data
    assert "voice Ada" in preview._repr_html_()
    for given in (ADA, voices.get(ADA), voices.list().set_index("name", drop=False).loc["Ada"]):
        assert voices.preview(given).data == preview.data


def test_a_voice_without_one(sandbox):
    assert Client(sandbox.key, base_url=sandbox.url).voices.preview(SARAH) is None


def test_voices_that_there_are_not(sandbox):
    voices = Client(sandbox.key, base_url=sandbox.url).voices
    with pytest.raises(NotFound):
        voices.preview("00000000-0000-4000-8000-000000000000")
    with pytest.raises(UnknownVoice):
        voices.preview("Nobody at all")


def test_what_is_sent_and_what_is_remembered():
    with Api() as api:
        preview = api.preview(headers={"X-Mine": "yes"})
    told, fetched = api.asked
    assert (told.path, fetched.path) == (
        f"/voices/{ADA}?expand%5B%5D=preview_file_url",
        "/files/file_1/download?format=playback",
    )
    for name, value in (
        ("authorization", f"Bearer {KEY}"),
        ("cartesia-version", "2026-08-14"),
        ("x-mine", "yes"),
    ):
        assert told.headers[name] == fetched.headers[name] == value
    assert fetched.headers["accept-encoding"] == "identity"
    assert api.connections == 1
    made = preview.provenance
    assert (made["method"], made["version"], made["request"]) == ("voices.preview", "2026-08-14", {"id": ADA})
    assert (made["voice_id"], made["voice_name"], made["backend"], made["attempts"]) == (ADA, "Ada", "api", 1)
    assert "credits" not in made
    assert "file_1" not in str(made)


def test_a_wav_file_is_as_good():
    with Api(audio=reply(wav(0.5, 24000), Content_Type="application/octet-stream")) as api:
        preview = api.preview()
    assert (preview.mimetype, preview.sample_rate, preview.duration) == ("audio/wav", 24000, 0.5)


def test_a_base_url_with_a_path_has_its_previews_at_the_same_host():
    with Api(path="/cartesia") as api:
        assert api.preview().mimetype == "audio/mpeg"
    assert [asked.path.split("?")[0] for asked in api.asked] == [
        f"/cartesia/voices/{ADA}",
        "/files/file_1/download",
    ]


def test_a_version_without_previews_asks_nothing():
    with Api() as api, pytest.raises(InputError, match=r"voices\.preview does not exist in .*2025-04-16"):
        api.preview("Ada", version="2025-04-16")
    assert api.asked == []


# -- where the key goes -------------------------------------------------------------------------------

ELSEWHERE = [
    "https://evil.example/preview.mp3",
    "https://files.cartesia.ai/files/file_1/download",
    "http://localhost:{port}/preview.mp3",
    "http://127.0.0.1/preview.mp3",
    "http://127.0.0.1:{other}/preview.mp3",
    "https://127.0.0.1:{port}/preview.mp3",
    "http://someone@127.0.0.1:{port}/preview.mp3",
    "http://127.0.0.1:{port}@evil.example/preview.mp3",
    "http://127.0.0.1:{port}\\.evil.example/preview.mp3",
    "//127.0.0.1:{port}/preview.mp3",
    "/preview.mp3",
    "file:///etc/passwd",
    "https://[broken/preview.mp3",
    "",
    5,
    {},
    ["http://127.0.0.1:{port}/preview.mp3"],
]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_no_key_and_no_request_goes_elsewhere(address):
    with Api() as api, Server([reply(MP3, Content_Type="audio/mpeg")]) as other:
        ports = {"port": api.url.rpartition(":")[2], "other": other.url.rpartition(":")[2]}
        if isinstance(address, str):
            address = address.format(**ports)
        api.answer = lambda _: voice(address)
        with pytest.raises(BadAnswer) as caught:
            api.preview()
    assert len(api.asked) == 1
    assert other.connections == 0
    assert given_away(str(caught.value)) == []


def test_the_error_names_the_host():
    with Api("https://evil.example:99/preview.mp3?secret=1") as api, pytest.raises(BadAnswer) as caught:
        api.preview()
    assert str(caught.value) == (
        f"the preview lies at 'https://evil.example:99', where the key for {api.url} must not go. "
        "Nothing was sent there."
    )


@pytest.mark.parametrize("key", [KEY, SECRET])
def test_a_host_that_has_the_key_in_it_does_not_show_it(key):
    with Api(f"https://{key}.evil.example/preview.mp3") as api, pytest.raises(BadAnswer) as caught:
        Client(key, base_url=api.url).voices.preview(ADA)
    error = caught.value
    shown = f"{error} {error!r} {vars(error)}"
    assert given_away(shown) == []
    assert SECRET.lower()[:6] not in shown.lower()
    assert "evil.example" in str(error)


@pytest.mark.parametrize("address", ["/preview.mp3", "", 5, "https://[broken/preview.mp3"])
def test_what_is_no_address(address):
    with Api(address) as api, pytest.raises(BadAnswer, match="cannot be read"):
        api.preview()


@pytest.fixture
def internet(monkeypatch):
    """Every host there is: each has a voice with the address that a test sets, and an MP3."""

    class Internet:
        def __init__(self):
            self.address, self.sent = None, []

        def send(self, request):
            self.sent.append((request.url, request.headers.get("Authorization")))
            told = voice(self.address) if "/voices/" in request.url else reply(MP3, Content_Type="audio/mpeg")
            head, _, body = told.partition(b"\r\n\r\n")
            headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
            response = requests.Response()
            response.status_code = 200
            response.raw = HTTPResponse(io.BytesIO(body), headers, 200, preload_content=False)
            response.headers = response.raw.headers
            return response

    everywhere = Internet()
    monkeypatch.setattr(
        "cartesia_nb.wire.connection.Adapter.send", lambda _, request, **__: everywhere.send(request)
    )
    return everywhere


@pytest.mark.parametrize(
    "address",
    [
        "https://files.cartesia.ai/files/file_1/download?format=playback",
        "https://api.cartesia.ai/previews/1.mp3",
        "https://cartesia.ai:443/1.mp3",
        "https://Files.EU.Cartesia.AI/1.mp3",
    ],
)
def test_cartesias_own_hosts_get_the_key(internet, address):
    internet.address = address
    assert Client(KEY, base_url="https://api.cartesia.ai").voices.preview(ADA).mimetype == "audio/mpeg"
    (_, first), (url, second) = internet.sent
    assert url == address.replace(":443", "").replace("Files.EU.Cartesia.AI", "files.eu.cartesia.ai")
    assert first == second == f"Bearer {KEY}"


@pytest.mark.parametrize(
    "address",
    [
        "https://cartesia.ai.evil.example/1.mp3",
        "https://evilcartesia.ai/1.mp3",
        "https://cartesia.air/1.mp3",
        "https://cartesiaxai/1.mp3",
        "http://files.cartesia.ai/1.mp3",
        "https://files.cartesia.ai:8443/1.mp3",
        "https://files.cartesia.ai./1.mp3",
        "https://.cartesia.ai/1.mp3",
        "https://someone@files.cartesia.ai/1.mp3",
        "https://files.cartesia.ai@evil.example/1.mp3",
        "https://evil.example\\@files.cartesia.ai/1.mp3",
        "https://evil.example\\.cartesia.ai/1.mp3",
        "https://evil.example#.cartesia.ai/1.mp3",
        "https://evil.example?.cartesia.ai/1.mp3",
        "ftp://files.cartesia.ai/1.mp3",
    ],
)
def test_hosts_that_only_look_like_cartesia_do_not(internet, address):
    internet.address = address
    with pytest.raises(BadAnswer, match="must not go"):
        Client(KEY, base_url="https://api.cartesia.ai").voices.preview(ADA)
    assert len(internet.sent) == 1


@pytest.mark.parametrize(
    "base", ["https://voice.example", "https://api.cartesia.ai:8443", "https://cartesia.ai.example"]
)
def test_the_key_of_another_server_is_not_for_cartesia(internet, base):
    internet.address = "https://files.cartesia.ai/1.mp3"
    with pytest.raises(BadAnswer, match=r"'https://files\.cartesia\.ai', where the key for"):
        Client(KEY, base_url=base).voices.preview(ADA)
    assert len(internet.sent) == 1
    internet.address = f"{base.replace('voice.example', 'Voice.example:443')}/1.mp3"
    assert Client(KEY, base_url=base).voices.preview(ADA).duration > 0


# -- what breaks --------------------------------------------------------------------------------------


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr("cartesia_nb.wire.call.time.sleep", lambda _: None)


def test_a_cut_body_is_asked_for_again_and_then_an_error(at_once):
    cut = reply(MP3[:-500], Content_Type="audio/mpeg", Connection="close", length=len(MP3))
    with Api(audio=[cut] * 3) as api, pytest.raises(IncompleteBody) as caught:
        api.preview()
    assert caught.value.partial == MP3[:-500]
    assert len(api.asked) == 4


@pytest.mark.parametrize(("data", "kind"), [(MP3[:-100], "audio/mpeg"), (wav()[:-100], "audio/wav")])
def test_half_a_file_that_passes_for_whole_is_none(data, kind):
    with Api(audio=reply(data, Content_Type=kind)) as api, pytest.raises(IncompleteBody):
        api.preview()


@pytest.mark.parametrize(
    "answer", [reply("<html>"), reply({"no": 1}), reply(b""), reply(b"OggS" * 99, Content_Type="audio/ogg")]
)
def test_what_is_no_audio(answer):
    with Api(audio=answer) as api, pytest.raises(BadAnswer):
        api.preview()


def test_a_busy_server_is_asked_again(at_once):
    with Api(audio=[reply("", 503), reply(MP3, Content_Type="audio/mpeg")]) as api:
        assert api.preview().provenance["attempts"] == 2


def test_a_redirect_is_not_followed():
    with Server([reply(MP3)]) as other:
        away = reply("", 302, Location=f"{other.url}/preview.mp3")
        with Api(audio=away) as api, pytest.raises(BadAnswer, match="redirect"):
            api.preview()
        assert other.connections == 0


@pytest.mark.parametrize("status", [401, 404])
def test_an_echo_of_the_key_is_masked(status):
    with (
        Api(audio=reply(f"no preview for {KEY}, {SECRET}", status)) as api,
        pytest.raises(APIError) as caught,
    ):
        api.preview()
    assert f"answered {status}: no preview for" in str(caught.value)
    assert given_away(f"{caught.value} {vars(caught.value)}") == []
