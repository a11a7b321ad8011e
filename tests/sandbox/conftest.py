"""One sandbox for all tests of this folder, and short ways to call it."""

import io
from dataclasses import dataclass

import numpy as np
import pytest
import requests
import soundfile

from cartesia_nb.sandbox import launch

NEWEST = "2026-08-14"
VOICE = "e07c00bc-4134-4eae-9ea4-1a55fb45746b"
FLOAT_WAV = {"container": "wav", "encoding": "pcm_f32le", "sample_rate": 24000}


@dataclass
class Api:
    """Calls with the key of a sandbox."""

    sandbox: launch.Sandbox

    def get(self, path, **options):
        return self.send("GET", path, **options)

    def post(self, path, **options):
        return self.send("POST", path, **options)

    def patch(self, path, **options):
        return self.send("PATCH", path, **options)

    def delete(self, path, **options):
        return self.send("DELETE", path, **options)

    def upload(self, path, files, *, version=NEWEST, **texts):
        """POST a multipart form: files as ``name=bytes`` or ``name=(file name, bytes)``, and texts."""
        named = {
            name: file if isinstance(file, tuple) else (f"{name}.wav", file) for name, file in files.items()
        }
        return self.post(path, version=version, files=named, data=texts)

    def send(self, method, path, *, version=NEWEST, headers=None, **options):
        return requests.request(
            method,
            self.sandbox.url + path,
            headers=self._headers(version) | (headers or {}),
            timeout=60,
            **options,
        )

    def speak(self, transcript, *, version=NEWEST, **fields):
        """POST /tts/bytes with a sensible value for whatever is not given."""
        body = {
            "model_id": "sonic-3.5",
            "transcript": transcript,
            "voice": {"mode": "id", "id": VOICE},
            "output_format": FLOAT_WAV,
        }
        return self.post("/tts/bytes", version=version, json=body | fields)

    def hear(self, transcript, **fields):
        """Speak and return the samples at 24 kHz."""
        response = self.speak(transcript, **fields)
        assert response.status_code == 200, response.text
        samples, rate = soundfile.read(io.BytesIO(response.content), dtype="float32")
        assert rate == 24000
        assert samples.ndim == 1
        return np.asarray(samples)

    def advance(self, seconds):
        """Move the sandbox's clock ahead."""
        assert self.post("/sandbox/clock", json={"advance": seconds}).status_code == 200

    def voices(self):
        return self.get("/voices", params={"limit": 100}).json()["data"]

    def _headers(self, version):
        return {"Authorization": f"Bearer {self.sandbox.key}", "Cartesia-Version": version}


@pytest.fixture(scope="session")
def sandbox():
    running = launch.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def api(sandbox):
    return Api(sandbox)


@pytest.fixture
def start_api(tmp_path):
    """Start sandboxes of a test's own, in the folder ``data`` if nothing else is said; stop them after it."""
    running = []

    def start(data=tmp_path / "data"):
        running.append(launch.start(data))
        return Api(running[-1])

    yield start
    for sandbox in running:
        sandbox.stop()


@pytest.fixture(scope="module")
def timed_api():
    """Start a sandbox for one module, which may move its clock."""
    running = launch.start()
    yield Api(running)
    running.stop()
