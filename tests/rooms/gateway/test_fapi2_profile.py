"""Profile ``fapi2``: FAPI 2.0 Security Profile (section 5.3.2), program by program."""

from datetime import timedelta
from typing import Any

import pytest
from joserfc.jwk import KeySet
from protocol import jose
from protocol.encoding import b64u
from protocol.jose import generate_p256, thumbprint
from rooms.gateway import programs
from rooms.gateway.house import House
from rooms.gateway.program import Browser, Fapi2Program, Program


async def test_tokens_are_bound_and_for_one_audience(shared: House) -> None:
    """private_key_jwt, PAR, PKCE, DPoP: a bound token for the named audience, and the same refresh token again and again."""
    program = Fapi2Program(shared)
    answer = (await program.redeem(await program.code(Browser(shared)))).json()
    keys = KeySet.import_key_set((await shared.client.get("/jwks")).json())
    claims = jose.verify(answer["access_token"], keys, "at+jwt")
    statuses = [
        (await program.token(grant_type="refresh_token", refresh_token=answer["refresh_token"])).status_code for _ in range(3)
    ]

    assert (answer["token_type"], claims["aud"], claims["scope"]) == ("DPoP", programs.STEPS_API, "openid steps.read")
    assert (claims["cnf"], claims["client_id"]) == ({"jkt": b64u(thumbprint(program.dpop_key))}, "steps")
    assert statuses == [200, 200, 200]


WRONG_ASSERTIONS: list[dict[str, Any]] = [
    {"aud": "http://localhost:8101/token"},
    {"aud": "http://localhost:8101/par"},
    {"aud": ["http://localhost:8101"]},
    {"aud": ["http://localhost:8101", "https://evil.example"]},
    {"aud": None},
    {"iss": "night-job"},
    {"sub": "nobody"},
    {"sub": "shop", "iss": "shop"},
    {"exp": 1},
    {"exp": None},
    {"exp": "soon"},
    {"iat": 1},
    {"nbf": 2**40},
    {"jti": None},
    {"jti": "short"},
    {"key": generate_p256()},
    {"typ": "dpop+jwt"},
    {"typ": "at+jwt"},
]


@pytest.mark.parametrize("change", WRONG_ASSERTIONS)
async def test_wrong_assertion_is_refused(shared: House, change: dict[str, Any]) -> None:
    """Another audience than the issuer as a string, another issuer, key, type or time: invalid_client, everywhere alike."""
    program = Fapi2Program(shared)
    answer = await program.push(proof=program.assertion(**change))

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_assertion_ahead_by_ten_seconds_is_fine(shared: House) -> None:
    """Clocks differ: ten seconds are accepted, more than sixty are not (section 5.3.2.1 item 13)."""
    program, now = Fapi2Program(shared), shared.clock.timestamp()
    statuses = [
        (await program.push(proof=program.assertion(iat=now + ahead, nbf=now + ahead, exp=now + 300))).status_code
        for ahead in (10, 61)
    ]

    assert statuses == [201, 401]


async def test_assertion_counts_once(shared: House) -> None:
    """Whoever sees an assertion cannot use it."""
    program = Fapi2Program(shared)
    proof = program.assertion()
    statuses = [(await program.push(proof=proof)).status_code for _ in range(2)]

    assert statuses == [201, 401]


