"""What the roster notes of medical claims, reports of guidance and screenings that anon-data has: which version, and whose.

It is sealed and found as everything in the roster is; of a claim that was cancelled the note stays, so that an older file does
not bring it back.
"""

import hmac
import json
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal

from protocol.encoding import b64u, lp, unb64u
from protocol.member import MemberNumber
from protocol.sealing import seal, unseal

SCHEMA = """
CREATE TABLE IF NOT EXISTS sent (
  lookup BLOB PRIMARY KEY, -- HMAC of the kind and of what makes it the same claim or report
  member BLOB NOT NULL,    -- member.lookup of whoever has it; empty when it was cancelled
  sealed BLOB NOT NULL     -- kind, key, version, content hash, holder, number under which it came, AES-GCM
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sent_member ON sent (member);
CREATE TABLE IF NOT EXISTS common (
  code TEXT PRIMARY KEY    -- a code or class that at least ten members shared in some import; nothing of any of them
) WITHOUT ROWID;
"""

Kind = Literal["medical-claim", "guidance", "screening"]
Rank = tuple[str, str, str]
"""Month, whether it cancels (``1``), digest of the lines: of two versions the greater one counts."""


@dataclass(frozen=True, repr=False)
class Note:
    """One claim, report or screening as anon-data has it."""

    kind: Kind
    key: tuple[str, ...]
    """What names it there, besides the token."""
    rank: Rank
    content: bytes
    """Keyed hash of what was sent; empty when it was cancelled."""
    anchor: MemberNumber | None
    """Of whoever has it."""
    came_as: MemberNumber | None
    """The number under which it came."""


@dataclass(frozen=True)
class Sent:
    """The roster's part about claims, guidance and screenings."""

    db: sqlite3.Connection
    lookup_key: bytes
    seal_key: bytes
    member: Callable[[MemberNumber], bytes]
    transaction: Callable[[], AbstractContextManager[None]]

    def name(self, kind: Kind, identity: bytes) -> bytes:
        """Return the 16 bytes that name it at anon-data, from which nothing follows without the roster's key."""
        return hmac.digest(self.lookup_key, lp("sent-name", kind, identity), "sha256")[:16]

    def get(self, kind: Kind, identity: bytes) -> Note | None:
        """Return the note of what is identified so."""
        lookup = self._lookup(kind, identity)
        row = self.db.execute("SELECT sealed FROM sent WHERE lookup = ?", (lookup,)).fetchone()
        return self._open(lookup, row[0]) if row else None

    def put(self, rows: Iterable[tuple[bytes, Note]]) -> None:
        """Insert or replace notes by their identities, all or none."""
        with self.transaction():
            for identity, note in rows:
                lookup = self._lookup(note.kind, identity)
                said = [note.kind, note.key, note.rank, b64u(note.content), _spelt(note.anchor), _spelt(note.came_as)]
                sealed = seal(self.seal_key, json.dumps(said).encode(), _associated(lookup))
                member = self.member(note.anchor) if note.anchor else b""
                self.db.execute("INSERT OR REPLACE INTO sent VALUES (?, ?, ?)", (lookup, member, sealed))

    def came_as(self, anchor: MemberNumber, number: MemberNumber, kind: Kind) -> list[tuple[str, ...]]:
        """Return the keys of what is in a member's mailbox and came under this number."""
        return sorted(note.key for _, note in self._of(anchor) if note.kind == kind and note.came_as == number)

    def forget(self, anchor: MemberNumber, kind: Kind, keys: Iterable[tuple[str, ...]]) -> None:
        """Forget what anon-data has no longer."""
        gone = set(keys)
        with self.transaction():
            for lookup, note in self._of(anchor):
                if note.kind == kind and note.key in gone:
                    self.db.execute("DELETE FROM sent WHERE lookup = ?", (lookup,))

    def count(self) -> int:
        """Return how many claims, reports and screenings anon-data has from here."""
        return int(self.db.execute("SELECT count(*) FROM sent WHERE member <> x''").fetchone()[0])

    def common(self) -> set[str]:
        """Return the codes and classes that were common in some import."""
        return {str(row[0]) for row in self.db.execute("SELECT code FROM common")}

    def put_common(self, codes: Iterable[str]) -> None:
        """Remember codes and classes as common."""
        with self.transaction():
            self.db.executemany("INSERT OR IGNORE INTO common VALUES (?)", [(code,) for code in codes])

    def _of(self, anchor: MemberNumber) -> list[tuple[bytes, Note]]:
        rows = self.db.execute("SELECT lookup, sealed FROM sent WHERE member = ?", (self.member(anchor),)).fetchall()
        return [(bytes(lookup), self._open(bytes(lookup), sealed)) for lookup, sealed in rows]

    def _lookup(self, kind: Kind, identity: bytes) -> bytes:
        return hmac.digest(self.lookup_key, lp("sent", kind, identity), "sha256")

    def _open(self, lookup: bytes, sealed: bytes) -> Note:
        kind, key, rank, content, anchor, came_as = json.loads(unseal(self.seal_key, bytes(sealed), _associated(lookup)))
        return Note(kind, tuple(key), (rank[0], rank[1], rank[2]), unb64u(content), _number(anchor), _number(came_as))


def _spelt(number: MemberNumber | None) -> list[str] | None:
    return [number.insurer, number.symbol, number.number, number.branch] if number else None


def _number(fields: list[str] | None) -> MemberNumber | None:
    return MemberNumber(*fields) if fields else None


def _associated(lookup: bytes) -> bytes:
    return lp("row", "registrar", "sent", lookup, "sealed", 1)
