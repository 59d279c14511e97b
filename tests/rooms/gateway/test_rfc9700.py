"""The attacks of RFC 9700 (BCP 240) on an authorization server, each under its section, and those of its neighbours.

What concerns the gateway as relying party of the group (sections 4.4 and 4.7) is in `test_rp_basic` and `test_authorize`, stolen
and forged tokens are in `test_rfc9700_tokens`, and whom a link signs in is in `test_local_sign_in`.
"""

import asyncio
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from protocol import jose
from protocol.encoding import b64u, sha256, unb64u
from rooms.gateway import programs
from rooms.gateway.application import Application
from rooms.gateway.house import House
from rooms.gateway.insurer import Insurer
from rooms.gateway.program import Browser, Fapi2Program, Program, basic, told

FOREIGN = [
    *(
        "https://shop.example/callback/",
        "https://shop.example/callbac",
        "https://shop.example/callback/..",
        "https://shop.example/%63allback",
    ),
    *(
        "https://shop.example/x/../callback",
        "https://shop.example//callback",
        "https://shop.example/callback%2f",
        "https://shop.example:443/callback",
    ),
    *(
        "https://shop.example:8443/callback",
        "https://shop.example/callback?x=1",
        "https://shop.example/callback#x",
        "https://shop.example/Callback",
    ),
    *(
        "https://SHOP.example/callback",
        "http://shop.example/callback",
        "https://shop.example@evil.example/callback",
        "https://shop.example.evil.example/callback",
    ),
    *(
        "https://evil.example/callback",
        "https://shop.example\\@evil.example/callback",
        "https://ѕhop.example/callback",
        "//shop.example/callback",
    ),
    *("javascript:alert(1)", "https://clinic.example/callback", "http://127.0.0.1:49152/callback", ""),
]


@pytest.mark.parametrize("uri", FOREIGN)
@pytest.mark.parametrize("more", [{}, {"response_type": "token"}, {"scope": "marker"}, {"prompt": "none"}, {"request": "marker"}])
async def test_2_1_and_4_1_3_redirect_uris_are_compared_character_by_character(
    shared: House, uri: str, more: dict[str, str]
) -> None:
    """Whatever is not the registered one ends on a page, whatever else is wrong with the request."""
    answer = await Program(shared).authorize(Browser(shared), redirect_uri=uri, **more)

    assert (answer.status_code, "location" in answer.headers, "evil" in answer.text, "marker" in answer.text) == (
        400,
        False,
        False,
        False,
    )


async def test_2_1_two_redirect_uris_are_none(shared: House) -> None:
    """A parameter twice can be read in two ways."""
    query = urlencode([*Program(shared).asked().items(), ("redirect_uri", "https://evil.example/")])
    answer = await Browser(shared).go("GET", f"/authorize?{query}")

    assert (answer.status_code, "location" in answer.headers) == (400, False)


async def test_2_1_2_only_codes_are_given(shared: House) -> None:
    """No implicit grant, no password grant."""
    sent = [await Program(shared).authorize(Browser(shared), response_type=kind) for kind in ("token", "id_token", "code token")]
    password = await Program(shared).token(grant_type="password", username="x", password="y")

    assert all("error=unsupported_response_type" in each.headers["location"] for each in sent)
    assert password.json()["error"] == "unsupported_grant_type"


@pytest.mark.parametrize("path", ["/authorize", "/authorize?client_id=shop", "/logout", "/logout?id_token_hint=x"])
async def test_4_2_pages_leak_no_referrer(shared: House, path: str) -> None:
    """Every page and redirect says that nobody may be told where the browser was; none loads anything."""
    answer = await Browser(shared).go("GET", path)

    assert (answer.headers["referrer-policy"], answer.headers["cache-control"]) == ("no-referrer", "no-store")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


async def test_4_3_1_code_in_the_history_is_worth_nothing(house: House) -> None:
    """A code counts once, and for a minute; coming again it ends what the first use made."""
    program = Program(house)
    code = (await program.answered(Browser(house)))["code"]
    answer = (await program.redeem(code)).json()
    again = (await program.redeem(code)).json()["error"]

    assert (again, (await program.refresh(answer["refresh_token"])).json()["error"]) == ("invalid_grant", "invalid_grant")


async def test_4_3_2_no_token_in_urls(shared: House) -> None:
    """An access token in a query is not looked at (RFC 6750 section 2.3)."""
    token = (await Program(shared).sign_in(Browser(shared)))["access_token"]

    assert (await shared.client.get(f"/userinfo?access_token={token}")).status_code == 401


