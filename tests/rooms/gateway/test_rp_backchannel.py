"""Signing out at the group ends what began there.

What the OpenID Foundation's plan for back-channel logout at relying parties asks (`oidcc-client-backchannel-logout-rp-basic`), by
module, and what more there is to it here.
"""

import asyncio
import hmac
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from gateway.start import forget
from protocol.encoding import b64u
from protocol.jose import generate_p256, peek_claims
from rooms.gateway.application import Application
from rooms.gateway.house import House, Member
from rooms.gateway.program import Browser, Program

LEFT = (
    "SELECT (SELECT count(*) FROM sign_in), (SELECT count(*) FROM authorization_attempt),"
    " (SELECT count(*) FROM browser_session), (SELECT count(*) FROM group_session)"
)


async def tell(house: House, token: str | None, name: str = "group") -> httpx.Response:
    """Tell the gateway of a logout as a provider does."""
    return await house.client.post(f"/upstream/{name}/logout", data={} if token is None else {"logout_token": token})


async def left(house: House) -> tuple[int, ...]:
    return tuple((await house.sql(LEFT))[0])


@pytest.fixture
async def signed_in(house: House) -> House:
    """Have somebody signed in, by a sign-in that the provider calls `at-desk`."""
    house.upstream.claims = {"sid": "at-desk"}
    await Application(house).sign_in()
    assert await left(house) == (1, 1, 1, 1)
    return house


async def refused(house: House, token: str) -> bool:
    """Whether a logout token is refused in the words of the specification, and ends nothing."""
    answer = await tell(house, token)
    assert (answer.status_code, answer.json()["error"], answer.headers["cache-control"]) == (400, "invalid_request", "no-store")
    return await left(house) == (1, 1, 1, 1)


async def test_oidcc_client_test_backchannel_logout(signed_in: House) -> None:
    """The session ends, keyvault and identity are told, and nothing of it is left."""
    answer = await tell(signed_in, signed_in.upstream.logout_token(sub="opaque-E-0001", sid="at-desk"))
    waiting = await signed_in.eventually("SELECT count(*) FROM logout_outbox", 0)

    assert (answer.status_code, answer.content, answer.headers["cache-control"]) == (200, b"null", "no-store")
    assert (await left(signed_in), waiting) == ((0, 0, 0, 0), 0)
    assert [len(receiver.tokens) for receiver in signed_in.receivers.values()] == [1, 1]


async def test_oidcc_client_test_backchannel_logout_alg_none(signed_in: House) -> None:
    """A logout token without a signature is refused."""
    assert await refused(signed_in, signed_in.upstream.logout_token(sid="at-desk", header={"alg": "none"}))


async def test_oidcc_client_test_backchannel_logout_no_event(signed_in: House) -> None:
    """A token that names no event is refused."""
    assert await refused(signed_in, signed_in.upstream.logout_token(sid="at-desk", events=None))


async def test_oidcc_client_test_backchannel_logout_with_nonce(signed_in: House) -> None:
    """A token with a nonce is an ID token, and refused."""
    assert await refused(signed_in, signed_in.upstream.logout_token(sid="at-desk", nonce="n"))


async def test_oidcc_client_test_backchannel_logout_wrong_alg(signed_in: House) -> None:
    """A token made with the public key as a shared secret is refused."""
    header = {"alg": "HS256", "typ": "logout+jwt", "kid": signed_in.upstream.kid}
    payload = signed_in.upstream.logout_token(sid="at-desk").split(".")[1]
    said = f"{b64u(json.dumps(header).encode())}.{payload}"
    signed = f"{said}.{b64u(hmac.digest(signed_in.upstream.key.as_pem(private=False), said.encode(), 'sha256'))}"

    assert await refused(signed_in, signed)


@pytest.mark.parametrize("aud", ["evidence", ["gateway-at-group", "evidence"], None])
async def test_oidcc_client_test_backchannel_logout_wrong_aud(signed_in: House, aud: object) -> None:
    """A token for another audience is refused."""
    assert await refused(signed_in, signed_in.upstream.logout_token(sid="at-desk", aud=aud))


