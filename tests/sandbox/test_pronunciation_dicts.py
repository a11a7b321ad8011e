"""Pronunciation dictionaries."""

import pytest

from cartesia_nb.sandbox.dictionaries import find_dictionary
from cartesia_nb.sandbox.errors import ApiError
from cartesia_nb.sandbox.state import State

ITEMS = [
    {"text": "Cartesia", "alias": "car tea zha"},
    {"text": "GIF", "alias": "<<j|ɪ|f>>", "case_sensitive": True},
]
OLD = "2025-04-16"


def create(api, name="P", **fields):
    return api.post("/pronunciation-dicts/", json={"name": name, **fields})


@pytest.fixture
def made(api):
    row = create(api, items=ITEMS).json()
    yield row
    api.delete(f"/pronunciation-dicts/{row['id']}")


def test_create_read_change_delete(api, made):
    assert set(made) == {"id", "name", "owner_id", "pinned", "items", "created_at"}
    assert made["id"].startswith("pdict_")
    assert made["owner_id"].startswith("user_")
    assert made["pinned"] is False
    assert made["items"] == ITEMS
    path = f"/pronunciation-dicts/{made['id']}"
    assert api.get(path).json() == made
    renamed = api.patch(path, json={"name": "Q"}).json()
    assert renamed == api.get(path).json() == made | {"name": "Q"}
    replaced = api.patch(path, json={"items": ITEMS[1:], "name": None}).json()
    assert replaced == api.get(path).json() == renamed | {"items": ITEMS[1:]}
    assert api.patch(path, json={"items": None}).json() == replaced
    assert api.patch(path, json={"items": []}).json()["items"] == []
    gone = api.delete(path)
    assert (gone.status_code, gone.content) == (204, b"")
    for answer in (api.get(path), api.delete(path), api.patch(path, json={})):
        assert answer.status_code == 404
        assert made["id"] in answer.json()["message"]


def test_items_are_optional(api):
    for fields in ({}, {"items": None}, {"items": []}):
        row = create(api, **fields).json()
        assert row["items"] == []
        api.delete(f"/pronunciation-dicts/{row['id']}")


def test_lists_are_newest_first(start_api):
    api = start_api(None)
    made = [create(api, f"number {number}").json() for number in range(12)][::-1]
    page = api.get("/pronunciation-dicts/").json()
    assert page == {"data": made[:10], "has_more": True, "next_page": made[9]["id"]}
    rest = api.get("/pronunciation-dicts", params={"starting_after": page["next_page"]}).json()
    assert rest == {"data": made[10:], "has_more": False}


def test_pins_until_2025_04_16(api, made):
    path = f"/pronunciation-dicts/{made['id']}"
    for verb, pinned in (("pin", True), ("pin", True), ("unpin", False), ("unpin", False)):
        answer = api.post(f"{path}/{verb}", version=OLD)
        assert (answer.status_code, answer.content) == (204, b"")
        assert api.get(path).json() == made | {"pinned": pinned}
    assert api.post("/pronunciation-dicts/pdict_none/pin", version=OLD).status_code == 404


@pytest.mark.parametrize("version", ["2025-11-04", "2026-03-01", "2026-08-14"])
def test_no_pins_later(api, made, version):
    for verb in ("pin", "unpin"):
        answer = api.post(f"/pronunciation-dicts/{made['id']}/{verb}", version=version)
        assert answer.status_code == 404
        assert OLD in answer.text
        assert version in answer.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": 5}, "name"),
        ({"name": "x", "items": {}}, "items must be a list"),
        ({"name": "x", "items": ["a"]}, "items[0]"),
        ({"name": "x", "items": [ITEMS[0], {"text": "a"}]}, "items[1].alias"),
        ({"name": "x", "items": [{"alias": "a"}]}, "items[0].text"),
        ({"name": "x", "items": [{"text": "", "alias": "a"}]}, "items[0].text"),
        ({"name": "x", "items": [{"text": "a" * 101, "alias": "a"}]}, "100 characters"),
        ({"name": "x", "items": [{"text": "a", "alias": "a" * 101}]}, "100 characters"),
        ({"name": "x", "items": [{"text": "a", "alias": "b", "case_sensitive": "no"}]}, "case_sensitive"),
        ({"name": "x", "items": [{"text": "a", "alias": "b"}] * 1001}, "1000"),
    ],
)
def test_wrong_values_are_named(api, made, fields, words):
    answers = [api.post("/pronunciation-dicts", json=fields)]
    if fields:
        answers.append(api.patch(f"/pronunciation-dicts/{made['id']}", json=fields))
    for answer in answers:
        assert answer.status_code == 400
        assert words in answer.json()["message"]
    assert api.get(f"/pronunciation-dicts/{made['id']}").json() == made


def test_the_longest_that_goes(api):
    items = [{"text": "é" * 100, "alias": "b" * 100}] * 1000
    row = create(api, items=items).json()
    assert row["items"] == items
    assert api.delete(f"/pronunciation-dicts/{row['id']}").status_code == 204


def test_a_dictionary_is_found_by_its_id():
    rows = State()
    rows.put("pronunciation_dict", {"id": "pdict_1", "items": ITEMS})
    assert find_dictionary(rows, "pdict_1") == ITEMS
    with pytest.raises(ApiError, match="404"):
        find_dictionary(rows, "pdict_2")
