"""JSON rows of any kind become frames of the same length, and no value is lost."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartesia_nb import frames
from cartesia_nb.client.metric_results import tidy
from cartesia_nb.frames import frame

SCHEMAS = {
    "voice": frames.VOICE["2026-08-14"],
    "agent": frames.AGENT,
    "call": frames.CALL,
    "deployment": frames.DEPLOYMENT,
    "metric result": frames.METRIC_RESULT,
    "turn": frames.TURN,
    "dataset file": frames.DATASET_FILE,
    "word": frames.WORD,
}

TIMES = st.sampled_from(
    ["2026-08-01T12:00:00Z", "2026-08-01T12:00:00.123456+02:00", "2026-08-01", "soon", ""]
)
PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.just(2**70)
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | TIMES
)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


def rows(schema):
    names = st.sampled_from([*schema, "something", "new field"])
    return st.lists(st.dictionaries(names, VALUES, max_size=8), max_size=6)


@pytest.mark.parametrize("name", SCHEMAS)
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_no_row_and_no_value_is_lost(name, data):
    schema = SCHEMAS[name]
    given_rows = data.draw(rows(schema))
    table = frame(given_rows, schema)
    assert len(table) == len(given_rows)
    assert list(table.columns[: len(schema)]) == list(schema)
    assert set(table.columns) == {*schema, *(field for row in given_rows for field in row)}
    for row, (_, found) in zip(given_rows, table.iterrows(), strict=True):
        for field, value in row.items():
            there = found[field]
            if value is None or (schema.get(field) == frames.TIME and value == ""):
                assert there == value or pd.isna(there)
            elif schema.get(field) == frames.TIME and isinstance(there, pd.Timestamp):
                assert there == pd.to_datetime(value, utc=True, format="ISO8601")
            else:
                assert there == value, (field, value, there)


@settings(deadline=None, max_examples=25)
@given(rows(frames.METRIC_RESULT))
def test_tidying_keeps_every_row(given_rows):
    assert len(frame(tidy(given_rows), frames.METRIC_RESULT)) == len(given_rows)


@pytest.mark.parametrize("name", SCHEMAS)
def test_an_empty_frame_has_its_columns_and_types(name):
    table = frame([], SCHEMAS[name])
    assert {column: str(kind) for column, kind in table.dtypes.items()} == dict(SCHEMAS[name])


@pytest.mark.parametrize("values", [["fr", "en", None], [None, None], [], ["", "a"]])
def test_categories_are_those_that_pandas_makes(values):
    table = frame([{"x": value} for value in values], {"x": "category"})
    pd.testing.assert_series_equal(table["x"], pd.Series(values, dtype=object, name="x").astype("category"))


def test_fields_that_are_not_known_follow_as_they_came():
    table = frame([{"b": 1, "id": "x"}, {"a": 2, "c": 3, "b": 4}], {"id": "string"})
    assert list(table.columns) == ["id", "b", "a", "c"]
