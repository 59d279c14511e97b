"""Debian's packages, for what tests need of the machine and no registry of ours carries."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from local.errors import StepFailed

_PATIENCE: Final = "DPkg::Lock::Timeout=300"


def may_install() -> bool:
    """Return whether this process may install packages."""
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def install(*packages: str) -> None:
    """Install packages; only root can. Raises StepFailed."""
    environment = {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "-q", "-o", _PATIENCE, "update"], environment)
    run(["apt-get", "-q", "-y", "-o", _PATIENCE, "install", "--no-install-recommends", *packages], environment)


def run(command: Sequence[str], environment: Mapping[str, str] | None = None, folder: Path | None = None) -> None:
    """Run a program to its end; raises StepFailed with what it said."""
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=folder, env={**os.environ, **(environment or {})}
    )
    if done.returncode != 0:
        # Without the arguments: among them may be a PIN.
        raise StepFailed(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")
