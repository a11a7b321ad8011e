"""Which version a call is sent with."""

import pytest

from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.versions import choose


@pytest.mark.parametrize(
    ("method", "given", "version"),
    [
        ("tts.bytes", [], "2026-08-14"),
        ("tts.bytes", ["language", "speed", "save"], "2026-08-14"),
        ("tts.bytes", ["locale"], "2026-08-14"),
        ("tts.bytes", ["generation_config"], "2026-08-14"),
        ("tts.bytes", ["pronunciation_dict_id"], "2026-08-14"),
        ("tts.bytes", ["pronunciation_dict_ids"], "2025-04-16"),
        ("tts.bytes", ["duration"], "2025-04-16"),
        ("voices.list", ["gender", "is_owner"], "2026-08-14"),
        ("voices.list", ["is_starred"], "2025-04-16"),
        ("voices.list", ["expand=is_starred"], "2025-04-16"),
        ("voices.list", ["q", "expand=preview_file_url"], "2026-08-14"),
        ("voices.list", ["language"], "2025-11-04"),
        ("voices.get", ["expand"], "2026-08-14"),
        ("datasets.list", ["anything"], "2026-08-14"),
        ("pronunciation_dicts.pin", [], "2025-04-16"),
    ],
)
def test_the_newest_version_that_knows_every_argument(method, given, version):
    assert choose(method, given) == version


def test_a_pinned_version_is_used():
    assert choose("tts.bytes", ["language"], "2025-04-16") == "2025-04-16"


def test_what_a_pinned_version_does_not_know_is_an_error_that_names_the_one_that_does():
    with pytest.raises(InputError, match=r"tts.bytes\(locale\).*2025-04-16.*version='2026-08-14'"):
        choose("tts.bytes", ["locale"], "2025-04-16")


def test_arguments_that_no_version_has_together():
    with pytest.raises(
        InputError, match=r"bytes\(locale\) needs 2026-08-14; tts.bytes\(duration\) needs 2025-04-16"
    ):
        choose("tts.bytes", ["locale", "duration"])


def test_a_method_that_a_pinned_version_does_not_have():
    with pytest.raises(
        InputError, match="pronunciation_dicts.pin does not exist in .*2026-08-14.*'2025-04-16'"
    ):
        choose("pronunciation_dicts.pin", [], "2026-08-14")
