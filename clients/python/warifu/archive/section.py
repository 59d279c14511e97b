"""One part of what a member takes along."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from warifu.session import MemberSession


@dataclass(frozen=True)
class Words:
    """The same in both languages."""

    ja: str
    en: str


@dataclass(frozen=True)
class Coded:
    """A cell that is a code in tables and words on pages."""

    code: str
    words: Words


Cell = str | Coded


@dataclass(frozen=True)
class Content:
    """What a section holds: a table, and the same as FHIR resources where there are some."""

    rows: Sequence[Sequence[Cell]]
    resources: Sequence[tuple[str, Mapping[str, Any]]] = ()
    """Each with its address in the bundle, ``urn:uuid:...``."""


@dataclass(frozen=True)
class Section:
    """One part. ``columns`` are the header line's names with the words for pages; ``place`` is where it stands among the others."""

    name: str
    place: int
    title: Words
    columns: Mapping[str, Words]
    read: Callable[[MemberSession, datetime], Awaitable[Content]]
