"""What the gateway publishes about itself."""

from fastapi import APIRouter, Response

from gateway.context import Gateway, Self
from gateway.messages import KeySetAnswer, ProviderMetadata

router = APIRouter(tags=["openid"])

JWKS_MAX_AGE = 300
"""Seconds for which others may keep what is published here. There is one key: a gateway that starts with another one publishes
that alone, and others look again when they meet a key that they do not know."""


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
    return KeySetAnswer(keys=[gateway.token_key.public_jwk()])


def _metadata(gateway: Gateway) -> ProviderMetadata:
    return ProviderMetadata(
        issuer=gateway.issuer,
        authorization_endpoint=gateway.url("/authorize"),
        token_endpoint=gateway.url("/token"),
        pushed_authorization_request_endpoint=gateway.url("/par"),
        jwks_uri=gateway.url("/jwks"),
    )
