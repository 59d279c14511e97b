"""``/bundles``."""

from typing import Annotated

from authority.deps import MEMBER_PROBLEMS, Authority, Session
from authority.errors import AlreadyReleased, BundleUnknown, NotReleased, ReferenceUnknown, VersionRefused
from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter, Path, Response
from protocol.messages.enrolment import StoreBundles
from protocol.messages.release import BundleReceipt, PutBundle
from protocol.release import VersionedBundle
from windows import CALL_PROBLEMS, RegistrarCall, RowsRefused, registrar

from keyvault.errors import BundleExists, BundleSize
from keyvault.use_cases import bundles as use_cases

router = APIRouter(prefix="/bundles", tags=["bundles"])
Version = Annotated[int, Path(ge=0, lt=2**31 - 1)]


@router.post("", status_code=204, responses=problems(AlreadyReleased, ReferenceUnknown, RowsRefused, *CALL_PROBLEMS))
async def store_first(request: StoreBundles, _caller: Annotated[RegistrarCall, registrar("enrol")], db: Db) -> None:
    """Store the bundles of version 0, of references that are enrolled here and were never released to. They are not counted."""
    await use_cases.store_first(db, request)


@router.put(
    "/{v}",
    status_code=201,
    responses={200: {}, **problems(BundleExists, BundleSize, NotReleased, VersionRefused, *MEMBER_PROBLEMS)},
)
async def put(v: Version, request: PutBundle, session: Session, db: Db, now: Now) -> Response:
    """Store a bundle: 201 when it is new, 200 when the same one is there."""
    new = await use_cases.put(db, session, v, request, now.timestamp())
    return Response(status_code=201 if new else 200)


@router.get("/{v}", responses=problems(BundleUnknown, NotReleased, *MEMBER_PROBLEMS))
async def get(v: Version, session: Session, db: Db, now: Now) -> VersionedBundle:
    """Return a bundle."""
    return await use_cases.get(db, session, v, now.timestamp())


@router.post("/{v}/receipt", responses=problems(BundleUnknown, NotReleased, *MEMBER_PROBLEMS))
async def receipt(v: Version, session: Session, authority: Authority, db: Db, now: Now) -> BundleReceipt:
    """Say, signed, which bundle is stored."""
    return await use_cases.receipt(db, authority, session, v, now.timestamp())
