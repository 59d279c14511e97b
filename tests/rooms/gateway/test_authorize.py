"""The browser's way to the group's provider and back."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from protocol.jose import generate_p256
from rooms.gateway.application import REDIRECT, Application
from rooms.gateway.house import House
from rooms.gateway.insurer import Insurer


async def pushed(application: Application) -> str:
    return str((await application.push()).json()["request_uri"])


def is_page(headers: Any) -> bool:
    """Whether an answer is one of the gateway's own pages, with everything that protects it."""
    policy = headers["content-security-policy"]
    return (
        headers["content-type"].startswith("text/html")
        and "default-src 'none'" in policy
        and "frame-ancestors 'none'" in policy
        and (headers["referrer-policy"], headers["x-content-type-options"], headers["cache-control"])
        == ("no-referrer", "nosniff", "no-store")
        and headers["x-frame-options"] == "DENY"
        and "location" not in headers
    )


async def test_request_uri_works_once(shared: House) -> None:
    """The second use of a request_uri ends on a page."""
    application = Application(shared)
    request_uri = await pushed(application)
    first, second = [await application.authorize(request_uri) for _ in range(2)]

    assert (first.status_code, second.status_code, is_page(second.headers)) == (303, 400, True)


async def test_request_uri_lives_a_minute(house: House) -> None:
    """A request_uri of a minute ago is over."""
    application = Application(house)
    request_uri = await pushed(application)
    house.fixed.advance(timedelta(seconds=60))

    assert (await application.authorize(request_uri)).status_code == 400


async def test_request_uri_is_its_applications_own(shared: House) -> None:
    """Another application cannot use a request_uri, and does not use it up."""
    application = Application(shared)
    request_uri = await pushed(application)
    statuses = [(await application.authorize(request_uri, client_id)).status_code for client_id in ("other-app", "warifu-cli")]

    assert statuses == [400, 303]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "client_id=warifu-cli",
        "client_id=warifu-cli&request_uri=https%3A%2F%2Fevil.example%2Frequest",
        "client_id=warifu-cli&response_type=code&redirect_uri=https%3A%2F%2Fevil.example%2F&scope=openid",
        "client_id=warifu-cli&client_id=warifu-cli&request_uri=x",
        "client_id=%ff",
    ],
)
async def test_only_pushed_requests_are_taken(shared: House, query: str) -> None:
    """Whatever was not pushed ends on a page, and no redirect leads anywhere."""
    answer = await shared.client.get(f"/authorize?{query}")

    assert (answer.status_code, is_page(answer.headers), "evil" in answer.text) == (400, True, False)


async def test_provider_is_asked_as_configured(shared: House) -> None:
    """The browser goes to the provider with the gateway's own client, PKCE, a nonce, and the one scope."""
    application = Application(shared)
    location = (await application.authorize(await pushed(application))).headers["location"]
    asked = parse_qs(urlsplit(location).query)

    assert (location.split("?")[0], asked["scope"], asked["code_challenge_method"], sorted(asked)) == (
        f"{shared.upstream.origin}/auth",
        ["openid"],
        ["S256"],
        ["client_id", "code_challenge", "code_challenge_method", "nonce", "redirect_uri", "response_type", "scope", "state"],
    )


async def test_every_browser_gets_a_fresh_cookie(shared: House) -> None:
    """A cookie that was there before, maybe set by somebody else, is not taken over."""
    application, fixed = Application(shared), "A" * 43
    answer = await shared.client.get(
        "/authorize",
        params={"client_id": "warifu-cli", "request_uri": await pushed(application)},
        headers={"Cookie": f"warifu_gateway_flow={fixed}"},
    )

    assert fixed not in answer.headers["set-cookie"]


async def test_state_works_once(house: House) -> None:
    """The provider's answer is taken once."""
    application = Application(house)
    location = await application.returned()
    statuses = [(await application.come_back(location)).status_code for _ in range(2)]

    assert (statuses, house.upstream.redeemed) == ([303, 400], 1)


async def test_state_is_its_browsers_own(house: House) -> None:
    """Without the cookie, or with another's, the answer is refused and not used up (RFC 9700 section 4.7)."""
    application, attacker = Application(house), Application(house)
    await attacker.returned()
    location = await application.returned()
    statuses = [
        (await application.come_back(location, cookie)).status_code for cookie in ("", attacker.cookie, "warifu_gateway_flow=x")
    ]
    statuses.append((await application.come_back(location)).status_code)

    assert (statuses, house.upstream.redeemed) == ([400, 400, 400, 303], 1)


async def test_signing_in_at_the_provider_may_take_ten_minutes(house: House) -> None:
    """After ten minutes the state is over."""
    application = Application(house)
    location = await application.returned()
    house.fixed.advance(timedelta(minutes=10))

    assert (await application.come_back(location)).status_code == 400


