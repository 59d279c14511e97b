"""Configurations that would be dangerous do not start."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from chassis.app import create_app
from chassis.config import ConfigError, load_config
from gateway import credentials
from gateway.app import SERVICE
from gateway.clients import Client
from gateway.config import GatewayConfig
from gateway.tokens import RsaTokenKey, TokenKey
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from protocol.encoding import b64u
from protocol.jose import generate_p256, public_jwk
from rooms.gateway import programs
from rooms.gateway.house import CLIENT, STAFF_CLIENT, House, deployment_of, idp_at, write_folder
from support.serving import serving
from support.upstream import CLIENT_ID, STAFF_CLIENT_ID

ISSUER = "http://localhost:8100"


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('client_id = "gateway-at-group"', 'client_id = "evidence"', "the client for evidence"),
        (f'issuer = "{ISSUER}"', 'issuer = "http://localhost:8109"', "names no such provider"),
    ],
)
async def test_upstream_fits_the_deployment(tmp_path: Path, shared: House, before: str, after: str, sentence: str) -> None:
    """The provider is one of the deployment's, and the client is not the one for evidence."""
    deployment = deployment_of("http://localhost:8101", "http://localhost:8102", "http://localhost:8103", idp_at(ISSUER))
    file = write_folder(tmp_path / "gateway", deployment, shared.urls)
    file.write_text(file.read_text().replace(before, after))
    with pytest.raises(ConfigError) as error:
        async with serving(create_app(SERVICE, load_config(file, GatewayConfig))):
            pass

    assert sentence in str(error.value)


@pytest.mark.parametrize(
    "uri",
    [
        "http://portal.example/callback",
        "https://portal.example/callback?x=1",
        "https://portal.example",
        "https://u@portal.example/callback",
        "http://127.0.0.1:80/callback",
        "http://localhost/callback",
        "com.example.app:/callback",
    ],
)
def test_redirects_have_one_form(uri: str) -> None:
    """Plain http elsewhere than at loopbacks, ports at loopbacks, queries and user names are not configured."""
    with pytest.raises(ValueError, match="redirect_uris"):
        Client(client_id="app", redirect_uris=(uri,))

    assert Client(client_id="app", redirect_uris=("https://portal.example/callback",)).allows("https://portal.example/callback")
    page = Client(client_id="app", redirect_uris=("http://localhost:8106/signed-in/",))
    assert [page.allows(f"http://localhost:{port}/signed-in/") for port in (8106, 8107)] == [True, False]


APP = {"client_id": "app", "redirect_uris": ["https://app.example/callback"]}
BASIC = {**APP, "profile": "oidc-basic", "secret_hash_files": ["app.hash"]}
FAPI2 = {**APP, "profile": "fapi2", "keys_file": "app.jwks"}
STEPS = "https://steps.example/api"


@pytest.mark.parametrize(
    ("client", "sentence"),
    [
        *[
            ({**BASIC, "resources": [uri]}, "an audience")
            for uri in ("steps", "urn:steps", f"{STEPS}#x", "https://u@steps.example/")
        ],
        ({**BASIC, "serves": [STEPS, "ftp://steps.example/"]}, "an audience"),
        ({**APP, "redirect_uris": []}, "redirect_uris are needed"),
        ({**FAPI2, "grant_types": ["client_credentials"]}, "redirect_uris are needed"),
        ({**BASIC, "post_logout_redirect_uris": ["javascript:alert(1)"]}, "URIs for signing out"),
        ({**BASIC, "backchannel_logout_uri": "/logout"}, "URIs for signing out"),
        ({**BASIC, "secret_hash_files": []}, "secret_hash_files"),
        ({**APP, "secret_hash_files": ["app.hash"]}, "secret_hash_files"),
        ({**FAPI2, "secret_hash_files": ["app.hash"]}, "secret_hash_files"),
        ({**FAPI2, "keys_file": None}, "keys_file"),
        ({**APP, "keys_file": "app.jwks"}, "keys_file"),
        ({**BASIC, "keys_file": "app.jwks"}, "keys_file"),
        ({**APP, "resources": [STEPS]}, "who it is"),
        ({**APP, "serves": [STEPS]}, "who it is"),
        ({**APP, "grant_types": ["authorization_code", "client_credentials"]}, "who it is"),
    ],
)
def test_applications_are_what_their_profile_says(client: dict[str, object], sentence: str) -> None:
    """A secret, a key, an audience or an address that an application of its profile cannot have is no configuration."""
    with pytest.raises(ValueError, match=sentence):
        Client.model_validate(client)

    assert [Client.model_validate(good).profile for good in (APP, BASIC, FAPI2)] == ["app", "oidc-basic", "fapi2"]


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('client_id = "other-app"', f'client_id = "{CLIENT}"', "two clients have the same client_id"),
        ('client_id = "other-app"', f'client_id = "{STAFF_CLIENT}"', "two clients have the same client_id"),
        (f'client_id = "{STAFF_CLIENT_ID}"', f'client_id = "{CLIENT_ID}"', "by a client of its own"),
        (
            "[[clients]]",
            f'[[upstreams]]\nissuer = "{ISSUER}"\nclient_id = "x"\nclient_secret_file = "client"\n[[clients]]',
            "two upstreams have the same issuer",
        ),
        ("[[upstreams]]", '[[upstreams]]\nscopes = ["profile"]', "openid is among the scopes"),
    ],
    ids=["two-of-one-name", "a-member's-and-staff's", "members-and-staff-by-one", "a-provider-twice", "no-openid"],
)
def test_what_contradicts_itself_is_not_loaded(tmp_path: Path, shared: House, before: str, after: str, sentence: str) -> None:
    """Two applications of one name, a provider twice, members and staff by one client: a sentence says what is wrong."""
    deployment = deployment_of("http://localhost:8101", "http://localhost:8102", "http://localhost:8103", idp_at(ISSUER))
    file = write_folder(tmp_path / "gateway", deployment, shared.urls)
    load_config(file, GatewayConfig)
    file.write_text(file.read_text().replace(before, after, 1))
    with pytest.raises(ConfigError, match=sentence):
        load_config(file, GatewayConfig)


