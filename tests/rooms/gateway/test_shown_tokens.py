"""Tokens that come back: userinfo, introspection (RFC 7662), revocation (RFC 7009)."""

import pytest
from protocol import dpop
from protocol.encoding import b64u
from protocol.jose import generate_p256
from rooms.gateway import programs
from rooms.gateway.application import Application
from rooms.gateway.house import House
from rooms.gateway.program import Browser, Fapi2Program, Program, basic


async def test_userinfo_says_the_subject_alone(shared: House) -> None:
    """By GET, by POST with a header, by POST with a form; the same subject as the ID token's, and nothing that names anybody."""
    program = Program(shared)
    token = (await program.sign_in(Browser(shared), scope="openid profile"))["access_token"]
    header = {"Authorization": f"Bearer {token}"}
    answers = [
        await shared.client.get("/userinfo", headers=header),
        await shared.client.post("/userinfo", headers=header),
        await shared.client.post("/userinfo", data={"access_token": token}),
    ]

    assert [sorted(answer.json()) for answer in answers] == [["sub"]] * 3


async def test_userinfo_refuses_other_tokens(shared: House) -> None:
    """Another audience, an ID token, a refresh token, two tokens, none: 401 or 400 with the challenge that belongs to it."""
    program, application = Program(shared), Application(shared)
    code = (await program.answered(Browser(shared), resource=programs.STEPS_API))["code"]
    answer = (await program.redeem(code, resource=programs.STEPS_API)).json()
    ours = (await application.sign_in())["access_token"]
    tokens = [answer["access_token"], answer["id_token"], answer["refresh_token"], ours, "marker"]
    refused = [await program.userinfo(token) for token in tokens]
    none = await shared.client.get("/userinfo")
    two = await shared.client.post("/userinfo", data={"access_token": "x"}, headers={"Authorization": "Bearer x"})

    assert [each.status_code for each in refused] == [401] * 5
    assert all('error="invalid_token"' in each.headers["www-authenticate"] for each in refused)
    assert (none.status_code, none.headers.get_list("www-authenticate")) == (401, ["Bearer", 'DPoP algs="ES256"'])
    assert (two.status_code, "marker" in refused[-1].text) == (400, False)


async def test_userinfo_takes_one_token_in_one_way(shared: House) -> None:
    """A good token that comes twice, by another scheme, or not at all after its scheme is no request for userinfo."""
    token = (await Program(shared).sign_in(Browser(shared)))["access_token"]
    answers = [
        await shared.client.post("/userinfo", data={"access_token": [token, token]}),
        *[await shared.client.get("/userinfo", headers={"Authorization": said}) for said in (f"Basic {token}", token, "Bearer ")],
    ]

    assert [answer.status_code for answer in answers] == [400] * 4
    assert ['error="invalid_request"' in answer.headers["www-authenticate"] for answer in answers] == [True] * 4


async def test_userinfo_needs_scope_openid(shared: House) -> None:
    """A token that was asked for with less says nothing of the member, not even the subject."""
    program = Program(shared)
    refresh_token = (await program.sign_in(Browser(shared), scope="openid profile"))["refresh_token"]
    narrow = (await program.refresh(refresh_token, scope="profile")).json()
    answer = await program.userinfo(narrow["access_token"])

    assert (narrow["scope"], answer.status_code, answer.text) == ("profile", 403, "")
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]


async def test_bound_token_needs_its_key_at_userinfo(shared: House) -> None:
    """Not as a bearer token, not with another key, not with a proof that was used (RFC 9449 section 7)."""
    program = Fapi2Program(shared)
    answer = (await program.redeem(await program.code(Browser(shared)), resource=None)).json()
    token = answer["access_token"]
    url = shared.origin("gateway") + "/userinfo"
    now = shared.clock.timestamp()
    good = program.proof("/userinfo", token, "GET")
    tries = [
        {"Authorization": f"DPoP {token}", **good},
        {"Authorization": f"dpop {token}", **program.proof("/userinfo", token, "GET")},
        {"Authorization": f"DPoP {token}", **good},
        {"Authorization": f"Bearer {token}"},
        {"Authorization": f"DPoP {token}"},
        {"Authorization": f"DPoP {token}", **program.proof("/userinfo", None, "GET")},
        {"Authorization": f"DPoP {token}", **program.proof("/userinfo", token, "POST")},
        {"Authorization": f"DPoP {token}", "DPoP": dpop.make(generate_p256(), "GET", url, now, token)},
    ]
    statuses = [(await shared.client.get("/userinfo", headers=headers)).status_code for headers in tries]

    assert statuses == [200, 200, 401, 401, 401, 401, 401, 401]


