"""Voices: lists as typed DataFrames, and finding the one that is meant."""

import pandas as pd
import pytest
from scripted import Server, reply
from secret import KEY

from cartesia_nb import Client
from cartesia_nb.client.voice_names import VoiceNames
from cartesia_nb.frames import TIME, VOICE
from cartesia_nb.wire.errors import BadAnswer, IncompleteBody, InputError, NotFound, UnknownVoice

ID = "694f9389-aac1-45b6-b726-9d9369183238"


def voice(number, **changes):
    return {
        "id": f"00000000-0000-0000-0000-{number:012}", "name": f"Voice {number}", "description": "x", "language": "en",
        "gender": "feminine", "is_owner": False, "created_at": "2025-01-02T03:04:05.678Z", **changes,
    }  # fmt: skip


def pages(*sizes, **extra):
    rows = [voice(number) for number in range(sum(sizes))]
    replies, start = [], 0
    for at, size in enumerate(sizes):
        data, more = rows[start : start + size], at < len(sizes) - 1
        following = {"next_page": data[-1]["id"]} if more and data else {}
        replies.append(reply({"data": data, "has_more": more, **following, **extra}))
        start += size
    return replies


def test_all_pages_make_one_typed_frame():
    with Server(pages(100, 100, 7)) as server:
        frame = Client(KEY, base_url=server.url).voices.list()
    assert len(frame) == 207
    assert frame.id.is_unique
    types = {name: str(kind) for name, kind in frame.dtypes.items()}
    assert (types["created_at"], types["is_owner"], types["gender"]) == (TIME, "boolean", "category")
    assert pd.api.types.is_string_dtype(frame["name"])
    assert frame.created_at[0] == pd.Timestamp("2025-01-02T03:04:05.678Z")
    assert [asked.path.partition("?")[2] for asked in server.asked] == [
        "limit=100",
        "limit=100&starting_after=00000000-0000-0000-0000-000000000099",
        "limit=100&starting_after=00000000-0000-0000-0000-000000000199",
    ]


def test_has_more_without_next_page_goes_on_after_the_last_row():
    first = reply({"data": [voice(0), voice(1)], "has_more": True})
    with Server([first, reply({"data": [voice(2)], "has_more": False})]) as server:
        assert len(Client(KEY, base_url=server.url).voices.list()) == 3
    assert server.asked[1].path.endswith(voice(1)["id"])


def test_the_limit_caps_the_total():
    with Server(pages(100, 100, 100)) as server:
        assert len(Client(KEY, base_url=server.url).voices.list(limit=130)) == 130
    assert [asked.path.split("limit=")[1].split("&")[0] for asked in server.asked] == ["100", "30"]


@pytest.mark.parametrize(
    ("version", "columns"), [(version, list(schema)) for version, schema in VOICE.items()]
)
def test_an_empty_list_has_the_columns_of_its_version(version, columns):
    with Server([reply({"data": [], "has_more": False})]) as server:
        frame = Client(KEY, base_url=server.url, version=version).voices.list()
    assert (list(frame.columns), len(frame)) == (columns, 0)
    assert str(frame.created_at.dtype) == TIME


def test_unknown_fields_are_kept_and_odd_rows_are_not_lost():
    rows = [
        voice(0, mood="merry"),
        {"id": "b"},
        voice(2, name=7, created_at="yesterday", is_owner="maybe", gender=None),
    ]
    with Server([reply({"data": rows, "has_more": False})]) as server:
        frame = Client(KEY, base_url=server.url).voices.list()
    assert len(frame) == 3
    assert list(frame.mood) == ["merry", None, None]
    assert list(frame.created_at) == ["2025-01-02T03:04:05.678Z", None, "yesterday"]
    assert frame.name[2] == 7
    assert list(frame.columns)[: len(VOICE["2026-08-14"])] == list(VOICE["2026-08-14"])


@pytest.mark.parametrize(
    ("filters", "version", "query"),
    [
        ({}, "2026-08-14", "limit=100"),
        ({"gender": None}, "2026-08-14", "limit=100"),
        ({"q": "calm one", "is_owner": True}, "2026-08-14", "q=calm+one&is_owner=true&limit=100"),
        ({"is_starred": True}, "2025-04-16", "is_starred=true&limit=100"),
        ({"language": "de"}, "2025-11-04", "language=de&limit=100"),
        ({"expand": ["preview_file_url"]}, "2026-08-14", "expand%5B%5D=preview_file_url&limit=100"),
        ({"expand": ["is_starred"]}, "2025-04-16", "expand%5B%5D=is_starred&limit=100"),
    ],
)
def test_filters_and_the_version_that_they_need(filters, version, query):
    with Server(pages(1)) as server:
        Client(KEY, base_url=server.url).voices.list(**filters)
    assert server.asked[0].headers["cartesia-version"] == version
    assert server.asked[0].path == f"/voices?{query}"


@pytest.mark.parametrize(
    "arguments",
    [
        {"gender": "female"},
        {"limit": -1},
        {"page_size": 0},
        {"page_size": 101},
        {"expand": "is_starred"},
        {"expand": None},
        {"limit": True},
    ],
)
def test_impossible_filters_are_not_sent(arguments):
    with Server(pages(1)) as server, pytest.raises(InputError):
        Client(KEY, base_url=server.url).voices.list(**arguments)
    assert server.asked == []


def test_a_server_that_sends_the_same_page_again_and_again_is_noticed():
    again = reply({"data": [voice(0)], "has_more": True})
    with Server([again]) as server, pytest.raises(BadAnswer, match="again and again"):
        Client(KEY, base_url=server.url).voices.list()
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    "body",
    [
        {"voices": []}, [1], {"data": None}, {"data": [5]}, {"data": [None]}, {"data": [[]]},
        {"data": [{"name": "x"}], "has_more": True}, {"data": [{"id": None}], "has_more": True},
    ],
)  # fmt: skip
def test_an_answer_that_is_no_list(body):
    with Server([reply(body)]) as server, pytest.raises(BadAnswer):
        Client(KEY, base_url=server.url).voices.list()


