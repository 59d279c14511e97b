"""The relying party alone at a provider: a browser is sent there, comes back, and its code is redeemed."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from gateway.upstream import Challenge, RelyingParty, SignedIn
from gateway.upstream.provider import Provider
from protocol.deployment import GroupIdp
from protocol.encoding import b64u
from support.upstream import CLIENT_ID, CLIENT_SECRET, Upstream

REDIRECT = "http://localhost:8101/upstream/group/callback"


@dataclass
class Visit:
    """One sign-in at a provider."""

    party: RelyingParty
    browser: httpx.AsyncClient
    challenge: Challenge = field(default_factory=lambda: Challenge.of(b64u(secrets.token_bytes(32)), "group"))
    state: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    async def answer(self) -> dict[str, str]:
        """Return what the provider sends the browser back with."""
        location = await self.party.authorization_url(self.state, self.challenge)
        return dict(parse_qsl(urlsplit((await self.browser.get(location)).headers["location"]).query))

    async def signed_in(self) -> SignedIn:
        """Sign in from beginning to end."""
        answer = await self.answer()
        assert answer["state"] == self.state
        await self.party.check_issuer(answer.get("iss"))
        return await self.party.signed_in(answer["code"], self.challenge)


def party_at(upstream: Upstream, http: httpx.AsyncClient, algorithms: Sequence[str] = ("ES256",), **facts: Any) -> RelyingParty:
    """Return the gateway's client at the little provider."""
    known = {"issuer": upstream.origin, "evidence_client": "evidence", "subject_claim": "employee_number", "algorithms": algorithms}
    return RelyingParty(
        idp=GroupIdp.model_validate(known),
        provider=Provider(upstream.origin, http, upstream.clock),
        http=http,
        clock=upstream.clock,
        **{"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "redirect_uri": REDIRECT, **facts},
    )
