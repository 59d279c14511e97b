"""``DELETE /session``: a member signs out. ``/sessions``: where a member is signed in, and signing out everywhere."""

from authority.deps import MEMBER_PROBLEMS, Authority, Session
from authority.errors import NotReleased
from authority.use_cases.sessions import end_all
from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter, BackgroundTasks

from gateway.context import Self
from gateway.messages import SessionsAnswer
from gateway.use_cases import list_sessions as use_cases
from gateway.use_cases.deliver import deliver_due
from gateway.use_cases.end_session import end_session

router = APIRouter(tags=["session"])


@router.delete("/session", status_code=204, responses=problems(*MEMBER_PROBLEMS))
async def sign_out(session: Session, gateway: Self, db: Db, now: Now, afterwards: BackgroundTasks) -> None:
    """End every session of the same browser; keyvault and identity are told at once, and again until they answer."""
    await end_session(db, gateway, session.sid, now.now())
    afterwards.add_task(deliver_due, db, gateway, now)


@router.get("/sessions", responses=problems(*MEMBER_PROBLEMS))
async def list_sessions(session: Session, gateway: Self, db: Db, now: Now) -> SessionsAnswer:
    """List where the member is signed in."""
    return await use_cases.list_sessions(db, gateway, session, now.now())


@router.delete("/sessions", status_code=204, responses=problems(NotReleased, *MEMBER_PROBLEMS))
async def sign_out_everywhere(
    session: Session, authority: Authority, gateway: Self, db: Db, now: Now, afterwards: BackgroundTasks
) -> None:
    """End every session of the member; keyvault and identity are told at once, and again until they answer."""
    await end_all(db, authority, session, now.timestamp())
    afterwards.add_task(deliver_due, db, gateway, now)
