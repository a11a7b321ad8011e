"""Where the key comes from, and that it does not show."""

import copy
import pickle
import sys
import traceback
import types

import pytest
from hypothesis import given
from hypothesis import strategies as st
from keyring.backends import fail, null
from keyring.errors import KeyringLocked
from memory_keyring import Memory
from secret import KEY, SECRET, given_away

from cartesia_nb.wire import keys
from cartesia_nb.wire.errors import InputError
from cartesia_nb.wire.keys import Key, find_key, forget_key, hide_keys, keep_key

TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)


def test_a_key_does_not_show_itself():
    key = Key(KEY)
    assert repr(key) == str(key) == f"{key}" == "Key(sk_car_…)"
    assert repr(Key(SECRET)) == "Key(…)"
    assert repr(Key(f"sk_car_admin_{SECRET}")) == "Key(sk_car_admin_…)"
    assert repr(Key("sk_car_lowercaseonly_x")) == "Key(sk_car_…)"
    with pytest.raises(TypeError, match="not written anywhere"):
        pickle.dumps(key)
    with pytest.raises(TypeError):
        copy.copy(key)
    assert not any(SECRET[:6] in repr(getattr(key, name)) for name in dir(key) if "reveal" not in name)


@given(TEXT, st.text(max_size=30), st.text(max_size=30), st.data())
def test_no_six_characters_of_a_key_are_left(secret, before, after, data):
    key = Key(secret)
    start = data.draw(st.integers(0, len(secret)))
    end = data.draw(st.integers(start, len(secret)))
    hidden = key.hide_in(before + secret[start:end] + after)
    body = keys.PREFIX.sub("", secret, count=1)
    assert not any(body[i : i + 6] in hidden for i in range(len(body) - 5))


@given(st.text(alphabet="abc XYZ.\n🎈", max_size=60))
def test_hiding_leaves_other_text_alone(text):
    assert Key(KEY).hide_in(text) == text


def test_whatever_looks_like_a_key_is_hidden():
    assert hide_keys("keys sk_car_abcDEF12345 and sk_car_admin_zzz999") == "keys sk_car_… and sk_car_admin_…"


def test_a_text_that_gives_the_key_away():
    key = Key(KEY)
    assert key.shows_in(f"my key is {SECRET[4:10]}")
    assert not key.shows_in(f"my key is {SECRET[4:9]} sk_car_")


@pytest.mark.parametrize("text", ["", "  ", "a b", "a\nb", "sk_car_ä", "a\x7f"])
def test_what_is_no_key(text):
    with pytest.raises(InputError, match="API key") as caught:
        Key(text)
    assert not text.strip() or text not in str(caught.value)


def test_the_environment_goes_before_the_keyring(monkeypatch):
    asked = []
    keyring = types.ModuleType("keyring")
    keyring.get_password = lambda service, name: asked.append((service, name)) or "sk_car_from_keyring"
    keyring.errors = types.ModuleType("keyring.errors")
    keyring.errors.KeyringError = RuntimeError
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    monkeypatch.setitem(sys.modules, "keyring.errors", keyring.errors)
    assert find_key().reveal() == "sk_car_from_keyring"
    assert asked == [("cartesia_nb", "api_key")]
    monkeypatch.setenv("CARTESIA_API_KEY", " sk_car_from_environment\n")
    assert find_key().reveal() == "sk_car_from_environment"


def test_no_key_anywhere(monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert find_key() is None


@pytest.mark.parametrize("wrong", [5, KEY.encode()])
def test_a_key_is_a_text(wrong):
    with pytest.raises(InputError, match="api_key=") as caught:
        Key(wrong)
    assert SECRET[:6] not in str(caught.value)


def test_a_bad_key_of_the_environment_is_said_to_be_from_there(monkeypatch):
    monkeypatch.setenv("CARTESIA_API_KEY", "two words")
    with pytest.raises(InputError, match="CARTESIA_API_KEY"):
        find_key()


def test_a_machine_without_a_keyring_has_no_key_there(monkeypatch):
    keyring = types.ModuleType("keyring")
    keyring.errors = types.ModuleType("keyring.errors")
    keyring.errors.KeyringError = type("KeyringError", (Exception,), {})

    def locked(*_):
        raise keyring.errors.KeyringError

    keyring.get_password = locked
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    monkeypatch.setitem(sys.modules, "keyring.errors", keyring.errors)
    assert find_key() is None


class Locked(Memory):
    """A keyring that nobody unlocks."""

    def get_password(self, *_):
        raise KeyringLocked("locked")

    def set_password(self, *given):
        raise KeyringLocked(f"cannot keep {given}")


@pytest.fixture
def use(monkeypatch):
    """Make a keyring the system's."""

    def put(backend):
        monkeypatch.setattr("keyring.core._keyring_backend", backend)
        return backend

    return put


def test_a_key_is_kept_found_and_forgotten(use):
    memory = use(Memory())
    assert find_key() is None
    assert keep_key(Key("sk_car_first")) is None
    keep_key(Key(KEY))
    assert memory.kept == {("cartesia_nb", "api_key"): KEY}
    assert find_key().reveal() == KEY
    assert forget_key() is True
    assert (find_key(), memory.kept) == (None, {})
    assert forget_key() is False


def test_only_our_own_key_is_forgotten(use):
    memory = use(Memory())
    memory.kept = {("cartesia_nb", "other"): "x", ("other", "api_key"): "y"}
    assert forget_key() is False
    keep_key(Key(KEY))
    forget_key()
    assert memory.kept == {("cartesia_nb", "other"): "x", ("other", "api_key"): "y"}


@pytest.mark.parametrize(
    ("backend", "why"), [(fail.Keyring, "NoKeyringError"), (Locked, "KeyringLocked"), (null.Keyring, "kept nothing")]
)  # fmt: skip
def test_a_machine_that_keeps_no_keys(backend, why, use):
    use(backend())
    with pytest.raises(InputError, match=f"{why}.*CARTESIA_API_KEY") as caught:
        keep_key(Key(KEY))
    shown = "".join(traceback.format_exception(caught.value))
    assert given_away(shown) == []
    if backend is null.Keyring:
        assert forget_key() is False
    else:
        with pytest.raises(InputError, match=f"{why}.*CARTESIA_API_KEY"):
            forget_key()


@pytest.mark.parametrize("act", [lambda: keep_key(Key(KEY)), forget_key])
def test_without_the_extra_one_is_told_how_to_install_it(act, monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(InputError, match=r'pip install "cartesia_nb\[keyring\]"'):
        act()