@pytest.mark.parametrize("iss", ["https://evil.example", ""])
async def test_mixed_up_answer_is_refused_before_its_code_is_used(house: House, iss: str) -> None:
    """Another issuer's answer, or one that hides its issuer, ends before the token endpoint (RFC 9207)."""
    application = Application(house)
    parts = urlsplit(await application.returned())
    query = "&".join(f"{name}={value if name != 'iss' else iss}" for name, value in parse_qsl(parts.query))
    answer = await application.come_back(parts._replace(query=query).geturl())

    assert (answer.status_code, is_page(answer.headers), house.upstream.redeemed) == (400, True, 0)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "evidence"},
        {"aud": ["gateway-at-group", "evidence"]},
        {"azp": "evidence"},
        {"iss": "https://evil.example"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"iat": 1},
        {"sub": None},
        {"employee_number": None},
        {"employee_number": 7},
    ],
)
async def test_wrong_id_token_is_refused(shared: House, claims: dict[str, Any]) -> None:
    """An ID token for others, of others, out of time, or without what names the employee signs nobody in."""
    shared.upstream.claims = claims
    application = Application(shared)
    answer = await application.come_back(await application.returned())

    assert (answer.status_code, is_page(answer.headers)) == (400, True)


async def test_foreign_signature_is_refused(house: House) -> None:
    """An ID token that another key signed under the published key's id is refused."""
    house.upstream.signing_key = generate_p256()
    application = Application(house)

    assert (await application.come_back(await application.returned())).status_code == 400


async def test_other_kind_of_token_is_refused(house: House) -> None:
    """A logout token of the provider is no ID token."""
    house.upstream.typ = "logout+jwt"
    application = Application(house)

    assert (await application.come_back(await application.returned())).status_code == 400


async def test_provider_may_change_its_key(house: House) -> None:
    """A key that is not known yet is fetched, but not more often than every ten seconds."""
    await Application(house).sign_in()
    house.upstream.key = generate_p256()
    application = Application(house)
    at_once = (await application.come_back(await application.returned())).status_code
    house.fixed.advance(timedelta(seconds=10))
    later = (await application.come_back(await application.returned())).status_code

    assert (at_once, later) == (400, 303)


async def test_stranger_sees_a_page(house: House) -> None:
    """Who has an account at the group but is not enrolled sees why, and no name or number of theirs."""
    house.upstream.employee = "E-9999"
    application = Application(house)
    answer = await application.come_back(await application.returned())

    assert (answer.status_code, is_page(answer.headers), "利用の登録がありません" in answer.text, "9999" in answer.text) == (
        403,
        True,
        True,
        False,
    )


@pytest.mark.parametrize(
    ("said", "status"),
    [({"id_token": None}, 400), ({"id_token": 7}, 400), ({"padding": "x" * 256 * 1024}, 503), ({"padding": "x" * 1024}, 303)],
    ids=["no-id-token", "a-number", "too-large", "something-more"],
)
async def test_answer_of_the_token_endpoint(house: House, said: dict[str, Any], status: int) -> None:
    """One without an ID token is refused, one without an end is not read to it, and neither signs anybody in."""
    house.upstream.answer = said
    application = Application(house)
    answer = await application.come_back(await application.returned())

    assert (answer.status_code, house.upstream.redeemed, bool(application.session)) == (status, 1, status == 303)
    assert len(await house.sql("SELECT 1 FROM authorization_attempt WHERE ref IS NOT NULL")) == (status == 303)


async def test_ended_access_signs_nobody_in(house: House) -> None:
    """Whose access the insurer ended reads so on a page that leads back, and no code, browser or session comes of it."""
    await Insurer(house, [house.member]).access_ends(house.member)
    application = Application(house)
    answer = await application.come_back(await application.returned())
    left = await house.sql("SELECT 1 FROM authorization_attempt WHERE ref IS NOT NULL UNION ALL SELECT 1 FROM browser_session")

    assert (answer.status_code, is_page(answer.headers), "利用期間が終わりました" in answer.text) == (403, True, True)
    assert ("error=access_denied" in answer.text, left) == (True, [])


async def test_providers_refusal_goes_to_the_application(shared: House) -> None:
    """Somebody who turns back at the provider comes back to the application with an error, state and issuer."""
    application = Application(shared)
    parts = urlsplit(await application.returned())
    said = dict(parse_qsl(parts.query))
    query = f"error=access_denied&error_description=marker&state={said['state']}&iss={said['iss']}"
    answer = await application.come_back(parts._replace(query=query).geturl())
    location = urlsplit(answer.headers["location"])

    assert (location._replace(query="").geturl(), dict(parse_qsl(location.query))) == (
        REDIRECT,
        {"error": "access_denied", "state": application.state, "iss": "http://localhost:8101"},
    )