def key_sets() -> dict[str, list[Mapping[str, object]]]:
    """Return key sets that are each wrong in one way."""
    good = {**public_jwk(generate_p256()), "kid": "a"}
    curve = ECKey.generate_key("P-384").as_dict(private=False)
    okp = OKPKey.generate_key("X25519").as_dict(private=False)
    secret, pair = OctKey.generate_key(256).as_dict(), generate_p256().as_dict(private=True)
    return {
        "none": [],
        "no-kid": [good, public_jwk(generate_p256())],
        "one-kid-twice": [good, {**public_jwk(generate_p256()), "kid": "a"}],
        "a-private-key": [{**pair, "kid": "b"}],
        "another-curve": [good, {**curve, "kid": "b"}],
        "not-for-signatures": [{**okp, "kid": "b"}],
        "a-shared-secret": [{**secret, "kid": "b"}],
    }


@pytest.mark.parametrize("wrong", key_sets())
def test_keys_of_a_program(tmp_path: Path, wrong: str) -> None:
    """A key set without a key, with one that signs nothing here, a private one, or two of one name stops the start."""
    file = tmp_path / "app.jwks"
    file.write_text(json.dumps({"keys": key_sets()[wrong]}))
    with pytest.raises(ConfigError, match="each with a kid of its own"):
        credentials.read(Client.model_validate({**FAPI2, "keys_file": file}))


@pytest.mark.parametrize("text", ["", b64u(bytes(31)), b64u(bytes(33)), programs.SECRETS["shop"] + "A" * 20])
def test_hash_of_a_secret(tmp_path: Path, text: str) -> None:
    """A file that holds anything but one SHA-256 value is refused, and not quoted."""
    file = tmp_path / "app.hash"
    file.touch(mode=0o600)
    file.write_text(text)
    with pytest.raises(ConfigError) as error:
        credentials.read(Client.model_validate({**BASIC, "secret_hash_files": [file]}))

    assert (str(file) in str(error.value), bool(text) and text in str(error.value)) == (True, False)


NO_TOKEN_KEYS = [
    "no key",
    "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
    generate_p256().as_pem(private=False).decode(),
    ECKey.generate_key("P-384").as_pem(private=True).decode(),
]


@pytest.mark.parametrize("text", NO_TOKEN_KEYS, ids=["no-key", "broken", "public", "another-curve"])
def test_token_key_is_a_key(tmp_path: Path, text: str) -> None:
    """A file that is no P-256 key is refused, without being quoted."""
    file = tmp_path / "token"
    file.touch(mode=0o600)
    file.write_text(text)
    with pytest.raises(ConfigError) as error:
        TokenKey.read(file)

    assert (str(error.value).endswith("P-256 private key, PKCS #8 PEM"), text in str(error.value)) == (True, False)


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_rs256_needs_a_long_key_and_a_program_off_the_shelf(tmp_path: Path, shared: House) -> None:
    """No key is too short, no application waits for a key that is not there, and FAPI 2.0 has no RS256."""
    short = tmp_path / "short"
    short.touch(mode=0o600)
    short.write_text(RSAKey.generate_key(1024).as_pem(private=True).decode())
    with pytest.raises(ConfigError, match="2048 bits"):
        RsaTokenKey.read(short)
    with pytest.raises(ValueError, match="oidc-basic"):
        Client(client_id="app", redirect_uris=("https://app.example/",), id_token_signed_response_alg="RS256")
    deployment = deployment_of("http://localhost:8101", "http://localhost:8102", "http://localhost:8103", idp_at(ISSUER))
    file = write_folder(tmp_path / "gateway", deployment, shared.urls)
    text = file.read_text().replace('client_id = "shop"', 'client_id = "shop"\nid_token_signed_response_alg = "RS256"')
    file.write_text(text)
    loaded = load_config(file, GatewayConfig)
    file.write_text(text.replace('rsa_token_key_file = "rsa-token"\n', ""))
    with pytest.raises(ConfigError, match="rsa_token_key_file"):
        load_config(file, GatewayConfig)

    assert [client.client_id for client in loaded.clients if client.id_algorithm == "RS256"] == ["shop"]


@pytest.mark.parametrize("seconds", [59, 11 * 3600 + 1, 24 * 3600])
def test_sessions_end_within_the_day(tmp_path: Path, shared: House, seconds: int) -> None:
    """A session and the memory of its end together last less than a day."""
    deployment = deployment_of("http://localhost:8101", "http://localhost:8102", "http://localhost:8103", idp_at(ISSUER))
    file = write_folder(tmp_path / "gateway", deployment, shared.urls)
    text = file.read_text()
    file.write_text(f"session_seconds = {seconds}\n{text}")
    with pytest.raises(ConfigError, match="session_seconds") as refused:
        load_config(file, GatewayConfig)
    file.write_text(f"session_seconds = {11 * 3600}\n{text}")

    assert (str(file) in str(refused.value), load_config(file, GatewayConfig).session_seconds) == (True, 11 * 3600)
