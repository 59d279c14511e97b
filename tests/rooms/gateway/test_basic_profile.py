"""Relying parties off the shelf: profile ``oidc-basic``, at the front channel, with a secret, with bearer tokens."""

from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
from joserfc.jwk import KeySet
from protocol import jose
from protocol.encoding import sha256, unb64u
from rooms.gateway import programs
from rooms.gateway.house import House
from rooms.gateway.program import Browser, Program, basic


async def test_code_gives_bearer_tokens(shared: House) -> None:
    """Without PAR, PKCE and DPoP: an access token for userinfo, a refresh token, an ID token with nonce, sid and at_hash."""
    program = Program(shared)
    answer = await program.sign_in(Browser(shared))
    keys = KeySet.import_key_set((await shared.client.get("/jwks")).json())
    id_token = jose.verify(answer["id_token"], keys, "jwt")
    access = jose.verify(answer["access_token"], keys, "at+jwt")

    assert (answer["token_type"], answer["scope"], access["aud"]) == ("Bearer", "openid", "http://localhost:8101/userinfo")
    assert (id_token["aud"], id_token["nonce"], id_token["acr"]) == ("shop", program.nonce, "urn:warifu:acr:group")
    assert (id_token["sub"], id_token["sid"]) == (access["sub"], access["sid"])
    assert unb64u(id_token["at_hash"]) == sha256(answer["access_token"].encode())[:16]
    assert "auth_time" not in id_token


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
async def test_secret_is_shown_in_one_of_two_ways(shared: House, method: str) -> None:
    """In the header or in the form (RFC 6749 section 2.3.1)."""
    program = Program(shared)
    code = (await program.answered(Browser(shared)))["code"]
    secret = programs.SECRETS["shop"]
    form = {"client_id": "shop", "client_secret": secret} if method == "client_secret_post" else {}
    answer = await program.redeem(code, headers={} if form else basic("shop", secret), **form)

    assert answer.status_code == 200


async def test_two_secrets_work_while_one_is_replaced(shared: House) -> None:
    """A program is given the new one before the old one goes."""
    program, statuses = Program(shared, "clinic"), []
    for name in ("clinic", "old-clinic", "shop"):
        code = (await program.answered(Browser(shared)))["code"]
        statuses.append((await program.redeem(code, headers=basic("clinic", programs.SECRETS[name]))).status_code)

    assert statuses == [200, 200, 401]


def wrong_proofs() -> list[tuple[dict[str, str], dict[str, Any], str]]:
    good = programs.SECRETS["shop"]
    return [
        ({}, {}, "invalid_client"),
        ({}, {"client_id": "shop"}, "invalid_client"),
        (basic("shop", "marker"), {}, "invalid_client"),
        (basic("nobody", good), {}, "invalid_client"),
        (basic("warifu-cli", good), {}, "invalid_client"),
        (basic("clinic", good), {}, "invalid_client"),
        (basic("shop", good), {"client_id": "clinic"}, "invalid_client"),
        (basic("shop", good), {"client_secret": good}, "invalid_request"),
        ({"Authorization": "Basic marker!"}, {}, "invalid_client"),
        ({"Authorization": "Bearer marker"}, {}, "invalid_client"),
        ({"Authorization": basic("shop", good)["Authorization"].replace("Basic", "Bearer")}, {}, "invalid_client"),
        ({"Authorization": "Basic " + b64encode(b"shop").decode()}, {}, "invalid_client"),
        ({}, {"client_assertion": "x.y.z"}, "invalid_client"),
    ]


@pytest.mark.parametrize(("headers", "form", "error"), wrong_proofs())
async def test_wrong_proof_of_a_program_is_refused(
    shared: House, headers: dict[str, str], form: dict[str, Any], error: str
) -> None:
    """Unknown and known programs are refused alike, with a challenge where a header was tried, and nothing is echoed."""
    program = Program(shared)
    code = (await program.answered(Browser(shared)))["code"]
    answer = await program.redeem(code, headers=headers, **form)

    assert (answer.json()["error"], "marker" in answer.text) == (error, False)
    assert ("www-authenticate" in answer.headers) == (bool(headers) and error == "invalid_client")


async def test_request_may_come_in_a_form(shared: House) -> None:
    """OpenID Connect Core 1.0 section 3.1.2.1: GET and POST; both are answered with 303."""
    browser = Browser(shared)
    sent = await Program(shared).authorize(browser, method="POST")

    assert (sent.status_code, sent.headers["location"].split("?")[0]) == (303, f"{shared.upstream.origin}/auth")


async def test_person_chooses_where_to_sign_in(shared: House) -> None:
    """Where the program names no provider there is a page, whose way without a company account leads to the portal."""
    page = await Program(shared).authorize(Browser(shared), provider=None)
    way = page.text.partition('href="/local-sign-in?')[2].partition('"')[0].replace("&amp;", "&")
    sent = await shared.client.get(f"/local-sign-in?{way}")

    assert (page.status_code, "Without a company account" in page.text, sent.status_code) == (200, True, 303)


