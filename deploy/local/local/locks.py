"""Pins every dependency: locks/*.txt and package-lock.json, with hashes and without addresses.

`uv.lock` is only the solver's memory; it holds addresses and is not committed.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from local.layout import HOSTS
from local.node import npm

_EXPORT = ("export", "--quiet", "--frozen", "--no-header", "--no-annotate", "--no-emit-workspace", "--format", "requirements-txt")
_BOOTSTRAP = "uv"
_PUBLIC_TABLES = ("--package", "warifu-analysis", "--extra", "public", "--no-dev")
"""Analysis with what public tables need, which nothing else does."""


def write_locks(root: Path) -> None:
    """Write all locks. Pins that `uv.lock` remembers are kept where they still fit; remove it to take the newest of all."""
    uv = [str(Path(sys.executable).with_name("uv"))]
    locks = root / "locks"
    _run([*uv, "lock", "--quiet"], root)
    _export(root, uv, locks / "development.txt", "--all-packages")
    _export(root, uv, locks / "spark.txt", "--only-group", "spark")
    for host in HOSTS:
        _export(root, uv, locks / f"{host}.txt", "--package", f"warifu-{host}", "--no-dev")
    _export(root, uv, locks / "public-tables.txt", *_PUBLIC_TABLES)
    _lock_bootstrap(root, uv, locks / "bootstrap.txt")
    _lock_npm(root / "deploy" / "local" / "group-idp")
    _lock_npm(root / "clients" / "portal")


def _export(root: Path, uv: list[str], target: Path, *options: str) -> None:
    _run([*uv, *_EXPORT, *options, "--output-file", str(target)], root)


def _lock_bootstrap(root: Path, uv: list[str], target: Path) -> None:
    """Pin uv itself at the version that wrote the other locks."""
    version = subprocess.run([*uv, "--version"], check=True, capture_output=True, text=True).stdout.split()[1]
    text = subprocess.run(
        [*uv, "pip", "compile", "-", "--universal", "--generate-hashes", "--no-header", "--no-annotate", "--quiet"],
        input=f"{_BOOTSTRAP}=={version}\n",
        check=True,
        capture_output=True,
        text=True,
        cwd=root,
    ).stdout
    target.write_text(_without_addresses(text), encoding="utf-8")


def _without_addresses(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not re.match(r"--(extra-)?index-url|--find-links", line))


def _lock_npm(folder: Path) -> None:
    """Solve in an empty folder: an old lock would keep what it says."""
    with tempfile.TemporaryDirectory() as empty:
        for name in ("package.json", ".npmrc"):
            shutil.copy(folder / name, empty)
        _run([*npm(), "install", "--package-lock-only", "--ignore-scripts"], Path(empty))
        shutil.copy(Path(empty) / "package-lock.json", folder)


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(
        command, check=True, cwd=folder, env={**os.environ, "UV_PYTHON_DOWNLOADS": "never", "NODE_DISABLE_COMPILE_CACHE": "1"}
    )
