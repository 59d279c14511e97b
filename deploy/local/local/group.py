"""Secrets and configuration of the corporate group's identity provider (the customer's, not one of the five hosts)."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from joserfc.jwk import ECKey

from local.layout import Layout
from local.secrets import encode, keep_secret, private_folder, write_private

GATEWAY_CLIENT = "warifu-gateway"
EVIDENCE_CLIENT = "warifu-evidence"
PROVIDER_NAME = "group"
"""What the deployment description calls it."""
EMPLOYEE_CLAIM = "employee_number"
"""What the provider's ID tokens say besides the subject; the insurer knows it of each employee."""
DEMO_PASSPHRASE = "demo-passphrase"  # noqa: S105  fictional accounts, said openly at the terminal


def hold(layout: Layout) -> None:
    """Make the provider's keys once, and its configuration anew."""
    folder = private_folder(layout.group_idp)
    keep_secret(folder / "subject")
    # Its own copy of a secret that two parties know: the gateway has one too.
    shared = encode(keep_secret(layout.host("gateway").secrets / "group_client"))
    write_private(folder / "gateway_client", shared)
    if not (folder / "jwks.json").exists():
        key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
        write_private(folder / "jwks.json", json.dumps({"keys": [key.as_dict(private=True)]}))
    if not layout.group_accounts.exists():
        write_accounts(layout, [])
    write_private(folder / "provider.json", json.dumps(_configuration(layout), indent=2))


def write_accounts(layout: Layout, accounts: Iterable[Mapping[str, str]]) -> None:
    """Replace who can sign in: {work_id, name, passphrase?}; without one DEMO_PASSPHRASE counts. Read again when changed."""
    write_private(layout.group_accounts, json.dumps(list(accounts), ensure_ascii=False))


def config_file(layout: Layout) -> Path:
    """Return what provider.mjs is started with."""
    return layout.group_idp / "provider.json"


def _configuration(layout: Layout) -> dict[str, object]:
    folder = layout.group_idp
    return {
        "issuer": layout.group_issuer,
        "accounts": str(layout.group_accounts),
        "passphrase": DEMO_PASSPHRASE,
        "jwks": str(folder / "jwks.json"),
        "subject_secret": str(folder / "subject"),
        "gateway_client": {
            "id": GATEWAY_CLIENT,
            "secret": str(folder / "gateway_client"),
            "redirect_uris": [f"{layout.origin('gateway')}/upstream/{PROVIDER_NAME}/callback"],
        },
        "evidence_client": {
            "id": EVIDENCE_CLIENT,
            "redirect_uris": ["http://127.0.0.1/callback"],
        },
    }
