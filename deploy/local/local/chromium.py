"""Chromium and a font for Japanese, for tests that need a browser: the machine's, else Debian's, which only root can install."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from local import debian
from local.errors import NoChromium
from local.softhsm import TOOLS

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS: Final = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""It then calls nobody but the pages under test."""


def flags() -> list[str]:
    """Return how to start it: without a sandbox of its own where it is root, who has none to give up."""
    return [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def ensure() -> Path:
    """Return the browser's program, installed when it is not there; raises NoChromium, StepFailed."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = _find()
        if found is None and debian.may_install():
            debian.install("chromium")
            found = _find()
        if not _writes_japanese() and debian.may_install():
            debian.install("fonts-noto-cjk")
    if found is None:
        raise NoChromium("there is no Chromium here, and only root can install Debian's: install chromium")
    return found


def _writes_japanese() -> bool:
    """Return whether there is a font, as far as anybody can say."""
    lister = shutil.which("fc-list")
    # Where the browser is there are its fonts' tools, too; a fixed program.
    return lister is None or bool(subprocess.run([lister, ":lang=ja"], check=False, capture_output=True).stdout)


def _find() -> Path | None:
    return next((Path(path) for name in _NAMES if (path := shutil.which(name))), None)
