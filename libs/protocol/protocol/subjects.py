"""Whom a window is about: the salted list of subjects whose root two officers sign.

Every entry is a host and what this host knows somebody by (a reference at an authority, a token at a store), and is hashed with
a salt of its own: the root tells nothing, and a row of a call shows that it is on the list without showing the list. Each zone
has a list of its own, with salts of its own.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from pydantic import Field, StrictInt

from . import merkle
from .encoding import lp
from .messages.base import Bytes16, Bytes32, Message
from .names import HostName

SALT_BYTES = 16


class SubjectProofRefused(Exception):
    """A proof does not show that somebody is on a window's list."""


class SubjectProof(Message):
    """That a row's subject is on the window's list. Rows of calls carry it as ``subject``."""

    salt: Bytes16
    index: Annotated[StrictInt, Field(ge=0, lt=2**31)]
    path: Annotated[tuple[Bytes32, ...], Field(max_length=31)]
    """From the entry to the root, the lowest sibling first (RFC 9162 section 2.1.3)."""

    def check(self, root: bytes, count: int, host: HostName, subject: bytes) -> None:
        """Raise :class:`SubjectProofRefused` unless ``subject`` at ``host`` is one of the ``count`` entries under ``root``."""
        try:
            merkle.verify_inclusion(root, leaf(self.salt, host, subject), self.index, count, self.path)
        except merkle.MerkleRefused:
            raise SubjectProofRefused("not a subject of this window") from None


@dataclass(frozen=True, order=True)
class Subject:
    """One entry, opened."""

    host: HostName
    id: bytes
    """What the host knows them by: a reference of 16 bytes, a token of 32."""
    salt: bytes

    @property
    def leaf(self) -> bytes:
        """The entry's bytes in the hash tree."""
        return leaf(self.salt, self.host, self.id)


@dataclass(frozen=True)
class SubjectList:
    """The list of one window in one zone, opened: only the registrar, and the officers before they sign, see it so."""

    entries: tuple[Subject, ...]
    """Sorted by their leaves, which the salts make random: no order of people."""

    @classmethod
    def make(cls, subjects: Mapping[HostName, Iterable[bytes]]) -> "SubjectList":
        """Return the list of these subjects at these hosts, with fresh salts; raise ValueError when one stands there twice."""
        return cls.of(Subject(host, one, os.urandom(SALT_BYTES)) for host, ids in subjects.items() for one in ids)

    @classmethod
    def of(cls, entries: Iterable[Subject]) -> "SubjectList":
        """Return the list of opened entries, in whatever order they come; raise ValueError for none, or for one twice."""
        ordered = tuple(sorted(entries, key=lambda one: one.leaf))
        if not ordered:
            raise ValueError("a list without a subject")
        if len({(one.host, one.id) for one in ordered}) != len(ordered):
            raise ValueError("a subject stands twice")
        return cls(ordered)

    @property
    def root(self) -> bytes:
        """What the officers sign."""
        return self._tree.root(self.size)

    @property
    def size(self) -> int:
        """The number of entries; without it, a root is not one list."""
        return len(self.entries)

    def proof(self, host: HostName, subject: bytes) -> SubjectProof:
        """Return the proof for a row about this subject; raise KeyError when it is not on the list."""
        index = self._places[host, subject]
        return SubjectProof(salt=self.entries[index].salt, index=index, path=self._tree.inclusion_path(index, self.size))

    @cached_property
    def _tree(self) -> merkle.Tree:
        return merkle.Tree([one.leaf for one in self.entries])

    @cached_property
    def _places(self) -> dict[tuple[HostName, bytes], int]:
        return {(one.host, one.id): place for place, one in enumerate(self.entries)}


def leaf(salt: bytes, host: HostName, subject: bytes) -> bytes:
    """Return the bytes of one entry in the hash tree."""
    return lp("subject", salt, host, subject)
