"""What the gateway publishes about itself."""

from fastapi import APIRouter, Response
from protocol import jose

from gateway.context import Gateway, Self
from gateway.messages import KeySetAnswer, ProviderMetadata
from gateway.synthetic import SCOPES

router = APIRouter(tags=["openid"])

JWKS_MAX_AGE = 300
"""Seconds for which others may keep what is published here; keys are published for much longer before and after they sign."""
_CLAIMS = ("iss", "sub", "aud", "exp", "iat", "nonce", "sid", "acr", "auth_time", "at_hash")


@router.get("/.well-known/openid-configuration")
@router.get("/.well-known/oauth-authorization-server")
async def metadata(gateway: Self, response: Response) -> ProviderMetadata:
    """Return the provider metadata."""
    response.headers["Cache-Control"] = f"max-age={JWKS_MAX_AGE}"
    return _metadata(gateway)


@router.get("/jwks")
async def jwks(gateway: Self, response: Response) -> KeySetAnswer:
    """Return the keys that verify tokens."""
    response.headers["Cache-Control"] = f"max-age={JWKS_MAX_AGE}"
    return KeySetAnswer(keys=gateway.published_keys)


def _metadata(gateway: Gateway) -> ProviderMetadata:
    # What only an invented person can be asked for is not offered where there is none.
    scopes = SCOPES if gateway.synthetic is not None else {}
    named = sorted({*(scope for client in gateway.clients.values() for scope in client.scopes), "openid"} - SCOPES.keys())
    return ProviderMetadata(
        issuer=gateway.issuer,
        authorization_endpoint=gateway.url("/authorize"),
        token_endpoint=gateway.url("/token"),
        pushed_authorization_request_endpoint=gateway.url("/par"),
        userinfo_endpoint=gateway.userinfo,
        introspection_endpoint=gateway.url("/introspect"),
        revocation_endpoint=gateway.url("/revoke"),
        end_session_endpoint=gateway.url("/logout"),
        jwks_uri=gateway.url("/jwks"),
        id_token_signing_alg_values_supported=(jose.ES256,) if gateway.rsa_keys is None else (jose.ES256, jose.RS256),
        scopes_supported=("openid", *(name for name in named if name != "openid"), *scopes),
        claims_supported=(*_CLAIMS, *(name for names in scopes.values() for name in names)),
    )
