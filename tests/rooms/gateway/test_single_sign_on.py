"""One sign-in for several programs, how fresh it must be, and how it ends."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from protocol import jose
from protocol.encoding import b64u
from rooms.gateway.application import Application
from rooms.gateway.house import House, Member
from rooms.gateway.program import Browser, Fapi2Program, Program, told

LEFT = "SELECT (SELECT count(*) FROM sign_in), (SELECT count(*) FROM authorization_attempt), (SELECT count(*) FROM browser_session)"


async def test_second_program_needs_no_sign_in(house: House) -> None:
    """Once at the provider is enough for two programs and an application of ours; each has a session and a subject of its own."""
    browser = Browser(house)
    shop, clinic = Program(house), Program(house, "clinic")
    first, second = await shop.sign_in(browser), await clinic.sign_in(browser)
    claims = [jose.peek_claims(answer["id_token"]) for answer in (first, second)]
    app = browser.application
    sent = await app.authorize((await app.push()).json()["request_uri"])

    assert (house.upstream.redeemed, "code=" in sent.headers["location"]) == (1, True)
    assert len({claim["sub"] for claim in claims}) == len({claim["sid"] for claim in claims}) == 2


async def test_another_browser_is_not_signed_in(shared: House) -> None:
    """The session is the browser's that has the cookie."""
    await Program(shared).sign_in(Browser(shared))
    sent = await Program(shared).authorize(Browser(shared), prompt="none")

    assert "error=login_required" in sent.headers["location"]


@pytest.mark.parametrize(
    ("waits", "change", "silent"),
    [
        (0, {}, True),
        (0, {"prompt": "none"}, True),
        (0, {"prompt": "login"}, False),
        (0, {"prompt": "select_account"}, False),
        (0, {"prompt": "consent"}, True),
        (2, {"max_age": "1"}, False),
        (0, {"max_age": "1"}, True),
        (2, {"max_age": "0"}, False),
        (600, {"max_age": "10000"}, True),
        (0, {"acr_values": "urn:warifu:acr:group"}, True),
        (0, {"acr_values": "urn:other:acr"}, True),
        (0, {"claims": '{"id_token": {"acr": {"essential": true, "value": "urn:warifu:acr:group"}}}'}, True),
        (0, {"claims": '{"id_token": {"acr": {"essential": true, "values": ["urn:warifu:acr:passkey"]}}}'}, False),
        (1790, {}, True),
        (1800, {}, False),
    ],
)
async def test_how_fresh_it_must_be(house: House, waits: int, change: dict[str, str], silent: bool) -> None:
    """prompt, max_age, acr and half an hour of idleness decide whether somebody signs in anew (RFC 9470)."""
    browser = Browser(house)
    await Program(house).sign_in(browser)
    house.fixed.advance(timedelta(seconds=waits))
    sent = await Program(house, "clinic").authorize(browser, **change)

    assert ("code=" in sent.headers["location"]) == silent


@pytest.mark.parametrize("change", [{"prompt": "login"}, {"max_age": "0"}])
async def test_provider_is_asked_anew(house: House, change: dict[str, str]) -> None:
    """Who must sign in anew does so at the provider too, and the ID token says when."""
    browser, program = Browser(house), Program(house)
    await program.sign_in(browser)
    house.fixed.advance(timedelta(seconds=90))
    sent = await program.authorize(browser, **{"max_age": "60", **change})
    answer = await program.redeem(told(await browser.signed_in_from(sent), "https://shop.example/callback")["code"])
    claims = jose.peek_claims(answer.json()["id_token"])

    assert ("prompt=login" in sent.headers["location"], claims["auth_time"]) == (True, house.clock.timestamp())


