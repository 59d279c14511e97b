"""What a route asks for in its signature when a member may call it."""

from typing import Annotated

from chassis.deps import state
from fastapi import Depends, Request
from windows import ProofRefused
from windows.deps import request_url

from authority import session as sessions
from authority.errors import SessionEnded, TokenRefused
from authority.start import Authority as AuthorityState
from authority.use_cases.sessions import admit_alone, present

__all__ = ["MEMBER_PROBLEMS", "Authority", "Presented", "Session"]

MEMBER_PROBLEMS = (TokenRefused, ProofRefused, SessionEnded)
"""Every way in which a member's token, proof or session can be refused, for a route's ``responses=problems(...)``."""

Authority = Annotated[AuthorityState, state("authority")]


async def _presented(request: Request) -> sessions.Presented:
    # Read from the state here: each dependency of a dependency costs as much as a small statement.
    authority: AuthorityState = request.app.state.authority
    headers = request.headers
    token, proof = headers.getlist("authorization"), headers.getlist("dpop")
    url = request_url(request, authority.origin)
    return await present(authority, token, proof, method=request.method, url=url, now=authority.clock.timestamp())


Presented = Annotated[sessions.Presented, Depends(_presented)]
"""A member's call whose token and proof hold; the use case admits it in its own transaction."""


async def _admitted(presented: Presented, authority: Authority) -> sessions.Session:
    return await admit_alone(authority.db, authority.once, presented)


Session = Annotated[sessions.Session, Depends(_admitted)]
"""A member's call, admitted."""
