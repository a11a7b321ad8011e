"""Which notebook runs, and how it stands in the names of files."""

import pytest

from cartesia_nb.record.entry import Label
from cartesia_nb.record.notebook import LONGEST_LABEL, file_label, notebook_name


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/home/me/My notebook.v2.ipynb", "My_notebook_v2"),
        ("notes/one.ipynb", "one"),
        ("Übung.ipynb", "Übung"),
        ("実験.ipynb", "実験"),
        ("../../etc/passwd", "passwd"),
        ("a\\b|c?.ipynb", "a_b_c"),
        ("", ""),
        ("....ipynb", ""),
    ],
)
@pytest.mark.parametrize("variable", ["CARTESIA_NB_NOTEBOOK", "JPY_SESSION_NAME"])
def test_the_environment_tells_which_it_is(path, name, variable, monkeypatch):
    monkeypatch.setenv(variable, path)
    assert notebook_name() == name


def test_ours_goes_first(monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "b.ipynb")
    monkeypatch.setenv("CARTESIA_NB_NOTEBOOK", "a.ipynb")
    assert notebook_name() == "a"


def test_both_ways_to_write_a_letter_are_one():
    assert file_label("U\u0308bung") == file_label("\u00dcbung")


@pytest.mark.parametrize("letter", ["a", "実", "\U00020000"])
def test_long_names_fit_into_a_file_name_and_stay_apart(letter):
    first, second = file_label(letter * 100), file_label(letter * 100 + "b")
    assert first != second
    assert len(first) == LONGEST_LABEL
    stem = Label("0" * 64, True, first, 99999).stem
    assert len(f"{stem}.0123456789abcdef.stream".encode()) <= 255


@pytest.mark.parametrize("notebook", ["", "one", "2", "local", "local_2", "nb-2", "実験", "_"])
@pytest.mark.parametrize("local", [True, False])
@pytest.mark.parametrize("take", [1, 2, 10])
def test_a_label_is_read_as_it_was_written(notebook, local, take):
    label = Label("0" * 64, local, notebook, take)
    assert Label.of(label.stem) == label
