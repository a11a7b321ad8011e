"""Find the browser of the browser tests; as a script, install it where there is none.

The variable CHROMIUM names it; without it, the first of NAMES on PATH is taken. Only the standard
library is used, so that the script runs before anything is installed.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-dejavu-core")
BY_HAND = "install Chromium or Chrome and name it: CHROMIUM=/path/to/chromium"


def find_chromium() -> str | None:
    """Path of the browser, or None where there is none."""
    named = os.environ.get("CHROMIUM")
    names = [named] if named else NAMES
    return next(filter(None, map(shutil.which, names)), None)


def install() -> None:
    """Install Debian's Chromium and a font, as root or through sudo."""
    command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    if os.geteuid() != 0:
        command = ["sudo", *command]
    subprocess.run([*command, "update"], check=True)
    subprocess.run([*command, "install", "--yes", "--no-install-recommends", *PACKAGES], check=True)


def main() -> str | None:
    """See to it that there is a browser; return what to do where that did not succeed."""
    if find_chromium():
        return None
    if named := os.environ.get("CHROMIUM"):
        return f"CHROMIUM={named} is no program: correct it or unset it"
    if not shutil.which("apt-get"):
        return f"no Chromium and no apt-get here: {BY_HAND}"
    print("installing Chromium with apt-get ...", file=sys.stderr)
    try:
        install()
    except (OSError, subprocess.CalledProcessError) as error:
        return f"apt-get could not install Chromium ({error}): {BY_HAND}"
    return None if find_chromium() else f"apt-get installed no Chromium: {BY_HAND}"


if __name__ == "__main__":
    sys.exit(main())
