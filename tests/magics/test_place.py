"""What is nothing of ours: there, IPython's own completion must stay alone, even if it offers the same."""

import pytest

from cartesia_nb.magics.place import place


@pytest.mark.parametrize(
    "cell",
    [
        "na",
        "{na",
        "# %cartesia tts {na",
        "text = '''\n%cartesia tts {na",
        "%%cartesian tts\nDear {na",
        "%%writefile a.txt\n%%cartesia tts\nDear {na",
        "x = 1\n%%cartesia tts\nDear {na",
        "%%cartesia tts\nDear {name}, na",
        "%cartesia nonsense {na",
        "%cartesia",
        "%%cartesia",
    ],
)
def test_it_is_not_ours(cell):
    *above, before = cell.split("\n")
    assert place(before, above) is None


@pytest.mark.parametrize(
    "cell",
    ["%%cartesia tts\nDear {na", "  %%cartesia tts\n{na", "\n%%cartesia tts --raw\n\n{na", "%%cartesia\n{na"],
)
def test_a_name_below_is_ours(cell):
    *above, before = cell.split("\n")
    found = place(before, above)
    assert (found.begun, found.offers) == ("na", "names")
