"""Work in a thread: its result, its errors, and what happens when it is called off."""

import threading

import pytest
from scripted import Server
from secret import KEY

from cartesia_nb import Client
from cartesia_nb.widgets.work import State, Work, step
from cartesia_nb.wire.errors import InputError


@pytest.fixture
def seen():
    """What a work said of itself, in its order."""
    return []


@pytest.fixture
def work(seen):
    return Work(lambda work: seen.append((work.state, work.what)))


@pytest.fixture
def gate():
    """Closed until a test opens it; opened at the end in any case, so that no thread stays."""
    gate = threading.Event()
    yield gate
    gate.set()


def test_the_result_goes_where_it_is_wanted(work, seen):
    made = []
    work.start("Adding", lambda: 1 + 1, made.append)
    work.join()
    assert made == [2]
    assert seen == [(State.WORKING, "Adding"), (State.DONE, "Adding")]


@pytest.mark.parametrize("broken", ["call", "then"])
def test_no_error_vanishes(work, seen, broken):
    def fail(*_):
        raise ValueError("broken")

    work.start("Adding", *((fail,) if broken == "call" else (lambda: 1, fail)))
    work.join()
    assert str(work.error) == "broken"
    assert seen[-1] == (State.FAILED, "Adding")


def test_after_an_error_it_can_begin_anew(work):
    work.start("Adding", lambda: 1 + "1")
    work.join()
    work.start("Adding", lambda: 1 + 1)
    work.join()
    assert (work.state, work.error) == (State.DONE, None)


def test_one_at_a_time(work, gate):
    work.start("Cloning", gate.wait)
    with pytest.raises(InputError, match="Cloning is still going on"):
        work.start("Speaking", lambda: None)
    gate.set()
    work.join()
    assert work.state is State.DONE


def test_cancelling_hangs_up(work):
    asked, hung_up = threading.Event(), threading.Event()

    def silent(sock):
        asked.set()
        sock.settimeout(30)
        if not sock.recv(1):  # the other side is gone
            hung_up.set()

    made = []
    with Server([silent]) as server:
        client = Client(KEY, base_url=server.url, timeout=60)
        work.start("Speaking", lambda: client.tts.bytes("Hello!", voice={"id": "x"}), made.append)
        assert asked.wait(10)
        work.cancel()
        assert work.state is State.CANCELLED
        work.join(10)
        assert hung_up.wait(10)
    assert len(server.asked) == 1
    assert (made, work.state, work.error) == ([], State.CANCELLED, None)


def test_what_comes_too_late_is_not_taken(work, gate, seen):
    made = []
    work.start("First", lambda: gate.wait() and "first", made.append)
    work.cancel()
    late = work._thread
    work.start("Second", lambda: "second", made.append)
    work.join()
    gate.set()
    late.join(10)
    assert made == ["second"]
    assert seen[-1] == (State.DONE, "Second")


def test_an_error_that_comes_too_late_does_not_disturb(work, gate):
    def fail():
        gate.wait()
        raise ValueError("late")

    work.start("First", fail)
    work.cancel()
    late, hold, begun = work._thread, threading.Event(), threading.Event()
    work.start("Second", lambda: 1, lambda _: begun.set() or hold.wait())
    assert begun.wait(10)
    gate.set()
    late.join(10)
    assert (work.state, work.error) == (State.WORKING, None)
    hold.set()
    work.join()
    assert work.state is State.DONE


def test_between_its_parts_it_says_what_comes_next_and_may_end(work, gate, seen):
    begun, did = threading.Event(), []

    def parts():
        step("Part 1")
        begun.set()
        gate.wait()
        step("Part 2")
        did.append("part 2")

    work.start("Working", parts)
    assert begun.wait(10)
    assert seen[-1] == (State.WORKING, "Part 1")
    work.cancel()
    gate.set()
    work.join()
    assert (did, seen[-1]) == ([], (State.CANCELLED, "Part 1"))


def test_a_step_outside_of_work_is_none():
    step("Nothing")


def test_nothing_is_cancelled_where_nothing_goes_on(work, seen):
    work.cancel()
    work.start("Adding", lambda: 2)
    work.join()
    work.cancel()
    assert [state for state, _ in seen] == [State.WORKING, State.DONE]


def test_it_does_not_keep_python_alive(work, gate):
    work.start("Waiting", gate.wait)
    assert work._thread.daemon
