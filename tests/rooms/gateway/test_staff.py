"""Staff signs in apart from members: roles by explicit rules, tokens for stores alone, nothing of a member."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from chassis.seal import seal
from gateway.app import SERVICE
from gateway.config import StaffConfig
from gateway.roles import RoleRule, roles_of
from gateway.upstream import Claims, SignedIn
from gateway.use_cases.staff_token import purge
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import KeySet
from protocol import dpop
from protocol.access_token import AccessToken
from protocol.jose import TokenRefused, generate_p256, thumbprint
from protocol.staff import SESSION_LIFETIME
from pydantic import ValidationError
from rooms.gateway.application import Application
from rooms.gateway.house import House, path_of
from rooms.gateway.staff_application import REDIRECT, StaffApplication

ANALYST = {"groups": ["g-somebody", "g-analysts"]}


async def signed_in(house: House, **claims: Any) -> tuple[StaffApplication, str, str]:
    """Return an application, an access token and a refresh token of somebody with these claims."""
    house.upstream.claims = claims or ANALYST
    application = StaffApplication(house)
    answer = await application.redeem(await application.code())
    assert answer.status_code == 200, answer.text
    return application, answer.json()["access_token"], answer.json()["refresh_token"]


async def test_a_token_for_one_store(house: House) -> None:
    """Staff is given a token for one store: roles, key and five minutes, a subject of that store, and no member."""
    application, _, refresh_token = await signed_in(house, groups=["g-analysts", "g-office"], warifu_roles="manager")
    here = application.decoded(await application.refresh(refresh_token))
    there = application.decoded(await application.refresh(refresh_token, "programs"), "programs")

    assert (here.roles, here.jkt, here.exp - here.iat) == (
        ("analyst", "office", "program-manager"),
        thumbprint(application.key),
        300,
    )
    assert here.sub != there.sub
    assert not {here.sub, there.sub} & {house.member.gateway, house.member.keyvault, house.member.identity}


async def test_the_subject_stays(house: House) -> None:
    """Somebody is the same subject at every sign-in, which officers list; somebody else is another."""
    subjects = []
    for employee in ("E-0001", "E-0001", "E-7777"):
        house.upstream.employee = employee
        application, _, refresh_token = await signed_in(house)
        subjects.append(application.decoded(await application.refresh(refresh_token)).sub)

    assert (subjects[0] == subjects[1], subjects[0] == subjects[2]) == (True, False)


ROLELESS: dict[str, tuple[str, Mapping[str, Any]]] = {
    "no-claim": ("no-role", {}),
    "other-groups": ("no-role", {"groups": ["g-somebody", "G-ANALYSTS", "g-analysts "]}),
    "one-in-another": ("no-role", {"groups": ["all g-analysts"], "warifu_roles": "g-analysts"}),
    "empty": ("no-role", {"groups": []}),
    "overage": ("roles-elsewhere", {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "https://x"}}}),
    "overage-and-a-role": ("roles-elsewhere", {"_claim_names": {"groups": "src1"}, "warifu_roles": "manager"}),
    "has-groups": ("roles-elsewhere", {"hasgroups": True, "groups": ["g-analysts"]}),
    "a-number": ("roles-unreadable", {"groups": 7}),
    "a-map": ("roles-unreadable", {"groups": {"g-analysts": True}}),
    "not-only-texts": ("roles-unreadable", {"groups": ["g-analysts", 7]}),
    "nested": ("roles-unreadable", {"groups": [["g-analysts"]]}),
}
TITLES = {"no-role": "You have no role here", "roles-elsewhere": "so many groups", "roles-unreadable": "not in the form"}


@pytest.mark.parametrize("what", ROLELESS)
async def test_no_role(house: House, what: str) -> None:
    """Whoever has no role, or whose claims cannot be read, is told why on a page that leads back, and gets no code."""
    page, claims = ROLELESS[what]
    house.upstream.claims = dict(claims)
    answer = await StaffApplication(house).come_back()

    assert (answer.status_code, TITLES[page] in answer.text, "error=access_denied" in answer.text) == (403, True, True)
    assert await house.sql("SELECT 1 FROM staff_attempt WHERE stage = 'code'") == []


_RULES = (
    RoleRule(issuer="https://idp", claim="groups", value="a", role="analyst"),
    RoleRule(issuer="https://idp", claim="groups", value="b", role="office"),
    RoleRule(issuer="https://other", claim="groups", value="a", role="program-manager"),
)


@given(st.lists(st.text(max_size=3)), st.sampled_from(["https://idp", "https://other", "https://idp/"]))
def test_roles_are_the_rules(groups: list[str], issuer: str) -> None:
    """A role is there when, and only when, a rule of this issuer has one of the claim's very values."""
    person = SignedIn(issuer, "sub", None, Claims({"groups": groups}))
    wanted = {rule.role for rule in _RULES if rule.issuer == issuer and any(rule.value == group for group in groups)}

    assert set(roles_of(_RULES, person)) == wanted


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "warifu-cli"},
        {"redirect_uri": "https://elsewhere.example/"},
        {"response_type": "token"},
        {"scope": "openid"},
        {"scope": "staff openid"},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"code_challenge": "short"},
        {"resource": None},
        {"resource": ["http://localhost:8101"]},
        {"resource": ["http://localhost:8104", "http://localhost:8104"]},
        {"state": "x" * 2049},
        {"proved": False},
    ],
    ids=lambda changes: "-".join(f"{name}" for name in changes),
)
async def test_refused_push(shared: House, changes: dict[str, Any]) -> None:
    """An application of members, another scope, an authority as audience, no PKCE or no DPoP: nothing is pushed."""
    answer = await StaffApplication(shared).push(**changes)

    assert answer.status_code in (400, 401), answer.text


