"""The local roster: who is whom at the three authorities. It holds no token, and nothing from which one follows.

Every row is sealed with AES-GCM under the roster's key and bound to its look-up key; look-up keys are HMACs, so the file
alone says neither who is in it nor whether a given number is.
"""

import hmac
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from protocol.derive import hkdf
from protocol.encoding import lp
from protocol.member import MemberNumber
from protocol.sealing import OpenError, seal, unseal

from .errors import HomeError
from .roster_member import Member
from .sent import SCHEMA as SENT_SCHEMA
from .sent import Sent

_SCHEMA = """
CREATE TABLE IF NOT EXISTS member (
  lookup BLOB PRIMARY KEY, -- HMAC of the anchor number
  sealed BLOB NOT NULL     -- the member, AES-GCM
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS name (
  lookup BLOB NOT NULL,    -- HMAC of a number, of a card, or of a card with birth date and sex
  member BLOB NOT NULL,    -- member.lookup
  PRIMARY KEY (lookup, member)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS checkup (
  lookup BLOB PRIMARY KEY, -- HMAC of anchor number, examination date and programme
  content BLOB NOT NULL    -- HMAC of what anon-data was sent
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS origin (
  lookup BLOB PRIMARY KEY, -- checkup.lookup
  member BLOB NOT NULL,    -- member.lookup
  sealed BLOB NOT NULL     -- day, programme, and the number under which it came, AES-GCM
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS origin_member ON origin (member);
CREATE TABLE IF NOT EXISTS news (
  member BLOB PRIMARY KEY  -- member.lookup of whoever got something since they were last told that something is new
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS erased (
  lookup BLOB PRIMARY KEY  -- HMAC of a number of somebody who was erased; no date, and nothing else of them
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS journal (
  file BLOB PRIMARY KEY,   -- HMAC of the file's SHA-256
  sealed BLOB NOT NULL     -- when it was begun and ended, AES-GCM
) WITHOUT ROWID;
"""
_NEWS = """
CREATE TRIGGER IF NOT EXISTS checkup_is_news AFTER INSERT ON origin
BEGIN INSERT OR IGNORE INTO news VALUES (NEW.member); END;
CREATE TRIGGER IF NOT EXISTS sent_is_news AFTER INSERT ON sent WHEN length(NEW.member) > 0
BEGIN INSERT OR IGNORE INTO news VALUES (NEW.member); END;
"""


