"""Rows of ``reader_key``: the one key that reads a mailbox, and the one that will."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from chassis.database import Transaction, statement
from sqlalchemy.dialects.postgresql import BYTEA, insert

from mailboxes.store.given import given
from mailboxes.store.tables import mailbox, reader_key, recovery, suspension

_token, _jkt = sa.bindparam("token", type_=BYTEA), sa.bindparam("jkt", type_=BYTEA)


# An advisory lock lives in memory alone. SELECT ... FOR UPDATE would leave its transaction's number in the row, and with it
# the order in which members came.
# Two halves, because such keys are apart from those of named locks: no chosen token can stand in the way of another's batch.
_halves = given(sa.Column("high", sa.Integer), sa.Column("low", sa.Integer))
_HOLD = statement(
    sa.select(sa.func.pg_advisory_xact_lock(sa.bindparam("high", type_=sa.Integer), sa.bindparam("low", type_=sa.Integer)))
)
_HOLD_ALL = statement(sa.select(sa.func.count(sa.func.pg_advisory_xact_lock(_halves.c.high, _halves.c.low))))
_CLAIMABLE = statement(
    sa.select(
        mailbox.c.claim_key,
        reader_key.c.jkt,
        reader_key.c.next_jkt,
        recovery.c.opens,
        sa.exists().where(suspension.c.token == mailbox.c.token).label("suspended"),
    )
    .select_from(
        mailbox.outerjoin(reader_key, reader_key.c.token == mailbox.c.token).outerjoin(
            recovery, recovery.c.token == mailbox.c.token
        )
    )
    .where(mailbox.c.token == _token)
)
_GIVE = statement(insert(reader_key).values(token=_token, jkt=_jkt))
_REPLACE = statement(sa.update(reader_key).where(reader_key.c.token == _token).values(jkt=_jkt, next_jkt=sa.null()))
_KEYS = statement(sa.select(reader_key.c.jkt, reader_key.c.next_jkt).where(reader_key.c.token == _token))
_NAME = statement(sa.update(reader_key).where(reader_key.c.token == _token).values(next_jkt=_jkt))


@dataclass(frozen=True)
class Keys:
    """Thumbprints of a mailbox's reader keys."""

    jkt: bytes
    next_jkt: bytes | None
    """The one that waits for its first use."""


@dataclass(frozen=True)
class Claimable:
    """What a claim is checked against."""

    claim_key: bytes
    keys: Keys | None
    """None when the mailbox was never claimed."""
    opens: date | None
    """First day on which a recovery lets it be claimed once more."""
    suspended: bool


async def hold(tx: Transaction, token: bytes) -> None:
    """Hold back whatever else writes for this mailbox until the transaction ends."""
    high, low = lock_key(token)
    await _HOLD.all(tx, high=high, low=low)


async def hold_all(tx: Transaction, tokens: Sequence[bytes]) -> None:
    """Hold back whatever else writes for these mailboxes; every caller gives its tokens sorted, so that no two wait in a circle."""
    keys = [lock_key(token) for token in tokens]
    await _HOLD_ALL.all(tx, high=[high for high, _ in keys], low=[low for _, low in keys])


async def claimable(tx: Transaction, token: bytes) -> Claimable | None:
    """Return what a claim of this mailbox is checked against, or None when there is no such mailbox."""
    row = await _CLAIMABLE.one_or_none(tx, token=token)
    if row is None:
        return None
    keys = None if row["jkt"] is None else Keys(row["jkt"], row["next_jkt"])
    return Claimable(row["claim_key"], keys, row["opens"], row["suspended"])


async def give(tx: Transaction, token: bytes, jkt: bytes) -> None:
    """Hand a mailbox that was never claimed to a reader key."""
    await _GIVE.execute(tx, token=token, jkt=jkt)


async def replace(tx: Transaction, token: bytes, jkt: bytes) -> None:
    """Make this key the only one that reads a claimed mailbox."""
    await _REPLACE.execute(tx, token=token, jkt=jkt)


async def keys(tx: Transaction, token: bytes) -> Keys:
    """Return the keys of a claimed mailbox."""
    row = await _KEYS.one(tx, token=token)
    return Keys(row["jkt"], row["next_jkt"])


async def name_next(tx: Transaction, token: bytes, jkt: bytes) -> None:
    """Let this key be accepted beside the present one until it is used."""
    await _NAME.execute(tx, token=token, jkt=jkt)


def lock_key(token: bytes) -> tuple[int, int]:
    """Return the beginning of a token, which is as good as any hash of it, as two signed numbers of 32 bits."""
    return int.from_bytes(token[:4], signed=True), int.from_bytes(token[4:8], signed=True)
