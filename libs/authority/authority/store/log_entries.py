"""What opens a member's leaves: sealed entries of the day, and slots."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.release_log import SLOTS_BYTES
from sqlalchemy.dialects.postgresql import insert

from authority.store.log_tables import log_inbox, member_log
from authority.store.tables import MANY_BYTES, account, p_bytes
from authority.store.unnested import unnested

_refs = sa.bindparam("refs", type_=MANY_BYTES)
_ids = sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid))
_values = sa.bindparam("entries", type_=MANY_BYTES)
_new = unnested({"ref": _refs, "value": _values})
_now_sealed = unnested({"id": _ids, "value": _values})
# Those erased meanwhile are left out.
_present = sa.select(_new.c.ref, _new.c.value).select_from(_new.join(account, account.c.ref == _new.c.ref))
_member = p_bytes("member")

KNOWS = statement(sa.select(sa.literal_column("1")).where(member_log.c.ref == _member))
GIVE_KEY = statement(
    insert(member_log)
    .values(ref=_member, key=p_bytes("public"), slots=p_bytes("unused"))
    .on_conflict_do_nothing(index_elements=[member_log.c.ref])
)
KEYS = statement(sa.select(member_log.c.ref, member_log.c.key).where(member_log.c.ref == sa.any_(_refs)))
ADD_SEALED = statement(sa.insert(log_inbox).from_select(["ref", "sealed"], _present))
ADD_OPEN = statement(sa.insert(log_inbox).from_select(["ref", "entry"], _present))
OPEN = statement(
    sa.select(log_inbox.c.id, log_inbox.c.ref, log_inbox.c.entry, member_log.c.key)
    .join(member_log, member_log.c.ref == log_inbox.c.ref)
    .where(log_inbox.c.entry.is_not(None))
)
SEAL = statement(sa.update(log_inbox).where(log_inbox.c.id == _now_sealed.c.id).values(sealed=_now_sealed.c.value, entry=sa.null()))
SLOTS = statement(sa.select(member_log.c.slots).where(member_log.c.ref == _member))
FRESH = statement(sa.select(log_inbox.c.sealed).where(log_inbox.c.ref == _member, log_inbox.c.sealed.is_not(None)))

FOLD = (
    # Within a day no entry stands before another; who has more of one day than slots keeps some of them.
    f"""
    UPDATE member_log m SET slots = substr(m.slots || d.entries, octet_length(m.slots || d.entries) - {SLOTS_BYTES - 1})
    FROM (
        SELECT ref, string_agg(sealed, ''::bytea ORDER BY random()) AS entries FROM log_inbox WHERE sealed IS NOT NULL GROUP BY ref
    ) d
    WHERE d.ref = m.ref
    """,  # noqa: S608  # a number of ours
    "DELETE FROM log_inbox WHERE sealed IS NOT NULL",
)
"""What the seal does first: the day's entries go into slots."""


@dataclass(frozen=True)
class OpenEntry:
    """An entry that waited for a key."""

    id: uuid.UUID
    ref: bytes
    entry: bytes
    key: bytes


async def has_key(tx: Transaction, ref: bytes) -> bool:
    """Return whether a member has a log key here."""
    return bool(await KNOWS.all(tx, member=ref))


async def give_key(tx: Transaction, ref: bytes, public: bytes, unused: bytes) -> None:
    """Store a member's log key with unused slots; the first one stays."""
    await GIVE_KEY.execute(tx, member=ref, public=public, unused=unused)


async def keys(tx: Transaction, refs: Sequence[bytes]) -> dict[bytes, bytes]:
    """Return log keys by reference."""
    return {row["ref"]: row["key"] for row in await KEYS.all(tx, refs=list(refs))}


async def add_sealed(tx: Transaction, entries: Sequence[tuple[bytes, bytes]]) -> None:
    """Store sealed entries with their references."""
    if entries:
        await ADD_SEALED.execute(tx, refs=[ref for ref, _ in entries], entries=[value for _, value in entries])


async def add_open(tx: Transaction, entries: Sequence[tuple[bytes, bytes]]) -> None:
    """Store entries of members who have no log key yet."""
    if entries:
        await ADD_OPEN.execute(tx, refs=[ref for ref, _ in entries], entries=[value for _, value in entries])


async def that_can_be_sealed(tx: Transaction) -> list[OpenEntry]:
    """Return the entries that waited for a key that is there now."""
    return [OpenEntry(row["id"], row["ref"], row["entry"], row["key"]) for row in await OPEN.all(tx)]


async def seal(tx: Transaction, sealed: Mapping[uuid.UUID, bytes]) -> None:
    """Replace open entries by sealed ones."""
    if sealed:
        await SEAL.execute(tx, ids=list(sealed), entries=list(sealed.values()))


async def of_member(tx: Transaction, ref: bytes) -> tuple[bytes, list[bytes]]:
    """Return a member's slots (none without a log key), and the day's entries."""
    return await SLOTS.scalar(tx, member=ref) or b"", [row["sealed"] for row in await FRESH.all(tx, member=ref)]
