"""A relying party on PyPI `Authlib`: PKCE, client_secret_basic, ID token, userinfo, refresh; then a code that comes twice.

Run by its own Python. Reads what `openid-client.mjs` reads, and a secret; the key and the resources are not for its profile.
"""

import json
import os
import secrets
import sys
from typing import Any

# The gateway of the tests listens on a loopback address, without TLS; Authlib would refuse that.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.integrations.requests_client import OAuth2Session  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.jwk import KeySet


def main() -> None:
    asked = json.loads(sys.stdin.readline())
    server = requests.get(asked["issuer"] + "/.well-known/openid-configuration", timeout=30).json()
    session = OAuth2Session(
        asked["client_id"],
        asked["secret"],
        token_endpoint_auth_method="client_secret_basic",
        scope=asked["scope"],
        redirect_uri=asked["redirect_uri"],
        code_challenge_method="S256",
        token_endpoint=server["token_endpoint"],
    )
    nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    url, _ = session.create_authorization_url(
        server["authorization_endpoint"], nonce=nonce, code_verifier=verifier, **asked["extra"]
    )
    print(json.dumps({"url": url}), flush=True)
    answer = sys.stdin.readline().strip()

    def redeem() -> Any:
        return session.fetch_token(server["token_endpoint"], authorization_response=answer, code_verifier=verifier)

    tokens = dict(redeem())
    keys = KeySet.import_key_set(requests.get(server["jwks_uri"], timeout=30).json())
    claims = jwt.decode(tokens["id_token"], keys, algorithms=["ES256"]).claims
    about = session.get(asked["userinfo"], timeout=30).json()
    refreshed = dict(session.refresh_token(server["token_endpoint"], refresh_token=tokens["refresh_token"]))
    said = {
        "token_type": tokens["token_type"].lower(),
        "sub": claims["sub"] == about["sub"],
        "ours": (claims["iss"], claims["aud"], claims["nonce"]) == (asked["issuer"], asked["client_id"], nonce),
        "refreshed": refreshed["access_token"] != tokens["access_token"],
        "replayed": refusal(redeem),
        "dead": refusal(lambda: session.refresh_token(server["token_endpoint"], refresh_token=tokens["refresh_token"])),
    }
    print(json.dumps(said), flush=True)


def refusal(work: Any) -> str | None:
    try:
        work()
    except AuthlibBaseError as error:
        return str(error.error)
    return None


main()