async def test_assertion_that_asked_revokes_nothing(shared: House) -> None:
    """What somebody saw at introspection ends no session, and asks nothing a second time."""
    program = Fapi2Program(shared)
    token = (await program.redeem(await program.code(Browser(shared)))).json()["refresh_token"]
    form = {"token": token, **program.assertion()}
    asked = await shared.client.post("/introspect", data=form)
    again = [await shared.client.post(path, data=form) for path in ("/introspect", "/revoke")]

    assert (asked.json()["active"], [answer.status_code for answer in again]) == (True, [401, 401])
    assert [answer.json()["error"] for answer in again] == ["invalid_client"] * 2
    assert (await program.introspect(token))["active"] is True


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"proof": {}}, "invalid_client"),
        ({"proof": {"client_id": "steps", "client_secret": "x"}}, "invalid_client"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"redirect_uri": None}, "invalid_request"),
        ({"redirect_uri": "https://steps.example/callback/"}, "invalid_request"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"request_uri": "urn:ietf:params:oauth:request_uri:x"}, "invalid_request"),
        ({"scope": "openid admin"}, "invalid_scope"),
        ({"resource": "http://localhost:8102"}, "invalid_target"),
    ],
)
async def test_push_refusal(shared: House, change: dict[str, Any], error: str) -> None:
    """PAR is authenticated, with PKCE S256, a registered redirect and no more than the program was given."""
    answer = await Fapi2Program(shared).push(**change)

    assert answer.json()["error"] == error


async def test_only_pushed_requests_count(shared: House) -> None:
    """The front channel is closed (section 5.3.2.2 item 2)."""
    answer = await Browser(shared).go(
        "GET", "/authorize", params={"client_id": "steps", "response_type": "code", "redirect_uri": programs.STEPS_REDIRECT}
    )

    assert (answer.status_code, "location" in answer.headers) == (400, False)


@pytest.mark.parametrize(("seconds", "status"), [(59, 200), (60, 400)])
async def test_code_lives_a_minute(house: House, seconds: int, status: int) -> None:
    """Section 5.3.2.1 item 11."""
    program = Fapi2Program(house)
    code = await program.code(Browser(house))
    house.fixed.advance(timedelta(seconds=seconds))

    assert (await program.redeem(code)).status_code == status


async def test_code_is_bound_to_its_key(shared: House) -> None:
    """RFC 9449 section 10: the key that pushed redeems."""
    program = Fapi2Program(shared)
    code = await program.code(Browser(shared))
    program.dpop_key = generate_p256()

    assert (await program.redeem(code)).json()["error"] == "invalid_grant"


async def test_tokens_need_a_key(shared: House) -> None:
    """No token of this profile is a bearer token."""
    program = Fapi2Program(shared)
    code = await program.code(Browser(shared))
    errors = [(await program.redeem(code, headers={})).json()["error"], (await program.for_itself(headers={})).json()["error"]]

    assert errors == ["invalid_dpop_proof", "invalid_dpop_proof"]


async def test_program_for_itself(shared: House) -> None:
    """client_credentials: a bound token whose subject is no member's, for the scope that the program was given."""
    program = Fapi2Program(shared)
    answer = (await program.for_itself()).json()
    claims = jose.peek_claims(answer["access_token"])

    assert (answer["token_type"], answer["scope"], "refresh_token" in answer) == ("DPoP", "steps.read steps.write", False)
    assert (claims["sub"], claims["aud"], "sid" in claims) == ("client:steps", programs.STEPS_API, False)


@pytest.mark.parametrize(
    ("client_id", "change", "error"),
    [
        ("night-job", {}, "invalid_target"),
        ("night-job", {"resource": "http://localhost:8101/userinfo"}, "invalid_target"),
        ("night-job", {"resource": programs.STEPS_API, "scope": "steps.read"}, "invalid_scope"),
        ("night-job", {"grant_type": "authorization_code", "resource": programs.STEPS_API, "code": "x"}, "unauthorized_client"),
        ("steps", {"resource": programs.OTHER_API}, "invalid_target"),
    ],
)
async def test_program_for_itself_refusal(shared: House, client_id: str, change: dict[str, Any], error: str) -> None:
    """One audience, named where there are several, and no more than was given."""
    answer = await Fapi2Program(shared, client_id).for_itself(**change)

    assert answer.json()["error"] == error


async def test_other_programs_are_not_given_it(shared: House) -> None:
    """client_credentials is for whom the configuration gives it."""
    assert (await Program(shared).token(grant_type="client_credentials")).json()["error"] == "unauthorized_client"
