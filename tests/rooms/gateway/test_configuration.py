"""Configurations that would be dangerous do not start."""

from pathlib import Path

import pytest
from chassis.app import create_app
from chassis.config import ConfigError, load_config
from gateway.app import SERVICE
from gateway.clients import Client
from gateway.config import GatewayConfig
from gateway.tokens import RsaTokenKey, TokenKey
from joserfc.jwk import RSAKey
from rooms.gateway.house import House, deployment_of, idp_at, write_folder
from support.serving import serving

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


@pytest.mark.parametrize("text", ["no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"])
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
