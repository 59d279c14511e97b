"""Admitting a member's request: one statement finds the key that signed it and remembers the proof, both or neither.

One that writes also holds back, until its transaction ends, whatever else writes for the mailbox. It does so before it looks for
the key, so that a key which was removed while it waited is not found any more (``may_write`` in the migrations).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from chassis import once
from chassis.database import Statement, Transaction, statement
from sqlalchemy.dialects.postgresql import BYTEA

from mailboxes.store.reader_keys import lock_key

_KEY = (sa.bindparam("token", type_=BYTEA), sa.bindparam("jkt", type_=BYTEA))
_BINDS = (*_KEY, sa.bindparam("proof", type_=BYTEA), sa.bindparam("issued_at", type_=sa.BigInteger))
_LOCK = (sa.bindparam("high", type_=sa.Integer), sa.bindparam("low", type_=sa.Integer))
_NOT_SUSPENDED = "NOT EXISTS (SELECT FROM suspension WHERE token = :token)"


@dataclass(frozen=True, slots=True)
class Signed:
    """Which key signed a request, for which token."""

    token: bytes
    jkt: bytes
    proof: bytes
    """What is remembered of the proof: 32 bytes."""
    issued_at: int
    slot: int
    """Of :mod:`chassis.once`."""

    @property
    def parameters(self) -> dict[str, object]:
        """The values for a statement that is `admitting`."""
        return {"token": self.token, "jkt": self.jkt, "proof": self.proof, "issued_at": self.issued_at}

    @property
    def writing_parameters(self) -> dict[str, object]:
        """The values for a statement that is `admitting_to_write`."""
        high, low = lock_key(self.token)
        return {**self.parameters, "high": high, "low": low}


@dataclass(frozen=True, slots=True)
class Standing:
    """What a key that belongs to a mailbox may do there."""

    suspended: bool
    waiting: bool
    """It was named by the present key and not used yet."""


def admitting(slot: int, text: str = "{admitted}") -> Statement:
    """Return a statement in which ``{admitted}`` stands for SQL that gives one row (``first``) when the request is admitted.

    Its parameters are those of `Signed`. Rows may depend on it as on any other data-changing query of a WITH.
    """
    known = f"EXISTS (SELECT FROM reader_key WHERE token = :token AND jkt = :jkt) AND {_NOT_SUSPENDED}"
    return _admitting(slot, text, known, _BINDS)


def admitting_to_write(slot: int, text: str = "{admitted}", binds: "Sequence[sa.BindParameter[Any]]" = ()) -> Statement:
    """Do as `admitting` for a statement that writes. ``binds`` are the text's own parameters.

    It reads the tables of its text as they were before it waited for other writers: only what ON CONFLICT finds is newer.
    """
    return _admitting(slot, text, "may_write(:token, :jkt, :high, :low)", (*_BINDS, *_LOCK, *binds))


def _admitting(slot: int, text: str, known: str, binds: "Sequence[sa.BindParameter[Any]]") -> Statement:
    admitted = once.remembering(slot, ":proof", ":issued_at", provided=known)
    return statement(sa.text(text.replace("{admitted}", admitted)).bindparams(*binds))


_ADMIT = tuple(admitting(slot) for slot in once.SLOTS)
_ADMIT_TO_WRITE = tuple(admitting_to_write(slot) for slot in once.SLOTS)
_STANDING = statement(
    sa.text(
        """
        SELECT EXISTS (SELECT FROM suspension s WHERE s.token = r.token) AS suspended, r.jkt <> :jkt AS waiting
        FROM reader_key r WHERE r.token = :token AND :jkt IN (r.jkt, r.next_jkt)
        """
    ).bindparams(*_KEY)
)


def _first_use(slot: int) -> Statement:
    # The row is locked first, so that of two first uses at once the second finds a key that is in use already.
    remembered = once.remembering(slot, ":proof", ":issued_at", provided="EXISTS (SELECT FROM waiting)")
    return statement(
        sa.text(
            f"""
            WITH waiting AS (
                SELECT token FROM reader_key WHERE token = :token AND next_jkt = :jkt AND {_NOT_SUSPENDED} FOR UPDATE
            ), admitted AS ({remembered})
            UPDATE reader_key SET jkt = next_jkt, next_jkt = NULL
            WHERE token = :token AND next_jkt = :jkt AND EXISTS (SELECT FROM admitted)
            """  # noqa: S608  # our own words
        ).bindparams(*_BINDS)
    )


_FIRST_USE = tuple(_first_use(slot) for slot in once.SLOTS)


async def admit(tx: Transaction, signed: Signed) -> bool:
    """Remember the proof of the key that reads; False, remembering nothing, for other keys, repetitions and suspended mailboxes."""
    return bool(await _ADMIT[signed.slot].all(tx, **signed.parameters))


async def admit_to_write(tx: Transaction, signed: Signed) -> bool:
    """Do as `admit` for a request that writes in the same transaction."""
    return bool(await _ADMIT_TO_WRITE[signed.slot].all(tx, **signed.writing_parameters))


async def standing(tx: Transaction, signed: Signed) -> Standing | None:
    """Return what the key may do, or None when it is no key of this mailbox."""
    row = await _STANDING.one_or_none(tx, token=signed.token, jkt=signed.jkt)
    return None if row is None else Standing(row["suspended"], row["waiting"])


async def first_use(tx: Transaction, signed: Signed) -> bool:
    """Admit a key that waits, as `admit` does: from this statement on it is the only one that reads."""
    return await _FIRST_USE[signed.slot].execute(tx, **signed.parameters) == 1
