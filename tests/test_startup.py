"""What is loaded when: the package costs nothing until it is used."""

import json
import subprocess
import sys

import pytest

HEAVY = {
    "requests",
    "pandas",
    "numpy",
    "ipywidgets",
    "anywidget",
    "soundfile",
    "matplotlib",
    "websockets",
    "tqdm",
}


def loaded_after(code):
    """Names of the top-level modules that a fresh interpreter has after running `code`."""
    probe = (
        f"{code}\nimport json, sys\nprint(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "code",
    [
        "import cartesia_nb",
        "from cartesia_nb import Client; Client(api_key='sk_car_example')",
        "import cartesia_nb; cartesia_nb.connect(api_key='sk_car_example').with_options(timeout=5)",
    ],
)
def test_import_and_client_load_nothing_heavy(code):
    assert loaded_after(code) & HEAVY == set()


def test_import_does_not_even_load_ipython():
    assert "IPython" not in loaded_after("import cartesia_nb")


def test_load_ext_loads_nothing_heavy():
    shell = "from IPython.core.interactiveshell import InteractiveShell\nip = InteractiveShell.instance()\n"
    before = loaded_after(shell)
    after = loaded_after(
        shell
        + "assert ip.run_line_magic('load_ext', 'cartesia_nb') is None\nip.magics_manager.magics['line']['cartesia']"
    )
    assert (after - before) & HEAVY == set()


def test_every_public_name_is_there():
    import cartesia_nb

    assert sorted(cartesia_nb.__all__) == [
        "CartesiaError", "Client", "OutputFormat", "Resource", "Speech", "Speeches", "Transcript", "UNSET", "__version__", "budget", "change_form", "cite", "clone_form", "connect", "dictionary_editor", "dry_run", "explore", "infill_editor", "localize_form", "player", "recorder", "set_budget", "set_recording", "studio", "transcribe_form", "usage",
    ]  # fmt: skip
    for name in cartesia_nb.__all__:
        assert getattr(cartesia_nb, name) is not None
    assert dir(cartesia_nb) == sorted(cartesia_nb.__all__)
    with pytest.raises(AttributeError, match="no_such_name"):
        cartesia_nb.no_such_name  # noqa: B018
