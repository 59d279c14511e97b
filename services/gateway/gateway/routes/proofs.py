"""DPoP proofs on the way to a token (RFC 9449 sections 5 and 10); requests with a token are checked by the authority library."""

from typing import Annotated

from chassis.deps import Now
from fastapi import Depends, Request
from protocol import dpop
from protocol.encoding import sha256
from protocol.jose import TokenRefused
from windows.deps import Remembered

from gateway.context import Self
from gateway.errors import OAuthError


async def _proved(request: Request, gateway: Self, once: Remembered, now: Now) -> bytes | None:
    headers = request.headers.getlist("DPoP")
    if not headers:
        return None
    if len(headers) > 1:
        raise OAuthError("invalid_dpop_proof", "exactly one DPoP proof is needed")
    try:
        proof = dpop.check(headers[0], request.method, gateway.url(request.scope["path"]), now.timestamp())
    except TokenRefused:
        raise OAuthError("invalid_dpop_proof", "the DPoP proof does not verify for this request and time") from None
    if not await once.first(sha256(proof.jkt, proof.jti.encode()), proof.iat):
        raise OAuthError("invalid_dpop_proof", "the DPoP proof was used before")
    return proof.jkt


Proved = Annotated[bytes | None, Depends(_proved)]
"""Thumbprint of the key that made the request's one DPoP proof, which was never seen before; None without a proof."""