async def test_4_4_answers_name_the_issuer(shared: House) -> None:
    """RFC 9207: codes and errors alike, and discovery says so."""
    good = await Program(shared).answered(Browser(shared))
    bad = told(await Program(shared).authorize(Browser(shared), prompt="none"), programs.SHOP_REDIRECT)
    metadata = (await shared.client.get("/.well-known/openid-configuration")).json()

    assert (good["iss"], bad["iss"]) == (metadata["issuer"], metadata["issuer"])
    assert metadata["authorization_response_iss_parameter_supported"] is True


@pytest.mark.parametrize(
    "change", [{"redirect_uri": programs.CLINIC_REDIRECT}, {"redirect_uri": None}, {"code_verifier": "w" * 43}]
)
async def test_4_5_injected_code_is_refused_and_burned(shared: House, change: dict[str, Any]) -> None:
    """Another redirect URI or verifier than the request's: refused, and worth nothing afterwards."""
    program, verifier = Program(shared), "v" * 43
    challenge = {"code_challenge": b64u(sha256(verifier.encode())), "code_challenge_method": "S256"}
    code = (await program.answered(Browser(shared), **challenge))["code"]
    errors = [
        (await program.redeem(code, **said)).json()["error"]
        for said in ({"code_verifier": verifier, **change}, {"code_verifier": verifier})
    ]

    assert errors == ["invalid_grant", "invalid_grant"]


async def test_4_5_code_of_another_program_is_refused(shared: House) -> None:
    """A code is its program's own."""
    code = (await Program(shared).answered(Browser(shared)))["code"]
    answer = await Program(shared, "clinic").redeem(code, redirect_uri=programs.SHOP_REDIRECT)

    assert answer.json()["error"] == "invalid_grant"


async def test_4_6_token_of_another_program_names_another_subject(shared: House) -> None:
    """A token that is injected does not fit the ID token: its subject and at_hash are others."""
    browser = Browser(shared)
    own, foreign = await Program(shared).sign_in(browser), await Program(shared, "clinic").sign_in(browser)
    claims = jose.peek_claims(own["id_token"])
    told_ = (await Program(shared).userinfo(foreign["access_token"])).json()

    assert (told_["sub"] == claims["sub"], unb64u(claims["at_hash"]) == sha256(foreign["access_token"].encode())[:16]) == (
        False,
        False,
    )


@pytest.mark.parametrize(
    ("challenge", "verifier", "status"),
    [
        ({}, "v" * 43, 400),
        ({"code_challenge": b64u(sha256(b"v" * 43)), "code_challenge_method": "S256"}, None, 400),
        ({"code_challenge": b64u(sha256(b"v" * 42)), "code_challenge_method": "S256"}, "v" * 42, 400),
        ({"code_challenge": b64u(sha256(b"v" * 43)), "code_challenge_method": "S256"}, "v" * 43, 200),
    ],
)
async def test_4_8_2_pkce_cannot_be_taken_away(shared: House, challenge: dict[str, str], verifier: str | None, status: int) -> None:
    """A verifier without a challenge, a challenge without a verifier, a short one: refused."""
    program = Program(shared)
    code = (await program.answered(Browser(shared), **challenge))["code"]

    assert (await program.redeem(code, code_verifier=verifier)).status_code == status


@pytest.mark.parametrize("change", [{"code_challenge_method": "plain"}, {"code_challenge_method": None}, {"code_challenge": None}])
async def test_4_8_2_plain_is_no_method(shared: House, change: dict[str, Any]) -> None:
    """Not by name, and not by leaving the name out."""
    challenge = {"code_challenge": b64u(sha256(b"v" * 43)), "code_challenge_method": "S256", **change}
    sent = await Program(shared).authorize(Browser(shared), **challenge)

    assert "error=invalid_request" in sent.headers["location"]


async def test_4_9_and_4_10_2_token_is_for_one_audience(shared: House) -> None:
    """One for the authorities opens no userinfo, one for userinfo no authority, and nobody gets one for two."""
    application, program, browser = Application(shared), Program(shared), Browser(shared)
    ours = (await application.sign_in())["access_token"]
    theirs = (await program.sign_in(browser))["access_token"]
    signed_out = await application.sign_out(theirs)
    refused = [
        await program.redeem((await program.answered(browser))["code"], resource=shared.origin(host))
        for host in ("gateway", "keyvault")
    ]

    assert ((await program.userinfo(ours)).status_code, signed_out.status_code) == (401, 401)
    assert [each.json()["error"] for each in refused] == ["invalid_target", "invalid_target"]


