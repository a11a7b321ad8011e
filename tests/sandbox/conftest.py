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

    def get(self, path, *, version=NEWEST, **options):
        return requests.get(self.sandbox.url + path, headers=self._headers(version), timeout=60, **options)

    def post(self, path, *, version=NEWEST, **options):
        headers = self._headers(version) | options.pop("headers", {})
        return requests.post(self.sandbox.url + path, headers=headers, timeout=60, **options)

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
