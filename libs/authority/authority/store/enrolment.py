"""Enrolment of many rows at once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.shares import SALT_BYTES
from sqlalchemy.dialects.postgresql import insert

from authority.store.accounts import Salt
from authority.store.tables import MANY_BYTES, account, p_root, salt, verifier

_refs = sa.bindparam("refs", type_=MANY_BYTES)
_salts = sa.bindparam("salts", type_=MANY_BYTES)
_hashes = sa.bindparam("hashes", type_=MANY_BYTES)
_kinds = sa.bindparam("kinds", type_=sa.ARRAY(sa.Text))
_zero = sa.literal_column("0", sa.Integer)


def _unnested(*columns: tuple[str, "sa.BindParameter[Any]"]) -> sa.TableValuedAlias:
    arrays: list[Any] = [parameter.type for _, parameter in columns]
    named = [sa.column(name, array.item_type) for (name, _), array in zip(columns, arrays, strict=True)]
    return sa.func.unnest(*(parameter for _, parameter in columns)).table_valued(*named).render_derived()


_new = _unnested(("ref", _refs))
_salted = _unnested(("ref", _refs), ("salt", _salts))
_verifying = _unnested(("hash", _hashes), ("kind", _kinds), ("ref", _refs))

ACCOUNTS = statement(
    insert(account)
    .from_select(["ref", "version", "ever_released"], sa.select(_new.c.ref, _zero, sa.false()))
    .on_conflict_do_nothing(index_elements=[account.c.ref])
)
SALTS = statement(
    insert(salt)
    .from_select(["ref", "version", "salt", "root"], sa.select(_salted.c.ref, _zero, _salted.c.salt, p_root("generation")))
    .on_conflict_do_nothing(index_elements=[salt.c.ref, salt.c.version])
)
FIRST_SALTS = statement(sa.select(salt.c.ref, salt.c.salt, salt.c.root).where(salt.c.ref == sa.any_(_refs), salt.c.version == 0))
VERIFIERS = statement(
    insert(verifier)
    .from_select(["hash", "kind", "ref"], sa.select(_verifying.c.hash, _verifying.c.kind, _verifying.c.ref))
    .on_conflict_do_nothing(index_elements=[verifier.c.hash])
)
# Of the references with a row here, what stands for them and is not among their rows. Only of the kinds that are enrolled.
_given = _unnested(("hash", _hashes), ("ref", _refs))
OUTDATED = statement(
    sa.delete(verifier).where(
        verifier.c.ref == sa.any_(_refs),
        verifier.c.kind == sa.any_(_kinds),
        sa.not_(sa.exists(sa.select(_given.c.hash).where(_given.c.hash == verifier.c.hash, _given.c.ref == verifier.c.ref))),
    )
)
OWNERS = statement(sa.select(verifier.c.hash, verifier.c.ref).where(verifier.c.hash == sa.any_(_hashes)))


@dataclass(frozen=True, order=True)
class Verifier:
    """A verifier on its way in."""

    hash: bytes
    kind: str
    ref: bytes


async def insert_accounts(tx: Transaction, refs: Sequence[bytes], root: int) -> None:
    """Insert the references that are new, each with a salt for version 0 and a generation of roots; ``refs`` are sorted."""
    await ACCOUNTS.execute(tx, refs=list(refs))
    await SALTS.execute(tx, refs=list(refs), salts=[secrets.token_bytes(SALT_BYTES) for _ in refs], generation=root)


async def first_salts(tx: Transaction, refs: Sequence[bytes]) -> dict[bytes, Salt]:
    """Return the salt of version 0 by reference."""
    return {row["ref"]: Salt(row["salt"], row["root"]) for row in await FIRST_SALTS.all(tx, refs=list(refs))}


async def replace_verifiers(tx: Transaction, verifiers: Sequence[Verifier]) -> dict[bytes, bytes]:
    """Make these the verifiers of their references and return whose each of them is.

    What a reference had before and is not among them goes: a corrected work id must not leave the wrong one alive. A reference
    that none of them is for keeps what it has. The references are locked, and never released.
    """
    if not verifiers:
        return {}
    # In the order of the hashes, so that two batches never wait for each other.
    ordered = sorted(verifiers)
    hashes = [row.hash for row in ordered]
    kinds, refs = [row.kind for row in ordered], [row.ref for row in ordered]
    # First, so that two members' verifiers can change places in one batch.
    await OUTDATED.execute(tx, hashes=hashes, kinds=sorted(set(kinds)), refs=refs)
    await VERIFIERS.execute(tx, hashes=hashes, kinds=kinds, refs=refs)
    return {row["hash"]: row["ref"] for row in await OWNERS.all(tx, hashes=hashes)}
