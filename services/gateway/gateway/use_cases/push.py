"""Pushed authorization requests (RFC 9126)."""

import secrets
from datetime import datetime

from authority import Authority
from chassis.database import Database

from gateway import secret
from gateway.clients import Client
from gateway.context import PUSHED_LIFETIME, Gateway
from gateway.errors import OAuthError
from gateway.networks import Pace
from gateway.parameters import Parameters
from gateway.store import attempts
from gateway.store.attempts import Grant, SignedIn
from gateway.use_cases import prove, request

REQUEST_URI = "urn:ietf:params:oauth:request_uri:"


async def push(
    db: Database,
    gateway: Gateway,
    authority: Authority,
    client: Client,
    asked: Parameters,
    proved: bytes | None,
    now: datetime,
    pace: Pace,
) -> str:
    """Keep an authorization request and return its request_uri; ``proved`` is the thumbprint of the request's DPoP proof.

    A request may hold the member's evidence: then nobody is sent to the group's provider.
    """
    if "request_uri" in asked:
        raise OAuthError("invalid_request", "a pushed request holds no request_uri")
    request.redirect_uri(client, asked)
    attempt = request.read(gateway, client, asked, proved)
    if client.confidential and ("statement" in asked or "evidence" in asked):
        raise OAuthError("invalid_request", "evidence is never shown to an application that has a server")
    member = await prove.member(authority, asked, attempt.jkt, int(now.timestamp()), pace)
    value, handle = secret.new_handle()
    async with db.statements("push-request") as tx:
        # The session id is minted here, after the proof: nothing that was known before signing in lives on.
        known = None if member is None else Grant(attempt, SignedIn(member.ref, member.acr, now), secrets.token_bytes(16))
        await attempts.push(tx, handle, attempt, now + PUSHED_LIFETIME, known)
    return REQUEST_URI + value
