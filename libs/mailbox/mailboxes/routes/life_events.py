"""What the registrar does to mailboxes that two officers listed: ``/suspensions``, ``/erasures``, ``/recoveries``, ``/numbers``."""

from typing import Annotated

from chassis.deps import Db, Now, state
from chassis.erasures import Ledger
from chassis.problems import problems
from fastapi import APIRouter
from protocol.messages.mailbox import (
    EraseMailboxes,
    MailboxesErased,
    MailboxesRecovering,
    Numbers,
    ReadNumbers,
    RecoverMailboxes,
    SetSuspensions,
    SuspensionsSet,
)
from windows import CALL_PROBLEMS, RegistrarCall, RowsRefused, SubjectRefused, registrar

from mailboxes.deps import Store
from mailboxes.use_cases.erase_mailboxes import Holding, erase_mailboxes
from mailboxes.use_cases.read_numbers import read_numbers
from mailboxes.use_cases.recover_mailboxes import recover_mailboxes
from mailboxes.use_cases.set_suspensions import set_suspensions

router = APIRouter(tags=["life events"], responses=problems(*CALL_PROBLEMS, RowsRefused, SubjectRefused))

Held = Annotated[Holding, state("holding")]
Noted = Annotated[Ledger, state("ledger")]


@router.post("/suspensions", summary="Suspend mailboxes")
async def suspend(
    request: SetSuspensions, caller: Annotated[RegistrarCall, registrar("suspend")], db: Db, store: Store
) -> SuspensionsSet:
    """Close mailboxes to their members' keys, or open them again; the registrar writes to them all the same."""
    return await set_suspensions(db, caller, store, request.rows)


@router.post("/erasures", summary="Erase mailboxes")
async def erase(
    request: EraseMailboxes,
    caller: Annotated[RegistrarCall, registrar("erase")],
    db: Db,
    store: Store,
    holding: Held,
    ledger: Noted,
) -> MailboxesErased:
    """Delete mailboxes with every row of their tokens; a repeated call changes nothing. Copies for statistics may stay."""
    return await erase_mailboxes(db, caller, store, holding, ledger, request)


@router.post("/recoveries", summary="Recover mailboxes")
async def recover(
    request: RecoverMailboxes, caller: Annotated[RegistrarCall, registrar("recover")], db: Db, store: Store, now: Now
) -> MailboxesRecovering:
    """Let mailboxes be claimed once more, from the second day after this one on; their members may refuse until then, and later."""
    return await recover_mailboxes(db, caller, store, request.rows, now.now().date())


@router.post("/numbers", summary="Read sealed member numbers")
async def numbers(request: ReadNumbers, caller: Annotated[RegistrarCall, registrar("reidentify")], db: Db, store: Store) -> Numbers:
    """Return the sealed member numbers beside these mailboxes, which the insurer opens with all three authorities."""
    return await read_numbers(db, caller, store, request.rows)
