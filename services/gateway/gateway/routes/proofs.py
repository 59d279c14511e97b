"""DPoP proofs on the way to a token (RFC 9449 sections 5 and 10); requests with a token are checked by the authority library."""

from dataclasses import dataclass
from typing import Annotated

from chassis.deps import Now
from fastapi import Depends, Request
from protocol import dpop
from protocol.encoding import sha256
from protocol.jose import TokenRefused
from windows.deps import Remembered

from gateway.context import Self
from gateway.errors import OAuthError
from gateway.use_cases.authenticate import Seen


@dataclass(frozen=True)
class CheckedProof:
    """A proof that is right for its request, if it is the first of its kind."""

    jkt: bytes
    seen: Seen


async def _checked(request: Request, gateway: Self, now: Now) -> CheckedProof | None:
    headers = request.headers.getlist("DPoP")
    if not headers:
        return None
    if len(headers) > 1:
        raise OAuthError("invalid_dpop_proof", "exactly one DPoP proof is needed")
    try:
        proof = dpop.check(headers[0], request.method, gateway.url(request.scope["path"]), now.timestamp())
    except TokenRefused:
        raise OAuthError("invalid_dpop_proof", "the DPoP proof does not verify for this request and time") from None
    return CheckedProof(proof.jkt, Seen(sha256(proof.jkt, proof.jti.encode()), proof.iat))


Checked = Annotated[CheckedProof | None, Depends(_checked)]
"""The request's one DPoP proof, still to be remembered; None without one."""


async def _proved(proof: Checked, once: Remembered) -> bytes | None:
    if proof is None:
        return None
    if not await once.first(proof.seen.identifier, proof.seen.issued_at):
        raise replayed()
    return proof.jkt


def replayed() -> OAuthError:
    """Return the refusal of a proof that comes again."""
    return OAuthError("invalid_dpop_proof", "the DPoP proof was used before")


Proved = Annotated[bytes | None, Depends(_proved)]
"""Thumbprint of the key that made the request's one DPoP proof, which was never seen before; None without a proof."""
