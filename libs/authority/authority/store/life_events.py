"""Ends of access, erasures and withdrawn letters, many members at once."""

from collections.abc import Sequence

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.messages.life_events import Access

from authority.store.log_tables import log_inbox, log_queue, member_log
from authority.store.tables import MANY_BYTES, account, p_int, release_count, release_session, salt, verifier
from authority.store.unnested import unnested

_refs = sa.bindparam("refs", type_=MANY_BYTES)
_times = unnested({"ref": _refs, "at": sa.bindparam("times", type_=sa.ARRAY(sa.BigInteger))})

ACCESS = statement(sa.update(account).where(account.c.ref == _times.c.ref).values(access_ends=_times.c["at"]))
# A recovery's new work id keeps its own time; what the insurer says here is about the account the member has had.
WORK_ACCOUNTS = statement(
    sa.update(verifier)
    .where(verifier.c.ref == _times.c.ref, verifier.c.kind == "oidc", verifier.c.guardian_until.is_(None))
    .values(expires=_times.c["at"])
)
_of_a_guardian = sa.and_(verifier.c.ref == _times.c.ref, verifier.c.guardian_until.is_not(None))
# Nothing could tell afterwards which of several guardians an ended verifier was of, so that none must be there to come back. A
# letter goes even before the day: what was added with it would not know of the end.
GUARDIANS_OVER = statement(
    sa.delete(verifier).where(
        _of_a_guardian, sa.or_(_times.c["at"] <= p_int("now"), sa.and_(_times.c["at"].is_not(None), verifier.c.kind == "letter"))
    )
)
GUARDIANS = statement(sa.update(verifier).where(_of_a_guardian, verifier.c.kind != "letter").values(expires=_times.c["at"]))
LETTERS = statement(sa.delete(verifier).where(verifier.c.ref == sa.any_(_refs), verifier.c.kind == "letter"))
# What they did last is logged as nobody's. First, because it waits for the sequencer, whose entries go next.
_UNNAMED = statement(sa.update(log_queue).where(log_queue.c.ref == sa.any_(_refs)).values(ref=sa.null()))
_SHREDDED = tuple(
    statement(sa.delete(table).where(table.c.ref == sa.any_(_refs)))
    for table in (verifier, salt, release_count, release_session, log_inbox, member_log, account)
)


async def set_access(tx: Transaction, rows: Sequence[Access], now: int) -> None:
    """Set when each member's access, the provider's word for them, and their guardians' ways in end."""
    refs = [row.ref for row in rows]
    await ACCESS.execute(tx, refs=refs, times=[row.ends for row in rows])
    await WORK_ACCOUNTS.execute(tx, refs=refs, times=[row.work_account_ends for row in rows])
    guardians_end = [row.guardians_end for row in rows]
    await GUARDIANS_OVER.execute(tx, refs=refs, times=guardians_end, now=now)
    await GUARDIANS.execute(tx, refs=refs, times=guardians_end)


async def withdraw_letters(tx: Transaction, refs: Sequence[bytes]) -> None:
    """Delete the letters of these members, recoveries that wait among them."""
    await LETTERS.execute(tx, refs=list(refs))


async def shred(tx: Transaction, refs: Sequence[bytes]) -> None:
    """Delete everything that the authority itself has of these members, their salts among it."""
    for each in (_UNNAMED, *_SHREDDED):
        await each.execute(tx, refs=list(refs))
