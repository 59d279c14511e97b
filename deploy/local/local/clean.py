"""Forgets a local deployment. Standard library only: it must work where nothing is installed."""

import shutil
from pathlib import Path

from local import home
from local.errors import HomeMismatch

_CACHES = (".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache", ".hypothesis")


def clean(folder: Path, root: Path) -> None:
    """Remove the home and the tools' caches under `root`; refuse while it runs and where it is no home."""
    if folder.exists() and any(folder.iterdir()):
        if not home.is_home(folder):
            raise HomeMismatch(f"{folder} was not made by this program; remove it by hand if you mean it.")
        with home.held(folder):
            shutil.rmtree(folder)
    for name in _CACHES:
        shutil.rmtree(root / name, ignore_errors=True)
