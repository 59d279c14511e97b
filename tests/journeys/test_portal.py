"""Signing in at an application, by a card that the member made in the app: the whole deployment, and a real browser."""

import secrets
import time

import httpx
import warifu
from browser.portal import application
from browser.tabs import started, tab
from joserfc.jwk import ECKey
from journeys.letters import send_letter
from local.config import CLI_CLIENT
from local.system import System
from protocol import dpop
from protocol.deployment import Deployment
from protocol.encoding import b64u, sha256
from protocol.jose import generate_p256

PIN = "135792"
VERIFIER = secrets.token_urlsafe(48)


async def asked(system: System, key: ECKey, path: str, said: dict[str, str]) -> dict[str, str]:
    """Ask the gateway as an application does."""
    url = system.origins["gateway"] + path
    async with httpx.AsyncClient() as client:
        answer = await client.post(url, data=said, headers={"DPoP": dpop.make(key, "POST", url, int(time.time()))})
    assert answer.is_success, answer.text
    told: dict[str, str] = answer.json()
    return told


async def sign_out(system: System, key: ECKey, token: str) -> int:
    """End the session, and return the gateway's status."""
    url = system.origins["gateway"] + "/session"
    proof = dpop.make(key, "DELETE", url, int(time.time()), token)
    async with httpx.AsyncClient() as client:
        return (await client.delete(url, headers={"Authorization": f"DPoP {token}", "DPoP": proof})).status_code


async def test_a_card_made_in_the_app_signs_in_elsewhere(system: System) -> None:
    """What the SDK stored at the authorities, the portal's page proves, and the application is given a session."""
    letter, card, key = await send_letter(system, 5), warifu.Card.fresh(), generate_p256()
    async with (
        warifu.Client(Deployment.load(system.deployment_path)) as client,
        await client.sign_in(warifu.CodeWay(letter)) as session,
    ):
        await session.add_card(card, PIN, warifu.CodeWay(letter), "card")
    async with application() as (redirect_uri, arrived), started() as browser, tab(browser) as opened:
        about = {"client_id": CLI_CLIENT, "redirect_uri": redirect_uri}
        pushed = await asked(
            system,
            key,
            "/par",
            {
                **about,
                "response_type": "code",
                "scope": "openid",
                "code_challenge": b64u(sha256(VERIFIER.encode())),
                "code_challenge_method": "S256",
                "resource": system.origins["gateway"],
            },
        )
        page, request_uri = opened.page, pushed["request_uri"]
        await page.goto(f"{system.origins['gateway']}/local-sign-in?client_id={CLI_CLIENT}&request_uri={request_uri}")
        await page.locator("input[value=card]").check()
        await page.locator("#code").fill(card.text)
        await page.locator("#pin").fill(PIN)
        await page.locator("#use-code").click()
        await page.wait_for_url(redirect_uri + "?**")
    grant = {"grant_type": "authorization_code", "code": arrived[0]["code"], "code_verifier": VERIFIER}
    tokens = await asked(system, key, "/token", {**about, **grant})
    signed_out = await sign_out(system, key, tokens["access_token"])

    assert arrived[0]["iss"] == system.origins["gateway"]
    assert (tokens["token_type"], signed_out) == ("DPoP", 204)
