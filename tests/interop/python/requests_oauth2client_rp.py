"""A relying party on PyPI `requests-oauth2client`: PAR, PKCE, DPoP, RFC 9207, refresh; then a code that comes twice.

Run by its own Python. Reads what `openid-client.mjs` reads, and says the same.
"""

import json
import sys
from typing import Any

from requests_oauth2client import (  # type: ignore[import-not-found]  # not among this project's own packages
    DPoPKey,
    OAuth2Client,
    OAuth2Error,
    PrivateKeyJwt,
    PublicApp,
)


def main() -> None:
    asked = json.loads(sys.stdin.readline())
    key, client_id = asked["key"], asked["client_id"]
    auth = PrivateKeyJwt(client_id, key, alg="ES256", aud=asked["issuer"]) if key else PublicApp(client_id)
    client = OAuth2Client.from_discovery_endpoint(
        issuer=asked["issuer"],
        auth=auth,
        redirect_uri=asked["redirect_uri"],
        dpop_bound_access_tokens=True,
        id_token_signed_response_alg="ES256",
        testing=True,
    )
    request = client.authorization_request(scope=asked["scope"], resource=asked["resources"], **asked["extra"])
    pushed = client.pushed_authorization_request(request)
    print(json.dumps({"url": str(pushed)}), flush=True)
    answer = request.validate_callback(sys.stdin.readline().strip())
    # It loses the DPoP key where it also checks the ID token, which the other clients here do.
    tokens = client.authorization_code(answer, validate=False, resource=asked["userinfo"])
    refreshed = client.refresh_token(tokens, resource=asked["userinfo"])
    again = client.refresh_token(tokens, resource=asked["userinfo"])

    def stolen() -> None:
        client.token_request(
            {"grant_type": "refresh_token", "refresh_token": tokens.refresh_token, "resource": asked["userinfo"]},
            dpop=True,
            dpop_key=DPoPKey.generate("ES256"),
        )

    said = {
        "token_type": tokens.token_type.lower(),
        "sub": bool(tokens.id_token),
        "refreshed": len({str(each.access_token) for each in (tokens, refreshed, again)}) == 3,
        "stolen": refusal(stolen),
        "replayed": refusal(lambda: client.authorization_code(answer, validate=False, resource=asked["userinfo"])),
        "dead": refusal(lambda: client.refresh_token(tokens, resource=asked["userinfo"])),
    }
    print(json.dumps(said), flush=True)


def refusal(work: Any) -> str | None:
    try:
        work()
    except OAuth2Error as error:
        return str(error.error)
    return None


main()