@pytest.mark.parametrize("events", [{"http://schemas.openid.net/event/other": {}}, {}, [], "x"])
async def test_oidcc_client_test_backchannel_logout_wrong_event(signed_in: House, events: object) -> None:
    """A token of another event is refused."""
    assert await refused(signed_in, signed_in.upstream.logout_token(sid="at-desk", events=events))


async def test_oidcc_client_test_backchannel_logout_wrong_issuer(signed_in: House) -> None:
    """A token of another issuer is refused."""
    assert await refused(signed_in, signed_in.upstream.logout_token(sid="at-desk", iss="https://other.example"))


@pytest.mark.parametrize(
    "changes",
    [
        {"jti": None},
        {"jti": 7},
        {"sid": None},
        {"sid": 7},
        {"sid": ""},
        {"sub": 7},
        {"iat": None},
        {"iat": 1},
        {"exp": 1},
        {"exp": "soon"},
        {"header": {"typ": "at+jwt"}},
        {"header": {"kid": "unknown"}},
    ],
)
async def test_malformed_token(signed_in: House, changes: dict[str, Any]) -> None:
    """Without what it must have, out of time, or of another kind it ends nothing."""
    assert await refused(signed_in, signed_in.upstream.logout_token(**{"sid": "at-desk", **changes}))


@pytest.mark.parametrize(("seconds", "status"), [(10, 200), (11, 400), (61, 400), (-120, 200), (-121, 400)])
async def test_clocks_apart(signed_in: House, seconds: int, status: int) -> None:
    """Ten seconds ahead are tolerated, a minute never; two minutes are old."""
    now = signed_in.clock.timestamp()
    token = signed_in.upstream.logout_token(sid="at-desk", iat=now + seconds, exp=now + 60)

    assert (await tell(signed_in, token)).status_code == status


async def test_foreign_signature(signed_in: House) -> None:
    """A token that another key signed under the published key's id is refused."""
    signed_in.upstream.signing_key = generate_p256()

    assert await refused(signed_in, signed_in.upstream.logout_token(sid="at-desk"))


async def test_id_token_is_no_logout_token(signed_in: House) -> None:
    """An ID token of the same client and key ends nothing."""
    assert await refused(signed_in, signed_in.upstream.id_token({"client_id": "gateway-at-group", "nonce": "n"}))


@pytest.mark.parametrize(("name", "body"), [("other", True), ("group", False)])
async def test_nobody_asks(signed_in: House, name: str, body: bool) -> None:
    """A path of no provider, and a request without a token, are refused."""
    answer = await tell(signed_in, signed_in.upstream.logout_token(sid="at-desk") if body else None, name)

    assert (answer.status_code, await left(signed_in)) == (400, (1, 1, 1, 1))


async def test_replayed_token(signed_in: House) -> None:
    """A token counts once: whoever caught it does not end what began afterwards."""
    token = signed_in.upstream.logout_token(sub="opaque-E-0001")
    first = (await tell(signed_in, token)).status_code
    await Application(signed_in).sign_in()

    assert (first, await refused(signed_in, token)) == (200, True)


async def test_one_token_many_times_at_once(signed_in: House) -> None:
    """Of eight that come at the same instant one counts."""
    token = signed_in.upstream.logout_token(sid="at-desk")
    answers = await asyncio.gather(*(tell(signed_in, token) for _ in range(8)))

    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 7


async def test_by_session_or_by_subject(house: House) -> None:
    """A session id ends the one sign-in, a subject all of that person, and nobody else's."""
    other = Member.new("E-0002")
    await house.enrol(other)
    for employee, sid in (("E-0001", "desk"), ("E-0001", "phone"), ("E-0002", "elsewhere")):
        house.upstream.employee, house.upstream.claims = employee, {"sid": sid}
        await Application(house).sign_in()
    counts = []
    named: tuple[dict[str, Any], ...] = ({"sid": "unknown"}, {"sid": "desk", "sub": "opaque-E-0001"}, {"sub": "opaque-E-0001"})
    for said in named:
        assert (await tell(house, house.upstream.logout_token(**said))).status_code == 200
        counts.append((await left(house))[0])

    assert (counts, bytes((await house.sql("SELECT ref FROM sign_in"))[0][0])) == ([3, 2, 1], other.gateway)


