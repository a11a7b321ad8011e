"""The sandbox as a program: one line, no noise, and never left behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

import psutil
import pytest
import requests

from cartesia_nb.sandbox import launch

PROGRAM = [sys.executable, "-m", "cartesia_nb.sandbox"]
WITHOUT_UVICORN = """
import importlib.util as u; find = u.find_spec
u.find_spec = lambda name, *rest: None if name == 'uvicorn' else find(name, *rest)
"""


def spawn(*arguments):
    return subprocess.Popen(
        [*PROGRAM, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_one_line_and_ends_quietly(stop):
    with spawn() as process:
        url = json.loads(process.stdout.readline())["url"]
        assert url.startswith("http://127.0.0.1:")
        with requests.Session() as session:
            assert session.get(url, timeout=10).json()["ok"]
            began = time.monotonic()
            process.send_signal(stop)
            out, errors = process.communicate(timeout=10)
        assert time.monotonic() - began < 1
    assert (process.returncode, out, errors) == (0, "", "")


@pytest.mark.parametrize(
    ("path", "content_type"),
    [("/voices/clone", "multipart/form-data; boundary=X"), ("/datasets", "application/json")],
)
def test_clients_that_leave_in_the_middle_make_no_noise(path, content_type):
    with spawn() as process:
        url = json.loads(process.stdout.readline())["url"]
        address = urlsplit(url)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\nX-API-Key: any\r\n"
            f"Content-Type: {content_type}\r\nContent-Length: 100000\r\nExpect: 100-continue\r\n\r\n"
        )
        with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
            connection.sendall(head.encode())
            # The route has begun to read.
            assert connection.recv(100).startswith(b"HTTP/1.1 100")
            connection.sendall(b'--X\r\nContent-Disposition: form-data; name="clip"')
        # A traceback would need a moment to be written.
        time.sleep(0.3)
        with requests.Session() as session:
            assert session.get(url, timeout=10).json()["ok"]
        process.terminate()
        out, errors = process.communicate(timeout=10)
    assert (process.returncode, out, errors) == (0, "", "")


def test_it_can_listen_on_a_given_port_and_on_ipv6():
    with spawn("--host", "::1") as process:
        url = json.loads(process.stdout.readline())["url"]
        assert url.startswith("http://[::1]:")
        assert requests.get(url, timeout=10).json()["ok"]
        port = url.rpartition(":")[2]
        process.terminate()
    with spawn("--port", port) as process:
        assert json.loads(process.stdout.readline()) == {"url": f"http://127.0.0.1:{port}"}
        process.terminate()


def test_it_ends_when_its_input_ends():
    with spawn("--until-eof") as process:
        process.stdout.readline()
        _, errors = process.communicate(timeout=5)
    assert (process.returncode, errors) == (0, "")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.1", "example.org"])
def test_it_serves_this_machine_only(host):
    done = subprocess.run([*PROGRAM, "--host", host], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert f"--host {host}: the sandbox serves the loopback interface only" in done.stderr


def test_a_missing_extra_is_said_in_one_line():
    script = WITHOUT_UVICORN + "import runpy; runpy.run_module('cartesia_nb.sandbox', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 2
    assert done.stderr == 'The sandbox needs uvicorn: pip install "cartesia_nb[sandbox]"\n'


def test_two_sandboxes_side_by_side():
    first, second = launch.start(), launch.start()
    assert first.url != second.url
    assert first.key != second.key
    assert first.key.startswith("sk_car_sandbox_")
    assert first.key not in repr(first)
    first.stop()
    first.stop()
    assert not first.alive
    assert second.alive
    assert requests.get(second.url, timeout=10).json()["ok"]
    second.stop()
    with pytest.raises(requests.ConnectionError):
        requests.get(second.url, timeout=10)


def test_the_sandbox_is_told_no_key(monkeypatch):
    monkeypatch.setenv("CARTESIA_API_KEY", "sk_car_real")
    monkeypatch.setenv("CARTESIA_BASE_URL", "https://example.org")
    running = launch.start()
    environment = psutil.Process(running._process.pid).environ()
    running.stop()
    assert "PATH" in environment
    assert not [name for name in environment if name.startswith("CARTESIA")]


def test_a_sandbox_that_cannot_start_says_why(monkeypatch, tmp_path):
    (tmp_path / "uvicorn.py").write_text("raise ImportError('broken on purpose')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(launch.SandboxError, match="broken on purpose"):
        launch.start()


def test_a_missing_extra_reaches_the_notebook(monkeypatch, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_UVICORN)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(launch.SandboxError, match=r'pip install "cartesia_nb\[sandbox\]"'):
        launch.start()


def test_files_beside_the_notebook_do_not_get_in_the_way(monkeypatch, tmp_path):
    (tmp_path / "uvicorn.py").write_text("raise ImportError('not meant for the sandbox')")
    monkeypatch.chdir(tmp_path)
    running = launch.start()
    assert running.alive
    running.stop()


def test_it_does_not_outlive_a_parent_that_is_killed():
    script = (
        "from cartesia_nb.sandbox import launch; import time; s = launch.start()\n"
        "print(s._process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    child.wait(timeout=5)


def test_an_interrupt_of_the_notebook_does_not_reach_it():
    running = launch.start()
    assert os.getpgid(running._process.pid) != os.getpgid(0)
    running.stop()


def test_launching_imports_only_the_standard_library():
    script = (
        "import sys; before = set(sys.modules); import cartesia_nb.sandbox.launch\n"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(sorted(new - set(sys.stdlib_module_names) - {'cartesia_nb'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout == "[]\n"
