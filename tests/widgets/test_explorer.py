"""What the explorer does in Python: voices on their way, hearing, comparing, choices, failures."""

import gzip
import json
import threading

import anywidget
import pandas as pd
import pytest
from scripted import Server, reply, wav
from secret import KEY

import cartesia_nb
from cartesia_nb import Speech, Speeches, explore
from cartesia_nb.client import client as shared
from cartesia_nb.client import defaults
from cartesia_nb.widgets.explorer import comparison
from cartesia_nb.wire.errors import InputError

ADA, BRUNO = "e07c00bc-4134-4eae-9ea4-1a55fb45746b", "694f9389-aac1-45b6-b726-9d9369183238"
SENTENCE = "Good morning."


@pytest.fixture(autouse=True)
def fresh():
    defaults.reset()
    yield
    defaults.reset()


@pytest.fixture
def client(sandbox, monkeypatch):
    """The sandbox's, as the client that forms share."""
    made = shared.Client(sandbox.key, base_url=sandbox.url)
    monkeypatch.setattr(shared, "_shared", made)
    return made


@pytest.fixture
def explorer(client):
    made = explore(client.voices.list())
    yield made
    made.close()


def share(monkeypatch, server, **options):
    monkeypatch.setattr(shared, "_shared", shared.Client(KEY, base_url=server.url, retries=0, **options))


def ask(explorer, act, **message):
    """Do in the explorer what its page asks for, to the end."""
    explorer.page._handle_custom_msg({"do": act, **message}, [])
    explorer.join()
    return explorer.page.shown


def hear(explorer, voice, text=None):
    return ask(explorer, "hear", voice=voice, text=text)


def compare(explorer, *voices, blind=False):
    return ask(explorer, "compare", voices=list(voices), text=SENTENCE, blind=blind)


def sent(explorer, name, monkeypatch):
    """What a page receives when it asks for something, and how large the messages were."""
    messages = []
    monkeypatch.setattr(
        anywidget.AnyWidget, "send", lambda _, content, buffers=None: messages.append((content, buffers))
    )
    explorer.page._handle_custom_msg({"send": name, "id": "q1"}, [])
    assert {content["parts"] for content, _ in messages} == {len(messages)}
    parts = [bytes(buffers[0]) for _, buffers in messages]
    return b"".join(parts), max(map(len, parts))


def rows(count):
    return pd.DataFrame(
        {
            "id": [f"{number:08}-0000-4000-8000-{number**7 % 10**12:012}" for number in range(count)],
            "name": [f"Voice {number}" for number in range(count)],
            "description": [
                f"{number} reads {number**7} pages of whatever you like." for number in range(count)
            ],
            "language": "en",
            "is_owner": [number % 50 == 0 for number in range(count)],
        }
    )


# -- the voices ---------------------------------------------------------------------------------------------


def test_voices_arrive_in_pieces_and_are_not_saved_with_the_notebook(monkeypatch):
    explorer = explore(rows(50_000))
    packed, largest = sent(explorer, "voices", monkeypatch)
    columns = json.loads(gzip.decompress(packed))["columns"]
    assert largest < 1_000_000 < len(packed)
    assert columns["name"][-1] == "Voice 49999"
    assert columns["owner"][:2] == ["you", "others"]
    assert set(columns) == {"id", "name", "description", "language", "owner"}
    assert len(json.dumps(explorer.page.get_state(explorer.page.keys), default=str)) < 60_000


def test_missing_values_and_doubles_do_no_harm(monkeypatch):
    voices = pd.DataFrame(
        {
            "id": ["a", "a", None, "b"],
            "name": ["Ada", "Ada", "Nobody", None],
            "language": [None, "x", "y", pd.NA],
        }
    )
    explorer = explore(voices)
    columns = json.loads(gzip.decompress(sent(explorer, "voices", monkeypatch)[0]))["columns"]
    assert columns == {"id": ["a", "b"], "name": ["Ada", None]}
    assert repr(explorer) == "Explorer(2 voices)"


def test_a_voice_without_a_name_is_called_by_its_id(client):
    voices = client.voices.list()
    explorer = explore(voices[voices.name == "Ada"].assign(name=None))
    (ada,) = explorer.voices.id
    hear(explorer, ada)
    assert f"{ada}: preview" in explorer.shelf._repr_html_()
    assert list(explorer.results.name) == [ada]


