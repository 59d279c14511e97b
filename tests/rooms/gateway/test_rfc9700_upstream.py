"""The gateway as relying party, attacked as RFC 9700 says, section by section.

Mix-up (4.4) is in test_providers, access token injection (4.6) in test_rp_basic.
"""

import hmac
import json
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from protocol.encoding import b64u
from protocol.jose import generate_p256, public_jwk
from rooms.gateway.application import REDIRECT, Application
from rooms.gateway.house import House


def changed(location: str, **changes: str | None) -> str:
    """Return a provider's answer with other parameters; None takes one away."""
    parts = urlsplit(location)
    said = {**dict(parse_qsl(parts.query)), **changes}
    return parts._replace(query=urlencode({name: value for name, value in said.items() if value is not None})).geturl()


async def test_4_2_nothing_leaks_by_referrer(shared: House) -> None:
    """Redirects and pages name no referrer, load nothing, and are kept nowhere."""
    application = Application(shared)
    location = await application.returned()
    answers = [await application.come_back(changed(location, state="x")), await application.come_back(location)]

    assert {answer.headers["referrer-policy"] for answer in answers} == {"no-referrer"}
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}
    assert all(tag not in answers[0].text for tag in ("<script", "<img", "<link", "<iframe", "url("))


@pytest.mark.parametrize("checks", [True, False])
async def test_4_5_code_injection(house: House, checks: bool) -> None:
    """A code of somebody else's sign-in in one's own answer signs nobody in: by PKCE, and without it by the nonce."""
    house.upstream.checks_pkce = checks
    victim, attacker = Application(house), Application(house)
    stolen = dict(parse_qsl(urlsplit(await victim.returned()).query))["code"]
    answer = await attacker.come_back(changed(await attacker.returned(), code=stolen))

    assert (answer.status_code, house.upstream.redeemed) == (400, 0 if checks else 1)
    assert await house.sql("SELECT 1 FROM authorization_attempt WHERE ref IS NOT NULL") == []


async def test_4_7_csrf_of_the_answer(house: House) -> None:
    """An attacker's own answer, opened in the victim's browser, signs the victim in as nobody."""
    victim, attacker = Application(house), Application(house)
    await victim.returned()
    location = await attacker.returned()
    statuses = [(await victim.come_back(location, cookie)).status_code for cookie in (victim.cookie, "", attacker.cookie)]

    assert statuses == [400, 400, 303]


@pytest.mark.parametrize("state", [None, "", "x", "A" * 43, "A" * 2000])
async def test_4_7_state_is_needed(shared: House, state: str | None) -> None:
    """Without the state that was given there is no answer."""
    application = Application(shared)
    answer = await application.come_back(changed(await application.returned(), state=state))

    assert (answer.status_code, "location" in answer.headers) == (400, False)


async def test_4_7_session_fixation(shared: House) -> None:
    """The cookie that a browser brings is never the one that counts, before and after signing in."""
    application = Application(shared)
    request_uri = (await application.push()).json()["request_uri"]
    fixed = "B" * 43
    headers = {"Cookie": f"warifu_gateway_flow={fixed}; warifu_gateway_session={fixed}"}
    asked = {"client_id": "warifu-cli", "request_uri": request_uri}
    sent = await shared.client.get("/authorize", params=asked, headers=headers)

    assert fixed not in str(sent.headers.get_list("set-cookie"))
    assert (
        await application.come_back(await application.at_provider(sent.headers["location"]), headers["Cookie"])
    ).status_code == 400


async def test_4_8_pkce_downgrade(shared: House) -> None:
    """The provider is always asked for S256, whatever it says that it can."""
    shared.upstream.metadata = {"code_challenge_methods_supported": ["plain"]}
    application = Application(shared)
    location = (await application.authorize((await application.push()).json()["request_uri"])).headers["location"]
    shared.upstream.metadata = {}
    asked = parse_qs(urlsplit(location).query)

    assert (asked["code_challenge_method"], len(asked["code_challenge"][0])) == (["S256"], 43)


@pytest.mark.parametrize(
    "said",
    [
        {"code": None, "error": "https://evil.example/"},
        {"code": None, "error": "login_required", "error_uri": "https://evil.example/"},
        {"redirect_uri": "https://evil.example/", "return_to": "https://evil.example/", "next": "//evil.example"},
    ],
)
async def test_4_11_open_redirect(shared: House, said: dict[str, str | None]) -> None:
    """Whatever the answer says, the browser goes to the registered redirect URI alone."""
    application = Application(shared)
    answer = await application.come_back(changed(await application.returned(), **said))

    assert (answer.headers["location"].split("?")[0], "evil" in answer.headers["location"]) == (REDIRECT, False)


async def test_4_12_redirects_do_not_repeat_a_post(shared: House) -> None:
    """Redirects are 303, so that no browser sends again what it sent."""
    application = Application(shared)
    sent = await application.authorize((await application.push()).json()["request_uri"])
    answer = await application.come_back(await application.at_provider(sent.headers["location"]))

    assert (sent.status_code, answer.status_code) == (303, 303)


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded"])
async def test_4_13_proxy_headers(shared: House, header: str) -> None:
    """Where the provider sends the browser back to comes from the configuration, never from a header."""
    application = Application(shared)
    asked = {"client_id": "warifu-cli", "request_uri": (await application.push()).json()["request_uri"]}
    sent = await shared.client.get("/authorize", params=asked, headers={header: "evil.example"})

    assert parse_qs(urlsplit(sent.headers["location"]).query)["redirect_uri"] == ["http://localhost:8101/upstream/group/callback"]


async def test_4_16_clickjacking(shared: House) -> None:
    """No page is shown in a frame."""
    page = await shared.client.get("/upstream/group/callback?state=x")

    assert (page.headers["x-frame-options"], "frame-ancestors 'none'" in page.headers["content-security-policy"]) == ("DENY", True)


def forged(house: House, header: dict[str, Any], secret: bytes) -> str:
    """Return an ID token whose signature is an HMAC."""
    payload = house.upstream.id_token({"client_id": "gateway-at-group", "nonce": "n"}).split(".")[1]
    said = f"{b64u(json.dumps(header).encode())}.{payload}"
    return f"{said}.{b64u(hmac.digest(secret, said.encode(), 'sha256'))}"


async def test_rfc_8725_key_confusion(house: House) -> None:
    """The public key is no shared secret, and a key that a token brings along verifies nothing."""
    pem = house.upstream.key.as_pem(private=False)
    own = generate_p256()
    house.upstream.raw_id_token = forged(house, {"alg": "HS256", "kid": house.upstream.kid}, pem)
    application = Application(house)
    confused = (await application.come_back(await application.returned())).status_code
    house.upstream.raw_id_token = None
    house.upstream.signing_key = own
    brought = []
    for header in (
        {"jwk": public_jwk(own)},
        {"jku": "https://evil.example/keys"},
        {"kid": "' OR 1=1 --"},
        {"kid": "../../etc/passwd"},
    ):
        house.upstream.header = header
        application = Application(house)
        brought.append((await application.come_back(await application.returned())).status_code)

    assert (confused, brought) == (400, [400, 400, 400, 400])
