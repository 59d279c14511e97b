"""What happens to members over the years, told by the registrar in windows whose officers signed for exactly these members."""

from collections.abc import Sequence
from typing import Protocol

from chassis.database import Database
from protocol.encoding import lp, sha256
from protocol.messages.life_events import RECOVERY_DELAY, Erase, Recover, Recovering, SetAccess, Withdraw
from protocol.subjects import SubjectProof
from windows import RegistrarCall, RowsRefused, require_subjects, spend

from authority.start import Authority
from authority.store import accounts, enrolled_verifiers, log_queue
from authority.store import life_events as store
from authority.store.log_queue import LOCK
from authority.use_cases.enrolment import HasRef, enrolled, require_enrolled, require_own, sorted_refs
from authority.use_cases.sessions import end_of_members


class _Row(HasRef, Protocol):
    """A row about a listed member."""

    @property
    def subject(self) -> SubjectProof:
        """The proof that the member is on the window's list."""
        ...


async def recover(db: Database, authority: Authority, caller: RegistrarCall, request: Recover, now: int) -> Recovering:
    """Add verifiers that take effect later, and say when. The same call again moves nothing."""
    refs = _listed(authority, caller, request.rows)
    wanted = [[enrolled(authority, row.ref, each, now + RECOVERY_DELAY) for each in row.verifiers] for row in request.rows]
    async with db.transaction("recover") as tx:
        await spend(tx, caller, "recover", len(refs))
        await require_enrolled(tx, refs)
        stored = await enrolled_verifiers.recover(tx, [each for row in wanted for each in row], now)
        require_own(wanted, stored)
        await log_queue.add_members(tx, "recovery", refs, _in(caller))
    return Recovering(not_before=tuple(max(stored[each.key] or 0 for each in row) for row in wanted))


async def set_access(db: Database, authority: Authority, caller: RegistrarCall, request: SetAccess, now: int) -> None:
    """Set until when members, and their guardians, may sign in; where that is over, the members' sessions end."""
    refs = _listed(authority, caller, request.rows)
    over = [row.ref for row in request.rows if any(end is not None and end <= now for end in (row.ends, row.guardians_end))]
    async with db.transaction("set-access") as tx:
        await spend(tx, caller, "suspend", len(refs))
        await require_enrolled(tx, refs)
        await store.set_access(tx, request.rows, now)
        await end_of_members(tx, authority, over, now)


async def erase(db: Database, authority: Authority, caller: RegistrarCall, request: Erase, now: int) -> None:
    """Forget members for good. Those who are not here (any more) are as good as forgotten."""
    refs = _listed(authority, caller, request.rows)
    # Before it, so that nobody is erased and not in the ledger.
    await authority.ledger.add(refs)
    async with db.transaction("erase") as tx:
        # The sequencer would hold what is queued of them, and wait for their accounts.
        await tx.lock(LOCK)
        await spend(tx, caller, "erase", len(refs))
        here = await accounts.lock_many(tx, refs)
        await end_of_members(tx, authority, refs, now)
        await authority.extras.erased(tx, refs)
        await store.shred(tx, refs)
        # Whose it was nothing says any more, not even for the second until it is in the log.
        await log_queue.add_members(tx, "erasure", [None] * len(here), _in(caller))


async def withdraw(db: Database, caller: RegistrarCall, request: Withdraw) -> None:
    """Let unused letters open nothing any more."""
    refs = list(request.refs)
    if wrong := [index for index in range(1, len(refs)) if refs[index - 1] >= refs[index]]:
        raise RowsRefused(rows=wrong)
    async with db.transaction("withdraw-letters") as tx:
        await spend(tx, caller, "withdraw", len(refs))
        await require_enrolled(tx, refs)
        await store.withdraw_letters(tx, refs)


def _in(caller: RegistrarCall) -> bytes:
    """Return what the log says a deed was about: the window."""
    return sha256(lp("log-window", caller.window_id))


def _listed(authority: Authority, caller: RegistrarCall, rows: Sequence[_Row]) -> list[bytes]:
    """Return the rows' references, which must ascend and be on the window's list."""
    refs = sorted_refs(rows)
    require_subjects(caller, authority.host, [(row.ref, row.subject) for row in rows])
    return refs
