"""The editor of pronunciation dictionaries."""

import pytest
from filling import click, settle, wrong

import cartesia_nb
from cartesia_nb import Speeches, dictionary_editor


@pytest.fixture
def editor(connected):
    editor = settle(dictionary_editor())
    yield editor
    for made in connected.pronunciation_dicts.list().id:
        connected.pronunciation_dicts.delete(made)


def fill(editor, **items):
    editor.table.fill([{"text": word, "alias": alias} for word, alias in items.items()])


def test_words_are_written_saved_and_heard(editor, connected):
    editor.name.value = "tech"
    editor.table.rows[0].word.value = "nginx"
    editor.table.rows[0].alias.value = "engine x"
    editor.add_button.click()
    editor.table.rows[1].word.value = " SQL "
    editor.table.rows[1].alias.value = "sequel"
    editor.add_button.click()
    click(editor, editor.save_button)
    saved = connected.pronunciation_dicts.get(editor.result.id)
    assert [(item["text"], item["alias"]) for item in saved["items"]] == [
        ("nginx", "engine x"),
        ("SQL", "sequel"),
    ]
    assert "tech" in editor.name.control.options

    editor.trial.sentence.value = "We run nginx."
    assert editor.trial.sentence.note.text == "Costs about 26 credits."
    click(editor, editor.trial.button)
    assert isinstance(editor.result, Speeches)
    used = [speech.provenance["request"].get("pronunciation_dict_id") for speech in editor.result]
    assert used == [None, saved.id]
    assert editor.shelf._repr_html_().count("<audio") == 2


def test_one_is_loaded_changed_and_saved_under_its_id(connected, editor):
    made = connected.pronunciation_dicts.create(name="tech", items={"a": "b", "c": "d"})
    again = settle(dictionary_editor("tech"))
    assert [row.word.value for row in again.table.rows] == ["a", "c"]
    again.table.rows[0].remove.click()
    again.table.rows[0].alias.value = "dee"
    assert again.code.code == (
        f'cartesia_nb.connect().pronunciation_dicts.update("{made.id}", items={{"c": "dee"}})'
    )
    click(again, again.save_button)
    assert again.result.id == made.id
    assert [item["alias"] for item in connected.pronunciation_dicts.get(made.id)["items"]] == ["dee"]


def test_one_that_is_there_is_not_overwritten_unseen(connected, editor):
    made = connected.pronunciation_dicts.create(name="tech", items={"a": "b"})
    editor.name.value = "tech"
    fill(editor, c="d")
    click(editor, editor.save_button)
    assert wrong(editor)["name"].startswith("There is a dictionary 'tech' already.")
    assert len(connected.pronunciation_dicts.get(made.id)["items"]) == 1


def test_what_the_table_does_not_show_is_kept(connected, editor):
    items = [{"text": "US", "alias": "you ess", "case_sensitive": True}]
    connected.pronunciation_dicts.create(name="cases", items=items)
    again = settle(dictionary_editor("cases"))
    again.table.rows[0].alias.value = "you es"
    assert "case_sensitive" in again.code.code
    click(again, again.save_button)
    assert again.result["items"][0]["case_sensitive"] is True


def test_a_name_that_begins_alike_is_another_dictionary(connected, editor):
    connected.pronunciation_dicts.create(name="servers", items={"a": "b"})
    again = settle(dictionary_editor("servers"))
    again.name.value = "serv"
    assert 'pronunciation_dicts.create(name="serv"' in again.code.code
    click(again, again.save_button)
    assert again.result["name"] == "serv"


def test_one_that_is_not_there(editor):
    again = settle(dictionary_editor("nowhere"))
    assert wrong(again)["name"].startswith("There is no dictionary 'nowhere'.")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("nginx", "")], "Row 1 has no alias."),
        ([("a", "b"), ("", "c")], "Row 2 has no word."),
        ([("a", "b"), ("a", "c")], "Row 2: 'a' stands twice."),
        ([("x" * 100, "b"), ("b", "y" * 101)], "Row 2 has over 100 characters in a field."),
    ],
)
def test_what_is_wrong_in_the_table_is_said_there(editor, rows, words):
    editor.name.value = "tech"
    editor.table.fill([{"text": word, "alias": alias} for word, alias in rows])
    click(editor, editor.save_button)
    assert wrong(editor)["table"].startswith(words)
    assert [row.word.value for row in editor.table.rows] == [word for word, _ in rows]
    assert editor.result is None
    editor.table.rows[-1].alias.value = "new"
    assert editor.table.note.wrong == ""


def test_an_empty_one_is_not_saved(editor):
    editor.name.value = "tech"
    click(editor, editor.save_button)
    assert editor.line.note.wrong.startswith("The dictionary is empty.")


def test_what_is_not_saved_is_not_heard(editor):
    editor.name.value = "tech"
    fill(editor, a="b")
    click(editor, editor.save_button)
    editor.table.rows[0].alias.value = "c"
    editor.trial.sentence.value = "Hello."
    click(editor, editor.trial.button)
    assert editor.line.note.wrong == "The dictionary is not saved. Save it first: that costs nothing."


def test_rows_that_are_replaced_are_gone(editor):
    fill(editor, a="b")
    (old,) = editor.table.rows
    fill(editor, c="d")
    assert (old.comm, old.word.comm) == (None, None)


def test_the_last_row_is_emptied_not_removed(editor):
    fill(editor, a="b")
    editor.table.rows[0].remove.click()
    assert [row.word.value for row in editor.table.rows] == [""]


def test_rows_are_numbered_for_those_who_hear_them(editor):
    fill(editor, a="b", c="d")
    editor.table.rows[0].remove.click()
    assert editor.table.rows[0].word.description == "Word 1"
    assert editor.table.rows[0].remove.tooltip == "Remove word 1"


def test_the_line_of_python_does_the_same(editor):
    editor.name.value = "tech"
    fill(editor, SQL='the "sequel"')
    made = eval(editor.code.code, {"cartesia_nb": cartesia_nb})
    assert (made.name, made["items"][0]["alias"]) == ("tech", 'the "sequel"')
