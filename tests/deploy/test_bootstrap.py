"""The bootstrap's stamp: nothing is done when nothing changed, and every change of a lock is noticed."""

import importlib.machinery
import importlib.util
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest
from local.layout import ROOT

BOOTSTRAP = Path("deploy/local/bootstrap")


def load(path: Path) -> ModuleType:
    """Return the script as a module; it has no suffix."""
    loader = importlib.machinery.SourceFileLoader("bootstrap", str(path))
    spec = importlib.util.spec_from_loader("bootstrap", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Make as much of a checkout as decides what is installed, with a stamp that says it is."""
    for name in (
        BOOTSTRAP,
        "pyproject.toml",
        "locks/bootstrap.txt",
        "locks/development.txt",
        "libs/protocol/pyproject.toml",
        "deploy/local/group-idp/package-lock.json",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "deploy/local/group-idp/node_modules").mkdir()
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    script = load(tmp_path / BOOTSTRAP)
    script.STAMP.write_text(script.state())
    return tmp_path


def test_nothing_to_do(checkout: Path) -> None:
    """With a valid stamp it says nothing and ends at once."""
    start = time.monotonic()
    done = subprocess.run([sys.executable, checkout / BOOTSTRAP], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert time.monotonic() - start < 2


@pytest.mark.parametrize(
    "name",
    [
        "locks/development.txt",
        "locks/bootstrap.txt",
        "libs/protocol/pyproject.toml",
        "deploy/local/group-idp/package-lock.json",
    ],
)
def test_every_change_is_noticed(checkout: Path, name: str) -> None:
    """A changed lock or member no longer matches the stamp."""
    script = load(checkout / BOOTSTRAP)
    with (checkout / name).open("a", encoding="utf-8") as file:
        file.write("\n")

    assert script.STAMP.read_text() != script.state()
