"""How much script a page of the built portal needs."""

import gzip
import re
from pathlib import Path


def first_view(built: Path) -> int:
    """Return the bytes until something is seen: what the page loads at once, and the larger of both languages."""
    languages = [max(built.glob(f"assets/{language}-*.js"), key=compressed) for language in ("ja", "en")]
    return sum(map(compressed, loaded(built, "index.html"))) + max(map(compressed, languages))


def loaded(built: Path, page: str) -> set[Path]:
    """Return the scripts that a page loads at once, with all that they import."""
    wanted = [built / name.lstrip("/") for name in re.findall(r'src="(/assets/[^"]+)"', (built / page).read_text())]
    found: set[Path] = set()
    while wanted:
        path = wanted.pop()
        if path not in found:
            found.add(path)
            wanted += [path.parent / name for name in re.findall(r'(?:from|import)\s*"\./([^"]+)"', path.read_text())]
    return found


def compressed(path: Path) -> int:
    """Return the bytes that are sent of a file."""
    return len(gzip.compress(path.read_bytes(), 9))
