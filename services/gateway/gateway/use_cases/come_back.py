"""Back from the group's provider: who it is, and a code for the application."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urlencode

import authority
from chassis.database import Database
from protocol.oidc_evidence import OidcSubject

from gateway import secret
from gateway.context import CODE_LIFETIME, Gateway
from gateway.errors import PageError
from gateway.parameters import Parameters
from gateway.store import attempts
from gateway.store.attempts import Attempt
from gateway.upstream import Challenge, ProviderRefused, ProviderUnreachable

Failure = Literal["access_denied", "temporarily_unavailable", "server_error"]
_FAILURES: dict[str, Failure] = {
    "access_denied": "access_denied",
    "login_required": "access_denied",
    "interaction_required": "access_denied",
    "temporarily_unavailable": "temporarily_unavailable",
}


@dataclass(frozen=True)
class _Returned:
    """An answer of the provider that came back in the browser that was sent there."""

    attempt: Attempt
    state: bytes
    challenge: Challenge


async def come_back(db: Database, gateway: Gateway, answer: Parameters, cookie: str | None, now: datetime) -> str:
    """Use an upstream state up and return where the browser goes with its code, or with an error of RFC 6749 section 4.1.2.1."""
    returned = await _take_back(db, answer, cookie, now)
    try:
        await gateway.relying_party.check_issuer(answer.one("iss"))
        code = answer.one("code")
        if "error" in answer or code is None:
            failure = _FAILURES.get(answer.one("error") or "", "server_error")
            return to_application(gateway, returned.attempt, error=failure)
        subject = await gateway.relying_party.subject(code, returned.challenge)
    except ProviderRefused:
        raise PageError("refused") from None
    except ProviderUnreachable:
        raise PageError("provider-unreachable") from None
    return to_application(gateway, returned.attempt, code=await _give_code(db, gateway, returned, subject, now))


async def _take_back(db: Database, answer: Parameters, cookie: str | None, now: datetime) -> _Returned:
    state, browser = secret.handle(answer.one("state") or ""), secret.handle(cookie or "")
    if state is None or browser is None or cookie is None:
        raise PageError("expired")
    async with db.transaction("take-back") as tx:
        attempt = await attempts.take_back(tx, state, browser, now)
    if attempt is None:
        raise PageError("expired")
    return _Returned(attempt, state, Challenge.of(cookie))


async def _give_code(db: Database, gateway: Gateway, returned: _Returned, subject: OidcSubject, now: datetime) -> str:
    code, handle = secret.new_handle()
    async with db.transaction("give-code") as tx:
        verifier = subject.verifier(gateway.verifier_key)
        found = await authority.signing_in(tx, verifier, returned.attempt.place, int(now.timestamp()))
        if found is None:
            raise PageError("not-enrolled")
        ref, access_ends = found
        if access_ends is not None and access_ends <= now.timestamp():
            raise PageError("access-ended")
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
