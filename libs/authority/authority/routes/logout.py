"""``DELETE /session``, ``DELETE /sessions`` and ``POST /backchannel-logout``."""

from typing import Annotated

from chassis.deps import Db, Now
from chassis.partners import partner
from chassis.problems import problems
from fastapi import APIRouter, Form

from authority.deps import MEMBER_PROBLEMS, Authority, Session
from authority.errors import LogoutRefused, NotReleased
from authority.use_cases import logout as use_cases
from authority.use_cases import sessions

router = APIRouter(tags=["logout"])


@router.delete("/session", status_code=204, responses=problems(*MEMBER_PROBLEMS))
async def end(session: Session, authority: Authority, db: Db, now: Now) -> None:
    """End the session: nothing is released to it any more."""
    await sessions.end(db, authority, session.sid, now.timestamp())


@router.delete("/sessions", status_code=204, responses=problems(NotReleased, *MEMBER_PROBLEMS))
async def end_all(session: Session, authority: Authority, db: Db, now: Now) -> None:
    """End every session of the member at this host, this one included."""
    await sessions.end_all(db, authority, session, now.timestamp())


@router.post("/backchannel-logout", responses=problems(LogoutRefused))
@partner("gateway")
async def backchannel_logout(logout_token: Annotated[str, Form()], authority: Authority, db: Db, now: Now) -> None:
    """End the session that the gateway's logout token names."""
    await use_cases.backchannel_logout(db, authority, logout_token, now.timestamp())
