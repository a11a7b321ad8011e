"""Notebooks from top to bottom, with nobody there: how they stop, and what they show on the way."""

import nbformat
import papermill
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook
from secret import KEY, given_away

# Cells that fail, each with the line that is all it shows: what happened, and what to do.
FAILING = {
    "a voice that nobody has": (
        "%cartesia tts --voice Brunno hello",
        "UnknownVoice: no voice is called 'Brunno'. Did you mean 'Bruno'",
    ),
    "a cell without text": (
        "%%cartesia tts\n...",
        "InputError: there is nothing to say in '...'",
    ),
    "a word that does not exist": (
        "%cartesia speak hello",
        "InputError: %cartesia has no word 'speak'.",
    ),
    "what the server refuses": (
        "%cartesia datasets.get nothing",
        "NotFound: the API answered 404",
    ),
    "in a loop": (
        "for voice in ('Ada', 'Brunno'):\n    x = %cartesia tts --voice {voice} hello",
        "UnknownVoice: no voice is called 'Brunno'. Did you mean 'Bruno'",
    ),
    "in a function": (
        "def speak(voice):\n    %cartesia tts --voice {voice} hello\n\nspeak('Brunno')",
        "UnknownVoice: no voice is called 'Brunno'. Did you mean 'Bruno'",
    ),
    "a login where nobody can type": (
        "%cartesia login",
        "InputError: nobody is there to type a key. Set CARTESIA_API_KEY instead.",
    ),
}


@pytest.fixture(autouse=True)
def at_the_sandbox(sandbox, monkeypatch):
    """Let kernels find the sandbox where they would find the API; it takes any key."""
    monkeypatch.setenv("CARTESIA_API_KEY", KEY)
    monkeypatch.setenv("CARTESIA_BASE_URL", sandbox.url)


def notebook_of(*cells):
    return new_notebook(
        cells=[new_code_cell(cell) for cell in ("%load_ext cartesia_nb", *cells)],
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}},
    )


def run(*cells):
    """Run cells; return what each has shown, in order: transcripts of speech, and texts."""
    notebook = notebook_of(*cells)
    NotebookClient(notebook, timeout=60).execute()
    return [[shown(output) for output in cell.outputs] for cell in notebook.cells[1:]]


def shown(output):
    if output.output_type == "stream":
        return output.text
    plain = output.data["text/plain"]
    return plain.split("'")[1] if "<audio" in output.data.get("text/html", "") else plain


# -- how they stop ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cell", "said"), FAILING.values(), ids=FAILING)
def test_a_failing_line_stops_the_notebook_with_one_line(cell, said):
    notebook = notebook_of("before = 1", cell, "after = 1")
    with pytest.raises(CellExecutionError):
        NotebookClient(notebook, timeout=60).execute()
    _, before, failed, after = notebook.cells
    (output,) = failed.outputs
    assert output.output_type == "error"
    (line,) = output.traceback
    assert line == f"{output.ename}: {output.evalue}"
    assert line.startswith(said)
    assert "\n" not in line
    assert (before.execution_count, after.execution_count, after.outputs) == (2, None, [])
    assert given_away(nbformat.writes(notebook)) == []


def test_papermill_leaves_the_notebook_that_failed(tmp_path):
    nbformat.write(notebook_of("%cartesia tts --voice Brunno hello", "after = 1"), tmp_path / "in.ipynb")
    with pytest.raises(papermill.PapermillExecutionError, match="Did you mean 'Bruno'"):
        execute(tmp_path)
    ran = {cell.source: cell for cell in nbformat.read(tmp_path / "out.ipynb", as_version=4).cells}
    (output,) = ran["%cartesia tts --voice Brunno hello"].outputs
    assert output.output_type == "error"
    assert len(output.traceback) == 1
    assert ran["after = 1"].execution_count is None
    assert given_away((tmp_path / "out.ipynb").read_text()) == []


def test_papermills_parameters_reach_the_magics(tmp_path):
    defaults = new_code_cell('who, voice, takes = "nobody", "Ada", 1', metadata={"tags": ["parameters"]})
    notebook = notebook_of(
        "%cartesia tts -o said --voice {voice} Hello {who}, take {takes}.", "said.transcript"
    )
    notebook.cells.insert(1, defaults)
    nbformat.write(notebook, tmp_path / "in.ipynb")
    ran = execute(tmp_path, who="Grace", voice="Bruno", takes=3)
    assert [shown(output) for cell in ran.cells[-2:] for output in cell.outputs] == [
        "Hello Grace, take 3.",
        "'Hello Grace, take 3.'",
    ]


def execute(folder, **parameters):
    return papermill.execute_notebook(
        folder / "in.ipynb",
        folder / "out.ipynb",
        parameters,
        kernel_name="python3",
        progress_bar=False,
    )


# -- what they show -----------------------------------------------------------------------------------


def test_each_result_shows_once_and_in_order():
    assert run(
        "print('one')\n%cartesia tts two\nprint('three')\nx = %cartesia tts not shown\n%cartesia tts four\n'five'",
        "for text in ('a', 'b'):\n    print(text.upper())\n    %cartesia tts {text}",
        "%cartesia tts -o kept kept\nkept.transcript",
        "%%cartesia tts\nbelow\n",
        "x;",
    ) == [
        ["one\n", "two", "three\n", "four", "'five'"],
        ["A\n", "a", "B\n", "b"],
        ["kept", "'kept'"],
        ["below"],
        [],
    ]


def test_magics_and_await_go_together():
    assert run(
        "import asyncio\nawait asyncio.sleep(0)\n%cartesia tts after await\nawait asyncio.sleep(0)",
        "async def speak(text):\n    await asyncio.sleep(0)\n    %cartesia tts in a function: {text}\n    return text",
        "await speak('x')",
        "for text in 'ab':\n    await asyncio.sleep(0)\n    %cartesia tts {text}",
        "asyncio.get_running_loop().is_running()",
        "said = [await speak(text) for text in 'yz']\nsaid",
    ) == [
        ["after await"],
        [],
        ["in a function: x", "'x'"],
        ["a", "b"],
        ["True"],
        ["in a function: y", "in a function: z", "['y', 'z']"],
    ]


def test_a_task_shows_where_ipython_shows_what_it_displays():
    cells = run(
        "import asyncio\ngo = asyncio.Event()",
        "async def later():\n    await go.wait()\n    display('displayed')\n"
        "    %cartesia tts spoken\n    x = %cartesia tts kept\n    return x",
        "task = asyncio.create_task(later())\n%cartesia tts now",
        "go.set()\nspeech = await task\nspeech.transcript",
    )
    assert [cell[-1:] for cell in cells] == [[], [], ["now"], ["'kept'"]]
    assert [cell.count("spoken") for cell in cells] == [cell.count("'displayed'") for cell in cells]


def test_tasks_side_by_side_show_in_the_order_in_which_they_end():
    assert run(
        "import asyncio",
        "async def speak(text, before, done):\n    await before.wait()\n    %cartesia tts {text}\n    done.set()",
        "one, two, three = (asyncio.Event() for _ in range(3))\none.set()\n"
        "await asyncio.gather(speak('second', two, three), speak('first', one, two))\n%cartesia tts third",
    )[2] == ["first", "second", "third"]
