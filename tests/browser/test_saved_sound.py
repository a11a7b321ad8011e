"""What is embedded in a sound file does not keep a browser from playing it, nor JupyterLab from saving."""

import nbformat
import pytest
from labharness import Lab, write_notebook

MAKE = """import cartesia_nb
speech = cartesia_nb.connect().tts.bytes("A file that plays everywhere.", voice="Ada")
for kind in ("wav", "mp3", "flac", "ogg"):
    speech.save(f"x.{kind}")
    long = cartesia_nb.Speech(speech.data, speech.output_format, transcript="word " * 200_000)
    long.save(f"long.{kind}")
speech"""
NAMES = [f"{name}.{kind}" for name in ("x", "long") for kind in ("wav", "mp3", "flac", "ogg")]
PAGE = "".join(f'<audio controls preload="auto" src="{name}"></audio>' for name in NAMES)
LOADED = "() => [...document.querySelectorAll('audio')].every(audio => audio.readyState == 4 || audio.error)"
DURATIONS = "sounds => sounds.map(audio => audio.error?.message ?? audio.duration)"


def test_saved_files_play_and_the_saved_notebook_tells_how_they_were_made(tmp_path, sandbox):
    path = write_notebook(tmp_path / "saved.ipynb", MAKE)
    environment = {"CARTESIA_API_KEY": sandbox.key, "CARTESIA_BASE_URL": sandbox.url}
    with Lab(path, env=environment) as lab:
        lab.run_cell(0)
        seconds = lab.python("speech.duration")
        lab.save()
        [output] = nbformat.read(path, as_version=4).cells[0].outputs
        assert [one["voice_name"] for one in output.metadata["cartesia_nb"]["speeches"]] == ["Ada"]
        (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
        lab.page.goto((tmp_path / "page.html").as_uri())
        lab.page.wait_for_function(LOADED)
        durations = lab.page.locator("audio").evaluate_all(DURATIONS)
        assert durations == [pytest.approx(seconds, abs=0.1)] * len(NAMES)
