"""A table whose speech can be heard."""

import base64
import html
import io
import pickle
import re

import numpy as np
import pandas as pd
import pytest
import soundfile
from scripted import wav

from cartesia_nb import OutputFormat, Speech, Transcript
from cartesia_nb.speech.playable import Playable

EVIL = "<script>alert(1)</script>"


def speech(text="hello", seconds=0.2):
    return Speech(wav(seconds, 44100), OutputFormat("wav"), transcript=text)


def cells(table):
    """Return the rows of a table's body, as written: a list of cells for each."""
    body = re.search("<tbody>(.*)</tbody>", table._repr_html_(), re.DOTALL)[1]
    return [re.findall("<td>(.*?)</td>", row, re.DOTALL) for row in body.split("</tr>")[:-1]]


def players(table):
    return table._repr_html_().count("<audio")


def encoded(column):
    """Return how many of a column's speeches have made their display copy."""
    return sum("display_copy" in vars(cell) for cell in column)


def test_each_speech_is_a_player_of_its_own_sound():
    table = Playable({"text": ["short", "long"], "speech": [speech(seconds=0.2), speech(seconds=0.8)]})
    shown = cells(table)
    assert [row[0] for row in shown] == ["short", "long"]
    for row, seconds in zip(shown, (0.2, 0.8), strict=True):
        data = re.search('src="data:audio/mpeg;base64,([^"]+)"', row[1])[1]
        sound, rate = soundfile.read(io.BytesIO(base64.b64decode(data)))
        assert len(sound) / rate == pytest.approx(seconds, abs=0.06)
        assert row[1].startswith('<audio controls preload="metadata"')


def test_players_and_rows_stay_together_in_several_columns():
    table = Playable({name: [speech(f"{name}{row}") for row in range(3)] for name in "ab"})
    labels = [[re.search('aria-label="(.*?)"', cell)[1] for cell in row] for row in cells(table)]
    assert labels == [["a0", "b0"], ["a1", "b1"], ["a2", "b2"]]


def test_all_else_is_text_and_not_markup():
    table = Playable(
        {EVIL: [EVIL, 1], "speech": [speech(f'"{EVIL}'), EVIL], "more": [Transcript(EVIL), [EVIL]]},
        index=[EVIL, 0],
    )
    assert players(table) == 1
    assert "<script" not in table._repr_html_()
    assert cells(table)[1][1] == html.escape(EVIL)


@pytest.mark.parametrize("missing", [None, pd.NA, np.nan])
def test_what_is_missing_shows_empty(missing):
    table = Playable(
        {"speech": [speech(), missing], "error": [missing, "failed"], "heard": [Transcript("a"), missing]}
    )
    assert cells(table)[1] == ["", "failed", ""]
    assert cells(table)[0][1:] == ["", "a"]


def test_rare_characters_are_no_players():
    icons = ["\U000f0000", "\U00100001", "\U0010ffff", "x\U00100000"]
    assert [
        row[0] for row in cells(Playable({"icon": icons, "speech": [speech(), None, None, None]}))
    ] == icons


def test_what_is_missing_shows_empty_in_columns_of_any_type():
    table = Playable(
        {
            "count": pd.array([1, None], dtype="Int64"),
            "share": [0.5, np.nan],
            "kind": pd.Categorical(["a", None]),
            "sure": pd.array([True, None], dtype="boolean"),
            "when": pd.to_datetime(["2026-01-02 03:04:05", None], utc=True),
            "text": pd.array(["b", None], dtype="string"),
        }
    )
    assert cells(table) == [["1", "0.5", "a", "True", "2026-01-02 03:04:05+00:00", "b"], [""] * 6]
    assert table["count"].dtype == "Int64"


def test_numbers_are_written_as_pandas_writes_them():
    assert cells(Playable({"share": [0.5, np.nan, 1 / 3]})) == [["0.500000"], [""], ["0.333333"]]


def test_a_transcript_shows_its_text():
    assert cells(Playable({"heard": [Transcript("What was <i>said</i>")]})) == [
        ["What was &lt;i&gt;said&lt;/i&gt;"]
    ]


