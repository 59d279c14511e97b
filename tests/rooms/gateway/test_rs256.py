"""Programs that know RS256 alone (OpenID Connect Core 1.0 section 15.1), beside all others."""

import pytest
from joserfc.jwk import KeySet, RSAKey
from protocol import jose
from protocol.access_token import TYP
from rooms.gateway.house import House
from rooms.gateway.program import Browser, Program


@pytest.fixture
def rsa_house(house: House) -> House:
    """Let the shop know RS256 alone."""
    clients = house.app.state.gateway.clients
    clients["shop"] = clients["shop"].model_copy(update={"id_algorithm": "RS256"})
    return house


async def published(house: House, kind: str) -> KeySet:
    keys = (await house.client.get("/jwks")).json()["keys"]
    return KeySet.import_key_set({"keys": [jwk for jwk in keys if jwk["kty"] == kind]})


async def test_each_program_has_its_algorithm(rsa_house: House) -> None:
    """The ID token of one is signed by RSA, that of another and all access tokens are not; discovery names both."""
    browser = Browser(rsa_house)
    shop, clinic = await Program(rsa_house).sign_in(browser), await Program(rsa_house, "clinic").sign_in(browser)
    metadata = (await rsa_house.client.get("/.well-known/openid-configuration")).json()
    claims = jose.verify(shop["id_token"], await published(rsa_house, "RSA"), "jwt", (jose.RS256,))
    elliptic = await published(rsa_house, "EC")

    assert metadata["id_token_signing_alg_values_supported"] == ["ES256", "RS256"]
    assert (claims["aud"], claims["at_hash"]) == ("shop", jose.peek_claims(shop["id_token"])["at_hash"])
    assert jose.verify(clinic["id_token"], elliptic, "jwt")["aud"] == "clinic"
    assert jose.verify(shop["access_token"], elliptic, TYP)["client_id"] == "shop"


async def test_its_id_token_is_a_hint(rsa_house: House) -> None:
    """Signing out and silent requests take it as they take any other; one of the other algorithm's name is refused."""
    browser, shop = Browser(rsa_house), Program(rsa_house)
    token = (await shop.sign_in(browser))["id_token"]
    silent = await shop.answered(browser, prompt="none", id_token_hint=token)
    forged = jose.sign("JWT", jose.peek_claims(token), RSAKey.generate_key(2048), alg=jose.RS256)
    asked = await browser.go("GET", "/logout", params={"id_token_hint": forged})
    before = (await rsa_house.sql("SELECT count(*) FROM browser_session"))[0][0]
    await browser.go("GET", "/logout", params={"id_token_hint": token})
    after = (await rsa_house.sql("SELECT count(*) FROM browser_session"))[0][0]

    assert ("code" in silent, "confirm" in asked.text, before, after) == (True, True, 1, 0)


async def test_its_key_signs_no_access_token(rsa_house: House) -> None:
    """RS256 is for what programs are told of a sign-in: what is shown to hosts is ES256 alone."""
    shop = Program(rsa_house)
    token = (await shop.sign_in(Browser(rsa_house)))["access_token"]
    keys = rsa_house.app.state.gateway.rsa_keys
    other = jose.sign(TYP, jose.peek_claims(token), keys.current.key, alg=jose.RS256, kid=keys.current.kid)

    assert [(await shop.userinfo(each)).status_code for each in (token, other)] == [200, 401]


async def test_logout_token_has_its_algorithm(rsa_house: House) -> None:
    """A library checks a logout token as it checks an ID token (Back-Channel Logout 1.0 section 2.6); authorities do not change."""
    gateway = rsa_house.app.state.gateway
    signers = [gateway.signer(gateway.clients.get(name)).algorithm for name in ("shop", "clinic", "keyvault")]

    assert signers == ["RS256", "ES256", "ES256"]
