"""Parsing JSON from outside: strict, of bounded size and depth, and looked at without trusting any type."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from protocol.strict_json import JsonRefused, loads_object

MAX_BYTES = 8 << 20
_DEEPEST = 40

Object = dict[str, Any]


class JsonError(Exception):
    """The document cannot be read; `code` is a report code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_object(path: Path) -> Object:
    """Return the file's one object; JsonError for anything else, for a file over 8 MiB and for nesting deeper than 40."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise JsonError("file-too-large")
        content = path.read_bytes()
    except OSError:
        raise JsonError("file-unreadable") from None
    return parse_object(content)


def parse_object(content: bytes) -> Object:
    """Return the one object; JsonError for anything else, and for nesting deeper than 40."""
    try:
        found = loads_object(content)
    except JsonRefused:
        raise JsonError("json-malformed") from None
    _check_depth(found)
    return found


def objects(value: object) -> Iterator[Object]:
    """Yield the objects of a list; nothing for what is no list."""
    if isinstance(value, list):
        yield from (one for one in value if isinstance(one, dict))


def an_object(value: object) -> Object:
    """Return the value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def words(value: object) -> str:
    """Return the value if it is a string, else an empty one."""
    return value if isinstance(value, str) else ""


def _check_depth(found: Object) -> None:
    level: list[object] = [found]
    for _ in range(_DEEPEST):
        level = [child for one in level for child in _children(one)]
        if not level:
            return
    raise JsonError("json-too-deep")


def _children(value: object) -> Iterator[object]:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (one for one in inside if isinstance(one, dict | list))
