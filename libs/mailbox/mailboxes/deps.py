"""What a route asks for in its signature when a member's device calls."""

from typing import Annotated

from chassis.clock import Clock
from chassis.deps import state
from fastapi import Depends, Request
from protocol import proof
from protocol.jose import TokenRefused
from protocol.names import StoreName
from protocol.proof import HEADER, Proof
from windows import Deployed
from windows.deps import request_url
from windows.errors import ProofRefused, Replayed

from mailboxes.errors import MailboxSuspended, ReaderUnknown
from mailboxes.readers import Reader as _Reader

__all__ = ["READER_PROBLEMS", "Reader", "Signed", "Store", "Url"]

Store = Annotated[StoreName, state("store")]
"""Which of the two stores this is."""

READER_PROBLEMS = (MailboxSuspended, ProofRefused, ReaderUnknown, Replayed)
"""Every way in which a member's call can be refused, for a route's ``responses=problems(...)``."""


async def _signed(request: Request) -> Proof:
    # Taken from the state rather than asked for: each nested dependency costs FastAPI as much as a tenth of the verification.
    deployed: Deployed = request.app.state.deployed
    clock: Clock = request.app.state.clock
    headers = request.headers.getlist(HEADER)
    if len(headers) != 1:
        raise ProofRefused
    try:
        return proof.check(
            headers[0], request.method, request_url(request, deployed.origin), await request.body(), clock.timestamp()
        )
    except TokenRefused:
        raise ProofRefused from None


Signed = Annotated[Proof, Depends(_signed)]
"""A request signed by some key for some token: nothing is said yet about whether that key may act for it."""


async def _reader(request: Request) -> _Reader:
    return _Reader(await _signed(request), request.app.state.once)


Reader = Annotated[_Reader, Depends(_reader)]
"""The member's reader key signed this request; the use case admits it inside its transaction."""


async def _url(request: Request) -> str:
    deployed: Deployed = request.app.state.deployed
    return request_url(request, deployed.origin)


Url = Annotated[str, Depends(_url)]
"""The request's URL as its caller signed it."""