async def test_introspection_says_what_is_the_callers_business(shared: House) -> None:
    """The program itself and the audience's server learn what a token says; anybody else that it is not active."""
    shop, clinic, browser = Program(shared), Program(shared, "clinic"), Browser(shared)
    code = (await shop.answered(browser, resource=[programs.STEPS_API, programs.OTHER_API]))["code"]
    answer = (await shop.redeem(code, resource=programs.OTHER_API)).json()
    other = (await shop.refresh(answer["refresh_token"], resource=programs.STEPS_API)).json()["access_token"]
    own, served = await shop.introspect(answer["access_token"]), await clinic.introspect(answer["access_token"])
    steps = await Fapi2Program(shared).introspect(other)
    refresh = [await shop.introspect(answer["refresh_token"]), await clinic.introspect(answer["refresh_token"])]

    assert own == served
    assert (own["active"], own["client_id"], own["aud"], steps["aud"]) == (True, "shop", programs.OTHER_API, programs.STEPS_API)
    assert await clinic.introspect(other) == {"active": False}
    assert (refresh[0]["active"], refresh[0]["sub"], refresh[1]) == (True, own["sub"], {"active": False})


async def test_introspection_is_for_programs(shared: House) -> None:
    """A public application proves nothing and learns nothing; a token for the authorities is nobody's business."""
    application = Application(shared)
    token = (await application.sign_in())["access_token"]
    public = await shared.client.post("/introspect", data={"token": token, "client_id": "warifu-cli"})

    assert (public.status_code, public.json()["error"]) == (401, "invalid_client")
    assert await Program(shared).introspect(token) == {"active": False}
    assert b64u(shared.member.gateway) not in str(await Program(shared).introspect(token))


async def test_signing_out_makes_tokens_inactive(house: House) -> None:
    """At once, not when they expire."""
    browser, shop = Browser(house), Program(house)
    answer = await shop.sign_in(browser)
    before = [(await shop.userinfo(answer["access_token"])).status_code, (await shop.introspect(answer["access_token"]))["active"]]
    await browser.go("GET", "/logout", params={"id_token_hint": answer["id_token"]})
    after = [(await shop.userinfo(answer["access_token"])).status_code, (await shop.introspect(answer["access_token"]))["active"]]

    assert (before, after) == ([200, True], [401, False])


@pytest.mark.parametrize("name", ["refresh_token", "access_token"])
async def test_revocation_ends_the_programs_session(house: House, name: str) -> None:
    """Either token ends both; the browser stays signed in; another program's try changes nothing."""
    browser, shop = Browser(house), Program(house)
    answer = await shop.sign_in(browser)
    foreign = (await Program(house, "clinic").revoke(answer[name])).status_code
    before = (await shop.introspect(answer["access_token"]))["active"]
    status = (await shop.revoke(answer[name])).status_code
    again = (await shop.revoke(answer[name])).status_code
    error = (await shop.refresh(answer["refresh_token"])).json()["error"]

    assert (foreign, before, status, again, error) == (200, True, 200, 200, "invalid_grant")
    assert (await shop.introspect(answer["access_token"]))["active"] is False
    assert "code" in await shop.answered(browser, prompt="none")


async def test_revocation_of_an_applications_own_token(shared: House) -> None:
    """It has no session, and ends after five minutes."""
    program = Fapi2Program(shared)
    token = (await program.for_itself()).json()["access_token"]
    answer = await shared.client.post("/revoke", data={"token": token, **program.assertion()})

    assert answer.json()["error"] == "unsupported_token_type"


@pytest.mark.parametrize("path", ["/introspect", "/revoke"])
async def test_token_is_needed(shared: House, path: str) -> None:
    """What is not shown cannot be judged."""
    answer = await shared.client.post(path, data={"token": ""}, headers=basic("shop", programs.SECRETS["shop"]))

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
