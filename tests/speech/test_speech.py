"""Speech as a thing: to show, to save, to read."""

import io
import os
import pickle
import re
import threading

import IPython.display
import numpy as np
import pytest
import soundfile
from nbformat.v4 import new_code_cell, new_notebook, new_output, writes
from scripted import wav

from cartesia_nb import OutputFormat, Speech
from cartesia_nb.wire.errors import InputError

PROVENANCE = {
    "request": {"transcript": "hello"},
    "model_id": "sonic-3.5",
    "voice_id": "id-1",
    "voice_name": "Ada",
    "credits": 5,
    "backend": "api",
}


def speech(seconds=0.5, rate=44100, **changes):
    return Speech(
        wav(seconds, rate),
        OutputFormat("wav", None, rate),
        transcript="hello",
        provenance={**PROVENANCE, **changes},
    )


def spoken(seconds):
    """Return a sound as hard to compress as speech: noise and tone that swell and fade."""
    at = np.arange(int(44100 * seconds)) / 44100
    noise = np.random.default_rng(1).standard_normal(len(at))
    sound = (0.2 * np.sin(2 * np.pi * 180 * at) + 0.05 * noise) * (1 + np.sin(2 * np.pi * 4 * at)) / 2
    file = io.BytesIO()
    soundfile.write(file, sound.astype(np.float32), 44100, format="WAV", subtype="PCM_16")
    return Speech(
        file.getvalue(), OutputFormat("wav"), transcript="word " * int(seconds * 3), provenance=PROVENANCE
    )


def saved_size(result):
    """Size of a saved notebook that shows `result`, in bytes."""
    data = {"text/plain": repr(result), "text/html": result._repr_html_()}
    cell = new_code_cell("x", outputs=[new_output("execute_result", data)])
    return len(writes(new_notebook(cells=[cell])))


def test_it_is_an_ipython_audio():
    assert isinstance(speech(), IPython.display.Audio)
    assert speech().mimetype == "audio/wav"
    assert speech().data == wav(0.5)


def test_samples_are_decoded_when_asked_for():
    broken = Speech(b"not audio", OutputFormat("raw"))
    assert broken.data == b"not audio"
    sound = speech(0.5, 8000)
    assert (sound.samples.dtype, sound.samples.shape, sound.sample_rate) == (np.float32, (4000,), 8000)
    assert sound.duration == 0.5
    with pytest.raises(ValueError, match="read-only"):
        sound.samples[0] = 1


def test_what_is_said_about_it():
    assert repr(speech()) == "Speech('hello', 0.50 s, voice Ada, sonic-3.5, about 5 credits)"
    assert "made by the sandbox, not by Cartesia (there about 5 credits)" in repr(speech(backend="sandbox"))
    assert "voice e07c00bc…" in repr(speech(voice_name=None, voice_id="e07c00bc-4134-4eae-9ea4-1a55fb45746b"))
    assert "about 1 credit)" in repr(speech(credits=1))
    assert speech(backend="sandbox").backend == "sandbox"


def test_provenance_is_read_only():
    sound = speech()
    assert sound.provenance["model_id"] == "sonic-3.5"
    with pytest.raises(TypeError):
        sound.provenance["model_id"] = "other"
    sound.provenance["request"]["transcript"] = "other"
    assert sound.provenance["request"] == {"transcript": "hello"}


def test_the_html_is_one_piece_with_a_small_mp3_and_a_waveform():
    html = speech()._repr_html_()
    assert html.count("<audio") == html.count("<svg") == 1
    found = re.search(r'<audio [^>]*src="data:audio/mpeg;base64,([^"]+)"', html)
    sound, rate = soundfile.read(
        io.BytesIO(IPython.display.Audio(data=__import__("base64").b64decode(found[1])).data)
    )
    assert len(sound) / rate == pytest.approx(0.5, abs=0.06)
    assert "http" not in html
    assert "hello" in html
    assert "voice Ada · sonic-3.5 · about 5 credits" in html


def test_the_transcript_is_text_not_markup():
    html = Speech(wav(), OutputFormat("wav"), transcript="<script>alert(1)</script> & more")._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in html


def test_words_stand_at_their_times_and_seek():
    words = [("A", 0.1, 0.2), ("<b>", 0.25, 0.4)]
    html = Speech(wav(0.5), OutputFormat("wav"), transcript="not this", words=words)._repr_html_()
    assert 'data-start="0.100" data-end="0.200" style="position:absolute;left:20.0%">A</span>' in html
    assert 'left:50.0%">&lt;b&gt;</span>' in html
    assert "not this" not in html
    assert "this.querySelector('audio').currentTime=" in html


def test_more_words_than_fit_are_text():
    words = [(f"word{n}", n / 20, (n + 1) / 20) for n in range(40)]
    html = Speech(wav(2), OutputFormat("wav"), words=words)._repr_html_()
    assert "position:absolute" not in html
    assert html.count("data-start=") == 40
    assert '>word1</span> <span data-start="0.100"' in html


def test_without_times_the_transcript_is_text():
    html = speech()._repr_html_()
    assert "hello</div>" in html
    assert "data-start=" not in html