async def test_members_and_staff_are_apart(house: House) -> None:
    """Neither sign-in asks for the other's audience, neither's refresh token is the other's, no authority reads a staff token."""
    application, token, refresh_token = await signed_in(house)
    house.upstream.claims = {}
    member = Application(house, key=application.key)
    answer = await member.sign_in()
    at_stores = [await member.push(resource=[house.origin(store)]) for store in ("anon-data", "programs")]
    crossed = [
        await application.refresh(answer["refresh_token"]),
        await member.refresh(refresh_token, resource=house.origin("keyvault")),
        await application.refresh(refresh_token, "keyvault"),
        await application.refresh(refresh_token, "gateway"),
    ]

    assert [refused.json()["error"] for refused in at_stores] == ["invalid_target"] * 2
    assert [refused.status_code for refused in crossed] == [400] * 4
    assert (await member.sign_out(token)).status_code == 401
    keys = KeySet.import_key_set((await house.client.get("/jwks")).json())
    with pytest.raises(TokenRefused):
        AccessToken.decode(token, keys, house.origin("gateway"), house.origin("keyvault"), house.clock.timestamp())


async def test_nothing_of_a_member(house: House) -> None:
    """An employee who is member and staff leaves two rows that share no value."""
    application, _, _ = await signed_in(house)
    house.upstream.claims = {}
    await Application(house).sign_in()
    tables = {
        name: {value for row in await house.sql(f"SELECT * FROM {name}") for value in row.values() if isinstance(value, bytes)}
        for name in ("staff_sign_in", "staff_attempt", "sign_in", "authorization_attempt", "verifier", "pairwise_reference")
    }
    staff = tables["staff_sign_in"] | tables["staff_attempt"]

    assert len(tables["staff_sign_in"]) == 4
    assert (
        staff & (tables["sign_in"] | tables["authorization_attempt"] | tables["verifier"] | tables["pairwise_reference"]) == set()
    )
    assert house.member.gateway not in staff
    assert thumbprint(application.key) in staff


async def test_a_code_works_once(house: House) -> None:
    """A code that comes again ends the sign-in that it made."""
    house.upstream.claims = ANALYST
    application = StaffApplication(house)
    code = await application.code()
    first = await application.redeem(code)
    again = await application.redeem(code)

    assert (first.status_code, again.json()["error"]) == (200, "invalid_grant")
    assert (await application.refresh(first.json()["refresh_token"])).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "changes",
    [{"code_verifier": "x" * 43}, {"redirect_uri": REDIRECT + "/"}, {"client_id": "warifu-cli"}, {"proved": False}, {"key": None}],
    ids=lambda changes: next(iter(changes)),
)
async def test_refused_code(house: House, changes: dict[str, Any]) -> None:
    """A code is for the application, key and verifier that pushed the request."""
    house.upstream.claims = ANALYST
    application = StaffApplication(house)
    code = await application.code()
    answer = await application.redeem(code, **{**changes, **({"key": generate_p256()} if "key" in changes else {})})

    assert answer.status_code in (400, 401), answer.text


