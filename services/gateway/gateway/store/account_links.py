"""Which account at a provider a work id is linked to: the first that came with it. Hashes on both sides, and no times."""

from collections.abc import Sequence

import sqlalchemy as sa
from authority.store.tables import verifier
from authority.store.verifiers import VALID
from chassis.database import Transaction, statement
from sqlalchemy.dialects.postgresql import insert

from gateway.store.tables import account_link as table

_work_id, _subject = sa.bindparam("work", type_=sa.LargeBinary), sa.bindparam("linked", type_=sa.LargeBinary)
_refs = sa.bindparam("refs", type_=sa.ARRAY(sa.LargeBinary))
_other = verifier.alias()
_same_account = sa.exists(sa.select(_other.c.hash).where(_other.c.hash == _work_id, _other.c.ref == verifier.c.ref))

# A work id with which nobody can sign in any more, or which the same account has beside the new one, keeps no account from it.
_move = statement(
    sa.delete(table).where(
        table.c.subject == _subject,
        table.c.work_id != _work_id,
        ~sa.exists(sa.select(verifier.c.hash).where(verifier.c.hash == table.c.work_id, VALID, ~_same_account)),
    )
)
_insert = statement(insert(table).values(work_id=_work_id, subject=_subject).on_conflict_do_nothing())
_is_linked = statement(sa.select(sa.literal(value=True)).where(table.c.work_id == _work_id, table.c.subject == _subject))
_of_these = sa.exists(sa.select(verifier.c.hash).where(verifier.c.hash == table.c.work_id, verifier.c.ref == sa.any_(_refs)))
_of_others = sa.exists(sa.select(_other.c.hash).where(_other.c.hash == table.c.work_id, _other.c.ref != sa.all_(_refs)))
_unlink = statement(sa.delete(table).where(_of_these, ~_of_others))


async def link(tx: Transaction, work_id: bytes, subject: bytes, now: int) -> bool:
    """Return whether this work id and this account belong together, linking them where neither is linked yet."""
    await _move.execute(tx, work=work_id, linked=subject, now=now)
    await _insert.execute(tx, work=work_id, linked=subject)
    return bool(await _is_linked.scalar(tx, work=work_id, linked=subject))


async def unlink(tx: Transaction, refs: Sequence[bytes]) -> None:
    """Forget the links of these members' work ids, but of those that are other members' ways in too."""
    await _unlink.execute(tx, refs=list(refs))
