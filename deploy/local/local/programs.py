"""Programs of others as clients of the gateway: the example that runs, and a sandbox for whoever tries to connect one."""

import json
from collections.abc import Sequence
from pathlib import Path

from protocol.encoding import b64u, sha256

from local.layout import Layout
from local.secrets import encode, keep_secret, private_folder, write_private

EXAMPLE = "example-program"
EXAMPLE_PORT = 8
"""Above the base port."""
SANDBOX = "sandbox"
SANDBOX_REDIRECTS = ("http://127.0.0.1:3000/callback", "http://127.0.0.1:8080/callback", "http://127.0.0.1:9000/callback")
"""Where programs on the same machine may listen."""


def hold(layout: Layout) -> None:
    """Make the programs' secrets once, the hashes that the gateway keeps of them, and the example's configuration."""
    folder = private_folder(layout.home / "programs")
    for name in (EXAMPLE, SANDBOX):
        secret = encode(keep_secret(secret_file(layout, name)))
        write_private(_hash_file(layout, name), b64u(sha256(secret.encode())))
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
            "secret_hash_files": [f"secrets/{EXAMPLE}.hash"],
        },
        {
            "client_id": SANDBOX,
            "name": "Sandbox",
            "profile": "oidc-basic",
            "redirect_uris": list(SANDBOX_REDIRECTS),
            "post_logout_redirect_uris": [uri.removesuffix("callback") for uri in SANDBOX_REDIRECTS],
            "secret_hash_files": [f"secrets/{SANDBOX}.hash"],
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


def _hash_file(layout: Layout, client_id: str) -> Path:
    return layout.host("gateway").secrets / f"{client_id}.hash"
