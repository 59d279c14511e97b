"""Documents say what is there: links lead somewhere, and each promise names the test that breaks with it."""

import ast
import re
from pathlib import Path

from boundaries.repository import ROOT, files, name_of, sources, text_of
from drill.attack import all_attacks

THREAT_MODEL = ROOT / "docs" / "threat-model.md"


def prose(path: Path) -> str:
    """Return a document without its code."""
    return re.sub(r"(?s)```.*?```|`[^`\n]*`", "", text_of(path))


def anchors(path: Path) -> set[str]:
    """Return the anchors of a document's headings, as forges make them."""
    headings = re.findall(r"(?m)^#+ +(.+?)\s*$", re.sub(r"(?s)```.*?```", "", text_of(path)))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def promises() -> list[str]:
    """Return the last cells of the threat model's table of promises."""
    section = text_of(THREAT_MODEL).partition("## Promises")[2].partition("\n## ")[0]
    rows = [line.strip().strip("|").split("|") for line in section.splitlines() if re.match(r"\|\s*\d", line)]
    return [row[-1] for row in rows]


def test_links_lead_somewhere() -> None:
    """Every relative link in a document leads to a file, and to a heading where it names one."""
    broken = []
    for path in files(".md"):
        for target in re.findall(r"\]\(([^)\s]+)\)", prose(path)):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            there = (path.parent / name).resolve() if name else path
            if not there.exists() or (anchor and anchor not in anchors(there)):
                broken.append(f"{name_of(path)}: {target}")

    assert broken == []


def test_links_stay_inside() -> None:
    """No relative link leaves the repository or leads to an ignored file."""
    committed = {path.resolve() for path in files()}
    folders = {folder for path in committed for folder in path.parents}
    outside = [
        f"{name_of(path)}: {target}"
        for path in files(".md")
        for target in re.findall(r"\]\(([^)\s#]+)", prose(path))
        if not re.match(r"[a-z]+:", target)
        and (path.parent / target).exists()
        and (path.parent / target).resolve() not in committed | folders
    ]

    assert outside == []


def test_every_promise_names_what_breaks() -> None:
    """Each promise names at least one test or drill attack."""
    cells = promises()

    assert [number for number, cell in enumerate(cells, 1) if "`" not in cell] == []
    assert cells != []


def test_promised_attacks_exist() -> None:
    """Every drill attack that a promise names is one that the drill runs."""
    named = {name for cell in promises() for name in re.findall(r"`([^`]+)`", cell) if "::" not in name}

    assert sorted(named - all_attacks().keys()) == []


def test_promised_tests_exist() -> None:
    """Every ``file::test`` that a document names exists."""
    # Documents name a file by as much of its path as tells it from others.
    tests = {
        f"{'/'.join(parts[at:])}::{node.name}"
        for source in sources("tests")
        for parts in (source.name.split("/"),)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for at in range(len(parts))
    }
    named = {(name_of(path), name) for path in files(".md") for name in re.findall(r"`([\w./-]+\.py::\w+)`", text_of(path))}

    assert sorted((place, name) for place, name in named if name not in tests) == []


def test_threat_model_is_finished() -> None:
    """Every line of the table of promises is a promise."""
    section = text_of(THREAT_MODEL).partition("## Promises")[2].partition("\n## ")[0]

    assert [line for line in section.splitlines() if line.strip() and not line.startswith("|")] == []
