"""What the registrar brings, and takes back: the code table and checkups."""

from typing import Annotated

from chassis.deps import Db, Now, state
from chassis.problems import problems
from fastapi import APIRouter
from protocol.messages.records import CheckupsStored, CheckupsWithdrawn, PutItems, WithdrawCheckups
from windows import CALL_PROBLEMS, RegistrarCall, RowsRefused, registrar

from anon_data.code_table import KnownCodes
from anon_data.import_body import documented
from anon_data.use_cases.put_items import put_items
from anon_data.use_cases.store_checkups import store_checkups
from anon_data.use_cases.withdraw_checkups import withdraw_checkups

router = APIRouter(tags=["imports"], responses=problems(*CALL_PROBLEMS, RowsRefused))

Ingest = Annotated[RegistrarCall, registrar("ingest")]
Codes = Annotated[KnownCodes, state("known_codes")]


@router.put("/items", status_code=204)
async def put(request: PutItems, _caller: Ingest, db: Db) -> None:
    """Make entries of the code table known."""
    await put_items(db, request.items)


@router.post("/checkups", openapi_extra=documented())
async def store(caller: Ingest, db: Db, codes: Codes, now: Now) -> CheckupsStored:
    """Put checkups into mailboxes; a repeated call changes nothing."""
    return await store_checkups(db, codes, caller, now.now().date())


@router.post("/checkups/withdrawals")
async def withdraw(request: WithdrawCheckups, caller: Ingest, db: Db) -> CheckupsWithdrawn:
    """Remove checkups that were put into the wrong mailbox; a repeated call changes nothing."""
    return await withdraw_checkups(db, caller, request.rows)