def test_only_the_rows_that_are_shown_become_part_of_the_notebook():
    table = Playable({"n": range(100), "speech": [speech() for _ in range(100)]})
    assert players(table) == encoded(table.speech) == pd.get_option("display.min_rows") == 10
    assert "100 rows × 2 columns" in table._repr_html_()
    assert [row[0] for row in cells(table)] == ["0", "1", "2", "3", "4", "...", "95", "96", "97", "98", "99"]


@pytest.mark.parametrize(
    ("most", "least", "shown"), [(4, 2, 2), (4, None, 4), (4, 10, 4), (None, 2, 6), (6, 2, 6)]
)
def test_rows_follow_the_options_of_pandas(most, least, shown):
    table = Playable({"speech": [speech() for _ in range(6)]})
    with pd.option_context("display.max_rows", most, "display.min_rows", least):
        assert players(table) == encoded(table.speech) == shown
        assert table._repr_html_().count("<tr") == pd.DataFrame(table)._repr_html_().count("<tr")


def test_columns_follow_the_options_of_pandas():
    table = Playable({f"c{number}": [number] for number in range(6)})
    table.insert(3, "unseen", [speech()])
    table["last"] = [speech()]
    with pd.option_context("display.max_columns", 4, "display.show_dimensions", False):
        assert [cell.startswith("<audio") for cell in cells(table)[0]] == [False, False, False, False, True]
        assert (encoded(table.unseen), encoded(table["last"])) == (0, 1)
        assert "columns" not in table._repr_html_()


@pytest.mark.parametrize("width", [1, 8, None])
def test_the_width_of_columns_cuts_text_and_no_players(width):
    table = Playable({"text": ["x" * 100], "speech": [speech()]})
    with pd.option_context("display.max_colwidth", width):
        assert cells(table)[0][0] == re.search("<td>(.*?)</td>", pd.DataFrame(table)._repr_html_())[1]
        assert players(table) == 1


def test_pandas_without_html_is_left_without():
    with pd.option_context("display.notebook_repr_html", False):
        assert Playable({"speech": [speech()]})._repr_html_() is None


def test_its_text_is_that_of_pandas():
    table = Playable({"n": [1, 2], "speech": [speech(), None]})
    assert repr(table) == repr(pd.DataFrame(table))


@pytest.mark.parametrize(
    "made",
    [
        lambda table: table[table.n > 1],
        lambda table: table.head(2),
        lambda table: table[["speech"]],
        lambda table: table.sort_values("n", ascending=False),
        lambda table: table.assign(m=1),
        lambda table: table.merge(table[["n"]], on="n"),
        lambda table: pd.concat([table, table]),
        lambda table: table.set_index("n"),
        lambda table: pickle.loads(pickle.dumps(table)),
    ],
)
def test_what_is_made_of_it_is_playable(made):
    table = Playable({"n": [1, 2, 3], "speech": [speech(), speech(), speech()]})
    assert isinstance(made(table), Playable)
    assert players(made(table)) == len(made(table))


def test_showing_changes_nothing():
    table = Playable({"n": pd.array([1, None], dtype="Int64"), "speech": [speech(), None]})
    before = table.copy()
    table._repr_html_()
    pd.testing.assert_frame_equal(table, before)


def test_it_becomes_a_plain_frame_again():
    plain = pd.DataFrame(Playable({"speech": [speech()]}))
    assert type(plain) is pd.DataFrame
    assert "<audio" not in plain._repr_html_()


def test_columns_of_the_same_name_and_of_numbers():
    table = Playable([[speech("a"), 0.5, speech("b")]], columns=["x", "x", 0])
    assert [cell.startswith("<audio") for cell in cells(table)[0]] == [True, False, True]
    assert cells(Playable([[0.5, speech()]], columns=[1, 0]))[0][1].startswith("<audio")


def test_no_rows_and_no_columns():
    assert players(Playable({"speech": []})) == players(Playable()) == 0
