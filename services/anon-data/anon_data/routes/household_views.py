"""``/me/views`` for whoever lets somebody read, ``/views`` for whoever reads."""

from datetime import date
from typing import Annotated

from chassis.deps import Db, Now, state
from chassis.problems import problems
from fastapi import APIRouter, Response
from mailboxes.deps import READER_PROBLEMS, Reader, Signed
from protocol.messages.households import EndView, GiveView, ViewsGiven
from protocol.messages.medical_claims import Costs
from protocol.messages.records import Checkups
from windows.deps import Remembered
from windows.errors import ProofRefused, Replayed

from anon_data.code_table import KnownCodes
from anon_data.errors import ConsentMissing, ViewDiffers, ViewRefused, ViewUnknown
from anon_data.use_cases.household_views import end_view, give_view, read_views, view_checkups, view_costs

router = APIRouter(tags=["household views"])

Codes = Annotated[KnownCodes, state("known_codes")]


@router.put(
    "/me/views",
    summary="Let somebody read",
    status_code=201,
    response_class=Response,
    responses={
        200: {"description": "It was given before"},
        **problems(*READER_PROBLEMS, ConsentMissing, ViewDiffers, ViewRefused),
    },
)
async def give(request: GiveView, reader: Reader, db: Db, now: Now) -> Response:
    """Let whoever has a code and its PIN read checkups or costs until a day; for this the member has agreed to ``household``."""
    given = await give_view(db, reader, request, now.now().date())
    return Response(status_code=201 if given else 200)


@router.get("/me/views", summary="Read whom one lets read", responses=problems(*READER_PROBLEMS))
async def get(reader: Reader, db: Db, now: Now) -> ViewsGiven:
    """Read the views that the member gave: to whom is not known here."""
    return await read_views(db, reader, now.now().date())


@router.post("/me/views/endings", summary="End a view", status_code=204, responses=problems(*READER_PROBLEMS))
async def end(request: EndView, reader: Reader, db: Db) -> None:
    """End a view that the member gave; where there is none, nothing changes."""
    await end_view(db, reader, request.handle)


@router.get(
    "/views/checkups",
    summary="Read somebody's checkups",
    response_model=Checkups,
    responses=problems(ProofRefused, Replayed, ViewUnknown),
)
async def checkups(signed: Signed, db: Db, codes: Codes, once: Remembered, now: Now) -> Response:
    """Read what a view shows, by a proof of its key about its handle; details stay the giver's own."""
    page = await view_checkups(db, codes, once, signed, now.now().date())
    return Response(page, media_type="application/json")


@router.get("/views/costs", summary="Read somebody's costs", responses=problems(ProofRefused, Replayed, ViewUnknown))
async def costs(signed: Signed, db: Db, once: Remembered, now: Now, since: date, until: date) -> Costs:
    """Read what the claims of these months come to, by month and kind, where the view shows costs."""
    return await view_costs(db, once, signed, since, until, now.now().date())
