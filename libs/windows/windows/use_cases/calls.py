"""Admit a call of the registrar."""

from chassis.database import Database
from chassis.once import Once
from protocol import proof
from protocol.encoding import sha256
from protocol.jose import TokenRefused
from protocol.manifest import Purpose

from windows.errors import ProofRefused, Replayed, WindowClosed, WindowPurpose, WindowUnknown
from windows.registrar_call import RegistrarCall
from windows.store import windows as store


async def admit(
    db: Database,
    once: Once,
    header: str | None,
    *,
    method: str,
    url: str,
    body: bytes,
    purposes: frozenset[Purpose],
    now: int,
) -> RegistrarCall:
    """Check proof, window, key, time, purpose and that the proof is new, in this order."""
    try:
        made = proof.check(header or "", method, url, body, now)
    except TokenRefused:
        raise ProofRefused from None
    async with db.statements("admit-registrar") as tx:
        window = await store.find_window(tx, made.subject)
        if window is None:
            raise WindowUnknown
        if window.request_jkt != made.jkt:
            raise ProofRefused
        if now >= window.expires or window.closed:
            raise WindowClosed
        if window.purpose not in purposes:
            raise WindowPurpose
        if not await once.first_within(tx, sha256(made.jkt, made.jti.encode()), made.iat):
            raise Replayed
    return RegistrarCall(made.subject, window.purpose, window.hpke, body, window.subjects, window.subject_count)
