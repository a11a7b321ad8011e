"""The official SDKs of another version and of another language: what their programs make of the sandbox."""

import io
from functools import cache

import pytest
import soundfile
from peers.inventory import CALL
from peers.others import OTHERS
from peers.sound import check_words

EACH = [pytest.param(name, marks=pytest.mark.sdk(name)) for name in OTHERS]
CALLS = [
    pytest.param(name, method, marks=pytest.mark.sdk(name))
    for name, other in OTHERS.items()
    for method in other.methods
]


@pytest.fixture(scope="module")
def verdicts(heard):
    """Let an SDK call all its methods, once."""
    return cache(lambda name: OTHERS[name].judge(heard))


@pytest.fixture(scope="module")
def heard(tmp_path_factory):
    """Return the folder for what the SDKs were told aloud."""
    return tmp_path_factory.mktemp("heard")


@pytest.mark.parametrize(("name", "method"), CALLS)
def test_a_method(verdicts, heard, record_property, name, method):
    record_property(CALL, (name, method))
    verdict = verdicts(name)[method]
    assert verdict["error"] is None, verdict["error"]
    for file, text in verdict["speech"].items():
        samples, rate = soundfile.read(io.BytesIO((heard / file).read_bytes()), dtype="float32")
        check_words(text, samples, rate)


@pytest.mark.parametrize("name", EACH)
def test_every_method_is_called(verdicts, name):
    assert set(verdicts(name)) == set(OTHERS[name].methods)
