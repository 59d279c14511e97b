"""Signing out by browser (OpenID Connect RP-Initiated Logout 1.0), and telling programs (Back-Channel Logout 1.0)."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from gateway.start import deliver
from gateway.use_cases.deliver import pause
from joserfc.jwk import KeySet
from protocol import jose
from protocol.encoding import b64u
from protocol.jose import generate_p256, thumbprint
from rooms.gateway import programs
from rooms.gateway.house import House
from rooms.gateway.program import Browser, Program

LIVE = "SELECT count(*) FROM sign_in"


async def leave(browser: Browser, **said: str) -> Any:
    return await browser.go("GET", f"/logout?{urlencode(said)}")


async def test_hint_signs_out_and_leads_back(house: House) -> None:
    """At once, to the registered address, with the program's state; the cookie goes."""
    browser, shop = Browser(house), Program(house)
    hint = (await shop.sign_in(browser))["id_token"]
    sent = await leave(browser, id_token_hint=hint, post_logout_redirect_uri=programs.SHOP_GOODBYE, state="a b")

    assert (sent.status_code, sent.headers["location"]) == (303, programs.SHOP_GOODBYE + "&state=a+b")
    assert ((await house.sql(LIVE))[0][0], browser.application.session) == (0, "")


async def test_expired_hint_is_good(house: House) -> None:
    """Section 2: the person is still signed in when the ID token is long over."""
    browser, shop = Browser(house), Program(house)
    answer = await shop.sign_in(browser)
    for _ in range(6):
        house.fixed.advance(timedelta(minutes=25))
        await shop.answered(browser)
    sent = await leave(browser, id_token_hint=answer["id_token"], post_logout_redirect_uri=programs.SHOP_GOODBYE)

    assert (sent.status_code, (await house.sql(LIVE))[0][0]) == (303, 0)


async def test_hint_alone_signs_its_own_session_out(house: House) -> None:
    """A browser that lost its cookie signs out all the same: the ID token names the session."""
    browser, shop = Browser(house), Program(house)
    hint = (await shop.sign_in(browser))["id_token"]
    await Program(house, "clinic").sign_in(browser)
    answer = await leave(Browser(house), id_token_hint=hint)

    assert (answer.status_code, (await house.sql(LIVE))[0][0]) == (200, 0)


async def test_without_a_hint_the_person_is_asked(house: House) -> None:
    """A link from anywhere signs nobody out; the button does, in the browser that was asked alone."""
    browser, other = Browser(house), Browser(house)
    for each in (browser, other):
        await Program(house).sign_in(each)
    page = await leave(browser)
    still = (await house.sql(LIVE))[0][0]
    token = re.findall(r'name="token" value="([\w-]{43})"', page.text)[0]
    wrong = [
        await other.go("POST", "/logout/confirm", data={"token": token}),
        await browser.go("POST", "/logout/confirm", data={"token": "A" * 43}),
        await browser.go("POST", "/logout/confirm"),
    ]
    right = await browser.go("POST", "/logout/confirm", data={"token": token})

    assert (page.status_code, still, [answer.status_code for answer in wrong], right.status_code) == (200, 2, [400] * 3, 200)
    assert ((await house.sql(LIVE))[0][0], "form-action 'self'" in page.headers["content-security-policy"]) == (1, True)


async def test_signed_out_browser_sees_that(shared: House) -> None:
    """Nothing to end, nothing to ask."""
    answer = await leave(Browser(shared))

    assert (answer.status_code, "You are signed out" in answer.text) == (200, True)


async def test_hint_of_somebody_else_asks(house: House) -> None:
    """An ID token of an earlier person does not sign the present one out."""
    stranger = generate_p256()
    browser, shop = Browser(house), Program(house)
    own = jose.peek_claims((await shop.sign_in(browser))["id_token"])
    key = house.app.state.gateway.token_keys.current.key
    other = jose.sign("JWT", {**own, "sub": "B" * 43}, key, kid=b64u(thumbprint(key)))
    forged = jose.sign("JWT", own, stranger, kid=b64u(thumbprint(key)))
    answers = [await leave(browser, id_token_hint=hint, post_logout_redirect_uri=programs.SHOP_GOODBYE) for hint in (other, forged)]

    assert [(answer.status_code, "location" in answer.headers) for answer in answers] == [(200, False)] * 2
    assert (await house.sql(LIVE))[0][0] == 1


def logout_receiver(house: House, uri: str) -> None:
    """Have the shop told of logouts at an address."""
    gateway = house.app.state.gateway
    gateway.clients["shop"] = gateway.clients["shop"].model_copy(update={"backchannel_logout_uri": uri})


async def test_program_is_told_by_its_own_names(house: House) -> None:
    """A logout token for the program, with the session id of its ID token; through the guard, as to keyvault and identity."""
    logout_receiver(house, house.origin("keyvault") + "/backchannel-logout")
    browser, shop = Browser(house), Program(house)
    answer = await shop.sign_in(browser)
    await leave(browser, id_token_hint=answer["id_token"])
    await house.eventually("SELECT count(*) FROM logout_outbox", 0)
    keys = KeySet.import_key_set((await house.client.get("/jwks")).json())
    told = [jose.verify(token, keys, "logout+jwt") for token in house.receivers["keyvault"].tokens]

    assert [(claims["aud"], claims["sid"]) for claims in told] == [("shop", jose.peek_claims(answer["id_token"])["sid"])]
    assert sorted(told[0]) == ["aud", "events", "exp", "iat", "iss", "jti", "sid"]


@pytest.mark.parametrize("how", ["sign_out", "idle", "revoked"])
async def test_program_is_told_however_a_session_ends(house: House, how: str) -> None:
    """By an application of ours, by time, by a revoked token."""
    logout_receiver(house, house.origin("keyvault") + "/backchannel-logout")
    browser, shop = Browser(house), Program(house)
    ours = await browser.application.sign_in()
    answer = await shop.sign_in(browser)
    if how == "sign_out":
        await browser.application.sign_out(ours["access_token"])
    elif how == "revoked":
        await shop.revoke(answer["refresh_token"])
    else:
        from gateway.start import forget

        house.fixed.advance(timedelta(hours=8))
        await forget(house.app.state)
        await deliver(house.app.state)
    await house.eventually("SELECT count(*) FROM logout_outbox", 0)
    audiences = [jose.peek_claims(token)["aud"] for token in house.receivers["keyvault"].tokens]

    assert "shop" in audiences


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.2:1/logout",
        "http://localhost:1/x",
        "http://[::1]:1/x",
        "http://[::ffff:10.0.0.1]/x",
        "http://169.254.169.254/",
    ],
)
async def test_program_inside_is_not_asked(house: House, uri: str) -> None:
    """An address that only this host can reach is refused before anything is sent, and the others are told all the same."""
    gateway = house.app.state.gateway
    gateway.guarded_http._allowed = ()
    logout_receiver(house, uri)
    browser = Browser(house)
    await browser.application.sign_in()
    answer = await Program(house).sign_in(browser)
    await leave(browser, id_token_hint=answer["id_token"])
    await house.eventually("SELECT count(*) FROM logout_outbox", 1)
    rows = await house.sql("SELECT audience, attempts FROM logout_outbox")

    assert [tuple(row) for row in rows] == [("client:shop", 1)]
    assert len(house.receivers["identity"].tokens) == 1
    assert pause(1) == timedelta(seconds=2)
