"""The sections that speak JSON: what each method sends, and what it makes of the answer."""

import pandas as pd
import pytest
from scripted import Server, reply
from secret import KEY

from cartesia_nb import Client
from cartesia_nb.client.pronunciation_dicts import read_items
from cartesia_nb.frames import (
    AGENT,
    AGENT_TEMPLATE,
    CALL,
    DATASET,
    DATASET_FILE,
    DEPLOYMENT,
    FINE_TUNE,
    METRIC,
    PHONE_NUMBER,
    PRONUNCIATION_DICT,
    TIME,
    VOICE,
)
from cartesia_nb.wire.errors import BadAnswer, InputError, NotFound

NEWEST, SEED = "2026-08-14", "2025-04-16"
TUNE = {"name": "n", "description": "d", "language": "en", "model_id": "m", "dataset": "x"}

# method: arguments, verb, path, body, version
CALLS = {
    "agents.get": (("id",), "GET", "/agents/id", None, NEWEST),
    "agents.update": (("id", {"tts_voice": "v", "tts_language": "en"}), "PATCH", "/agents/id", ..., NEWEST),
    "agents.delete": (("id",), "DELETE", "/agents/id", None, NEWEST),
    "agents.get_call": (("id",), "GET", "/agents/calls/id", None, NEWEST),
    "agents.get_deployment": (("id",), "GET", "/agents/deployments/id", None, NEWEST),
    "agents.get_metric": (("id",), "GET", "/agents/metrics/id", None, NEWEST),
    "agents.create_metric": (
        {"name": "a.b-c_1", "display_name": "A", "prompt": "p"},
        "POST",
        "/agents/metrics",
        ...,
        NEWEST,
    ),
    "agents.add_metric_to_agent": (("id", "m"), "POST", "/agents/id/metrics/m", None, NEWEST),
    "agents.remove_metric_from_agent": (("id", "m"), "DELETE", "/agents/id/metrics/m", None, NEWEST),
    "auth.access_token": ({"grants": {"tts": True}, "expires_in": 60}, "POST", "/access-token", ..., NEWEST),
    "datasets.create": ({"name": "n", "description": "d"}, "POST", "/datasets/", ..., NEWEST),
    "datasets.get": (("a/b",), "GET", "/datasets/a%2Fb", None, NEWEST),
    "datasets.update": (("id", {"name": "n", "description": "d"}), "PATCH", "/datasets/id", ..., NEWEST),
    "datasets.delete": (("id",), "DELETE", "/datasets/id", None, NEWEST),
    "datasets.delete_file": (("id", "f"), "DELETE", "/datasets/id/files/f", None, NEWEST),
    "fine_tunes.create": (TUNE, "POST", "/fine-tunes/", ..., NEWEST),
    "fine_tunes.get": (("id",), "GET", "/fine-tunes/id", None, NEWEST),
    "fine_tunes.delete": (("id",), "DELETE", "/fine-tunes/id", None, NEWEST),
    "pronunciation_dicts.create": ({"name": "n"}, "POST", "/pronunciation-dicts/", ..., NEWEST),
    "pronunciation_dicts.get": (("id",), "GET", "/pronunciation-dicts/id", None, NEWEST),
    "pronunciation_dicts.update": (("id", {"name": "n"}), "PATCH", "/pronunciation-dicts/id", ..., NEWEST),
    "pronunciation_dicts.delete": (("id",), "DELETE", "/pronunciation-dicts/id", None, NEWEST),
    "voices.update": (("id", {"name": "n", "gender": None}), "PATCH", "/voices/id", ..., NEWEST),
    "voices.delete": (("id",), "DELETE", "/voices/id", None, NEWEST),
    "pronunciation_dicts.pin": (("id",), "POST", "/pronunciation-dicts/id/pin", None, SEED),
    "pronunciation_dicts.unpin": (("id",), "POST", "/pronunciation-dicts/id/unpin", None, SEED),
}
NOTHING = [
    name for name in CALLS if name.endswith(("delete", "delete_file", "pin", "datasets.update", "_agent"))
]

# method: arguments, path, columns
LISTS = {
    "agents.list_calls": (({"agent_id": "id", "expand": "transcript"},), "/agents/calls", CALL),
    "agents.list_metrics": ((), "/agents/metrics", METRIC),
    "datasets.list": ((), "/datasets/", DATASET),
    "datasets.list_files": (("id",), "/datasets/id/files", DATASET_FILE),
    "fine_tunes.list": ((), "/fine-tunes/", FINE_TUNE),
    "fine_tunes.list_voices": (("id",), "/fine-tunes/id/voices", VOICE[NEWEST]),
    "pronunciation_dicts.list": ((), "/pronunciation-dicts/", PRONUNCIATION_DICT),
}