class Roster:
    """The roster's file, open. One process at a time (:meth:`registrar.home.Home.locked`)."""

    def __init__(self, connection: sqlite3.Connection, key: bytes) -> None:
        self._db = connection
        self._seal_key = hkdf(key, lp("roster-seal"))
        self._lookup_key = hkdf(key, lp("roster-lookup"))
        self._content_key = hkdf(key, lp("roster-content"))
        self.sent = Sent(connection, self._lookup_key, self._seal_key, self._member_lookup, self._transaction)
        """What of medical claims, guidance and screenings anon-data has."""

    @classmethod
    def open(cls, path: Path, key: bytes) -> "Roster":
        """Open the file, made if missing (mode 600); raise ``HomeError`` when it is no roster or belongs to another key."""
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        # The event loop's thread and a worker thread take turns, never both at once.
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA secure_delete = ON")
            connection.executescript(_SCHEMA + SENT_SCHEMA + _NEWS)
            roster = cls(connection, key)
            next(roster.members(), None)
        except sqlite3.DatabaseError as error:
            connection.close()
            raise HomeError(f"{path} is not a roster") from error
        except HomeError:
            connection.close()
            raise
        return roster

    def copy_in_memory(self, key: bytes) -> "Roster":
        """Return a copy that lives in memory, as sealed as the file: for dry runs."""
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._db.backup(connection)
        return Roster(connection, key)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def content(self, canonical: bytes) -> bytes:
        """Return the keyed hash by which unchanged content is recognised."""
        return hmac.digest(self._content_key, canonical, "sha256")

    def find(self, number: MemberNumber) -> Member | None:
        """Return the member who has this number now, or had it before."""
        found = self._named(_by_number(number)) or self._read([self._lookup("anchor", number.x)])
        return found[0] if found else None

    def find_anchored(self, x: bytes) -> Member | None:
        """Return the member whose first number is this (``MemberNumber.x``)."""
        found = self._read([self._lookup("anchor", x)])
        return found[0] if found else None

    def find_insured(self, card: MemberNumber) -> Member | None:
        """Return the insured member of a card, whatever the branch."""
        found = [member for member in self.household(card) if member.relation == "insured"]
        return found[0] if len(found) == 1 else None

    def household(self, card: MemberNumber) -> list[Member]:
        """Return everybody on a card, whatever the branch."""
        return self._named(_by_household(card))

    def is_erased(self, number: MemberNumber) -> bool:
        """Say whether this was a number of somebody who was erased."""
        return self._db.execute("SELECT 1 FROM erased WHERE lookup = ?", (self._lookup("erased", number.x),)).fetchone() is not None

    def bury(self, members: Iterable[Member]) -> None:
        """Forget members, and what was noted of what anon-data has of them; their numbers stay known as erased ones."""
        with self._transaction():
            for member in members:
                lookup = self._lookup("anchor", member.anchor.x)
                self._db.execute("DELETE FROM checkup WHERE lookup IN (SELECT lookup FROM origin WHERE member = ?)", (lookup,))
                for table in ("origin", "name", "sent", "news"):
                    self._db.execute(f"DELETE FROM {table} WHERE member = ?", (lookup,))  # noqa: S608 - four names from above
                self._db.execute("DELETE FROM member WHERE lookup = ?", (lookup,))
                for number in member.numbers:
                    self._db.execute("INSERT OR IGNORE INTO erased (lookup) VALUES (?)", (self._lookup("erased", number.x),))

    def find_card(self, card: MemberNumber, birth_date: str, sex: str) -> list[Member]:
        """Return the members of a card, whatever their branch, who were born that day: results may come without a branch."""
        return self._named(_by_card(card, birth_date, sex))

    def members(self) -> Iterator[Member]:
        """Yield every member."""
        with closing(self._db.execute("SELECT lookup, sealed FROM member")) as rows:
            for lookup, sealed in rows:
                yield self._open(lookup, sealed)

    def put(self, members: Iterable[Member]) -> None:
        """Insert or replace members, all or none."""
        with self._transaction():
            for member in members:
                lookup = self._lookup("anchor", member.anchor.x)
                sealed = seal(self._seal_key, member.encode(), _associated("member", lookup))
                self._db.execute("INSERT OR REPLACE INTO member (lookup, sealed) VALUES (?, ?)", (lookup, sealed))
                self._db.execute("DELETE FROM name WHERE member = ?", (lookup,))
                names = [(self._lookup(*name), lookup) for name in _names(member)]
                self._db.executemany("INSERT OR IGNORE INTO name (lookup, member) VALUES (?, ?)", names)

    def checkup(self, anchor: MemberNumber, exam_date: str, program: str) -> bytes | None:
        """Return the content hash of a checkup that anon-data has."""
        row = self._db.execute(
            "SELECT content FROM checkup WHERE lookup = ?", (self._checkup_lookup(anchor, exam_date, program),)
        ).fetchone()
        return bytes(row[0]) if row else None

    def put_checkups(self, rows: Iterable[tuple[MemberNumber, str, str, bytes]]) -> None:
        """Remember checkups that anon-data has: anchor number, examination date, programme, content hash."""
        self.put_origins((*row, row[0], "") for row in rows)

    def put_origins(self, rows: Iterable[tuple[MemberNumber, str, str, bytes, MemberNumber, str]]) -> None:
        """Remember checkups with the number under which each came, and when it was written ("" where the file does not say)."""
        with self._transaction():
            for anchor, day, program, content, number, written in rows:
                lookup = self._checkup_lookup(anchor, day, program)
                member = self._lookup("anchor", anchor.x)
                origin = json.dumps([day, program, number.insurer, number.symbol, number.number, number.branch, written]).encode()
                sealed = seal(self._seal_key, origin, _associated("origin", lookup))
                self._db.execute("INSERT OR REPLACE INTO checkup (lookup, content) VALUES (?, ?)", (lookup, content))
                self._db.execute("INSERT OR REPLACE INTO origin VALUES (?, ?, ?)", (lookup, member, sealed))

    def came_as(self, anchor: MemberNumber, number: MemberNumber) -> list[tuple[str, str]]:
        """Return day and programme of the checkups in a member's mailbox that came under this number."""
        member = self._lookup("anchor", anchor.x)
        rows = self._db.execute("SELECT lookup, sealed FROM origin WHERE member = ?", (member,)).fetchall()
        found = [self._origin(bytes(key), bytes(sealed)) for key, sealed in rows]
        return sorted((day, program) for day, program, *fields in found if MemberNumber(*fields[:4]) == number)

    def written(self, anchor: MemberNumber, exam_date: str, program: str) -> str:
        """Return when the version that anon-data has of a checkup was written, "" where nobody knows."""
        lookup = self._checkup_lookup(anchor, exam_date, program)
        row = self._db.execute("SELECT sealed FROM origin WHERE lookup = ?", (lookup,)).fetchone()
        # Rosters from before this was noted hold one field less.
        return "".join(self._origin(lookup, bytes(row[0]))[6:]) if row else ""

    def note_written(self, anchor: MemberNumber, exam_date: str, program: str, written: str) -> None:
        """Note that what anon-data has of a checkup was written again, later and unchanged; it is nobody's news."""
        lookup = self._checkup_lookup(anchor, exam_date, program)
        row = self._db.execute("SELECT sealed FROM origin WHERE lookup = ?", (lookup,)).fetchone()
        if row:
            origin = json.dumps([*self._origin(lookup, bytes(row[0]))[:6], written]).encode()
            sealed = seal(self._seal_key, origin, _associated("origin", lookup))
            self._db.execute("UPDATE origin SET sealed = ? WHERE lookup = ?", (sealed, lookup))

    def _origin(self, lookup: bytes, sealed: bytes) -> list[str]:
        found: list[str] = json.loads(unseal(self._seal_key, sealed, _associated("origin", lookup)))
        return found

    def forget_checkups(self, anchor: MemberNumber, keys: Iterable[tuple[str, str]]) -> None:
        """Forget checkups, by day and programme, that anon-data has no longer."""
        with self._transaction():
            for day, program in keys:
                lookup = self._checkup_lookup(anchor, day, program)
                self._db.execute("DELETE FROM checkup WHERE lookup = ?", (lookup,))
                self._db.execute("DELETE FROM origin WHERE lookup = ?", (lookup,))

    def with_news(self) -> list[Member]:
        """Return whoever got a checkup, a claim, a result of guidance or a screening since they were last told of news."""
        return self._read([bytes(row[0]) for row in self._db.execute("SELECT member FROM news").fetchall()])

    def told_news(self, members: Iterable[Member]) -> None:
        """Note that members were told."""
        with self._transaction():
            self._db.executemany("DELETE FROM news WHERE member = ?", [(self._lookup("anchor", one.anchor.x),) for one in members])

    def journal(self, file_hash: bytes, entry: bytes) -> None:
        """Note what became of an import; the newest note of a file stays."""
        key = self._lookup("journal", file_hash)
        sealed = seal(self._seal_key, entry, _associated("journal", key))
        self._db.execute("INSERT OR REPLACE INTO journal (file, sealed) VALUES (?, ?)", (key, sealed))

    def imports(self) -> list[bytes]:
        """Return the notes of all imports."""
        rows = self._db.execute("SELECT file, sealed FROM journal").fetchall()
        return [unseal(self._seal_key, bytes(sealed), _associated("journal", bytes(key))) for key, sealed in rows]

    def count_checkups(self) -> int:
        """Return how many checkups anon-data has from here."""
        return int(self._db.execute("SELECT count(*) FROM checkup").fetchone()[0])

    def count_erased(self) -> int:
        """Return how many numbers of erased people are known."""
        return int(self._db.execute("SELECT count(*) FROM erased").fetchone()[0])

    def _named(self, name: tuple[str, bytes]) -> list[Member]:
        rows = self._db.execute("SELECT member FROM name WHERE lookup = ?", (self._lookup(*name),)).fetchall()
        return self._read([bytes(row[0]) for row in rows])

    def _read(self, lookups: list[bytes]) -> list[Member]:
        found = []
        for lookup in lookups:
            row = self._db.execute("SELECT sealed FROM member WHERE lookup = ?", (lookup,)).fetchone()
            if row:
                found.append(self._open(lookup, row[0]))
        return found

    def _open(self, lookup: bytes, sealed: bytes) -> Member:
        try:
            return Member.decode(unseal(self._seal_key, bytes(sealed), _associated("member", bytes(lookup))))
        except OpenError as error:
            raise HomeError("the roster does not open with this home's roster.key") from error

    def _lookup(self, kind: str, value: bytes) -> bytes:
        return hmac.digest(self._lookup_key, lp("roster", kind, value), "sha256")

    def _member_lookup(self, anchor: MemberNumber) -> bytes:
        return self._lookup("anchor", anchor.x)

    def _checkup_lookup(self, anchor: MemberNumber, exam_date: str, program: str) -> bytes:
        return self._lookup("checkup", lp("checkup", anchor.x, exam_date, program))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def _by_number(number: MemberNumber) -> tuple[str, bytes]:
    return "number", number.x


def _by_household(number: MemberNumber) -> tuple[str, bytes]:
    return "household", lp("household", number.insurer, number.symbol, number.number)


def _names(member: Member) -> list[tuple[str, bytes]]:
    """Return everything by which a member is found."""
    names = [_by_number(number) for number in member.numbers]
    names += [_by_card(number, member.birth_date, member.sex) for number in member.numbers]
    return [*names, _by_household(member.current)]


def _by_card(number: MemberNumber, birth_date: str, sex: str) -> tuple[str, bytes]:
    return "card", lp("card", number.insurer, number.symbol, number.number, birth_date, sex)


def _associated(table: str, lookup: bytes) -> bytes:
    return lp("row", "registrar", table, lookup, "sealed", 1)
