"""``/prices``: what drugs cost, the same for everybody."""

from typing import Annotated

from chassis.deps import Db
from chassis.problems import problems
from fastapi import APIRouter, Query
from mailboxes.deps import READER_PROBLEMS, Reader
from protocol.messages.prices import Prices, PutPrices
from windows import CALL_PROBLEMS, RegistrarCall, RowsRefused, registrar

from anon_data.use_cases.prices import put_prices, read_prices

router = APIRouter(prefix="/prices")

Ingest = Annotated[RegistrarCall, registrar("ingest")]
After = Annotated[str, Query(pattern=r"^(?:[0-9]{9})?$")]


@router.put("", status_code=204, tags=["imports"], responses=problems(*CALL_PROBLEMS, RowsRefused))
async def put(request: PutPrices, _caller: Ingest, db: Db) -> None:
    """Make prices known."""
    await put_prices(db, request)


@router.get("", tags=["records"], responses=problems(*READER_PROBLEMS))
async def get(reader: Reader, db: Db, after: After = "") -> Prices:
    """Read prices by code, those after a code: the whole table in some calls."""
    return await read_prices(db, reader, after)