@pytest.mark.parametrize("name", ["return_to", "next", "login_hint", "target_link_uri", "redirect"])
async def test_4_11_1_nothing_else_redirects(shared: House, name: str) -> None:
    """The provider's address is configured, the program's is registered; no other parameter leads anywhere."""
    sent = await Program(shared).authorize(Browser(shared), **{name: "https://evil.example/"})

    assert (sent.status_code, "evil" in sent.headers["location"]) == (303, False)


GOODBYES = [
    programs.SHOP_GOODBYE + "&x=1",
    "https://shop.example/goodbye",
    "https://shop.example/goodbye?lang=ja#x",
    "https://shop.example.evil.example/goodbye?lang=ja",
    "http://shop.example/goodbye?lang=ja",
    "https://evil.example/",
    programs.SHOP_REDIRECT,
]


@pytest.mark.parametrize("uri", GOODBYES)
async def test_4_11_2_signing_out_leads_to_registered_addresses_alone(shared: House, uri: str) -> None:
    """Character by character, the query included."""
    browser, program = Browser(shared), Program(shared)
    hint = (await program.sign_in(browser))["id_token"]
    answer = await browser.go("GET", "/logout", params={"id_token_hint": hint, "post_logout_redirect_uri": uri})

    assert (answer.status_code, "location" in answer.headers, "evil" in answer.text) == (200, False, False)


@pytest.mark.parametrize("hint", ["none", "another program's", "no", "nonsense", "another client_id"])
async def test_4_11_2_signing_out_without_a_good_hint_leads_nowhere(shared: House, hint: str) -> None:
    """No hint, an unsigned one, another program's, one that does not fit the client_id: no redirect."""
    browser, program = Browser(shared), Program(shared)
    answer = await program.sign_in(browser)
    claims = answer["id_token"].split(".")[1]
    unsigned = b64u(b'{"alg":"none","typ":"JWT"}') + f".{claims}."
    foreign = (await Program(shared, "clinic").sign_in(browser))["id_token"]
    said: dict[str, dict[str, str]] = {
        "none": {"id_token_hint": unsigned},
        "another program's": {"id_token_hint": foreign},
        "no": {},
        "nonsense": {"id_token_hint": "x.y.z"},
        "another client_id": {"id_token_hint": answer["id_token"], "client_id": "clinic"},
    }
    left = await browser.go("GET", "/logout", params={**said[hint], "post_logout_redirect_uri": programs.SHOP_GOODBYE})

    assert (left.status_code, "location" in left.headers) == (200, False)


async def test_4_12_redirects_are_303(shared: House) -> None:
    """Whatever was posted is not posted on: not a request in a form, not a logout in a form."""
    browser, program = Browser(shared), Program(shared)
    hint = (await program.sign_in(browser))["id_token"]
    sent = await program.authorize(browser, method="POST")
    left = await browser.go("POST", "/logout", data={"id_token_hint": hint, "post_logout_redirect_uri": programs.SHOP_GOODBYE})

    assert (sent.status_code, left.status_code) == (303, 303)


async def test_4_13_headers_of_proxies_change_nothing(shared: House) -> None:
    """Forged hosts, schemes and client certificates: the configured origin counts alone."""
    forged = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "http",
        "Forwarded": "host=evil.example",
        "Host": "evil.example",
        "X-Client-Cert": "x",
        "X-SSL-Client-Verify": "SUCCESS",
    }
    metadata = await shared.client.get("/.well-known/openid-configuration", headers=forged)
    program = Fapi2Program(shared)
    pushed = await program.push(headers={**program.proof("/par"), **forged})
    unproved = await program.push(proof={}, headers={**program.proof("/par"), **forged})

    assert ("evil" in metadata.text, pushed.status_code, unproved.status_code) == (False, 201, 401)


async def test_4_14_2_refresh_token_is_bound(shared: House) -> None:
    """To its key, to its program, to what was granted; many at once are no theft, for nothing is rotated."""
    program, thief = Fapi2Program(shared), Fapi2Program(shared)
    answer = (await program.redeem(await program.code(Browser(shared)))).json()
    said = {"grant_type": "refresh_token", "refresh_token": answer["refresh_token"]}
    stolen = await thief.token(**said)
    wider = await program.token(**said, scope="openid steps.write")
    elsewhere = await Program(shared).refresh(answer["refresh_token"])
    at_once = await asyncio.gather(*(program.token(**said) for _ in range(8)))

    assert [each.json()["error"] for each in (stolen, wider, elsewhere)] == ["invalid_grant", "invalid_scope", "invalid_grant"]
    assert {each.status_code for each in at_once} == {200}