def call(url, name, arguments, **options):
    section, method = name.split(".")
    function = getattr(getattr(Client(KEY, base_url=url, **options), section), method)
    if isinstance(arguments, dict):
        return function(**arguments)
    positional = [value for value in arguments if not isinstance(value, dict)]
    return function(
        *positional, **(arguments[-1] if isinstance(arguments[-1:] and arguments[-1], dict) else {})
    )


@pytest.mark.parametrize("name", CALLS)
def test_what_is_sent(name):
    arguments, verb, path, body, version = CALLS[name]
    script = b"HTTP/1.1 204 No Content\r\n\r\n" if name in NOTHING else reply({"id": "new", "name": "n"})
    with Server([script]) as server:
        result = call(server.url, name, arguments)
    asked = server.asked[0]
    assert (asked.verb, asked.path) == (verb, path)
    assert asked.headers["cartesia-version"] == version
    if body is None:
        assert asked.body == b""
    else:
        assert asked.json() == (arguments if isinstance(arguments, dict) else arguments[-1])
    assert result is None if name in NOTHING else result.id == "new"


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_whole_frames_with_the_same_columns_also_when_empty(name):
    arguments, path, columns = LISTS[name]
    first = reply({"data": [{"id": "a", "more": 1}], "has_more": True})
    with Server(
        [first, reply({"data": [{"id": "b"}], "has_more": False}), reply({"data": [], "has_more": False})]
    ) as server:
        frame = call(server.url, name, arguments)
        empty = call(server.url, name, arguments)
    filters = "agent_id=id&expand=transcript&" if arguments and isinstance(arguments[0], dict) else ""
    assert [asked.path for asked in server.asked] == [
        f"{path}?{filters}limit=100",
        f"{path}?{filters}limit=100&starting_after=a",
        f"{path}?{filters}limit=100",
    ]
    assert list(frame.id) == ["a", "b"]
    assert list(frame.columns) == [*columns, "more"]
    assert (list(empty.columns), len(empty)) == (list(columns), 0)
    assert [str(kind) for kind in empty.dtypes] == [str(kind) for kind in frame[list(columns)].dtypes]


@pytest.mark.parametrize(
    "name", [name for name, row in CALLS.items() if "id" in str(row[2]) and row[1] != "GET"]
)
def test_a_change_is_not_sent_twice_and_an_unknown_id_is_named(name):
    with Server([reply("oops", 500)]) as server, pytest.raises(Exception, match="500"):
        call(server.url, name, CALLS[name][0])
    assert len(server.asked) == 1
    with (
        Server([reply({"message": "no such id"}, 404)]) as server,
        pytest.raises(NotFound, match="no such id"),
    ):
        call(server.url, name, CALLS[name][0])


@pytest.mark.parametrize("name", [name for name, row in CALLS.items() if isinstance(row[0], tuple)])
def test_an_empty_id_is_not_sent(name):
    arguments = tuple("" if value == "id" else value for value in CALLS[name][0])
    with Server([reply({})]) as server:
        if "a/b" in arguments:
            arguments = ("..",)
        with pytest.raises(InputError, match="id is a text"):
            call(server.url, name, arguments)
    assert server.asked == []


def test_a_pinned_version_without_pins():
    with pytest.raises(InputError, match="pronunciation_dicts.pin does not exist"):
        Client(KEY, version=NEWEST).pronunciation_dicts.pin("id")


def test_the_agent_grant_has_its_versions():
    with Server([reply({"token": "t"})]) as server:
        Client(KEY, base_url=server.url).auth.access_token(grants={"agent": True})
        assert server.asked[0].headers["cartesia-version"] == NEWEST
        with pytest.raises(InputError, match="grants=agent"):
            Client(KEY, base_url=server.url, version=SEED).auth.access_token(grants={"agent": True})


def test_a_token_does_not_show_itself():
    with Server([reply({"token": "eyJhbGciOiJIUzI1NiJ9.secret", "other": 1})]) as server:
        token = Client(KEY, base_url=server.url).auth.access_token()
    assert token.token == "eyJhbGciOiJIUzI1NiJ9.secret"
    assert "secret" not in repr(token) + token._repr_html_()
    assert "other=1" in repr(token)
    assert server.asked[0].json() == {}


