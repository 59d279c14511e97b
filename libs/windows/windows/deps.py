"""What a route asks for in its signature when only the registrar may call it."""

from typing import Annotated, Any

from chassis.deps import Db, Now, state
from chassis.once import Once
from chassis.partners import partner
from fastapi import Depends, Request
from protocol.manifest import Purpose
from protocol.proof import HEADER

from .errors import ProofRefused, QuotaExceeded, Replayed, WindowClosed, WindowPurpose, WindowUnknown
from .registrar_call import RegistrarCall
from .start import Deployed
from .use_cases import calls

__all__ = ["CALL_PROBLEMS", "REGISTRAR", "Host", "RegistrarCall", "Remembered", "registrar", "request_url"]

CALL_PROBLEMS = (ProofRefused, QuotaExceeded, Replayed, WindowClosed, WindowPurpose, WindowUnknown)
"""Every way in which a registrar's call can be refused, for a route's ``responses=problems(...)``."""

REGISTRAR = "registrar"
"""The partner whose calls these are."""

Host = Annotated[Deployed, state("deployed")]
Remembered = Annotated[Once, state("once")]


def request_url(request: Request, origin: str) -> str:
    """Return the URL as the caller signed it: the configured origin (never a Host header), path and query as sent."""
    path = request.scope.get("raw_path") or request.scope["path"].encode()
    query = request.scope["query_string"]
    return origin + str(path.split(b"?", 1)[0], "latin-1") + (f"?{str(query, 'latin-1')}" if query else "")


def registrar(*purposes: Purpose) -> Any:
    """Return the dependency on a registrar's call in a window of one of these purposes.

    ``caller: Annotated[RegistrarCall, registrar("enrol")]``
    """
    allowed = frozenset(purposes)

    @partner(REGISTRAR)
    async def admitted(request: Request, db: Db, deployed: Host, once: Remembered, now: Now) -> RegistrarCall:
        headers = request.headers.getlist(HEADER)
        header = headers[0] if len(headers) == 1 else None
        url = request_url(request, deployed.origin)
        body = await request.body()
        return await calls.admit(db, once, header, method=request.method, url=url, body=body, purposes=allowed, now=now.timestamp())

    return Depends(admitted)
