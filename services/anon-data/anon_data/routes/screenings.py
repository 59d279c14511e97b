"""Who took part in cancer screenings: ``/screenings`` for the registrar, ``/me/screenings`` for members."""

from typing import Annotated

from chassis.deps import Db
from chassis.problems import problems
from fastapi import APIRouter
from mailboxes.deps import READER_PROBLEMS, Reader
from protocol.messages.screenings import OwnScreenings, Screenings, ScreeningsStored, ScreeningsWithdrawn
from windows import CALL_PROBLEMS, RegistrarCall, RowsRefused, registrar

from anon_data.use_cases.screenings import read_screenings, store_screenings, withdraw_screenings

imports = APIRouter(prefix="/screenings", tags=["imports"], responses=problems(*CALL_PROBLEMS, RowsRefused))
router = APIRouter(prefix="/me", tags=["records"], responses=problems(*READER_PROBLEMS))

Ingest = Annotated[RegistrarCall, registrar("ingest")]


@imports.post("")
async def store(request: Screenings, caller: Ingest, db: Db) -> ScreeningsStored:
    """Say who took part in what; a repeated call changes nothing."""
    return await store_screenings(db, caller, request.rows)


@imports.post("/withdrawals")
async def withdraw(request: Screenings, caller: Ingest, db: Db) -> ScreeningsWithdrawn:
    """Take rows back; a repeated call changes nothing."""
    return await withdraw_screenings(db, caller, request.rows)


@router.get("/screenings")
async def get(reader: Reader, db: Db) -> OwnScreenings:
    """Read what one took part in, the newest year first."""
    return await read_screenings(db, reader)
