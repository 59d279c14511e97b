"""Verifiers that the registrar sets, many at once: at enrolment, and for a recovery."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from chassis.database import Transaction, statement
from sqlalchemy.dialects.postgresql import insert

from authority.store.tables import p_int, verifier
from authority.store.unnested import unnested

_COLUMNS: dict[str, Any] = {
    name: sa.bindparam(f"{name}_list", type_=sa.ARRAY(verifier.c[name].type))
    for name in ("hash", "kind", "ref", "id", "public_key", "not_before", "expires", "guardian_until")
}
_given = unnested(_COLUMNS)
_g, _v = _given.c, verifier.c

_same = sa.and_(_g.hash == _v.hash, _g.ref == _v.ref)
_as_given = sa.exists(
    sa.select(_g.hash).where(
        _same,
        _g.id == _v.id,
        _g.public_key.is_not_distinct_from(_v.public_key),
        _g.expires.is_not_distinct_from(_v.expires),
        _g.guardian_until.is_not_distinct_from(_v.guardian_until),
    )
)
_of_a_kind_given = sa.exists(sa.select(_g.hash).where(_g.ref == _v.ref, _g.kind == _v.kind))
_of_a_role_given = sa.exists(
    sa.select(_g.hash).where(_g.ref == _v.ref, _g.kind == _v.kind, _g.guardian_until.is_(None) == _v.guardian_until.is_(None))
)

OUTDATED = statement(sa.delete(verifier).where(_of_a_kind_given, sa.not_(_as_given)))
PENDING = statement(
    sa.delete(verifier).where(_v.not_before > p_int("now"), _of_a_role_given, sa.not_(sa.exists(sa.select(_g.hash).where(_same))))
)
# Nobody signs in with it, and it must not come back when the insurer says that the work account, the new one, has no end.
ENDED = statement(sa.delete(verifier).where(_v.expires <= p_int("now"), _of_a_role_given))
INSERT = statement(
    insert(verifier)
    .from_select([*_COLUMNS, "confirmed"], sa.select(*(_g[name] for name in _COLUMNS), sa.true()))
    .on_conflict_do_nothing()
)
STORED = statement(sa.select(_v.hash, _v.ref, _v.not_before).join(_given, _same))


@dataclass(frozen=True, order=True)
class Enrolled:
    """A verifier as the registrar sets it. All three authorities are told of it, so it counts as confirmed."""

    hash: bytes
    kind: str
    ref: bytes
    id: bytes
    public_key: bytes | None = None
    not_before: int | None = None
    expires: int | None = None
    guardian_until: int | None = None

    @property
    def key(self) -> tuple[bytes, bytes]:
        """By which it is found."""
        return self.hash, self.ref


Stored = dict[tuple[bytes, bytes], int | None]
"""Of the verifiers that were set those that are stored now, by their keys, and when they take effect."""


async def replace(tx: Transaction, verifiers: Sequence[Enrolled]) -> Stored:
    """Make these the verifiers that their references have of their kinds, and return which of them are stored.

    What a reference had of a kind before and is not among them goes: a corrected work id must not leave the wrong one alive. A kind
    that none of them is of keeps what it has. The references are locked, and never released to.
    """
    if not verifiers:
        return {}
    # First, so that two members can have each other's verifiers after one batch.
    await OUTDATED.execute(tx, **_arrays(verifiers))
    return await _insert(tx, verifiers)


async def recover(tx: Transaction, verifiers: Sequence[Enrolled], now: int) -> Stored:
    """Add verifiers that take effect later, in the place of such that wait already or have ended, and return which are stored.

    One that is stored already keeps its time: asking again does not put a recovery off.
    """
    for each in (PENDING, ENDED):
        await each.execute(tx, **_arrays(verifiers), now=now)
    return await _insert(tx, verifiers)


async def _insert(tx: Transaction, verifiers: Sequence[Enrolled]) -> Stored:
    arrays = _arrays(verifiers)
    await INSERT.execute(tx, **arrays)
    rows = await STORED.all(tx, **arrays)
    return {(row["hash"], row["ref"]): row["not_before"] for row in rows}


def _arrays(verifiers: Sequence[Enrolled]) -> dict[str, list[Any]]:
    # In the order of the hashes, so that two batches never wait for each other.
    ordered = sorted(verifiers, key=lambda one: one.key)
    return {f"{name}_list": [getattr(one, name) for one in ordered] for name in _COLUMNS}