async def test_it_ends(house: House) -> None:
    """A sign-in ends by signing out, after half an hour without use, and after four hours however often it is used."""
    application, _, refresh_token = await signed_in(house)
    answer = await application.post("/staff/sign-out", {"client_id": "warifu-staff-cli", "refresh_token": refresh_token})
    ended = [(answer.status_code, (await application.refresh(refresh_token)).status_code)]
    application, _, refresh_token = await signed_in(house)
    house.fixed.advance(timedelta(minutes=30))
    ended.append((204, (await application.refresh(refresh_token)).status_code))
    application, _, refresh_token = await signed_in(house)
    for _ in range(SESSION_LIFETIME // 1500 + 1):
        house.fixed.advance(timedelta(seconds=1500))
        last = await application.refresh(refresh_token)

    assert [*ended, (204, last.status_code)] == [(204, 400)] * 3


async def test_somebody_elses_key_ends_nothing(house: House) -> None:
    """A stolen refresh token neither gives a token nor signs anybody out."""
    application, _, refresh_token = await signed_in(house)
    thief = StaffApplication(house)
    refused = await thief.refresh(refresh_token)
    await thief.post("/staff/sign-out", {"client_id": "warifu-staff-cli", "refresh_token": refresh_token})

    assert (refused.status_code, (await application.refresh(refresh_token)).status_code) == (400, 200)


async def test_the_browser_is_the_one_that_was_sent(house: House) -> None:
    """The way back works once, in the browser with the cookie, and a member's callback takes no staff."""
    house.upstream.claims = ANALYST
    application = StaffApplication(house)
    sent = await application.authorize((await application.push()).json()["request_uri"])
    house.client.cookies.clear()
    query = dict(parse_qsl(urlsplit(sent.headers["location"]).query))
    answer = await house.client.get("/staff/callback", params={"state": query["state"], "code": "x"})

    assert (query["redirect_uri"], query["client_id"]) == (house.origin("gateway") + "/staff/callback", "gateway-staff-at-group")
    assert (answer.status_code, "expired" in answer.text) == (400, True)


async def test_no_way_is_gone_twice(house: House) -> None:
    """A request_uri and a state work once each; one that was never given, or is another application's, leads to the same page."""
    house.upstream.claims = ANALYST
    application = StaffApplication(house)
    request_uri = (await application.push()).json()["request_uri"]
    unknown = [await application.authorize(uri) for uri in (request_uri[:-43] + "A" * 43, "x", "")]
    sent = await application.authorize(request_uri)
    kept = application.cookie
    again = await application.authorize(request_uri)
    async with httpx.AsyncClient() as browser:
        way = path_of((await browser.get(sent.headers["location"])).headers["location"])
    back = [await house.client.get(way, headers={"Cookie": kept}) for _ in range(2)]

    assert [answer.status_code for answer in (*unknown, sent, again, *back)] == [400, 400, 400, 303, 400, 303, 400]
    assert all("This page has expired" in answer.text for answer in (*unknown, again, back[1]))


async def test_a_proof_of_the_key_counts_once(house: House) -> None:
    """A DPoP proof that somebody saw pushes nothing, and gives and ends nothing with a refresh token that was stolen too."""
    application, _, refresh_token = await signed_in(house)
    shown = {"client_id": "warifu-staff-cli", "refresh_token": refresh_token}
    asked = {**shown, "grant_type": "refresh_token", "resource": house.origin("anon-data")}
    url, now, seen = house.origin("gateway"), house.clock.timestamp(), []
    for path, form in (("/staff/token", asked), ("/staff/sign-out", shown)):
        headers = {"DPoP": dpop.make(application.key, "POST", url + path, now)}
        await house.client.post(path, data={**form, "client_id": "nobody"}, headers=headers)
        seen.append(await house.client.post(path, data=form, headers=headers))

    assert [(answer.status_code, answer.json()["error"]) for answer in seen] == [(400, "invalid_dpop_proof")] * 2
    assert (await application.refresh(refresh_token)).status_code == 200


async def test_a_token_is_for_stores_that_were_asked_for(house: House) -> None:
    """A sign-in for one store gives no token for the other one."""
    house.upstream.claims = ANALYST
    application = StaffApplication(house)
    answer = await application.redeem(await application.code(resource=house.origin("programs")), "programs")
    other = await application.refresh(answer.json()["refresh_token"], "anon-data")

    assert (answer.status_code, other.status_code, other.json()["error"]) == (200, 400, "invalid_target")


async def test_signing_out_names_the_sign_in(house: House) -> None:
    """Signing out without a refresh token, or with what cannot be one, is refused, not taken for done."""
    application, _, refresh_token = await signed_in(house)
    answers = [
        await application.post("/staff/sign-out", {"client_id": "warifu-staff-cli", "refresh_token": token})
        for token in (None, refresh_token[1:])
    ]

    assert [(answer.status_code, answer.json()["error"]) for answer in answers] == [(400, "invalid_request")] * 2
    assert (await application.refresh(refresh_token)).status_code == 200


async def test_where_no_staff_signs_in(house: House) -> None:
    """A gateway without staff says so to an application, and shows a browser that there is no way on."""
    application, _, refresh_token = await signed_in(house)
    house.app.state.staff_desk = None
    calls = [await application.push(), await application.refresh(refresh_token)]
    calls.append(await application.post("/staff/sign-out", {"client_id": "warifu-staff-cli", "refresh_token": refresh_token}))
    pages = [await application.authorize("x"), await house.client.get("/staff/callback?state=x")]

    assert [(answer.status_code, answer.json()["error"]) for answer in calls] == [(400, "unauthorized_client")] * 3
    assert [(page.status_code, "This page has expired" in page.text) for page in pages] == [(400, True)] * 2


async def test_the_provider_refuses(house: House) -> None:
    """An ID token for the members' client is refused on a page."""
    house.upstream.claims = {**ANALYST, "aud": "gateway-at-group"}

    assert (await StaffApplication(house).come_back()).status_code == 400


LEFT = "SELECT (SELECT count(*) FROM staff_sign_in) AS sign_ins, (SELECT count(*) FROM staff_attempt) AS attempts"


async def left(house: House) -> tuple[int, int]:
    row = (await house.sql(LEFT))[0]
    return row["sign_ins"], row["attempts"]


async def test_over_is_forgotten(house: House) -> None:
    """What is over goes with the next look of the worker; what lasts stays."""
    await signed_in(house)
    house.fixed.advance(timedelta(minutes=29))
    await purge(house.app.state.db, house.clock.now())
    before = await left(house)
    house.fixed.advance(timedelta(seconds=SESSION_LIFETIME))
    await purge(house.app.state.db, house.clock.now())

    assert (before, await left(house)) == ((1, 1), (0, 0))


async def test_the_seal_forgets_what_is_over(house: House) -> None:
    """The seal rewrites what lasts, and takes away what is over, whether or not the service ran."""
    application, _, refresh_token = await signed_in(house)
    await seal(house.urls.owner_url, *SERVICE.sealing, now=house.fixed.timestamp())
    kept = (await application.refresh(refresh_token)).status_code
    house.fixed.advance(timedelta(seconds=SESSION_LIFETIME + 1))
    await seal(house.urls.owner_url, *SERVICE.sealing, now=house.fixed.timestamp())

    assert (kept, await left(house)) == (200, (0, 0))


def test_configuration_says_what_is_wrong() -> None:
    """A rule about an issuer at which staff does not sign in is an error, and so is an application of another profile."""
    provider = {"issuer": "https://idp", "client_id": "c", "client_secret_file": "f"}
    client = {"client_id": "a", "redirect_uris": ["http://127.0.0.1/callback"]}
    rule = {"issuer": "https://idp", "claim": "groups", "value": "a", "role": "analyst"}
    wrong = [{**rule, "issuer": "https://idp/"}, {**rule, "role": "director"}, {**rule, "value": ""}, {**rule, "more": 1}]

    StaffConfig.model_validate({"provider": provider, "clients": [client], "rules": [rule]})
    for each in wrong:
        with pytest.raises(ValidationError):
            StaffConfig.model_validate({"provider": provider, "clients": [client], "rules": [each]})
    fapi2 = {"client_id": "b", "profile": "fapi2", "keys_file": "f", "redirect_uris": ["https://b.example/callback"]}
    with pytest.raises(ValidationError, match="of profile app"):
        StaffConfig.model_validate({"provider": provider, "clients": [client, fapi2], "rules": [rule]})