@pytest.mark.parametrize(
    "arguments",
    [
        {"grants": ["tts"]},
        {"grants": {"sing": True}},
        {"grants": {"tts": 1}},
        {"expires_in": 0},
        {"expires_in": 3601},
    ],
)
def test_impossible_tokens(arguments):
    with Server([reply({})]) as server, pytest.raises(InputError):
        Client(KEY, base_url=server.url).auth.access_token(**arguments)
    assert server.asked == []


ITEMS = [{"text": "nginx", "alias": "engine x"}, {"text": "SQL", "alias": "sequel"}]


@pytest.mark.parametrize(
    "given",
    [{"nginx": "engine x", "SQL": "sequel"}, ITEMS, tuple(ITEMS), pd.DataFrame(ITEMS).assign(more=1)],
    ids=["dict", "list", "tuple", "frame"],
)
def test_pronunciations_in_every_form(given):
    with Server([reply({"id": "p"})]) as server:
        Client(KEY, base_url=server.url).pronunciation_dicts.create(name="n", items=given)
        Client(KEY, base_url=server.url).pronunciation_dicts.update("p", items=given)
    assert [asked.json() for asked in server.asked] == [{"name": "n", "items": ITEMS}, {"items": ITEMS}]


@pytest.mark.parametrize(
    "wrong", ["nginx", 5, [("a", "b")], {"a": None}, [{"text": "a"}], {"": "x"}, pd.DataFrame({"a": [1]})]
)
def test_what_is_no_pronunciation(wrong):
    with pytest.raises(InputError):
        read_items(wrong)


@pytest.mark.parametrize(
    ("changes", "options", "said"),
    [
        ({}, {}, "nothing to change"),
        ({"gender": "female"}, {}, "masculine, feminine, gender_neutral"),
        ({"name": "n"}, {"version": SEED}, "wants name and description"),
        ({"name": "n", "description": "d", "accent": "british"}, {"version": SEED}, "accent"),
    ],
)
def test_impossible_changes_of_a_voice(changes, options, said):
    with Server([reply({})]) as server, pytest.raises(InputError, match=said):
        Client(KEY, base_url=server.url, **options).voices.update("id", **changes)
    assert server.asked == []


# method: arguments, path, where the rows stand, columns
WHOLE = {
    "agents.list": ((), "/agents", "summaries", AGENT),
    "agents.templates": ((), "/agents/templates", "templates", AGENT_TEMPLATE),
    "agents.phone_numbers": (("id",), "/agents/id/phone-numbers", None, PHONE_NUMBER),
    "agents.list_deployments": (("id",), "/agents/id/deployments", None, DEPLOYMENT),
}


@pytest.mark.parametrize("name", WHOLE)
def test_lists_that_come_whole(name):
    arguments, path, within, columns = WHOLE[name]
    rows = [{"created_at": "2025-01-02T03:04:05Z", "new": 1}, {"created_at": None}]
    scripts = [
        reply({within: rows} if within else rows),
        reply({within: []} if within else []),
        reply({"odd": 1}),
    ]
    with Server(scripts) as server:
        frame, empty = call(server.url, name, arguments), call(server.url, name, arguments)
        with pytest.raises(BadAnswer):
            call(server.url, name, arguments)
    assert server.asked[0].path == path
    assert (len(frame), list(frame.columns)) == (2, [*columns, "new"])
    assert str(frame.created_at.dtype) == TIME
    assert (len(empty), list(empty.columns)) == (0, list(columns))


def test_calls_go_on_where_next_page_says_so_without_has_more():
    with Server([reply({"data": [{"id": "a"}], "next_page": "a"}), reply({"data": [{"id": "b"}]})]) as server:
        frame = Client(KEY, base_url=server.url).agents.list_calls(agent_id="id")
    assert list(frame.id) == ["a", "b"]


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("update", {"agent_id": "id"}),
        ("list_calls", {"agent_id": ""}),
        ("list_calls", {"agent_id": "id", "expand": "audio"}),
        ("create_metric", {"name": "With Capitals", "prompt": "p"}),
    ],
)
def test_impossible_requests_about_agents(method, arguments):
    with Server([reply({})]) as server, pytest.raises(InputError):
        getattr(Client(KEY, base_url=server.url).agents, method)(**arguments)
    assert server.asked == []
