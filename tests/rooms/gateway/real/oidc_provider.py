"""npm `oidc-provider`, the one of the local deployment, with a script that makes it err."""

import json
import re
from pathlib import Path
from typing import Any

from local.layout import ROOM
from local.node import node
from rooms.gateway.real.provider import EMPLOYEE, RealProvider, credentials, fresh_key

_SCRIPT = Path(__file__).with_name("oidc-provider.mjs")
_LIBRARY = ROOM / "group-idp" / "node_modules" / "oidc-provider" / "lib" / "index.js"


class OidcProvider(RealProvider):
    """Signs in whoever comes."""

    @property
    def issuer(self) -> str:
        """Its origin."""
        return self.origin

    async def start(self) -> None:
        """Start the script."""
        client = {
            **credentials(),
            "redirect_uris": [self.redirect_uri],
            "response_types": ["code"],
            "grant_types": ["authorization_code"],
            "token_endpoint_auth_method": "client_secret_basic",
            "id_token_signed_response_alg": "ES256",
            "backchannel_logout_uri": self.logout_uri,
            "backchannel_logout_session_required": True,
        }
        jwks = {"keys": [key.as_dict(private=True) for key in self.keys]}
        config = {"issuer": self.issuer, "clients": [client], "jwks": jwks, "account": EMPLOYEE}
        command = [str(node()), str(_SCRIPT), _LIBRARY.as_uri(), json.dumps(config)]
        await self.run(command, f"{self.origin}/.well-known/openid-configuration")

    async def rotate(self, *, keep: bool) -> None:
        """Start it again with other keys; its sessions are gone, as it keeps them in memory."""
        self.stop()
        self.keys = [fresh_key(), *(self.keys[:1] if keep else [])]
        await self.start()

    async def err(self, **changes: Any) -> None:
        """Let it mis-issue ID tokens: ``header`` and ``claims``."""
        assert (await self.browser.post(f"{self.origin}/err", json=changes)).status_code == 204

    async def sign_in(self, location: str) -> str:
        """Follow its redirects; nobody is asked anything."""
        return await self.follow(location)

    async def sign_out(self, id_token_sid: str) -> None:
        """Confirm its sign-out page."""
        assert id_token_sid
        page = await self.browser.get(f"{self.origin}/session/end")
        found = re.search(r'name="xsrf" value="([^"]+)"', page.text)
        assert found is not None, page.text
        answer = await self.browser.post(f"{self.origin}/session/end/confirm", data={"xsrf": found[1], "logout": "yes"})
        assert answer.status_code in (200, 302, 303), answer.text