def test_a_long_listing_shows_progress(monkeypatch, capfd):
    monkeypatch.setattr("cartesia_nb.client.progress.PATIENCE", -1)
    with Server(pages(2, 2, 1)) as server:
        Client(KEY, base_url=server.url).voices.list(page_size=2)
    assert "voices" in capfd.readouterr().err


def test_getting_one(sandbox):
    voices = Client(sandbox.key, base_url=sandbox.url).voices
    assert voices.get(ID).id == ID
    with pytest.raises(NotFound) as caught:
        voices.get("00000000-0000-0000-0000-000000000000")
    assert caught.value.request_id


@pytest.mark.parametrize("wrong", ["", " ", ".", "..", None, 3])
def test_an_id_that_would_lead_elsewhere_is_not_sent(wrong):
    with Server(pages(1)) as server, pytest.raises(InputError, match="voice id"):
        Client(KEY, base_url=server.url).voices.get(wrong)
    assert server.asked == []


def test_ids_go_out_as_given_and_escaped():
    with Server([reply({"id": "x"})]) as server:
        Client(KEY, base_url=server.url).voices.get("a/b?c#d")
    assert server.asked[0].path == "/voices/a%2Fb%3Fc%23d"


# -- which voice is meant -----------------------------------------------------------------------------

NAMED = [
    voice(1, name="Ada - Calm"),
    voice(2, name="Ada - Loud"),
    voice(3, name="Bert"),
    voice(4, name="Bertram"),
]


@pytest.fixture
def voices():
    with Server([reply({"data": NAMED, "has_more": False})]) as server:
        yield Client(KEY, base_url=server.url).voices


@pytest.mark.parametrize(
    ("name", "number"), [("Ada - Calm", 1), ("ada - loud", 2), ("Bert", 3), ("bertr", 4), (" Bertram ", 4)]
)
def test_names_that_only_one_voice_has(voices, name, number):
    assert voices.names.speaker(name).id == voice(number)["id"]


def test_a_name_that_more_than_one_voice_has(voices):
    with pytest.raises(
        UnknownVoice, match=r"more than one.*000000000001 \(Ada - Calm\); .*000000000002 \(Ada - Loud\)"
    ):
        voices.names.speaker("Ada")


def test_an_unknown_name_gets_the_nearest(voices):
    with pytest.raises(UnknownVoice, match="no voice is called 'Brt'.*Did you mean 'Bert'"):
        voices.names.speaker("Brt")
    with pytest.raises(UnknownVoice, match="%cartesia voices lists them"):
        voices.names.speaker("qqqqqqqqqq")


def test_an_id_needs_no_look_up():
    with Server([reply("", 500)]) as server:
        assert Client(KEY, base_url=server.url).voices.names.speaker(ID).id == ID
        assert (
            Client(KEY, base_url=server.url).voices.names.speaker({"mode": "id", "id": "anything"}).id
            == "anything"
        )
    assert server.asked == []


def test_rows_and_resources(voices):
    frame = voices.list()
    expected = (voice(3)["id"], "Bert")
    for given in (
        frame.iloc[2],
        voices.get("x") | {} if False else next(frame.iloc[2:].itertuples()),
        frame.iloc[2].to_dict(),
    ):
        assert voices.names.speaker(given) == expected
    for wrong in (frame, 7, None, {"name": "Bert"}, ["Bert"]):
        with pytest.raises(InputError, match="a voice is an id, a name"):
            voices.names.speaker(wrong)


def test_a_version_without_search_lists_all():
    with Server([reply({"data": NAMED, "has_more": False})]) as server:
        assert (
            Client(KEY, base_url=server.url, version="2025-04-16").voices.names.speaker("Bert").name == "Bert"
        )
    assert "q=" not in server.asked[0].path


def test_what_was_seen_before_does_not_make_a_name_unambiguous():
    two = [voice(1, name="Ada"), voice(2, name="Ada")]
    listing, one = reply({"data": two, "has_more": False}), reply(two[1])
    with Server([one, listing, reply({"data": two[:1], "has_more": True}), listing]) as server:
        voices = Client(KEY, base_url=server.url).voices
        voices.get(two[1]["id"])
        with pytest.raises(UnknownVoice, match="more than one"):
            voices.names.speaker("Ada")
        voices.list(limit=1)
        with pytest.raises(UnknownVoice, match="more than one"):
            voices.names.speaker("Ada")


def test_a_whole_listing_saves_the_look_up():
    with Server([reply({"data": NAMED, "has_more": False})]) as server:
        voices = Client(KEY, base_url=server.url).voices
        voices.list()
        assert voices.names.speaker("Bert") == (voice(3)["id"], "Bert")
    assert len(server.asked) == 1


def test_an_answer_that_ends_early_is_asked_for_again_and_then_an_error(monkeypatch):
    monkeypatch.setattr("cartesia_nb.wire.call.time.sleep", lambda _: None)
    with Server([reply(b'{"id": "x"', length=99, Connection="close")]) as server:
        with pytest.raises(IncompleteBody):
            Client(KEY, base_url=server.url).voices.get("x")
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    "row", [{"id": "v"}, {"id": "v", "name": None}, {"id": "v", "name": ""}, {"name": "n"}]
)
def test_a_voice_without_a_name_is_not_remembered_by_it(row):
    names = VoiceNames(None)
    names.remember([row, {"id": "w", "name": "Wanda"}])
    assert names.met() == ["Wanda"]
