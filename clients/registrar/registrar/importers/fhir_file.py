"""The FHIR documents in a file: one, a Bundle of type collection that holds several, or a line of JSON for each (NDJSON).

A file is one of these as a whole: if any line of it is no JSON, it was cut off or damaged, and nothing in it is read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .safe_json import MAX_BYTES, JsonError, Object, an_object, objects, parse_object, read_object

WHERE = "bundle"
_FILE_MAX = 1 << 30


@dataclass(frozen=True, slots=True)
class Placed:
    """A resource and where it stands: `line` in a file of lines, else None."""

    file: str
    line: int | None
    resource: Object

    @property
    def is_bundle(self) -> bool:
        """Whether it can be a document at all."""
        return self.resource.get("resourceType") == "Bundle"


def resources(path: Path) -> Iterator[Placed]:
    """Yield the resources of a file, those in a collection one by one; JsonError, before the first, where it cannot be read."""
    if not _has_lines(path):
        yield from _opened(Placed(WHERE, None, read_object(path)))
        return
    for _ in _lines(path):
        pass
    for number, found in _lines(path):
        yield from _opened(Placed(WHERE, number, found))


def _opened(placed: Placed) -> Iterator[Placed]:
    """Yield what a collection holds, if it holds documents; else the resource itself."""
    inside = [an_object(entry.get("resource")) for entry in objects(placed.resource.get("entry"))]
    is_collection = placed.is_bundle and placed.resource.get("type") == "collection"
    if is_collection and any(one.get("resourceType") == "Bundle" for one in inside):
        for position, one in enumerate(inside, 1):
            yield Placed(f"{placed.file}[{position:06d}]", placed.line, one)
    else:
        yield placed


def _has_lines(path: Path) -> bool:
    """Whether the first line is an object of its own and another one follows."""
    try:
        with path.open("rb") as file:
            first = file.readline(MAX_BYTES + 1)
            if not first.endswith(b"\n") or not any(line.strip() for line in iter(lambda: file.readline(MAX_BYTES), b"")):
                return False
        parse_object(first)
    except OSError:
        raise JsonError("file-unreadable") from None
    except JsonError:
        return False
    return True


def _lines(path: Path) -> Iterator[tuple[int, Object]]:
    """Yield each line that is not empty, with its number; JsonError for one that is no object."""
    try:
        if path.stat().st_size > _FILE_MAX:
            raise JsonError("file-too-large")
        with path.open("rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(MAX_BYTES + 1), b""), 1):
                if len(line) > MAX_BYTES:
                    raise JsonError("file-too-large")
                if line.strip():
                    yield number, _line(line)
    except OSError:
        raise JsonError("file-unreadable") from None


def _line(line: bytes) -> Object:
    try:
        return parse_object(line)
    except JsonError:
        raise JsonError("lines-damaged") from None