async def test_auth_time_is_said_to_who_asks(house: House) -> None:
    """By max_age or by claims: told to two programs unasked it would join what they know."""
    browser, began = Browser(house), house.clock.timestamp()
    said: list[Any] = []
    for change in ({}, {"max_age": "10000"}, {"claims": '{"id_token": {"auth_time": null}}'}):
        house.fixed.advance(timedelta(seconds=7))
        said.append(jose.peek_claims((await Program(house).sign_in(browser, **change))["id_token"]).get("auth_time"))

    assert said == [None, began + 7, began + 7]


async def test_essential_way_that_was_not_gone(house: House) -> None:
    """Who signs in at the group where a passkey was needed goes back with the error that there is for it."""
    browser, program = Browser(house), Program(house)
    claims = '{"id_token": {"acr": {"essential": true, "values": ["urn:warifu:acr:passkey"]}}}'
    sent = await browser.signed_in_from(await program.authorize(browser, claims=claims))

    assert told(sent, "https://shop.example/callback")["error"] == "unmet_authentication_requirements"


async def test_somebody_else_is_not_whom_the_hint_names(house: House) -> None:
    """With an ID token as hint nobody else is signed in, and nobody else's session is used."""
    browser, program = Browser(house), Program(house)
    hint = (await program.sign_in(browser))["id_token"]
    same = await program.answered(browser, id_token_hint=hint, prompt="none")
    assert (await house.enrol(Member.new("E-0002"))).status_code == 200
    house.upstream.employee = "E-0002"
    other = await program.answered(Browser(house), id_token_hint=hint)
    foreign = await Program(house, "clinic").authorize(browser, id_token_hint=hint)

    assert ("code" in same, other["error"]) == (True, "login_required")
    assert "error=invalid_request" in foreign.headers["location"]


async def test_cookie_changes_with_each_sign_in(house: House) -> None:
    """Whoever knew the cookie from before knows nothing: not after the first sign-in, nor after one anew (session fixation)."""
    browser, program = Browser(house), Program(house)
    browser.application.session = planted = "warifu_session=" + "A" * 43
    await program.sign_in(browser)
    first = browser.application.session
    await program.answered(browser, prompt="login")
    second = browser.application.session
    stolen = Browser(house)
    stolen.application.session = first
    sent = await program.authorize(stolen, prompt="none")

    assert len({planted, first, second}) == 3
    assert "error=login_required" in sent.headers["location"]
    assert (await house.sql("SELECT count(*) FROM browser_session"))[0][0] == 1


async def test_only_the_hash_of_the_cookie_is_kept(house: House) -> None:
    """A thief of the database has nobody's cookie."""
    browser = Browser(house)
    await Program(house).sign_in(browser)
    value = browser.application.session.partition("=")[2]
    rows = await house.sql("SELECT browser_session::text FROM browser_session")

    assert (len(value), value in str(rows), len(rows)) == (43, False, 1)


async def test_somebody_else_at_the_same_browser_ends_it(house: House) -> None:
    """Whoever signs in next with this browser signs the one before out, everywhere."""
    browser, shop = Browser(house), Program(house)
    before = await shop.sign_in(browser)
    assert (await house.enrol(Member.new("E-0002"))).status_code == 200
    house.upstream.employee = "E-0002"
    after = await shop.sign_in(browser, prompt="login")
    errors = [(await shop.refresh(answer["refresh_token"])).json().get("error") for answer in (before, after)]

    assert errors == ["invalid_grant", None]


async def test_account_of_a_child_is_chosen_each_time(house: House) -> None:
    """A request for a child's account uses no session, and leaves none behind."""
    browser = Browser(house)
    await Program(house).sign_in(browser)
    app = browser.application
    sent = await app.authorize((await app.push(place="1")).json()["request_uri"])

    assert sent.headers["location"].startswith(house.upstream.origin)


async def test_proof_from_elsewhere_signs_no_browser_in(house: House) -> None:
    """Evidence that somebody pushed leads a browser back with a code, and leaves it signed in only where our own page sent it."""
    assert (await Application(house).browse("GET", "/authorize", params={"client_id": "shop"})).status_code == 400
    rows = await house.sql("SELECT count(*) FROM browser_session")

    assert rows[0][0] == 0


