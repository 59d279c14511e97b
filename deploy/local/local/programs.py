"""Programs of others as clients of the gateway: the example that runs, and a sandbox for whoever tries to connect one."""

import json
from collections.abc import Sequence
from pathlib import Path

from joserfc.jwk import ECKey
from protocol.encoding import b64u, sha256

from local.layout import Layout
from local.secrets import encode, keep_secret, private_folder, write_private

EXAMPLE = "example-program"
EXAMPLE_PORT = 8
"""Above the base port."""
SANDBOX = "sandbox"
SANDBOX_REDIRECTS = ("http://127.0.0.1:3000/callback", "http://127.0.0.1:8080/callback", "http://127.0.0.1:9000/callback")
"""Where programs on the same machine may listen."""

SANDBOX_FAPI2 = "sandbox-fapi2"
"""The same for a program of profile ``fapi2``, which may also call an API."""
JOB = "sandbox-job"
"""A program without people, of profile ``fapi2``."""
JOB_RESOURCE = "https://steps.example/api"


def hold(layout: Layout) -> None:
    """Make the programs' secrets once, the hashes that the gateway keeps of them, and the example's configuration."""
    folder = private_folder(layout.home / "programs")
    for name in (EXAMPLE, SANDBOX):
        secret = encode(keep_secret(secret_file(layout, name)))
        write_private(_hash_file(layout, name), b64u(sha256(secret.encode())))
    for name in (SANDBOX_FAPI2, JOB):
        _hold_key(layout, name)
    known = {
        "origin": example_origin(layout),
        "port": layout.port(EXAMPLE_PORT),
        "issuer": layout.origin("gateway"),
        "client_id": EXAMPLE,
        "client_secret_file": str(secret_file(layout, EXAMPLE)),
    }
    write_private(folder / "example.json", json.dumps(known, indent=2))


def clients(layout: Layout) -> list[dict[str, str | Sequence[str]]]:
    """Return the programs as tables of the gateway's configuration."""
    example = example_origin(layout)
    return [
        {
            "client_id": EXAMPLE,
            "name": "Example program",
            "profile": "oidc-basic",
            "redirect_uris": [f"{example}/callback"],
            "post_logout_redirect_uris": [f"{example}/"],
            "backchannel_logout_uri": f"{example}/backchannel-logout",
            "serves": [f"{example}/api"],
            "secret_hash_files": [f"secrets/{EXAMPLE}.hash"],
        },
        {
            "client_id": SANDBOX,
            "name": "Sandbox",
            "profile": "oidc-basic",
            "redirect_uris": list(SANDBOX_REDIRECTS),
            "post_logout_redirect_uris": [uri.removesuffix("callback") for uri in SANDBOX_REDIRECTS],
            "secret_hash_files": [f"secrets/{SANDBOX}.hash"],
            "resources": [f"{example}/api"],
        },
        {
            "client_id": SANDBOX_FAPI2,
            "name": "Sandbox with a key",
            "profile": "fapi2",
            "redirect_uris": list(SANDBOX_REDIRECTS),
            "post_logout_redirect_uris": [uri.removesuffix("callback") for uri in SANDBOX_REDIRECTS],
            "scopes": ["steps.write"],
            "resources": [JOB_RESOURCE],
            "keys_file": f"secrets/{SANDBOX_FAPI2}.jwks",
        },
        {
            "client_id": JOB,
            "name": "Sandbox without people",
            "profile": "fapi2",
            "grant_types": ["client_credentials"],
            "scopes": ["steps.write"],
            "resources": [JOB_RESOURCE],
            "keys_file": f"secrets/{JOB}.jwks",
        },
    ]


def example_origin(layout: Layout) -> str:
    """Return where the example's page is."""
    return f"http://127.0.0.1:{layout.port(EXAMPLE_PORT)}"


def example_config(layout: Layout) -> Path:
    """Return what the example is started with."""
    return layout.home / "programs" / "example.json"


def secret_file(layout: Layout, client_id: str) -> Path:
    """Return the file of a program's own secret."""
    return layout.home / "programs" / f"{client_id}.secret"


def key_file(layout: Layout, client_id: str) -> Path:
    """Return the file of the private key of a program of profile ``fapi2``: a JWK."""
    return layout.home / "programs" / f"{client_id}.jwk"


def _hold_key(layout: Layout, client_id: str) -> None:
    file = key_file(layout, client_id)
    if not file.exists():
        write_private(file, json.dumps(ECKey.generate_key("P-256", auto_kid=True).as_dict(private=True)))
    public = ECKey.import_key(json.loads(file.read_text(encoding="utf-8"))).as_dict(private=False)
    write_private(layout.host("gateway").secrets / f"{client_id}.jwks", json.dumps({"keys": [public]}))


def _hash_file(layout: Layout, client_id: str) -> Path:
    return layout.host("gateway").secrets / f"{client_id}.hash"