@pytest.mark.parametrize("voices", ["Ada", ["Ada"], pd.DataFrame({"id": ["a"]})])
def test_what_is_no_table_of_voices_is_refused(voices):
    with pytest.raises(InputError, match="voices are a DataFrame with the columns id and name") as caught:
        explore(voices)
    assert "voices.list()" in caught.value.advice


def test_all_voices_are_loaded_behind_the_scenes(client):
    explorer = explore()
    explorer.join()
    assert explorer.page.shown["stage"]["at"] == "ready"
    assert len(explorer.voices) == len(client.voices.list())


def page_of(start, count, following):
    data = [{"id": f"v{number}", "name": f"Voice {number}"} for number in range(start, start + count)]
    return reply({"data": data, "has_more": following, "next_page": data[-1]["id"] if following else None})


def test_the_count_goes_up_while_voices_are_loaded(monkeypatch):
    counts = []
    with Server([page_of(0, 1000, True), page_of(1000, 500, True), page_of(1500, 1, False)]) as server:
        share(monkeypatch, server)
        original = cartesia_nb.widgets.explorer.page.ExplorerPage.show
        monkeypatch.setattr(
            cartesia_nb.widgets.explorer.page.ExplorerPage,
            "show",
            lambda page, **changes: (counts.append(changes.get("stage")), original(page, **changes)),
        )
        explorer = explore()
        explorer.join()
    assert [stage["message"] for stage in counts if stage and stage["at"] == "loading"] == [
        "Loading voices",
        "Loading voices: 1\u202f000 so far",
        "Loading voices: 1\u202f500 so far",
    ]
    assert len(explorer.voices) == 1501


def test_a_failure_to_load_is_told_and_tried_again(monkeypatch):
    with Server([reply({"message": "down"}, 500), page_of(0, 2, False)]) as server:
        share(monkeypatch, server)
        explorer = explore()
        explorer.join()
        stage = explorer.page.shown["stage"]
        assert (stage["at"], "The API answered 500: down" in stage["message"]) == ("failed", True)
        assert ask(explorer, "load")["stage"]["at"] == "ready"
    assert len(explorer.voices) == 2


# -- hearing ------------------------------------------------------------------------------------------------


def test_a_preview_is_heard_kept_and_on_the_shelf(explorer, monkeypatch):
    shown = hear(explorer, ADA)
    assert shown["heard"]["voice"] == ADA
    assert shown["trouble"] is shown["work"] is None
    assert isinstance(explorer.result, Speech)
    [row] = explorer.results.to_dict("records")
    assert (row["voice"], row["name"], row["speech"]) == (ADA, "Ada", explorer.result)
    assert pd.isna(row["text"])
    assert "Ada: preview" in explorer.shelf._repr_html_()
    assert sent(explorer, shown["heard"]["take"], monkeypatch)[0] == explorer.result.data


def test_a_sentence_is_spoken_as_the_defaults_say(explorer):
    defaults.set_defaults(model="sonic-3", format="mp3")
    shown = hear(explorer, BRUNO, SENTENCE)
    made = explorer.result.provenance["request"]
    assert (made["model_id"], made["language"], made["transcript"]) == ("sonic-3", "en", SENTENCE)
    assert explorer.result.provenance["voice_name"] == "Bruno"
    assert shown["heard"]["take"].endswith(".mp3")


def test_what_was_heard_before_is_not_paid_for_again(explorer):
    first = hear(explorer, ADA, SENTENCE)
    again = hear(explorer, ADA, SENTENCE)
    assert len(explorer.results) == 1
    assert again["turn"] > first["turn"]
    assert again["heard"] == first["heard"]
    assert repr(explorer.shelf) == "Shelf(1 result)"
    defaults.set_defaults(model="sonic-3")
    hear(explorer, ADA, SENTENCE)
    assert len(explorer.results) == 2


def test_a_voice_without_preview_offers_the_sentence(explorer):
    mine = explorer.voices[explorer.voices.is_owner].id.iloc[0]
    trouble = hear(explorer, mine)["trouble"]
    assert trouble["message"].startswith("The API has no preview of")
    assert (trouble["way"], trouble["field"]) == ("speak", None)
    assert len(explorer.results) == 0


def test_nothing_to_say_is_told_at_the_sentence(explorer):
    trouble = hear(explorer, ADA, " ... ")["trouble"]
    assert (trouble["field"], trouble["way"]) == ("text", "")
    assert "nothing to say" in trouble["message"]
    assert hear(explorer, ADA, SENTENCE)["trouble"] is None


