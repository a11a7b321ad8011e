"""Fields, and the line that says what goes on: what is wrong is said where the person looks."""

import threading

import pytest
from filling import visible
from ipywidgets import Text
from secret import KEY, given_away

from cartesia_nb.widgets.field import Field, explained
from cartesia_nb.widgets.work import State
from cartesia_nb.widgets.work_line import WorkLine
from cartesia_nb.wire.errors import InputError, RateLimited


@pytest.fixture
def field():
    return Field(Text(description="Name"), hint="For people.")


@pytest.fixture
def line():
    return WorkLine()


def test_a_field_says_what_is_wrong_with_it_until_it_changes(field, line):
    line.attempt(lambda: field.needed("Give a name."))
    assert field.note.wrong == "Name is empty. Give a name."
    assert (field.note.text, line.note.wrong) == ("For people.", "")
    field.value = "M"
    assert field.note.wrong == ""
    assert field.needed("Give a name.") == "M"


def test_blanks_are_nothing(field, line):
    field.value = "  "
    line.attempt(lambda: field.needed("Give a name."))
    assert field.note.wrong


def test_an_error_of_a_thread_is_said_at_the_field_to_blame(field, line):
    def look():
        with field.blamed():
            raise InputError("no voice is called 'X'.", advice="Did you mean 'Y'?")

    line.work.start("Looking", look)
    line.work.join()
    assert field.note.wrong == "No voice is called 'X'. Did you mean 'Y'?"
    assert line.note.wrong == ""
    assert not visible(line.retry)


def test_the_innermost_field_is_to_blame(field):
    outer = Field(Text(description="Outer"))
    with pytest.raises(InputError) as caught, outer.blamed(), field.blamed():
        raise InputError("x")
    assert vars(caught.value)["field"] is field


def test_a_failure_of_the_service_is_one_line_with_retry(line):
    tries = []

    def speak():
        tries.append(1)
        if len(tries) == 1:
            raise RateLimited(429, "too many")

    line.attempt(lambda: line.work.start("Speaking", speak))
    line.work.join()
    assert line.note.wrong.startswith("The API answered 429: too many.")
    assert "\n" not in line.note.wrong
    assert visible(line.retry)
    line.retry.click()
    line.work.join()
    assert (len(tries), line.work.state, line.note.wrong) == (2, State.DONE, "")
    assert not visible(line.retry)


def test_what_a_field_refuses_takes_the_place_of_what_failed_before(field, line):
    line.attempt(lambda: line.work.start("Speaking", lambda: 1 / 0))
    line.work.join()
    assert visible(line.retry)
    line.attempt(lambda: field.needed("Give a name."))
    assert (line.note.wrong, visible(line.retry)) == ("", False)
    assert field.note.wrong


def test_while_it_works_it_can_be_cancelled(line):
    gate = threading.Event()
    assert not visible(line.cancel)
    line.work.start("Cloning", gate.wait)
    assert line.note.text == "Cloning …"
    assert visible(line.cancel)
    line.cancel.click()
    gate.set()
    line.work.join()
    assert line.note.text.startswith("Cancelled. What was sent already may still be carried out, and charged")
    assert not visible(line.cancel)
    assert visible(line.retry)


def test_a_second_click_says_what_still_goes_on(line):
    gate = threading.Event()
    line.attempt(lambda: line.work.start("Cloning", gate.wait))
    line.attempt(lambda: line.work.start("Cloning", gate.wait))
    assert line.note.wrong == "Cloning is still going on. Wait for it, or cancel it."
    gate.set()
    line.work.join()
    assert (line.work.state, line.note.wrong) == (State.DONE, "")


def test_a_bug_in_a_callback_is_seen(line):
    line.attempt(lambda: 1 / 0)
    assert line.note.wrong == "This should not have happened: ZeroDivisionError: division by zero"


def test_no_key_is_shown():
    assert not given_away(explained(ValueError(f"key {KEY}")))
    assert not given_away(explained(InputError(f"key {KEY}")))
