"""Access tokens: for the authorities, for userinfo, for programs of others; each for one audience."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from protocol.access_token import LIFETIME, AccessToken
from protocol.encoding import b64u

from gateway.clients import Client, GrantType
from gateway.context import Gateway
from gateway.errors import OAuthError
from gateway.messages import TokenAnswer
from gateway.parameters import Parameters
from gateway.store.references import References
from gateway.store.sessions import SignIn
from gateway.tokens import access_lifetime

_TARGET_REFUSED = "resource is one audience of those that the authorization request named"
CLIENT_SUBJECT = "client:"
"""Before an application's id where it is the subject itself: no member's subject has a colon (RFC 9700 section 4.15)."""


@dataclass(frozen=True)
class Target:
    """The one audience that a token is asked for, and the scope where less is asked than was granted."""

    audience: str
    always: bool
    """Whether a session may have it without having named it: userinfo, which says no more than an ID token."""
    scope: frozenset[str] | None

    def is_within(self, resources: Sequence[str], scope: str) -> bool:
        """Whether it is no more than what a session was granted."""
        return (self.always or self.audience in resources) and (self.scope is None or self.scope <= set(scope.split(" ")))


def target(gateway: Gateway, client: Client, asked: Parameters, grant_type: GrantType) -> Target:
    """Return what a token is asked for (RFC 8707 section 2.2), of what the application may have at all; raises ``OAuthError``.

    Without a name it is this host itself to applications of ours, userinfo to others, its only audience to one for itself.
    """
    allowed = gateway.targets(client)
    if grant_type == "client_credentials":
        allowed = set(client.resources)
        usual = client.resources if len(client.resources) == 1 else ()
    else:
        usual = (gateway.userinfo if client.confidential else gateway.issuer,)
    named = asked.many("resource") or list(usual)
    if len(named) != 1 or named[0] not in allowed:
        raise OAuthError("invalid_target", _TARGET_REFUSED)
    said = asked.one("scope")
    scope = None if said is None else frozenset(said.split(" "))
    if scope is not None and not scope <= {"openid", *client.scopes}:
        raise OAuthError("invalid_scope", "scope is one that the application was given")
    return Target(named[0], named[0] == gateway.userinfo, scope)


def of_session(gateway: Gateway, client: Client, session: SignIn, refs: References, wanted: Target, now: datetime) -> TokenAnswer:
    """Return a token of a session; raises ``OAuthError`` where it was not granted so much."""
    if not wanted.is_within(session.resources, session.scope):
        within = wanted.scope is None or wanted.scope <= set(session.scope.split(" "))
        raise OAuthError("invalid_target", _TARGET_REFUSED) if within else OAuthError("invalid_scope", "scope was not granted")
    issued_at = int(now.timestamp())
    lifetime = access_lifetime(issued_at, int(session.expires_at.timestamp()))
    scope = " ".join(sorted(wanted.scope)) if wanted.scope is not None else session.scope
    if wanted.audience in gateway.resources:
        token = _of_authority(gateway, session, refs, wanted.audience, issued_at, lifetime)
    else:
        token = _of_program(gateway, client, session, wanted.audience, scope, issued_at, lifetime)
    return TokenAnswer(access_token=token, token_type=_type(session.jkt), expires_in=lifetime, scope=scope)


def of_client(gateway: Gateway, client: Client, wanted: Target, jkt: bytes | None, now: int) -> TokenAnswer:
    """Return a token for an application that acts for itself (RFC 6749 section 4.4): no member stands behind it."""
    given = wanted.scope if wanted.scope is not None else frozenset(client.scopes)
    scope = " ".join(sorted(given - {"openid"}))
    claims = {
        "iss": gateway.issuer,
        "aud": wanted.audience,
        "sub": CLIENT_SUBJECT + client.client_id,
        "client_id": client.client_id,
        **({"scope": scope} if scope else {}),
        **_bound(jkt),
    }
    token = gateway.token_keys.current.program_token(claims, now, LIFETIME)
    return TokenAnswer(access_token=token, token_type=_type(jkt), expires_in=LIFETIME, scope=scope or None)


def sid(session: SignIn) -> str:
    """Return the session's id as its application knows it: each session is one application's, so it joins nothing."""
    return b64u(session.sid_gateway)


def _of_authority(gateway: Gateway, session: SignIn, refs: References, audience: str, issued_at: int, lifetime: int) -> str:
    host = gateway.resources[audience]
    assert session.jkt is not None
    token = AccessToken(
        issuer=gateway.issuer,
        audience=audience,
        ref=refs.at(host),
        sid=gateway.pairwise.sid(session.id, host),
        jkt=session.jkt,
        client_id=session.client_id,
        issued_at=issued_at,
        expires_at=issued_at + lifetime,
    )
    return gateway.token_keys.current.access_token(token)


def _of_program(gateway: Gateway, client: Client, session: SignIn, audience: str, scope: str, issued_at: int, lifetime: int) -> str:
    claims: dict[str, object] = {
        "iss": gateway.issuer,
        "aud": audience,
        "sub": gateway.subject(client, session.ref),
        "client_id": client.client_id,
        "sid": sid(session),
        "scope": scope,
        "acr": session.acr,
        **({"auth_time": int(session.auth_time.timestamp())} if session.tells_time else {}),
        **_bound(session.jkt),
    }
    return gateway.token_keys.current.program_token(claims, issued_at, lifetime)


def _bound(jkt: bytes | None) -> dict[str, object]:
    return {} if jkt is None else {"cnf": {"jkt": b64u(jkt)}}


def _type(jkt: bytes | None) -> Literal["DPoP", "Bearer"]:
    return "Bearer" if jkt is None else "DPoP"
