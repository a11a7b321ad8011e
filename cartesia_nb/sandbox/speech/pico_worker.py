"""The process in which Pico speaks: a JSON job comes in, PCM goes out."""

import json
import sys

from py_nanotts import NanoTTS

# Leaves room for the peaks: at its own volume Pico clips.
VOLUME = 0.5


def main() -> None:
    """Speak the text of the job, 16 bit at 16 kHz."""
    job = json.load(sys.stdin.buffer)
    pcm = NanoTTS().speak(
        job["text"], voice=job["voice"], speed=job["speed"], pitch=job["pitch"], volume=VOLUME
    )
    sys.stdout.buffer.write(pcm)


if __name__ == "__main__":
    main()
