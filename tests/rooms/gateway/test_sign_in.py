"""The whole way: pushed request, provider, code, tokens for three audiences."""

from authority.store.tables import metadata as authority_tables
from chassis.database import drift
from gateway.store.tables import METADATA
from joserfc.jwk import ECKey, KeySet
from protocol import jose
from protocol.access_token import AccessToken
from protocol.names import AUTHORITIES
from rooms.gateway.application import REDIRECT, Application
from rooms.gateway.house import CLIENT, House


async def keys(house: House) -> KeySet:
    return KeySet.import_key_set((await house.client.get("/jwks")).json())


async def test_answer_names_the_issuer(house: House) -> None:
    """The application receives a code, its own state and the issuer (RFC 9207)."""
    application = Application(house)
    answer = await application.answered()

    assert (set(answer), answer["state"], answer["iss"]) == ({"code", "state", "iss"}, application.state, "http://localhost:8101")


async def test_code_gives_tokens(house: House) -> None:
    """A code gives a DPoP-bound access token for the gateway, a refresh token and an ID token."""
    answer = await Application(house).sign_in()

    assert (sorted(answer), answer["token_type"], answer["expires_in"]) == (
        ["access_token", "expires_in", "id_token", "refresh_token", "scope", "token_type"],
        "DPoP",
        300,
    )


async def test_each_audience_has_its_own_reference(house: House) -> None:
    """Tokens for the three authorities name the member by the reference that each knows, and by unrelated session ids."""
    application = Application(house)
    answer = await application.sign_in()
    key_set, tokens = await keys(house), []
    for host in AUTHORITIES:
        fresh = (await application.refresh(answer["refresh_token"], resource=house.origin(host))).json()["access_token"]
        tokens.append(AccessToken.decode(fresh, key_set, house.origin("gateway"), house.origin(host), house.clock.timestamp()))

    assert [token.ref for token in tokens] == [house.member.gateway, house.member.keyvault, house.member.identity]
    assert {(token.jkt, token.client_id) for token in tokens} == {(jose.thumbprint(application.key), CLIENT)}
    assert len({token.sid for token in tokens}) == 3


async def test_id_token_is_pairwise(house: House) -> None:
    """The ID token is for this application, carries its nonce, and names nobody by a reference or employee number."""
    application = Application(house)
    answer = await application.sign_in()
    claims = jose.verify(answer["id_token"], await keys(house), "jwt")

    assert (sorted(claims), claims["aud"], claims["nonce"], len(claims["sub"])) == (
        ["acr", "at_hash", "aud", "exp", "iat", "iss", "nonce", "sid", "sub"],
        CLIENT,
        application.nonce,
        43,
    )


async def test_refresh_token_stays_the_same(house: House) -> None:
    """A refresh token is not rotated: a lost answer costs nobody the session."""
    application = Application(house)
    answer = await application.sign_in()
    statuses = [(await application.refresh(answer["refresh_token"])).status_code for _ in range(3)]

    assert statuses == [200, 200, 200]


async def test_metadata_serves_both_discoveries(house: House) -> None:
    """OpenID Connect discovery and RFC 8414 find the same document."""
    names = ("openid-configuration", "oauth-authorization-server")
    openid, oauth = [(await house.client.get(f"/.well-known/{name}")).json() for name in names]

    assert (openid == oauth, openid["subject_types_supported"], openid["code_challenge_methods_supported"]) == (
        True,
        ["pairwise"],
        ["S256"],
    )


async def test_keys_may_be_kept_for_a_while(house: House) -> None:
    """The key set is public, cacheable for five minutes, and its key is named by its thumbprint."""
    answer = await house.client.get("/jwks")
    key = answer.json()["keys"][0]

    assert (answer.headers["cache-control"], sorted(key), key["kid"]) == (
        "max-age=300",
        ["alg", "crv", "kid", "kty", "use", "x", "y"],
        ECKey.import_key({name: key[name] for name in ("kty", "crv", "x", "y")}).thumbprint(),
    )


async def test_redirects_are_not_kept_and_name_no_referrer(house: House) -> None:
    """Redirects are 303, uncached and without referrer; the cookie is for the callback alone."""
    application = Application(house)
    sent = await application.authorize((await application.push()).json()["request_uri"])
    cookie = sent.headers["set-cookie"].lower()

    assert (sent.status_code, sent.headers["cache-control"], sent.headers["referrer-policy"]) == (303, "no-store", "no-referrer")
    assert all(part in cookie for part in ("httponly", "samesite=lax", "path=/upstream/group/callback", "max-age=600"))


async def test_tables_are_as_the_code_says(house: House) -> None:
    """The migrations make the tables that the stores write."""
    assert await drift(house.app.state.db, METADATA, authority_tables) == []


async def test_loopback_port_is_the_applications_choice(house: House) -> None:
    """The code goes to the very port that the application pushed."""
    application = Application(house)
    answer = await application.come_back(await application.returned())

    assert answer.headers["location"].split("?")[0] == REDIRECT