SENT_BACK: list[tuple[dict[str, Any], str]] = [
    ({"response_type": "token"}, "unsupported_response_type"),
    ({"response_type": "code id_token"}, "unsupported_response_type"),
    ({"response_type": None}, "unsupported_response_type"),
    ({"response_mode": "form_post"}, "invalid_request"),
    ({"scope": "openid email"}, "invalid_scope"),
    ({"scope": "profile"}, "invalid_scope"),
    ({"request": "x.y.z"}, "request_not_supported"),
    ({"request_uri": "https://marker.example/"}, "request_uri_not_supported"),
    ({"prompt": "none"}, "login_required"),
    ({"prompt": "none login"}, "invalid_request"),
    ({"resource": "https://marker.example/"}, "invalid_target"),
    ({"resource": "http://localhost:8101"}, "invalid_target"),
    ({"code_challenge": "x"}, "invalid_request"),
    ({"claims": "marker"}, "invalid_request"),
    ({"provider": "https://marker.example/"}, "invalid_request"),
]


@pytest.mark.parametrize(("change", "error"), SENT_BACK)
async def test_refusal_goes_back_to_the_program(shared: House, change: dict[str, Any], error: str) -> None:
    """With its own state and our issuer, and nothing else of what was sent."""
    program = Program(shared)
    sent = await program.authorize(Browser(shared), **change)
    query = sent.headers["location"].partition("?")[2]

    assert sent.status_code == 303
    assert query == f"error={error}&state={program.state}&iss=http%3A%2F%2Flocalhost%3A8101"


async def test_unknown_parameters_and_scopes_of_wishes_are_ignored(shared: House) -> None:
    """login_hint, ui_locales, display, claims_locales and unknown ways of signing in keep nobody out."""
    wishes = {"login_hint": "x", "ui_locales": "ja", "display": "page", "claims_locales": "ja", "acr_values": "1 2", "foo": "bar"}

    assert "code" in await Program(shared).answered(Browser(shared), **wishes)


async def test_refresh_token_needs_its_programs_proof(shared: House) -> None:
    """Nobody else's, and no narrower scope is widened again."""
    program = Program(shared)
    token = (await program.sign_in(Browser(shared), scope="openid profile"))["refresh_token"]
    stolen = await Program(shared, "clinic").refresh(token)
    narrow = await program.refresh(token, scope="openid")
    wide = await program.refresh(token, scope="openid steps.read")

    assert (stolen.json()["error"], narrow.json()["scope"], wide.json()["error"]) == ("invalid_grant", "openid", "invalid_scope")


async def test_programs_session_does_not_idle(house: House) -> None:
    """A program that never refreshes keeps its session until it is over: nobody is signed out of it while working."""
    program = Program(house)
    answer = await program.sign_in(Browser(house))
    house.fixed.advance(timedelta(hours=7, minutes=59))
    before = (await program.refresh(answer["refresh_token"])).status_code
    house.fixed.advance(timedelta(minutes=1))

    assert (before, (await program.refresh(answer["refresh_token"])).status_code) == (200, 400)


async def test_token_for_a_named_audience(shared: House) -> None:
    """A resource that was named in the request may be asked for at the token endpoint, each token for one (RFC 8707)."""
    program = Program(shared)
    code = (await program.answered(Browser(shared), resource=programs.STEPS_API))["code"]
    answer = (await program.redeem(code, resource=programs.STEPS_API)).json()
    other = await program.refresh(answer["refresh_token"], resource=programs.OTHER_API)
    both = await program.refresh(answer["refresh_token"], resource=[programs.STEPS_API, programs.OTHER_API])

    assert jose.peek_claims(answer["access_token"])["aud"] == programs.STEPS_API
    assert [each.json()["error"] for each in (other, both)] == ["invalid_target", "invalid_target"]


async def test_evidence_is_not_shown_to_programs(shared: House) -> None:
    """A program's server must never hold a member's evidence: a request with some is refused."""
    program = Program(shared)
    answer = await shared.client.post(
        "/par", data={**program.asked(), "evidence": "x", "statement": "y"}, headers=basic("shop", programs.SECRETS["shop"])
    )

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_program_may_push_too(shared: House) -> None:
    """PAR is there for everybody who proves themselves (RFC 9126)."""
    program, browser = Program(shared), Browser(shared)
    pushed = await shared.client.post("/par", data=program.asked(), headers=basic("shop", programs.SECRETS["shop"]))
    sent = await browser.application.authorize(pushed.json()["request_uri"], "shop")

    assert (pushed.status_code, sent.status_code) == (201, 303)
