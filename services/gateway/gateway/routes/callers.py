"""Which application calls (OpenID Connect Core 1.0 section 9), and with which key (RFC 9449).

What counts once is looked at first and remembered last: assertion and proof together, in one statement.
"""

from dataclasses import dataclass
from typing import Annotated

from chassis.deps import Now
from fastapi import Depends, Request
from windows.deps import Remembered

from gateway import clients
from gateway.context import Self
from gateway.errors import OAuthError
from gateway.routes.forms import Form
from gateway.routes.proofs import Checked, replayed
from gateway.use_cases.authenticate import Shown, authenticate, refused


async def _shown(request: Request, asked: Form, gateway: Self, now: Now) -> Shown:
    return authenticate(gateway, asked, request.headers.getlist("authorization"), now.timestamp())


_Shown = Annotated[Shown, Depends(_shown)]


async def _client(shown: _Shown, once: Remembered) -> clients.Client:
    seen = shown.assertion
    if seen is not None and not await once.first(seen.identifier, seen.issued_at):
        raise refused(shown.client, "private_key_jwt")
    return shown.client


Client = Annotated[clients.Client, Depends(_client)]
"""The application that calls, which proved itself as its profile asks; a public one is only named."""


async def _confidential(client: Client) -> clients.Client:
    if not client.confidential:
        raise OAuthError("invalid_client", "only applications that prove themselves may ask")
    return client


ConfidentialClient = Annotated[clients.Client, Depends(_confidential)]
"""The application that calls, and is not a public one."""


@dataclass(frozen=True)
class KeyedCaller:
    """The application that calls, and the key with which it does."""

    client: clients.Client
    jkt: bytes | None
    """Thumbprint of the key that made the request's one DPoP proof; None without a proof."""


async def _keyed(shown: _Shown, proof: Checked, once: Remembered) -> KeyedCaller:
    assertion, key = shown.assertion, None if proof is None else proof.seen
    parts = [seen for seen in (assertion, key) if seen is not None]
    first = dict(zip(parts, await once.each_first([(seen.identifier, seen.issued_at) for seen in parts]), strict=True))
    if assertion is not None and not first[assertion]:
        raise refused(shown.client, "private_key_jwt")
    if key is not None and not first[key]:
        raise replayed()
    return KeyedCaller(shown.client, None if proof is None else proof.jkt)


Keyed = Annotated[KeyedCaller, Depends(_keyed)]
"""The application that calls, as `Client`, and the key of its DPoP proof, which was never seen before."""

PROOF_FIELDS = ("client_id", "client_secret", "client_assertion", "client_assertion_type")
"""Form fields in which an application proves itself."""
