"""Debian's `glewlwyd`, an identity provider in C, set up by its own administration."""

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any, Self

import httpx
import pytest
from local import debian
from local.errors import StepFailed
from rooms.gateway.real.provider import EMPLOYEE, RealProvider, credentials, fresh_key

_SCHEMA = Path("/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3")
_PASSPHRASE = "fictional-passphrase"


def required() -> str:
    """Return the program, installed where this process may; skip the test, saying why, where it cannot be had."""
    if shutil.which("glewlwyd") is None:
        if not debian.may_install():
            pytest.skip("glewlwyd is not installed, and only root can install it with apt")
        try:
            debian.install("glewlwyd")
        except StepFailed as error:
            pytest.skip(f"glewlwyd cannot be installed here: {error}")
    found = shutil.which("glewlwyd")
    if found is None or not _SCHEMA.exists():
        pytest.skip("the package glewlwyd of this machine is another than Debian's")
    return found


class Glewlwyd(RealProvider):
    """One plugin ``oidc``, one client, one person."""

    @property
    def issuer(self) -> str:
        """Of the plugin."""
        return f"{self.origin}/api/oidc"

    async def start(self) -> None:
        """Start it on an empty database and set it up."""
        program = required()
        database = self.folder / "glewlwyd.sqlite"
        with sqlite3.connect(database) as connection:
            connection.executescript(_SCHEMA.read_text())
        config = self.folder / "glewlwyd.conf"
        config.write_text(_configuration(self.origin, database))
        await self.run([program, f"--config-file={config}"], f"{self.origin}/config")
        async with self._admin() as admin:
            await _done(admin.post("/api/mod/plugin/", json=self._plugin()))
            # It looks for the secret in `password`, and for what else it needs of a client in texts.
            client = {
                **credentials(),
                "password": credentials()["client_secret"],
                "confidential": True,
                "enabled": True,
                "redirect_uri": [self.redirect_uri],
                "authorization_type": ["code"],
                "token_endpoint_auth_method": ["client_secret_basic"],
                "backchannel_logout_uri": self.logout_uri,
                "backchannel_logout_session_required": "true",
                "scope": [],
            }
            await _done(admin.post("/api/client/", json=client))
            person = {"username": EMPLOYEE.lower(), "password": _PASSPHRASE, "enabled": True, "scope": ["openid"]}
            await _done(admin.post("/api/user/", json=person))

    async def rotate(self, *, keep: bool) -> None:
        """Change the plugin's keys while it runs."""
        self.keys = [fresh_key(), *(self.keys[:1] if keep else [])]
        async with self._admin() as admin:
            await _done(admin.put("/api/mod/plugin/oidc", json=self._plugin()))
            await _done(admin.put("/api/mod/plugin/oidc/reset"))

    async def sign_in(self, location: str) -> str:
        """Do what its page does: sign in, agree, go on."""
        who = {"username": EMPLOYEE.lower(), "password": _PASSPHRASE}
        await _done(self.browser.post(f"{self.origin}/api/auth/", json=who))
        grant = f"{self.origin}/api/auth/grant/{credentials()['client_id']}"
        await _done(self.browser.put(grant, json={"scope": "openid"}))
        return await self.follow(location + "&g_continue")

    async def sign_out(self, id_token_sid: str) -> None:
        """End the session that an ID token named."""
        await _done(self.browser.delete(f"{self.issuer}/session/{id_token_sid}/"))

    def _plugin(self) -> dict[str, Any]:
        parameters = {
            "iss": self.issuer,
            "jwks-private": json.dumps({"keys": [key.as_dict(private=True) for key in self.keys]}),
            "jwks-show": True,
            "jwt-type": "ecdsa",
            "jwt-key-size": "256",
            "access-token-duration": 300,
            "refresh-token-duration": 600,
            "code-duration": 60,
            "auth-type-code-enabled": True,
            "auth-type-refresh-enabled": False,
            "pkce-allowed": True,
            "pkce-required": True,
            "subject-type": "public",
            "oauth-as-iss-id": True,
            "session-management-allowed": True,
            "back-channel-logout-allowed": True,
            "session-cookie-name": "GLEWLWYD2_OIDC_SID",
            "session-cookie-expiration": 3600,
        }
        named = {"module": "oidc", "name": "oidc", "display_name": "oidc", "order_rank": 0, "enabled": True}
        return {**named, "parameters": parameters}

    def _admin(self) -> "_Admin":
        return _Admin(base_url=self.origin, timeout=10)


class _Admin(httpx.AsyncClient):
    """Its administrator, with the passphrase that its package sets."""

    async def __aenter__(self) -> Self:
        """Sign in."""
        await super().__aenter__()
        await _done(self.post("/api/auth/", json={"username": "admin", "password": "password"}))
        return self


async def _done(request: Any) -> None:
    answer: httpx.Response = await request
    assert answer.status_code == 200, answer.text


def _configuration(origin: str, database: Path) -> str:
    port = origin.rpartition(":")[2]
    return f"""
port={port}
bind_address="127.0.0.1"
external_url="{origin}"
login_url="login.html"
api_prefix="api"
allow_origin="*"
log_mode="console"
log_level="WARNING"
cookie_secure=0
session_key="GLEWLWYD2_SESSION_ID"
session_expiration=3600
admin_session_authentication="cookie"
profile_session_authentication="cookie"
login_api_enabled=true
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path="/usr/lib/glewlwyd/user"
client_module_path="/usr/lib/glewlwyd/client"
user_auth_scheme_module_path="/usr/lib/glewlwyd/scheme"
plugin_module_path="/usr/lib/glewlwyd/plugin"
use_secure_connection=false
secure_connection_key_file="/etc/glewlwyd/cert.key"
secure_connection_pem_file="/etc/glewlwyd/cert.pem"
secure_connection_ca_file="/etc/glewlwyd/ca.crt"
hash_algorithm="SHA512"
database = {{ type = "sqlite3"; path = "{database}"; }};
"""