def test_loudness_is_not_normalised():
    quiet = Speech(b"\x10\x00" * 20000, OutputFormat("raw"))
    sound, _ = soundfile.read(io.BytesIO(quiet.display_copy))
    assert np.abs(sound).max() < 0.01
    assert np.abs(quiet.samples).max() == pytest.approx(16 / 32768)


@pytest.mark.parametrize(("seconds", "bytes_at_most"), [(10, 130_000), (60, 800_000)])
def test_what_it_adds_to_a_saved_notebook(seconds, bytes_at_most):
    size = saved_size(spoken(seconds))
    plain = len(IPython.display.Audio(data=spoken(seconds).data)._repr_html_())
    assert size < bytes_at_most
    assert plain > 8 * size


def test_an_mp3_is_shown_as_it_is():
    data = speech().as_file(".mp3")
    assert Speech(data, OutputFormat("mp3")).display_copy == data


def test_an_empty_sound_shows_itself():
    assert "<audio" in Speech(b"\0\0" * 4, OutputFormat("raw"))._repr_html_()


# -- saving -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("extension", ["wav", "mp3", "flac", "ogg", "raw", "WAV"])
def test_saving_by_extension(tmp_path, extension):
    path = speech().save(tmp_path / f"x.{extension}")
    assert os.listdir(tmp_path) == [f"x.{extension}"]
    if extension == "raw":
        assert path.read_bytes() == wav(0.5)[44:]
    else:
        sound, rate = soundfile.read(path)
        assert (rate, len(sound) / rate) == (44100, pytest.approx(0.5, abs=0.06))


def test_the_received_container_is_written_as_received(tmp_path):
    before, samples = wav(0.5)[:36], wav(0.5)[36:]
    for path in (speech().save(str(tmp_path / "x.wav")), speech().save("~/x.wav")):
        assert path.read_bytes().endswith(samples)
        assert path.read_bytes()[8:36] == before[8:]
    assert speech().as_file(".wav") == wav(0.5)


def test_raw_becomes_wav_without_loss(tmp_path):
    raw = np.arange(-300, 300, dtype="<i2").tobytes()
    sound, rate = soundfile.read(
        Speech(raw, OutputFormat("raw", None, 8000)).save(tmp_path / "x.wav"), dtype="int16"
    )
    assert (sound.tobytes(), rate) == (raw, 8000)


def test_a_folder_that_does_not_exist(tmp_path):
    with pytest.raises(InputError, match="no folder"):
        speech().save(tmp_path / "nowhere" / "x.wav")
    with pytest.raises(InputError, match="is a folder"):
        (tmp_path / "dir.wav").mkdir()
        speech().save(tmp_path / "dir.wav")


def test_nothing_half_written_is_left(tmp_path, monkeypatch):
    (tmp_path / "x.wav").write_bytes(b"before")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(OSError, match="No space"):
        speech().save(tmp_path / "x.wav")
    assert os.listdir(tmp_path) == ["x.wav"]
    assert (tmp_path / "x.wav").read_bytes() == b"before"


def test_many_threads_may_save_the_same_file(tmp_path):
    threads = [threading.Thread(target=speech().save, args=(tmp_path / "x.wav",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tmp_path / "x.wav").read_bytes() == speech().as_tagged_file(".wav")
    assert os.listdir(tmp_path) == ["x.wav"]


def test_it_survives_pickling():
    sound = speech()
    sound.autoplay = True
    sound._repr_html_()
    copy = pickle.loads(pickle.dumps(sound))
    assert (copy.data, repr(copy), copy.autoplay) == (sound.data, repr(sound), True)
    assert len(pickle.dumps(sound)) < 1.1 * len(sound.data)


def test_markup_in_names_is_escaped():
    html = speech(voice_name="<img src=x>", model_id="<b>")._repr_html_()
    assert "<img" not in html
    assert "<b>" not in html


def test_autoplay_and_element_id_are_those_of_audio():
    sound = speech()
    assert "autoplay" not in sound._repr_html_()
    sound.autoplay, sound.element_id = True, "mine"
    assert 'autoplay="autoplay"' in sound._repr_html_()
    assert 'id="mine"' in sound._repr_html_()


def test_stored_speech_says_so():
    assert repr(speech(stored=True)).endswith("stored)")


def test_a_link_stays_a_link_and_a_file_keeps_its_mode(tmp_path):
    (tmp_path / "real.wav").write_bytes(b"old")
    (tmp_path / "real.wav").chmod(0o640)
    (tmp_path / "link.wav").symlink_to(tmp_path / "real.wav")
    speech().save(tmp_path / "link.wav")
    assert (tmp_path / "link.wav").is_symlink()
    assert (tmp_path / "real.wav").read_bytes() == speech().as_tagged_file(".wav")
    assert (tmp_path / "real.wav").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("path", [None, 7, "~no_such_person/x.wav", "x\0.wav", "\ud800.wav"])
def test_what_is_no_path(path):
    with pytest.raises(InputError):
        speech().save(path)


def test_a_long_name_can_be_saved(tmp_path):
    assert speech().save(tmp_path / ("x" * 250 + ".wav")).exists()


@pytest.mark.parametrize(
    ("data", "written"), [(b"x", "wav"), (bytearray(b"x"), OutputFormat()), ("x", OutputFormat())]
)
def test_what_a_speech_is_not_made_of(data, written):
    with pytest.raises(InputError, match="made of bytes"):
        Speech(data, written)
