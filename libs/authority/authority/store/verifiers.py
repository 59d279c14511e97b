"""Verifiers in SQL: found by their proof, listed and changed for their member."""

from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa
from chassis.database import Record, Transaction, statement
from protocol.messages.verifiers import VerifierKind
from sqlalchemy.dialects.postgresql import insert

from authority.store.tables import account, p_bytes, p_int, verifier

_v = verifier.c
_now = p_int("now")
_ref = p_bytes("member")
_id = p_bytes("verifier_id")
_COLUMNS = (_v.hash, _v.ref, _v.id, _v.kind, _v.public_key, _v.label, _v.confirmed, _v.not_before, _v.expires, _v.guardian_until)

VALID = sa.and_(
    sa.or_(_v.not_before.is_(None), _v.not_before <= _now),
    sa.or_(_v.expires.is_(None), _v.expires > _now),
    sa.or_(_v.guardian_until.is_(None), _v.guardian_until > _now),
)
"""Whether a verifier is accepted at the parameter ``now``."""

FIND = statement(sa.select(_v.kind, _v.public_key).where(_v.hash == p_bytes("verifier_hash")).limit(1))
_OF_A_CHILD = sa.and_(_v.kind == "oidc", _v.guardian_until.is_not(None))
"""Whether a provider's subject opens an account that is not its own."""
SIGNING_IN = statement(
    sa.select(_v.ref, account.c.access_ends)
    .join(account, account.c.ref == _v.ref)
    .where(_v.hash == p_bytes("verifier_hash"), VALID, (p_int("child") > 0) == _OF_A_CHILD)
    .order_by(_v.ref)
    .offset(sa.func.greatest(p_int("child") - 1, 0))
    .limit(1)
)
LISTED = statement(sa.select(*_COLUMNS).where(_v.ref == _ref).order_by(_v.id))
ADD = statement(
    insert(verifier)
    .values(
        hash=p_bytes("verifier_hash"),
        kind=sa.bindparam("kind", type_=sa.Text),
        ref=_ref,
        id=_id,
        public_key=p_bytes("public_key"),
        label=p_bytes("label"),
        confirmed=sa.false(),
        expires=p_int("expires"),
        guardian_until=p_int("guardian_until"),
    )
    .on_conflict_do_nothing()
)
CONFIRM = statement(sa.update(verifier).where(_v.ref == _ref, _v.id == _id).values(confirmed=sa.true()))
REMOVE = statement(sa.delete(verifier).where(_v.ref == _ref, _v.id == _id))
# A recovery under way is not used up: it stays for its member to see, and to cancel.
USE_LETTERS_UP = statement(sa.delete(verifier).where(_v.ref == _ref, _v.kind == "letter", VALID))


@dataclass(frozen=True)
class Key:
    """What a proof is checked with."""

    kind: VerifierKind
    public_key: bytes | None
    """``None`` for a provider's subject."""


@dataclass(frozen=True)
class Verifier:
    """A verifier as it is stored."""

    hash: bytes
    ref: bytes
    id: bytes
    kind: VerifierKind
    public_key: bytes | None
    label: bytes | None
    confirmed: bool
    not_before: int | None
    expires: int | None
    guardian_until: int | None

    def valid(self, now: int) -> bool:
        """Return whether it is accepted at this time."""
        begun = self.not_before is None or self.not_before <= now
        return begun and all(end is None or end > now for end in (self.expires, self.guardian_until))

    def remains(self, now: int) -> bool:
        """Return whether it counts as a way in that remains: for good, and at all three authorities."""
        return self.kind != "letter" and self.confirmed and self.valid(now)


async def find_key(tx: Transaction, verifier_hash: bytes) -> Key | None:
    """Return what this verifier is checked with."""
    row = await FIND.one_or_none(tx, verifier_hash=verifier_hash)
    return None if row is None else Key(cast("VerifierKind", row["kind"]), row["public_key"])


async def signing_in(tx: Transaction, verifier_hash: bytes, child: int, now: int) -> tuple[bytes, int | None] | None:
    """Return who signs in with this verifier now, and when their access ends.

    ``child`` is 0 for the own account. From 1 it counts the children whose guardian this is, by their references, which are random:
    a number given to each child would lie beside it, and tell which of them came later.
    """
    row = await SIGNING_IN.one_or_none(tx, verifier_hash=verifier_hash, child=child, now=now)
    return None if row is None else (row["ref"], row["access_ends"])


async def listed(tx: Transaction, ref: bytes) -> list[Verifier]:
    """Return all verifiers of a member in the order of their ids."""
    return [_verifier(row) for row in await LISTED.all(tx, member=ref)]


async def add(tx: Transaction, new: Verifier) -> bool:
    """Store a verifier that is not yet confirmed; return False, storing nothing, when its id or its proof is taken."""
    added = await ADD.execute(
        tx,
        verifier_hash=new.hash,
        kind=new.kind,
        member=new.ref,
        verifier_id=new.id,
        public_key=new.public_key,
        label=new.label,
        expires=new.expires,
        guardian_until=new.guardian_until,
    )
    return bool(added)


async def confirm(tx: Transaction, ref: bytes, verifier_id: bytes) -> bool:
    """Mark a verifier as stored at all three; return False when there is none."""
    return bool(await CONFIRM.execute(tx, member=ref, verifier_id=verifier_id))


async def use_letters_up(tx: Transaction, ref: bytes, now: int) -> None:
    """Delete the letters with which the member could sign in."""
    await USE_LETTERS_UP.execute(tx, member=ref, now=now)


async def remove(tx: Transaction, ref: bytes, verifier_id: bytes) -> None:
    """Delete a verifier."""
    await REMOVE.execute(tx, member=ref, verifier_id=verifier_id)


def _verifier(row: Record) -> Verifier:
    return Verifier(**dict(row.items()))
