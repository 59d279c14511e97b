"""Finds what makes the files, and writes them."""

import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from make_vectors import files
from make_vectors.cases import Case, Stored

FOLDER = Path(__file__).parents[1] / "vectors"


def makers() -> dict[str, Callable[[Stored], Case]]:
    """Return what makes each file, by its name: ``split_seal`` makes ``split-seal.json``."""
    names = (found.name for found in iter_modules(files.__path__))
    return {name.replace("_", "-"): import_module(f"{files.__name__}.{name}").build for name in names}


def build(name: str, known: Case | None) -> Case:
    """Return the content of one file; ``known`` is what is on disk, whose stored objects are kept while they hold."""

    def stored(make: Callable[[], Case], holds: Callable[[Case], object]) -> Case:
        kept = (known or {}).get("stored")
        return kept if isinstance(kept, dict) and _holds(holds, kept) else make()

    maker = makers()[name]
    return {"about": (maker.__doc__ or "").removeprefix("Show "), **maker(stored)}


def _holds(holds: Callable[[Case], object], kept: Case) -> bool:
    try:
        return holds(kept) is True
    except Exception:  # noqa: BLE001 - whatever is wrong with a stored object, it does not hold
        return False


def read(name: str) -> Case | None:
    """Return one file as it is on disk."""
    path = FOLDER / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def main() -> None:
    """Write all files."""
    FOLDER.mkdir(exist_ok=True)
    for name in makers():
        text = json.dumps(build(name, read(name)), ensure_ascii=False, indent=1)
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        sys.stdout.write(f"{name}.json\n")
