"""Back from one of the group's providers: who it is, and a code for the application."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urlencode

import authority
from chassis.database import Database

from gateway import secret
from gateway.context import CODE_LIFETIME, Gateway
from gateway.errors import PageError, PageName
from gateway.parameters import Parameters
from gateway.store import attempts
from gateway.store.attempts import Attempt
from gateway.upstream import Challenge, ProviderRefused, ProviderUnreachable, RelyingParty, SignedIn

Failure = Literal["access_denied", "temporarily_unavailable", "server_error"]
_FAILURES: dict[str, Failure] = {
    "access_denied": "access_denied",
    "login_required": "access_denied",
    "interaction_required": "access_denied",
    "temporarily_unavailable": "temporarily_unavailable",
}


@dataclass(frozen=True)
class _Returned:
    """An answer of a provider that came back in the browser that was sent there."""

    party: RelyingParty
    attempt: Attempt
    state: bytes
    challenge: Challenge

    def refusal(self, gateway: Gateway, page: PageName, error: Failure) -> PageError:
        """Return a page that leads back to the application."""
        return PageError(page, to_application(gateway, self.attempt, error=error))


async def come_back(db: Database, gateway: Gateway, name: str, answer: Parameters, cookie: str | None, now: datetime) -> str:
    """Use an upstream state up and return where the browser goes with its code, or with an error of RFC 6749 section 4.1.2.1.

    ``name`` is whose redirect URI the answer came to.
    """
    returned = await _take_back(db, gateway, name, answer, cookie, now)
    try:
        await returned.party.check_issuer(answer.one("iss"))
        code = answer.one("code")
        if "error" in answer or code is None:
            failure = _FAILURES.get(answer.one("error") or "", "server_error")
            return to_application(gateway, returned.attempt, error=failure)
        signed_in = await returned.party.signed_in(code, returned.challenge)
        return to_application(gateway, returned.attempt, code=await _give_code(db, gateway, returned, signed_in, now))
    except ProviderRefused:
        raise returned.refusal(gateway, "refused", "server_error") from None
    except ProviderUnreachable:
        raise returned.refusal(gateway, "provider-unreachable", "temporarily_unavailable") from None


async def _take_back(db: Database, gateway: Gateway, name: str, answer: Parameters, cookie: str | None, now: datetime) -> _Returned:
    party = gateway.providers.named(name)
    state, browser = secret.handle(answer.one("state") or ""), secret.handle(cookie or "")
    if party is None or state is None or browser is None or cookie is None:
        raise PageError("expired")
    async with db.transaction("take-back") as tx:
        attempt = await attempts.take_back(tx, state, browser, name, now)
    if attempt is None:
        raise PageError("expired")
    return _Returned(party, attempt, state, Challenge.of(cookie, name))


async def _give_code(db: Database, gateway: Gateway, returned: _Returned, signed_in: SignedIn, now: datetime) -> str:
    code, handle = secret.new_handle()
    work_id = signed_in.subject(returned.party.idp.subject_claim).verifier(gateway.verifier_key)
    async with db.transaction("give-code") as tx:
        found = await authority.signing_in(tx, work_id, returned.attempt.place, int(now.timestamp()))
        if found is None:
            raise returned.refusal(gateway, "not-enrolled", "access_denied")
        ref, access_ends = found
        if access_ends is not None and access_ends <= now.timestamp():
            raise returned.refusal(gateway, "access-ended", "access_denied")
        # The session id is minted here, after the provider's word: nothing that was known before signing in lives on.
        given = await attempts.give_code(
            tx, returned.state, handle, ref=ref, session_id=secrets.token_bytes(16), until=now + CODE_LIFETIME
        )
    if not given:
        raise PageError("expired")
    return code


def to_application(gateway: Gateway, attempt: Attempt, *, code: str | None = None, error: Failure | None = None) -> str:
    """Return where the browser goes with a code or an error (RFC 6749 section 4.1.2, RFC 9207)."""
    said = {"code": code, "error": error, "state": attempt.state, "iss": gateway.issuer}
    return attempt.redirect_uri + "?" + urlencode({name: value for name, value in said.items() if value is not None})
