"""Every method of a client as a word."""

import inspect

import pytest
from scripted import reply, wav

from cartesia_nb.client import client as shared
from cartesia_nb.magics.methods import descriptions, method_names

ADA = "00000000-0000-0000-0000-000000000001"


def asked(notebook):
    return notebook.server.asked[-1]


def test_every_method_has_a_help_with_every_argument(notebook):
    names = method_names()
    assert len(names) == 57
    for name in names:
        notebook.run(f"%cartesia {name} --help")
        assert notebook.error is None
        assert notebook.printed.startswith(f"%cartesia {name}")
    assert not notebook.server.asked


def test_the_help_comes_from_the_docstring(notebook):
    notebook.run("%cartesia voices.clone?")
    assert "--name NAME" in notebook.printed
    assert "The id of a voice to derive this one from" in notebook.printed
    assert "CLIP" in notebook.printed


def test_words_stand_for_what_the_method_takes(notebook):
    notebook.run("%cartesia pronunciation_dicts.pin pdict_1")
    assert notebook.error is None
    assert (asked(notebook).verb, asked(notebook).path) == ("POST", "/pronunciation-dicts/pdict_1/pin")
    assert notebook.shown == []


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("voices.list --gender feminine --limit 3", "/voices?gender=feminine&limit=3"),
        ("voices.list --is-owner", "/voices?is_owner=true&limit=100"),
        ("voices.list --no-is-owner", "/voices?is_owner=false&limit=100"),
        ('voices.list --q "a b"', "/voices?q=a+b&limit=100"),
        ("voices.list --q {wanted}", "/voices?q=calm&limit=100"),
        ("voices.list --expand preview_file_url", "/voices?expand%5B%5D=preview_file_url&limit=100"),
        ("agents.list_calls --agent-id agent_1", "/agents/calls?agent_id=agent_1&limit=100"),
        ("agents.list_calls --agent_id agent_1", None),
    ],
)
def test_options_are_arguments(notebook, typed, path):
    notebook.shell.user_ns["wanted"] = "calm"
    notebook.server.answer = lambda _: reply({"data": [{"id": ADA}], "has_more": False})
    notebook.run(f"%cartesia {typed} -o found")
    if path is None:
        assert "Did you mean --agent-id?" in str(notebook.error)
        return
    assert notebook.error is None
    assert asked(notebook).path == path
    assert len(notebook["found"]) == 1


def test_prose_arrives_as_it_was_typed(notebook):
    notebook.run('%cartesia tts.bytes --voice Ada How "are" you, {nobody}?')
    assert notebook.error is None
    assert notebook.texts == ['How "are" you, {nobody}?']
    notebook.run("%%cartesia tts.bytes\nOne.\nTwo?\n")
    assert notebook.texts[-1] == "One.\nTwo?"


def test_values_of_the_notebook_stand_where_anything_may(notebook, tmp_path):
    notebook.server.answer = lambda _: reply({"id": ADA, "name": "n"})
    (tmp_path / "a.wav").write_bytes(wav(4.0))
    notebook.shell.user_ns["takes"] = {"best": wav(5.0)}
    for clip in ("a.wav", '"a.wav"', "takes['best']", "--language en a.wav"):
        language = "" if "--language" in clip else " --language en"
        notebook.run(f"%cartesia voices.clone {clip} --name Mine{language}")
        assert notebook.error is None, clip
        sent = asked(notebook).form()
        assert [content for name, *_, content in sent if name == "clip"] == [
            wav(5.0 if "takes" in clip else 4.0)
        ]
    notebook.run("%cartesia pronunciation_dicts.create --name words --items {'nginx':'engine'}")
    assert notebook.error is None
    assert asked(notebook).json()["items"] == [{"text": "nginx", "alias": "engine"}]


def test_a_stream_is_collected(notebook):
    event = (
        b'data: {"type": "chunk", "data": "AAAA", "done": false}\n\ndata: {"type": "done", "done": true}\n\n'
    )
    notebook.server.answer = lambda _: reply(event, Content_Type="text/event-stream")
    notebook.run(f"%cartesia tts.sse --voice {ADA} --add-timestamps hello")
    assert str(notebook.error) == "the audio ends inside a sample: 3 bytes of pcm_s16le came (.partial)."


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("voices.clown a.wav", "Did you mean %cartesia voices.clone?"),
        ("voice.list", "Did you mean %cartesia voices.list?"),
        ("voices.list --limit three", "--limit wants a number, not 'three'"),
        ("voices.list more", "too many words for %cartesia voices.list. It takes none."),
        ("pronunciation_dicts.pin", "%cartesia pronunciation_dicts.pin wants ID."),
        ("voices.clone a.wav --name Mine", "%cartesia voices.clone wants --language."),
        ("pronunciation_dicts.create --name words --items {'a'", "is not a Python dict or list"),
        ('voices.get "half', "a quote that is not closed"),
        ("voices.list --gender loud", "gender cannot be 'loud'"),
    ],
)
def test_what_cannot_be_called(notebook, typed, text):
    notebook.run(f"%cartesia {typed}")
    assert text in str(notebook.error)
    assert notebook.error.as_line
    assert "\n" not in str(notebook.error)


def test_no_text_below_where_none_is_taken(notebook):
    notebook.run("%%cartesia voices.list\nfeminine\n")
    assert "takes no text below it" in str(notebook.error)
    assert not notebook.server.asked


def test_descriptions_of_a_docstring():
    doc = """Do.

    Parameters
    ----------
    a, b : int
        What it is. More of it.
    c
        Another, ``"x"``; and more.

    Returns
    -------
    int
        Nothing.
    """
    assert descriptions(inspect.cleandoc(doc)) == {"a": "What it is", "b": "What it is", "c": 'Another, "x"'}


def test_the_sandbox_answers_them(notebook, sandbox, monkeypatch):
    monkeypatch.setattr(shared, "_shared", shared.Client(sandbox.key, base_url=sandbox.url))
    notebook.run("%cartesia agents.list_turns ac_abc123 -o turns")
    assert notebook.error is None
    assert "assistant" in set(notebook["turns"].role)
