"""What is committed, or would be: files as git lists them, and our Python as syntax trees."""

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("libs", "services", "clients", "deploy")
"""Folders of what is run; tests are judged more mildly."""


@dataclass(frozen=True)
class Source:
    """One Python file."""

    path: Path
    name: str
    """Where it stands, from the root of the repository."""
    module: tuple[str, ...]
    """Its dotted name as parts, as its neighbours import it."""
    tree: ast.Module

    @property
    def layer(self) -> str:
        """Name of the layer's folder or module inside the room, such as ``store``; empty where there is none."""
        return next((part for part in self.module if part in ("routes", "use_cases", "store")), "")

    def at(self, node: ast.AST) -> str:
        """Return file and line of a node."""
        return f"{self.name}:{getattr(node, 'lineno', 1)}"


@cache
def git(*arguments: str) -> str:
    """Return what a git command prints about this repository."""
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


@cache
def files(*suffixes: str) -> tuple[Path, ...]:
    """Files that are tracked, or neither tracked nor ignored, of these suffixes (all without), in the order of their names."""
    listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    paths = (ROOT / name for name in sorted(set(listed)) if name)
    return tuple(path for path in paths if path.is_file() and (not suffixes or path.suffix in suffixes))


@cache
def text_of(path: Path) -> str:
    """Return a file's text; what is not UTF-8 is replaced."""
    return path.read_text(encoding="utf-8", errors="replace")


def name_of(path: Path) -> str:
    """Return a file's path from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


def occurrences(pattern: str, *paths: Path) -> Iterator[tuple[str, str]]:
    """Yield place and text of every match."""
    for path in paths:
        text = text_of(path)
        for match in re.finditer(pattern, text):
            yield f"{name_of(path)}:{text.count(chr(10), 0, match.start()) + 1}", match.group()


def sources(*folders: str) -> tuple[Source, ...]:
    """Python files below these top folders."""
    return tuple(_source(path) for path in files(".py") if path.relative_to(ROOT).parts[0] in folders)


@cache
def _source(path: Path) -> Source:
    return Source(path, name_of(path), _module(path), ast.parse(text_of(path)))


def imports(source: Source) -> Iterator[tuple[ast.stmt, tuple[str, ...]]]:
    """Yield every imported name as the parts of its dotted name, relative imports resolved."""
    package = source.module if source.path.stem == "__init__" else source.module[:-1]
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, tuple(alias.name.split("."))
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            base = (*base, *(node.module or "").split(".")) if node.module else base
            for alias in node.names:
                yield node, (*base, alias.name)


def _module(path: Path) -> tuple[str, ...]:
    parts = [path.stem] if path.stem != "__init__" else []
    folder = path.parent
    while (folder / "__init__.py").exists():
        parts.insert(0, folder.name)
        folder = folder.parent
    return tuple(parts)