async def test_sign_in_without_a_name(house: House) -> None:
    """Where the provider named no sign-in its logout of one ends those of the subject that have no name."""
    await Application(house).sign_in()
    house.upstream.claims = {"sid": "named"}
    await Application(house).sign_in()
    await tell(house, house.upstream.logout_token(sub="opaque-E-0001", sid="another"))

    assert (await left(house))[0] == 1


async def test_every_application_of_the_browser_ends(house: House) -> None:
    """Sessions that the browser was given without asking the provider again end with it, and their applications are told."""
    house.upstream.claims = {"sid": "at-desk"}
    browser = Browser(house)
    answers = [await Program(house, client).sign_in(browser) for client in ("shop", "clinic")]
    await tell(house, house.upstream.logout_token(sid="at-desk"))
    sent = await Program(house).authorize(browser, prompt="none")

    assert (house.upstream.redeemed, len({peek_claims(answer["id_token"])["sid"] for answer in answers})) == (1, 2)
    assert (await left(house), "error=login_required" in sent.headers["location"]) == ((0, 0, 0, 0), True)


async def test_code_that_is_not_redeemed_yet(house: House) -> None:
    """A code that was given before is worth nothing afterwards."""
    house.upstream.claims = {"sid": "at-desk"}
    application = Application(house)
    code = await application.code()
    await tell(house, house.upstream.logout_token(sid="at-desk"))

    assert ((await application.redeem(code)).json()["error"], await left(house)) == ("invalid_grant", (0, 0, 0, 0))


async def test_redeeming_against_the_logout(house: House) -> None:
    """Whatever the order of a redemption and a logout at once, no session is left."""
    for turn in range(6):
        house.upstream.claims = {"sid": f"turn-{turn}"}
        application = Application(house)
        code = await application.code()
        await asyncio.gather(application.redeem(code), tell(house, house.upstream.logout_token(sid=f"turn-{turn}")))

    assert await left(house) == (0, 0, 0, 0)


async def test_a_childs_account_ends_too(house: House) -> None:
    """A session in a child's account, for which no browser stays signed in, ends with the guardian's sign-in."""
    child = Member.new("E-0001")
    until = house.clock.timestamp() + 24 * 3600
    assert (await house.enrol(child, verifiers=[house.work_id(child, guardian_until=until)])).status_code == 200
    house.upstream.claims = {"sid": "at-desk"}
    application = Application(house)
    assert (await application.redeem(await application.code(place="1"))).status_code == 200
    before = await left(house)
    await tell(house, house.upstream.logout_token(sid="at-desk"))

    assert (before, await left(house)) == ((1, 1, 0, 1), (0, 0, 0, 0))


async def test_what_is_kept_goes_with_the_session(house: House) -> None:
    """After a sign-out, or half an hour of idleness, nothing says any more at which sign-in of the group a session began."""
    house.upstream.claims = {"sid": "at-desk"}
    application = Application(house)
    answer = await application.sign_in()
    await Application(house).code()
    await application.sign_out(answer["access_token"])
    house.fixed.advance(timedelta(minutes=30))
    await forget(house.app.state)

    assert await left(house) == (0, 0, 0, 0)


async def test_names_of_the_provider_are_not_kept(house: House) -> None:
    """What is kept are hashes that only this host can make."""
    house.upstream.claims = {"sid": "sid-marker", "sub": "sub-marker"}
    await Application(house).sign_in()
    row = (await house.sql("SELECT sub, sid FROM group_session"))[0]

    assert (len(row["sub"]), len(row["sid"]), row["sub"] != row["sid"]) == (32, 32, True)


async def test_provider_whose_keys_cannot_be_fetched(house: House) -> None:
    """Where a token cannot be checked the provider is asked to tell again."""
    house.upstream.down = True
    answer = await tell(house, house.upstream.logout_token(sid="at-desk"))

    assert (answer.status_code, answer.json()["error"]) == (503, "temporarily_unavailable")