async def test_4_14_2_refresh_token_ends_with_the_session(house: House) -> None:
    """After signing out, after eight hours, after the insurer ended access, nothing is refreshed."""
    program, browser = Program(house), Browser(house)
    first = await program.sign_in(browser)
    await browser.go("GET", "/logout", params={"id_token_hint": first["id_token"]})
    second = await program.sign_in(browser)
    house.fixed.advance(timedelta(hours=8))
    third = await program.sign_in(browser)
    assert (await Insurer(house, [house.member]).access_ends(house.member)).status_code == 204
    errors = [(await program.refresh(answer["refresh_token"])).json().get("error") for answer in (first, second, third)]

    assert errors == ["invalid_grant"] * 3


async def test_4_15_program_is_no_member(shared: House) -> None:
    """The subject of a program's own token has a form that no member's has, whatever the program is called."""
    own = jose.peek_claims((await Fapi2Program(shared).for_itself()).json()["access_token"])["sub"]
    member = jose.peek_claims((await Program(shared).sign_in(Browser(shared)))["access_token"])["sub"]

    assert (own, ":" in member, len(unb64u(member))) == ("client:steps", False, 32)


@pytest.mark.parametrize("path", ["/authorize", "/logout", "/upstream/x/callback", "/local-sign-in"])
async def test_4_16_pages_cannot_be_framed(shared: House, path: str) -> None:
    """By neither way of saying so."""
    browser = Browser(shared)
    await Program(shared).sign_in(browser)
    answer = await browser.go("GET", path)

    assert answer.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("mode", ["web_message", "fragment", "form_post", "query.jwt"])
async def test_4_17_no_answer_by_message(shared: House, mode: str) -> None:
    """Answers come by query."""
    sent = await Program(shared).authorize(Browser(shared), response_mode=mode)

    assert "error=invalid_request" in sent.headers["location"]


async def test_rfc9126_pushed_requests(house: House) -> None:
    """Section 7: pushed by POST, by its own program, once, for a minute; nobody else's URI counts."""
    program, browser = Fapi2Program(house), Browser(house)
    got = await house.client.get("/par")
    uri = (await program.push()).json()["request_uri"]
    foreign = await browser.application.authorize(uri, "shop")
    first = await browser.application.authorize(uri, "steps")
    again = await browser.application.authorize(uri, "steps")
    late = (await program.push()).json()["request_uri"]
    house.fixed.advance(timedelta(seconds=60))

    assert (got.status_code, foreign.status_code, first.status_code, again.status_code) == (405, 400, 303, 400)
    assert (await browser.application.authorize(late, "steps")).status_code == 400


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("state=" + "s" * 1024, 303),
        ("state=" + "s" * 2049, 303),
        ("nonce=" + "n" * 64, 303),
        ("state=%00", 422),
        ("state=%ff", 400),
        ("state=a&state=b", 400),
        ("unknown=a&unknown=b", 400),
        ("&".join(f"x{n}=y" for n in range(50)), 400),
        ("claims=" + quote("[" * 3000), 303),
        ("claims=" + quote('{"id_token":' * 1000), 400),
    ],
)
async def test_rfc6749_3_1_odd_parameters(shared: House, query: str, status: int) -> None:
    """Long ones are fine within reason; repeated, broken or too many ones end on a page; nothing breaks."""
    asked = {name: value for name, value in Program(shared).asked().items() if name not in ("state", "nonce")}
    answer = await Browser(shared).go("GET", f"/authorize?{urlencode(asked)}&{query}")

    assert answer.status_code == status


async def test_unknown_and_known_programs_are_refused_alike(shared: House) -> None:
    """Nobody learns which programs there are: same status, same body, same headers."""
    answers = [
        await shared.client.post("/token", data={"grant_type": "authorization_code", "code": "x"}, headers=basic(name, "wrong"))
        for name in ("shop", "nobody", "steps", "warifu-cli")
    ]

    assert len({(answer.status_code, answer.text, answer.headers["www-authenticate"]) for answer in answers}) == 1
