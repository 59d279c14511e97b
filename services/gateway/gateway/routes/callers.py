"""Which application calls (OpenID Connect Core 1.0 section 9)."""

from typing import Annotated

from chassis.deps import Now
from fastapi import Depends, Request
from windows.deps import Remembered

from gateway import clients
from gateway.context import Self
from gateway.errors import OAuthError
from gateway.routes.forms import Form
from gateway.use_cases.authenticate import authenticate


async def _client(request: Request, asked: Form, gateway: Self, once: Remembered, now: Now) -> clients.Client:
    return await authenticate(gateway, once, asked, request.headers.getlist("authorization"), now.timestamp())


Client = Annotated[clients.Client, Depends(_client)]
"""The application that calls, which proved itself as its profile asks; a public one is only named."""


async def _confidential(client: Client) -> clients.Client:
    if not client.confidential:
        raise OAuthError("invalid_client", "only applications that prove themselves may ask")
    return client


ConfidentialClient = Annotated[clients.Client, Depends(_confidential)]
"""The application that calls, and is not a public one."""

PROOF_FIELDS = ("client_id", "client_secret", "client_assertion", "client_assertion_type")
"""Form fields in which an application proves itself."""
