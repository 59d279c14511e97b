"""The attacks of RFC 9700 (BCP 240) on an authorization server, each under its section, and those of its neighbours.

What concerns the gateway as relying party of the group (sections 4.4 and 4.7 there) is in `test_rp_basic` and `test_authorize`,
and whom a link signs in is in `test_local_sign_in`.
"""

import asyncio
import hmac
import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import ECKey
from protocol import dpop, jose
from protocol.encoding import b64u, sha256, unb64u
from protocol.jose import generate_p256, public_jwk, thumbprint
from rooms.gateway import programs
from rooms.gateway.application import Application
from rooms.gateway.house import House
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


def es256(key: ECKey, header: dict[str, Any], payload: bytes) -> str:
    """Sign whatever header and payload there are: our libraries would refuse most of them."""
    signed = f"{b64u(json.dumps(header).encode())}.{b64u(payload)}"
    private = key.private_key
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    r, s = decode_dss_signature(private.sign(signed.encode(), ec.ECDSA(SHA256())))
    return f"{signed}.{b64u(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def hs256(key: ECKey, header: dict[str, Any], payload: bytes) -> str:
    """Sign with the public key as a secret."""
    signed = f"{b64u(json.dumps(header).encode())}.{b64u(payload)}"
    return f"{signed}.{b64u(hmac.digest(key.as_pem(private=False), signed.encode(), 'sha256'))}"


def proofs(house: House, token: str, key: Any) -> dict[str, list[tuple[str, str]]]:
    """Return proofs for ``GET /userinfo`` that are each wrong in one way."""
    url, now = house.origin("gateway") + "/userinfo", house.clock.timestamp()
    good = {"jti": b64u(bytes(15)) + "x", "htm": "GET", "htu": url, "iat": now, "ath": b64u(sha256(token.encode()))}

    def made(header: dict[str, Any] | None = None, **claims: Any) -> list[tuple[str, str]]:
        said = {
            name: value
            for name, value in {**good, "jti": b64u(sha256(str(claims).encode() + str(header).encode())), **claims}.items()
            if value is not None
        }
        head = {"alg": "ES256", "typ": "dpop+jwt", "jwk": public_jwk(key), **(header or {})}
        head = {name: value for name, value in head.items() if value is not None}
        return [("DPoP", es256(key, head, json.dumps(said).encode()))]

    as_secret = hs256(key, {"alg": "HS256", "typ": "dpop+jwt", "jwk": public_jwk(key)}, json.dumps(good).encode())
    header = b64u(json.dumps({"alg": "none", "typ": "dpop+jwt", "jwk": public_jwk(key)}).encode())
    return {
        "another method": made(htm="POST"),
        "another URL": made(htu=url + "/"),
        "another host": made(htu="https://evil.example/userinfo"),
        "no token hash": made(ath=None),
        "another token's hash": made(ath=b64u(sha256(b"x"))),
        "an hour old": made(iat=now - 3600),
        "an hour early": made(iat=now + 3600),
        "no time": made(iat=None),
        "no id": made(jti=None),
        "another type": made({"typ": "JWT"}),
        "no type": made({"typ": None}),
        "no key": made({"jwk": None}),
        "a private key": made({"jwk": key.as_dict(private=True)}),
        "another's key": made({"jwk": public_jwk(generate_p256())}),
        "a critical extension": made({"crit": ["b64"], "b64": True}),
        "no signature": [("DPoP", f"{header}.{b64u(json.dumps(good).encode())}.")],
        "the public key as a secret": [("DPoP", as_secret)],
        "two proofs": [*made(), *made(extra=1)],
        "nonsense": [("DPoP", "x.y.z")],
    }


WRONG = [
    *(
        "another method",
        "another URL",
        "another host",
        "no token hash",
        "another token's hash",
        "an hour old",
        "an hour early",
        "no time",
    ),
    *("no id", "another type", "no type", "no key", "a private key", "another's key", "a critical extension", "no signature"),
    *("the public key as a secret", "two proofs", "nonsense"),
]


@pytest.mark.parametrize("wrong", WRONG)
async def test_4_10_1_stolen_token_is_worth_nothing_without_its_key(shared: House, wrong: str) -> None:
    """RFC 9449 sections 4.3 and 11: each way in which a proof can be wrong."""
    program = Fapi2Program(shared)
    token = (await program.redeem(await program.code(Browser(shared)), resource=None)).json()["access_token"]
    headers = [("Authorization", f"DPoP {token}"), *proofs(shared, token, program.dpop_key)[wrong]]
    answer = await shared.client.get("/userinfo", headers=headers)

    assert (answer.status_code, 'error="invalid_dpop_proof"' in answer.headers["www-authenticate"]) == (401, True)