async def test_signing_out_of_one_ends_all(house: House) -> None:
    """An application of ours, a program, and what the browser was about to be signed in to: nothing is left."""
    browser, shop, steps = Browser(house), Program(house), Fapi2Program(house)
    answer = await browser.application.sign_in()
    refresh = (await shop.sign_in(browser))["refresh_token"]
    waiting = await steps.code(browser)
    status = (await browser.application.sign_out(answer["access_token"])).status_code
    errors = [(await shop.refresh(refresh)).json()["error"], (await steps.redeem(waiting)).json()["error"]]
    silent = await shop.authorize(browser, prompt="none")

    assert (status, errors, tuple((await house.sql(LEFT))[0])) == (204, ["invalid_grant"] * 2, (0, 0, 0))
    assert "error=login_required" in silent.headers["location"]


async def test_both_authorities_hear_when_a_program_signs_out(house: House) -> None:
    """Signing out at a program ends what the application of ours had at keyvault and identity."""
    browser, shop = Browser(house), Program(house)
    await browser.application.sign_in()
    hint = (await shop.sign_in(browser))["id_token"]
    await browser.go("GET", "/logout", params={"id_token_hint": hint})
    await house.eventually("SELECT count(*) FROM logout_outbox", 0)

    assert {host: len(receiver.tokens) for host, receiver in house.receivers.items()} == {"keyvault": 1, "identity": 1}


async def test_code_redeemed_against_signing_out(house: House) -> None:
    """Whichever comes first, afterwards no session is left."""
    for _ in range(5):
        browser, shop = Browser(house), Program(house)
        answer = await browser.application.sign_in()
        codes = [(await shop.answered(browser))["code"] for _ in range(3)]
        await asyncio.gather(*(shop.redeem(code) for code in codes), browser.application.sign_out(answer["access_token"]))

        assert tuple((await house.sql(LEFT))[0]) == (0, 0, 0)


async def test_member_sees_every_session(house: House) -> None:
    """Which programs, since when, how, and which is this one; of nobody else."""
    browser, other = Browser(house), Application(house)
    answer = await browser.application.sign_in()
    await Program(house).sign_in(browser)
    await other.sign_in()
    token = answer["access_token"]
    proof = browser.application.proof("/sessions", method="GET", token=token)
    listed = await house.client.get("/sessions", headers={"Authorization": f"DPoP {token}", "DPoP": proof})
    sessions = listed.json()["sessions"]

    assert sorted((each["client_id"], each["name"], each["this"]) for each in sessions) == [
        ("shop", "The shop", False),
        ("warifu-cli", "warifu-cli", False),
        ("warifu-cli", "warifu-cli", True),
    ]
    assert b64u(house.member.gateway) not in listed.text


async def test_busy_application_keeps_its_browser_signed_in(house: House) -> None:
    """A session that is refreshed is not idle, and so the browser is not."""
    browser = Browser(house)
    token = (await browser.application.sign_in())["refresh_token"]
    for _ in range(3):
        house.fixed.advance(timedelta(minutes=20))
        assert (await browser.application.refresh(token)).status_code == 200

    assert "code" in await Program(house).answered(browser, prompt="none")


async def test_refreshing_never_waits_for_whoever_signs_the_browser_out(house: House) -> None:
    """Whoever signs a browser out holds it and then waits for its sessions: a refresh that waited in turn would be a deadlock."""
    browser = Browser(house)
    token = (await browser.application.sign_in())["refresh_token"]
    connection = await asyncpg.connect(house.urls.superuser_url)
    async with asyncio.timeout(10), connection.transaction():
        await connection.execute("SELECT FROM browser_session FOR UPDATE")
        refreshed = await browser.application.refresh(token)
    await connection.close()

    assert refreshed.status_code == 200
