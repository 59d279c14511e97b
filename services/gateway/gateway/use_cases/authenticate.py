"""Which application asks: at /par, /token, /introspect and /revoke alike (OpenID Connect Core 1.0 section 9)."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from protocol import jose
from protocol.encoding import lp, sha256
from protocol.jose import TokenRefused
from protocol.times import SKEW, check_fresh

from gateway import credentials
from gateway.audit import audit
from gateway.clients import AuthMethod, Client
from gateway.context import Gateway
from gateway.credentials import ALGORITHMS
from gateway.errors import OAuthError
from gateway.parameters import Parameters

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_AGE = 120
"""Seconds for which an assertion is accepted after it was made, however long it says that it lives: so long it is remembered."""
_TYPES = ("", "jwt", "client-authentication+jwt")
_REFUSED = "no application of this name proves itself in this way"


@dataclass(frozen=True)
class Seen:
    """What counts once."""

    identifier: bytes
    issued_at: int


@dataclass(frozen=True)
class Shown:
    """An application whose proof is right, if it is the first of its kind."""

    client: Client
    assertion: Seen | None
    """What proves it, where that counts once."""


def authenticate(gateway: Gateway, asked: Parameters, headers: Sequence[str], now: int) -> Shown:
    """Return the application that asks, proved in the one way that its profile has; raises ``OAuthError``.

    ``headers`` are the request's Authorization headers. Its assertion is still to be remembered.
    """
    shown, method = _proved(gateway, asked, headers, now)
    named = asked.one("client_id")
    if shown is None or method not in shown.client.rules.methods or named not in (None, shown.client.client_id):
        raise refused(None if shown is None else shown.client, method)
    return shown


def refused(client: Client | None, method: AuthMethod) -> OAuthError:
    """Return the refusal of who does not prove to be an application, which is told to the operator."""
    audit("client_refused", client=client, method=method)
    return OAuthError("invalid_client", _REFUSED)


def _proved(gateway: Gateway, asked: Parameters, headers: Sequence[str], now: int) -> tuple[Shown | None, AuthMethod]:
    assertion, secret = asked.one("client_assertion"), asked.one("client_secret")
    if sum([bool(headers), assertion is not None, secret is not None]) > 1 or len(headers) > 1:
        raise OAuthError("invalid_request", "an application proves itself in one way at a time")
    if headers:
        client_id, secret = _basic(headers[0])
        return _named(_with_secret(gateway, client_id, secret)), "client_secret_basic"
    if assertion is not None:
        if asked.one("client_assertion_type") != ASSERTION_TYPE:
            raise OAuthError("invalid_client", "client_assertion_type is that of RFC 7523")
        return _with_assertion(gateway, assertion, now), "private_key_jwt"
    client_id = asked.one("client_id") or ""
    if secret is not None:
        return _named(_with_secret(gateway, client_id, secret)), "client_secret_post"
    return _named(gateway.clients.get(client_id)), "none"


def _named(client: Client | None) -> Shown | None:
    return None if client is None else Shown(client, None)


def _basic(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    try:
        client_id, colon, secret = base64.b64decode(encoded, validate=True).decode("ascii").partition(":")
    except (ValueError, binascii.Error):
        raise OAuthError("invalid_client", "the Authorization header is not one of HTTP Basic") from None
    if not colon or scheme.lower() != "basic":
        raise OAuthError("invalid_client", "the Authorization header is not one of HTTP Basic")
    # Both are form-encoded first (RFC 6749 section 2.3.1).
    return unquote_plus(client_id), unquote_plus(secret)


def _with_secret(gateway: Gateway, client_id: str, secret: str) -> Client | None:
    known = gateway.credentials.get(client_id, credentials.NOBODY)
    return gateway.clients.get(client_id) if known.has_secret(secret) else None


def _with_assertion(gateway: Gateway, assertion: str, now: int) -> Shown | None:
    """Check a client assertion (RFC 7523 section 3); its audience is the issuer alone (FAPI 2.0 section 5.3.2.1 item 8)."""
    try:
        claims = jose.peek_claims(assertion)
        client_id = claims.get("sub")
        client = gateway.clients.get(client_id) if isinstance(client_id, str) else None
        # An ID token, an access token or a DPoP proof is none (RFC 8725 section 3.11).
        typ = str(jose.peek_header(assertion).get("typ", "")).lower()
        if client is None or typ not in _TYPES or not (keys := gateway.credentials[client.client_id].keys).keys:
            return None
        claims = jose.verify(assertion, keys, None, ALGORITHMS)
        if claims.get("iss") != client_id or claims.get("aud") != gateway.issuer:
            return None
        issued_at = _issued_at(claims, now)
    except TokenRefused:
        return None
    jti = claims.get("jti")
    if not isinstance(jti, str) or not jti.isascii() or not 8 <= len(jti) <= 256:
        return None
    return Shown(client, Seen(sha256(lp("client-assertion", client.client_id, jti)), issued_at))


def _issued_at(claims: Mapping[str, Any], now: int) -> int:
    """Return when an assertion was made, which is good now; else raise ``TokenRefused``."""
    exp, nbf = _time(claims.get("exp")), _time(claims.get("nbf", now))
    if exp <= now or nbf > now + SKEW:
        raise TokenRefused("an assertion out of time")
    return check_fresh(claims.get("iat", exp - ASSERTION_AGE), now, ASSERTION_AGE)


def _time(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TokenRefused("a time is missing")
    return value
