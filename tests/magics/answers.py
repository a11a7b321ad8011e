"""What the server of the magics' tests answers: as the API does, without doing anything."""

from scripted import reply, wav

VOICES = {
    "data": [{"id": "00000000-0000-0000-0000-000000000001", "name": "Ada - Calm", "gender": "feminine"}],
    "has_more": False,
}
ADA = VOICES["data"][0]
DICTIONARIES = {"data": [{"id": "pdict_1", "name": "tech", "items": []}], "has_more": False}
HEARD = {"text": "Hi.", "language": "en", "duration": 0.5, "words": [{"word": "Hi.", "start": 0, "end": 0.4}]}


def answer(asked):
    """Answer as the API does, without doing anything."""
    path = asked.path.partition("?")[0]
    if path.endswith("/bytes"):
        return reply(wav(0.1))
    if path == "/stt":
        return reply(HEARD)
    if path == "/voices":
        return reply(VOICES)
    if path.startswith("/voices/"):
        return reply(ADA)
    if path.startswith("/pronunciation-dicts/"):
        listed = asked.verb == "GET" and path == "/pronunciation-dicts/"
        return reply(DICTIONARIES if listed else DICTIONARIES["data"][0])
    return reply({"ok": True, "version": "2026-08-14"})
