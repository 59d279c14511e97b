"""What the build of the portal makes: files that anybody can compare, small enough for a phone's first visit."""

import base64
import hashlib
import json
import re
import subprocess
from pathlib import Path

import pytest
from local.node import node
from local.node_packages import portal
from rooms.portal.sizes import compressed, first_view, loaded

FIRST_VIEW = 200_000
"""Bytes of script, compressed, until something is seen."""


@pytest.fixture(scope="module")
def built() -> Path:
    return portal() / "dist"


def listed(built: Path) -> dict[str, str]:
    files: dict[str, str] = json.loads((built / "assets.json").read_text())["files"]
    return files


def test_every_file_is_published(built: Path) -> None:
    """The list names each file that is served with its SHA-384, and nothing else."""
    found = {
        f"/{path.relative_to(built).as_posix()}": path
        for path in built.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    del found["/assets.json"]
    hashes = {name: base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode() for name, path in found.items()}

    assert listed(built) == {name: f"sha384-{value}" for name, value in hashes.items()}


@pytest.mark.parametrize("name", ["index.html", "signed-in/index.html"])
def test_every_script_is_bound_to_its_hash(built: Path, name: str) -> None:
    """A page names the hash of what it loads, and the import map those of all scripts that come later."""
    page = (built / name).read_text()
    (text,) = re.findall(r'<script type="importmap">(.*?)</script>', page)
    loaded = dict(re.findall(r'(?:src|href)="(/assets/[^"]+)" integrity="([^"]+)"', page))
    files = listed(built)

    assert json.loads(text)["integrity"] == {
        name: value for name, value in files.items() if name.startswith("/assets/") and name.endswith(".js")
    }
    assert loaded == {name: files[name] for name in loaded}
    assert sorted(re.findall(r'(?:src|href)="(/assets/[^"]+)"', page)) == sorted(loaded)


def test_the_first_view_is_small(built: Path) -> None:
    """What the page loads at once, with all that it imports, and the larger of both languages."""
    assert len(loaded(built, "index.html")) > 1
    assert first_view(built) < FIRST_VIEW


def test_where_sign_ins_lead_back_to_is_tiny(built: Path) -> None:
    """It answers the window's opener, and brings neither the portal nor the SDK along."""
    assert sum(map(compressed, loaded(built, "signed-in/index.html"))) < 1_000


def test_nothing_from_elsewhere(built: Path) -> None:
    """No stylesheet or page names another origin, and no script evaluates text."""
    texts = {path.name: path.read_text() for path in built.rglob("*") if path.suffix in (".css", ".html", ".webmanifest")}

    assert [name for name, text in texts.items() if re.search(r"(?:url\(|src=|href=)[\"']?(?:https?:)?//", text)] == []
    scripts = list(built.rglob("*.js"))
    assert [path.name for path in scripts if re.search(r"\beval\(|new Function\(", path.read_text())] == []


def test_components() -> None:
    """Every test of the portal's own components and words passes."""
    room = portal()
    runner = room / "node_modules" / "vitest" / "vitest.mjs"
    done = subprocess.run([node(), runner, "run", "--no-color"], cwd=room, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
