"""Debian's mod_auth_openidc as relying party: discovery, code flow, and a back-channel logout that ends its session."""

import asyncio
import re
from pathlib import Path

import httpx
import pytest
from gateway.clients import Client
from gateway.tokens import IdAlgorithm
from interop import apache
from rooms.gateway import programs
from rooms.gateway.house import House
from support.upstream import listener, origin_of

from .test_third_parties import listening_house

__all__ = ["listening_house"]


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
async def test_signing_out_at_the_gateway_ends_apaches_session(
    listening_house: House, tmp_path: Path, algorithm: IdAlgorithm
) -> None:
    """Who signs out at the gateway is sent to sign in again by Apache, which heard of it without the browser.

    Apache is told no algorithm: it takes what the gateway signs for it.
    """
    house = listening_house
    bound = listener()
    origin, port = origin_of(bound), bound.getsockname()[1]
    bound.close()
    gateway = house.app.state.gateway
    gateway.clients["apache"] = Client(
        client_id="apache",
        profile="oidc-basic",
        redirect_uris=(f"{origin}/protected/callback",),
        backchannel_logout_uri=f"{origin}/protected/callback?logout=backchannel",
        secret_hash_files=(Path("shop.hash"),),
        id_token_signed_response_alg=algorithm,
    )
    gateway.credentials["apache"] = gateway.credentials["shop"]
    issuer, provider = house.origin("gateway"), house.upstream.origin
    text = apache.configuration(tmp_path, port, issuer, provider, "apache", programs.SECRETS["shop"])
    async with apache.running(tmp_path, port, text), httpx.AsyncClient() as browser:
        signed_in = await browser.get(f"{origin}/protected/page", follow_redirects=True)
        again = await browser.get(f"{origin}/protected/page")
        page = await browser.get(f"{issuer}/logout")
        token = re.findall(r'name="token" value="([\w-]{43})"', page.text)[0]
        await browser.post(f"{issuer}/logout/confirm", data={"token": token})
        for _ in range(50):
            after = await browser.get(f"{origin}/protected/page")
            if after.status_code == 302:
                break
            await asyncio.sleep(0.1)

    assert (signed_in.text, again.text) == (apache.SIGNED_IN, apache.SIGNED_IN)
    assert (after.status_code, after.headers["location"].split("?")[0]) == (302, f"{issuer}/authorize")