def test_a_failure_of_the_service_can_be_tried_again(monkeypatch):
    with Server([reply({"message": "too much"}, 500), reply(wav())]) as server:
        share(monkeypatch, server)
        explorer = explore(rows(2))
        trouble = hear(explorer, explorer.voices.id[0], SENTENCE)["trouble"]
        assert (trouble["way"], trouble["field"]) == ("again", None)
        assert "The API answered 500: too much" in trouble["message"]
        assert ask(explorer, "again")["trouble"] is None
    assert len(explorer.results) == 1


class Gate:
    """A server that answers with a tone when it is told to; `asked` are the voices."""

    def __init__(self):
        self.open, self.asked, self.arrived = threading.Event(), [], threading.Semaphore(0)

    def __call__(self, asked):
        self.asked.append(asked.json()["voice"]["id"])
        self.arrived.release()
        self.open.wait(20)
        return reply(wav())


@pytest.fixture
def gated(monkeypatch):
    gate = Gate()
    with Server(answer=gate) as server:
        share(monkeypatch, server)
        explorer = explore(rows(4))
        yield gate, explorer, list(explorer.voices.id)
        gate.open.set()
        explorer.close()


def ask_meanwhile(explorer, act, **message):
    explorer.page._handle_custom_msg({"do": act, **message}, [])


def test_of_what_is_asked_meanwhile_the_latest_comes_next(gated):
    gate, explorer, [one, two, three, _] = gated
    for voice in (one, two, three):
        ask_meanwhile(explorer, "hear", voice=voice, text=SENTENCE)
    assert explorer.page.shown["work"] == {"what": "Getting Voice 0 ready"}
    gate.open.set()
    explorer.join()
    assert gate.asked == [one, three]
    assert explorer.page.shown["heard"]["voice"] == three
    assert list(explorer.results.voice) == [one, three]


def test_cancelling_hangs_up_and_forgets_what_was_to_come(gated):
    gate, explorer, [one, two, *_] = gated
    ask_meanwhile(explorer, "hear", voice=one, text=SENTENCE)
    gate.arrived.acquire(timeout=20)
    ask_meanwhile(explorer, "hear", voice=two, text=SENTENCE)
    shown = ask(explorer, "cancel")
    assert "may still be carried out, and charged" in shown["trouble"]["message"]
    assert shown["work"] is shown["heard"] is None
    assert gate.asked == [one]
    assert len(explorer.results) == 0


def test_closing_leaves_no_thread(gated):
    gate, explorer, [one, *_] = gated
    ask_meanwhile(explorer, "hear", voice=one, text=SENTENCE)
    gate.arrived.acquire(timeout=20)
    explorer.close()
    for thread in threading.enumerate():
        if thread.name.startswith("cartesia_nb Getting"):
            thread.join(20)
            assert not thread.is_alive()
    assert explorer.page.comm is None


# -- comparing ----------------------------------------------------------------------------------------------


def test_a_comparison_shows_names_in_the_order_that_was_asked(explorer):
    booth = compare(explorer, BRUNO, ADA)["booth"]
    assert [(take["label"], take["voice"]) for take in booth["takes"]] == [("A", BRUNO), ("B", ADA)]
    assert isinstance(explorer.result, Speeches)
    assert explorer.result.side_by_side
    assert [speech.provenance["voice_id"] for speech in explorer.result] == [BRUNO, ADA]
    assert f"Comparison: {SENTENCE}" in explorer.shelf._repr_html_()
    assert "cannot be chosen" in ask(explorer, "choose", label="A")["trouble"]["message"]
    assert len(explorer.choices) == 0


@pytest.fixture
def backwards(monkeypatch):
    """A shuffle that turns the order around."""

    class Shuffler:
        def sample(self, voices, _):
            return list(voices)[::-1]

    monkeypatch.setattr(comparison.random, "SystemRandom", Shuffler)


