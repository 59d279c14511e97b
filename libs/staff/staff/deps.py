"""What a route asks for in its signature when only staff may call it."""

from typing import Annotated, Any

from chassis.deps import Db, Now
from fastapi import Depends, Request
from protocol.staff import Role
from windows.deps import Host, Remembered, request_url

from staff import staff_call
from staff.errors import StaffProofRefused, StaffRole, StaffSessionNeeded, StaffTokenRefused
from staff.staff_call import StaffCall
from staff.use_cases.calls import admit, present

__all__ = ["PRESENTED_PROBLEMS", "STAFF_PROBLEMS", "Presented", "StaffCall", "staff"]

PRESENTED_PROBLEMS = (StaffProofRefused, StaffTokenRefused)
STAFF_PROBLEMS = (StaffProofRefused, StaffRole, StaffSessionNeeded, StaffTokenRefused)
"""Every way in which a call of staff can be refused, for a route's ``responses=problems(...)``."""


async def _presented(request: Request, deployed: Host, now: Now) -> staff_call.Presented:
    headers = request.headers
    url = request_url(request, deployed.origin)
    tokens, proofs = headers.getlist("authorization"), headers.getlist("dpop")
    return present(deployed, tokens, proofs, method=request.method, url=url, now=now.timestamp())


Presented = Annotated[staff_call.Presented, Depends(_presented)]
"""A call with a staff token of the gateway and its key's proof: no word yet about a passkey."""


def staff(*roles: Role) -> Any:
    """Return the dependency on a call of somebody of the staff in one of these roles.

    ``caller: Annotated[StaffCall, staff("office")]``
    """
    wanted = frozenset(roles)

    async def admitted(presented: Presented, db: Db, deployed: Host, once: Remembered, now: Now) -> StaffCall:
        return await admit(db, deployed, once, presented, wanted, now.timestamp())

    return Depends(admitted)
