"""Chooses the user that PostgreSQL runs as: it refuses root."""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from local.errors import CannotDropRoot

UNPRIVILEGED: Final = 65534  # `nobody` nearly everywhere
LAUNCHER: Final = Path(__file__).with_name("launcher.py")
SAME: Final = "same"


def user_for(*paths: Path) -> str:
    """Return the launcher's USER for a command that must reach all these paths and must not be root.

    An ordinary user stays. Root becomes `nobody` when every parent folder lets others pass, else a user namespace is used.
    """
    if os.geteuid() != 0:
        return SAME
    if _mapped(UNPRIVILEGED) and all(_passable(path) for path in paths):
        return f"uid:{UNPRIVILEGED}"
    if _namespaces_work():
        return f"map:{UNPRIVILEGED}"
    raise CannotDropRoot(
        "PostgreSQL refuses to run as root. Run this as an ordinary user, or move the project to a folder that "
        "everybody may enter (its parents need mode o+x), or allow user namespaces."
    )


def give(folder: Path, user: str) -> None:
    """Make the folder and all in it belong to the user that will work on it (root only; nothing to do otherwise)."""
    if os.geteuid() != 0:
        return
    kind, _, number = user.partition(":")
    # In a user namespace the files are still root's as seen from outside.
    owner = int(number) if kind == "uid" else 0
    if folder.stat().st_uid == owner:
        return
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(parent) / name, owner, owner, follow_symlinks=False)
    # The top comes last: its owner tells the next start that all below was done.
    os.chown(folder, owner, owner)


def _mapped(user: int) -> bool:
    """Whether a user exists here: in a user namespace only those do that were mapped into it (user_namespaces(7))."""
    maps = Path("/proc/self/uid_map")
    ranges = [line.split() for line in maps.read_text(encoding="ascii").splitlines()] if maps.exists() else []
    return not ranges or any(int(first) <= user < int(first) + int(count) for first, _, count in ranges)


def _passable(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)


@functools.cache
def _namespaces_work() -> bool:
    true = shutil.which("true") or "/bin/true"
    command = [sys.executable, "-I", "-S", str(LAUNCHER), str(os.getpid()), "15", f"map:{UNPRIVILEGED}", SAME, "--", true]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
