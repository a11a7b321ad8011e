"""What can go wrong with a text."""


class SpeechError(ValueError):
    """No engine can speak this; the message says why."""