@pytest.mark.parametrize("ahead", [0, 10])
async def test_4_10_1_query_of_the_proof_and_small_skews_do_not_matter(shared: House, ahead: int) -> None:
    """RFC 9449 section 4.3: the URL is compared without query and fragment; clocks may be ten seconds ahead."""
    program = Fapi2Program(shared)
    token = (await program.redeem(await program.code(Browser(shared)), resource=None)).json()["access_token"]
    proof = dpop.make(program.dpop_key, "GET", shared.origin("gateway") + "/userinfo?a=b", shared.clock.timestamp() + ahead, token)

    assert (await shared.client.get("/userinfo?c=d", headers={"Authorization": f"DPoP {token}", "DPoP": proof})).status_code == 200


async def test_4_10_1_one_proof_eight_times_at_once_counts_once(shared: House) -> None:
    """Also across workers: it is remembered in the database."""
    program = Fapi2Program(shared)
    token = (await program.redeem(await program.code(Browser(shared)), resource=None)).json()["access_token"]
    headers = {"Authorization": f"DPoP {token}", **program.proof("/userinfo", token, "GET")}
    answers = await asyncio.gather(*(shared.client.get("/userinfo", headers=headers) for _ in range(8)))

    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 7


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
    errors = [(await program.refresh(answer["refresh_token"])).json()["error"] for answer in (first, second)]

    assert errors == ["invalid_grant", "invalid_grant"]


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


def forged_tokens(house: House, token: str) -> dict[str, str]:
    """Return access tokens that are each forged in one way."""
    head, claims, signature = token.split(".")
    public = house.app.state.gateway.token_keys.current.key
    stranger = generate_p256()
    kid, body = b64u(thumbprint(public)), unb64u(claims)

    def header(**said: Any) -> str:
        return b64u(json.dumps({"typ": "at+jwt", "kid": kid, **said}).encode())

    def signed(key: ECKey, **said: Any) -> str:
        return es256(key, {"alg": "ES256", "typ": "at+jwt", "kid": kid, **said}, body)

    return {
        "none": f"{header(alg='none')}.{claims}.",
        "None": f"{header(alg='None')}.{claims}.{signature}",
        "HS256": hs256(public, {"alg": "HS256", "typ": "at+jwt", "kid": kid}, body),
        "own key in the header": signed(stranger, jwk=public_jwk(stranger)),
        "key at a URL": signed(stranger, jku="https://evil.example/jwks", x5u="https://evil.example/x"),
        "path as key id": signed(stranger, kid="../../../../dev/null"),
        "SQL as key id": signed(stranger, kid="' OR 1=1 --"),
        "critical extension": signed(public, crit=["exp"], exp=1),
        "ID token": jose.sign("JWT", json.loads(body), public, kid=kid),
        "logout token": jose.sign("logout+jwt", json.loads(body), public, kid=kid),
        "changed": f"{head}.{b64u(body.replace(b'openid', b'opexid'))}.{signature}",
        "expired": jose.sign("at+jwt", {**json.loads(body), "exp": house.clock.timestamp()}, public, kid=kid),
    }


@pytest.mark.parametrize(
    "kind",
    [
        *(
            "none",
            "None",
            "HS256",
            "own key in the header",
            "key at a URL",
            "path as key id",
            "SQL as key id",
            "critical extension",
        ),
        *("ID token", "logout token", "changed", "expired"),
    ],
)
async def test_rfc8725_forged_token_is_refused(shared: House, kind: str) -> None:
    """Algorithms, keys and types are pinned; what a header brings is not believed."""
    program = Program(shared)
    token = forged_tokens(shared, (await program.sign_in(Browser(shared)))["access_token"])[kind]

    assert ((await program.userinfo(token)).status_code, await program.introspect(token)) == (401, {"active": False})


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


async def test_pairwise_17_3_programs_cannot_join_members(shared: House) -> None:
    """Two programs of one browser's member share no claim but those that are the same for everybody."""
    browser = Browser(shared)
    said: list[dict[str, Any]] = []
    for name in ("shop", "clinic"):
        answer = await Program(shared, name).sign_in(browser)
        access = jose.peek_claims(answer["access_token"])
        said.append({**access, **{f"id_{claim}": value for claim, value in jose.peek_claims(answer["id_token"]).items()}})
    same = {name for name in said[0] if said[0][name] == said[1].get(name)}

    assert same == {"iss", "id_iss", "aud", "scope", "acr", "id_acr", "iat", "exp", "id_iat", "id_exp"}


async def test_references_never_reach_programs(shared: House) -> None:
    """No token, answer or page for a program holds a reference of the member at any authority."""
    browser, program = Browser(shared), Program(shared)
    answer = await program.sign_in(browser)
    texts = [
        json.dumps([jose.peek_claims(answer[name]) for name in ("access_token", "id_token")]),
        (await program.userinfo(answer["access_token"])).text,
        json.dumps(await program.introspect(answer["access_token"])),
    ]
    secrets_ = [b64u(ref) for ref in (shared.member.gateway, shared.member.keyvault, shared.member.identity)]

    assert not [ref for ref in secrets_ for text in texts if ref in text]
    assert shared.member.employee not in str(texts)
