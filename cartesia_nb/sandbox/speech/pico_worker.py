"""The process in which Pico speaks: a JSON job comes in, one line of byte counts and all the PCM goes out."""

import json
import sys

from py_nanotts import NanoTTS

# Leaves room for the peaks: at its own volume Pico clips.
VOLUME = 0.5


def main() -> None:
    """Speak every text of the job, 16 bit at 16 kHz."""
    job = json.load(sys.stdin.buffer)
    engine = NanoTTS()
    parts = [
        engine.speak(text, voice=job["voice"], speed=job["speed"], pitch=job["pitch"], volume=VOLUME)
        for text in job["texts"]
    ]
    sys.stdout.buffer.write(json.dumps([len(part) for part in parts]).encode() + b"\n" + b"".join(parts))


if __name__ == "__main__":
    main()
