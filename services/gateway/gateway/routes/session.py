"""``DELETE /session``: a member signs out. ``DELETE /sessions``: everywhere."""

from authority.deps import MEMBER_PROBLEMS, Authority, Session
from authority.errors import NotReleased
from authority.use_cases.sessions import end_all
from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter, BackgroundTasks

from gateway.context import Self
from gateway.use_cases.deliver import deliver_due
from gateway.use_cases.end_session import end_session

router = APIRouter(tags=["session"])


@router.delete("/session", status_code=204, responses=problems(*MEMBER_PROBLEMS))
async def sign_out(session: Session, gateway: Self, db: Db, now: Now, afterwards: BackgroundTasks) -> None:
    """End the session and everything under it; keyvault and identity are told at once, and again until they answer."""
    await end_session(db, gateway, session.sid, now.now())
    afterwards.add_task(deliver_due, db, gateway, now)


@router.delete("/sessions", status_code=204, responses=problems(NotReleased, *MEMBER_PROBLEMS))
async def sign_out_everywhere(
    session: Session, authority: Authority, gateway: Self, db: Db, now: Now, afterwards: BackgroundTasks
) -> None:
    """End every session of the member; keyvault and identity are told at once, and again until they answer."""
    await end_all(db, authority, session, now.timestamp())
    afterwards.add_task(deliver_due, db, gateway, now)