def test_a_blind_comparison_hides_names_until_the_choice(explorer, backwards):
    hear(explorer, ADA, SENTENCE)
    before = explorer.result, explorer.shelf._repr_html_()
    shown = compare(explorer, ADA, BRUNO, blind=True)
    assert [take["voice"] for take in shown["booth"]["takes"]] == [None, None]
    hidden = json.dumps({**shown, "heard": None, "usual": None})
    assert not any(told in hidden for told in (ADA, BRUNO, "Ada", "Bruno"))
    # what was heard before goes by another name here
    assert shown["heard"]["take"] not in [take["take"] for take in shown["booth"]["takes"]]
    assert (explorer.result, explorer.shelf._repr_html_()) == before

    booth = ask(explorer, "choose", label="A")["booth"]
    assert [take["voice"] for take in booth["takes"]] == [BRUNO, ADA]
    assert booth["chosen"] == "A"
    [choice] = explorer.choices.to_dict("records")
    assert (choice["sentence"], choice["voices"], choice["chosen"]) == (SENTENCE, [BRUNO, ADA], BRUNO)
    assert str(explorer.choices.time.dtype) == "datetime64[ns, UTC]"
    assert len(explorer.result) == 2
    assert f"Comparison: {SENTENCE}" in explorer.shelf._repr_html_()


def test_a_choice_is_made_once(explorer):
    compare(explorer, ADA, BRUNO, blind=True)
    ask(explorer, "choose", label="B")
    assert "cannot be chosen" in ask(explorer, "choose", label="A")["trouble"]["message"]
    assert len(explorer.choices) == 1


def test_blind_orders_differ():
    voices = ["a", "b", "c", "d"]
    orders = {tuple(comparison.in_order(voices, blind=True)) for _ in range(200)}
    assert len(orders) > 12
    assert all(sorted(order) == voices for order in orders)
    assert comparison.in_order(voices, blind=False) == voices


@pytest.mark.parametrize("count", [1, 5])
def test_two_to_four_are_compared(explorer, count):
    voices = list(explorer.voices.id[:count])
    assert "two to 4 voices" in str(compare(explorer, *voices)["trouble"]["message"]).lower()
    assert len(explorer.results) == 0


def test_what_a_broken_comparison_had_made_is_kept_and_not_made_again(monkeypatch):
    with Server([reply(wav()), reply({"message": "no"}, 500), reply(wav())]) as server:
        share(monkeypatch, server)
        explorer = explore(rows(2))
        assert compare(explorer, *explorer.voices.id)["trouble"]["way"] == "again"
        assert list(explorer.results.voice) == [explorer.voices.id[0]]
        assert ask(explorer, "again")["booth"]["takes"]
        assert len(server.asked) == 3
    assert list(explorer.results.voice) == list(explorer.voices.id)


# -- the rest -----------------------------------------------------------------------------------------------


def test_the_default_is_set_and_shown(explorer):
    assert explorer.page.shown["usual"] == ADA
    assert ask(explorer, "use", voice=BRUNO)["usual"] == BRUNO
    assert defaults.default("voice") == BRUNO
    defaults.set_defaults(voice="Cleo")
    assert explore(explorer.voices).page.shown["usual"] == explorer.voices.set_index("name").id["Cleo"]


def run(line):
    return eval(line, {"cartesia_nb": cartesia_nb})


def test_the_line_of_python_does_the_same(explorer):
    line = explorer.children[1]
    explorer.page.voice = BRUNO
    assert run(line.code).provenance["method"] == "voices.preview"
    explorer.page.hears, explorer.page.text = "sentence", 'It\'s "so"\\n {done}.'
    defaults.set_defaults(model="sonic-3")
    explorer.page.voice = ADA
    said = run(line.code).provenance["request"]
    hear(explorer, ADA, explorer.page.text)
    assert said == explorer.result.provenance["request"]
    assert said["transcript"] == 'It\'s "so"\\n {done}.'
    explorer.page.marked = [ADA, BRUNO]
    compared = run(line.code)
    assert compared.side_by_side
    assert [speech.provenance["voice_id"] for speech in compared] == [ADA, BRUNO]


def test_an_unforeseen_failure_is_shown_too(explorer, monkeypatch):
    assert "KeyError" in hear(explorer, "no such voice")["trouble"]["message"]


def test_without_a_kernel_it_says_so(explorer, monkeypatch):
    shown = []
    monkeypatch.setattr(
        "cartesia_nb.widgets.explorer.explorer.display", lambda bundle, **_: shown.append(bundle)
    )
    monkeypatch.setattr(explorer.shelf, "display", lambda: shown.append("shelf"))
    explorer._ipython_display_()
    assert "needs a running kernel" in shown[0]["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in shown[0]
    assert shown[1] == "shelf"
