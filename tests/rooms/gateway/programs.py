"""Programs of others that the gateway of the tests knows: their configuration, secrets and keys."""

import json
from functools import cache
from pathlib import Path

from joserfc.jwk import ECKey
from protocol import jose
from protocol.encoding import b64u, sha256
from protocol.jose import generate_p256, thumbprint

SECRETS = {"shop": b64u(bytes(31) + b"s"), "clinic": b64u(bytes(31) + b"c"), "old-clinic": b64u(bytes(31) + b"o")}
"""Of programs of profile ``oidc-basic``; the second program has two."""
STEPS_API = "https://steps.example/api"
OTHER_API = "https://other.example/api"
SHOP_REDIRECT = "https://shop.example/callback"
SHOP_GOODBYE = "https://shop.example/goodbye?lang=ja"
CLINIC_REDIRECT = "https://clinic.example/callback"
STEPS_REDIRECT = "https://steps.example/callback"

CONFIGURATION = f"""
[[clients]]
client_id = "shop"
name = "The shop"
profile = "oidc-basic"
redirect_uris = ["{SHOP_REDIRECT}"]
post_logout_redirect_uris = ["{SHOP_GOODBYE}"]
secret_hash_files = ["shop.hash"]
scopes = ["openid", "profile"]
resources = ["{STEPS_API}", "{OTHER_API}"]
[[clients]]
client_id = "clinic"
profile = "oidc-basic"
redirect_uris = ["{CLINIC_REDIRECT}"]
secret_hash_files = ["clinic.hash", "old-clinic.hash"]
serves = ["{OTHER_API}"]
[[clients]]
client_id = "steps"
profile = "fapi2"
redirect_uris = ["{STEPS_REDIRECT}"]
keys_file = "steps.jwks"
grant_types = ["authorization_code", "refresh_token", "client_credentials"]
scopes = ["openid", "steps.read", "steps.write"]
resources = ["{STEPS_API}"]
serves = ["{STEPS_API}"]
[[clients]]
client_id = "night-job"
profile = "fapi2"
keys_file = "steps.jwks"
grant_types = ["client_credentials"]
scopes = ["steps.write"]
resources = ["{STEPS_API}", "{OTHER_API}"]
"""


@cache
def key() -> ECKey:
    """Return the key of the programs of profile ``fapi2``."""
    return generate_p256()


def kid() -> str:
    return b64u(thumbprint(key()))


def write_files(folder: Path) -> None:
    """Write what the configuration names."""
    for name, secret in SECRETS.items():
        file = folder / f"{name}.hash"
        file.touch(mode=0o600)
        file.write_text(b64u(sha256(secret.encode())) + "\n")
    (folder / "steps.jwks").write_text(json.dumps({"keys": [{**jose.public_jwk(key()), "kid": kid(), "alg": "ES256"}]}))
